"""Open a sweep's results: tables by polars, and one array of runs by point, arm and replicate by xarray."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from experiments.dictionary import data_dictionary
from experiments.factors import Factor
from experiments.measures import MONTH_COLUMNS, RUN_COLUMNS
from experiments.provenance import CAVEAT
from experiments.sweep_files import DESIGN, MONTHS, RUNS, SweepError, read_sweep
from experiments.sweep_runs import column
from experiments.sweep_status import Status, status
from experiments.sweep_work import Work

if TYPE_CHECKING:
    import xarray


@dataclass(frozen=True)
class Results:
    """What a sweep has stored so far; tables are read when they are asked for."""

    folder: Path
    work: Work

    @property
    def status(self) -> Status:
        """How far the sweep is."""
        return status(self.folder)

    @cached_property
    def runs(self) -> pl.DataFrame:
        """A row a run: what it is, whether it failed and why, and its outcomes."""
        return self.scan_runs().collect()

    @cached_property
    def months(self) -> pl.DataFrame:
        """A row a run and programme month (0: before the first); no rows where the plan keeps runs alone."""
        return self.scan_months().collect()

    @cached_property
    def design(self) -> pl.DataFrame:
        """A row a point, a column a factor; empty where the scenario's own value stands."""
        return pl.read_parquet(self.folder / DESIGN)

    @cached_property
    def dictionary(self) -> pl.DataFrame:
        """What every column is: table, column, unit, meaning."""
        return data_dictionary(self.work)

    def scan_runs(self) -> pl.LazyFrame:
        """Return the runs to be read lazily, in order."""
        return pl.scan_parquet(self.parts(RUNS))

    def scan_months(self) -> pl.LazyFrame:
        """Return the months to be read lazily, in order. A part whose runs are not there yet is left out."""
        paths = [path for path in self.parts(MONTHS) if (self.folder / RUNS / path.name).is_file()]
        if not paths:
            schema = {"run": pl.Int64, "month": pl.Int64, **dict.fromkeys(MONTH_COLUMNS, pl.Float32)}
            return pl.LazyFrame(schema=schema)
        return pl.scan_parquet(paths)

    def dataset(self) -> "xarray.Dataset":
        """Return outcomes as arrays (point, arm, replicate), months as (point, arm, replicate, month).

        A factor has the name of its column in the tables; `route` and `under_pressure` are what was run, by point where
        a factor sets them, else by arm. What has failed or is not run yet is nan; so is what is not measured. Raises
        ImportError without xarray.
        """
        import xarray

        work, runs = self.work, self.runs
        shape = (work.points, len(work.arms), work.replicates)
        coordinates: dict[str, Any] = {
            "point": np.arange(work.points),
            "arm": [f"{arm.scenario} | {arm.route} | {arm.pressure}" for arm in map(work.named, work.arms)],
            "seed": ("replicate", work.first_seed + np.arange(work.replicates)),
            "scenario": ("arm", [arm.scenario for arm in work.arms]),
            "route": ("arm", [arm.route for arm in work.arms]),
            "under_pressure": ("arm", [arm.pressure for arm in work.arms]),
        }
        coordinates |= {column(factor.name): self._at_points(factor) for factor in work.factors}
        found = xarray.Dataset(coords=coordinates, attrs={"title": work.title, "caveat": CAVEAT})
        units = {row["column"]: row for row in self.dictionary.iter_rows(named=True) if row["table"] == "runs"}
        where = runs["run"].to_numpy()
        for name in RUN_COLUMNS:
            values = np.full(work.runs, np.nan)
            values[where] = runs[name].fill_null(float("nan")).to_numpy()
            told = {"units": units[name]["unit"], "long_name": units[name]["meaning"]}
            found[name] = ("point", "arm", "replicate"), values.reshape(shape), told
        failed = np.zeros(work.runs, dtype=np.int8)
        failed[where] = (runs["status"] == "failed").to_numpy()
        found["failed"] = ("point", "arm", "replicate"), failed.reshape(shape)
        return self._with_months(found, shape) if work.keep == "months" else found

    def _at_points(self, factor: Factor) -> tuple[Any, Any]:
        """Return a factor's values by point; a route or pressure by point and arm where an arm's own may stand."""
        values = self.design[column(factor.name)]
        own = {"route": lambda arm: arm.route, "pressure": lambda arm: arm.pressure}.get(factor.name)
        if own is None or not values.null_count():
            return "point", _plain(values)
        by_arm = [values.fill_null(own(arm)).to_list() for arm in self.work.arms]
        return ("point", "arm"), np.array(by_arm, dtype=object).T.astype(str)

    def _with_months(self, found: "xarray.Dataset", shape: tuple[int, ...]) -> "xarray.Dataset":
        months = self.months
        if months.is_empty():
            return found
        last = int(months["month"].max())  # type: ignore[arg-type]
        at = months["run"].to_numpy(), months["month"].to_numpy()
        for name in MONTH_COLUMNS:
            values = np.full((self.work.runs, last + 1), np.nan, dtype=np.float32)
            values[at] = months[name].to_numpy()
            found[f"monthly_{name}"] = ("point", "arm", "replicate", "month"), values.reshape(*shape, last + 1)
        return found.assign_coords(month=np.arange(last + 1))

    def parts(self, kind: str) -> list[Path]:
        """Return the files of runs or months, in order."""
        found = sorted((self.folder / kind).glob("*.parquet"))
        if not found and kind == RUNS:
            msg = f"{self.folder} holds no runs yet"
            raise SweepError(msg)
        return found


def _plain(values: pl.Series) -> Any:
    """Return a factor's values as numbers or as texts; what is empty as nan or as an empty text."""
    if values.dtype.is_numeric():
        return values.cast(pl.Float64).fill_null(float("nan")).to_numpy()
    return values.cast(pl.String).fill_null("").to_list()


def load(folder: Path | str) -> Results:
    """Open a sweep's folder, also while it is being written. Raises SweepError where there is none.

    >>> from tempfile import TemporaryDirectory
    >>> from experiments.sweep import sweep
    >>> with TemporaryDirectory() as folder:
    ...     done = sweep("routes-and-seeds", Path(folder) / "first")
    ...     load(done.folder).runs.shape[0]
    24
    """
    said = read_sweep(Path(folder))
    if said is None:
        msg = f"{folder} holds no sweep"
        raise SweepError(msg)
    return Results(Path(folder), Work.model_validate(said["work"]))
