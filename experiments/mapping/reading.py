"""Open a map as one frozen value: a table of cells and the break-even lines, also while it is being made."""

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from experiments.manifest import read_manifest
from experiments.mapping.cells import fresh, going_on, grown, table
from experiments.mapping.contours import Contours, contours
from experiments.mapping.design import MapPlan
from experiments.mapping.folder import found_in, is_whole, read_plan, round_folder
from experiments.output_folder import real
from experiments.sweep_files import damaged

TABLE = "map.parquet"
Grid = NDArray[np.float64]


@dataclass(frozen=True)
class RouteMap:
    """Where each of two routes does better; numbers in the model's own scale (practice 0-1).

    `cells`, a row a cell (y slowly, x quickly): x, y, difference (first minus second), low, high, half_width,
    replicates (pairs of runs), verdict, stopped (why the cell got no more runs, or "goes on"), of each route median,
    low, high (90% band) and mean of the outcome and its median practice, and how many runs failed.
    """

    plan: MapPlan
    cells: pl.DataFrame
    contours: Contours
    manifest: dict[str, Any] = field(default_factory=dict)

    @property
    def finished(self) -> bool:
        """Tell whether no cell goes on."""
        return not (self.cells["stopped"] == "goes on").any()

    @property
    def xs(self) -> Grid:
        """Values of the first factor, rising."""
        return np.array(self.plan.x.levels(), dtype=np.float64)

    @property
    def ys(self) -> Grid:
        """Values of the second factor, rising."""
        return np.array(self.plan.y.levels(), dtype=np.float64)

    @property
    def pairs(self) -> tuple[int, int]:
        """Fewest and most pairs of runs that a cell stands on."""
        pairs = self.cells["replicates"].to_list()
        return min(pairs), max(pairs)

    @property
    def runs(self) -> int:
        """Runs that the cells stand on."""
        return 2 * int(self.cells["replicates"].sum())

    @property
    def saved(self) -> int:
        """Runs fewer than a fixed design takes that gives every cell as many pairs as the last look has."""
        return self.plan.most_runs - self.runs

    @cached_property
    def counts(self) -> dict[str, int]:
        """How many cells have each verdict."""
        return dict(self.cells["verdict"].value_counts().iter_rows())

    def count(self, *verdicts: str) -> int:
        """Return how many cells have one of these verdicts."""
        return sum(self.counts.get(verdict, 0) for verdict in verdicts)

    def grid(self, column: str) -> Grid:
        """Return a column of numbers as (values of y, values of x)."""
        return self.cells[column].cast(pl.Float64).to_numpy().reshape(self.plan.shape)

    def texts(self, column: str) -> Any:
        """Return a column of texts as an array (values of y, values of x)."""
        return np.array(self.cells[column].to_list(), dtype=object).reshape(self.plan.shape)


def read(folder: Path | str) -> RouteMap:
    """Return what a map's folder holds; of one that is being made, what its whole rounds say.

    Raises SweepError where the folder holds no map.
    """
    folder = real(folder)
    plan, manifest = read_plan(folder), read_manifest(folder)
    if manifest is not None:
        try:
            return route_map(plan, pl.read_parquet(folder / TABLE), manifest)
        except (OSError, ValueError, LookupError, pl.exceptions.PolarsError, pl.exceptions.PanicException):
            raise damaged(folder / TABLE, "is not what was written", "the same command makes it again") from None
    cells = fresh(plan)
    for number in range(len(plan.looks)):
        round_ = round_folder(folder, number)
        if not going_on(cells) or not is_whole(round_):
            break
        cells = grown(plan, cells, found_in(round_, plan.outcome))
    return route_map(plan, table(plan, cells))


def route_map(plan: MapPlan, cells: pl.DataFrame, manifest: dict[str, Any] | None = None) -> RouteMap:
    """Return a map with its lines, from its table."""
    found = RouteMap(plan, cells, Contours(), manifest or {})
    surfaces = [found.grid(column) for column in ("difference", "low", "high")]
    return RouteMap(plan, cells, contours(found.xs, found.ys, *surfaces), manifest or {})
