"""Sweep: look into a finished or running sweep, or a map of where each of two routes does better."""

import asyncio
from collections.abc import Callable

import solara

from dashboard.address import without_range
from dashboard.components import About, Box, Button, Choice, Controls, Message, Perhaps, Text
from dashboard.pages.sweep.importance import WhatMatters
from dashboard.pages.sweep.library import Chooser, HowTo, Offers, entry_of
from dashboard.pages.sweep.parallel_axes import PointsOf
from dashboard.pages.sweep.points import OUTCOME, points_of
from dashboard.pages.sweep.replay import OnePoint
from dashboard.pages.sweep.route_map import MapOf
from dashboard.pages.sweep.snapshot import Held, MapNow, Snapshot, UnreadError, held, map_now, snapshot
from dashboard.pages.sweep.status import Failed, WhatItIs
from dashboard.pages.sweep.view import view_of
from dashboard.session import Session, use_session
from dashboard.sweep_folders import Entry
from simulation.outcomes import shown, shown_in

PATH = "/sweep"
TITLE = "Sweep"
LEAD = "What thousands of runs say about which numbers matter, and where each route does better."

OUTCOMES = shown_in("pages")
SECONDS_BETWEEN, SECONDS_AT_REST = 3.0, 10.0
"""How often a folder is read again: while a process writes there, and while none does but runs are missing."""
ABOUT_OUTCOME = About(what="What is read of each run, at its last month.", notice="The whole page is about it.")
ABOUT_SUBJECT = About(
    what="One route by itself, or the difference between two on the same seeds.",
    why="What makes both routes do well is not what makes one do better than the other.",
)


@solara.component
def Page() -> solara.Element:
    """Show the page."""
    session = use_session()
    entry = entry_of(session.settings.sweep)
    if entry is None:
        return Box(Chooser(session, entry), HowTo(), Offers(session), kind="b-stack b-sweep")
    return Opened(session, entry).key(f"{entry.kind} {entry.name}")


@solara.component
def Opened(session: Session, entry: Entry) -> solara.Element:
    """Show a sweep or a map as it is now; one that is not finished is read again by itself."""
    number, set_number = solara.use_state(0)
    found, words = solara.use_memo(lambda: look(entry), [entry, number])
    is_on = found is not None and (found.running if isinstance(found, MapNow) else found.status.running)
    is_whole = found is not None and (found.found.finished if isinstance(found, MapNow) else found.status.complete)

    def read() -> None:
        set_number(lambda now: now + 1)

    async def keep_reading() -> None:
        while found is not None and not is_whole:
            await asyncio.sleep(SECONDS_BETWEEN if is_on else SECONDS_AT_REST)
            read()

    solara.lab.use_task(keep_reading, dependencies=[entry, found is None, is_on, is_whole])
    chooser = Chooser(session, entry)
    if found is None:
        return Box(chooser, Message(words, kind="wrong"), _again(read), HowTo(), kind="b-stack b-sweep")
    button = [] if isinstance(found, MapNow) and found.found.finished else [_again(read)]
    if isinstance(found, MapNow):
        return Box(chooser, Perhaps(*button), MapOf(session, found), kind="b-stack b-sweep")
    shown_button = [] if found.status.complete else [_again(read)]
    return Box(chooser, WhatItIs(found), Perhaps(*shown_button), *_asked(session, found), kind="b-stack b-sweep")


def _again(read: Callable[[], None]) -> solara.Element:
    return Box(Button("Read again", read), tag="p", kind="b-buttons")


def look(entry: Entry) -> tuple[Snapshot | MapNow | None, str]:
    """Return what a folder holds now, or why it can't be read."""
    try:
        return (map_now(entry) if entry.kind == "map" else snapshot(entry)), ""
    except UnreadError as error:
        return None, str(error)


def _asked(session: Session, found: Snapshot) -> list[solara.Element]:
    outcome = session.settings.outcome
    if not found.status.done:
        return [Text("No run is stored yet: read it again in a moment.")]
    try:
        kept = held(found, outcome)
    except UnreadError as error:
        return [Message(str(error), kind="wrong")]
    points = points_of(found, kept, session.settings.subject, outcome)
    controls = _questions(session, found, kept)
    if points is None:
        notes = [Text(f"{note[:1].upper()}{note[1:]}.") for note in kept.notes]
        return [controls, Text("No point has enough finished runs with this outcome yet."), *notes, Failed(kept)]
    view = view_of(session, found, kept, points)
    return [
        controls, PointsOf(view).key(f"points {view.key}"), WhatMatters(view), OnePoint(view), Failed(kept),
    ]  # fmt: skip


def _questions(session: Session, found: Snapshot, kept: Held) -> solara.Element:
    outcome, within = session.settings.outcome, without_range(session.settings.within, OUTCOME)
    names = [name for name in dict.fromkeys((*OUTCOMES, outcome)) if name in found.results.outcomes]
    subject = kept.subject(session.settings.subject)
    subjects = {one.key: one.title for one in kept.subjects}
    choices = [
        Choice("Outcome", outcome, {name: shown(name).title for name in names}, about=ABOUT_OUTCOME,
               on_choose=lambda name: session.commit(outcome=name, within=within)),
    ]  # fmt: skip
    if subject is not None and len(subjects) > 1:
        choices.append(Choice("Route, or difference", subject.key, subjects, about=ABOUT_SUBJECT,
                              on_choose=lambda key: session.commit(subject=key, within=within)))  # fmt: skip
    return Controls(*choices, label="What is asked")
