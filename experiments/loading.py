"""Open a sweep's results: tables by polars, and one array of runs by point, arm and replicate by xarray."""

from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from experiments.dictionary import data_dictionary
from experiments.factors import Factor
from experiments.measures import MONTH_COLUMNS, RUN_COLUMNS
from experiments.output_folder import is_held
from experiments.provenance import CAVEAT
from experiments.sweep_design import read_design
from experiments.sweep_files import MONTHS, RUNS, SweepError, damaged, file_sha, journal
from experiments.sweep_runs import column
from experiments.sweep_status import Status, status
from experiments.sweep_work import Work, open_work

if TYPE_CHECKING:
    import xarray


@dataclass(frozen=True)
class Results:
    """What a sweep has stored so far; tables are read when they are asked for."""

    folder: Path
    work: Work
    design_hash: str

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
        return read_design(self.folder, self.design_hash)

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

    def refuse_damage(self) -> None:
        """Raise SweepError where there are no runs yet, or a file that all results are read from is damaged."""
        self.design  # noqa: B018
        for kind in (RUNS, MONTHS):
            self.parts(kind)

    def parts(self, kind: str) -> list[Path]:
        """Return the files of runs or months, in order.

        Raises SweepError where there are no runs yet, DamagedError where a file is missing or is not what was written.
        """
        found = sorted((self.folder / kind).glob("*.parquet"))
        if not found and kind == RUNS:
            msg = f"{self.folder} holds no runs yet; `behaviours resume {self.folder}` runs them"
            raise SweepError(msg)
        if not is_held(self.folder):  # while it is written, a part may be there before it is noted
            refuse_damaged(self.folder, kind, {int(path.stem): path for path in found if path.stem.isdigit()})
        return found


def refuse_damaged(folder: Path, kind: str, found: dict[int, Path]) -> None:
    """Raise DamagedError where a part that was noted is missing or is not what was written."""
    helps = f"`behaviours resume {folder}` runs its runs again"
    for entry in {entry.number: entry for entry in journal(folder)}.values():
        noted = entry.sha256 if kind == RUNS else entry.months_sha256
        if noted is None:
            continue
        path = found.pop(entry.number, None)
        if path is None:
            raise damaged(folder / kind / f"{entry.number:06d}.parquet", "is missing", helps)
        try:
            whole = _sha(path, path.stat().st_size, path.stat().st_mtime_ns) == noted
        except OSError:
            whole = False
        if not whole:
            raise damaged(path, "is not what was written", helps)
    for path in found.values():  # a kill came before the journal
        try:
            pl.read_parquet(path)
        except (OSError, pl.exceptions.PolarsError):
            raise damaged(path, "is not what was written", helps) from None


@lru_cache(maxsize=100_000)
def _sha(path: Path, size: int, changed: int) -> str:
    return file_sha(path)


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
    said, work = open_work(Path(folder))
    return Results(Path(folder), work, str(said["design"]))
