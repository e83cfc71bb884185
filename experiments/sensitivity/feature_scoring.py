"""Score factors by a forest of extra trees, several times over, beside a factor of pure chance.

The scores are EMA Workbench's (Jaxa-Rozen & Kwakkel 2018, Environ. Model. Softw. 107: 245-259). They add up to 1 over
all factors and the chance one, and see interactions; they rank, and say nothing of direction.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from experiments.inference import Floats
from experiments.sensitivity.adequacy import FEWEST_A_FACTOR, Check
from experiments.sensitivity.data import Axis, frame, workbench

TIMES = 10
TREES = 100
CHANCE = "pure chance"
LEAST_EXPLAINED = 0.1
"""Share of the variance, at points a tree never saw, below which a forest's scores mean nothing."""
SEED = 53


@dataclass(frozen=True)
class Scores:
    """Scores by factor, (k,): the median over forests and the lowest and highest; `chance` is the highest of chance.

    `explained` is the share of the variance that each forest explains at points its trees never saw (times,).
    """

    names: tuple[str, ...]
    middle: Floats
    low: Floats
    high: Floats
    chance_middle: float
    chance: float
    explained: Floats
    points: int

    @property
    def order(self) -> list[int]:
        """Return the factors' positions, the highest score first."""
        return [int(k) for k in np.argsort(-self.middle, kind="stable")]

    @property
    def above_chance(self) -> list[str]:
        """Return the factors whose lowest score is above the highest of chance, the highest first."""
        return [self.names[k] for k in self.order if self.low[k] > self.chance]


def scores(axes: Sequence[Axis], means: Floats, *, times: int = TIMES, trees: int = TREES) -> Scores:
    """Return the scores of factors for outcomes (points,). Raises MissingError without EMA Workbench."""
    library = workbench("feature_scoring")
    mode = library.RuleInductionType.REGRESSION
    table = frame(axes)
    found, explained = [], []
    for k in range(times):
        table[CHANCE] = np.random.default_rng([SEED, k]).random(len(means))
        ranks, forest = library.get_ex_feature_scores(table, means, mode=mode, nr_trees=trees, random_state=SEED + k)
        found.append([float(ranks.loc[name, 1]) for name in table.columns])
        explained.append(float(forest.oob_score_))
    every = np.array(found)
    own = every[:, :-1]
    return Scores(
        names=tuple(axis.name for axis in axes), middle=np.median(own, axis=0), low=own.min(axis=0),
        high=own.max(axis=0), chance_middle=float(np.median(every[:, -1])), chance=float(every[:, -1].max()),
        explained=np.array(explained), points=len(means),
    )  # fmt: skip


def checks(found: Scores) -> list[Check]:
    """Hold scores to what makes them worth reading: points enough, and a forest that explains something."""
    low, high = (f"{100 * max(0.0, float(end)):.0f}" for end in (found.explained.min(), found.explained.max()))
    share = low if low == high else f"{low} to {high}"
    a_factor = found.points / len(found.names)
    return [
        Check(
            "points for the factors", a_factor >= FEWEST_A_FACTOR,
            f"there are {a_factor:,.0f} points a factor; asked for are {FEWEST_A_FACTOR} or more",
        ),
        Check(
            "forests explain something", float(found.explained.min()) >= LEAST_EXPLAINED,
            f"at points they never saw, the forests explain {share}% of the variance; asked for is "
            f"{100 * LEAST_EXPLAINED:.0f}% or more",
        ),
    ]  # fmt: skip
