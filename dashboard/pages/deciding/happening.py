"""Choose an event to be added at the month reached."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import solara

from dashboard.components import About, Box, Button, Choice, NumberSlider, Perhaps, Text
from dashboard.decisions.decision import MOST_EVENTS
from dashboard.decisions.draft import ENDING, EVERYWHERE, KIND, LASTING, PLACED, SIZED, Draft
from dashboard.decisions.sentences import KIND_WORDS, event_words
from dashboard.pages.deciding.desk import Desk

TITLES = {
    "": "Nothing",
    "demand-shock": "Demand rises or falls",
    "budget-change": "Budgets rise or fall",
    "restructure": "A restructure",
    "champion-leaves": "A champion leaves",
    "funder-exit": "The funder ends the partner’s days",
    "closure": "An organisation closes",
    "merger": "Two organisations merge",
    "election-window": "An election: the strategic window",
}
ABOUT = About(
    what="Something that happens in the place at this month, whatever the partner does.",
    basis="Sizes are assumed: those that stand here are examples, not estimates.",
    notice="Branches share luck, not events: an event belongs to the branch that it is added to.",
    words=("Event",),
)

ABOUT_SIZE = About(
    what="How far demand or budgets move, up or down.", unit="% of what they are in this month",
    basis="Assumed: an example, not an estimate.", words=("Demand shock", "Budget change"),
)  # fmt: skip
ABOUT_WINDOW = About(
    what="Whether the place is open to a shared vision, or shut, for some months around an election.",
    words=("Election", "Windows"),
)
ABOUT_LASTING = About(
    what="How long it lasts: a change of budgets comes step by step over these months, anything else ends after them.",
    unit="months",
)
ABOUT_WHERE = About(what="Which organisations it happens to: all, all of one kind, or one.", words=("Organisation",))
ABOUT_WHICH = About(
    what="The organisation that goes, or takes another in.", why="Its demand does not go: others have to meet it.",
    words=("Closure", "Merger"),
)  # fmt: skip

Change = Callable[[Draft], None]


def EventControls(desk: Desk, draft: Draft, change: Change) -> solara.Element:
    """Return the choice of an event and of what it needs, with those that are already added."""
    adding = draft.adding

    def with_event(**changes: Any) -> None:
        change(replace(draft, adding=adding.changed(**changes)))

    full = len(draft.events) >= MOST_EVENTS
    parts = [
        Choice("Event", adding.type, TITLES, about=ABOUT, disabled=full,
               on_choose=lambda kind: with_event(type=kind, size=-10.0 if kind == "budget-change" else 10.0))
    ]  # fmt: skip
    if adding.type in SIZED:
        parts.append(NumberSlider("By how much", adding.size, low=-50, high=50, step=5, unit="%", about=ABOUT_SIZE,
                                  on_choose=lambda size: with_event(size=size)))  # fmt: skip
    if adding.type == "election-window":
        parts.append(Choice("The window is held", "open" if adding.open else "shut", {"open": "open", "shut": "shut"},
                            about=ABOUT_WINDOW,
                            on_choose=lambda way: with_event(open=way == "open")))  # fmt: skip
    if adding.type in LASTING:
        label = "Spread over months" if adding.type == "budget-change" else "For months"
        parts.append(NumberSlider(label, adding.months, low=1, high=60, about=ABOUT_LASTING,
                                  on_choose=lambda months: with_event(months=int(months))))  # fmt: skip
    if adding.type in PLACED:
        parts.append(Choice("Where", adding.where, _places(desk), about=ABOUT_WHERE,
                            on_choose=lambda where: with_event(where=where)))  # fmt: skip
    if adding.type in ENDING:
        nobody = {"": "Choose an organisation"}
        label = "Which closes" if adding.type == "closure" else "Which one goes"
        parts.append(Choice(label, adding.organisation, nobody | desk.names, about=ABOUT_WHICH,
                            on_choose=lambda one: with_event(organisation=one)))  # fmt: skip
        if adding.type == "merger":
            others = {i: name for i, name in desk.names.items() if i != adding.organisation}
            parts.append(Choice("Into which", adding.into, nobody | others, about=ABOUT_WHICH,
                                on_choose=lambda one: with_event(into=one)))  # fmt: skip
    added = [
        Box(
            Text(f"Added: {event_words(event, desk.names, since=desk.now)}."),
            Button(f"Remove event {row + 1}", lambda row=row: change(replace(draft, events=_without(draft, row)))),
        )
        for row, event in enumerate(draft.events)
    ]
    return Box(Box("What happens besides", tag="h3"), Perhaps(*parts), Perhaps(*added))


def _without(draft: Draft, row: int) -> tuple[Any, ...]:
    return (*draft.events[:row], *draft.events[row + 1 :])


def _places(desk: Desk) -> dict[str, str]:
    kinds = {f"{KIND}{kind}": f"All of a kind: {KIND_WORDS.get(kind, kind)}" for kind in desk.kinds}
    return {EVERYWHERE: "Everywhere"} | kinds | desk.names
