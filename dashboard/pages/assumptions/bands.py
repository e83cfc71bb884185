"""Name where a value lies in a parameter's plausible range, and say how far its slider goes."""

from dataclasses import dataclass
from functools import cache
from math import floor, log10

from simulation.parameters import Parameter

LOW, USUAL, MIDDLE, HIGH, BEYOND, UNKNOWN = "low", "usual", "middle", "high", "beyond plausible", ""
MARGIN = 0.5
"""How far a slider reaches beyond the plausible range to each side, as a part of its width."""
STEPS = 100


@dataclass(frozen=True)
class Bands:
    """Where the words for a value change: below `low` and above `high` it is beyond plausible.

    `low_ends` and `high_begins` lie half-way from the usual value to the ends.
    """

    low: float
    low_ends: float
    high_begins: float
    high: float
    middle: str
    """What the part between is called: "usual" where the table's default lies in it."""

    def name(self, value: float) -> str:
        """Return the word for a value."""
        if not self.low <= value <= self.high:
            return BEYOND
        return LOW if value < self.low_ends else self.middle if value <= self.high_begins else HIGH


@dataclass(frozen=True)
class Reach:
    """From where to where a slider goes, and to how many decimals it is read."""

    low: float
    high: float
    decimals: int


@cache
def bands_of(parameter: Parameter) -> Bands | None:
    """Return the bands of a parameter; None where no plausible range is known."""
    low, high = parameter.low, parameter.high
    if low is None or high is None:
        return None
    inside = low <= parameter.default <= high
    centre = parameter.default if inside else (low + high) / 2
    return Bands(low, (low + centre) / 2, (centre + high) / 2, high, USUAL if inside else MIDDLE)


def word_of(parameter: Parameter, value: float) -> str:
    """Return the word for a value of a parameter; "" where no plausible range is known."""
    bands = bands_of(parameter)
    return UNKNOWN if bands is None else bands.name(value)


@cache
def reach_of(parameter: Parameter) -> Reach:
    """Return how far a parameter's slider goes: somewhat beyond plausible, never beyond what the equations allow."""
    low, high = parameter.low, parameter.high
    if low is None or high is None:
        low, high = 0.0, 2 * parameter.default
    margin = MARGIN * (high - low)
    ends = max(parameter.hard_low, low - margin), min(parameter.hard_high, high + margin)
    decimals = max(0, -floor(log10((ends[1] - ends[0]) / STEPS)))
    inside = [min(max(round(end, decimals + 2), parameter.hard_low), parameter.hard_high) for end in ends]
    return Reach(inside[0], inside[1], decimals)
