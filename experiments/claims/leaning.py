"""Find the parameters that tell the points where a claim holds from those where it does not."""

import numpy as np
import polars as pl
from numpy.typing import NDArray

from experiments.claims.finding import Leaning
from experiments.claims.rules import FEWEST_TOLD, HOLDS, OPEN, share_of
from experiments.statistics import CONFIDENCE, normal_factor
from simulation.parameters import BY_NAME
from simulation.state import Floats

MOST_NAMED = 3
"""Parameters that are named, those that tell most first."""


def leanings(told: NDArray[np.str_], design: pl.DataFrame) -> tuple[Leaning, ...]:
    """Return the parameters whose rank correlation with holding is clear, at most three, the strongest first.

    `told` is what can be told at each point, `design` has a row a point and a column a parameter. Points that can't
    be told are left out. Intervals are Fisher's, adjusted for the number of parameters (Bonferroni).
    """
    known = told != OPEN
    held = (told == HOLDS)[known]
    if len(held) < FEWEST_TOLD or held.all() or not held.any():
        return ()
    names = [name for name in design.columns if name in BY_NAME]
    values = design.select(names).to_numpy()[known]
    correlation = rank_correlations(values, held)
    factor = normal_factor(1 - (1 - CONFIDENCE) / len(names))
    spread = factor / np.sqrt(len(held) - 3)
    low, high = np.tanh(np.arctanh(correlation) - spread), np.tanh(np.arctanh(correlation) + spread)
    found = []
    for k in np.argsort(-np.abs(correlation), kind="stable")[:MOST_NAMED]:
        if low[k] > 0 or high[k] < 0:
            upper = values[:, k] > _middle(names[k])
            shares = [share_of(int(held[half].sum()), int(half.sum())) for half in (~upper, upper)]
            found.append(Leaning(names[k], float(correlation[k]), float(low[k]), float(high[k]), *shares))
    return tuple(found)


def rank_correlations(values: Floats, held: NDArray[np.bool_]) -> Floats:
    """Return the rank correlation of each column with a yes or no (Spearman's, ties at their mean rank)."""
    from scipy import stats

    ranks = stats.rankdata(values, axis=0)
    ranks -= ranks.mean(axis=0)
    yes = held - held.mean()
    spread = np.sqrt((ranks**2).sum(axis=0) * (yes**2).sum())
    with np.errstate(invalid="ignore"):
        return np.nan_to_num(yes @ ranks / spread)


def _middle(name: str) -> float:
    parameter = BY_NAME[name]
    return (float(parameter.low or 0) + float(parameter.high or 0)) / 2
