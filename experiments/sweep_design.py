"""Keep a sweep's design as a table, a row a point and a column a factor."""

import hashlib
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import polars as pl

from experiments.design import Column
from experiments.sweep_files import DESIGN, damaged
from experiments.sweep_runs import column, dtype
from experiments.sweep_work import Work


def design_frame(work: Work, columns: Iterable[Column]) -> pl.DataFrame:
    """Return the design as a table, a column a factor."""
    point = pl.Series("point", np.arange(work.points, dtype=np.int64))
    series = [
        pl.Series(column(factor.name), values, dtype=dtype(factor), strict=False)
        for factor, values in zip(work.factors, columns, strict=True)
    ]
    return pl.DataFrame([point, *series])


def read_design(folder: Path, expected: str) -> pl.DataFrame:
    """Return the design that a sweep's folder keeps, by its hash. Raises DamagedError."""
    path = folder / DESIGN
    try:
        table = pl.read_parquet(path.read_bytes())
        if design_hash(table) == expected:
            return table
        what = "is not what was written"
    except FileNotFoundError:
        what = "is missing"
    except (OSError, ValueError, pl.exceptions.PolarsError, pl.exceptions.PanicException):
        what = "is not what was written"
    helps = f"`behaviours resume {folder}` makes it again, or, where it was read from a table, the same `sweep` command"
    raise damaged(path, what, helps)


def design_hash(table: pl.DataFrame) -> str:
    """Return a hash of a design's values, the same on every machine that makes the same."""
    digest = hashlib.sha256()
    for series in table.iter_columns():
        digest.update(f"{series.name} {series.dtype}".encode())
        if series.dtype == pl.String:
            digest.update("\0".join("\1" if value is None else value for value in series).encode())
        else:
            digest.update(series.cast(pl.Float64).fill_null(float("nan")).to_numpy().tobytes())
    return digest.hexdigest()
