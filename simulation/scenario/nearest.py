"""Find the valid name that a misspelt one probably meant."""

from collections.abc import Iterable
from difflib import get_close_matches

LONGEST = 100
MOST = 2_000


def nearest(value: object, allowed: Iterable[str]) -> str:
    """Return the allowed name most like `value`, or "" when none is like it.

    >>> nearest("helth", ["health", "housing"])
    'health'
    >>> nearest("Council Services", ["council", "council-services"])
    'council-services'
    >>> nearest("zebra", ["health", "housing"])
    ''
    """
    names = {_plain(name): name for name in list(allowed)[:MOST]}
    text = _plain(str(value)[:LONGEST])
    if text in names:
        return names[text]
    close = get_close_matches(text, names, n=1, cutoff=0.6)
    return names[close[0]] if close else ""


def _plain(text: str) -> str:
    return text.strip().casefold().replace(" ", "-").replace("_", "-")
