"""Run the model many times and say what came out."""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas
    import polars

    from experiments.results import Results, Tables


def load(folder: Path | str) -> "Results":
    """Open a sweep's folder: `.runs`, `.months` and `.design` are polars tables, `.dataset()` is an xarray Dataset."""
    from experiments.results import load as load_results

    return load_results(folder)


def load_tables(folder: Path | str) -> "Results | Tables":
    """Open the folder of a sweep, a comparison or a run: `.tables` by name, `.dictionary`, `.dataset()`."""
    from experiments.results import load_tables as load_any

    return load_any(folder)


def to_pandas(table: "polars.DataFrame | polars.LazyFrame") -> "pandas.DataFrame":
    """Return a table as pandas has it; pyarrow is not needed."""
    from experiments.results import to_pandas as as_pandas

    return as_pandas(table)
