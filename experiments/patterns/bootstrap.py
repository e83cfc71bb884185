"""Give paired effects a 95% bootstrap interval: seeds are drawn again with replacement, all arms together."""

from collections.abc import Callable
from dataclasses import dataclass
from zlib import crc32

import numpy as np

from simulation.state import Floats

RESAMPLES = 4000
LEVEL = 0.95


@dataclass(frozen=True)
class Estimate:
    """An effect with its percentile interval."""

    effect: float
    low: float
    high: float


def each_as_it_is(means: Floats) -> Floats:
    """Return the only column of (rows, 1) means as the effect (rows,)."""
    if means.shape[1] != 1:
        msg = f"{means.shape[1]} values a seed need a rule that combines them"
        raise ValueError(msg)
    return means[:, 0]


def resampled(values: Floats, combine: Callable[[Floats], Floats], *, name: str) -> tuple[float, Floats]:
    """Return the effect of paired values (R,) or (R, k), and its bootstrap draws (RESAMPLES,).

    The draws depend on the name and the number of seeds alone, so that two effects of one name stay paired.
    """
    table = values[:, None] if values.ndim == 1 else values
    seeds = len(table)
    generator = np.random.default_rng([crc32(name.encode()), seeds])
    weights = generator.multinomial(seeds, np.full(seeds, 1 / seeds), size=RESAMPLES) / seeds
    return float(combine(table.mean(axis=0, keepdims=True))[0]), combine(weights @ table)


def estimate(effect: float, draws: Floats) -> Estimate:
    """Return an effect with the percentile interval of its bootstrap draws."""
    tail = (1 - LEVEL) / 2
    low, high = np.quantile(draws, [tail, 1 - tail])
    return Estimate(effect, float(low), float(high))
