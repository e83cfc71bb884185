"""Find the line along which neither route does better, and how sure it is: contours of a surface over the map.

The break-even line is where the mean difference, taken as straight between neighbouring cells, is zero. Its uncertainty
is what the cells' own intervals leave open: the lines where their lower and upper ends are zero. Between those two
lines the intervals span zero. Cells in which no pair differs at all have no line: there break-even is an area.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Lines = tuple[Floats, ...]


@dataclass(frozen=True)
class Contours:
    """Lines as arrays of points (K, 2), x and y in the factors' own units.

    `low` is where the lower end of the interval is zero: beyond it the first route is ahead. `high`: the second.
    """

    break_even: Lines = ()
    low: Lines = ()
    high: Lines = ()


def contours(x: Floats, y: Floats, difference: Floats, low: Floats, high: Floats) -> Contours:
    """Return the zero lines of three surfaces, each (len(y), len(x)); nan where a cell has none."""
    same = (low == 0) & (high == 0)
    return Contours(*(zero_lines(x, y, np.where(same, np.nan, surface)) for surface in (difference, low, high)))


def zero_lines(x: Floats, y: Floats, surface: Floats, *, level: float = 0.0) -> Lines:
    """Return where a surface crosses a level, each line as points (K, 2); none where cells are not numbers."""
    from contourpy import contour_generator

    masked: Any = np.ma.masked_invalid(surface)
    found = contour_generator(x, y, masked, corner_mask=True).lines(level)
    return tuple(line for line in map(np.asarray, found) if np.ptp(line, axis=0).max() > 0)
