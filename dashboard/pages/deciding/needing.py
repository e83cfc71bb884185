"""Ask what would have to be true where the branches stay flat: a search in the background that can be stopped."""

from typing import Any

import solara
import solara.lab

from dashboard.components import Box, Button, Message, Section, Text
from dashboard.decisions.needed import Progress, search
from dashboard.decisions.needed_words import needed_words
from dashboard.pages.deciding.desk import Desk
from simulation.observation import COLLABORATIVE
from simulation.scenario import available, load_route

SECONDS = 5.0
NO_PARTNER = "none"


def is_flat(desk: Desk) -> bool:
    """Tell whether every branch ends below what is called collaborative, once the end is reached."""
    ends = [float(desk.series(index, "practice")[-1]) for index in desk.shown]
    return desk.at_end and bool(ends) and max(ends) < COLLABORATIVE


@solara.component
def Needing(desk: Desk) -> solara.Element:
    """Show the question, the way to ask it, and what was found."""
    reached, set_reached = solara.use_state(None, key="reached")
    asked_of = (id(desk.base), desk.seed)

    def look() -> Progress | None:
        found = None
        routes = [load_route(ready.name) for ready in available("routes") if ready.name != NO_PARTNER]
        for found in search(desk.base, routes, seconds=SECONDS):
            if not task.is_current() or task.cancelled:
                return None
            set_reached((asked_of, found))
        return found

    task: Any = solara.lab.use_task(look, dependencies=None)
    progress: Progress | None = reached[1] if reached is not None and reached[0] == asked_of else None
    if not is_flat(desk) and progress is None:
        return Box()
    return Section(
        "What would have to be true?",
        Text("Every branch here ends below 2.5 of 10. The model can be asked which numbers, alone or two together, "
             "would have to be otherwise for practice to rise on any route."),
        Box(
            Button("Look for it", task, disabled=task.pending, kind="b-main"),
            Button("Cancel", task.cancel, disabled=not task.pending),
            tag="p", kind="b-buttons",
        ),
        *_found(progress, pending=task.pending),
    )  # fmt: skip


def _found(progress: Progress | None, *, pending: bool) -> list[solara.Element]:
    if progress is None:
        return []
    if progress.finished:
        words = needed_words(progress)
        findings = Box(*[Box(finding, tag="li") for finding in words.findings], tag="ul")
        found = [Text(words.lead), findings] if words.findings else []
        return [Message(words.ends), *found, *map(Text, words.limits)]
    if pending:
        return [Message(f"Looking: {progress.done} of about {progress.planned} things tried.")]
    return [Message("The search was stopped.")]
