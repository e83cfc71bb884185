"""Describe events as data: what happens to whom at which programme month. Sizes are assumed."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from simulation.scenario.errors import Problem
from simulation.scenario.value_objects import Frozen, Kind, refuse


class _Event(Frozen):
    """What all events share: the programme month (0 is the first) at whose start they happen."""

    month: int = Field(ge=0, le=1200)
    note: str = ""


class _AtOrganisations(_Event):
    """An event that happens to organisations: ids, kinds, or "all"."""

    organisations: tuple[str, ...] | Literal["all"] = "all"
    kinds: tuple[Kind, ...] = ()


class BudgetChange(_AtOrganisations):
    """Change capacity by the share `size`, spread over `months`."""

    type: Literal["budget-change"] = "budget-change"
    size: float = Field(gt=-1, le=10)
    months: int = Field(12, ge=1, le=1200)


class DemandShock(_AtOrganisations):
    """Raise (or lower) value demand by the share `size` for `months`."""

    type: Literal["demand-shock"] = "demand-shock"
    size: float = Field(gt=-1, le=10)
    months: int = Field(12, ge=1, le=1200)


class Restructure(_AtOrganisations):
    """Disrupt organisations: capacity lost, trust in their relationships multiplied by `trust_kept`."""

    type: Literal["restructure"] = "restructure"
    disruption: float = Field(0.15, ge=0, le=0.5)
    trust_kept: float = Field(0.7, ge=0, le=1)


class ChampionLeaves(_AtOrganisations):
    """Lose a person who carried the change, and with them learning, trust and some practice."""

    type: Literal["champion-leaves"] = "champion-leaves"
    kept: float = Field(0.5, ge=0, le=1)
    trust_kept: float = Field(0.7, ge=0, le=1)
    practice_lost: float = Field(0.25, ge=0, le=1)


class FunderExit(_Event):
    """End the learning partner's days."""

    type: Literal["funder-exit"] = "funder-exit"


class Closure(_Event):
    """Close an organisation; its demand goes to its neighbours by trust."""

    type: Literal["closure"] = "closure"
    organisation: str


class Merger(_Event):
    """Merge one organisation into another."""

    type: Literal["merger"] = "merger"
    organisation: str
    into: str
    disruption: float = Field(0.3, ge=0, le=0.5)

    @model_validator(mode="after")
    def _check_ends(self) -> Self:
        if self.organisation == self.into:
            message = "can't merge into itself"
            refuse([Problem(message, path=("into",), value=self.into, allowed="another organisation")])
        return self


class ElectionWindow(_Event):
    """Hold the place's strategic window open, or shut, for some months."""

    type: Literal["election-window"] = "election-window"
    open: bool = True
    months: int = Field(6, ge=1, le=1200)


Event = Annotated[
    BudgetChange | DemandShock | Restructure | ChampionLeaves | FunderExit | Closure | Merger | ElectionWindow,
    Field(discriminator="type"),
]
EVENT_TYPES = (
    "budget-change",
    "demand-shock",
    "restructure",
    "champion-leaves",
    "funder-exit",
    "closure",
    "merger",
    "election-window",
)


def named_organisations(event: Event) -> tuple[tuple[str, str], ...]:
    """Return the organisations that an event names, each with the field that names it."""
    if isinstance(event, Closure):
        return (("organisation", event.organisation),)
    if isinstance(event, Merger):
        return (("organisation", event.organisation), ("into", event.into))
    if isinstance(event, _AtOrganisations) and event.organisations != "all":
        return tuple(("organisations", one) for one in event.organisations)
    return ()


def named_kinds(event: Event) -> tuple[str, ...]:
    """Return the kinds of organisation that an event names."""
    return event.kinds if isinstance(event, _AtOrganisations) else ()
