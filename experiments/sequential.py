"""Looking more than once; when to stop."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from math import inf, isfinite, nan
from statistics import NormalDist
from typing import Literal

import numpy as np

from experiments.inference import (
    CONFIDENCE,
    FEWEST_TO_RANK,
    SIDED,
    Estimate,
    Floats,
    Verdict,
    estimate,
    intervals,
    is_enough,
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


# The rule, fixed before the first run: when to look, and where looking ends. Every interval is taken at a confidence so
# high that it holds at 95% whichever look it stopped at.


SCALE = 10
"""Practice is 0-1 in the model and 0-10 where people see it."""
Why = Literal["goes on", "sign", "too small to matter", "narrow enough", "last look", "not measured"]


@dataclass(frozen=True)
class Rule:
    """Look at these numbers of replicates, and stop where an interval says enough, or at the last look.

    With a `precision`, a half-width in the model's own scale, it says enough where it reaches no further: nothing but
    its width is read. Without (0) it does where it leaves zero out, or lies within what is too small to matter.
    """

    looks: tuple[int, ...]
    matters: float = 0.0
    precision: float = 0.0

    @cached_property
    def confidence(self) -> float:
        """Confidence at which each look's intervals are taken."""
        return confidence_of_each(self.looks)

    def why(self, found: Estimate) -> Why:
        """Return why looking stops at an estimate, or that it goes on."""
        low, high = found.ends
        if self.precision:
            if is_enough(found.half_width, self.precision):
                return "narrow enough"
        elif -self.matters <= low and high <= self.matters:
            return "too small to matter"
        elif low > 0 or high < 0:
            return "sign"
        return "last look" if found.seeds >= self.looks[-1] else "goes on"


@dataclass(frozen=True)
class Look:
    """A look to take: which one it is (from 1), its replicates, and what the one before found."""

    number: int
    replicates: int
    before: float = inf


@dataclass(frozen=True)
class Stopping:
    """Where growing stopped: the widest adjusted half-width at each look taken, in the model's scale."""

    rule: Rule
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


def rule_of(shown: float, most: int | None = None) -> Rule:
    """Return the rule for a half-width in shown points (0-10) and at most so many replicates.

    Raises ProblemError with all that is wrong.

    >>> rule_of(0.2, 100)
    Rule(looks=(20, 40, 80, 100), matters=0.0, precision=0.02)
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
    return Rule(planned_looks(cap), precision=shown / SCALE)


def grow(rule: Rule, differences_at: Callable[[Look], Floats]) -> Stopping:
    """Look until the differences are precise enough, or the looks are used up.

    `differences_at` returns the paired differences there are at a look, (replicates, contrasts). The contrasts hold
    together: what counts is the widest of their adjusted intervals.
    """
    halves: list[float] = []
    for number, replicates in enumerate(rule.looks, start=1):
        differences = differences_at(Look(number, replicates, halves[-1] if halves else inf))
        found = intervals(differences, kind="means together", confidence=rule.confidence).estimates()
        widest = max(found, key=lambda one: one.half_width)
        halves.append(widest.half_width)
        if rule.why(widest) != "goes on":
            break
    return Stopping(rule, tuple(halves))


# One effect judged by its own runs alone, such as a cell of a map: whether it goes on, and what it says so far.


SIDES: Mapping[str, tuple[Verdict, int]] = {
    "first ahead": ("ahead", 0), "leans to first": ("leans", 0),
    "second ahead": ("ahead", 1), "leans to second": ("leans", 1),
}  # fmt: skip
"""What a cell's verdict is, and which of the two arms it is on the side of; any other is on no side."""


def sided(verdict: Verdict, arm: int) -> str:
    """Return a cell's verdict that is on the side of the first arm (0) or the second (1)."""
    return next(name for name, one in SIDES.items() if one == (verdict, arm))


def unsided(name: str) -> str:
    """Return a cell's verdict without the side it is on."""
    return SIDES[name][0] if name in SIDES else name


@dataclass(frozen=True)
class Decision:
    """What runs say so far of a paired difference, first minus second, and why there will be no more (or "goes on")."""

    found: Estimate
    verdict: Verdict
    why: Why

    @property
    def goes_on(self) -> bool:
        """Tell whether there are more runs to come."""
        return self.why == "goes on"

    @property
    def sided(self) -> str:
        """Return the verdict with the side it is on: "first ahead", "leans to second"; "not run" before the first."""
        if not self.found.seeds:
            return "not run"
        if self.verdict not in SIDED:
            return "undecided" if self.verdict == "too few replicates" else self.verdict
        return sided(self.verdict, 0 if self.found.effect > 0 else 1)


NOT_RUN = Decision(Estimate(nan, nan, nan), "not measured", "goes on")


def decide(rule: Rule, differences: Floats) -> Decision:
    """Judge one effect by its paired differences, (replicates,), seed by seed.

    Where a run failed or has no number (nan, infinity) there is no mean difference, and it stops.
    """
    found = estimate(differences, confidence=rule.confidence)
    said = verdict(found, matters=rule.matters)
    return Decision(found, said, "not measured" if np.isnan(found.effect) else rule.why(found))
