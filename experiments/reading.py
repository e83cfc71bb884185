"""Read a comparison's tables: the one place that knows their columns."""

from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any

import numpy as np
import polars as pl

from experiments.comparison import Comparison
from experiments.statistics import BAND, CONFIDENCE, Verdict, mean_intervals

PREFERRED_PAIR = ("prototype-led", "manifesto-led")
NO_PARTNER = "none"


@dataclass(frozen=True)
class Level:
    """What one outcome came to under one route: median and 90% band over replicates, in the model's scale."""

    median: float
    low: float
    high: float
    mean: float
    replicates: int


@dataclass(frozen=True)
class Contrast:
    """A paired difference, `first` minus `second`, in the model's scale.

    `low` and `high` are its own 95% interval; `adjusted_low` and `adjusted_high`, on which the verdict stands, hold
    together with the other contrasts named beforehand, and are the same where it was not named.
    """

    first: str
    second: str
    outcome: str
    month: int
    difference: float
    low: float
    high: float
    adjusted_low: float
    adjusted_high: float
    ahead: float
    ahead_low: float
    ahead_high: float
    median_difference: float
    verdict: Verdict
    named_beforehand: bool
    replicates: int
    half_width: float
    precision: float
    precise_enough: bool
    replicates_needed: int | None = None
    pressure: str = ""
    first_median: float | None = None
    second_median: float | None = None

    def flipped(self) -> "Contrast":
        """Return the same contrast with the two routes exchanged."""
        return replace(
            self, first=self.second, second=self.first, difference=-self.difference, low=-self.high, high=-self.low,
            adjusted_low=-self.adjusted_high, adjusted_high=-self.adjusted_low, ahead=1 - self.ahead,
            ahead_low=1 - self.ahead_high, ahead_high=1 - self.ahead_low, median_difference=-self.median_difference,
            first_median=self.second_median, second_median=self.first_median,
        )  # fmt: skip

    @property
    def is_adjusted(self) -> bool:
        """Tell whether the adjusted interval is another than the contrast's own."""
        return (self.adjusted_low, self.adjusted_high) != (self.low, self.high)


def contrast_of(row: dict[str, Any]) -> Contrast:
    """Return a row of a table of contrasts."""
    return Contrast(**{name: row[name] for name in Contrast.__dataclass_fields__ if name in row})


def title(comparison: Comparison, name: str) -> str:
    """Return the title of a scenario, route or pressure, or its name where it has none."""
    return comparison.titles.get(name) or name


def pressure_title(comparison: Comparison, name: str) -> str:
    """Return a pressure's title, or its name where it has none; a route may have the same name."""
    known = described(comparison, "pressures", name).get("title")
    taken = name in comparison.routes or name in comparison.scenarios
    return known or (name if taken else title(comparison, name))


def in_text(comparison: Comparison, name: str) -> str:
    """Return a route's title as it reads inside a sentence: "prototype-led"."""
    words = title(comparison, name)
    return words[:1].lower() + words[1:]


def main_pair(comparison: Comparison) -> tuple[str, str] | None:
    """Return the pair of routes that the comparison is first about, or None where there is only one route."""
    if all(route in comparison.routes for route in PREFERRED_PAIR):
        return PREFERRED_PAIR
    if not comparison.contrasts.is_empty():
        named = comparison.contrasts.filter(pl.col("named_beforehand"))
        if not named.is_empty():
            row = named.row(0, named=True)
            return row["first"], row["second"]
    routes = [route for route in comparison.routes if route != NO_PARTNER]
    return (routes[1], routes[0]) if len(routes) > 1 else None


def exit_month(comparison: Comparison, route: str) -> int | None:
    """Return the programme month at which a route's partner leaves, or None where the manifest does not say."""
    months = described(comparison, "routes", route).get("months")
    return int(months) if months else None


def is_named(comparison: Comparison) -> bool:
    """Tell whether a contrast of this comparison was named before it was run."""
    return not comparison.contrasts.is_empty() and bool(comparison.contrasts["named_beforehand"].any())


def in_order(comparison: Comparison) -> tuple[str, ...]:
    """Return the routes in reading order: no partner, the main pair, then the others as they came."""
    pair = main_pair(comparison) or ()
    first = [route for route in (NO_PARTNER, *reversed(pair)) if route in comparison.routes]
    return tuple(dict.fromkeys([*first, *comparison.routes]))


def last_month(comparison: Comparison, scenario: str) -> int:
    """Return the last programme month of a scenario."""
    here = comparison.months.select("scenario", "month").filter(pl.col("scenario") == scenario)
    return int(here["month"].max())  # type: ignore[arg-type]


def level(comparison: Comparison, scenario: str, route: str, outcome: str) -> Level | None:
    """Return what an outcome came to under a route, or None where it is not in the table."""
    here = (pl.col("scenario") == scenario) & (pl.col("route") == route) & (pl.col("outcome") == outcome)
    rows = comparison.levels.filter(here)
    if rows.is_empty():
        return None
    row = rows.row(0, named=True)
    return Level(*(row[name] for name in Level.__dataclass_fields__))


