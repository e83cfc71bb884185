"""Hash all that decides the numbers of a run: the model's sources, what is kept of it, the platform's arithmetic."""

import hashlib
from functools import cache
from pathlib import Path

import simulation
from experiments.measures import MONTH_COLUMNS, RUN_COLUMNS
from simulation.fingerprint import fingerprint

FORMAT = 1
"""Raised by hand when what is stored of a run changes its meaning."""


@cache
def engine() -> str:
    """Return the hash (64 hexadecimal digits)."""
    root = Path(simulation.__file__).parent
    digest = hashlib.sha256(f"{FORMAT} {fingerprint()} {RUN_COLUMNS} {MONTH_COLUMNS}".encode())
    for path in sorted(root.rglob("*.py")):
        digest.update(path.relative_to(root).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()
