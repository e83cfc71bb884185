"""What a paired comparison found: its tables, and the one place that knows their columns."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from itertools import combinations
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from experiments import arms
from experiments.inference import BAND, CONFIDENCE, Verdict, mean_intervals
from experiments.results import Framed
from experiments.sequential import Stopping


@dataclass(frozen=True)
class Portrait:
    """Means over replicates of one place under one route, by organisation and by relationship."""

    practice_before: NDArray[np.float64]  # (N, 9) at programme month 0
    practice_after: NDArray[np.float64]  # (N, 9) at the last month
    trust_before: NDArray[np.float64]  # (L,)
    trust_after: NDArray[np.float64]  # (L,)
    pressure_after: NDArray[np.float64]  # (N,)


@dataclass(frozen=True)
class PlacePicture:
    """Who is in a place, for pictures: the same for all replicates (the first seed's ties where generated)."""

    ids: tuple[str, ...]
    names: tuple[str, ...]
    kinds: tuple[str, ...]
    size: NDArray[np.float64]  # (N,)
    tie_from: NDArray[np.int64]  # (L,)
    tie_to: NDArray[np.int64]  # (L,)


@dataclass(frozen=True, kw_only=True)
class Subject:
    """What a report is about: names of scenarios and routes, their titles, and the manifest that says where it is from.

    `manifest`: provenance, see docs.
    """

    scenarios: tuple[str, ...]
    routes: tuple[str, ...]
    titles: dict[str, str]
    manifest: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Comparison(Subject, Framed):
    """A paired comparison of routes in one or more scenarios.

    `runs`: one row a run: scenario, route, under_pressure (a name), seed, months, then every outcome of
    `simulation.outcomes.OUTCOMES` (0-1 in the model's scale), practice of each behaviour at the last month
    (`practice_<behaviour id>`), infrastructure by element, practice at months 24 and 60 (`practice_24`, `practice_60`).
    `months`: one row a run and programme month (0 = before the first): scenario, route, seed, month, every series of
    `simulation.outcomes.SERIES`, behaviours as `practice_<behaviour id>`, elements as `infrastructure_<element id>`.
    `levels`: one row a scenario, route and outcome: median, low, high (90% band), mean, replicates.
    `contrasts`: one row a scenario, pair of routes, outcome and month: difference (mean, paired), low, high (95%),
    adjusted low and high where named beforehand, probability that the first is ahead (with its interval), median
    difference, verdict, named_beforehand (bool), replicates, half_width, precise_enough.
    The verdict of one named beforehand is read from its adjusted interval; elsewhere adjusted is the same as not.
    `pressures`: the main contrast under each other ready pressure (exploratory), columns as `contrasts` plus pressure
    and the medians of both routes; `runs_under_pressures` are the runs it comes from.
    `structures`: the main contrast in practice at the last month and two years in, under each other structure of the
    model (exploratory), columns as `contrasts` plus structure, group, title, place (the title of the one it was tried
    in), moved (bool: that is not the scenario's own) and the medians of both routes; `runs_under_structures` likewise.
    `stopping`: where replicates stopped growing, if they grew; every interval is then taken at its rule's confidence.
    `portraits`: by (scenario, route). `pictures`: by scenario.
    """

    runs: pl.DataFrame
    months: pl.DataFrame
    levels: pl.DataFrame
    contrasts: pl.DataFrame
    pressures: pl.DataFrame
    portraits: dict[tuple[str, str], Portrait]
    pictures: dict[str, PlacePicture]
    runs_under_pressures: pl.DataFrame = field(default_factory=pl.DataFrame)
    structures: pl.DataFrame = field(default_factory=pl.DataFrame)
    runs_under_structures: pl.DataFrame = field(default_factory=pl.DataFrame)
    stopping: Stopping | None = None

    @property
    def tables(self) -> dict[str, pl.LazyFrame]:
        """Every table by name; those that were not asked for are not there."""
        names = ("runs", "months", "levels", "contrasts", "pressures", "structures", "runs_under_pressures",
                 "runs_under_structures")  # fmt: skip
        return {name: getattr(self, name).lazy() for name in names if getattr(self, name).width}


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


def own_outcomes(comparison: Subject) -> tuple[str, ...]:
    """Return the names of the outcomes of one's own that were measured besides the model's."""
    return tuple(str(one["name"]) for one in comparison.manifest.get("own_outcomes") or ())


def title(comparison: Subject, name: str) -> str:
    """Return the title of a scenario, route or pressure, or its name where it has none."""
    return comparison.titles.get(name) or name


def pressure_title(comparison: Subject, name: str) -> str:
    """Return a pressure's title, or its name where it has none; a route may have the same name."""
    known = described(comparison, "pressures", name).get("title")
    taken = name in comparison.routes or name in comparison.scenarios
    return known or (name if taken else title(comparison, name))


def in_text(comparison: Subject, name: str) -> str:
    """Return a route's title as it reads inside a sentence: "prototype-led"."""
    words = title(comparison, name)
    return words[:1].lower() + words[1:]


def main_pair(comparison: Comparison) -> tuple[str, str] | None:
    """Return the pair of routes that the comparison is first about, or None where there is only one route."""
    if not set(arms.PRIMARY) <= set(comparison.routes) and is_named(comparison):
        row = comparison.contrasts.filter(pl.col("named_beforehand")).row(0, named=True)
        return row["first"], row["second"]
    return arms.main_pair(comparison.routes)


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
    first = [route for route in (arms.NO_PARTNER, *reversed(pair)) if route in comparison.routes]
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


def described(comparison: Subject, kind: str, name: str) -> dict[str, Any]:
    """Return what the manifest says of a scenario, route or pressure; nothing where it does not."""
    found: dict[str, Any] = (comparison.manifest.get(kind) or {}).get(name) or {}
    return found


Name = Callable[[str], str]


FLAT = 0.1
"""Median practice below which a route is called flat: less than 1 of 10 at the end."""


def leader(contrast: Contrast) -> tuple[str, str]:
    """Return the two routes, the one with the higher mean first: a name to use only where a verdict allows it."""
    pair = (contrast.first, contrast.second)
    return pair if contrast.difference >= 0 else (pair[1], pair[0])
