"""Keep what decides whether a sample is large enough to tell: the lines, and how an index is judged by its interval."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from experiments.statistics import Floats

Judgement = Literal["matters", "hardly matters", "can't be told"]

WIDE = 0.1
"""A Sobol' index whose interval reaches further than this to either side is too coarse."""
MOVED = 0.05
"""An index that the second half of the sample moved by more than this still moves."""
SOME = 0.05
"""Share of the variance from which a factor matters."""
FEWEST_WALKS = 10
"""Morris walks below which nothing is ranked."""
FEWEST_SIDES = 20
"""Points wanted on either side of a line before a region is sought."""
FEWEST_A_FACTOR = 10
"""Points a factor below which a region or a score is little more than chance."""


@dataclass(frozen=True)
class Check:
    """One thing a sample is held to: whether it passes, and a sentence that says so with its numbers."""

    name: str
    passed: bool
    words: str


def judged(low: float, high: float, line: float) -> Judgement:
    """Say what an interval allows to be said about a line.

    >>> judged(0.1, 0.2, 0.05), judged(0.0, 0.02, 0.05), judged(-0.1, 0.3, 0.05)
    ('matters', 'hardly matters', "can't be told")
    """
    if low >= line:
        return "matters"
    return "hardly matters" if high < line else "can't be told"


def tied_with_first(size: Floats, apart: Floats) -> tuple[int, ...]:
    """Return the factor of the largest size and those that can't be ranked below it, the largest first.

    `apart` (k,) are the half-widths of the intervals of the differences between the largest and each.

    >>> import numpy as np
    >>> tied_with_first(np.array([0.2, 0.5, 0.45]), np.array([0.1, 0.0, 0.1]))
    (1, 2)
    """
    order = np.argsort(-size, kind="stable")
    return tuple(int(k) for k in order if k == order[0] or size[order[0]] - size[k] <= apart[k])


def is_enough(checks: Sequence[Check]) -> bool:
    """Tell whether a sample passes all it is held to."""
    return all(check.passed for check in checks)
