"""Read a sweep's outcome as an array by point, arm and replicate; name what failed, count what is not there yet."""

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from experiments.analysis.question import Question
from experiments.loading import Results
from experiments.statistics import Floats
from experiments.sweep_runs import FAILED, OK

FAILURE_COLUMNS = ("run", "point", "scenario", "route", "under_pressure", "seed", "error")


@dataclass(frozen=True)
class Cube:
    """An outcome in the model's scale: `values` (points, arms, replicates), nan where there is none.

    `ended` tells which runs came to their end, whether or not they have the outcome; `failures` has a row a failed run.
    """

    values: Floats
    ended: NDArray[np.bool_]
    failures: pl.DataFrame

    @property
    def runs(self) -> int:
        """Runs that the plan has."""
        return self.values.size

    @property
    def done(self) -> int:
        """Runs that are stored, failed ones among them."""
        return int(self.ended.sum()) + len(self.failures)


def read_cube(results: Results, question: Question) -> Cube:
    """Read what is stored by now. Raises SweepError where nothing is."""
    work = results.work
    runs = results.scan_runs()
    failures = runs.filter(pl.col("status") == FAILED).select(FAILURE_COLUMNS).collect()
    ended = runs.filter(pl.col("status") == OK)
    if question.column is not None:
        found = ended.select("run", pl.col(question.column).alias("value")).collect()
    else:
        months = results.scan_months().filter(pl.col("month") == question.month)
        at = months.select("run", pl.col(question.outcome).cast(pl.Float64).alias("value"))
        found = ended.select("run").join(at, on="run", how="left").collect()
    shape = (work.points, len(work.arms), work.replicates)
    values, there = np.full(work.runs, np.nan), np.zeros(work.runs, dtype=bool)
    where = found["run"].to_numpy()
    values[where] = found["value"].fill_null(float("nan")).to_numpy()
    there[where] = True
    return Cube(values.reshape(shape), there.reshape(shape), failures)
