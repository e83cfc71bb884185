"""Part the variance of a sweep into what the factors do and what luck does. Pure functions on arrays.

All points share their seeds. What a seed does alike at every point moves no point against another, so it leaves the
indices alone; what it does differently from point to point stays in the points' means, less the more seeds there are.
"""

from dataclasses import dataclass

import numpy as np

from experiments.statistics import CONFIDENCE, Floats

RESAMPLES, AT_ONCE = 400, 20
TINY = 1e-300
_SEED = 31
TOO_MUCH = 0.05
"""Share of the variance between points from which luck left in them is worth a warning."""


@dataclass(frozen=True)
class Share:
    """A share with its 95% bootstrap interval over points."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Luck:
    """`of_run`: luck's share of the variance of single runs; `left`: its share of the variance between points' means.

    `left` holds what luck does differently at different points, which the replicates have not averaged out.
    """

    of_run: Share
    left: Share
    replicates: int

    @property
    def is_too_much(self) -> bool:
        """Tell whether what is left of luck is worth a warning."""
        return self.left.high > TOO_MUCH


def luck_of(values: Floats) -> Luck | None:
    """Return luck's shares of the variance of outcomes (points, replicates); None where that can't be told.

    It takes two replicates and three points; points that lack a replicate are left out.
    """
    whole = values[np.isfinite(values).all(axis=1)]
    n, r = whole.shape
    if n < 3 or r < 2:
        return None
    means = whole.mean(axis=1)
    within = whole.var(axis=1, ddof=1)
    apart = ((whole - means[:, None] - whole.mean(axis=0) + whole.mean()) ** 2).sum(axis=1) / (r - 1) * n / (n - 1)
    if means.var() == 0 and within.max() == 0:
        return None
    spread = means - means.mean()
    rng = np.random.default_rng(_SEED)
    drawn = [
        _shares(spread, within, apart / r, rng.multinomial(n, np.full(n, 1 / n), size=AT_ONCE) / n)
        for _ in range(RESAMPLES // AT_ONCE)
    ]
    tails = (1 - CONFIDENCE) / 2
    low, high = np.quantile(np.concatenate(drawn), (tails, 1 - tails), axis=0)
    found = _shares(spread, within, apart / r, np.full((1, n), 1 / n))[0]
    shares = [Share(float(value), float(low[k]), float(high[k])) for k, value in enumerate(found)]
    return Luck(shares[0], shares[1], r)


def _shares(means: Floats, within: Floats, left: Floats, weights: Floats) -> Floats:
    """Return both shares for each row of weights, (rows, 2)."""
    n = len(means)
    between = np.maximum(0.0, weights @ means**2 - (weights @ means) ** 2) * n / (n - 1)
    luck, still = weights @ within, np.minimum(weights @ left, between)
    of_run = luck / np.maximum(luck + between - still, TINY)
    return np.clip(np.stack([of_run, still / np.maximum(between, TINY)], axis=1), 0.0, 1.0)
