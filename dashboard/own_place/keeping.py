"""Keep the places of one visitor while a page is open, with an eye on what all visitors' take together."""

import gc
import threading
import weakref
from collections import OrderedDict
from typing import Any

from dashboard.own_place.as_json import UnreadableError, from_json, to_json
from dashboard.own_place.checking import Checked, check
from dashboard.own_place.draft import Draft
from dashboard.own_place.limits import MOST_EXPLORED, MOST_IN_MEMORY, MOST_STEPS, MOST_TEXT
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
