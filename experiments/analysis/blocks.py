"""Keep the whole blocks of a drawn design: what Saltelli's scheme or a Morris walk compares belongs together."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.design import Morris, Sobol
from experiments.statistics import Floats

LOOKS = (4, 2, 1)
"""Indices are taken anew on the first quarter and the first half of the blocks, to see whether they still move."""


def block_size(design: Any, factors: int) -> int:
    """Return how many points of a design belong together: 1 where each stands alone.

    >>> block_size(Sobol(points=8), 3), block_size(Morris(trajectories=4), 3)
    (5, 4)
    """
    if isinstance(design, Sobol):
        return 2 * factors + 2 if design.second_order else factors + 2
    return factors + 1 if isinstance(design, Morris) else 1


def whole_blocks(means: Floats, size: int) -> tuple[Floats, NDArray[np.bool_]]:
    """Return the outcomes of blocks that have all their points (blocks, size), and which of all blocks those are."""
    table = means.reshape(-1, size)
    kept = np.asarray(np.isfinite(table).all(axis=1))
    return table[kept], kept


def looks(blocks: int) -> list[int]:
    """Return the numbers of blocks to look at: a quarter, a half, all, each once and at least two.

    >>> looks(64), looks(5)
    ([16, 32, 64], [2, 5])
    """
    return sorted({max(2, blocks // share) for share in LOOKS} - set(range(blocks + 1, 3)))
