"""Run a scenario once and keep what it showed: one seed is one story, not a finding."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

from experiments.describing import describe_route, describe_scenario
from experiments.engine import engine
from experiments.measures import MONTH_COLUMNS, RUN_COLUMNS, month_values, run_values
from experiments.provenance import provenance
from experiments.store import summary, write_csv, write_json, write_parquet
from simulation.course import simulate
from simulation.scenario import Scenario


@dataclass(frozen=True)
class Run:
    """What one run showed: outcomes at its end, and a table with a row a programme month (0: before the first)."""

    scenario: Scenario
    seed: int
    outcomes: dict[str, float]
    months: pl.DataFrame
    manifest: dict[str, Any] = field(default_factory=dict)


def run(scenario: Scenario, seed: int = 0, *, command: Sequence[str] | None = None) -> Run:
    """Run a scenario on a seed to its end. Raises ValueError for a negative seed.

    >>> found = run(Scenario(months=12), seed=1)
    >>> found.months.shape[0]
    13
    """
    trajectory = simulate(scenario, seed)
    table = month_values(trajectory)
    months = pl.DataFrame({"month": range(len(table))}).hstack(pl.DataFrame(table, schema=list(MONTH_COLUMNS)))
    described = {
        "scenarios": {scenario.name: describe_scenario(scenario)},
        "routes": {scenario.route.name: describe_route(scenario.route)},
    }
    manifest = provenance(command=command) | work_of(scenario, seed) | described
    outcomes = dict(zip(RUN_COLUMNS, run_values(trajectory).tolist(), strict=True))
    return Run(scenario, seed, outcomes, months, manifest)


def work_of(scenario: Scenario, seed: int) -> dict[str, Any]:
    """Return what decides a run, as far as people tell runs apart by it."""
    return {
        "kind": "run",
        "model": engine(),
        "seeds": {"first": seed, "last": seed},
        "replicates": 1,
        "scenarios": {scenario.name: {"hash": scenario.content_hash(), "months": scenario.months}},
        "routes": {scenario.route.name: {"hash": scenario.route.content_hash()}},
    }


def write_run(found: Run, folder: Path) -> None:
    """Write a run's tables into a folder. Raises OSError."""
    keys = {"scenario": found.scenario.name, "route": found.scenario.route.name, "seed": found.seed}
    row = keys | {"under_pressure": found.scenario.pressure.name, "months": found.scenario.months}
    names = [pl.lit(value).alias(name) for name, value in keys.items()]
    write_parquet(pl.DataFrame([row | found.outcomes]), folder / "runs.parquet")
    write_parquet(found.months.select(*names, pl.all()), folder / "months.parquet")
    levels = [
        {"scenario": keys["scenario"], "route": keys["route"], "outcome": outcome}
        | dict.fromkeys(("median", "low", "high", "mean"), value)
        | {"replicates": 1}
        for outcome, value in found.outcomes.items()
    ]
    write_csv(summary(pl.DataFrame(levels)), folder / "summary.csv")
    content = found.scenario.model_dump(mode="json", by_alias=True)
    write_json({found.scenario.name: content}, folder / "scenarios.json")
