"""Choose where an axis begins and ends, in round steps, so that what is drawn fits and zero is on it."""

from math import ceil, floor, log10

STEPS = 6
PARTS = (0.1, 0.2, 0.25, 0.5, 1.0, 2.0)


def round_ends(low: float, high: float) -> tuple[float, float, float]:
    """Return the beginning, the end and the steps of an axis that holds `low`, `high` and zero.

    >>> round_ends(-0.33, 0.87)
    (-0.5, 1.0, 0.25)
    """
    low, high = min(low, 0.0), max(high, 0.0)
    span = max(high - low, 1e-6)
    size = 10.0 ** floor(log10(span))
    step = next(size * part for part in PARTS if span <= STEPS * size * part)
    return round(step * floor(low / step), 9), round(step * ceil(high / step), 9), round(step, 9)
