"""Look at results several times, and stay honest: when to stop, and how wide intervals must be for having looked.

Replicates grow in batches that are fixed before the first run, each look doubling what there is. Whoever may stop at
any of K looks, whatever the reason (the interval is narrow enough, or its sign is clear), has K chances to be wrong.
So every look's interval is taken at a confidence so high that all of them together hold at 95%: one factor for all
looks (Pocock 1977, Biometrika 64: 191-199), which takes into account that a later look contains the earlier ones.
"""

from collections.abc import Sequence
from functools import cache
from statistics import NormalDist

import numpy as np

from experiments.statistics import CONFIDENCE, FEWEST_TO_RANK, normal_factor

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
