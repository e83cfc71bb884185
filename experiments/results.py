"""What was stored, as tables and arrays."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from experiments import store
from experiments.chunks import column
from experiments.factors import Factor
from experiments.manifest import CAVEAT, MANIFEST, faults, read_manifest
from experiments.output_folder import is_held
from experiments.store import (
    Status,
    SweepError,
    damaged,
    file_sha,
    journal,
    no_sweep,
    open_work,
    outcomes_of,
    read_design,
    read_sweep,
)
from experiments.work import MONTHS, RUNS, Work
from simulation.outcomes import RUN_COLUMNS, by_month, shown
from simulation.own_outcome import OwnOutcome
from simulation.parameters import BY_NAME
from simulation.scenario.errors import Problem, ProblemError

if TYPE_CHECKING:
    import pandas
    import xarray


class Framed:
    """Results whose tables are had by name, as polars or as pandas has them."""

    @property
    def tables(self) -> Mapping[str, pl.LazyFrame]:
        """Every table by name."""
        raise NotImplementedError

    def to_pandas(self, table: str = "runs") -> "pandas.DataFrame":
        """Return a table by its name as pandas has it; pyarrow is not needed. Raises ProblemError for another name."""
        found = self.tables
        if table not in found:
            raise ProblemError([Problem("is no table of these results", value=table, allowed=", ".join(found))])
        return to_pandas(found[table])


# Say what every column of a sweep's, a comparison's or a run's tables is: its unit and its meaning.


_KEYS = {
    "run": ("number", "number of the run in the sweep"),
    "id": ("hash", "identity of the run: scenario, settings, seed and model version"),
    "point": ("number", "row of the design"),
    "replicate": ("number", "which seed: first_seed + replicate; shared by all points, scenarios and routes"),
    "seed": ("number", "what decides all luck"),
    "scenario": ("name", "scenario"),
    "route": ("name", "entry route that was run"),
    "under_pressure": ("name", "pressure that was run"),
    "months": ("months", "programme months that were run"),
    "status": ("ok or failed", "whether the run came to its end"),
    "error": ("text", "why it failed"),
    "traceback": ("text", "where it failed, for a programmer"),
}
_MONTH = ("months", "programme month; 0 is before the first")
NOT_REACHED = "not reached"
_BAND = {
    "median": "of runs: the middle one",
    "low": "of runs: nine in ten lie above this or below high, 5%",
    "high": "of runs: upper end of the band in which nine in ten lie, 95%",
    "mean": "mean over runs",
}
_LEVEL = {
    "outcome": ("name", "what was measured"),
    "replicates": ("number", "runs in which it was measured"),
    "title": ("text", "the outcome's title"),
    "shown_unit": ("text", "unit of the columns shown_..., the scale that reports show"),
    **{name: ("as the outcome's", words) for name, words in _BAND.items()},
    **{f"shown_{name}": ("shown_unit", words) for name, words in _BAND.items()},
}
_CONTRAST = {
    "first": ("name", "route whose outcome the other's is taken from"),
    "second": ("name", "route whose outcome is taken away"),
    "outcome": ("name", "what was measured"),
    "month": ("months", "programme month at which it was measured"),
    "pressure": ("name", "pressure that both routes were run under"),
    "structure": ("name", "structure of the model that both routes were run in"),
    "group": ("text", "which choices the structure is one of"),
    "title": ("text", "the structure's title"),
    "place": ("text", "title of the place in which the structure was tried"),
    "moved": ("true or false", "whether that is another place than the scenario's own"),
    "difference": ("as the outcome's", "mean paired difference, first minus second, on the same seeds"),
    "low": ("as the outcome's", "lower end of the difference's 95% interval"),
    "high": ("as the outcome's", "upper end of the difference's 95% interval"),
    "adjusted_low": ("as the outcome's", "lower end adjusted for all contrasts named beforehand; else as low"),
    "adjusted_high": ("as the outcome's", "upper end adjusted for all contrasts named beforehand; else as high"),
    "ahead": ("share", "pairs of runs in which the first is ahead"),
    "ahead_low": ("share", "lower end of that share's 95% interval"),
    "ahead_high": ("share", "upper end of that share's 95% interval"),
    "median_difference": ("as the outcome's", "the middle paired difference"),
    "verdict": ("text", "what the interval allows to be said"),
    "named_beforehand": ("true or false", "whether the contrast was named before any run"),
    "replicates": ("number", "pairs of runs"),
    "half_width": ("as the outcome's", "half the interval's width"),
    "precision": ("as the outcome's", "half-width that was asked for"),
    "precise_enough": ("true or false", "whether half_width is no larger than that"),
    "replicates_needed": ("number", "pairs at which it would be"),
    "first_median": ("as the outcome's", "the middle run of the first route"),
    "second_median": ("as the outcome's", "the middle run of the second route"),
}
_BY_TABLE = {
    "summary": _LEVEL, "contrasts": _CONTRAST, "pressures": _CONTRAST, "structures": _CONTRAST,
    "runs-under-structures": {"structure": _CONTRAST["structure"]},
}  # fmt: skip


def data_dictionary(work: Work, outcomes: Sequence[str] = RUN_COLUMNS) -> pl.DataFrame:
    """Return table, column, unit and meaning of every column of runs, months and design."""
    rows = [("runs", name, *said) for name, said in _KEYS.items()]
    rows += [
        ("runs", column(factor.name), *_factor(factor)) for factor in work.factors if column(factor.name) not in _KEYS
    ]
    rows += [("runs", name, *_outcome(name)) for name in outcomes]
    if work.keep == "months":
        rows += [
            ("months", "run", *_KEYS["run"]),
            ("months", "month", *_MONTH),
        ]
        rows += [("months", name, *_outcome(name)) for name in by_month(outcomes)]
    rows += [("design", "point", *_KEYS["point"])]
    rows += [("design", column(factor.name), *_factor(factor)) for factor in work.factors]
    return pl.DataFrame(rows, schema=["table", "column", "unit", "meaning"], orient="row")


def dictionary_of(tables: Mapping[str, Sequence[str]]) -> pl.DataFrame:
    """Return table, column, unit and meaning of every column of a comparison's or a run's tables."""
    rows = []
    for table, names in tables.items():
        own = _KEYS | {"month": _MONTH} | _BY_TABLE.get(table, {})
        rows += [(table, name, *(own.get(name) or _outcome(name))) for name in names]
    return pl.DataFrame(rows, schema=["table", "column", "unit", "meaning"], orient="row")


def _factor(factor: Factor) -> tuple[str, str]:
    """Return unit and meaning of a factor's column."""
    parameter = BY_NAME.get(factor.name)
    own = "varied by the plan; empty where the scenario's own value stands"
    return (parameter.unit, f"{parameter.meaning}; {own}") if parameter else ("as in the scenario", own)


