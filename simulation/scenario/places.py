"""Describe a place: its organisations, who works with whom, its budget path; or how to generate one."""

from typing import Literal

from pydantic import Field

from simulation.scenario.base import Frozen


class Organisation(Frozen):
    """An organisation as a file gives it; practice on 0-1, None where it is drawn."""

    id: str
    name: str = ""
    kind: str
    role: str = ""
    size: float = Field(1.0, gt=0)
    practice: tuple[float, ...] | None = None
    threshold: float | None = None
    budget_exposure: float = Field(1.0, ge=0, le=10)


class Relationship(Frozen):
    """Who works with whom. `trust` (0-1) stands as given; `strength` (0-1, 0.5 is usual) scales the initial trust."""

    source: str
    target: str
    strength: float | None = Field(None, ge=0, le=1)
    trust: float | None = Field(None, ge=0, le=1)
    kind: str = ""


class Network(Frozen):
    """How to generate relationships; `neighbours` is the mean number of ties before the council's hub is added."""

    kind: Literal["small-world", "random", "scale-free", "clustered", "complete", "none"] = "small-world"
    neighbours: float = Field(6, ge=0, le=100_000)
    rewiring: float = Field(0.15, ge=0, le=1)
    council_ties: float = Field(0.6, ge=0, le=1)
    join_isolated: bool = True


class Generated(Frozen):
    """How to generate a place: number of organisations, network, sizes, range of starting practice."""

    organisations: int = Field(30, ge=1, le=1_000_000)
    network: Network = Network()
    council_size: float = Field(6, gt=0)
    large_size: float = Field(2, gt=0)
    small_size: float = Field(0.5, gt=0)
    practice_low: float = Field(0.0, ge=0, le=1)
    practice_high: float = Field(0.12, ge=0, le=1)


class Budget(Frozen):
    """Yearly real change of budget by kind of organisation, programme year by programme year.

    A list's last value holds for all later years; `default` is for kinds without a list. A cut is negative.
    None anywhere means: no path, the parameter `budget_cut` applies.
    """

    default: tuple[float, ...] = (0.0,)
    rates: dict[str, tuple[float, ...]] = {}

    def yearly(self, kind: str, year: int) -> float:
        """Return the change in a programme year (0 is the first) for a kind of organisation."""
        path = self.rates.get(kind, self.default)
        return path[min(year, len(path) - 1)]


class Fact(Frozen):
    """A figure of the place with its source, or marked assumed."""

    quantity: str
    value: str
    source: str
    used: bool = False


class PlaceFile(Frozen):
    """A place, from its folder or generated."""

    name: str = ""
    title: str = ""
    description: str = ""
    need: str = ""
    council: str | None = None
    days: float | None = Field(None, ge=0)
    days_reason: str = ""
    parameters: dict[str, float] = {}
    budget: Budget | None = None
    facts: tuple[Fact, ...] = ()
    generated: Generated | None = None
    organisations: tuple[Organisation, ...] = ()
    relationships: tuple[Relationship, ...] = ()
    practice_low: float = Field(0.0, ge=0, le=1)
    practice_high: float = Field(0.12, ge=0, le=1)

    @property
    def from_file(self) -> bool:
        """Tell whether the organisations are given rather than generated."""
        return self.generated is None
