"""Say how sure paired runs can be: intervals, probabilities, verdicts, replicates needed. Pure functions on arrays.

Every interval of a mean difference is a studentised bootstrap interval with fixed draws, so that the same differences
always give the same interval, and it is symmetric, so that exchanging the two routes flips its sign and nothing else.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import ceil, inf, isfinite, sqrt
from statistics import NormalDist
from typing import Literal

import numpy as np
from numpy.typing import NDArray

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