def _outcome(name: str) -> tuple[str, str]:
    """Return unit and meaning of an outcome, in the model's own scale and not in the one shown to people."""
    how = shown(name)
    meaning = how.definition or how.meaning
    if how.may_not_be_reached:
        meaning += f". Where it never is, '{NOT_REACHED}' in a spreadsheet and inf elsewhere"
    return how.stored, f"{how.title}: {meaning}" if meaning else how.title


# Open the results of a sweep, a comparison or a run: tables by polars or pandas, arrays by xarray.


OPENED = ("comparison", "run")
"""Kinds of results, besides sweeps, whose tables can be opened."""
NEEDED = {"runs.parquet", "months.parquet"}


@dataclass(frozen=True)
class Results(Framed):
    """What a sweep has stored so far; tables are read when they are asked for."""

    folder: Path
    work: Work
    design_hash: str

    @property
    def status(self) -> Status:
        """How far the sweep is."""
        return store.status(self.folder)

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
    def outcomes(self) -> tuple[str, ...]:
        """What is kept of each run: what was measured by the version that began the sweep."""
        return outcomes_of(self.folder, read_sweep(self.folder) or {})

    @cached_property
    def dictionary(self) -> pl.DataFrame:
        """What every column is: table, column, unit, meaning."""
        return data_dictionary(self.work, self.outcomes)

    @property
    def title(self) -> str:
        """The plan's title."""
        return self.work.title

    @property
    def identity(self) -> str:
        """A hash of what was to be run."""
        return self.work.content_hash()

    @property
    def tables(self) -> dict[str, pl.LazyFrame]:
        """Every table by name."""
        months = {MONTHS: self.scan_months()} if self.work.keep == MONTHS else {}
        return {RUNS: self.scan_runs(), "design": self.design.lazy()} | months

    def scan_runs(self) -> pl.LazyFrame:
        """Return the runs to be read lazily, in order."""
        return pl.scan_parquet(self.parts(RUNS))

    def scan_months(self) -> pl.LazyFrame:
        """Return the months to be read lazily, in order. A part whose runs are not there yet is left out."""
        paths = [path for path in self.parts(MONTHS) if (self.folder / RUNS / path.name).is_file()]
        if not paths:
            schema = {"run": pl.Int64, "month": pl.Int64, **dict.fromkeys(by_month(self.outcomes), pl.Float32)}
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
        for name in self.outcomes:
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
        for name in by_month(self.outcomes):
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


