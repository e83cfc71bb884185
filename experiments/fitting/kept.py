"""Keep the pilot as a file, whole or not at all."""

import os
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from experiments.fitting.pilot import Pilot

PILOT = "pilot.npz"


def save_pilot(pilot: Pilot, folder: Path) -> None:
    """Keep a pilot in a folder."""
    draft = folder / f"{PILOT}.tmp"
    with draft.open("wb") as file:
        np.savez(file, values=pilot.values, practice=pilot.practice, scores=pilot.scores)
    os.replace(draft, folder / PILOT)


def load_pilot(folder: Path) -> Pilot | None:
    """Return the pilot that a folder keeps, or None where there is none that can be read."""
    try:
        with np.load(folder / PILOT) as kept:
            return Pilot(kept["values"], kept["practice"], kept["scores"])
    except (OSError, ValueError, KeyError, EOFError, BadZipFile):
        return None
