"""Run to a month, pause, go on; undo and redo."""

import solara

from dashboard.components import About, Box, Button, Choice, Message, NumberSlider, Section
from dashboard.pages.deciding.desk import Desk

YEAR = 12
ABOUT_MONTH = About(
    what="How far the runs have come. What comes after is not drawn until you go on. Play runs on by itself; Pause or "
    "the Escape key stops it.",
    unit="months since the partner began",
    notice="Going back loses nothing: decisions made later stay, and are drawn again as you go on.",
)
ABOUT_BRANCH = About(
    what="The branch that your next decision belongs to. A branch goes as the one it grew from, until it begins.",
    why="All branches meet the same luck, so what differs between them comes from what was decided.",
    words=("Branch", "Fork", "Luck, seed"),
)


def Clock(desk: Desk) -> solara.Element:
    """Return the month reached, the branch in hand, and the ways on."""
    month = NumberSlider(
        "Run to month", desk.now, low=0, high=desk.months, about=ABOUT_MONTH, play=True,
        on_move=lambda month: desk.session.show(month=desk.as_setting(int(month))),
        on_choose=lambda month: desk.go_to(int(month)),
    )  # fmt: skip
    names = {str(index): branch.name for index, branch in enumerate(desk.tree.branches)}
    branch = Choice(
        "Branch in hand", str(desk.index), names, about=ABOUT_BRANCH,
        on_choose=lambda index: desk.session.commit(branch=int(index)),
    )  # fmt: skip
    return Section(
        "Where you are", Box(month, branch, kind="b-clock", role="group", aria_label="Month and branch"), GoOn(desk)
    )


def GoOn(desk: Desk, *, back: bool = True) -> solara.Element:
    """Return buttons to go on by a year or to the end, and back to the start."""
    buttons = [
        Button("Go on one year", lambda: desk.go_to(desk.now + YEAR), disabled=desk.at_end, kind="b-main"),
        Button("Go on to the end", lambda: desk.go_to(desk.months), disabled=desk.at_end),
    ]
    if back:
        buttons.append(Button("Back to the start", lambda: desk.go_to(0), disabled=desk.now == 0))
    return Box(*buttons, tag="p", kind="b-buttons")


def Steps(desk: Desk, *, replaying: bool, on_replay: object) -> solara.Element:
    """Return undo, redo and replay of the last change, with the change in words."""
    history = desk.history
    last = history.last
    buttons = Box(
        Button("Undo", desk.undo, disabled=not history.past),
        Button("Redo", desk.redo, disabled=not history.future),
        Button("Replay the last change", on_replay, disabled=last is None, pressed=replaying),  # type: ignore[arg-type]
        tag="p", kind="b-buttons",
    )  # fmt: skip
    words = f"Last change: {last.words}" if last is not None else ""
    return Box(buttons, Message(words) if words else Box(), kind="b-undoing")
