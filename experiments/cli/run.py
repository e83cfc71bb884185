"""`behaviours run`: one run of a scenario."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from experiments.cli import options
from experiments.cli.console import answer, compile_once, fail
from experiments.cli.options import App
from simulation.text import counted

if TYPE_CHECKING:
    from experiments.reporting.result_files import Run

commands = App(rank=20)


EXAMPLES = """\b
Examples:
  behaviours run gateshead
  behaviours run gateshead --route blended --seed 7 --months 60
  behaviours run generated --set initial_trust=0.4 --without evidence
  behaviours run --place ./my-town --route prototype-led --out results/my-town
"""


@commands.command("run", epilog=EXAMPLES)
def run(
    scenario: Annotated[
        str | None,
        typer.Argument(metavar="SCENARIO", help=options.SCENARIO_HELP, autocompletion=options.complete("scenarios")),
    ] = None,
    seed: Annotated[int, options.SEED] = 1_000_000,
    months: Annotated[int | None, options.MONTHS] = None,
    route: Annotated[
        str | None,
        typer.Option(
            metavar="NAME", help="A route instead of the scenario's.", autocompletion=options.complete("routes")
        ),
    ] = None,
    place: Annotated[
        str | None,
        typer.Option(
            metavar="PLACE", help="A place instead of the scenario's.", autocompletion=options.complete("places")
        ),
    ] = None,
    pressure: Annotated[
        str | None,
        typer.Option(
            metavar="NAME", help="A pressure instead of the scenario's.", autocompletion=options.complete("pressures")
        ),
    ] = None,
    settings: Annotated[list[str] | None, options.SET] = None,
    without: Annotated[list[str] | None, options.WITHOUT] = None,
    profile: Annotated[str | None, options.PROFILE] = None,
    out: Annotated[Path | None, options.OUT] = None,
) -> None:
    """Run a scenario once: one seed is one story, not a finding."""
    from experiments.output_folder import Workplace
    from simulation.scenario import ProblemError

    notes: list[str] = []
    try:
        what = options.changed(
            options.loaded(scenario, place, notes), settings=settings, without=without, profile=profile, months=months,
            pressure=pressure, route=route, notes=notes,
        )  # fmt: skip
    except ProblemError as error:
        raise fail(error) from None
    options.tell(notes)
    workplace = Workplace(out) if out is not None else None
    from experiments.reporting.result_files import (
        run_once,  # it takes a while, and the folder is looked at before
        write_run,
    )
    from experiments.reporting.result_files import run_work as work_of

    with workplace or nullcontext():
        if workplace is not None:
            workplace.begin(work_of(what, seed))
        compile_once()
        found = run_once(what, seed)
        if workplace is not None:
            workplace.publish(lambda folder: write_run(found, folder), found.manifest)
    out = workplace.out if workplace else None
    data = {"outcomes": found.outcomes, "manifest": found.manifest, "folder": str(out) if out else None}
    answer(lambda: data, lambda: _account(found, out), where=out or ())


def _account(found: Run, out: Path | None) -> str:
    """Say what the run showed, in a table."""
    from experiments.manifest import CAVEAT
    from experiments.reporting.terminal import paragraph, table
    from simulation.outcomes import level, shown, shown_in

    what = found.scenario
    title = what.title or what.place.title or what.name
    heading = f"{title}: {what.route.title or what.route.name}, {counted(what.months, 'month')}, seed {found.seed}"
    at_start = found.months.row(0, named=True)
    rows = [
        [shown(name).title, level(name, at_start.get(name, float("nan"))) if name in at_start else "",
         level(name, found.outcomes[name]), shown(name).unit]
        for name in shown_in("run")
    ]  # fmt: skip
    shown_rows = table(["", "before", f"month {what.months}", "unit"], rows)
    below = f"{paragraph('One run is one story: compare routes with `behaviours compare`.')}\n{paragraph(CAVEAT)}"
    return "\n\n".join([heading, shown_rows, below, *([f"Results: {out}"] if out is not None else [])])
