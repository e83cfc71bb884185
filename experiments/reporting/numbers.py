"""Numbers, lists and units in words; rounding that adds up."""

from collections.abc import Sequence

from simulation.outcomes import number


def joined(words: Sequence[str]) -> str:
    """Join words as in a sentence: "a, b and c"."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"


def capital(text: str) -> str:
    """Return the text with its first letter as a capital."""
    return text[:1].upper() + text[1:]


# Write the words and numbers that an analysis's sentences share.


def percent(share: float) -> str:
    """Write a share as a percentage; a small one keeps a decimal."""
    return f"{number(100 * share, 1 if 0 < abs(share) < 0.0495 else 0)}%"


def ends(low: float, high: float) -> str:
    """Write a range of shares: "19 to 30%", or one where both ends read alike."""
    first, last = percent(low), percent(high)
    return last if first == last else f"{first.removesuffix('%')} to {last}"


def lower(text: str) -> str:
    """Return the text with its first letter small."""
    return text[:1].lower() + text[1:]


def count_of(number: int, one: str, several: str = "") -> str:
    """Return a number with its noun, whose plural takes an s where none is given.

    >>> count_of(1, "point"), count_of(1200, "point"), count_of(2, "thing is", "things are")
    ('1 point', '1,200 points', '2 things are')
    """
    return f"{number:,} {one if number == 1 else several or f'{one}s'}"


def counted(n: int) -> str:
    """Return a small number as a word."""
    words = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
    return words[n] if n < len(words) else f"{n:,}"


# Say how sure this is, what would have to be true, and what the model cannot say.


def spelled(number: int) -> str:
    """Return a small number as a word."""
    words = ("none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
    return words[number] if number < len(words) else str(number)


# Round parts so that what is shown adds up to what is shown.


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
