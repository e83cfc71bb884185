"""Pressure: numbers, budget path, events."""

from typing import Annotated, Any, ClassVar

from pydantic import BeforeValidator, Field

from simulation.scenario.events import Event
from simulation.scenario.value_objects import Frozen, Kind, Numbers


def _as_rates(value: Any) -> Any:
    """Let one number stand for a list of one."""
    if isinstance(value, list):
        return tuple(value)
    return (value,) if isinstance(value, int | float) and not isinstance(value, bool) else value


Rate = Annotated[float, Field(gt=-1, le=10)]
Rates = Annotated[tuple[Rate, ...], Field(min_length=1, max_length=200), BeforeValidator(_as_rates)]


class Budget(Frozen):
    """Yearly real change of budget by kind of organisation, programme year by programme year.

    A list's last value holds for all later years; `default` is for kinds without a list. A cut is negative.
    None anywhere means: no path, the parameter `budget_cut` applies.
    """

    default: Rates = (0.0,)
    rates: dict[Kind, Rates] = Field(default_factory=dict)

    def yearly(self, kind: str, year: int) -> float:
        """Return the change in a programme year (0 is the first) for a kind of organisation."""
        path = self.rates.get(kind, self.default)
        return path[min(year, len(path) - 1)]


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