@dataclass(frozen=True)
class Tables(Framed):
    """What a comparison or a single run has written."""

    folder: Path
    manifest: dict[str, Any]

    @property
    def title(self) -> str:
        """What was run, in words."""
        return (
            f"{' and '.join(self.manifest.get('scenarios') or ())}, {' and '.join(self.manifest.get('routes') or ())}"
        )

    @property
    def identity(self) -> str:
        """A hash of what was written."""
        files = json.dumps({name: entry["sha256"] for name, entry in self.manifest["files"].items()}, sort_keys=True)
        return hashlib.sha256(files.encode()).hexdigest()

    @property
    def tables(self) -> dict[str, pl.LazyFrame]:
        """Every table by the name of its file."""
        names = [Path(name) for name in self.manifest["files"] if name.endswith((".parquet", ".csv"))]
        return {name.stem: self._scanned(self.folder / name) for name in names if len(name.parts) == 1}

    def refuse_damage(self) -> None:
        """Raise SweepError where a file is missing, or is not what was written."""
        if wrong := faults(self.folder):
            raise self.damaged(wrong)

    @cached_property
    def dictionary(self) -> pl.DataFrame:
        """What every column is: table, column, unit, meaning."""
        return dictionary_of({name: table.collect_schema().names() for name, table in self.tables.items()})

    def dataset(self) -> "xarray.Dataset":
        """Return outcomes as arrays (scenario, route, seed), months as (scenario, route, seed, month).

        What is not measured is nan; so is a month after a scenario's end. Raises ImportError without xarray.
        """
        import xarray

        keys = ["scenario", "route", "seed"]
        runs, months = (to_pandas(self.tables[name]) for name in (RUNS, MONTHS))
        found = xarray.Dataset.from_dataframe(runs.set_index(keys))
        by_month = months.set_index([*keys, "month"]).add_prefix("monthly_")
        found = found.merge(xarray.Dataset.from_dataframe(by_month)).assign_attrs(title=self.title, caveat=CAVEAT)
        for row in self.dictionary.filter(pl.col("table") == RUNS).iter_rows(named=True):
            if row["column"] in found:
                found[row["column"]].attrs |= {"units": row["unit"], "long_name": row["meaning"]}
        return found

    def _scanned(self, path: Path) -> pl.LazyFrame:
        try:
            is_csv = path.suffix == ".csv"
            frame = pl.read_csv(path, infer_schema_length=None).lazy() if is_csv else pl.scan_parquet(path)
            frame.collect_schema()
        except (OSError, pl.exceptions.PolarsError):
            raise self.damaged([f"{path.name} is missing, or is not what was written"]) from None
        return frame

    def damaged(self, wrong: Sequence[str]) -> SweepError:
        """Return the error of files that are missing or not what was written."""
        why = "; ".join(wrong)
        return SweepError(f"{self.folder}: {why}; the command in {MANIFEST} writes it again, into a new folder")


def to_pandas(table: pl.DataFrame | pl.LazyFrame) -> "pandas.DataFrame":
    """Return a table as pandas has it; pyarrow is not needed.

    Whole numbers and truths with gaps become pandas' own types that know gaps; a gap in other numbers is nan.

    >>> to_pandas(pl.DataFrame({"seed": [1, None], "practice": [0.5, None], "route": ["none", None]})).dtypes.to_list()
    [Int64Dtype(), dtype('float64'), dtype('O')]
    """
    import pandas

    frame = table.collect() if isinstance(table, pl.LazyFrame) else table
    return pandas.DataFrame({series.name: _column(series) for series in frame}, columns=frame.columns)


def _column(series: pl.Series) -> Any:
    import pandas

    if series.dtype.is_float():
        return series.fill_null(float("nan")).to_numpy()
    if series.null_count() and (series.dtype.is_integer() or series.dtype == pl.Boolean):
        kind = "boolean" if series.dtype == pl.Boolean else "UInt64" if series.dtype.is_unsigned_integer() else "Int64"
        return pandas.array(series.to_list(), dtype=kind)
    if series.dtype.is_numeric() or series.dtype == pl.Boolean:
        return series.to_numpy()
    return pandas.Series(series.to_list(), dtype=object)


def load_tables(folder: Path | str) -> Results | Tables:
    """Open the folder of a sweep, a comparison or a run. Raises SweepError where it is none of them, or damaged."""
    where = Path(folder)
    if read_sweep(where) is not None:
        return load(where)
    manifest = read_manifest(where)
    if manifest is None or manifest.get("kind") not in OPENED:
        raise no_sweep(where, "sweep, comparison or run")
    for said in manifest.get("own_outcomes") or ():
        with suppress(ValueError):
            OwnOutcome.model_validate(said)  # from now on its words are known
    opened = Tables(where, manifest)
    if NEEDED - set(manifest["files"]) or not all(map(_is_entry, manifest["files"].values())):
        raise opened.damaged([f"{MANIFEST} is not what was written"])
    return opened


def _is_entry(said: object) -> bool:
    return isinstance(said, dict) and isinstance(said.get("sha256"), str)


def load(folder: Path | str) -> Results:
    """Open a sweep's folder, also while it is being written. Raises SweepError where there is none.

    >>> from tempfile import TemporaryDirectory
    >>> from experiments.runner import sweep
    >>> with TemporaryDirectory() as folder:
    ...     done = sweep("routes-and-seeds", Path(folder) / "first")
    ...     load(done.folder).runs.shape[0]
    24
    """
    said, work = open_work(Path(folder))
    return Results(Path(folder), work, str(said["design"]))
