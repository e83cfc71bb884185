"""Give the small compiled functions that several mechanisms share."""

import math

import numpy as np

from simulation.numba_cache import compiled


@compiled
def logistic(y):
    """Return 1 / (1 + e^-y)."""
    return 1.0 / (1.0 + math.exp(-y))


@compiled
def share(value):
    """Clip a value to 0-1."""
    return min(1.0, max(0.0, value))


@compiled
def power(base, exponent):
    """Return base^exponent, by multiplication or square root where the exponent allows."""
    if exponent == 1.0:
        return base
    if exponent == 0.5:
        return math.sqrt(base)
    if exponent == 2.0:
        return base * base
    if exponent == 4.0:
        square = base * base
        return square * square
    return base**exponent


@compiled
def roots(values):
    """Return the square roots of a one-dimensional array."""
    out = np.empty_like(values)
    for k in range(values.shape[0]):
        out[k] = math.sqrt(values[k])
    return out


@compiled
def any_of(flags):
    """Tell whether any entry of a one-dimensional array is true."""
    for k in range(flags.shape[0]):  # noqa: SIM110
        if flags[k]:
            return True
    return False


@compiled
def fill(values, value):
    """Set every entry of a one-dimensional array: a loop, since slices take Numba seconds to compile."""
    for k in range(values.shape[0]):
        values[k] = value


@compiled
def copy_into(target, source):
    """Copy a one-dimensional array over another, entry by entry."""
    for k in range(target.shape[0]):
        target[k] = source[k]


@compiled
def half_saturating(days, half_days):
    """Return days / (days + half_days), and 0 for no days."""
    return days / (days + half_days) if days > 0.0 else 0.0
