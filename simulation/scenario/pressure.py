"""Describe the pressure a place is under: numbers, a budget path and events."""

from typing import Any, ClassVar

from pydantic import Field

from simulation.scenario.base import Frozen
from simulation.scenario.budget import Budget
from simulation.scenario.events import Event
from simulation.scenario.named import Numbers


class Pressure(Frozen):
    """A pressure; its numbers and budget path stand over the place's. `sources` are its figures'."""

    name: str = ""
    title: str = ""
    description: str = ""
    sources: tuple[str, ...] = ()
    parameters: Numbers = Field(default_factory=dict)
    budget: Budget | None = None
    events: tuple[Event, ...] = ()

    NOT_HASHED: ClassVar[dict[str, Any]] = {"name": True}
