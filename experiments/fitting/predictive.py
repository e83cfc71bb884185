"""Let the plausible sets predict the observations anew, with other luck: does the model make data like these at all?"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from experiments.fitting.pilot import Pilot
from experiments.fitting.populations import Population
from experiments.fitting.summaries import Summary, summed_up
from experiments.fitting.world import World
from simulation.state import Floats, Integers

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
