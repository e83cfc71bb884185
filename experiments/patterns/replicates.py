"""Keep what the checks need of many runs of one arm: series by seed, and how trust moved where it was recorded."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from simulation.course import simulate
from simulation.observation import COLLABORATIVE, KEPT_AFTER, Trajectory
from simulation.scenario import Scenario
from simulation.state import Floats

KEPT_SERIES = (
    "practice", "perspective", "power", "participation", "reach", "trust", "pressure", "failure_demand_share",
)  # fmt: skip
BREACH = 0.1
"""A relationship that loses more than this share of its trust in a month was breached: decay takes at most 2.5%."""


@dataclass(frozen=True)
class Replicates:
    """Runs of one arm over seeds."""

    series: Mapping[str, Floats]
    """Each (R, months + 1): column m is the end of the m-th programme month, column 0 the month before the first."""
    trust_moves: Floats
    """(R, 2) mean trust lost in a breach over mean gain of a month, and skewness; no columns unless asked for."""

    def at(self, name: str, month: int) -> Floats:
        """Return a series at the end of a programme month (R,)."""
        return self.series[name][:, month]

    def collaborative(self, month: int) -> Floats:
        """Return 1 for the seeds whose place is collaborative at the end of a month, else 0 (R,)."""
        return (self.at("practice", month) > COLLABORATIVE).astype(np.float64)

    def kept(self, leaving: int) -> Floats:
        """Return practice 24 months after the partner left in a month, less practice then (R,)."""
        return self.at("practice", leaving + KEPT_AFTER) - self.at("practice", leaving)


def moves_of_trust(trajectory: Trajectory) -> tuple[float, float]:
    """Return a breach's mean cost over a month's mean gain, and the skewness of all monthly changes of trust.

    All relationships and programme months count. Without a breach, or without a gain, the ratio is not a number.
    """
    trust = trajectory.trust[trajectory.burn_in - 1 :]
    change = np.diff(trust, axis=0)
    breached = change < -BREACH * trust[:-1]
    gained = change > 0
    centred = change - change.mean()
    skewness = float((centred**3).mean() / (centred**2).mean() ** 1.5)
    if not (breached.any() and gained.any()):
        return float("nan"), skewness
    return float(-change[breached].mean() / change[gained].mean()), skewness


def run_arm(scenario: Scenario, seeds: Sequence[int], *, watch_trust: bool = False) -> Replicates:
    """Run a scenario on every seed and keep what the checks need."""
    kept: dict[str, list[Floats]] = {name: [] for name in KEPT_SERIES}
    moves = []
    for seed in seeds:
        trajectory = simulate(scenario, seed, detail="full" if watch_trust else "months")
        for name in KEPT_SERIES:
            kept[name].append(trajectory[name][trajectory.burn_in - 1 :].copy())
        if watch_trust:
            moves.append(moves_of_trust(trajectory))
    return Replicates(
        {name: np.stack(rows) for name, rows in kept.items()},
        np.array(moves, dtype=np.float64).reshape(len(seeds), -1),
    )


def joined(parts: Sequence[Replicates]) -> Replicates:
    """Return replicates of consecutive seeds as one."""
    series = {name: np.concatenate([part.series[name] for part in parts]) for name in KEPT_SERIES}
    return Replicates(series, np.concatenate([part.trust_moves for part in parts]))
