"""Outcomes of one's own for tests: functions of a module, so that other processes can import them."""

import numpy as np

from simulation import Outcome, Trajectory


def furthest_apart(trajectory: Trajectory) -> float:
    """Return the highest practice of an organisation less the lowest, at the end."""
    return float(np.ptp(trajectory.by_organisation["practice"][-1]))


def early(trajectory: Trajectory) -> float:
    """Return practice at the third month, and nan where that is not run."""
    return trajectory.at("practice", 3) if trajectory.months >= 3 else float("nan")


def is_high(trajectory: Trajectory) -> bool:
    """Tell whether pressure ends high, as it does in some runs and not in others."""
    return bool(trajectory["pressure"][-1] > 0.96)


def failing(trajectory: Trajectory) -> float:
    """Fail in some runs."""
    if is_high(trajectory):
        msg = "too high"
        raise ValueError(msg)
    return 1.0


APART = Outcome(
    "furthest_apart", "Furthest apart", "0\u201310", "highest practice less lowest", 10, 1, 0.02,
    function=furthest_apart, detail="organisations",
)  # fmt: skip
EARLY = Outcome("early", "Practice at month 3", "0\u201310", factor=10, function=early)
FAILING = Outcome("failing", function=failing)
