"""Compare routes pair by pair: the tables `levels` and `contrasts` of a comparison."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from experiments.comparison_plan import PRIMARY
from experiments.measures import RUN_COLUMNS
from experiments.shown import PRACTICE_MATTERS, shown
from experiments.statistics import (
    CONFIDENCE,
    Floats,
    adjusted_intervals,
    is_enough,
    mean_intervals,
    median_band,
    paired_differences,
    replicates_needed,
    share_ahead,
    verdict,
)

PRIMARY_OUTCOME = "practice"
EVERY = 12
"""Practice is compared at every so many months, besides the last."""
EARLY, EARLY_OUTCOME = 24, "practice_24"
"""Month at which the main contrast is read once more, and the outcome that holds it: what shows early need not last."""


@dataclass(frozen=True)
class Standard:
    """What a comparison's intervals are held to: a confidence, and how fine a difference in practice is asked for."""

    confidence: float = CONFIDENCE
    precision: float = PRACTICE_MATTERS


USUAL = Standard()


@dataclass(frozen=True)
class Paired:
    """Runs of one scenario by route, seed by seed: outcomes (S, len(RUN_COLUMNS)), practice by month (S, M + 1)."""

    scenario: str
    months: int
    outcomes: dict[str, Floats]
    practice: dict[str, Floats]


def pairs_of(routes: Sequence[str]) -> list[tuple[str, str]]:
    """Return every pair of routes, the later minus the earlier; the primary pair as it was named."""
    pairs = [(first, second) for k, first in enumerate(routes) for second in routes[:k]]
    return [PRIMARY if set(pair) == set(PRIMARY) else pair for pair in pairs]


def level_rows(paired: Paired) -> list[dict[str, Any]]:
    """Return the level of each outcome under each route: median, 90% band and mean over replicates."""
    rows = []
    for route, outcomes in paired.outcomes.items():
        for k, name in enumerate(RUN_COLUMNS):
            values = outcomes[:, k]
            values = values[~np.isnan(values)]
            low, median, high = median_band(values)
            mean = float(values.mean()) if len(values) else float("nan")
            rows.append(
                {
                    "scenario": paired.scenario, "route": route, "outcome": name, "median": median, "low": low,
                    "high": high, "mean": mean, "replicates": len(values),
                }
            )  # fmt: skip
    return rows


def contrast_rows(paired: Paired, standard: Standard = USUAL) -> list[dict[str, Any]]:
    """Return every contrast of a scenario; those named beforehand are still to be adjusted together.

    An outcome that some run did not reach or measure has no mean difference, and no row.
    """
    rows: list[dict[str, Any]] = []
    for first, second in pairs_of(list(paired.outcomes)):
        columns = _columns(paired, first, second)
        whole = {key: values for key, values in columns.items() if np.isfinite(values).all()}
        if not whole:
            continue
        intervals = mean_intervals(np.stack(list(whole.values()), axis=1), confidence=standard.confidence)
        for k, ((outcome, month), values) in enumerate(whole.items()):
            mean, low, high, half = (float(array[k]) for array in _four(intervals))
            rows.append(
                {"scenario": paired.scenario, "first": first, "second": second, "outcome": outcome, "month": month}
                | judged(values, mean, low, high, half, outcome, standard)
            )
    return rows


def primary_rows(
    differences: dict[str, Floats], months: dict[str, int], standard: Standard = USUAL
) -> dict[str, dict[str, Any]]:
    """Return the primary contrast of each scenario with its own interval and the one adjusted over scenarios."""
    if not differences:
        return {}
    table = np.stack(list(differences.values()), axis=1)
    own = mean_intervals(table, confidence=standard.confidence)
    adjusted = adjusted_intervals(table, confidence=standard.confidence)
    rows = {}
    for k, (scenario, values) in enumerate(differences.items()):
        mean, low, high, half = (float(array[k]) for array in _four(own))
        rows[scenario] = (
            {
                "scenario": scenario, "first": PRIMARY[0], "second": PRIMARY[1], "outcome": PRIMARY_OUTCOME,
                "month": months[scenario],
            }
            | judged(values, mean, low, high, half, PRIMARY_OUTCOME, standard)
            | {"adjusted_low": float(adjusted.low[k]), "adjusted_high": float(adjusted.high[k])}
            | {"named_beforehand": True}
        )  # fmt: skip
        together = float(adjusted.low[k]), float(adjusted.high[k])
        rows[scenario]["verdict"] = verdict(*together, matters=PRACTICE_MATTERS, replicates=len(values))
    return rows


