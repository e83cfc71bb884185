"""Intervals by the kind of estimate, shares, and THE verdict: one rule, fixed before any run."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import ceil, inf, isfinite, nan, sqrt
from statistics import NormalDist
from typing import Literal
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Combine = Callable[[Floats], Floats]
"""Turn rows of means over seeds (rows, k) into one effect a row (rows,)."""
Kind = Literal["mean", "means together", "mean of few", "difference of shares", "function of means"]
"""Kinds of estimates of paired effects: `estimate` and `intervals` pick the interval by them."""

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
class Estimate:
    """An effect with its interval, how many seeds it stands on, and the kind of the interval; nan: not measured."""

    effect: float
    low: float
    high: float
    seeds: int = 0
    kind: Kind = "mean"
    half_width: float = nan

    @property
    def ends(self) -> tuple[float, float]:
        """Both ends of the interval."""
        return self.low, self.high


@dataclass(frozen=True)
class Intervals:
    """Means of K differences with their intervals, arrays of shape (K,), from so many seeds."""

    mean: Floats
    low: Floats
    high: Floats
    half_width: Floats
    seeds: int = 0
    kind: Kind = "mean"

    def estimates(self) -> list[Estimate]:
        """Return them one by one."""
        rows = np.column_stack([self.mean, self.low, self.high, self.half_width]).tolist()
        return [Estimate(mean, low, high, self.seeds, self.kind, half) for mean, low, high, half in rows]


@dataclass(frozen=True)
class Share:
    """A share of paired runs with its interval."""

    value: float
    low: float
    high: float


def intervals(differences: Floats, *, kind: Kind = "mean", confidence: float = CONFIDENCE) -> Intervals:
    """Return the mean of each column of paired differences (replicates, K) with the interval of its kind.

    "mean": an interval of its own; "means together": intervals of contrasts named beforehand that hold all at once;
    "mean of few": an interval of its own from fewer seeds than can be resampled. Raises ValueError where a value is
    missing, or the kind is not one of means.
    """
    if kind not in _OF_MEANS:
        msg = f"{kind} is no kind of means: {', '.join(_OF_MEANS)}"
        raise ValueError(msg)
    return _OF_MEANS[kind](differences, confidence=confidence)


def estimate(
    values: Floats,
    *,
    kind: Kind = "mean",
    combine: Combine | None = None,
    name: str = "",
    confidence: float = CONFIDENCE,
) -> Estimate:
    """Return the effect of paired values (R,), or of (R, k) that `combine` makes one, with the interval of its kind.

    "difference of shares" and, with `combine`, "function of means" have the percentile interval of a bootstrap, which
    stays within the shares' bounds; `name` keeps the draws of two effects of one name paired. Others are as in
    `intervals`. A missing value leaves the effect not measured. Raises ValueError for columns without `combine`.
    """
    if kind in _OF_MEANS:
        one = _one_column(values)
        if not np.isfinite(one).all():
            return Estimate(nan, nan, nan, len(one), kind)
        return intervals(one, kind=kind, confidence=confidence).estimates()[0]
    return _percentile(*resampled(values, combine, name=name), len(values), kind, confidence)


def left_and_change(
    on: Floats,
    off: Floats,
    *,
    kind: Kind = "mean",
    combine: Combine | None = None,
    name: str = "",
    confidence: float = CONFIDENCE,
) -> tuple[Estimate, Estimate]:
    """Return the effect with a mechanism off, and the effect with it on less that: paired values on the same seeds."""
    if kind not in _OF_MEANS:
        (effect, draws), (left, draws_left) = (resampled(values, combine, name=name) for values in (on, off))
        pairs = (left, draws_left), (effect - left, draws - draws_left)
        found = [_percentile(*pair, len(on), kind, confidence) for pair in pairs]
    elif np.isfinite(on).all() and np.isfinite(off).all():
        found = intervals(np.column_stack([off, on - off]), kind=kind, confidence=confidence).estimates()
    else:
        found = [Estimate(nan, nan, nan, len(on), kind)] * 2
    return found[0], found[1]


def mean_intervals(differences: Floats, *, confidence: float = CONFIDENCE) -> Intervals:
    """Return the mean of each column of paired differences (replicates, K) with an interval of its own.

    The interval is mean ± c·se, c the quantile of |t| over bootstrap resamples (95% unless told) and never less than a
    normal variable's; one replicate says nothing about spread, so its interval is without end.
    """
    differences = _as_columns(differences)
    blocks = range(0, differences.shape[1], _COLUMNS_AT_ONCE)
    factors = [_quantile(_t_values(differences[:, k : k + _COLUMNS_AT_ONCE]), confidence) for k in blocks]
    return _intervals(differences, np.concatenate(factors) if factors else np.empty(0), "mean")


def adjusted_intervals(differences: Floats, *, confidence: float = CONFIDENCE) -> Intervals:
    """Return the means of contrasts named beforehand with intervals that hold together (bootstrap max-t).

    Rows are replicates: what the contrasts (columns) share through their seeds is resampled together.
    """
    differences = _as_columns(differences)
    t = _t_values(differences)
    together = _quantile(np.fmax.reduce(t, axis=1)[:, None], confidence)
    # Resamples without spread are left out contrast by contrast, so a contrast's own factor can be the larger one.
    return _intervals(differences, np.maximum(together, _quantile(t, confidence)), "means together")


def few_intervals(differences: Floats, *, confidence: float = CONFIDENCE) -> Intervals:
    """Return the mean of each column (replicates, K) with Student's interval: few seeds tell no more than that.

    A column without spread has an interval without width; a mean that is missing has none.
    """
    from scipy import stats

    columns = np.asarray(differences, dtype=np.float64)
    columns = columns[:, None] if columns.ndim == 1 else columns
    seeds = len(columns)
    mean, spread = columns.mean(axis=0), columns.std(axis=0, ddof=1)
    half = float(stats.t.ppf((1 + confidence) / 2, seeds - 1)) * spread / np.sqrt(seeds)
    return Intervals(mean, mean - half, mean + half, half, seeds, "mean of few")


_OF_MEANS: dict[str, Callable[..., Intervals]] = {
    "mean": mean_intervals, "means together": adjusted_intervals, "mean of few": few_intervals,
}  # fmt: skip


def resampled(values: Floats, combine: Combine | None = None, *, name: str = "") -> tuple[float, Floats]:
    """Return a function of the means of paired values (R,) or (R, k), and its bootstrap draws (RESAMPLES,).

    The draws depend on the name and the number of seeds alone, so that two effects of one name stay paired.
    """
    table = (values if combine else _one_column(values)).reshape(len(values), -1)
    seeds = len(table)
    generator = np.random.default_rng([crc32(name.encode()), seeds])
    weights = generator.multinomial(seeds, np.full(seeds, 1 / seeds), size=RESAMPLES) / seeds
    mean, drawn = table.mean(axis=0, keepdims=True), weights @ table
    return (float(combine(mean)[0]), combine(drawn)) if combine else (float(mean[0, 0]), drawn[:, 0])


def _one_column(values: Floats) -> Floats:
    if values.ndim != 1:
        msg = f"{values.shape[1]} values a seed need a rule that combines them"
        raise ValueError(msg)
    return values


def _percentile(effect: float, draws: Floats, seeds: int, kind: Kind, confidence: float) -> Estimate:
    """Return an effect with the percentile interval of its bootstrap draws."""
    tail = (1 - confidence) / 2
    low, high = map(float, np.quantile(draws, [tail, 1 - tail]))
    return Estimate(effect, low, high, seeds, kind, (high - low) / 2)


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


def share_of(count: int, total: int) -> Share:
    """Return a share of a count with Wilson's 95% interval."""
    return share_ahead(np.repeat([1.0, -1.0], [count, total - count]))


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


