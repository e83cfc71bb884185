"""Read a number as a person typed it into a cell or on a command line."""

import re
from math import isfinite

_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,4})?", re.ASCII)
_DECIMAL_COMMA = re.compile(r"[+-]?\d*,\d+", re.ASCII)
_PERCENT = re.compile(r"[+-]?\d+([.,]\d*)?\s*%", re.ASCII)


def range_from(text: str) -> tuple[float, float] | None:
    """Return the two ends of a range, `LOW..HIGH` or `LOW:HIGH`; None where the text is no range of numbers.

    >>> range_from("5..60"), range_from("-1:3"), range_from("0.1"), range_from("1..x")
    ((5.0, 60.0), (-1.0, 3.0), None, None)
    """
    ends = [number_from(end) for end in (text.split("..") if ".." in text else text.split(":"))]
    numbers = [end for end in ends if isinstance(end, float)]
    return (numbers[0], numbers[1]) if len(numbers) == len(ends) == 2 else None


def number_from(text: str) -> float | str:
    """Return the number, or in words what is wrong with the text.

    >>> number_from("0.5")
    0.5
    >>> number_from("0,5")
    'has a decimal comma: write 0.5'
    >>> number_from("n/a")
    'is not a number'
    """
    text = text.strip()
    if _NUMBER.fullmatch(text):
        value = float(text)
        return value if isfinite(value) else "is too large"
    if _DECIMAL_COMMA.fullmatch(text):
        return f"has a decimal comma: write {text.replace(',', '.')}"
    if _PERCENT.fullmatch(text):
        return "has a percent sign: write the number alone, and the scale in place.toml"
    return "is not a number"
