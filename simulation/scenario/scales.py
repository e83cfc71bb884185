"""Bring the scales that people score on to the model's 0-1."""

from typing import NamedTuple


class Scale(NamedTuple):
    """A scale by its two ends."""

    low: float
    high: float

    def to_share(self, value: float) -> float:
        """Return the value on 0-1, the scale's ends at 0 and 1.

        >>> SCALES["1-10"].to_share(10)
        1.0
        """
        return (value - self.low) / (self.high - self.low)


SCALES = {"0-1": Scale(0, 1), "0-10": Scale(0, 10), "1-10": Scale(1, 10), "percent": Scale(0, 100)}
"""Scales by the name that place.toml gives; a survey's 1-10 puts 1 at 0 and 10 at 1."""
UNKNOWN = Scale(-1e300, 1e300)
"""Stands where a file names no known scale, so that its numbers are not called out of range as well."""
