"""Keep blocks of runs by what decides them, for everybody: the same comparison again is there at once."""

import threading
from collections import OrderedDict
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dashboard.comparing.asked import Arm, Asked
from experiments.blocks import Block
from experiments.measures import MONTH_COLUMNS, RUN_COLUMNS
from simulation.state import Floats

MOST_BYTES = 160 * 2**20
OUTCOMES = (
    "practice", "perspective", "participation", "power", "reach", "gained", "trust", "partner_trust", "pressure",
    "rigidity", "failure_demand_share", "infrastructure", "evidence", "learning",
)  # fmt: skip
"""What is kept of each run, and can be read."""
_OF_RUN = [RUN_COLUMNS.index(name) for name in OUTCOMES]
_OF_MONTH = [MONTH_COLUMNS.index(name) for name in OUTCOMES]


class Runs(NamedTuple):
    """What the runs of one arm showed on S seeds over M months, read-only, in the model's scale."""

    ends: Floats  # (S, len(OUTCOMES)), at the last month
    months: NDArray[np.float32]  # (S, M + 1, len(OUTCOMES)), to seven digits

    @property
    def bytes(self) -> int:
        """Memory."""
        return self.ends.nbytes + self.months.nbytes


def bytes_of(asked: Asked) -> int:
    """Return about how much memory a comparison takes."""
    return asked.runs * len(OUTCOMES) * (4 * (asked.months + 1) + 8)


def runs_of(block: Block) -> Runs:
    """Return what is kept of a block."""
    return Runs(_frozen(block.outcomes[:, _OF_RUN]), _frozen(block.months[:, :, _OF_MONTH]))


def joined(blocks: list[Runs]) -> Runs:
    """Join blocks in order of their seeds."""
    if len(blocks) == 1:
        return blocks[0]
    return Runs(
        _frozen(np.concatenate([one.ends for one in blocks])), _frozen(np.concatenate([one.months for one in blocks]))
    )


def _frozen(array: NDArray) -> NDArray:  # type: ignore[type-arg]
    array.flags.writeable = False
    return array


class KeptBlocks:
    """Keep the blocks used last, up to so many bytes; several threads may ask at once."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        """Begin with none."""
        self.most_bytes, self.bytes = most_bytes, 0
        self._blocks: OrderedDict[tuple[str, Arm, int, int], Runs] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, asked: Asked, arm: Arm, block: tuple[int, int]) -> Runs | None:
        """Return an arm's runs on a block of seeds, or None."""
        key = (asked.identity, arm, *block)
        with self._lock:
            if key not in self._blocks:
                return None
            self._blocks.move_to_end(key)
            return self._blocks[key]

    def put(self, asked: Asked, arm: Arm, block: tuple[int, int], runs: Runs) -> None:
        """Keep an arm's runs on a block of seeds; what was used longest ago goes."""
        key = (asked.identity, arm, *block)
        with self._lock:
            if key in self._blocks:
                return
            self._blocks[key] = runs
            self.bytes += runs.bytes
            while self.bytes > self.most_bytes and len(self._blocks) > 1:
                self.bytes -= self._blocks.popitem(last=False)[1].bytes


KEPT = KeptBlocks()