def pressure_row(paired: Paired, pressure: str, pair: tuple[str, str], standard: Standard = USUAL) -> dict[str, Any]:
    """Return a pair's contrast of practice at the last month under another pressure, with both medians: exploratory."""
    row = _pair_row(paired, pair, PRIMARY_OUTCOME, paired.months, standard)
    return {"scenario": paired.scenario, "pressure": pressure} | row


def structure_rows(
    paired: Paired, about: dict[str, Any], pair: tuple[str, str], standard: Standard = USUAL
) -> list[dict[str, Any]]:
    """Return a pair's contrast of practice at the last month and two years in under another structure: exploratory.

    `about` is what the rows say of the structure.
    """
    read = [(PRIMARY_OUTCOME, paired.months)]
    if paired.months > EARLY:
        read.append((EARLY_OUTCOME, EARLY))
    return [about | _pair_row(paired, pair, column, month, standard) for column, month in read]


def _pair_row(paired: Paired, pair: tuple[str, str], column: str, month: int, standard: Standard) -> dict[str, Any]:
    """Return a pair's contrast in practice at a month, which stands in a column of outcomes, with both medians."""
    k = RUN_COLUMNS.index(column)
    first, second = (paired.outcomes[route][:, k] for route in pair)
    values = paired_differences(first, second)
    mean, low, high, half = (float(array[0]) for array in _four(mean_intervals(values, confidence=standard.confidence)))
    return (
        {"first": pair[0], "second": pair[1], "outcome": PRIMARY_OUTCOME, "month": month}
        | judged(values, mean, low, high, half, PRIMARY_OUTCOME, standard)
        | {"first_median": float(np.median(first)), "second_median": float(np.median(second))}
    )


def contrast_table(rows: list[dict[str, Any]], primary: dict[str, dict[str, Any]]) -> pl.DataFrame:
    """Return all contrasts as one table, those named beforehand first and in place of the same ones unadjusted."""
    keys = ("scenario", "first", "second", "outcome", "month")
    named = {tuple(row[key] for key in keys) for row in primary.values()}
    rest = [row for row in rows if tuple(row[key] for key in keys) not in named]
    return pl.DataFrame([*primary.values(), *rest], infer_schema_length=None)


def _columns(paired: Paired, first: str, second: str) -> dict[tuple[str, int], Floats]:
    """Return the paired differences by outcome and month."""
    one, other = paired.outcomes[first], paired.outcomes[second]
    columns = {(name, paired.months): paired_differences(one[:, k], other[:, k]) for k, name in enumerate(RUN_COLUMNS)}
    for month in range(EVERY, paired.months, EVERY):
        columns[PRIMARY_OUTCOME, month] = paired_differences(
            paired.practice[first][:, month], paired.practice[second][:, month]
        )
    return columns


def judged(
    values: Floats, mean: float, low: float, high: float, half: float, outcome: str, standard: Standard
) -> dict[str, Any]:
    """Return what every contrast says of its paired differences.

    An outcome without a smallest difference worth a word is judged against zero.
    """
    matters = shown(outcome).matters
    asked = standard.precision if outcome == PRIMARY_OUTCOME else matters or PRACTICE_MATTERS
    ahead = share_ahead(values, confidence=standard.confidence)
    return {
        "difference": mean, "low": low, "high": high, "adjusted_low": low, "adjusted_high": high,
        "ahead": ahead.value, "ahead_low": ahead.low, "ahead_high": ahead.high,
        "median_difference": float(np.median(values)),
        "verdict": verdict(low, high, matters=matters or 0.0, replicates=len(values)),
        "named_beforehand": False, "replicates": len(values), "half_width": half, "precision": asked,
        "precise_enough": is_enough(half, asked), "replicates_needed": replicates_needed(half, len(values), asked),
    }  # fmt: skip


def _four(intervals: Any) -> tuple[Floats, Floats, Floats, Floats]:
    return intervals.mean, intervals.low, intervals.high, intervals.half_width
