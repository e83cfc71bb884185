"""Hold what every cell's runs have shown so far, look by look, and lay it out as a table."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
import polars as pl

from experiments.mapping.deciding import NOT_RUN, Decision, decide, rule_of
from experiments.mapping.design import MapPlan
from experiments.statistics import Floats, median_band

_NONE = np.empty((2, 0))
NUMBERS = ("x", "y", "difference", "low", "high", "half_width")
SIDES = ("first", "second")
LEVELS = tuple(f"{side}_{what}" for side in SIDES for what in ("median", "low", "high", "mean", "practice"))


class Found(NamedTuple):
    """A round's runs: outcome and practice (cells, 2 routes, replicates), nan where a run failed; who failed."""

    outcome: Floats
    practice: Floats
    failed: Any


@dataclass(frozen=True)
class Cell:
    """One cell's runs, (2 routes, replicates), and what is decided on them."""

    outcome: Floats = field(default_factory=lambda: _NONE)
    practice: Floats = field(default_factory=lambda: _NONE)
    failed: int = 0
    decision: Decision = NOT_RUN


def fresh(plan: MapPlan) -> tuple[Cell, ...]:
    """Return every cell before its first run."""
    return (Cell(),) * plan.cells


def going_on(cells: Sequence[Cell]) -> tuple[int, ...]:
    """Return the numbers of the cells that get more runs."""
    return tuple(k for k, cell in enumerate(cells) if cell.decision.goes_on)


def grown(plan: MapPlan, cells: Sequence[Cell], found: Found) -> tuple[Cell, ...]:
    """Return the cells after one more round, in which those that went on got more runs and were judged anew."""
    rule, result = rule_of(plan), list(cells)
    for row, k in enumerate(going_on(cells)):
        before = cells[k]
        outcome = np.concatenate([before.outcome, found.outcome[row]], axis=1)
        practice = np.concatenate([before.practice, found.practice[row]], axis=1)
        failed = before.failed + int(found.failed[row].sum())
        result[k] = Cell(outcome, practice, failed, decide(rule, *outcome))
    return tuple(result)


def table(plan: MapPlan, cells: Sequence[Cell]) -> pl.DataFrame:
    """Return a row a cell, in the model's own scale: see `experiments.mapping.files` for every column's meaning."""
    rows = [_row(point, cell) for point, cell in zip(plan.points, cells, strict=True)]
    schema: dict[str, Any] = dict.fromkeys(NUMBERS, pl.Float64)
    schema |= {"replicates": pl.Int64, "verdict": pl.String, "stopped": pl.String}
    schema |= dict.fromkeys(LEVELS, pl.Float64)
    schema["failed"] = pl.Int64
    return pl.DataFrame(rows, schema=schema)


def _row(point: Sequence[Any], cell: Cell) -> dict[str, Any]:
    made = cell.decision
    row: dict[str, Any] = {
        "x": float(point[0]), "y": float(point[1]), "difference": made.difference, "low": made.low, "high": made.high,
        "half_width": (made.high - made.low) / 2, "replicates": made.replicates, "verdict": made.verdict,
        "stopped": made.why, "failed": cell.failed,
    }  # fmt: skip
    for side, outcome, practice in zip(SIDES, cell.outcome, cell.practice, strict=True):
        low, median, high = median_band(outcome)
        known = outcome[~np.isnan(outcome)]
        row |= {f"{side}_median": median, f"{side}_low": low, f"{side}_high": high}
        row[f"{side}_mean"] = float(known.mean()) if len(known) else np.nan
        row[f"{side}_practice"] = median_band(practice)[1]
    return row
