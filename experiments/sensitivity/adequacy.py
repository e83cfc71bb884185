"""Is the sample large enough; share of luck."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from experiments.inference import CONFIDENCE, Floats

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


# Keep what decides whether a sample is large enough to tell: the lines, and how an index is judged by its interval.


Judgement = Literal["matters", "hardly matters", "can't be told"]

WIDE = 0.1
"""A Sobol' index whose interval reaches further than this to either side is too coarse."""
MOVED = 0.05
"""An index that the second half of the sample moved by more than this still moves."""
SOME = 0.05
"""Share of the variance from which a factor matters."""
FEWEST_WALKS = 10
"""Morris walks below which nothing is ranked."""
FEWEST_SIDES = 20
"""Points wanted on either side of a line before a region is sought."""
FEWEST_A_FACTOR = 10
"""Points a factor below which a region or a score is little more than chance."""


@dataclass(frozen=True)
class Check:
    """One thing a sample is held to: whether it passes, and a sentence that says so with its numbers."""

    name: str
    passed: bool
    words: str


def judged(low: float, high: float, line: float) -> Judgement:
    """Say what an interval allows to be said about a line.

    >>> judged(0.1, 0.2, 0.05), judged(0.0, 0.02, 0.05), judged(-0.1, 0.3, 0.05)
    ('matters', 'hardly matters', "can't be told")
    """
    if low >= line:
        return "matters"
    return "hardly matters" if high < line else "can't be told"


def tied_with_first(size: Floats, apart: Floats) -> tuple[int, ...]:
    """Return the factor of the largest size and those that can't be ranked below it, the largest first.

    `apart` (k,) are the half-widths of the intervals of the differences between the largest and each.

    >>> import numpy as np
    >>> tied_with_first(np.array([0.2, 0.5, 0.45]), np.array([0.1, 0.0, 0.1]))
    (1, 2)
    """
    order = np.argsort(-size, kind="stable")
    return tuple(int(k) for k in order if k == order[0] or size[order[0]] - size[k] <= apart[k])


def is_enough(checks: Sequence[Check]) -> bool:
    """Tell whether a sample passes all it is held to."""
    return all(check.passed for check in checks)
