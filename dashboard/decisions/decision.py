"""Hold one decision: from a month on, how the learning partner works, and what happens besides."""

from typing import Annotated, Any, Literal, Self

from pydantic import Field, SerializerFunctionWrapHandler, model_serializer, model_validator

from simulation.scenario import Problem, Shares
from simulation.scenario.base import Frozen
from simulation.scenario.checks import refuse
from simulation.scenario.events import Event
from simulation.scenario.problems import Path_

LAST_MONTH = 1200
MOST_EVENTS, MOST_SITES = 10, 200
Sites = Literal["keep", "choose"] | Annotated[tuple[str, ...], Field(max_length=MOST_SITES)]
Talk = Literal["never", "from-month", "adaptive"]


class Decision(Frozen):
    """What changes from a month on; what is not said stays as it was.

    `shares` replaces all that the route had planned from that month on; `open_talk` "from-month" means from this one.
    `until` is the month in which the learning partner leaves: this month means at once. Days that begin after the
    partner had left last until the run ends, unless `until` says otherwise.
    """

    month: int = Field(ge=0, le=LAST_MONTH)
    shares: Shares | None = None
    sites: Sites | None = None
    open_talk: Talk | None = None
    until: int | None = Field(None, ge=0, le=LAST_MONTH)
    events: tuple[Event, ...] = Field((), max_length=MOST_EVENTS)

    @model_validator(mode="after")
    def _check_months(self) -> Self:
        said: list[tuple[Path_, int]] = [(("events", row, "month"), one.month) for row, one in enumerate(self.events)]
        if self.until is not None:
            said.append((("until",), self.until))
        message, allowed = "comes before the month of the decision", f"{self.month} or later"
        refuse(
            Problem(message, path=path, value=str(month), allowed=allowed) for path, month in said if month < self.month
        )
        return self

    @model_serializer(mode="wrap")
    def _with_types(self, write: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Write each event with its type, also where all that is as usual is left out."""
        data: dict[str, Any] = write(self)
        if self.events:
            data["events"] = [event_data(event) for event in self.events]
        return data

    @property
    def changes_route(self) -> bool:
        """Whether the partner works otherwise than before; an event alone changes nothing of its work."""
        said = (self.shares, self.sites, self.open_talk, self.until)
        return any(part is not None for part in said)

    @property
    def is_empty(self) -> bool:
        """Whether nothing is decided."""
        return not self.changes_route and not self.events


def event_data(event: Event) -> dict[str, Any]:
    """Return an event as plain data: its type, and what is not as usual."""
    return {"type": event.type} | event.model_dump(mode="json", exclude_defaults=True)
