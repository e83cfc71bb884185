"""Give tests small plans, ways to run them as a process of their own, and ways to look at what is stored."""

import hashlib
from pathlib import Path

import polars as pl
from polars.testing import assert_frame_equal

from experiments.factors import Factor
from experiments.work import Work, work_of
from simulation.outcomes import RUN_COLUMNS
from simulation.scenario import Scenario, load_scenario

TINY = Scenario(name="tiny", months=3)
PLAN = """
scenarios = ["generated"]
routes = ["none", "prototype-led"]
months = {months}
replicates = {replicates}
keep = "{keep}"
runs_a_part = 5
[design]
type = "latin-hypercube"
points = {points}
seed = 3
[factors]
trust_gain = "plausible"
initial_pressure = {{ low = 0.9, high = 1.1 }}
"route.number_of_sites" = [3, 5, 8]
"""


def plan_file(folder: Path, *, months: int = 3, replicates: int = 3, points: int = 4, keep: str = "runs") -> Path:
    """Write a small plan."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "plan.toml"
    path.write_text(PLAN.format(months=months, replicates=replicates, points=points, keep=keep))
    return path


def small_work(*, runs_a_chunk: int = 5, keep: str = "months", **more: object) -> Work:
    """Return 36 runs in chunks of a few: two routes, six points, three seeds."""
    scenario = load_scenario("generated").changed(months=6)
    factors = [
        Factor(name="trust_gain", values=(0.05, 0.1, 0.12)),
        Factor(name="structure.influence", values=("hill", "linear")),
    ]
    work = work_of(
        [scenario],
        factors,
        routes=["none", "prototype-led"],
        replicates=3,
        keep=keep,  # type: ignore[arg-type]
        **more,  # type: ignore[arg-type]
    )
    return cut(work, runs_a_chunk)


def cut(work: Work, runs_a_chunk: int) -> Work:
    """Return the work cut into chunks of so many runs, as a larger model would be."""
    return work.model_copy(update={"chunk_size": runs_a_chunk})


def runs_of(folder: Path) -> pl.DataFrame:
    """Return all stored runs in order."""
    return pl.read_parquet(folder / "runs" / "*.parquet").sort("run")


def months_of(folder: Path) -> pl.DataFrame:
    """Return all stored months in order."""
    return pl.read_parquet(folder / "months" / "*.parquet").sort("run", "month")


def assert_same(first: pl.DataFrame, second: pl.DataFrame) -> None:
    """Assert that two tables are the same, every number to its last bit."""
    assert_frame_equal(first, second, check_exact=True)
    for name in RUN_COLUMNS if RUN_COLUMNS[-1] in first.columns else ():
        assert bits(first[name]) == bits(second[name]), name


def bits(series: pl.Series) -> str:
    """Return a hash of a column's bits."""
    return hashlib.sha256(series.fill_null(-1.5).to_numpy().tobytes()).hexdigest()
