"""Blocks kept by content; levels, differences, verdicts."""

import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dashboard.pages.compare.question import INGREDIENTS, Arm, Asked
from experiments.contrast import USUAL, judged
from experiments.inference import (
    BAND,
    Intervals,
    Verdict,
    adjusted_intervals,
    mean_intervals,
    median_band,
    paired_differences,
    verdict,
)
from experiments.replicates import Block
from experiments.results import Contrast
from simulation.outcomes import shown
from simulation.run import MONTH_COLUMNS, RUN_COLUMNS
from simulation.state import Floats

MOST_BYTES = 160 * 2**20
OUTCOMES = (
    "practice", "perspective", "participation", "power", "reach", "gained", "trust", "partner_trust", "pressure",
    "rigidity", "failure_demand_share", "infrastructure", "evidence", "learning",
)  # fmt: skip
"""What is kept of each run, and can be read."""
_OF_RUN = [RUN_COLUMNS.index(name) for name in OUTCOMES]
_OF_MONTH = [MONTH_COLUMNS.index(name) for name in OUTCOMES]


class Runs(NamedTuple):
    """What the runs of one arm showed on S seeds over M months, read-only, in the model's scale."""

    ends: Floats  # (S, len(OUTCOMES)), at the last month
    months: NDArray[np.float32]  # (S, M + 1, len(OUTCOMES)), to seven digits

    @property
    def bytes(self) -> int:
        """Memory."""
        return self.ends.nbytes + self.months.nbytes


def bytes_of(asked: Asked) -> int:
    """Return about how much memory a comparison takes."""
    return asked.runs * len(OUTCOMES) * (4 * (asked.months + 1) + 8)


def runs_of(block: Block) -> Runs:
    """Return what is kept of a block."""
    return Runs(_frozen(block.outcomes[:, _OF_RUN]), _frozen(block.months[:, :, _OF_MONTH]))


def joined(blocks: list[Runs]) -> Runs:
    """Join blocks in order of their seeds."""
    if len(blocks) == 1:
        return blocks[0]
    return Runs(
        _frozen(np.concatenate([one.ends for one in blocks])), _frozen(np.concatenate([one.months for one in blocks]))
    )


def _frozen(array: NDArray) -> NDArray:  # type: ignore[type-arg]
    array.flags.writeable = False
    return array


class KeptBlocks:
    """Keep the blocks used last, up to so many bytes; several threads may ask at once."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        """Begin with none."""
        self.most_bytes, self.bytes = most_bytes, 0
        self._blocks: OrderedDict[tuple[str, Arm, range], Runs] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, asked: Asked, arm: Arm, block: range) -> Runs | None:
        """Return an arm's runs on a block of seeds, or None."""
        key = (asked.identity, arm, block)
        with self._lock:
            if key not in self._blocks:
                return None
            self._blocks.move_to_end(key)
            return self._blocks[key]

    def put(self, asked: Asked, arm: Arm, block: range, runs: Runs) -> None:
        """Keep an arm's runs on a block of seeds; what was used longest ago goes."""
        key = (asked.identity, arm, block)
        with self._lock:
            if key in self._blocks:
                return
            self._blocks[key] = runs
            self.bytes += runs.bytes
            while self.bytes > self.most_bytes and len(self._blocks) > 1:
                self.bytes -= self._blocks.popitem(last=False)[1].bytes


KEPT = KeptBlocks()

# Hold what a comparison found, and read it: levels, paired differences with intervals, verdicts.


@dataclass(frozen=True)
class Found:
    """Runs of every arm, seed by seed; nothing in it changes."""

    asked: Asked
    runs: Mapping[Arm, Runs]

    @classmethod
    def of(cls, asked: Asked, blocks: Mapping[tuple[Arm, range], Runs]) -> "Found":
        """Put blocks together in the order of the seeds."""
        return cls(asked, {arm: joined([blocks[arm, block] for block in asked.blocks]) for arm in asked.arms})

    def values(self, arm: Arm, outcome: str, month: int) -> Floats:
        """Return an outcome of every run at a month, (seeds,), in the model's scale; at the last one to all digits."""
        k, runs = OUTCOMES.index(outcome), self.runs[arm]
        if month == self.asked.months:
            return runs.ends[:, k]
        return runs.months[:, month, k].astype(np.float64)

    def paths(self, arm: Arm, outcome: str) -> Floats:
        """Return an outcome of every run by month, (seeds, months + 1)."""
        return self.runs[arm].months[:, :, OUTCOMES.index(outcome)].astype(np.float64)


