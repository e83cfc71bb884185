"""Put a place, a pressure and a route together into one frozen scenario."""

from functools import cached_property
from typing import Any, ClassVar, Literal, Self

from pydantic import Field, ValidationError, model_validator

from simulation.parameters import BY_NAME, Parameters
from simulation.scenario.base import Frozen
from simulation.scenario.checks import bound_problems, refuse
from simulation.scenario.consistency import consistency_problems
from simulation.scenario.events import Event
from simulation.scenario.named import Numbers, Switches
from simulation.scenario.places import Budget, Generated, PlaceFile
from simulation.scenario.pressure import Pressure
from simulation.scenario.route import Route
from simulation.scenario.structure import Structure
from simulation.scenario.switches import LEAN, WITHOUT
from simulation.scenario.validation import problem_error


class Scenario(Frozen):
    """All that decides a run, apart from its seed.

    Numbers are taken in this order, the later standing over the earlier: defaults, place, pressure, scenario,
    profile, `without`, `settings` (what a person sets by hand).
    """

    name: str = ""
    title: str = ""
    description: str = ""
    place: PlaceFile = PlaceFile(name="generated", generated=Generated())
    pressure: Pressure = Pressure(name="none")
    route: Route = Route(name="none")
    months: int = Field(120, ge=1, le=1200)
    profile: Literal["full", "lean"] = "full"
    without: Switches = ()
    structure: Structure = Structure()
    parameters: Numbers = Field(default_factory=dict)
    settings: Numbers = Field(default_factory=dict)
    events: tuple[Event, ...] = ()

    NOT_HASHED: ClassVar[dict[str, Any]] = {
        "name": True,
        "place": PlaceFile.NOT_HASHED,
        "pressure": Pressure.NOT_HASHED,
        "route": Route.NOT_HASHED,
    }

    @model_validator(mode="after")
    def _check_whole(self) -> Self:
        refuse(
            [
                *consistency_problems(self.place, self.pressure, self.route, self.events),
            ]
        )
        refuse(bound_problems(self.numbers))
        return self

    @cached_property
    def numbers(self) -> Any:
        """Return every number of the model as `Parameters`."""
        values = {name: float(parameter.default) for name, parameter in BY_NAME.items()}
        values |= self.place.parameters
        if self.place.days is not None:
            values["partner_days"] = self.place.days
        values |= self.pressure.parameters | self.parameters
        if self.profile == "lean":
            values |= LEAN
        for switch in self.without:
            values |= WITHOUT[switch].parameters
        values |= self.settings
        return Parameters(**{name: float(value) for name, value in values.items()})

    @property
    def budget(self) -> Budget | None:
        """Return the budget path in force: the pressure's, else the place's."""
        return self.pressure.budget or self.place.budget

    @property
    def all_events(self) -> tuple[Event, ...]:
        """Return the pressure's and the scenario's events in order of month."""
        return tuple(sorted((*self.pressure.events, *self.events), key=lambda event: event.month))

    def changed(self, **changes: Any) -> "Scenario":
        """Return a copy with other parts, validated. Raises ProblemError where they do not fit together."""
        fields = {name: getattr(self, name) for name in type(self).model_fields}
        try:
            return type(self)(**(fields | changes))
        except ValidationError as error:
            raise problem_error(error, type(self), fields | changes) from None
