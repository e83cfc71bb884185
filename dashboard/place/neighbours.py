"""List whom an organisation works with in a month: trust, and what can be seen of their practice."""

from dataclasses import dataclass

import numpy as np

from experiments.comparison import PlacePicture
from simulation.observation import Trajectory
from simulation.state import Floats, Integers

YEAR = 12


@dataclass(frozen=True)
class Neighbour:
    """One organisation that another works with; trust and practice in the model's scale."""

    id: str
    name: str
    kind: str
    trust: float
    trust_change: float
    """Over the last year, or since month 0 where that is less."""
    practice: float


def neighbours_of(found: Trajectory, who: PlacePicture, organisation: int, month: int) -> list[Neighbour]:
    """Return an organisation's neighbours at the end of a month, those trusted most first.

    `who` holds the ties of that month (`people_of`); the run is recorded in full.
    """
    row, before = found.burn_in + month - 1, found.burn_in + max(month - YEAR, 0) - 1
    alive, practice = (found.by_organisation[name][row] for name in ("alive", "practice"))
    others, ties = ties_of_one(who, organisation)
    rows = [
        Neighbour(
            who.ids[other], who.names[other], who.kinds[other], float(found.trust[row, tie]),
            float(found.trust[row, tie] - found.trust[max(before, 0), tie]), float(practice[other]),
        )
        for other, tie in zip(others.tolist(), ties.tolist(), strict=True)
        if alive[other] and alive[organisation]
    ]  # fmt: skip
    return sorted(rows, key=lambda neighbour: -neighbour.trust)


def ties_of_one(who: PlacePicture, organisation: int) -> tuple[Integers, Integers]:
    """Return the rows of an organisation's neighbours and of its ties to them."""
    tie_from, tie_to = np.asarray(who.tie_from), np.asarray(who.tie_to)
    ties = np.flatnonzero((tie_from == organisation) | (tie_to == organisation))
    others = np.where(tie_from[ties] == organisation, tie_to[ties], tie_from[ties])
    return others.astype(np.int64), ties


def trust_around(found: Trajectory, who: PlacePicture, organisation: int) -> Floats:
    """Return the mean trust of an organisation's relationships by recorded month; 0 without any."""
    ties = ties_of_one(who, organisation)[1]
    around: Floats = found.trust[:, ties].mean(axis=1) if len(ties) else np.zeros(len(found.trust))
    return around
