"""Read from a run what the observations saw: practice of those organisations and behaviours in those months."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from experiments.fitting.targets import PLACE, Observation, Targets
from simulation.observation import Trajectory
from simulation.state import Floats, Integers
from simulation.vocabulary import BEHAVIOUR_IDS

WHOLE = -1
"""Stands for the whole place and for all nine behaviours."""


class Seeing(NamedTuple):
    """Where each of K observations is read: arrays (K,)."""

    organisation: Integers
    behaviour: Integers
    month: Integers
    detail: str


def seeing(targets: Targets, ids: Sequence[str]) -> Seeing:
    """Return where each observation is read in a place with these organisations."""
    rows = {identity: i for i, identity in enumerate(ids)}

    def numbers(read: list[int]) -> Integers:
        return np.array(read, dtype=np.int64)

    seen: tuple[Observation, ...] = targets.observations
    return Seeing(
        numbers([WHOLE if one.organisation == PLACE else rows[one.organisation] for one in seen]),
        numbers([BEHAVIOUR_IDS.index(one.behaviour) if one.behaviour else WHOLE for one in seen]),
        numbers([one.month for one in seen]),
        targets.detail,
    )


def seen(trajectory: Trajectory, where: Seeing) -> Floats:
    """Return practice as the model has it, enacted and 0-1, for each observation (K,)."""
    rows = trajectory.burn_in + where.month - 1
    values = trajectory["practice"][rows]
    single, one = where.organisation != WHOLE, where.behaviour != WHOLE
    place_one = ~single & one
    values[place_one] = trajectory.behaviours[rows[place_one], where.behaviour[place_one]]
    if where.detail != "months":
        whole = single & ~one
        values[whole] = trajectory.by_organisation["practice"][rows[whole], where.organisation[whole]]
    if where.detail == "full":
        cell = single & one
        values[cell] = trajectory.practice[rows[cell], where.organisation[cell], where.behaviour[cell]]
    return values
