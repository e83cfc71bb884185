"""Looking more than once; when to stop."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from math import inf, isfinite
from statistics import NormalDist
from typing import Literal

import numpy as np

from experiments.inference import (
    CONFIDENCE,
    FEWEST_TO_RANK,
    Floats,
    Verdict,
    adjusted_intervals,
    is_enough,
    mean_intervals,
    normal_factor,
    replicates_needed,
    verdict,
)
from simulation.scenario import Problem, ProblemError

MOST = 1_280
"""Replicates at which looking ends, unless told."""
GROWTH = 2
_POINTS = 401


def planned_looks(most: int = MOST, *, first: int = FEWEST_TO_RANK) -> tuple[int, ...]:
    """Return the replicates there are at each look: twice as many each time, and `most` at the last.

    Raises ValueError where `first` is below 2 or above `most`.

    >>> planned_looks(100)
    (20, 40, 80, 100)
    """
    if not 2 <= first <= most:
        msg = f"looks can't begin at {first} replicates and end at {most}"
        raise ValueError(msg)
    totals = [first]
    while totals[-1] < most:
        totals.append(min(totals[-1] * GROWTH, most))
    return tuple(totals)


def confidence_of_each(looks: Sequence[int], *, together: float = CONFIDENCE) -> float:
    """Return the confidence at which to take each look's interval, so that all of them hold at `together`.

    `looks` are the replicates at each planned look, growing; looks that were planned count whether taken or not.

    >>> round(confidence_of_each(planned_looks(320)), 3)
    0.987
    """
    factor = _factor(tuple(looks), together)
    return 2 * NormalDist().cdf(factor) - 1


@cache
def _factor(looks: tuple[int, ...], together: float) -> float:
    """Return c with P(|Z| at every look is at most c) = `together`, found by halving."""
    low = normal_factor(together)
    high = normal_factor(1 - (1 - together) / len(looks))  # Bonferroni: never less than what is needed
    while high - low > 1e-6:
        middle = (low + high) / 2
        low, high = (middle, high) if _inside(looks, middle) < together else (low, middle)
    return high


def _inside(looks: tuple[int, ...], c: float) -> float:
    """Return the probability that a standardised mean stays within ±c at all looks, look by look.

    The sum S over replicates is a random walk; its density within the bounds ±c√n is carried from one look to the next
    (Armitage, McPherson & Rowe 1969, J. R. Stat. Soc. A 132: 235-244), on a grid by Simpson's rule.
    """
    weights = np.ones(_POINTS)
    weights[1:-1:2], weights[2:-1:2] = 4, 2
    unit = np.linspace(-1, 1, _POINTS)
    steps = weights * (unit[1] - unit[0]) / 3
    at, density = np.zeros(1), np.ones(1)
    before = 0
    for n in looks:
        reach = c * n**0.5
        here = unit * reach
        apart = here[:, None] - at[None, :]
        grown = n - before
        density = np.exp(-(apart**2) / (2 * grown)) @ density / (2 * np.pi * grown) ** 0.5
        at, before = here, n
        density = density * steps * reach  # now the mass at each point
    return float(density.sum())


# Grow replicates until a difference is as precise as asked: the rule, fixed before the first run, and where it stops.
#
# Whether to stop is read from nothing but the width of the interval, at looks planned by `experiments.sequential`, and
# every
# interval is taken at a confidence so high that it holds at 95% whichever look the growing stopped at.


SCALE = 10
"""Practice is 0-1 in the model and 0-10 where people see it."""


@dataclass(frozen=True)
class PrecisionRule:
    """Look at these numbers of replicates, and stop at the first whose interval reaches no further than `precision`.

    `precision` is a half-width in the model's scale (0-1).
    """

    precision: float
    looks: tuple[int, ...]

    @property
    def confidence(self) -> float:
        """Return the confidence at which each look's intervals are taken."""
        return confidence_of_each(self.looks)


@dataclass(frozen=True)
class Look:
    """A look to take: which one it is (from 1), its replicates, and what the one before found."""

    number: int
    replicates: int
    before: float = inf


@dataclass(frozen=True)
class Stopping:
    """Where growing stopped: the widest adjusted half-width at each look taken, in the model's scale."""

    rule: PrecisionRule
    half_widths: tuple[float, ...]

    @property
    def look(self) -> int:
        """Return the look it stopped at, from 1."""
        return len(self.half_widths)

    @property
    def replicates(self) -> int:
        """Return the replicates there are."""
        return self.rule.looks[self.look - 1]

    @property
    def half_width(self) -> float:
        """Return how far the widest interval reaches, at the look it stopped at."""
        return self.half_widths[-1]

    @property
    def met(self) -> bool:
        """Tell whether the precision asked for is met."""
        return is_enough(self.half_width, self.rule.precision)

    @property
    def needed(self) -> int | None:
        """Return about how many replicates the precision takes, or None where that can't be told."""
        return replicates_needed(self.half_width, self.replicates, self.rule.precision)


def rule_of(shown: float, most: int | None = None) -> PrecisionRule:
    """Return the rule for a half-width in shown points (0-10) and at most so many replicates.

    Raises ProblemError with all that is wrong.

    >>> rule_of(0.2, 100)
    PrecisionRule(precision=0.02, looks=(20, 40, 80, 100))
    """
    cap = MOST if most is None else most
    problems = []
    if not (isfinite(shown) and 0 < shown <= SCALE):
        problems.append(
            Problem(
                "is not a precision",
                key="--precision",
                value=f"{shown:g}",
                allowed="a half-width above 0 and up to 10, such as 0.2",
            )
        )
    if cap < FEWEST_TO_RANK:
        problems.append(
            Problem("is too few to end at", key="--most", value=f"{cap}", allowed=f"{FEWEST_TO_RANK} or more")
        )
    if problems:
        raise ProblemError(problems)
    return PrecisionRule(shown / SCALE, planned_looks(cap))


def grow(rule: PrecisionRule, differences_at: Callable[[Look], Floats]) -> Stopping:
    """Look until the differences are precise enough, or the looks are used up.

    `differences_at` returns the paired differences there are at a look, (replicates, contrasts). The contrasts hold
    together: what counts is the widest of their adjusted intervals.
    """
    found: list[float] = []
    for number, replicates in enumerate(rule.looks, start=1):
        differences = differences_at(Look(number, replicates, found[-1] if found else inf))
        intervals = adjusted_intervals(differences, confidence=rule.confidence)
        found.append(float(intervals.half_width.max()))
        if is_enough(found[-1], rule.precision):
            break
    return Stopping(rule, tuple(found))


# Judge a cell by its own runs alone, and say whether it goes on: the rule is fixed before the first run.
#
# A cell is judged at planned looks. It stops where its interval leaves zero out, lies within what is too small to
# matter,
# or there are no more looks; where a precision is asked for, it stops where its interval is that narrow, or at the
# last
# look. Every look's interval is taken at a confidence so high that it holds at 95% whichever look the cell stopped
# at.


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
