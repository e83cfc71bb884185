"""Lay a sweep's points out as rows of numbers, one a factor and the outcome last; choose among them by ranges."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil, floor
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from dashboard.address import ranges_from_text, ranges_to_text
from dashboard.pages.sweep.snapshot import Held, Snapshot
from experiments.reporting.numbers import capital
from simulation.outcomes import number, shown

if TYPE_CHECKING:
    from experiments.factors import Factor


MOST_DRAWN = 1_500
"""Points above which a fixed random choice of them is drawn."""
SEED = 83
FEWEST_SPREAD = 20
"""Points from which it is said between what nine in ten of them lie."""
OUTCOME = "outcome"
"""The outcome's name among the ranges of an address."""
Range = tuple[float, float]


@dataclass(frozen=True)
class Scale:
    """One axis: where its name is for an address, its words, and the names of its levels where it has no numbers."""

    name: str
    title: str
    unit: str
    meaning: str
    low: float
    high: float
    levels: tuple[str, ...] = ()
    decimals: int = 3
    signed: bool = False

    def words(self, value: float) -> str:
        """Write a value on this axis."""
        if self.levels:
            return self.levels[int(min(max(value, 0), len(self.levels) - 1))]
        return number(value, self.decimals)

    def written(self, ends: Range) -> tuple[str, str]:
        """Write a range for an address: levels by their names, which stay where their positions would not."""
        if not self.levels:
            return f"{ends[0]:.10g}", f"{ends[1]:.10g}"
        first, last = ceil(ends[0]), floor(ends[1])
        which = (first, last) if first <= last else (round(sum(ends) / 2),)
        return self.words(which[0]), self.words(which[-1])

    def read(self, end: str) -> float:
        """Return the value of an end that `written` wrote, or of a level's position. Raises ValueError."""
        return float(self.levels.index(end)) if end in self.levels else float(end)


@dataclass(frozen=True)
class Points:
    """Points that have the outcome: `numbers` (points, scales), the outcome last, in the scale shown."""

    which: NDArray[np.int64]
    """Number of each point in the design."""
    seeds: NDArray[np.int64]
    """How many seeds each point's outcome is the mean of."""
    numbers: NDArray[np.float64]
    scales: tuple[Scale, ...]
    planned: int

    @property
    def outcome(self) -> NDArray[np.float64]:
        """The outcome at each point, in the scale shown."""
        return self.numbers[:, -1]

    def within(self, ranges: Mapping[str, Range]) -> NDArray[np.bool_]:
        """Return which points lie within all ranges."""
        inside = np.ones(len(self.numbers), dtype=bool)
        for k, scale in enumerate(self.scales):
            if scale.name in ranges:
                low, high = ranges[scale.name]
                slack = 1e-9 * max(abs(low), abs(high))  # an address has ten figures
                inside &= (self.numbers[:, k] >= low - slack) & (self.numbers[:, k] <= high + slack)
        return inside

    def drawn(self, most: int = MOST_DRAWN) -> NDArray[np.int64]:
        """Return the rows to draw: all, or a fixed random choice of very many."""
        if len(self.numbers) <= most:
            return np.arange(len(self.numbers))
        return np.sort(np.random.default_rng(SEED).choice(len(self.numbers), most, replace=False))


def points_of(found: Snapshot, held: Held, key: str, outcome: str) -> Points | None:
    """Return the points of a subject; None where no point has enough of its runs."""
    from experiments.sensitivity.data import axes_of

    subject = held.subject(key)
    if subject is None:
        return None
    how = shown(outcome)
    values = how.factor * subject.means
    there = np.flatnonzero(np.isfinite(values))
    if not len(there):
        return None
    axes = axes_of(found.work, found.results.design, subject.arm)
    columns, scales = [], []
    ranges = {factor.name: factor for factor in found.work.factors}
    for axis in axes:
        levels = () if axis.numbers is not None else axis.levels
        whole = axis.numbers if axis.numbers is not None else np.searchsorted(levels, axis.choices).astype(float)
        columns.append(whole)
        ends = _own_ends(ranges[axis.name], whole) if axis.numbers is not None else (0.0, len(levels) - 1.0)
        scales.append(Scale(axis.name, capital(axis.label), axis.unit, axis.meaning, *ends, levels, _decimals(whole)))
    own = values[there]
    title = how.title.split(",")[0]
    title = f"{title}, difference" if subject.is_difference else title
    unit = "of 10" if how.factor == 10 else how.unit
    decimals, signed = how.decimals + 1, subject.is_difference
    scales.append(Scale(OUTCOME, title, unit, how.meaning, *_ends(own), decimals=decimals, signed=signed))
    numbers = np.column_stack([*(column[there] for column in columns), own])
    seeds = np.isfinite(subject.values[there]).sum(axis=1)
    return Points(there, seeds, numbers, tuple(scales), found.work.points)