@dataclass(frozen=True)
class End:
    """Where an outcome stands under a route: median, mean, and what bounds nine runs in ten."""

    median: float
    low: float
    high: float
    mean: float


def band_path(found: Found, route: str, outcome: str) -> Floats:
    """Return low, median and high (5, 50, 95%) by month, (3, months + 1)."""
    bounds: Floats = np.quantile(found.paths(Arm(route), outcome), BAND, axis=0)
    return bounds


def difference_path(found: Found, pair: tuple[str, str], outcome: str) -> Floats:
    """Return the mean paired difference by month and its own 95% interval, (3, months + 1)."""
    first, second = (found.paths(Arm(route), outcome) for route in pair)
    intervals = mean_intervals(first - second)
    return np.stack([intervals.mean, intervals.low, intervals.high])


def end_of(found: Found, route: str, outcome: str, month: int) -> End:
    """Return where an outcome stands at a month."""
    values = found.values(Arm(route), outcome, month)
    low, median, high = median_band(values)
    return End(median, low, high, float(values.mean()))


def contrasts(
    found: Found, pairs: list[tuple[str, str]], outcome: str, month: int, *, together: bool = True
) -> list[Contrast]:
    """Return the contrast of each pair of routes; with `together`, intervals that hold for all of them at once.

    Verdicts are read from the interval that is given.
    """
    table = np.stack(
        [
            paired_differences(found.values(Arm(a), outcome, month), found.values(Arm(b), outcome, month))
            for a, b in pairs
        ],
        axis=1,
    )
    intervals = adjusted_intervals(table) if together else mean_intervals(table)
    found_rows = []
    for k, (first, second) in enumerate(pairs):
        mean, low, high, half = _numbers(intervals, k)
        row = judged(table[:, k], mean, low, high, half, outcome, USUAL)
        found_rows.append(Contrast(first=first, second=second, outcome=outcome, month=month, **row))
    return found_rows


def _numbers(intervals: Intervals, k: int) -> tuple[float, float, float, float]:
    """Return mean, low, high and half-width of one column."""
    return (
        float(intervals.mean[k]), float(intervals.low[k]), float(intervals.high[k]), float(intervals.half_width[k])
    )  # fmt: skip


@dataclass(frozen=True)
class Loss:
    """What is lost when one ingredient is taken away: the mean over seeds, with a 95% interval that holds for all."""

    ingredient: str
    mean: float
    low: float
    high: float
    verdict: Verdict


def losses(found: Found, routes: tuple[str, ...], outcome: str, month: int) -> list[Loss]:
    """Return what each ingredient contributes, the largest first: with it minus without it, on the same seeds.

    Of one route, or of the difference between two: first minus second.
    """
    whole = _lead(found, routes, "", outcome, month)
    columns = [whole - _lead(found, routes, name, outcome, month) for name in INGREDIENTS]
    intervals = adjusted_intervals(np.stack(columns, axis=1))
    matters = shown(outcome).matters or 0.0
    rows = []
    for k, name in enumerate(INGREDIENTS):
        mean, low, high, _ = _numbers(intervals, k)
        said = verdict(low, high, matters=matters, replicates=found.asked.paired)
        rows.append(Loss(name, mean, low, high, said))
    return sorted(rows, key=lambda row: -abs(row.mean))


def _lead(found: Found, routes: tuple[str, ...], without: str, outcome: str, month: int) -> Floats:
    values = [found.values(Arm(route, without), outcome, month) for route in routes]
    return values[0] if len(values) == 1 else values[0] - values[1]