def _intervals(differences: Floats, factors: Floats, kind: Kind) -> Intervals:
    n = len(differences)
    mean = differences.mean(axis=0)
    constant = (differences == differences[0]).all(axis=0)
    mean = np.where(constant, differences[0], mean)
    half = factors * differences.std(axis=0, ddof=1) / sqrt(n) if n > 1 else np.full(len(mean), inf)
    half = np.where(constant & (n > 1), 0.0, half)
    return Intervals(mean, mean - half, mean + half, half, n, kind)


# The verdict: what an interval allows to be said.


Verdict = Literal[
    "ahead", "leans", "no difference that matters", "undecided", "too few replicates", "not measured",
    "holds", "fails", "too small", "can't be told", "the other way round", "no claim", "depends", "does not hold",
]  # fmt: skip
"""All that is ever said of an effect, or of a claim as a whole; `experiments.reporting.phrases` has the words."""
HOLDS: Verdict = "holds"
SMALL: Verdict = "too small"
OPEN: Verdict = "can't be told"
OPPOSITE: Verdict = "the other way round"
TOLD = (HOLDS, SMALL, OPEN, OPPOSITE)
"""Verdicts on an effect that has a side claimed and a smallest size that matters."""
SIDED = ("ahead", "leans")
"""Verdicts that are on the side of one arm: of the first where the effect is above zero."""
SHARES = ("probability", "probability a unit")
"""Units of effects that are differences of shares."""
MATTERS = {"practice": 0.02, "failure-demand share": 0.02, "probability": 0.05, "pressure": 0.01, "share of days": 0.05}
"""Smallest difference worth a word, by unit; the first three from docs/odd.md, the others assumed."""