def contrast(
    comparison: Comparison, scenario: str, first: str, second: str, outcome: str = "practice", month: int | None = None
) -> Contrast | None:
    """Return a contrast, turned round where the table has it the other way; default: at the last month."""
    if comparison.contrasts.is_empty():
        return None
    at = last_month(comparison, scenario) if month is None else month
    rows = comparison.contrasts.filter(
        (pl.col("scenario") == scenario) & (pl.col("outcome") == outcome) & (pl.col("month") == at)
    )
    for turned, pair in ((False, (first, second)), (True, (second, first))):
        found = rows.filter((pl.col("first") == pair[0]) & (pl.col("second") == pair[1]))
        if not found.is_empty():
            result = contrast_of(found.row(0, named=True))
            return result.flipped() if turned else result
    return None


def every_pair(comparison: Comparison, scenario: str) -> list[Contrast]:
    """Return the contrast in practice at the last month of every pair of routes, the main pair's first."""
    main = main_pair(comparison)
    others = [(second, first) for first, second in combinations(in_order(comparison), 2)]
    pairs = others if main is None else [main, *(pair for pair in others if set(pair) != set(main))]
    found = [contrast(comparison, scenario, *pair) for pair in pairs]
    return [one for one in found if one is not None]


def pressure_contrasts(comparison: Comparison, scenario: str, pair: tuple[str, str]) -> list[Contrast]:
    """Return a pair's contrast under each ready pressure, in the order of the table, all the same way round."""
    if comparison.pressures.is_empty():
        return []
    rows = comparison.pressures.filter(pl.col("scenario") == scenario)
    found = [contrast_of(row) for row in rows.iter_rows(named=True) if {row["first"], row["second"]} == set(pair)]
    return [row if row.first == pair[0] else row.flipped() for row in found]


def pressure_rows(comparison: Comparison, scenario: str, pair: tuple[str, str]) -> list[tuple[str, Contrast]]:
    """Return titles and contrasts of a pair: the scenario's own, then each pressure, the largest difference first."""
    rows = []
    own = contrast(comparison, scenario, *pair)
    if own is not None:
        ends = [level(comparison, scenario, route, "practice") for route in pair]
        first, second = (None if end is None else end.median for end in ends)
        rows.append(("As in the scenario itself", replace(own, first_median=first, second_median=second)))
    others = sorted(pressure_contrasts(comparison, scenario, pair), key=lambda found: -found.difference)
    return rows + [(pressure_title(comparison, found.pressure), found) for found in others]


def paths(comparison: Comparison, scenario: str, route: str, series: str) -> np.ndarray:
    """Return a series of every run, (replicates, months + 1), in order of seed."""
    here = (pl.col("scenario") == scenario) & (pl.col("route") == route)
    columns = list(dict.fromkeys(("scenario", "route", "seed", "month", series)))
    rows = comparison.months.select(columns).filter(here).sort("seed", "month")
    return rows[series].cast(pl.Float64).to_numpy().reshape(rows["seed"].n_unique(), -1)


def path_band(comparison: Comparison, scenario: str, route: str, series: str) -> np.ndarray:
    """Return low, median and high (5, 50, 95%) of a series by month, (3, months + 1)."""
    return np.quantile(paths(comparison, scenario, route, series), BAND, axis=0)


def difference_path(
    comparison: Comparison, scenario: str, first: str, second: str, series: str = "practice"
) -> np.ndarray:
    """Return the mean paired difference by month and its 95% interval, low and high, (3, months + 1)."""
    values = paths(comparison, scenario, first, series) - paths(comparison, scenario, second, series)
    found = mean_intervals(values, confidence=confidence(comparison))
    return np.stack([found.mean, found.low, found.high])


def confidence(comparison: Comparison) -> float:
    """Return the confidence at which each interval is taken: higher where one may have stopped at several looks."""
    return CONFIDENCE if comparison.stopping is None else comparison.stopping.rule.confidence


def replicates(comparison: Comparison, scenario: str) -> int:
    """Return how many paired seeds a scenario was run on."""
    return comparison.runs.filter(pl.col("scenario") == scenario)["seed"].n_unique()


def share_reaching(comparison: Comparison, scenario: str, route: str) -> float:
    """Return the share of runs that take off."""
    here = (pl.col("scenario") == scenario) & (pl.col("route") == route)
    return float(np.isfinite(comparison.runs.filter(here)["take_off"].to_numpy()).mean())


def described(comparison: Comparison, kind: str, name: str) -> dict[str, Any]:
    """Return what the manifest says of a scenario, route or pressure; nothing where it does not."""
    found: dict[str, Any] = (comparison.manifest.get(kind) or {}).get(name) or {}
    return found
