"""Hold what a paired comparison of routes showed: tidy tables and a few arrays for pictures."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from experiments.growing import Stopping


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


@dataclass(frozen=True)
class Comparison:
    """A paired comparison of routes in one or more scenarios.

    `runs`: one row a run: scenario, route, under_pressure (a name), seed, months, then every outcome of
    `simulation.observation.outcomes` (0-1 in the model's scale), practice of each behaviour at the last month
    (`practice_<behaviour id>`), infrastructure by element, practice at months 24 and 60 (`practice_24`, `practice_60`).
    `months`: one row a run and programme month (0 = before the first): scenario, route, seed, month, every series of
    `simulation.recording.SERIES`, behaviours as `practice_<behaviour id>`, elements as `infrastructure_<element id>`.
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
    `portraits`: by (scenario, route). `pictures`: by scenario. `manifest`: provenance, see docs.
    """

    scenarios: tuple[str, ...]
    routes: tuple[str, ...]
    titles: dict[str, str]
    runs: pl.DataFrame
    months: pl.DataFrame
    levels: pl.DataFrame
    contrasts: pl.DataFrame
    pressures: pl.DataFrame
    portraits: dict[tuple[str, str], Portrait]
    pictures: dict[str, PlacePicture]
    manifest: dict[str, Any] = field(default_factory=dict)
    runs_under_pressures: pl.DataFrame = field(default_factory=pl.DataFrame)
    structures: pl.DataFrame = field(default_factory=pl.DataFrame)
    runs_under_structures: pl.DataFrame = field(default_factory=pl.DataFrame)
    stopping: Stopping | None = None
