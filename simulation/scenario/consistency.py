"""Check that a scenario's parts fit one another: whom events and phases name must be there."""

from collections.abc import Iterable

from simulation.scenario.events import Closure, Event, Merger, named_kinds, named_organisations
from simulation.scenario.places import PlaceFile
from simulation.scenario.pressure import Pressure
from simulation.scenario.problems import Findings, Path_, Problem
from simulation.scenario.route import Route


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
