"""How far ranges narrowed; prediction anew."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

import numpy as np

from experiments.calibration.abc_smc import Pilot, Population
from experiments.calibration.observations import Summary, summed_up
from experiments.calibration.priors import Chosen, World
from simulation.state import Floats, Integers

Verdict = Literal["narrowed", "leans", "can't tell", "not to be read"]
INSIDE = (0.05, 0.95)
"""Quantiles of a 90% interval."""
NARROW = 2 / 3
"""Share of the prior interval's width below which an interval counts as narrowed."""
CHANCE = 0.05
"""Chance, over all unknowns together, that any would pass for told where the data say nothing."""
LITTLE = 0.05
"""Share of a prior's variance explained below which data of a shape are said to be silent on it."""
TRADE_OFF = 0.5
"""Correlation beyond which two unknowns are said to make up for one another."""
FEWEST = 20
"""Effective sets below which nothing is said of an interval."""
KIN = 0.7
"""Sets descend from one another, so what chance does is reckoned with so many of the effective ones."""
_DRAWS = 2_000


@dataclass(frozen=True)
class Told:
    """What is known of one unknown before and after; on the model's scale."""

    name: str
    prior_low: float
    prior_high: float
    low: float
    median: float
    high: float
    ratio: float
    """Width of the 90% interval as a share of the prior's."""
    chance_ratio: float
    """The ratio below which it is hardly ever where the data say nothing."""
    shift: float
    """Largest gap between the shares of sets and of prior below any value."""
    chance_shift: float
    explained: float
    """Share of the prior's variance that data of this shape explain, on average over the prior."""
    verdict: Verdict


@dataclass(frozen=True)
class TradeOff:
    """Two unknowns of which the data tell a combination more than each."""

    first: str
    second: str
    correlation: float


def told(chosen: Chosen, population: Population, explained: Floats, *, reproduces: bool) -> tuple[Told, ...]:
    """Return what a population tells of every unknown; where the model can't reproduce the data, nothing."""
    names = [prior.name for prior in chosen.free]
    effective = population.effective
    chance_ratio, chance_shift = _by_chance(max(2, int(KIN * effective)), CHANCE / len(names) / 2)
    found = []
    for k, prior in enumerate(chosen.free):
        values, width = population.values[:, k], prior.high - prior.low
        low, median, high = (float(q) for q in quantiles(values, population.weights, (INSIDE[0], 0.5, INSIDE[1])))
        ratio = (high - low) / ((INSIDE[1] - INSIDE[0]) * width)
        shift = _shift((values - prior.low) / width, population.weights)
        beyond = effective >= FEWEST and (ratio < chance_ratio or shift > chance_shift)
        verdict: Verdict = "can't tell"
        if not reproduces:
            verdict = "not to be read"
        elif beyond:
            verdict = "narrowed" if ratio <= NARROW else "leans"
        found.append(
            Told(prior.name, prior.low, prior.high, low, median, high, ratio, chance_ratio, shift, chance_shift,
                 float(explained[k]), verdict)
        )  # fmt: skip
    return tuple(found)


def trade_offs(chosen: Chosen, population: Population) -> tuple[TradeOff, ...]:
    """Return pairs of unknowns that make up for one another, the strongest first."""
    names = [prior.name for prior in chosen.free]
    if len(names) < 2:
        return ()
    table = np.atleast_2d(np.cov(population.values, rowvar=False, aweights=population.weights))
    size = np.sqrt(np.maximum(np.diag(table), 1e-300))
    table = table / size[:, None] / size[None]
    pairs = [
        TradeOff(names[i], names[j], float(table[i, j]))
        for i in range(len(names))
        for j in range(i + 1, len(names))
        if abs(table[i, j]) >= TRADE_OFF
    ]
    return tuple(sorted(pairs, key=lambda pair: -abs(pair.correlation)))


def quantiles(values: Floats, weights: Floats, at: Sequence[float]) -> Floats:
    """Return quantiles of weighted values, along the first axis.

    >>> quantiles(np.array([1.0, 2.0, 3.0]), np.array([1.0, 1.0, 1.0]), (0.5,)).tolist()
    [2.0]
    """
    order = np.argsort(values, kind="stable")
    kept = weights[order] / weights.sum()
    middle = np.cumsum(kept) - kept / 2
    return np.interp(np.asarray(at), middle, values[order])


def _shift(unit: Floats, weights: Floats) -> float:
    """Return the Kolmogorov distance of weighted values on 0-1 from the uniform prior."""
    order = np.argsort(unit, kind="stable")
    up = np.cumsum(weights[order]) / weights.sum()
    down = np.concatenate([[0.0], up[:-1]])
    return float(max(np.abs(up - unit[order]).max(), np.abs(down - unit[order]).max()))