def _decimals(values: NDArray[np.float64]) -> int:
    """Return how many decimals tell the values of an axis apart: three figures of its range."""
    if np.all(values == np.round(values)):
        return 0
    span = float(np.ptp(values)) or abs(float(values[0])) or 1.0
    return int(min(max(2 - np.floor(np.log10(span)), 0), 8))


def _own_ends(factor: "Factor", values: NDArray[np.float64]) -> Range:
    """Return the range of a factor, or round ends that hold its values."""
    if factor.low is None or factor.high is None:
        return _ends(values)
    return min(factor.low, float(values.min())), max(factor.high, float(values.max()))


def _ends(values: NDArray[np.float64]) -> Range:
    """Return round ends that hold all values."""
    low, high = float(values.min()), float(values.max())
    step = 10.0 ** np.floor(np.log10(max(high - low, 1e-6))) / 2
    return round(float(np.floor(low / step) * step), 10), round(float(np.ceil(high / step) * step), 10)


def read_ranges(text: str, scales: Sequence[Scale]) -> dict[str, Range]:
    """Return the ranges that an address holds; what is no range of these scales is left out.

    >>> read_ranges("trust~0.2~0.4,nothing~1~2,trust", [Scale("trust", "Trust", "", "", 0.1, 0.5)])
    {'trust': (0.2, 0.4)}
    """
    known = {scale.name: scale for scale in scales}
    found: dict[str, Range] = {}
    for name, ends in ranges_from_text(text).items():
        scale = known.get(name)
        try:
            low, high = sorted(map(scale.read, ends)) if scale is not None else (np.nan, np.nan)
        except ValueError:
            continue
        if scale is not None and np.isfinite([low, high]).all():
            found[name] = min(max(low, scale.low), scale.high), max(min(high, scale.high), scale.low)
    return found


def write_ranges(ranges: Mapping[str, Range], scales: Sequence[Scale]) -> str:
    """Return ranges as an address holds them; one that leaves nothing out is not written."""
    return ranges_to_text({
        scale.name: scale.written(ranges[scale.name]) for scale in scales
        if scale.name in ranges and not (ranges[scale.name][0] <= scale.low and ranges[scale.name][1] >= scale.high)
    })  # fmt: skip


def point_sentence(points: Points, values: NDArray[np.float64], point: int) -> str:
    """Say what is stored at a point: the mean over its seeds, and between what they lie; `values` by point and seed."""
    rows = np.flatnonzero(points.which == point)
    if not len(rows):
        return "Too few runs are stored at this point to say what its outcome is."
    scale, own, mean = points.scales[-1], values[np.isfinite(values)], float(points.outcome[rows[0]])

    def words(value: float) -> str:
        return number(value, scale.decimals, signed=scale.signed)

    what = f"{scale.title[:1].lower()}{scale.title[1:]}{f' ({scale.unit})' if scale.unit else ''}"
    if len(own) < 2:
        return f"Stored at this point, on one seed: {what} {words(mean)}."
    ends = f"{words(float(own.min()))} to {words(float(own.max()))}"
    return f"Stored at this point, over {len(own)} seeds: {what} {words(mean)} on average, from {ends}."


def selection_sentence(points: Points, inside: NDArray[np.bool_]) -> str:
    """Say how many points are chosen, and what the outcome is there beside everywhere."""
    count, whole = int(inside.sum()), len(inside)
    scale, everywhere = points.scales[-1], float(points.outcome.mean())

    def words(value: float) -> str:
        return number(value, scale.decimals, signed=scale.signed)

    what = f"mean {scale.title[:1].lower()}{scale.title[1:]}{f' ({scale.unit})' if scale.unit else ''}"
    if not count:
        return f"None of {whole:,} points lies within these ranges."
    chosen = points.outcome[inside]
    ends = " to ".join(words(float(end)) for end in np.quantile(chosen, (0.05, 0.95)))
    spread = f", nine in ten of them from {ends}" if count >= FEWEST_SPREAD else ""
    if count == whole:
        return f"All {whole:,} points are chosen; their {what} is {words(everywhere)}{spread}."
    return (
        f"{count:,} of {whole:,} points are chosen. Their {what} is {words(float(chosen.mean()))}{spread}; over all "
        f"points it is {words(everywhere)}."
    )
