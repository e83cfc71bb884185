"""Run the model all over the prior, each set twice: what luck does, what data like these could tell, where to begin.

From these runs comes the statistic that sets are judged by: the regression of every unknown on the summaries
(semi-automatic approximate Bayesian computation; Fearnhead & Prangle 2012), each in units of what luck and the
observations' errors alone make of it.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.stats import qmc

from experiments.fitting.summaries import Summary, summed_up
from experiments.fitting.world import World
from simulation.scenario.problems import ProblemError
from simulation.state import Floats

TWICE = 2
FOLDS = 5
LEAST_LUCK = 1e-3
"""Of a prior's width: keeps a unit of distance from being nothing where neither luck nor error touches a statistic."""
_DRAW = 31


@dataclass(frozen=True)
class Pilot:
    """Runs all over the prior: n sets, each run on two seeds."""

    values: Floats  # (n, p)
    practice: Floats  # (n, 2, K) enacted
    scores: Floats  # (n, 2, K) as a survey would find them


@dataclass(frozen=True)
class Statistic:
    """What sets are judged by: p numbers from S summaries, in units of luck and error."""

    centre: Floats  # (S,)
    scale: Floats  # (S,)
    weights: Floats  # (p, S)
    explained: Floats  # (p,) share of each prior's variance that data like these explain, out of sample
    floor: float

    def of(self, summaries: Floats) -> Floats:
        """Return the statistic (..., p) of summaries (..., S)."""
        return ((summaries - self.centre) / self.scale) @ self.weights.T

    @staticmethod
    def distance(one: Floats, other: Floats) -> Floats:
        """Return the root mean square of differences; two runs of one set are about 1.4 apart."""
        return np.sqrt(((one - other) ** 2).mean(axis=-1))


def run_pilot(world: World, *, sets: int, first_seed: int, progress: Callable[[int, int], None] | None = None) -> Pilot:
    """Run `sets` sets of a Latin hypercube over the prior, each on two seeds of its own."""
    chosen = world.chosen
    draw = np.random.default_rng([first_seed, _DRAW])
    unit = qmc.LatinHypercube(len(chosen.free), rng=draw).random(sets)
    values = chosen.lows + unit * (chosen.highs - chosen.lows)
    kept, practice, scores = [], [], []
    for k, one in enumerate(values):
        seeds = [first_seed + TWICE * k + twin for twin in range(TWICE)]
        try:
            runs = [world.practice(one, seed) for seed in seeds]
        except ProblemError:  # a corner of the ranges where parameters do not go together
            continue
        kept.append(one)
        practice.append(runs)
        scores.append([world.scores(run, one, seed) for run, seed in zip(runs, seeds, strict=True)])
        if progress is not None:
            progress(TWICE * (k + 1), TWICE * sets)
    return Pilot(np.array(kept), np.array(practice), np.array(scores))


def learn_statistic(pilot: Pilot, how: tuple[Summary, ...], *, lows: Floats, highs: Floats) -> Statistic:
    """Return the statistic that a pilot teaches."""
    from sklearn.linear_model import RidgeCV
    from sklearn.model_selection import GroupKFold, cross_val_predict

    summaries = summed_up(pilot.scores, how)
    n, twice, number = summaries.shape
    flat = summaries.reshape(n * twice, number)
    unknown = np.repeat((pilot.values - lows) / (highs - lows), twice, axis=0)
    centre, scale = flat.mean(axis=0), flat.std(axis=0)
    scale = np.where(scale > 0, scale, 1.0)
    known = (flat - centre) / scale
    ridge = RidgeCV(alphas=np.logspace(-3, 4, 15))
    guessed = cross_val_predict(
        ridge, known, unknown, groups=np.repeat(np.arange(n), twice), cv=GroupKFold(FOLDS)
    ).reshape(unknown.shape)
    explained = 1 - ((guessed - unknown) ** 2).mean(axis=0) / unknown.var(axis=0)
    weights = np.atleast_2d(ridge.fit(known, unknown).coef_)
    twins = (known @ weights.T).reshape(n, twice, -1)
    luck = np.sqrt(((twins[:, 0] - twins[:, 1]) ** 2).mean(axis=0) / twice)
    weights = weights / np.maximum(luck, LEAST_LUCK)[:, None]
    twins = (known @ weights.T).reshape(n, twice, -1)
    floor = float(np.quantile(Statistic.distance(twins[:, 0], twins[:, 1]), 0.1))
    return Statistic(centre, scale, weights, np.clip(explained, 0, 1), floor)
