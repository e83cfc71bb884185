"""Describe a place: its organisations, who works with whom, its budget path; or how to generate one."""

from dataclasses import replace
from typing import Any, ClassVar, Literal, Self

from pydantic import Field, field_validator, model_validator

from simulation.scenario.errors import Problem, shown_path
from simulation.scenario.pressure import Budget
from simulation.scenario.value_objects import (
    Frozen,
    Kind,
    Numbers,
    council_problems,
    id_problems,
    range_problems,
    refuse,
    tie_problems,
)
from simulation.vocabulary import BEHAVIOURS

__all__ = [
    "Budget",
    "Fact",
    "Generated",
    "Network",
    "Organisation",
    "PlaceFile",
    "PlaceHeader",
    "Relationship",
]

NUMBER_OF_BEHAVIOURS = len(BEHAVIOURS)
MOST_TIES = 20_000_000


class Organisation(Frozen):
    """An organisation as a file gives it; practice on 0-1, None where it is drawn.

    One practice number stands for all nine behaviours. A threshold left out is drawn.
    """

    id: str = Field(min_length=1, max_length=200)
    name: str = ""
    kind: Kind
    role: str = ""
    size: float = Field(1.0, gt=0, le=1e9)
    practice: tuple[float, ...] | None = None
    threshold: float | None = Field(None, gt=0, le=1)
    budget_exposure: float = Field(1.0, ge=0, le=10)

    @field_validator("practice")
    @classmethod
    def _check_practice(cls, practice: tuple[float, ...] | None) -> tuple[float, ...] | None:
        if practice is None:
            return None
        if len(practice) not in (1, NUMBER_OF_BEHAVIOURS):
            refuse([Problem("is the count of practice numbers", value=str(len(practice)), allowed="one, or nine")])
        outside = [value for value in practice if not 0 <= value <= 1]
        refuse(Problem("is out of range", value=f"{value:g}", allowed="0 to 1") for value in outside)
        return practice * NUMBER_OF_BEHAVIOURS if len(practice) == 1 else practice


class Relationship(Frozen):
    """Who works with whom; `trust` (0-1) stands as given, `strength` (0-1, usually 0.5) scales `initial_trust`."""

    source: str = Field(min_length=1)
    target: str = Field(min_length=1)
    strength: float | None = Field(None, ge=0, le=1)
    trust: float | None = Field(None, ge=0, le=1)
    kind: str = ""


class Network(Frozen):
    """How to generate relationships; `neighbours` is the mean number before the council's hub is added."""

    kind: Literal["small-world", "random", "scale-free", "clustered", "complete", "none"] = "small-world"
    neighbours: float = Field(6, ge=0, le=100_000)
    rewiring: float = Field(0.15, ge=0, le=1)
    council_ties: float = Field(0.6, ge=0, le=1)
    join_isolated: bool = True


class Generated(Frozen):
    """How to generate a place: number of organisations, network, sizes, range of starting practice."""

    organisations: int = Field(30, ge=1, le=1_000_000)
    network: Network = Network()
    council_size: float = Field(6, gt=0, le=1e9)
    large_size: float = Field(2, gt=0, le=1e9)
    small_size: float = Field(0.5, gt=0, le=1e9)
    practice_low: float = Field(0.0, ge=0, le=1)
    practice_high: float = Field(0.12, ge=0, le=1)

    @model_validator(mode="after")
    def _check_size(self) -> Self:
        refuse(range_problems(self.practice_low, self.practice_high))
        number = self.organisations
        ties = number * (number if self.network.kind == "complete" else min(self.network.neighbours, number)) / 2
        if ties > MOST_TIES:
            message = "is the number of relationships this would generate"
            refuse([Problem(message, path=("organisations",), value=f"{ties:.0f}", allowed=f"up to {MOST_TIES:,}")])
        return self


class Fact(Frozen):
    """A figure of the place with its source, or marked assumed."""

    quantity: str
    value: str
    source: str
    used: bool = False


def _below(table: str, problem: Problem) -> Problem:
    """Return a table's problem as one of the place's."""
    return replace(problem, path=(table, *problem.path), key=shown_path((table, *problem.path)))


class PlaceHeader(Frozen):
    """What place.toml says of a place."""

    title: str = ""
    description: str = ""
    need: str = ""
    council: str | None = None
    days: float | None = Field(None, ge=0, le=1e6)
    days_reason: str = ""
    parameters: Numbers = Field(default_factory=dict)
    budget: Budget | None = None
    facts: tuple[Fact, ...] = ()
    generated: Generated | None = None
    practice_low: float = Field(0.0, ge=0, le=1)
    practice_high: float = Field(0.12, ge=0, le=1)

    @model_validator(mode="after")
    def _check_numbers(self) -> Self:
        refuse(range_problems(self.practice_low, self.practice_high))
        if self.days is not None and "partner_days" in self.parameters:
            path = ("parameters", "partner_days")
            refuse([Problem("days are given twice: by the key days, and here", path=path, allowed="one of them")])
        return self


class PlaceFile(PlaceHeader):
    """A place, from its folder or generated."""

    name: str = ""
    organisations: tuple[Organisation, ...] = ()
    relationships: tuple[Relationship, ...] = ()

    NOT_HASHED: ClassVar[dict[str, Any]] = {"name": True}

    @model_validator(mode="after")
    def _check_whole(self) -> Self:
        refuse(self._organisation_problems())
        return self

    def _organisation_problems(self) -> list[Problem]:
        if self.generated is not None:
            if self.organisations or self.relationships:
                message = "a generated place has no organisations or relationships of its own"
                return [Problem(message, path=("generated",))]
            return []
        ids = [organisation.id for organisation in self.organisations]
        if not ids:
            return [Problem("a place needs organisations, or a table [generated] that says how to make them")]
        ties = ((tie.source, tie.target) for tie in self.relationships)
        return [
            *(_below("organisations", problem) for problem in id_problems(ids)),
            *(_below("relationships", problem) for problem in tie_problems(ties, ids)),
            *council_problems(self.council, ids),
        ]

    @property
    def from_file(self) -> bool:
        """Tell whether the organisations are given rather than generated."""
        return self.generated is None

    def has_organisation(self, identity: str) -> bool:
        """Tell whether an organisation is in the place; generated ones are `organisation-0` and so on."""
        if self.generated is None:
            return any(organisation.id == identity for organisation in self.organisations)
        number = identity.removeprefix("organisation-")
        return (
            identity == f"organisation-{number}"
            and number.isdecimal()
            and number == str(int(number[:9]))
            and int(number) < self.generated.organisations
        )

    def has_kind(self, kind: str) -> bool:
        """Tell whether an organisation of this kind is in the place."""
        if self.generated is None:
            return any(organisation.kind == kind for organisation in self.organisations)
        return kind in ("council", "voluntary")
