"""Write a finished map: table, data dictionary, figures, report, and the manifest last."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import polars as pl

from experiments.describing import describe_route, describe_scenario
from experiments.manifest import write_manifest
from experiments.mapping.deciding import rule_of
from experiments.mapping.design import MapPlan
from experiments.mapping.reading import TABLE, RouteMap
from experiments.mapping.words import axis_title, pairs_words, when
from experiments.output_folder import LOCK
from experiments.provenance import provenance
from experiments.shown import shown
from experiments.store import write_csv, write_json, write_parquet
from experiments.sweep_files import write_whole
from simulation.parameters import BY_NAME
from simulation.scenario import Route

CSV, DICTIONARY, LINES = "map.csv", "dictionary.csv", "break-even.json"


def write(found: RouteMap, folder: Path, *, report: bool = True, command: Sequence[str] | None = None) -> None:
    """Write every file of a map into its folder, each whole, the manifest last. Raises OSError."""
    write_whole(folder / TABLE, lambda path: write_parquet(found.cells, path))
    write_whole(folder / CSV, lambda path: write_csv(found.cells, path))
    write_whole(folder / DICTIONARY, lambda path: write_csv(data_dictionary(found.plan), path))
    write_whole(folder / LINES, lambda path: write_json(lines(found), path))
    manifest = manifest_of(found, command)
    if report:
        _write_report(RouteMap(found.plan, found.cells, found.contours, manifest), folder)
    write_manifest(folder, manifest, foreign=[LOCK])


def _write_report(found: RouteMap, folder: Path) -> None:
    from experiments.figures.saving import save
    from experiments.mapping.pictures import draw
    from experiments.mapping.report import report_page

    pictures = draw(found)
    (folder / "figures").mkdir(exist_ok=True)
    for picture in pictures:
        save(picture, folder / "figures")
    page = report_page(found, pictures)
    write_whole(folder / "report.html", lambda path: path.write_text(page, encoding="utf-8"))


def lines(found: RouteMap) -> dict[str, Any]:
    """Return the break-even lines as plain lists of points (x, y)."""
    drawn = found.contours
    return {
        "x": found.plan.x.name,
        "y": found.plan.y.name,
        "break_even": [line.tolist() for line in drawn.break_even],
        "lower_end_is_zero": [line.tolist() for line in drawn.low],
        "upper_end_is_zero": [line.tolist() for line in drawn.high],
    }


def manifest_of(found: RouteMap, command: Sequence[str] | None = None) -> dict[str, Any]:
    """Return where a map comes from: program and machine, what was mapped, by which rule, on which seeds."""
    plan, rule = found.plan, rule_of(found.plan)
    what = plan.arms[0].what
    most = found.pairs[1]
    return provenance(command=command) | {
        "kind": "map",
        "complete": found.finished,
        "plan": plan.content_hash(),
        "scenarios": {plan.arms[0].scenario: describe_scenario(what.changed(route=Route()))},
        "routes": {arm.route: describe_route(arm.what.route) for arm in plan.arms},
        "axes": {"x": plan.x.name, "y": plan.y.name},
        "outcome": plan.outcome,
        "read_at": when(plan),
        "rule": {
            "looks": list(plan.looks), "confidence_of_each_look": rule.confidence, "matters": rule.matters,
            "precision": rule.precision,
        },
        "seeds": {"first": plan.first_seed, "last": plan.first_seed + most - 1},
        "replicates": f"{pairs_words(found)} pairs a cell",
        "runs": found.runs,
        "failed": int(found.cells["failed"].sum()),
    }  # fmt: skip


def data_dictionary(plan: MapPlan) -> pl.DataFrame:
    """Return column, unit and meaning of every column of the table."""
    how, (first, second) = shown(plan.outcome), plan.routes
    unit = {10: "0-1", 100: "share"}.get(int(how.factor), how.unit or "number")
    what = f"{how.title}, at {when(plan)}"
    rows = [(key, _unit(factor.name), axis_title(factor)) for key, factor in (("x", plan.x), ("y", plan.y))]
    rows += [
        ("difference", unit, f"{what}: mean paired difference, {first} minus {second}, on the same seeds"),
        (
            "low",
            unit,
            "lower end of the difference's interval, which holds at 95% however often the cell was looked at",
        ),
        ("high", unit, "upper end of the difference's interval"),
        ("half_width", unit, "half the interval's width"),
        ("replicates", "number", "pairs of runs, one with each route on the same seed"),
        ("verdict", "words", f"what the interval allows to be said; first is {first}, second is {second}"),
        ("stopped", "words", "why the cell got no more runs"),
    ]
    for side, route in (("first", first), ("second", second)):
        rows += [
            (f"{side}_median", unit, f"{what}, with {route}: the middle run"),
            (f"{side}_low", unit, f"with {route}: nine runs in ten end above this or below {side}_high, 5%"),
            (f"{side}_high", unit, f"with {route}: upper end of the band in which nine runs in ten end, 95%"),
            (f"{side}_mean", unit, f"with {route}: mean over runs"),
            (f"{side}_practice", "0-1", f"mean practice at {when(plan)} with {route}: the middle run"),
        ]
    rows.append(("failed", "number", "runs that failed; a cell with one has no difference"))
    return pl.DataFrame(rows, schema=["column", "unit", "meaning"], orient="row")


def _unit(name: str) -> str:
    return BY_NAME[name].unit if name in BY_NAME else "as in the scenario"
