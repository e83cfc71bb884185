"""One frozen scenario; its parts fit one another."""

from collections.abc import Iterable
from functools import cached_property
from typing import Any, ClassVar, Literal, Self

from pydantic import Field, ValidationError, model_validator

from simulation.ablations import LEAN, WITHOUT
from simulation.parameters import BY_NAME, Parameters
from simulation.scenario.errors import Findings, Path_, Problem
from simulation.scenario.events import Closure, Event, Merger, named_kinds, named_organisations
from simulation.scenario.place import Generated, PlaceFile
from simulation.scenario.pressure import Budget, Pressure
from simulation.scenario.route import Route
from simulation.scenario.structure import Structure
from simulation.scenario.validation import problem_error
from simulation.scenario.value_objects import Frozen, Numbers, Switches, bound_problems, refuse


def consistency_problems(
    place: PlaceFile, pressure: Pressure, route: Route, events: tuple[Event, ...]
) -> list[Problem]:
    """Return organisations that are named and not there.

    A pressure is made for any place, so a kind that it names may be missing; a scenario's own event must
    find someone.
    """
    findings = Findings()
    for row, event in enumerate(events):
        _check_organisations(event, place, findings, path=("events", row))
        for kind in named_kinds(event):
            if not place.has_kind(kind):
                there = _kinds(place)
                message = "is a kind of which there is no organisation in this place"
                findings.add(message, path=("events", row, "kinds"), value=kind, allowed=there, like=there)
    for row, event in enumerate(pressure.events):
        _check_organisations(event, place, findings, path=("pressure", "events", row))
    for row, phase in enumerate(route.phases):
        if isinstance(phase.sites, tuple):
            _check_ids(phase.sites, place, findings, path=("route", "phases", row, "sites"))
    _check_gone((*pressure.events, *events), findings)
    return findings.problems


def _check_organisations(event: Event, place: PlaceFile, findings: Findings, *, path: Path_) -> None:
    for field, one in named_organisations(event):
        _check_ids((one,), place, findings, path=(*path, field))


def _check_ids(ids: Iterable[str], place: PlaceFile, findings: Findings, *, path: Path_) -> None:
    for one in ids:
        if not place.has_organisation(one):
            there = _ids(place)
            findings.add("is not an organisation of this place", path=path, value=one, allowed=there, like=there)


def _check_gone(events: tuple[Event, ...], findings: Findings) -> None:
    """Refuse a second end of an organisation that has closed, or has merged into another."""
    gone: dict[str, int] = {}
    for event in sorted(events, key=lambda event: event.month):
        if isinstance(event, Closure | Merger):
            for _, one in named_organisations(event):
                if one in gone:
                    message = f"closes or merges in month {event.month}, but is gone since month {gone[one]}"
                    findings.add(message, path=("events",), value=one, allowed="an organisation that is still there")
            gone.setdefault(event.organisation, event.month)


def _ids(place: PlaceFile) -> list[str]:
    if place.generated is not None:
        return ["organisation-0", f"organisation-{place.generated.organisations - 1}"]
    return [organisation.id for organisation in place.organisations]


def _kinds(place: PlaceFile) -> list[str]:
    if place.generated is not None:
        return ["council", "voluntary"]
    return sorted({organisation.kind for organisation in place.organisations})


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
