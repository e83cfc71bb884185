"""Give tests small comparisons, computed once, and ways to change what was found in them."""

from dataclasses import replace
from functools import lru_cache

import numpy as np
import polars as pl

from experiments.compare import compare
from experiments.comparison import Comparison, Contrast
from experiments.inference import Estimate, estimate, share_ahead, verdict
from experiments.reporting.figures.comparison import draw_figures
from experiments.reporting.figures.sheet import Picture
from simulation.outcomes import shown

FIRST_SEED = 50_000
PAIR = ("prototype-led", "manifesto-led")
KEYS = {"scenario", "route", "under_pressure", "seed", "months"}


@lru_cache(maxsize=1)
def small() -> Comparison:
    """Return four routes in the generated place, with other pressures."""
    routes = ["none", "manifesto-led", "prototype-led", "blended"]
    return compare(["generated"], routes, replicates=20, first_seed=FIRST_SEED, structures=False)


@lru_cache(maxsize=1)
def small_pictures() -> tuple[Picture, ...]:
    """Return its figures."""
    return draw_figures(small())


@lru_cache(maxsize=1)
def two_places() -> Comparison:
    """Return the two routes of the main pair in both places."""
    routes = ["manifesto-led", "prototype-led"]
    return compare(routes=routes, replicates=20, first_seed=FIRST_SEED, months=60, pressures=False, structures=False)


@lru_cache(maxsize=1)
def two_places_pictures() -> tuple[Picture, ...]:
    """Return their figures."""
    return draw_figures(two_places())


@lru_cache(maxsize=1)
def structured() -> Comparison:
    """Return the main pair in one place, under every other structure, grown until more precise than twenty pairs."""
    routes = ["manifesto-led", "prototype-led"]
    return compare(["gateshead"], routes, precision=0.045, most=40, first_seed=FIRST_SEED, months=27, pressures=False)


@lru_cache(maxsize=1)
def undecided() -> Comparison:
    """Return a comparison whose two routes have exchanged their names on every other seed: neither can be ahead."""
    found = compare(
        ["generated"], list(reversed(PAIR)), replicates=20, first_seed=FIRST_SEED, pressures=False, structures=False
    )
    return judged_again(exchanged(found, odd_only=True))


@lru_cache(maxsize=1)
def undecided_pictures() -> tuple[Picture, ...]:
    """Return its figures."""
    return draw_figures(undecided())


def exchanged(comparison: Comparison, *, odd_only: bool = False) -> Comparison:
    """Return a comparison whose main routes have exchanged their names, in tables of runs, months and levels."""
    other = dict(zip(PAIR, reversed(PAIR), strict=True))
    swap = pl.col("route").replace(other)
    if odd_only:
        swap = pl.when(pl.col("seed") % 2 == 1).then(swap).otherwise(pl.col("route"))
    return replace(
        comparison,
        runs=comparison.runs.with_columns(swap),
        months=comparison.months.with_columns(swap),
        levels=comparison.levels if odd_only else comparison.levels.with_columns(pl.col("route").replace(other)),
        portraits={
            (scenario, other.get(route, route)): view for (scenario, route), view in comparison.portraits.items()
        },
    )


def judged_again(comparison: Comparison) -> Comparison:
    """Return a comparison whose contrasts of the main pair are worked out anew from its runs and months."""
    rows = []
    for row in comparison.contrasts.iter_rows(named=True):
        if {row["first"], row["second"]} == set(PAIR):
            row |= _judged(_differences(comparison, row), row["outcome"])
        rows.append(row)
    return replace(comparison, contrasts=pl.DataFrame(rows, schema=comparison.contrasts.schema))


def _differences(comparison: Comparison, row: dict) -> np.ndarray:
    def values(route: str) -> np.ndarray:
        here = (pl.col("scenario") == row["scenario"]) & (pl.col("route") == route)
        last = int(comparison.runs["months"][0])
        if row["month"] == last:
            return comparison.runs.filter(here).sort("seed")[row["outcome"]].to_numpy()
        at = comparison.months.filter(here & (pl.col("month") == row["month"])).sort("seed")
        return at[row["outcome"]].cast(pl.Float64).to_numpy()

    return values(row["first"]) - values(row["second"])


def _judged(values: np.ndarray, outcome: str) -> dict:
    found, ahead = estimate(values), share_ahead(values)
    low, high = found.ends
    return {
        "difference": found.effect, "low": low, "high": high, "adjusted_low": low, "adjusted_high": high,
        "ahead": ahead.value, "ahead_low": ahead.low, "ahead_high": ahead.high,
        "median_difference": float(np.median(values)), "half_width": found.half_width,
        "verdict": verdict(found, matters=shown(outcome).matters or 0.0),
    }  # fmt: skip


def contrast(
    difference: float, half: float, *, outcome: str = "practice", replicates: int = 200, **changes: object
) -> Contrast:
    """Return a contrast of the main pair with an interval of this half-width, judged as the statistics would."""
    low, high = difference - half, difference + half
    found = Contrast(
        first=PAIR[0], second=PAIR[1], outcome=outcome, month=120, difference=difference, low=low, high=high,
        adjusted_low=low, adjusted_high=high, ahead=0.75, ahead_low=0.68, ahead_high=0.8,
        median_difference=difference, named_beforehand=True, replicates=replicates, half_width=half, precision=0.02,
        precise_enough=half <= 0.02, replicates_needed=None,
        verdict=verdict(Estimate(difference, low, high, replicates), matters=shown(outcome).matters or 0.0),
    )  # fmt: skip
    return replace(found, **changes)  # type: ignore[arg-type]
