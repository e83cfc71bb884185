"""Describe an entry route: the phases of the learning partner's work and how its days are shared."""

from typing import Any, ClassVar, Literal, Self

from pydantic import Field, model_validator

from simulation.scenario.errors import Problem
from simulation.scenario.value_objects import Frozen, refuse
from simulation.vocabulary import ACTIVITY_IDS

SITE_RULES = ("standing", "energy", "scattered", "clustered")
COUNCIL_RULES = ("first", "ranked", "out")
OPEN_TALKS = ("never", "from-month", "adaptive")


class Shares(Frozen):
    """Shares of the partner's days by activity; they sum to one, or to less when days are left unspent."""

    help: float = Field(0.0, ge=0, le=1)
    convene: float = Field(0.0, ge=0, le=1)
    prototype: float = Field(0.0, ge=0, le=1)
    vision: float = Field(0.0, ge=0, le=1)
    reflect: float = Field(0.0, ge=0, le=1)
    rewire: float = Field(0.0, ge=0, le=1)

    @model_validator(mode="after")
    def _check_sum(self) -> Self:
        total = sum(self.as_tuple())
        if total > 1 + 1e-9:
            refuse(
                [
                    Problem(
                        "is the sum of the shares: more days than there are",
                        value=f"{total:g}",
                        allowed="at most 1",
                    )
                ]
            )
        return self

    def as_tuple(self) -> tuple[float, ...]:
        """Return the shares in the order of `vocabulary.ACTIVITIES`."""
        return tuple(getattr(self, activity) for activity in ACTIVITY_IDS)


class Phase(Frozen):
    """A stretch of months with one sharing of days.

    `sites` is "choose" (by the route's rule when the phase begins), "keep" (those of the phase before) or a
    list of organisations' ids. `open_talk` overrides the route's for this phase.
    """

    name: str = ""
    months: int = Field(ge=1, le=1200)
    shares: Shares
    sites: Literal["choose", "keep"] | tuple[str, ...] = "choose"
    open_talk: Literal["never", "from-month", "adaptive"] | None = None


class Route(Frozen):
    """How the learning partner enters a place and goes on.

    `order` "opportunistic" pools the first two phases (breadth, then depth): breadth in months whose
    strategic window is open. Without phases there is no partner. `days_factor` other than 1 says that the
    route spends other days.
    """

    name: str = ""
    title: str = ""
    description: str = ""
    order: Literal["sequence", "opportunistic"] = "sequence"
    number_of_sites: int = Field(5, ge=0, le=100_000)
    site_rule: Literal["standing", "energy", "scattered", "clustered"] = "standing"
    council: Literal["first", "ranked", "out"] = "first"
    open_talk: Literal["never", "from-month", "adaptive"] = "adaptive"
    open_from: int = Field(0, ge=0, le=1_000_000)
    days_factor: float = Field(1.0, ge=0, le=100)
    phases: tuple[Phase, ...] = ()

    NOT_HASHED: ClassVar[dict[str, Any]] = {"name": True}

    @model_validator(mode="after")
    def _check_order(self) -> Self:
        if self.order == "opportunistic" and len(self.phases) < 2:
            message = "needs two phases to choose between, breadth first, then depth"
            refuse(
                [
                    Problem(
                        message,
                        path=("order",),
                        value=self.order,
                        allowed="two phases or more, or order sequence",
                    )
                ]
            )
        return self

    @property
    def months(self) -> int:
        """Return the months that the partner stays."""
        return sum(phase.months for phase in self.phases)

    @property
    def days_spent(self) -> float:
        """Return the days that the route spends in all, in months of the place's days."""
        return self.days_factor * sum(phase.months * sum(phase.shares.as_tuple()) for phase in self.phases)
