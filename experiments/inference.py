"""Intervals, probabilities and THE verdict."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import ceil, inf, isfinite, sqrt
from statistics import NormalDist
from typing import Any, Literal, Protocol
from zlib import crc32

import numpy as np
from numpy.typing import ArrayLike, NDArray

from simulation import state

Floats = NDArray[np.float64]
Verdict = Literal["ahead", "leans", "no difference that matters", "undecided", "too few replicates"]

CONFIDENCE = 0.95
RESAMPLES = 2_000
FEWEST_TO_RANK = 20
"""Paired replicates below which no route is ranked."""
BAND = (0.05, 0.5, 0.95)
"""Quantiles of a level: the low end of its 90% band, its median, the high end."""
_SEED = 20
_COLUMNS_AT_ONCE = 400


def normal_factor(confidence: float = CONFIDENCE) -> float:
    """Return how many standard errors a normal variable's interval reaches to each side.

    >>> round(normal_factor(), 2)
    1.96
    """
    return NormalDist().inv_cdf((1 + confidence) / 2)


@dataclass(frozen=True)
class Intervals:
    """Means of K differences with their intervals, arrays of shape (K,)."""

    mean: Floats
    low: Floats
    high: Floats
    half_width: Floats


@dataclass(frozen=True)
class Share:
    """A share of paired runs with its interval."""

    value: float
    low: float
    high: float


def mean_intervals(differences: Floats, *, confidence: float = CONFIDENCE) -> Intervals:
    """Return the mean of each column of paired differences (replicates, K) with an interval of its own.

    The interval is mean ± c·se, c the quantile of |t| over bootstrap resamples (95% unless told) and never less than a
    normal variable's; one replicate says nothing about spread, so its interval is without end.
    """
    differences = _as_columns(differences)
    blocks = range(0, differences.shape[1], _COLUMNS_AT_ONCE)
    factors = [_quantile(_t_values(differences[:, k : k + _COLUMNS_AT_ONCE]), confidence) for k in blocks]
    return _intervals(differences, np.concatenate(factors) if factors else np.empty(0))


def adjusted_intervals(differences: Floats, *, confidence: float = CONFIDENCE) -> Intervals:
    """Return the means of contrasts named beforehand with intervals that hold together (bootstrap max-t).

    Rows are replicates: what the contrasts (columns) share through their seeds is resampled together.
    """
    differences = _as_columns(differences)
    t = _t_values(differences)
    together = _quantile(np.fmax.reduce(t, axis=1)[:, None], confidence)
    # Resamples without spread are left out contrast by contrast, so a contrast's own factor can be the larger one.
    return _intervals(differences, np.maximum(together, _quantile(t, confidence)))


def median_band(values: Floats) -> tuple[float, float, float]:
    """Return low, median and high of a level (5, 50, 95%). Infinity stands for "not reached"; nan if there is none."""
    values = values[~np.isnan(values)]
    if not len(values):
        return np.nan, np.nan, np.nan
    finite = np.isfinite(values).all()
    low, median, high = np.quantile(values, BAND) if finite else np.quantile(values, BAND, method="nearest")
    return float(low), float(median), float(high)


def share_ahead(differences: Floats, *, confidence: float = CONFIDENCE) -> Share:
    """Return the share of paired runs in which the first is higher, ties counted half, with Wilson's interval."""
    n = len(differences)
    if n == 0:
        return Share(np.nan, 0.0, 1.0)
    share = float((np.sum(differences > 0) + 0.5 * np.sum(differences == 0)) / n)
    z = normal_factor(confidence)
    middle = (share + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z * sqrt(share * (1 - share) / n + z**2 / (4 * n * n)) / (1 + z**2 / n)
    return Share(share, max(0.0, middle - half), min(1.0, middle + half))


def verdict(low: float, high: float, *, matters: float, replicates: int) -> Verdict:
    """Return what an interval allows to be said, whichever side of zero it is on.

    `matters` is the smallest difference worth a word. Fewer than twenty paired replicates rank nothing.
    """
    if replicates < FEWEST_TO_RANK:
        return "too few replicates"
    if -matters <= low and high <= matters:
        return "no difference that matters"
    if low > matters or high < -matters:
        return "ahead"
    return "leans" if low > 0 or high < 0 else "undecided"


def is_enough(half_width: float, precision: float) -> bool:
    """Tell whether an interval is as fine as the precision asked, both as half-widths in one scale."""
    return half_width <= precision


def replicates_needed(half_width: float, replicates: int, precision: float) -> int | None:
    """Return about how many replicates a half-width of `precision` takes, or None where that can't be told yet."""
    if not isfinite(half_width) or replicates < 2:
        return None
    return max(FEWEST_TO_RANK, ceil(replicates * (half_width / precision) ** 2 - 1e-9))


def paired_differences(first: Sequence[float] | Floats, second: Sequence[float] | Floats) -> Floats:
    """Return first minus second, replicate by replicate; nan where either is not measured or both not reached."""
    with np.errstate(invalid="ignore"):
        return np.asarray(first, dtype=np.float64) - np.asarray(second, dtype=np.float64)


@lru_cache(maxsize=4)
def _weights(replicates: int) -> Floats:
    """Return how often each resample takes each replicate, as shares (resamples, replicates)."""
    rng = np.random.default_rng(_SEED)
    return rng.multinomial(replicates, np.full(replicates, 1 / replicates), size=RESAMPLES) / replicates


def _as_columns(differences: Floats) -> Floats:
    differences = np.asarray(differences, dtype=np.float64)
    columns = differences[:, None] if differences.ndim == 1 else differences
    if not np.isfinite(columns).all():
        msg = "paired differences must be finite"
        raise ValueError(msg)
    if not len(columns):
        msg = "there are no paired differences"
        raise ValueError(msg)
    return np.asfortranarray(columns)  # summed column by column: the same bits whatever stands beside


def _t_values(differences: Floats) -> Floats:
    """Return |t| of each resample (resamples, K); nan where a resample has no spread left."""
    n = len(differences)
    if n < 2:
        return np.full((1, differences.shape[1]), np.inf)
    weights = _weights(n)
    centred = differences - differences.mean(axis=0)
    spread = (centred**2).mean(axis=0)
    means = weights @ centred
    spreads = weights @ centred**2 - means**2
    flat = spreads <= 1e-9 * spread
    with np.errstate(invalid="ignore", divide="ignore"):
        t = np.abs(means) / np.sqrt(np.where(flat, np.nan, spreads) / (n - 1))
    return t


def _quantile(t: Floats, confidence: float) -> Floats:
    """Return the quantile of |t| by column, at least a normal variable's."""
    some = np.isfinite(t).any(axis=0)
    least = normal_factor(confidence)
    quantiles = np.full(t.shape[1], least)
    if some.any():
        kept = t[:, some]
        take = np.nanquantile if np.isnan(kept).any() else np.quantile
        quantiles[some] = take(kept, confidence, axis=0)
    return np.maximum(quantiles, least)


def _intervals(differences: Floats, factors: Floats) -> Intervals:
    n = len(differences)
    mean = differences.mean(axis=0)
    constant = (differences == differences[0]).all(axis=0)
    mean = np.where(constant, differences[0], mean)
    half = factors * differences.std(axis=0, ddof=1) / sqrt(n) if n > 1 else np.full(len(mean), inf)
    half = np.where(constant & (n > 1), 0.0, half)
    return Intervals(mean, mean - half, mean + half, half)


# Turn intervals into words by rules fixed before any run: what can be told of an effect, and a claim's verdict.
#
# One rule for every interval, at the defaults, under another structure, at a point of parameter space:
#
# - **holds**: the interval leaves zero out on the side claimed, and the mean is at least the smallest that matters;
# - **the other way round**: the same on the other side;
# - **too small to matter**: all of the interval is smaller than what matters, to either side;
# - **can't be told**: none of these.
#
# A claim's verdict:
#
# - **does not hold**: at the defaults it is the other way round, or too small to matter;
# - **depends**: it holds at the defaults, but in less than 80% of the points that can be told, or it is the other way
#   round or too small to matter under a structural alternative;
# - **holds**: it holds at the defaults, and so far;
# - **undecided**: at the defaults it can't be told, or too few points of parameter space, or of the alternatives.


Told = Literal["holds", "too small", "can't be told", "the other way round"]
ClaimVerdict = Literal["holds", "depends", "does not hold", "undecided"]
HOLDS: Told = "holds"
SMALL: Told = "too small"
OPEN: Told = "can't be told"
OPPOSITE: Told = "the other way round"
TOLD = (HOLDS, SMALL, OPEN, OPPOSITE)

ENOUGH = 0.8
"""Share of the points that can be told in which a claim has to hold."""
ENOUGH_STRUCTURES = 0.5
"""Share of the structural alternatives that have to be told before a claim is said to hold."""
FEWEST_TOLD = 20
"""Points that have to be told before anything is said of a share of them."""


def told(mean: ArrayLike, low: ArrayLike, high: ArrayLike, *, sign: int, matters: float) -> NDArray[np.str_]:
    """Return what can be told of effects with their intervals, elementwise; nan can't be told.

    >>> told([0.05, 0.01, 0.05, -0.05], [0.03, 0.0, -0.01, -0.07], [0.07, 0.015, 0.11, -0.03], sign=1, matters=0.02)
    array(['holds', 'too small', "can't be told", 'the other way round'],
          dtype='<U19')
    """
    m, lo, hi = (np.asarray(values, dtype=np.float64) for values in (mean, low, high))
    up, down = (lo > 0) & (m >= matters), (hi < 0) & (m <= -matters)
    small = (lo >= -matters) & (hi <= matters)
    claimed, other = (up, down) if sign > 0 else (down, up)
    return np.select([small, claimed, other], [SMALL, HOLDS, OPPOSITE], OPEN)


def one_told(mean: float, low: float, high: float, *, sign: int, matters: float) -> Told:
    """Return what can be told of one effect with its interval."""
    found: Any = str(told(mean, low, high, sign=sign, matters=matters))
    return found  # type: ignore[no-any-return]


def claim_verdict(at_defaults: Told, *, held: int, points_told: int, structures: Sequence[Told]) -> ClaimVerdict:
    """Return a claim's verdict; `held` of the `points_told` points of parameter space hold."""
    if at_defaults in (OPPOSITE, SMALL):
        return "does not hold"
    if at_defaults == OPEN or points_told < FEWEST_TOLD:
        return "undecided"
    if not holds_widely(held, points_told) or any(changes(found) for found in structures):
        return "depends"
    return "holds" if sum(found != OPEN for found in structures) >= ENOUGH_STRUCTURES * len(structures) else "undecided"


def holds_widely(held: int, points_told: int) -> bool:
    """Tell whether a claim holds in enough of the points that can be told."""
    return points_told >= FEWEST_TOLD and held >= ENOUGH * points_told


def changes(found: Told) -> bool:
    """Tell whether a structure clearly takes away what held at the defaults."""
    return found in (OPPOSITE, SMALL)


def share_of(count: int, total: int) -> Share:
    """Return a share of points with Wilson's 95% interval."""
    return share_ahead(np.repeat([1.0, -1.0], [count, total - count]))


# Give paired effects a 95% bootstrap interval: seeds are drawn again with replacement, all arms together.


PATTERN_RESAMPLES = 4000
LEVEL = 0.95


@dataclass(frozen=True)
class Estimate:
    """An effect with its percentile interval."""

    effect: float
    low: float
    high: float


def each_as_it_is(means: state.Floats) -> state.Floats:
    """Return the only column of (rows, 1) means as the effect (rows,)."""
    if means.shape[1] != 1:
        msg = f"{means.shape[1]} values a seed need a rule that combines them"
        raise ValueError(msg)
    return means[:, 0]


def resampled(
    values: state.Floats, combine: Callable[[state.Floats], state.Floats], *, name: str
) -> tuple[float, state.Floats]:
    """Return the effect of paired values (R,) or (R, k), and its bootstrap draws (RESAMPLES,).

    The draws depend on the name and the number of seeds alone, so that two effects of one name stay paired.
    """
    table = values[:, None] if values.ndim == 1 else values
    seeds = len(table)
    generator = np.random.default_rng([crc32(name.encode()), seeds])
    weights = generator.multinomial(seeds, np.full(seeds, 1 / seeds), size=PATTERN_RESAMPLES) / seeds
    return float(combine(table.mean(axis=0, keepdims=True))[0]), combine(weights @ table)


def estimate(effect: float, draws: state.Floats) -> Estimate:
    """Return an effect with the percentile interval of its bootstrap draws."""
    tail = (1 - LEVEL) / 2
    low, high = np.quantile(draws, [tail, 1 - tail])
    return Estimate(effect, float(low), float(high))


# Turn an interval into a verdict, by a rule fixed before the run.


PatternVerdict = Literal["holds", "fails", "undecided", "no claim"]

MATTERS = {"practice": 0.02, "failure-demand share": 0.02, "probability": 0.05, "pressure": 0.01, "share of days": 0.05}
"""Smallest difference worth a word, by unit; the first three from docs/odd.md, the others assumed."""


class Rule(Protocol):
    """What a check's interval has to satisfy."""

    @property
    def sign(self) -> int:
        """Return the direction that the claim takes: 1, −1, or 0 for none."""

    def verdict(self, low: float, high: float) -> PatternVerdict:
        """Return the verdict that a 95% interval allows."""

    def __str__(self) -> str:
        """Say the rule in a few words."""


@dataclass(frozen=True)
class Above:
    """Hold where the whole interval lies above a bound; fail where none of it does."""

    bound: float = 0.0
    sign: int = 1

    def verdict(self, low: float, high: float) -> PatternVerdict:
        """Return the verdict."""
        return "holds" if low > self.bound else "fails" if high <= self.bound else "undecided"

    def __str__(self) -> str:
        return f"above {self.bound:g}"


@dataclass(frozen=True)
class Below:
    """Hold where the whole interval lies below a bound; fail where none of it does."""

    bound: float = 0.0
    sign: int = -1

    def verdict(self, low: float, high: float) -> PatternVerdict:
        """Return the verdict."""
        return "holds" if high < self.bound else "fails" if low >= self.bound else "undecided"

    def __str__(self) -> str:
        return f"below {self.bound:g}"


@dataclass(frozen=True)
class Within:
    """Hold where the whole interval lies inside ± a bound: no difference that matters."""

    bound: float
    sign: int = 0

    def verdict(self, low: float, high: float) -> PatternVerdict:
        """Return the verdict."""
        if -self.bound <= low and high <= self.bound:
            return "holds"
        return "fails" if low > self.bound or high < -self.bound else "undecided"

    def __str__(self) -> str:
        return f"within ±{self.bound:g}"


@dataclass(frozen=True)
class NoClaim:
    """Claim nothing: the number is shown for the reader."""

    sign: int = 0

    def verdict(self, low: float, high: float) -> PatternVerdict:
        """Return "no claim", whatever the interval."""
        return "no claim"

    def __str__(self) -> str:
        return "no claim is made"
