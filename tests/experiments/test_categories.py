"""Routes, pressures and choices as factors keep their names, in every design, table, form and chart, in any order."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
import xarray

import experiments
from dashboard import sweep_folders
from dashboard.charts.parallel import parallel
from dashboard.pages.sweep.points import Points, points_of, read_ranges, write_ranges
from dashboard.pages.sweep.replay import row_of
from dashboard.pages.sweep.snapshot import held, snapshot
from experiments.export import export
from experiments.plan import load_plan
from experiments.reporting.result_files import write_analysis
from experiments.reporting.tables import points, tables
from experiments.reporting.terminal import analysis_account
from experiments.results import Results
from experiments.runner import sweep
from experiments.sensitivity.analysis import analyse
from simulation.run import simulate
from simulation.scenario import ProblemError, load_pressure, load_route, load_scenario

MONTHS = 3
VALUES = {
    "route": ("prototype-led", "none", "manifesto-led"),
    "pressure": ("crisis", "none"),
    "structure.influence": ("threshold", "hill"),
    "place.generated.network.join_isolated": (True, False),
    "trust_gain": (0.05, 0.1),
}
DESIGNS = {
    "grid": 'type = "grid"',
    "latin-hypercube": 'type = "latin-hypercube"\npoints = 24',
    "sobol": 'type = "sobol"\npoints = 8',
    "morris": 'type = "morris"\ntrajectories = 4',
    "one-at-a-time": 'type = "one-at-a-time"',
    "table": 'type = "table"\nfile = "table.csv"',
}
COLUMNS = {"pressure": "under_pressure"}
OWN = {"route": "blended", "pressure": "none", "structure.influence": "hill"}
"""What the scenario has by itself."""
TURNS = tuple((*list(VALUES)[k:], *list(VALUES)[:k]) for k in range(len(VALUES)))
SOME = tuple(zip(DESIGNS, (*TURNS, TURNS[0]), strict=True))


def written(value: Any) -> str:
    return f"{value}".lower() if isinstance(value, bool) else f'"{value}"' if isinstance(value, str) else f"{value}"


def carried_out(folder: Path, design: str, order: tuple[str, ...], values: dict[str, Any] = VALUES) -> Results:
    """Write a plan with its factors in an order, carry it out, and return what it stored."""
    head = f'scenarios = ["generated"]\nmonths = {MONTHS}\nreplicates = 2\n[design]\n{DESIGNS[design]}\n'
    factors = [f'"{name}" = [{", ".join(map(written, values[name]))}]' for name in order]
    if design == "table":
        rows = [[""] * len(order)]
        rows += [[written(values[name][k % len(values[name])]).strip('"') for name in order] for k in range(6)]
        (folder / "table.csv").write_text("\n".join(",".join(row) for row in [list(order), *rows]) + "\n")
    else:
        head += "[factors]\n" + "\n".join(factors) + "\n"
    plan = folder / "plan.toml"
    plan.write_text(head)
    sweep(load_plan(plan), folder / "sweep")
    return experiments.load(folder / "sweep")


def said_at(results: Results) -> list[dict[str, str]]:
    """Return what was run at every point by each factor's column, as words; a blank cell is left out."""
    rows = results.design.drop("point").iter_rows(named=True)
    return [{name: words(value) for name, value in row.items() if value is not None} for row in rows]


def words(value: Any) -> str:
    return written(value).strip('"')


