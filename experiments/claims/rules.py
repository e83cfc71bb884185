"""Turn intervals into words by rules fixed before any run: what can be told of an effect, and a claim's verdict.

One rule for every interval, at the defaults, under another structure, at a point of parameter space:

- **holds**: the interval leaves zero out on the side claimed, and the mean is at least the smallest that matters;
- **the other way round**: the same on the other side;
- **too small to matter**: all of the interval is smaller than what matters, to either side;
- **can't be told**: none of these.

A claim's verdict:

- **does not hold**: at the defaults it is the other way round, or too small to matter;
- **depends**: it holds at the defaults, but in less than 80% of the points that can be told, or it is the other way
  round or too small to matter under a structural alternative;
- **holds**: it holds at the defaults, and so far;
- **undecided**: at the defaults it can't be told, or too few points of parameter space, or of the alternatives.
"""

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from experiments.statistics import Share, share_ahead

Told = Literal["holds", "too small", "can't be told", "the other way round"]
Verdict = Literal["holds", "depends", "does not hold", "undecided"]
HOLDS: Told = "holds"
SMALL: Told = "too small"
OPEN: Told = "can't be told"
OPPOSITE: Told = "the other way round"
TOLD = (HOLDS, SMALL, OPEN, OPPOSITE)

ENOUGH = 0.8
"""Share of the points that can be told in which a claim has to hold."""
ENOUGH_STRUCTURES = 0.5
"""Share of the structural alternatives that have to be told before a claim is said to hold."""
FEWEST_TOLD = 20
"""Points that have to be told before anything is said of a share of them."""


def told(mean: ArrayLike, low: ArrayLike, high: ArrayLike, *, sign: int, matters: float) -> NDArray[np.str_]:
    """Return what can be told of effects with their intervals, elementwise; nan can't be told.

    >>> told([0.05, 0.01, 0.05, -0.05], [0.03, 0.0, -0.01, -0.07], [0.07, 0.015, 0.11, -0.03], sign=1, matters=0.02)
    array(['holds', 'too small', "can't be told", 'the other way round'],
          dtype='<U19')
    """
    m, lo, hi = (np.asarray(values, dtype=np.float64) for values in (mean, low, high))
    up, down = (lo > 0) & (m >= matters), (hi < 0) & (m <= -matters)
    small = (lo >= -matters) & (hi <= matters)
    claimed, other = (up, down) if sign > 0 else (down, up)
    return np.select([small, claimed, other], [SMALL, HOLDS, OPPOSITE], OPEN)


def one_told(mean: float, low: float, high: float, *, sign: int, matters: float) -> Told:
    """Return what can be told of one effect with its interval."""
    found: Any = str(told(mean, low, high, sign=sign, matters=matters))
    return found  # type: ignore[no-any-return]


def verdict(at_defaults: Told, *, held: int, points_told: int, structures: Sequence[Told]) -> Verdict:
    """Return a claim's verdict; `held` of the `points_told` points of parameter space hold."""
    if at_defaults in (OPPOSITE, SMALL):
        return "does not hold"
    if at_defaults == OPEN or points_told < FEWEST_TOLD:
        return "undecided"
    if not holds_widely(held, points_told) or any(changes(found) for found in structures):
        return "depends"
    return "holds" if sum(found != OPEN for found in structures) >= ENOUGH_STRUCTURES * len(structures) else "undecided"


def holds_widely(held: int, points_told: int) -> bool:
    """Tell whether a claim holds in enough of the points that can be told."""
    return points_told >= FEWEST_TOLD and held >= ENOUGH * points_told


def changes(found: Told) -> bool:
    """Tell whether a structure clearly takes away what held at the defaults."""
    return found in (OPPOSITE, SMALL)


def share_of(count: int, total: int) -> Share:
    """Return a share of points with Wilson's 95% interval."""
    return share_ahead(np.repeat([1.0, -1.0], [count, total - count]))
