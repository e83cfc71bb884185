"""Describe the pressure a place is under: numbers, a budget path and events."""

from typing import Any, ClassVar, Self

from pydantic import Field, model_validator

from simulation.scenario.base import Frozen
from simulation.scenario.checks import number_problems, refuse
from simulation.scenario.events import Event
from simulation.scenario.places import Budget


class Pressure(Frozen):
    """A pressure; its numbers and budget path stand over the place's. `sources` are its figures'."""

    name: str = ""
    title: str = ""
    description: str = ""
    sources: tuple[str, ...] = ()
    parameters: dict[str, float] = Field(default_factory=dict)
    budget: Budget | None = None
    events: tuple[Event, ...] = ()

    NOT_HASHED: ClassVar[dict[str, Any]] = {"name": True}

    @model_validator(mode="after")
    def _check_numbers(self) -> Self:
        refuse(number_problems(self.parameters))
        return self