def check_runs(results: Results) -> None:
    """Every run's row names what was run: the names alone give the same bits again."""
    assert set(results.runs["status"]) == {"ok"}
    base = load_scenario("generated").changed(months=MONTHS)
    for row in results.runs.gather_every(7).iter_rows(named=True):
        influence = row["structure.influence"] or base.structure.influence
        joined = row["place.generated.network.join_isolated"]
        network = base.place.generated.network
        network = network.model_copy(update={} if joined is None else {"join_isolated": joined})
        place = base.place.model_copy(
            update={"generated": base.place.generated.model_copy(update={"network": network})}
        )
        scenario = base.changed(
            route=load_route(row["route"]), pressure=load_pressure(row["under_pressure"]), place=place,
            structure=base.structure.model_copy(update={"influence": influence}),
            settings={} if row["trust_gain"] is None else {"trust_gain": row["trust_gain"]},
        )  # fmt: skip
        assert float(simulate(scenario, row["seed"])["practice"][-1]) == row["practice"]


def check_arrays(results: Results, found: xarray.Dataset) -> None:
    """Arrays say of every run what its row says, under the same names."""
    names = [COLUMNS.get(name, name) for name in VALUES]
    for row in results.runs.iter_rows(named=True):
        at = {"point": row["point"], "arm": 0, "replicate": row["replicate"]}
        assert float(found["practice"].isel(at)) == row["practice"]
        for name in names:
            here = found[name].isel({key: k for key, k in at.items() if key in found[name].dims}).item()
            given = row[name]
            if name == "trust_gain":
                assert here == given or (given is None and np.isnan(here))
            else:
                assert here == ("" if given is None else words(given))
    (label,) = found["arm"].to_numpy().tolist()
    assert "varied" in label
    assert label.count("varied") == 2  # neither a route nor a pressure is the arm's own


def check_forms(results: Results, folder: Path) -> None:
    for form in ("csv", "duckdb", "netcdf"):
        export(results, form, folder)
    with xarray.open_dataset(folder / "results.nc") as stored:
        check_arrays(results, stored.load())
    back = pl.read_csv(folder / "runs.csv", schema=results.runs.schema)
    assert back.equals(results.runs)


def check_analysis(results: Results, folder: Path) -> None:
    analysis = analyse(results, halves=1, times=1)
    told = points(analysis)
    for row in told.iter_rows(named=True):
        for name, value in said_at(results)[row["point"]].items():
            assert words(row[name]) == value
    assert set(told["route"]) <= {*VALUES["route"], OWN["route"]}
    for name, table in tables(analysis).items():
        for column in ("route", "under_pressure"):
            assert name == "failures" or set(table[column]) <= {"varied", "none unless varied", "blended unless varied"}
        if name == "regions":
            known = {words(value) for values in VALUES.values() for value in values}
            assert set(" ".join(table["choices"].fill_null("")).split()) <= known
    assert analysis_account(analysis)
    write_analysis(analysis, folder)


def points_at(results: Results) -> Points:
    found = snapshot(sweep_folders.checked(results.folder))
    kept = held(found, "practice")
    there = points_of(found, kept, kept.subjects[0].key, "practice")
    assert there is not None
    assert row_of(found, 1) == results.design.drop("point").row(1)
    return there


def check_page(results: Results) -> None:
    """The page's axes, its chart's table and its addresses say names."""
    there = points_at(results)
    drawing = parallel(
        there.numbers, names=[scale.name for scale in there.scales], ends=[(s.low, s.high) for s in there.scales],
        levels=[scale.levels for scale in there.scales], ids=there.which.tolist(),
        inside=np.ones(len(there.numbers), bool), chosen=None, title="", description="",
        decimals=[scale.decimals for scale in there.scales],
    )  # fmt: skip
    for k, (scale, axis) in enumerate(zip(there.scales, drawing.option["parallelAxis"], strict=True)):
        if not scale.levels:
            continue
        assert set(scale.levels) <= {words(value) for value in (*VALUES[scale.name], OWN.get(scale.name, ""))}
        assert axis["data"] == list(scale.levels)
        for row, cells in enumerate(drawing.rows):
            given = said_at(results)[there.which[row]].get(COLUMNS.get(scale.name, scale.name))
            assert scale.words(there.numbers[row, k]) == cells[k + 1]
            assert given in (None, cells[k + 1])
        text = write_ranges({scale.name: (1.0, 1.0)}, there.scales)
        assert text == f"{scale.name}~{scale.levels[1]}~{scale.levels[1]}"
        assert read_ranges(text, there.scales) == {scale.name: (1.0, 1.0)}
        assert read_ranges(f"{scale.name}~1~1", there.scales) == {scale.name: (1.0, 1.0)}


