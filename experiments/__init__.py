"""Run the model many times and say what came out."""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from experiments.loading import Results


def load(folder: Path | str) -> "Results":
    """Open a sweep's folder: `.runs`, `.months` and `.design` are polars tables, `.dataset()` is an xarray Dataset."""
    from experiments.loading import load as load_results

    return load_results(folder)
