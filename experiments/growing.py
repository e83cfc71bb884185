"""Grow replicates until a difference is as precise as asked: the rule, fixed before the first run, and where it stops.

Whether to stop is read from nothing but the width of the interval, at looks planned by `experiments.looking`, and every
interval is taken at a confidence so high that it holds at 95% whichever look the growing stopped at.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import inf, isfinite

from experiments.looking import MOST, confidence_of_each, planned_looks
from experiments.statistics import FEWEST_TO_RANK, Floats, adjusted_intervals, is_enough, replicates_needed
from simulation.scenario import Problem, ProblemError

SCALE = 10
"""Practice is 0-1 in the model and 0-10 where people see it."""


@dataclass(frozen=True)
class Rule:
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
    Rule(precision=0.02, looks=(20, 40, 80, 100))
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
    return Rule(shown / SCALE, planned_looks(cap))


def grow(rule: Rule, differences_at: Callable[[Look], Floats]) -> Stopping:
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
