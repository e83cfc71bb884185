"""Run one run of a sweep or a map again in memory, and hold it against the row that was stored: the same bits."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from dashboard.runs import run
from dashboard.sweeping.reading import Snapshot
from simulation.observation import Trajectory
from simulation.scenario import ProblemError, Scenario
from simulation.version import MODEL_VERSION

if TYPE_CHECKING:
    from experiments.factors import Value
    from experiments.mapping.reading import RouteMap
    from experiments.sweep_work import Arm


@dataclass(frozen=True)
class Again:
    """One run carried out again: its scenario and months, or the problem; `same` is None where no row is stored."""

    arm: "Arm"
    seed: int
    scenario: Scenario | None = None
    trajectory: Trajectory | None = None
    problem: str = ""
    same: bool | None = None
    stored_error: str = ""
    """Why the run failed in the sweep, where it did."""


def again(found: Snapshot, point: int, arm: int, replicate: int) -> Again:
    """Run an arm of a sweep at a point on one of its seeds."""
    work = found.work
    number = (point * len(work.arms) + arm) * work.replicates + replicate
    seed = work.first_seed + replicate
    return _carry_out(lambda: work.scenario(arm, row_of(found, point)), work.arms[arm], seed, _stored(found, number))


def again_in_map(found: "RouteMap", folder: Path, cell: int, arm: int, replicate: int) -> Again:
    """Run a route of a map at a cell on one of its seeds."""
    from experiments.factors import applied

    plan = found.plan
    seed = plan.first_seed + replicate
    return _carry_out(
        lambda: applied(plan.arms[arm].what, (plan.x, plan.y), plan.points[cell]), plan.arms[arm], seed,
        _stored_in_map(folder, cell, arm, seed),
    )  # fmt: skip


def row_of(found: Snapshot, point: int) -> "tuple[Value | None, ...]":
    """Return the factors' values at a point; None where the scenario's own stands."""
    from experiments.sweep_runs import column

    names = [column(factor.name) for factor in found.work.factors]
    rows: list[Any] = found.results.design.slice(point, 1).select(names).rows() if names else []
    return tuple(rows[0]) if rows else ()


def said(one: Again) -> str:
    """Say whether a run carried out again is the one that was stored."""
    if one.problem:
        return f"This run can’t be carried out: {one.problem}"
    if one.stored_error:
        return f"In the sweep this run failed: {one.stored_error} Here it came to its end."
    if one.same is None:
        return "This run is not stored yet: it was carried out here for the first time."
    if one.same:
        return "The run was carried out again just now, and gives the stored numbers to the last bit."
    return (
        "The run was carried out again just now, and gives other numbers than are stored: another version of the "
        f"model, or another kind of machine, made them. Here it is version {MODEL_VERSION}."
    )


def same_bits(trajectory: Trajectory, row: dict[str, Any]) -> bool:
    """Tell whether a run's outcomes are those of a stored row, bit for bit."""
    from experiments.measures import RUN_COLUMNS, run_values

    new = run_values(trajectory)
    old = np.array([np.nan if row[name] is None else row[name] for name in RUN_COLUMNS], dtype=np.float64)
    return bool(np.all((np.isnan(new) & np.isnan(old)) | (new.view(np.int64) == old.view(np.int64))))


def _carry_out(make: Any, arm: "Arm", seed: int, row: dict[str, Any] | None) -> Again:
    failed = (row or {}).get("error") or ""
    try:
        scenario = make()
        trajectory = run(scenario, seed)
    except ProblemError as error:
        return Again(arm, seed, problem=str(error), stored_error=failed)
    except Exception as error:  # whatever a scenario raises is said, as the sweep itself says it
        return Again(arm, seed, problem=f"{type(error).__name__}: {error}", stored_error=failed)
    same = None if row is None or failed else same_bits(trajectory, row)
    return Again(arm, seed, scenario, trajectory, same=same, stored_error=failed)


def _stored(found: Snapshot, number: int) -> dict[str, Any] | None:
    """Return a run's row, None where it is not stored; a part that is just being replaced counts as not there."""
    return _first(found.results, [("run", number)])


def _stored_in_map(folder: Path, cell: int, arm: int, seed: int) -> dict[str, Any] | None:
    """Return the row of a map's run in its first round, which holds every cell."""
    from experiments.loading import load
    from experiments.mapping.folder import round_folder

    try:
        results = load(round_folder(folder, 0))
    except Exception:  # a map that has just begun
        return None
    work = results.work
    replicate = seed - work.first_seed
    if not 0 <= replicate < work.replicates:
        return None
    return _first(results, [("run", (cell * len(work.arms) + arm) * work.replicates + replicate)])


def _first(results: Any, where: Sequence[tuple[str, Any]]) -> dict[str, Any] | None:
    import polars as pl

    from experiments.sweep_files import SweepError

    try:
        rows = results.scan_runs().filter(*(pl.col(name) == value for name, value in where)).collect()
    except (SweepError, OSError, pl.exceptions.PolarsError):
        return None
    found: dict[str, Any] | None = rows.row(0, named=True) if len(rows) else None
    return found
