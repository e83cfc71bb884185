"""Keep finished blocks of runs as files, so that interrupted work goes on where it stopped.

A part is named after all that decides its runs: the scenario's content, the seeds, the model's sources and the
platform. It is written whole or not at all; one that can't be read is run again.
"""

import hashlib
import os
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from experiments.blocks import Block
from experiments.cases import Case, Task
from experiments.engine import engine


class Parts:
    """Finished blocks in a folder."""

    def __init__(self, folder: Path) -> None:
        """Use a folder, made if missing."""
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self._hashes: dict[int, tuple[Case, str]] = {}

    def path(self, case: Case, task: Task) -> Path:
        """Return the file of a case's block."""
        known = self._hashes.get(id(case))
        if known is None or known[0] is not case:
            known = case, case.what.content_hash()
            self._hashes[id(case)] = known
        identity = f"{known[1]} {engine()} {task.first_seed} {task.count} {task.by_month}"
        return self.folder / f"{hashlib.sha256(identity.encode()).hexdigest()[:32]}.npz"

    def load(self, case: Case, task: Task) -> Block | None:
        """Return a finished block, or None where there is none that can be read."""
        try:
            with self.path(case, task).open("rb") as file, np.load(file) as kept:
                return Block(*(kept[name] for name in Block._fields))
        except (OSError, ValueError, KeyError, EOFError, BadZipFile):
            return None

    def save(self, case: Case, task: Task, block: Block) -> None:
        """Keep a finished block."""
        path = self.path(case, task)
        unfinished = path.with_suffix(".tmp")
        with unfinished.open("wb") as file:
            np.savez(file, **block._asdict())
        os.replace(unfinished, path)

    def keep_only(self, wanted: set[Path]) -> int:
        """Remove parts of other comparisons, and what a kill left half-written; return how many parts were removed."""
        removed = 0
        for path in self.folder.iterdir():
            if path not in wanted:
                removed += path.suffix == ".npz"
                path.unlink()
        return removed
