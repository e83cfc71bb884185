"""Take first, total and second Sobol' indices of a Saltelli sample, with intervals, and see whether they still move.

The indices are SALib's (Saltelli et al. 2010, Comput. Phys. Commun. 181: 259-270; second order: Saltelli 2002), each
interval 1.96 standard deviations over bootstrap resamples of whole blocks, with fixed draws.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import ceil, log2
from typing import Any

import numpy as np

from experiments.design import Sobol
from experiments.inference import CONFIDENCE, Floats, normal_factor
from experiments.sensitivity.adequacy import MOVED, SOME, WIDE, Check, Judgement, judged, tied_with_first
from experiments.sensitivity.data import block_size, label, looks, whole_blocks

SEED = 41
FEWEST_BLOCKS = 8
MOST_DRAWN = 4_000_000
RESAMPLES = (100, 1_000)


@dataclass(frozen=True)
class Pair:
    """What two factors do together beyond what each does alone, with the half-width of its interval."""

    one: str
    other: str
    value: float
    half: float


@dataclass(frozen=True)
class Indices:
    """Sobol' indices by factor, arrays (k,); `..._half` are half-widths of 95% intervals.

    `first_sum` is what the factors account for one by one, together. `looks` are the blocks of each look, `first_at`
    and `total_at` (looks, k) the indices then. `tied` are the factor of the largest total index and those that can't be
    ranked below it.
    """

    names: tuple[str, ...]
    blocks: int
    planned: int
    first: Floats
    first_half: Floats
    total: Floats
    total_half: Floats
    first_sum: float
    first_sum_half: float
    looks: tuple[int, ...]
    first_at: Floats
    total_at: Floats
    tied: tuple[int, ...]
    pairs: tuple[Pair, ...] = field(default=())

    @property
    def order(self) -> list[int]:
        """Return the factors' positions, the largest total index first."""
        return [int(k) for k in np.argsort(-self.total, kind="stable")]

    @property
    def moved(self) -> float:
        """Return the furthest that the second half of the sample moved an index."""
        if len(self.looks) < 2:
            return float("inf")
        return float(max(np.ptp(self.first_at[-2:], axis=0).max(), np.ptp(self.total_at[-2:], axis=0).max()))

    @property
    def widest(self) -> tuple[str, float]:
        """Return the factor whose interval reaches furthest, and how far."""
        halves = np.maximum(self.first_half, self.total_half)
        k = int(np.argmax(halves))
        return self.names[k], float(halves[k])

    @property
    def needed(self) -> int:
        """Return about how many base points, a power of two, would make every interval narrow enough."""
        return int(2 ** ceil(log2(self.blocks * max(1.0, (self.widest[1] / WIDE) ** 2))))

    def judgement(self, k: int) -> Judgement:
        """Say whether a factor matters, by the interval of its total index."""
        return judged(float(self.total[k] - self.total_half[k]), float(self.total[k] + self.total_half[k]), SOME)


def indices(means: Floats, names: Sequence[str], design: Sobol) -> Indices | None:
    """Return the indices of outcomes at a design's points (points,), nan where one is missing.

    None where fewer than eight whole blocks are there, or the outcome does not vary over them.
    """
    blocks, _ = whole_blocks(means, block_size(design, len(names)))
    n = len(blocks)
    if n < FEWEST_BLOCKS or np.ptp(blocks) <= 1e-12:
        return None
    drawn = int(np.clip(MOST_DRAWN // n, *RESAMPLES))
    found = _analysed(blocks, names, design, drawn, keep=True)
    together, every, first = found["S1_conf_all"].sum(axis=1), found["ST_conf_all"], int(np.argmax(found["ST"]))
    at = [count for count in looks(n) if np.ptp(blocks[:count]) > 1e-12]
    history = [_analysed(blocks[:count], names, design, 2) if count < n else found for count in at]
    return Indices(
        names=tuple(names), blocks=n, planned=design.points,
        first=found["S1"], first_half=found["S1_conf"], total=found["ST"], total_half=found["ST_conf"],
        first_sum=float(found["S1"].sum()), first_sum_half=float(normal_factor() * together.std(ddof=1)),
        looks=tuple(at), first_at=np.array([look["S1"] for look in history]),
        total_at=np.array([look["ST"] for look in history]), pairs=_pairs(found, names),
        tied=tied_with_first(found["ST"], normal_factor() * (every[:, [first]] - every).std(axis=0, ddof=1)),
    )  # fmt: skip


def checks(found: Indices) -> list[Check]:
    """Hold indices to what makes them worth reading: narrow, at rest, and in accord with one another."""
    name, half = found.widest
    narrow = half <= WIDE
    told = f"the widest interval, that of {label(name)}, reaches ±{half:.2f}; asked for is ±{WIDE:.2f} or less"
    more = "" if narrow else f", for which it takes about {found.needed:,} base points"
    at_rest = found.moved <= MOVED
    rest = f"the second half of the sample moved an index by up to {found.moved:.2f}; asked for is {MOVED:.2f} or less"
    return [
        Check("intervals narrow enough", narrow, told + more),
        Check(
            "indices at rest", at_rest, rest if len(found.looks) > 1 else "there is no half of the sample to compare"
        ),
        _accord(found),
    ]


def _accord(found: Indices) -> Check:
    """Look for what can't be: shares below zero, more than the whole, a first index above its total."""
    faults = []
    below = [n for n, value, half in zip(found.names, found.first, found.first_half, strict=True) if value + half < 0]
    if below:
        faults.append(f"the first index of {', '.join(map(label, below))} is below zero")
    if found.first_sum - found.first_sum_half > 1:
        faults.append(f"the first indices add up to {found.first_sum:.2f}, more than the whole")
    rows = zip(found.names, found.first, found.first_half, found.total, found.total_half, strict=True)
    above = [name for name, first, first_half, total, total_half in rows if first - first_half > total + total_half]
    if above:
        faults.append(f"the first index of {', '.join(map(label, above))} is above its total")
    words = "; ".join(faults) or "no index contradicts another beyond its interval"
    return Check("indices in accord", not faults, words)


def _analysed(blocks: Floats, names: Sequence[str], design: Sobol, drawn: int, *, keep: bool = False) -> Any:
    from SALib.analyze import sobol

    problem = {"num_vars": len(names), "names": list(names), "bounds": [[0.0, 1.0]] * len(names)}
    return sobol.analyze(
        problem, blocks.ravel(), calc_second_order=design.second_order, num_resamples=drawn, conf_level=CONFIDENCE,
        keep_resamples=keep, seed=SEED,
    )  # fmt: skip


def _pairs(found: Any, names: Sequence[str]) -> tuple[Pair, ...]:
    if "S2" not in found:
        return ()
    pairs = [
        Pair(names[j], names[k], float(found["S2"][j, k]), float(found["S2_conf"][j, k]))
        for j in range(len(names))
        for k in range(j + 1, len(names))
    ]
    return tuple(sorted(pairs, key=lambda pair: -abs(pair.value)))
