"""Tie what a visitor sees to the address: the address is the truth, a draft lies over it while a slider moves.

`use_session()` gives a page the session. Reading: `session.settings`. Moving a slider: `session.show(month=12)`, which
redraws at once and leaves the address. Letting go: `session.commit(month=12)`, which writes the address, so that Back
undoes it and a link or a reload brings it back. Nothing here is shared by two visitors.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import solara

from dashboard import runs
from dashboard.address import Read, Settings, from_query
from dashboard.runs import Chosen, place_name
from simulation.run import Trajectory
from simulation.scenario import PlaceFile

TOO_MUCH = (
    "This is more than an address can hold, which keeps all that is set: nothing was changed. Take something away "
    "first: branches or decisions on Decide, named comparisons on Compare, numbers set by hand on Assumptions."
)


class Visitor:
    """What one visitor holds besides the address; it lives as long as the page is open."""

    def __init__(self) -> None:
        self.places: dict[str, PlaceFile] = {}
        """Places of the visitor's own, by `place_name`. Never in the address, never on disk."""
        self.draft: tuple[str, Settings] | None = None
        """What is drawn over the address while a slider moves, and the address it belongs to."""
        self.refused = ""
        """The address at which something more was to be set than an address can hold."""
        self.kept: dict[str, Any] = {}
        """What a page remembers of this visit that no link should bring back, by the page's path: undo, say."""


@dataclass(frozen=True)
class Session:
    """What one page is showing. Made anew at each render: do not keep one."""

    settings: Settings
    notes: tuple[str, ...]
    """What has to be told about the address, in sentences."""
    path: str
    address: str
    """Path and query that this was read from."""
    visitor: Visitor
    _redraw: Callable[[], None] = field(repr=False)
    _push: Callable[[str], None] = field(repr=False)
    moving: bool = False
    """Whether a slider is on its way: what is shown is not in the address yet."""

    def show(self, **changes: Any) -> None:
        """Redraw with other settings, the address as it was: while a slider moves."""
        self.show_settings(self.settings.changed(**changes))

    def show_settings(self, settings: Settings) -> None:
        """Redraw with these settings, the address as it was."""
        self.visitor.draft = self.address, settings
        self._redraw()

    def commit(self, **changes: Any) -> None:
        """Redraw with other settings and write them into the address: a step that Back undoes."""
        self.commit_settings(self.settings.changed(**changes))

    def commit_settings(self, settings: Settings) -> None:
        """Redraw with these settings and write them into the address."""
        self.go(self.path, settings)

    def go(self, path: str, settings: Settings) -> None:
        """Go to a page with these settings: a step that Back undoes. More than an address can hold is not set."""
        self.visitor.draft, self.visitor.refused = None, ""
        there = address(path, settings)
        if from_query(settings.to_query()).settings != settings:
            self.visitor.refused, there = self.address, self.address
        if there == self.address:
            self._redraw()
        else:
            self._push(there)

    def redraw(self) -> None:
        """Redraw as it is: for what changed beside the address."""
        self._redraw()

    def link(self, path: str | None = None) -> str:
        """Return the address of what is shown (or of another page with it), for a link: path and query."""
        return address(self.path if path is None else path, self.settings)

    def add_place(self, place: PlaceFile) -> str:
        """Keep a place of the visitor's own for this page's life; return what `commit(place=...)` takes."""
        name = place_name(place)
        self.visitor.places[name] = place
        self._redraw()
        return name

    @property
    def chosen(self) -> Chosen:
        """The scenario that is shown, with what has to be told about it."""
        return runs.chosen(self.settings, self.visitor.places)

    def run(self, *, detail: str = "months", explain: bool = False) -> Trajectory:
        """Return the run that is shown: the scenario on the seed of the address."""
        return runs.run(self.chosen.scenario, self.settings.seed, detail=detail, explain=explain)

    @property
    def month(self) -> int:
        """The month looked at, within the scenario's months."""
        months = self.chosen.scenario.months
        return months if self.settings.month < 0 else min(self.settings.month, months)


def address(path: str, settings: Settings) -> str:
    """Return path and query of a page that shows these settings."""
    query = settings.to_query()
    return f"{path}?{query}" if query else path


def _nothing(*_: Any) -> None:
    """Do nothing: what a session outside the pages does."""


_context = solara.create_context(Session(Settings(), (), "/", "/", Visitor(), lambda: None, lambda _: None))


def use_session() -> Session:
    """Return the visitor's session, in a component; it is drawn again when anything in the address changes."""
    session: Session = solara.use_context(_context)
    return session


def provide_session() -> Session:
    """Make the session of one visitor from the address, for everything inside: the shell calls this, once."""
    router = solara.use_router()
    visitor = solara.use_memo(Visitor, [])
    _, count = solara.use_state(0, key="redraws")
    read: Read = solara.use_memo(lambda: from_query(router.search), [router.search])
    here = f"{router.path}?{router.search}" if router.search else router.path
    draft = visitor.draft if visitor.draft is not None and visitor.draft[0] == here else None
    session = Session(
        settings=read.settings if draft is None else draft[1],
        notes=(*read.notes, TOO_MUCH) if visitor.refused == here else read.notes,
        path="/" + (router.path or "").strip("/"),
        address=here,
        visitor=visitor,
        _redraw=lambda: count(lambda number: number + 1),
        _push=router.push,
        moving=draft is not None,
    )
    _context.provide(session)
    return session
