"""Run a branch again with other luck, for a band around the run that is shown."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from dashboard.decisions.decision import Decision
from dashboard.decisions.timeline import depends_on_seed, scenario_of
from simulation.course import simulate
from simulation.observation import Trajectory
from simulation.scenario import Scenario
from simulation.state import Floats

Run = Callable[[Scenario, int], Trajectory]

REPEATS = 30
LOW, HIGH = 5, 95
"""Percentiles: nine runs in ten lie between."""


@dataclass(frozen=True)
class Band:
    """Where nine runs in ten of a branch lie, month by month from month 0, and how many runs there are."""

    low: Floats  # (months + 1,)
    middle: Floats  # (months + 1,)
    high: Floats  # (months + 1,)
    runs: int


def band(
    base: Scenario,
    decisions: Sequence[Decision],
    seeds: Sequence[int],
    *,
    outcome: str = "practice",
    run: Run = simulate,
) -> Band:
    """Return the band of a branch over seeds; other branches on the same seeds share all luck with it."""
    same = None if depends_on_seed(base.route, decisions) else scenario_of(base, decisions, seed=0)
    found = [run(same or scenario_of(base, decisions, seed=seed), seed) for seed in seeds]
    values = np.array([by_month(trajectory, outcome) for trajectory in found])
    low, middle, high = np.percentile(values, [LOW, 50, HIGH], axis=0)
    return Band(low, middle, high, len(values))


def by_month(trajectory: Trajectory, outcome: str) -> Floats:
    """Return a series from month 0, the end of the burn-in, on; without burn-in the first month stands for it."""
    values = trajectory[outcome]
    return values[trajectory.burn_in - 1 :] if trajectory.burn_in else np.concatenate([values[:1], values])
