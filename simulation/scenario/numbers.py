"""Read a number as a person typed it into a cell or on a command line."""

import re
from math import isfinite

_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,4})?", re.ASCII)
_DECIMAL_COMMA = re.compile(r"[+-]?\d*,\d+", re.ASCII)
_PERCENT = re.compile(r"[+-]?\d+([.,]\d*)?\s*%", re.ASCII)


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