@cache
def _by_chance(effective: int, level: float) -> tuple[float, float]:
    """Return the ratio and the shift that so many sets drawn from the prior itself pass only at a chance of `level`."""
    draws = np.random.default_rng(effective).random((_DRAWS, effective))
    draws.sort(axis=1)
    places = np.clip(np.array(INSIDE) * effective - 0.5, 0, effective - 1)
    below = np.minimum(places.astype(int), effective - 2)
    ends = draws[:, below] + (places - below) * (draws[:, below + 1] - draws[:, below])
    widths = ends[:, 1] - ends[:, 0]
    up = np.arange(1, effective + 1) / effective
    shifts = np.maximum(np.abs(up - draws).max(axis=1), np.abs(up - 1 / effective - draws).max(axis=1))
    ratio = float(np.quantile(widths, level)) / (INSIDE[1] - INSIDE[0])
    return ratio, float(np.quantile(shifts, 1 - level))


# Let the plausible sets predict the observations anew, with other luck: does the model make data like these at all?


RUNS = 400
CAN_NOT = 0.01
"""Chance of data as far off as these, below which the model is said not to reproduce them."""
HARDLY = 0.05
BAND = (0.05, 0.95)
_DRAW = 59


@dataclass(frozen=True)
class Predictions:
    """Runs of plausible sets on new seeds: n runs for K observations."""

    practice: Floats  # (n, K) enacted
    perceived: Floats  # (n, K) with the perception offset
    scores: Floats  # (n, K) with the chance of who answers


@dataclass(frozen=True)
class Agreement:
    """How the observations stand among predictions."""

    chance: float
    """Share of predicted data sets at least as far from the predictions' middle as the observations."""
    prior_chance: float
    """The same for runs from all over the prior."""
    outside: float
    """Share of single observations outside the 90% range predicted for them."""
    runs: int
    prior_runs: int

    @property
    def reproduces(self) -> bool:
        """Tell whether the model reproduces the data."""
        return self.chance >= CAN_NOT

    @property
    def elsewhere(self) -> bool:
        """Tell whether data as far out do come from all over the prior."""
        return self.prior_chance >= CAN_NOT and self.prior_chance * (1 + self.prior_runs // 2) > 1.5

    @property
    def hardly(self) -> bool:
        """Tell whether it does so hardly."""
        return CAN_NOT <= self.chance < HARDLY


def resampled(weights: Floats, number: int, *, seed: int) -> Integers:
    """Return `number` rows drawn by weight, spread as evenly as weights allow (systematic resampling)."""
    start = np.random.default_rng([seed, _DRAW]).random()
    places = (start + np.arange(number)) / number
    return np.minimum(np.searchsorted(np.cumsum(weights) / weights.sum(), places), len(weights) - 1)


def predict(
    world: World,
    population: Population,
    *,
    first_seed: int,
    runs: int = RUNS,
    progress: Callable[[int, int], None] | None = None,
) -> Predictions:
    """Run sets drawn by weight, each on a new seed."""
    practice, perceived, scores = [], [], []
    for k, row in enumerate(resampled(population.weights, runs, seed=first_seed)):
        values = population.values[row]
        practice.append(world.practice(values, first_seed + k))
        perceived.append(world.perceived(practice[-1], values))
        scores.append(world.scores(practice[-1], values, first_seed + k))
        if progress is not None:
            progress(k + 1, runs)
    return Predictions(np.array(practice), np.array(perceived), np.array(scores))


def agreement(predictions: Predictions, pilot: Pilot, how: Sequence[Summary], observed: Floats) -> Agreement:
    """Return how observations (K,) stand among predictions, and among runs from all over the prior."""
    low, high = np.quantile(predictions.scores, BAND, axis=0)
    return Agreement(
        chance=_chance(summed_up(predictions.scores, how), summed_up(observed, how)),
        prior_chance=_chance(summed_up(pilot.scores[:, 0], how), summed_up(observed, how)),
        outside=float(((observed < low) | (observed > high)).mean()),
        runs=len(predictions.scores),
        prior_runs=len(pilot.scores),
    )


def _chance(made: Floats, observed: Floats) -> float:
    """Return the share of data sets made (n, S) that lie at least as far out as the one observed (S,).

    One half gives middle and spread (shrunk, Ledoit & Wolf 2004), the other half is compared.
    """
    from sklearn.covariance import LedoitWolf

    size = made.std(axis=0)
    size = np.where(size > 0, size, 1e-12)
    unit, seen = (made - made.mean(axis=0)) / size, (observed - made.mean(axis=0)) / size
    fitted = LedoitWolf().fit(unit[::2])
    other = fitted.mahalanobis(unit[1::2])
    own = fitted.mahalanobis(seen[None])[0]
    return float((1 + (other >= own).sum()) / (1 + len(other)))
