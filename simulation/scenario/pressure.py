"""Describe the pressure a place is under: numbers, a budget path and events."""

from simulation.scenario.base import Frozen
from simulation.scenario.events import Event
from simulation.scenario.places import Budget


class Pressure(Frozen):
    """A pressure; its numbers and budget path stand over the place's."""

    name: str = ""
    title: str = ""
    description: str = ""
    parameters: dict[str, float] = {}
    budget: Budget | None = None
    events: tuple[Event, ...] = ()
