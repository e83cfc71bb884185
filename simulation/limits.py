"""Say what no seed and no file may exceed, wherever it comes from."""

from typing import Any

MOST_SEED = 2**53
"""Largest seed of any run: no spreadsheet, browser or JSON rounds a whole number up to here."""
MOST_DEPTH = 32
"""Most steps from the top of a file to a value within tables and lists; what is kept ready takes six."""


def seeds_problem(first: int, count: int = 1) -> str:
    """Return in words what is wrong with so many seeds from the first on, "" where nothing is.

    >>> seeds_problem(1_000_000, 200), seeds_problem(-1)
    ('', 'is not a seed')
    """
    if not 0 <= first <= MOST_SEED:
        return "is not a seed"
    return f"leaves too few seeds up to the last one for {count:,} of them" if first + count - 1 > MOST_SEED else ""


SEEDS_ALLOWED = f"a whole number from 0 to {MOST_SEED}, the last seed too"


def is_too_deep(data: Any) -> bool:
    """Tell whether tables and lists of data are nested deeper than MOST_DEPTH.

    >>> is_too_deep({"a": [1]}), is_too_deep([[[]]] * 3)
    (False, False)
    """
    level, depth = [data], 0
    while level:
        depth += 1
        held = [one.values() if isinstance(one, dict) else one for one in level if isinstance(one, dict | list)]
        if held and depth > MOST_DEPTH:
            return True
        level = [one for values in held for one in values if isinstance(one, dict | list)]
    return False
