"""P14: trust leads practice, and practice leads failure demand."""

from collections.abc import Callable, Mapping

import numpy as np

from experiments.patterns.arms import arm
from experiments.patterns.check import Ablation, Check, Family
from experiments.patterns.replicates import Replicates
from simulation.state import Floats

MONTHS = 121
ARMS = {"blended": arm()}


def half_way(paths: Floats) -> Floats:
    """Return the month in which each path (rows, months) is half-way from its first value to its farthest one.

    The month is read between whole months by a straight line; a path that never moves gives not a number.
    """
    moved = np.abs(paths - paths[:, :1])
    half = moved.max(axis=1) / 2
    there = (moved >= half[:, None]).argmax(axis=1)
    rows = np.arange(len(paths))
    before = np.maximum(there - 1, 0)
    with np.errstate(invalid="ignore"):
        step = (half - moved[rows, before]) / (moved[rows, there] - moved[rows, before])
    return np.where(half > 0, before + step, np.nan)


def paths(*names: str) -> Callable[[Mapping[str, Replicates]], Floats]:
    """Return the effect that lays series from month 0 to 120 end to end, a row a seed."""
    return lambda arms: np.column_stack([arms["blended"].series[name][:, :MONTHS] for name in names])


def lead(means: Floats) -> Floats:
    """Combine two mean paths laid end to end into the months by which the first is half-way before the second."""
    return half_way(means[:, MONTHS:]) - half_way(means[:, :MONTHS])


def trust_leads(alternative: str = "") -> Check:
    """Return the first check under a structural alternative (default: the model's own `split`)."""
    return Check(
        name=f"P14a ({alternative})" if alternative else "P14a",
        says="Trust grows before practice does.",
        quantity="months by which mean trust is half-way before mean practice",
        arms=ARMS,
        effect=paths("trust", "practice"),
        combine=lead,
        unit="months",
        ablation=Ablation(
            meaning="relationships do not limit the speed of change", settings={"relationship_speed": 0.0}
        ),
        alternative=alternative,
    )


FAMILY = Family(
    name="P14",
    title="What leads what",
    setting=(
        "Blended route, paths of the mean over seeds from month 0 to 120. A path is half-way when it has come half of "
        "the distance from month 0 to its farthest value; one path leads another by the months between their "
        "half-ways. Seeds are resampled, then averaged."
    ),
    checks=(
        trust_leads(),
        Check(
            name="P14b",
            says="Practice grows before failure demand falls.",
            quantity="months by which mean practice is half-way before the mean failure-demand share",
            arms=ARMS,
            effect=paths("practice", "failure_demand_share"),
            combine=lead,
            unit="months",
        ),
        trust_leads("speed_limit=maturity"),
    ),
)
