"""Run, month, organisation looked at."""

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from dashboard.address import Settings
from dashboard.memo import remembered
from dashboard.runs import source_of
from dashboard.session import Session
from experiments.comparison import PlacePicture
from experiments.reporting.figures.layout import positions
from simulation.initial import roster, ties_of
from simulation.run import Course, Trajectory
from simulation.scenario import PlaceFile, Scenario
from simulation.scenario.events import Closure, Merger
from simulation.state import Floats

MOST_KEPT = 128


def people_of(scenario: Scenario, seed: int, month: int | None = None) -> PlacePicture:
    """Return who is in a place and who works with whom at the end of a month (None: at the start)."""
    who = _people(scenario.place, seed if scenario.place.generated is not None else 0)
    if month is None or not _changes_ties(scenario, month):
        return who
    course = Course(scenario, seed)
    state = course.run(course.burn_in + month).state
    return replace(who, tie_from=state.tie_from.astype(np.int64), tie_to=state.tie_to.astype(np.int64))


def where_of(place: PlaceFile) -> Floats:
    """Return positions (N, 2) in 0-1, kept by the place's content; their seed is fixed in `positions`.

    A place made by rules has other relationships on each seed. Its positions come from those of the first published
    seed, so that relationships are seen to change while organisations stand still.
    """
    return _positions(_Content(place, _hash(place)))


def usual_choice(who: PlacePicture) -> str:
    """Return the organisation looked at where none is chosen: the council, or else the largest."""
    councils = (identity for identity, kind in zip(who.ids, who.kinds, strict=True) if kind == "council")
    return next(councils, who.ids[int(np.argmax(who.size))])


class _Content:
    """A place as a key, by the hash of its content."""

    def __init__(self, place: PlaceFile, content: str) -> None:
        self.place, self.content = place, content

    def __hash__(self) -> int:
        return hash(self.content)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Content) and other.content == self.content


@lru_cache(maxsize=MOST_KEPT)
def _positions(content: _Content) -> Floats:
    found = positions(_people(content.place, Settings().seed))
    found.flags.writeable = False
    return found


@remembered(MOST_KEPT)
def _hash(place: PlaceFile) -> str:
    return place.content_hash()


@remembered(MOST_KEPT)
def _people(place: PlaceFile, seed: int) -> PlacePicture:
    found = roster(place)
    tie_from, tie_to = ties_of(place, len(found.ids), seed)
    return PlacePicture(found.ids, found.names, found.kinds, found.size, tie_from, tie_to)


def _changes_ties(scenario: Scenario, month: int) -> bool:
    return any(isinstance(event, Closure | Merger) and event.month <= month for event in scenario.all_events)


@dataclass(frozen=True)
class View:
    """What is looked at."""

    session: Session
    scenario: Scenario
    found: Trajectory
    """The run, every month of every organisation, with causes."""
    who: PlacePicture
    """Who works with whom at this month."""
    month: int
    organisation: int
    """Row of the organisation looked at."""

    @property
    def row(self) -> int:
        """Row of the month in what was recorded."""
        return self.found.burn_in + self.month - 1

    @property
    def id(self) -> str:
        """Id of the organisation looked at."""
        return self.who.ids[self.organisation]

    @property
    def name(self) -> str:
        """Name of the organisation looked at."""
        return self.who.names[self.organisation]

    @property
    def title(self) -> str:
        """The scenario and its route, as charts name them."""
        route = self.scenario.route.title or self.scenario.route.name
        return f"{self.scenario.title or self.scenario.name}, {route.lower()}"

    @property
    def source(self) -> str:
        """Where the numbers come from."""
        return source_of(self.session.settings, self.scenario)

    def choose(self, identity: str) -> None:
        """Look at another organisation."""
        if identity in self.who.ids and identity != self.id:
            self.session.commit(organisation=identity)


def view_of(session: Session) -> View:
    """Return what is looked at; an organisation that this place does not have gives way to the usual one."""
    scenario, month = session.chosen.scenario, session.month
    who = people_of(scenario, session.settings.seed, month)
    wanted = session.settings.organisation
    chosen = wanted if wanted in who.ids else usual_choice(who)
    found = session.run(detail="full", explain=True)
    return View(session, scenario, found, who, month, who.ids.index(chosen))