def check_all(folder: Path, design: str, order: tuple[str, ...]) -> None:
    results = carried_out(folder, design, order)
    check_runs(results)
    check_arrays(results, results.dataset())
    check_forms(results, folder / "export")
    check_page(results)
    (folder / "analysis").mkdir()
    check_analysis(results, folder / "analysis")


@pytest.mark.parametrize(("design", "order"), SOME, ids=list(DESIGNS))
def test_every_design_takes_categories_as_factors_from_the_plan_to_every_table_and_chart(tmp_path, design, order):
    check_all(tmp_path, design, order)


def the_rest() -> Iterator[tuple[str, tuple[str, ...]]]:
    for design in DESIGNS:
        yield from ((design, order) for order in TURNS if (design, order) not in SOME)


@pytest.mark.full
@pytest.mark.parametrize(("design", "order"), list(the_rest()))
def test_every_design_takes_every_category_first_in_the_middle_and_last(tmp_path, design, order):
    check_all(tmp_path, design, order)


def test_a_category_s_place_in_the_plan_decides_nothing(tmp_path):
    kept = ("route", "structure.influence")
    turned = {name: VALUES[name][::-1] for name in VALUES}
    (tmp_path / "one").mkdir()
    (tmp_path / "other").mkdir()
    one = carried_out(tmp_path / "one", "grid", kept)
    other = carried_out(tmp_path / "other", "grid", kept[::-1], turned)
    by_name = ["route", "structure.influence", "seed", "id", "practice"]
    assert one.runs.select(by_name).sort(by_name).equals(other.runs.select(by_name).sort(by_name))
    first, second = (points_at(results).scales for results in (one, other))
    assert {s.name: s.levels for s in first} == {s.name: s.levels for s in second}


def test_arms_that_a_factor_would_set_aside_are_refused(tmp_path):
    plan = tmp_path / "plan.toml"
    factors = '[factors]\nroute = ["none", "blended"]\ntrust_gain = [0.1]\n'
    plan.write_text(f'routes = ["manifesto-led", "prototype-led"]\n{factors}')
    with pytest.raises(ProblemError, match="'route' is a factor"):
        load_plan(plan)
    plan.write_text(f'routes = ["manifesto-led", "prototype-led"]\n[design]\ntype = "one-at-a-time"\n{factors}')
    named = [load_plan(plan).work.named(arm).route for arm in load_plan(plan).work.arms]
    assert named == ["manifesto-led unless varied", "prototype-led unless varied"]


@pytest.mark.parametrize(
    ("factors", "value", "without"),
    [
        ('place = ["gateshead", "generated"]\n"place.generated.organisations" = [3, 12]', "organisations", "gateshead"),
        ('"place.network.neighbours" = [3, 4]\nplace = ["generated", "gateshead"]', "neighbours", "gateshead"),
        ('route = ["prototype-led", "none"]\n"route.phases[1].months" = [3, 4]', "phases", "none"),
    ],
)
def test_a_factor_within_a_part_that_has_no_such_thing_is_refused(tmp_path, factors, value, without):
    plan = tmp_path / "plan.toml"
    route = 'routes = ["prototype-led"]\n' if "route" in factors else ""
    plan.write_text(f"{route}[factors]\n{factors}\n")
    with pytest.raises(ProblemError) as caught:
        load_plan(plan)
    assert value in str(caught.value)
    assert without in str(caught.value)
    plan.write_text(f'{route}[design]\ntype = "one-at-a-time"\n[factors]\n{factors}\n')
    load_plan(plan)  # there they never stand together
