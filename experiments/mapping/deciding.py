"""Judge a cell by its own runs alone, and say whether it goes on: the rule is fixed before the first run.

A cell is judged at planned looks. It stops where its interval leaves zero out, lies within what is too small to matter,
or there are no more looks; where a precision is asked for, it stops where its interval is that narrow, or at the last
look. Every look's interval is taken at a confidence so high that it holds at 95% whichever look the cell stopped at.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np

from experiments.looking import confidence_of_each
from experiments.mapping.design import MapPlan
from experiments.shown import shown
from experiments.statistics import Floats, Verdict, is_enough, mean_intervals, verdict

Sided = Literal[
    "first ahead", "leans to first", "no difference that matters", "undecided", "leans to second", "second ahead",
    "not measured", "not run",
]  # fmt: skip
Why = Literal["goes on", "sign", "too small to matter", "narrow enough", "last look", "not measured"]


@dataclass(frozen=True)
class Rule:
    """When to look, what matters, and how narrow an interval is asked for; both in the model's own scale."""

    looks: tuple[int, ...]
    matters: float
    precision: float | None = None

    @cached_property
    def confidence(self) -> float:
        """Confidence at which each look's interval is taken."""
        return confidence_of_each(self.looks)


@dataclass(frozen=True)
class Decision:
    """What a cell's runs say so far: mean paired difference (first minus second), its interval, verdict; why it stops.

    `replicates` are pairs of runs.
    """

    difference: float
    low: float
    high: float
    replicates: int
    verdict: Sided
    why: Why

    @property
    def goes_on(self) -> bool:
        """Tell whether the cell gets more runs."""
        return self.why == "goes on"


NOT_RUN = Decision(np.nan, np.nan, np.nan, 0, "not run", "goes on")


def rule_of(plan: MapPlan) -> Rule:
    """Return a plan's rule; an outcome without a smallest difference worth a word is judged against zero."""
    return Rule(plan.looks, shown(plan.outcome).matters or 0.0, plan.precision)


def decide(rule: Rule, first: Floats, second: Floats) -> Decision:
    """Judge one cell by the outcomes of its pairs, (replicates,) each, seed by seed.

    A cell with a run that failed or has no number (nan, infinity) has no mean difference, and stops.
    """
    n = len(first)
    with np.errstate(invalid="ignore"):
        differences = np.asarray(first, dtype=np.float64) - np.asarray(second, dtype=np.float64)
    if not np.isfinite(differences).all():
        return Decision(np.nan, np.nan, np.nan, n, "not measured", "not measured")
    found = mean_intervals(differences, confidence=rule.confidence)
    mean, low, high, half = (float(v[0]) for v in (found.mean, found.low, found.high, found.half_width))
    said = verdict(low, high, matters=rule.matters, replicates=n)
    return Decision(mean, low, high, n, _sided(said, mean), _why(rule, low, high, half, n))


def _why(rule: Rule, low: float, high: float, half: float, replicates: int) -> Why:
    """Return why a cell stops, or that it goes on."""
    if rule.precision is not None:
        if is_enough(half, rule.precision):
            return "narrow enough"
    elif -rule.matters <= low and high <= rule.matters:
        return "too small to matter"
    elif low > 0 or high < 0:
        return "sign"
    return "last look" if replicates >= rule.looks[-1] else "goes on"


def _sided(said: Verdict, mean: float) -> Sided:
    if said == "ahead":
        return "first ahead" if mean > 0 else "second ahead"
    if said == "leans":
        return "leans to first" if mean > 0 else "leans to second"
    return "no difference that matters" if said == "no difference that matters" else "undecided"
