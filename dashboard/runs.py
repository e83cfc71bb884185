"""Turn settings into a scenario, and a scenario into a run that is kept for all visitors, by content.

A run takes a few milliseconds, so it is simply asked for again: `run(chosen(settings).scenario, seed)`.
"""

import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from dashboard.entries import quoted
from dashboard.remembered import remembered
from dashboard.settings import PRIVATE, Settings
from simulation.course import simulate
from simulation.observation import Trajectory
from simulation.scenario import (
    PlaceFile,
    ProblemError,
    Scenario,
    Structure,
    load_place,
    load_pressure,
    load_route,
    load_scenario,
)

STRUCTURE = ("influence", "speed_limit", "convening", "update", "noise", "rationing", "burn_in")
LOOKED_AT = (
    "seed",
    "month",
    "organisation",
    "behaviour",
    "colour",
    "find",
    "mechanism",
    "compare",
    "decisions",
    "branch",
    "intent",
    "repeats",
    "outcome",
    "sweep",
    "subject",
    "within",
    "axis",
    "point",
    "replicate",
    "paired",
    "pair",
    "taken_from",
    "named",
)
"""Settings that do not change the scenario."""
MOST_BYTES = 48 * 2**20
"""Memory of all kept runs together; one at detail "full" with causes takes about 5 MB, one by months 0.05."""

MOST_HASHES = 256


@dataclass(frozen=True)
class Chosen:
    """The scenario that settings describe, and what has to be told about it."""

    scenario: Scenario
    notes: tuple[str, ...] = ()
    missing: str = ""
    """Name of a visitor's own place that this browser does not hold: the link's sender has the file."""


def chosen(settings: Settings, places: Mapping[str, PlaceFile] | None = None) -> Chosen:
    """Return the scenario that settings describe; `places` are the visitor's own, by `place_name`.

    Parts that do not fit together are left out, and said.
    """
    own = (places or {}).get(settings.place)
    if own is not None:
        return _of_own(own, replace(settings, place="", **_plain()))
    return _ready(replace(settings, **_plain()))


def place_name(place: PlaceFile) -> str:
    """Return how the address names a visitor's own place: by its content."""
    return f"sha-{place.content_hash()}"


def _plain() -> dict[str, Any]:
    plain = Settings()
    return {name: getattr(plain, name) for name in LOOKED_AT}


_scenario, _route = lru_cache(maxsize=64)(load_scenario), lru_cache(maxsize=64)(load_route)
_pressure, _place = lru_cache(maxsize=64)(load_pressure), lru_cache(maxsize=64)(load_place)
"""What comes with the pages is read once: a scenario's files take 20 ms, and a slider asks again at each move."""


@lru_cache(maxsize=256)
def _ready(settings: Settings) -> Chosen:
    if PRIVATE.fullmatch(settings.place):
        without = _ready(replace(settings, place=""))
        note = "This link is about a place of someone's own, which is not kept here: open its file on Your place."
        return Chosen(without.scenario, (note, *without.notes), missing=settings.place)
    return _build(settings, _place(settings.place) if settings.place else None)


@remembered(32)
def _of_own(place: PlaceFile, settings: Settings) -> Chosen:
    return _build(settings, place)


def _build(settings: Settings, place: PlaceFile | None) -> Chosen:
    scenario, notes = _scenario(settings.scenario), []
    if place is not None:
        scenario = scenario.changed(place=place, events=_events_in(scenario, place), name="", title=place.title)
    steps: dict[str, dict[str, Any]] = {
        "the route": {"route": _route(settings.route)} if settings.route else {},
        "the pressure": {"pressure": _pressure(settings.pressure)} if settings.pressure else {},
        "the number of months": {"months": settings.months} if settings.months else {},
        "the profile": {"profile": settings.profile} if settings.profile != Settings().profile else {},
        "the rules": _structure(settings, scenario),
        "the numbers set by hand": {"settings": dict(settings.parameters)} if settings.parameters else {},
    }
    for what, changes in steps.items():
        try:
            scenario = scenario.changed(**changes) if changes else scenario
        except ProblemError as error:
            problem = error.problems[0]
            value = f" {quoted(problem.value)}" if problem.value else ""
            notes.append(f"{what.capitalize()} could not be used:{value} {problem.message}. It was left out.")
    return Chosen(scenario, tuple(notes))


def _structure(settings: Settings, scenario: Scenario) -> dict[str, Any]:
    plain = Settings()
    changes = {name: getattr(settings, name) for name in STRUCTURE if getattr(settings, name) != getattr(plain, name)}
    return {"structure": Structure(**(scenario.structure.model_dump() | changes))} if changes else {}


def _events_in(scenario: Scenario, place: PlaceFile) -> tuple[Any, ...]:
    """Return the scenario's events, unless they name organisations that another place does not have."""
    return scenario.events if scenario.place.content_hash() == place.content_hash() else ()


class Kept:
    """Keep the runs used last, up to so many bytes; several threads may ask at once, and nothing in it can change."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self.most_bytes, self.bytes = most_bytes, 0
        self._runs: OrderedDict[tuple[Any, ...], Trajectory] = OrderedDict()
        self._hashes: OrderedDict[int, tuple[Scenario, str]] = OrderedDict()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._runs)

    def get(self, scenario: Scenario, seed: int, *, detail: str = "months", explain: bool = False) -> Trajectory:
        """Return the run of a scenario on a seed, its arrays read-only."""
        key = (self._hash(scenario), seed, detail, explain)
        with self._lock:
            if key in self._runs:
                self._runs.move_to_end(key)
                return self._runs[key]
        found = simulate(scenario, seed, detail=detail, explain=explain)
        for array in found.record:
            array.flags.writeable = False
        with self._lock:
            if key not in self._runs:
                self._runs[key] = found
                self.bytes += _size(found)
            while self.bytes > self.most_bytes and len(self._runs) > 1:
                self.bytes -= _size(self._runs.popitem(last=False)[1])
        return found

    def _hash(self, scenario: Scenario) -> str:
        """Return a scenario's content hash, remembered for the objects used last: it takes 2 ms."""
        with self._lock:
            known = self._hashes.get(id(scenario))
        if known is not None and known[0] is scenario:
            return known[1]
        found = scenario.content_hash()
        with self._lock:
            self._hashes[id(scenario)] = scenario, found
            while len(self._hashes) > MOST_HASHES:
                self._hashes.popitem(last=False)
        return found


KEPT = Kept()


def run(scenario: Scenario, seed: int, *, detail: str = "months", explain: bool = False) -> Trajectory:
    """Return the run of a scenario on a seed, from the runs kept for everybody where it is there."""
    return KEPT.get(scenario, seed, detail=detail, explain=explain)


def _size(trajectory: Trajectory) -> int:
    return sum(array.nbytes for array in trajectory.record)
