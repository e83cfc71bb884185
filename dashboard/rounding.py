"""Round parts so that what is shown adds up to what is shown."""

from collections.abc import Sequence


def adding_up(parts: Sequence[float], total: float, decimals: int) -> list[float]:
    """Return parts rounded so that they add up to the rounded `total`, which is their sum but for rounding.

    Parts are rounded as usual, and then those that lost or won most by it go the other way by one in the last decimal.
    A part of exactly 0 stays 0.

    >>> adding_up([0.14, 0.14, 0.14, 0.0], 0.42, 1)
    [0.2, 0.1, 0.1, 0.0]
    """
    scale: float = 10**decimals
    exact = [scale * part for part in parts]
    rounded = [round(scale * round(part, decimals)) for part in parts]
    missing = round(scale * round(total, decimals)) - sum(rounded)
    way = 1 if missing > 0 else -1
    order = sorted((k for k, part in enumerate(parts) if part), key=lambda k: way * (rounded[k] - exact[k]))
    for k in order[: abs(missing)]:
        rounded[k] += way
    return [round(part / scale, decimals) for part in rounded]
