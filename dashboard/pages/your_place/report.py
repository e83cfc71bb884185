"""List all that is wrong with the place in hand, each with a way to it."""

from collections.abc import Callable

import solara

from dashboard.components import Box, Button
from dashboard.pages.your_place.actions import Acting, on_page
from dashboard.pages.your_place.draft import Draft
from dashboard.pages.your_place.faults import Fault
from dashboard.pages.your_place.rows import Goal, summary_words
from dashboard.pages.your_place.shelf import Desk

MOST = 12


@solara.component_vue("faults.vue", vuetify=False)
def _Told(words: str, wrong: bool, reads: int) -> None:
    pass


def Doubts(desk: Desk, acting: Acting) -> solara.Element:
    """Return what an import was not sure of, before anything else, each until it is said to be settled."""
    draft = desk.draft
    doubts = doubts_of(draft)
    if draft is None or not doubts:
        return Box()

    def settle(doubt: str) -> None:
        rest = [one for one in doubts if one != doubt]
        acting.change(draft.with_header(doubts=rest or None))

    rows = [
        Box(on_page(one), " ", Button("It is settled", lambda one=one: settle(one), kind="b-plain"), tag="li")
        for one in doubts
    ]
    return Box(Box("Look at this first", tag="h2"), Box(*rows, tag="ul", kind="b-wrongs"))


def doubts_of(draft: Draft | None) -> list[str]:
    """Return what place.toml keeps of what an import was not sure of."""
    kept = draft.header.get("doubts") if draft is not None else None
    return [one for one in kept if isinstance(one, str)] if isinstance(kept, list | tuple) else []


def Report(desk: Desk, acting: Acting, go_to: Callable[[Goal], None], number: int) -> solara.Element:
    """Return what is wrong, in words; a line that nothing is, where nothing is."""
    faults = desk.checked.faults
    rows = [Box(*_ways(fault, acting, go_to, number), tag="li") for fault in faults[:MOST]]
    more = [Box(f"and {len(faults) - MOST} more, beside their rows", tag="li")] if len(faults) > MOST else []
    told = _Told(words=summary_words(desk), wrong=bool(faults), reads=desk.reads)
    return Box(told, *([Box(*rows, *more, tag="ul", kind="b-wrongs")] if faults else []))


def _ways(fault: Fault, acting: Acting, go_to: Callable[[Goal], None], number: int) -> list[solara.Element | str]:
    """Return the words, with a button that goes to the cell or leaves the key of place.toml out."""
    draft = acting.desk.draft
    if fault.table is not None and fault.key is not None:
        goal = Goal(number + 1, fault.table, fault.key, fault.column)
        where, colon, what = fault.words.partition(": ")
        return [Button(where, lambda: go_to(goal), kind="b-plain"), colon, what]
    if fault.header and draft is not None and fault.header in draft.header:
        key = fault.header
        leave = Button(f"Leave {key} out", lambda: acting.change(draft.with_header(**{key: None})), kind="b-plain")
        return [fault.words, " ", leave]
    return [fault.words]
