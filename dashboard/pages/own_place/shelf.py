"""Tie a visitor's places to the browser that keeps them: ask for what an address names, hand over what is kept."""

from collections.abc import Callable
from typing import Any

import solara

from dashboard.components import Box, Button
from dashboard.own_place.keeping import DRAFT, Desk, desk_of
from dashboard.session import Session

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