@dataclass(frozen=True)
class Side:
    """Where an effect is claimed to lie: above a bound, below one, or between two (which themselves count)."""

    low: float = -inf
    high: float = inf

    @property
    def sign(self) -> int:
        """The direction that is claimed: 1, −1, or 0 for none."""
        return 1 if self.high == inf else -1 if self.low == -inf else 0

    def holds(self, low: float, high: float) -> bool:
        """Tell whether a whole interval lies here."""
        if self.sign:
            return low > self.low if self.sign > 0 else high < self.high
        return self.low <= low and high <= self.high

    def fails(self, low: float, high: float) -> bool:
        """Tell whether none of an interval lies here."""
        if self.sign:
            return high <= self.low if self.sign > 0 else low >= self.high
        return high < self.low or low > self.high

    def __str__(self) -> str:
        if not self.sign:
            return f"within ±{self.high:g}"
        return f"above {self.low:g}" if self.sign > 0 else f"below {self.high:g}"


def above(bound: float = 0.0) -> Side:
    """Claim that an effect lies above a bound."""
    return Side(low=bound)


def below(bound: float = 0.0) -> Side:
    """Claim that an effect lies below a bound."""
    return Side(high=bound)


def within(bound: float) -> Side:
    """Claim that an effect lies inside ± a bound: no difference that matters."""
    return Side(-bound, bound)


def side_of(sign: int) -> Side:
    """Return the side of zero that a sign claims."""
    return above() if sign > 0 else below()


def verdict(
    found: Estimate, *, matters: float = 0.0, side: Side | None = None, fewest: int = FEWEST_TO_RANK
) -> Verdict:
    """Return what an interval allows to be said of an effect: the one rule.

    Fewer seeds than `fewest` say nothing. `matters` is the smallest effect worth a word.

    Where no side is claimed: "no difference that matters" where the whole interval lies within ±`matters`, "ahead"
    where it lies wholly beyond, "leans" where it leaves zero out and part of it is too small to matter, else
    "undecided".

    Where one is: "holds" where the whole interval lies there and the effect is at least what matters; "fails" where
    none of it does, else "undecided". With a smallest effect that matters, what does not hold is told apart: "too
    small" where the whole interval is smaller, "the other way round" where the opposite would hold, else "can't be
    told".
    """
    low, high = found.ends
    if found.seeds < fewest:
        return "too few replicates"
    if side is None:
        return _unclaimed(low, high, matters)
    if not (matters and side.sign):
        return HOLDS if side.holds(low, high) else "fails" if side.fails(low, high) else "undecided"
    if within(matters).holds(low, high):
        return SMALL
    clear = abs(found.effect) >= matters
    if clear and side.holds(low, high):
        return HOLDS
    return OPPOSITE if clear and side_of(-side.sign).holds(low, high) else OPEN


def _unclaimed(low: float, high: float, matters: float) -> Verdict:
    if not low <= high:
        return "not measured"
    if within(matters).holds(low, high):
        return "no difference that matters"
    if low > matters or high < -matters:
        return "ahead"
    return "leans" if low > 0 or high < 0 else "undecided"


State = Literal["gone", "weaker", "still there", "unclear", "nothing to lose"]
"""What became of an effect with its mechanism switched off."""


def state_of(left: Estimate, change: Estimate, *, side: Side, said: Verdict, matters: float = 0.0) -> State:
    """Return what became of an effect whose verdict is `said`; `change` is the effect less what was `left`.

    "nothing to lose" where it did not hold; "gone" where what is left fails, is too small or the other way round, or
    can't be told from zero while the loss is clear; "still there" where it holds even so and, with a smallest effect
    that `matters`, has not clearly lost as much; "weaker" where the loss is clear and something is left; else
    "unclear". A loss is clear where its interval leaves zero out and it is at least what matters.
    """
    rest = verdict(left, matters=matters, side=side, fewest=0)
    lost = side_of(side.sign).holds(*change.ends) and abs(change.effect) >= matters
    if said != HOLDS:
        return "nothing to lose"
    if rest in ("fails", SMALL, OPPOSITE):
        return "gone"
    if rest == HOLDS and not (lost and matters):
        return "still there"
    if not lost:
        return "unclear"
    return "gone" if left.low <= 0 <= left.high else "weaker"


# What is said of a claim as a whole.
#
# - **does not hold**: at the defaults it is the other way round, or too small to matter;
# - **depends**: it holds at the defaults, but in less than 80% of the points that can be told, or it is the other way
#   round or too small to matter under a structural alternative;
# - **holds**: it holds at the defaults, and so far;
# - **undecided**: at the defaults it can't be told, or too few points of parameter space, or of the alternatives.


ENOUGH = 0.8
"""Share of the points that can be told in which a claim has to hold."""
ENOUGH_STRUCTURES = 0.5
"""Share of the structural alternatives that have to be told before a claim is said to hold."""
FEWEST_TOLD = 20
"""Points that have to be told before anything is said of a share of them."""


def claim_verdict(at_defaults: Verdict, *, held: int, points_told: int, structures: Sequence[Verdict]) -> Verdict:
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


def changes(found: Verdict) -> bool:
    """Tell whether a structure clearly takes away what held at the defaults."""
    return found in (OPPOSITE, SMALL)
