"""Say where an outcome is met: run as a program, for the packages that lie beside it, it prints the places."""

import json
import sys
from collections.abc import Callable
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl


def in_run(name: str, title: str) -> bool:
    """Tell whether `behaviours run` prints it."""
    from experiments.cli.main import main

    with redirect_stdout(StringIO()) as said:
        return main(["run", "generated", "--months", "1"]) == 0 and title in said.getvalue()


def in_a_comparison(name: str, title: str) -> bool:
    """Tell whether levels, differences, months, report and dictionary of a comparison have it."""
    from experiments.compare import compare
    from experiments.reporting import tables
    from experiments.results import dictionary_of

    found = compare(["generated"], ["none", "blended"], replicates=2, months=2, pressures=False, structures=False)
    told = dictionary_of({"months": found.months.columns}).filter(pl.col("column") == name)["meaning"].item()
    kept = found.levels["outcome"], found.contrasts["outcome"], found.months.columns
    return (
        all(name in table for table in kept) and title in str(tables.level_rows(found, "generated")) and title in told
    )


def in_a_sweep(name: str, title: str) -> bool:
    """Tell whether runs, months, dataset, dictionary and questions of a sweep have it."""
    from experiments.results import load
    from experiments.runner import sweep
    from experiments.sensitivity.data import question_of, read_cube
    from experiments.work import work_of
    from simulation.scenario import Scenario

    with TemporaryDirectory() as folder:
        sweep(work_of([Scenario(months=2)], replicates=2, keep="months"), Path(folder) / "sweep")
        found = load(Path(folder) / "sweep")
        asked = question_of(found.work, outcome=name, month=1, outcomes=found.outcomes)
        tables = found.runs.columns, found.months.columns, found.dataset(), found.dictionary["column"]
        return all(name in table for table in tables) and read_cube(found, asked).done == 2


def in_a_map(name: str, title: str) -> bool:
    """Tell whether a map can be of it."""
    from experiments.route_map import OUTCOMES

    return name in OUTCOMES


def in_claims(name: str, title: str) -> bool:
    """Tell whether claims and patterns can read it."""
    from experiments.replicates import run_arm
    from simulation.scenario import Scenario

    return run_arm(Scenario(months=2), [1, 2]).at(name, 2).shape == (2,)


def on_pages(name: str, title: str) -> bool:
    """Tell whether the pages Compare, Decide and Sweep offer it, an address may name it, and the word list has it."""
    from dashboard.address import from_query
    from dashboard.pages import sweep
    from dashboard.pages.compare import results
    from dashboard.pages.decide import picture
    from dashboard.pages.words import word_groups

    offered = [name in one.OUTCOMES for one in (results, picture, sweep)]
    words = {entry.term for group in word_groups() for entry in group.entries}
    return all(offered) and title in words and from_query(f"v=1&outcome={name}").settings.outcome == name


def in_docs(name: str, title: str) -> bool:
    """Tell whether the model's description tells of it."""
    from experiments.reporting.markdown import series

    return f"`{name}`" in series()


PLACES: dict[str, Callable[[str, str], bool]] = {
    "run": in_run, "compare": in_a_comparison, "sweep": in_a_sweep, "map": in_a_map, "claims": in_claims,
    "pages": on_pages, "docs": in_docs,
}  # fmt: skip


def appearances(name: str) -> list[str]:
    """Return the places where an outcome is met."""
    from simulation.outcomes import shown

    return [place for place, met in PLACES.items() if met(name, shown(name).title)]


if __name__ == "__main__":
    print(json.dumps(appearances(sys.argv[1])))
