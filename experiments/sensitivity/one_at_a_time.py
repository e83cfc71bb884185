"""Measure what one thing changed at a time does: each value against the scenario as it is, on the same seeds."""

from dataclasses import dataclass

import numpy as np

from experiments.inference import Floats, Verdict, intervals, verdict
from experiments.work import Work
from simulation.scenario.paths import Value


@dataclass(frozen=True)
class Step:
    """What setting one factor to a value changes, in the model's scale: a mean paired difference.

    `adjusted_...` hold together with all other steps; the verdict stands on them.
    """

    factor: str
    value: Value
    difference: float
    low: float
    high: float
    adjusted_low: float
    adjusted_high: float
    pairs: int
    verdict: Verdict


@dataclass(frozen=True)
class Steps:
    """All steps in the plan's order, and where the outcome stands when nothing is changed."""

    base: float
    base_low: float
    base_high: float
    steps: tuple[Step, ...]

    @property
    def factors(self) -> list[str]:
        """Return the factors, the one with the largest step first."""
        reach: dict[str, float] = {}
        for step in self.steps:
            reach[step.factor] = max(reach.get(step.factor, 0.0), abs(step.difference))
        return sorted(reach, key=lambda name: -reach[name])

    def of(self, factor: str) -> list[Step]:
        """Return a factor's steps."""
        return [step for step in self.steps if step.factor == factor]


def steps_of(values: Floats, work: Work, *, matters: float | None) -> Steps | None:
    """Return the steps of outcomes (points, replicates), point 0 being the scenario as it is; nan where one is missing.

    A seed counts where it came to its end at every point that has any. None where no step has a pair.
    """
    there = np.asarray(np.isfinite(values).any(axis=1))
    if not there[0]:
        return None
    seeds = np.isfinite(values[there]).all(axis=0)
    labels = [(factor.name, value) for factor in work.factors for value in factor.levels()]
    kept = [k for k in range(len(labels)) if there[k + 1]]
    if not kept or not seeds.any():
        return None
    whole = values[:, seeds]
    differences = (whole[1:][kept] - whole[0]).T
    own, together = (intervals(differences, kind=kind).estimates() for kind in ("mean", "means together"))
    base = intervals(whole[0]).estimates()[0]
    steps = tuple(
        Step(
            *labels[k], alone.effect, *alone.ends, *adjusted.ends, adjusted.seeds,
            verdict(adjusted, matters=matters or 0.0),
        )
        for k, alone, adjusted in zip(kept, own, together, strict=True)
    )  # fmt: skip
    return Steps(base.effect, *base.ends, steps)
