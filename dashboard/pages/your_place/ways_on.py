"""Offer the ways on: explore, download, forget; say what was assumed, and where the place is kept."""

import solara

from dashboard.components import Box, Button, Download, Message, Perhaps, Section, Text
from dashboard.pages.your_place.actions import Acting, on_page
from dashboard.pages.your_place.files import archive_of, folder_of
from dashboard.pages.your_place.report import doubts_of
from dashboard.pages.your_place.shelf import Desk

PAGES = {"/": "See it on Place", "/decide": "Decide with it", "/compare": "Compare routes in it"}
PRIVATE = (
    "What you bring stays in this browser, and in the memory of the program that serves these pages while you have "
    "them open. It is not written to that machine’s disk, is in no link and no log, and no other visitor sees it. "
    "On a computer that others use, forget the place when you are done."
)
NOT_KEPT = (
    "This browser has no room for the place, or keeps nothing: a reload would lose it. Download it before you leave."
)
OVERTAKEN = (
    "Another tab of this browser has changed the place that is kept since you last did here: a reload would show that "
    "one. Change something here to keep this one instead, or download it."
)
SURE = (
    "It goes from this browser and from the server’s memory, and can’t be brought back. Download it first to keep it."
)
ELSEWHERE = (
    "A link to a page that shows your place works in this browser only. To take it elsewhere, download the folder and "
    "open it there: here, or on the command line with "
)


@solara.component
def WaysOn(desk: Desk, acting: Acting) -> solara.Element:
    """Show the buttons; forgetting is asked for twice."""
    asked, ask = solara.use_state(False, key="asked")
    draft = desk.draft
    if draft is None:
        return Box()
    folder = folder_of(draft.title)
    faulty = desk.checked.place is None
    explore = [
        Button(label, lambda path=path: acting.explore(path), disabled=faulty, kind="b-main" if path == "/" else "")
        for path, label in PAGES.items()
    ]
    leave = [
        Download("Download as a place folder", lambda: archive_of(draft), name=f"{folder}.zip", type="application/zip"),
        Button("Undo the last change", acting.take_back, disabled=not desk.before),
        Button("Forget this place", lambda: ask(not asked), pressed=asked),
    ]
    sure = Box(SURE, Box(Button("Forget it for good", acting.forget), Button("Keep it", lambda: ask(False)), tag="p",
                         kind="b-buttons"), kind="b-message b-wrong", role="status")  # fmt: skip
    hint = "Exploring waits until nothing is wrong. The download does not: take it to go on elsewhere."
    return Section(
        "Go on",
        Perhaps(*([Message(NOT_KEPT, kind="wrong")] if not desk.kept_well else [])),
        Perhaps(*([Message(OVERTAKEN, kind="wrong")] if desk.overtaken else [])),
        Box(*explore, tag="p", kind="b-buttons"),
        Box(*leave, tag="p", kind="b-buttons"),
        Perhaps(*([sure] if asked else [])),
        Perhaps(*([Text(hint, kind="b-hint")] if faulty else [])),
        Box(ELSEWHERE, Box(f"behaviours place check {folder}", tag="code"), ".", tag="p", kind="b-hint"),
    )


def Assumed(desk: Desk) -> solara.Element:
    """Return what reading the place had to assume; it goes into place.toml, too."""
    doubts = doubts_of(desk.draft)
    found = [*(desk.draft.notes if desk.draft is not None else ()), *desk.checked.notes]
    notes = [note for note in found if not any(doubt in note for doubt in doubts)]
    if not notes:
        return Box()
    lines = [Box(on_page(note), tag="li") for note in notes]
    about = Text("Kept in the place’s own place.toml, so that it travels with the folder.", kind="b-hint")
    return Section("What was read and assumed", about, Box(*lines, tag="ul", kind="b-list"))
