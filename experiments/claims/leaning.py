"""Find the parameters along which a claim's effect grows over the points of parameter space."""

import numpy as np
import polars as pl
from numpy.typing import NDArray

from experiments.claims.finding import Leaning
from experiments.claims.rules import FEWEST_TOLD, HOLDS, OPEN, share_of
from experiments.statistics import CONFIDENCE, Share, normal_factor
from simulation.parameters import BY_NAME
from simulation.state import Floats

MOST_NAMED = 3
"""Parameters that are named, those that tell most first."""
_ALMOST_ONE = 1 - 1e-12


def leanings(effect: Floats, told: NDArray[np.str_], design: pl.DataFrame) -> tuple[Leaning, ...]:
    """Return the parameters whose rank correlation with the effect is clear, at most three, the strongest first.

    `effect` is each point's mean effect, to the side claimed; `told` is what can be told there; `design` has a row a
    point and a column a parameter. Correlations are over all points: whether a point can be told depends on its size.
    Intervals are Fisher's, adjusted for the number of parameters (Bonferroni).
    """
    measured = np.isfinite(effect)
    if measured.sum() < FEWEST_TOLD or not np.ptp(effect[measured]):
        return ()
    names = [name for name in design.columns if name in BY_NAME]
    values = design.select(names).to_numpy()
    correlation = rank_correlations(values[measured], effect[measured])
    spread = normal_factor(1 - (1 - CONFIDENCE) / len(names)) / np.sqrt(measured.sum() - 3)
    middle = np.arctanh(np.clip(correlation, -_ALMOST_ONE, _ALMOST_ONE))
    low, high = np.tanh(middle - spread), np.tanh(middle + spread)
    found = []
    for k in np.argsort(-np.abs(correlation), kind="stable")[:MOST_NAMED]:
        if low[k] > 0 or high[k] < 0:
            upper = values[:, k] > _middle(names[k])
            shares = (_share(told[~upper]), _share(told[upper]))
            found.append(Leaning(names[k], float(correlation[k]), float(low[k]), float(high[k]), *shares))
    return tuple(found)


def _share(told: NDArray[np.str_]) -> Share:
    """Return the share that holds of the points that can be told."""
    return share_of(int((told == HOLDS).sum()), int((told != OPEN).sum()))


def rank_correlations(values: Floats, effect: Floats) -> Floats:
    """Return the rank correlation of each column with the effect (Spearman's, ties at their mean rank)."""
    from scipy import stats

    ranks, sizes = stats.rankdata(values, axis=0), stats.rankdata(effect)
    ranks -= ranks.mean(axis=0)
    sizes -= sizes.mean()
    spread = np.sqrt((ranks**2).sum(axis=0) * (sizes**2).sum())
    with np.errstate(invalid="ignore"):
        return np.nan_to_num(sizes @ ranks / spread)


def _middle(name: str) -> float:
    parameter = BY_NAME[name]
    return (float(parameter.low or 0) + float(parameter.high or 0)) / 2
