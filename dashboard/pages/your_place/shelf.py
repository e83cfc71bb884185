"""A visitor's places, kept by their browser."""

import gc
import threading
import weakref
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

import solara

from dashboard.components import Box, Button
from dashboard.pages.your_place.draft import (
    MOST_EXPLORED,
    MOST_IN_MEMORY,
    MOST_STEPS,
    MOST_TEXT,
    Draft,
    UnreadableError,
    from_json,
    to_json,
)
from dashboard.pages.your_place.faults import Checked, check
from dashboard.session import Session
from simulation.scenario import PlaceFile

DRAFT = "draft"
"""The browser's key of the place in hand, right or wrong; a place that was explored has its name as key."""
FULL = (
    "The server’s memory is full of other people’s places for the moment. Nothing was changed. Try again in some "
    "minutes, or run the dashboard on a machine of your own."
)
TOO_LARGE = (
    "The place is too large to be kept in a browser: {size:,} characters of at most {most:,}. Nothing was changed."
)


class NoRoomError(Exception):
    """There is no room for the place; the text says why, for people."""


class Desk:
    """What a visitor has in hand: the draft, the ones before it, and the places that were explored."""

    def __init__(self) -> None:
        self.draft: Draft | None = None
        self.checked = Checked(None)
        self.text = ""
        """The draft as the browser keeps it; "" where there is none."""
        self.before: list[Draft] = []
        """Drafts before the last changes, the newest last."""
        self.explored: OrderedDict[str, Draft] = OrderedDict()
        self.keep: dict[str, Any] = {}
        """The place that the browser is to keep under its name: name, text."""
        self.forget: dict[str, Any] = {}
        """What the browser is to forget: a number of its own, family."""
        self.answered: set[str] = set()
        """Keys that the browser was asked for and has answered."""
        self.kept_well = True
        """Whether the browser could keep what it was given."""
        self.overtaken = False
        """Whether another tab of the browser has changed the place that it keeps since this one did."""
        self.source: Any = None
        """The files of a stakeholder map, as long as it may be read another way."""
        self.refused: tuple[str, ...] = ()
        """Why what was asked for last was not done."""
        self.told = ""
        self.reads = 0
        """How often files or pasted tables were read: a new number tells the browser that it is done."""
        self.pastes = 0
        """How often pasted tables were read well."""
        with _LOCK:
            _DESKS.add(self)

    @property
    def size(self) -> int:
        """Characters held, about."""
        source = self.source  # another visitor's thread may ask meanwhile
        files = sum(len(one.content) for one in source.uploads) if source is not None else 0
        return len(self.text) * (1 + len(self.explored)) + files

    def take(self, draft: Draft, *, step: bool = True) -> None:
        """Take a draft in hand; the one before can be taken back. Raises NoRoomError, and then nothing is changed."""
        text = to_json(draft)
        if len(text) > MOST_TEXT:
            raise NoRoomError(TOO_LARGE.format(size=len(text), most=MOST_TEXT))
        check_room(len(text) - len(self.text))
        if step and self.draft is not None and self.draft != draft:
            self.before = [*self.before, self.draft][-MOST_STEPS:]
        self.draft, self.text, self.checked = draft, text, check(draft)
        self.overtaken = False

    def hold(self, source: Any) -> None:
        """Keep the files of a map, to read them another way. Raises NoRoomError, and then nothing is changed."""
        check_room(sum(len(one.content) for one in source.uploads))
        self.source = source

    def take_back(self) -> None:
        """Put the draft before the last change back."""
        if self.before:
            draft = self.before[-1]
            self.before = self.before[:-1]
            self.take(draft, step=False)

    def adopt(self, name: str) -> None:
        """Take a place that was explored in hand, where nothing else is and there is room."""
        if self.draft is None and name in self.explored:
            try:
                self.take(self.explored[name])
            except NoRoomError as error:
                self.refused = (str(error),)

    def explore(self, places: dict[str, PlaceFile]) -> str:
        """Put the place among those that can be explored, have the browser keep it, return its name; "" if faulty."""
        place, name = self.checked.place, self.checked.name
        if self.draft is None or place is None:
            return ""
        self._explored(name, self.draft, place, places)
        self.keep = {"name": name, "text": self.text}
        return name

    def _explored(self, name: str, draft: Draft, place: PlaceFile, places: dict[str, PlaceFile]) -> None:
        self.explored[name] = draft
        self.explored.move_to_end(name)
        places[name] = place
        while len(self.explored) > MOST_EXPLORED:
            gone, _ = self.explored.popitem(last=False)
            places.pop(gone, None)
            self.answered.discard(gone)

    def handed_over(self, key: str, text: Any, places: dict[str, PlaceFile]) -> None:
        """Take what the browser kept under a key, if it is what the key says; an empty text means there is nothing."""
        self.answered.add(key)
        try:
            draft = from_json(text)
            if key == DRAFT:
                if self.draft is None:
                    self.take(draft)
                return
            found = check(draft)
            if found.place is not None and found.name == key:
                check_room(len(text))
                self._explored(key, draft, found.place, places)
        except (UnreadableError, NoRoomError):
            return

    def forget_all(self, places: dict[str, PlaceFile]) -> list[str]:
        """Let go of the place in hand and what was explored from it, here and in the browser; return their names."""
        if self.draft is None:
            return []
        family = self.draft.family
        names = [name for name, draft in self.explored.items() if draft.family == family]
        for name in names:
            del self.explored[name]
            places.pop(name, None)
        self.forget = {"number": int(self.forget.get("number", 0)) + 1, "family": family}
        self.draft, self.text, self.checked, self.before, self.source = None, "", Checked(None), [], None
        self.keep = {}
        self.answered.add(DRAFT)
        return names


