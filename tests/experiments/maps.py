"""Give tests small maps: planned, run once, or made up from numbers."""

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from experiments.reporting.result_files import map_manifest, write_map
from experiments.route_map import (
    Found,
    MapPlan,
    RouteMap,
    carry_out,
    fresh,
    going_on,
    grown,
    map_of,
    plan_map,
    table,
)
from simulation.scenario import load_scenario

RESULTS = ("map.parquet", "map.csv", "dictionary.csv", "break-even.json")

KEPT = TemporaryDirectory()
"""Removed when the tests end."""


def small_plan(**more: Any) -> MapPlan:
    """Return nine cells, a few months, two looks; so precise that some cells stop at each look."""
    scenario = load_scenario("generated").changed(months=more.pop("months", 4))
    return plan_map(scenario, **{"steps": 3, "most": 40, "precision": 0.015, **more})


@cache
def small_map() -> tuple[RouteMap, Path]:
    """Return a map that was run, with report, and its folder: the folder is read and never changed."""
    folder = Path(KEPT.name) / "map"
    plan = small_plan(months=24, x="initial_pressure=0.9:1.0", most=40, precision=None)
    return carry_out(plan, folder, command=["behaviours", "map"], write=write_map), folder


def made_up(plan: MapPlan, means: Any, *, spread: float = 0.02, seed: int = 1, level: float = 0.3) -> RouteMap:
    """Return the map of a plan without a precision whose cells' differences are drawn around means (y, x)."""
    rng, means = np.random.default_rng(seed), np.asarray(means, dtype=np.float64).ravel()
    cells, before = fresh(plan), 0
    for pairs in plan.looks:
        on = list(going_on(cells))
        shape = (len(on), pairs - before)
        second = level + rng.normal(0, 0.05, shape)
        first = second + means[on][:, None] + rng.normal(0, spread, shape)
        found = np.stack([first, second], axis=1)
        cells, before = grown(plan, cells, Found(found, found, np.zeros(found.shape, dtype=bool))), pairs
        if not going_on(cells):
            break
    found_map = map_of(plan, table(plan, cells))
    return RouteMap(plan, found_map.cells, found_map.contours, map_manifest(found_map, ["behaviours", "map"]))


def contents(folder: Path) -> dict[str, bytes]:
    """Return the bytes of a map's results."""
    return {name: (folder / name).read_bytes() for name in RESULTS}