_DESKS: "weakref.WeakSet[Desk]" = weakref.WeakSet()
"""All that are open, for their sizes alone."""
_LOCK = threading.Lock()


def in_memory() -> int:
    """Return how many characters all visitors' places take together."""
    with _LOCK:
        return sum(desk.size for desk in _DESKS)


def check_room(more: int, *, most: int | None = None) -> None:
    """Raise NoRoomError where all visitors' places would take more than there is room for."""
    limit = MOST_IN_MEMORY if most is None else most
    if more <= 0 or in_memory() + more <= limit:
        return
    gc.collect()  # what visitors who have gone held
    if in_memory() + more > limit:
        raise NoRoomError(FULL)


def desk_of(kept: dict[str, Any]) -> Desk:
    """Return the desk among what is kept of a visit, made where there is none."""
    found = kept.setdefault("own place", None)
    if found is None:
        found = kept["own place"] = Desk()
    desk: Desk = found
    return desk


PATH = "/your-place"
LOOKING = "One moment: this browser is asked for the place of this link."
NOT_HERE = (
    "This link is about a place of someone’s own. Such a place stays in the browser where it was made, and is in no "
    "link. It is not in this browser: what you see instead is the scenario’s own place. If you have the place’s "
    "folder or files, open them on Your place."
)
NOTHING_NAMED = {"organisation": "", "decisions": "", "branch": 0, "intent": ""}
"""Settings that name something of a place, and mean nothing in another."""


@solara.component_vue("browser_shelf.vue", vuetify=False)
def _BrowserShelf(
    wanted: list[str], draft: str, keep: dict[str, Any], forget: dict[str, Any],
    event_found: Callable[[Any], None], event_well: Callable[[Any], None], event_overtaken: Callable[[Any], None],
) -> None:  # fmt: skip
    pass


def wanted_of(session: Session, desk: Desk) -> list[str]:
    """Return what the browser is still to be asked for."""
    missing = session.chosen.missing
    keys = ([missing] if missing else []) + ([DRAFT] if session.path == PATH and desk.draft is None else [])
    return [key for key in keys if key not in desk.answered]


def Shelf(session: Session) -> solara.Element:
    """Return what asks the browser and hands over to it; nothing that is seen."""
    desk = desk_of(session.visitor.kept)
    wanted = wanted_of(session, desk)
    if session.path == PATH and not wanted:
        desk.adopt(session.settings.place)

    def found(given: Any) -> None:
        key = given.get("key") if isinstance(given, dict) else None
        if key in wanted:
            desk.handed_over(key, given.get("text"), session.visitor.places)
            session.redraw()

    def well(given: Any) -> None:
        if desk.kept_well is not bool(given):
            desk.kept_well = bool(given)
            session.redraw()

    def overtaken(given: Any) -> None:
        if desk.overtaken is not bool(given):
            desk.overtaken = bool(given)
            session.redraw()

    return _BrowserShelf(
        wanted=wanted, draft=desk.text, keep=desk.keep, forget=desk.forget, event_found=found, event_well=well,
        event_overtaken=overtaken,
    ).key("shelf")  # fmt: skip


def waits(session: Session) -> bool:
    """Tell whether a page has to wait for the browser's answer, so as not to show another place first."""
    return bool(wanted_of(session, desk_of(session.visitor.kept)))


@solara.component
def Told(session: Session) -> solara.Element:
    """Say that the place shown is the visitor's own, with the ways back; or that it is not in this browser."""
    router = solara.use_router()
    draft = desk_of(session.visitor.kept).explored.get(session.settings.place)
    change = Button("Change it" if draft is not None else "Open Your place", lambda: router.push(session.link(PATH)))
    back = Button("Show the scenario’s own place", lambda: session.commit(place="", **NOTHING_NAMED))
    if draft is None:
        return Box(NOT_HERE, Box(change, back, tag="p", kind="b-buttons"), kind="b-message b-wrong", role="alert")
    words = f"You are looking at a place of your own: {draft.title}. Pressure, route and months are the scenario’s."
    return Box(words, Box(change, back, tag="p", kind="b-buttons"), kind="b-message b-own", role="status")


def told(session: Session, missing: str) -> list[solara.Element]:
    """Return what a page has to say of a place of the visitor's own; nothing where none is shown or missed."""
    own = session.settings.place in desk_of(session.visitor.kept).explored and session.path != PATH
    return [Told(session)] if missing or own else []
