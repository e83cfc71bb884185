"""Show a table's rows with what is wrong beside each; every cell is changed in place, by keyboard."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import solara

from dashboard.components import About, Box, Button, Perhaps, Section, Text
from dashboard.pages.your_place.actions import Acting
from dashboard.pages.your_place.draft import TableName
from dashboard.pages.your_place.faults import Fault, by_row, known
from dashboard.pages.your_place.place_facts import SCALES
from dashboard.pages.your_place.shelf import Desk
from experiments.reporting.numbers import count_of
from simulation.vocabulary import BEHAVIOURS, KINDS

PAGE = 25
LABELS = {
    "id": "Id", "name": "Name", "kind": "Kind", "role": "Role", "size": "Size", "practice": "Practice",
    "threshold": "Threshold", "budget_exposure": "Exposure", "from": "From", "to": "To", "strength": "Strength",
    "trust": "Trust",
} | {behaviour.id: behaviour.title for behaviour in BEHAVIOURS}  # fmt: skip
NUMBERS = frozenset(LABELS) - {"id", "name", "kind", "role", "from", "to"}
UNITS = {"size": "any unit", "threshold": "0 to 1", "budget_exposure": "times"}
"""Units that the scale of the place does not decide."""
KIND_OPTIONS = [[kind.id, kind.title] for kind in KINDS]
ABOUTS: dict[TableName, About] = {
    "organisations": About(
        what="One row an organisation. Id (a short text of its own) and kind are needed; what is blank is drawn or "
        "assumed. Size is the weight of authority, 1 where blank. Practice is how much of the nine behaviours is "
        "lived there. Threshold is the share of practice around it from which it is moved. Exposure is how far its "
        "money follows the budget path of its kind.",
        unit="practice on the scale chosen below; threshold above 0 to 1; exposure 0 to 10",
        why="Kind chooses the budget path, and no more. Name and role are for people and pictures.",
        basis="Write beside your numbers where they come from, or that they are assumed.",
        notice="Write kinds of organisation, not named bodies or people, unless they agreed.",
    ),
    "relationships": About(
        what="One row a pair of organisations that work with one another, once, in either direction. From and to are "
        "ids. Strength scales the model’s initial trust; trust stands over strength. Kind is for people.",
        unit="strength and trust on the scale chosen below; half of it is usual",
        why="Practice, trust and strain travel along relationships.",
        notice="A relationship has one trust: that two organisations trust one another differently can’t be said.",
    ),
}


@dataclass(frozen=True)
class Goal:
    """The cell that the focus is to go to; the number is new for each wish."""

    number: int = 0
    table: TableName = "organisations"
    key: int = 0
    column: str = ""


@solara.component_vue("rows.vue", vuetify=False)
def _Rows(
    title: str, one: str, columns_text: str, names_text: str, content: str, goal: dict[str, Any],
    event_edited: Callable[[Any], None], event_removed: Callable[[Any], None], event_added: Callable[[Any], None],
    event_paged: Callable[[Any], None],
) -> None:  # fmt: skip
    pass


@solara.component
def Editing(desk: Desk, acting: Acting, table: TableName, goal: Goal) -> solara.Element:
    """Show one of the tables, a page of rows at a time."""
    first, start_at = solara.use_state(0, key="first")
    only, set_only = solara.use_state(False, key="only")
    reached, set_reached = solara.use_state(0, key="reached")
    seen = solara.use_ref(0)
    draft = desk.draft
    if draft is None:
        return Box()
    held, faults = draft.table(table), by_row(desk.checked.of(table))
    lines = {row.key: line for line, row in enumerate(held.rows, start=2)}
    shown = [row for row in held.rows if not only or row.key in faults]
    at = min(first, max(len(shown) - 1, 0) // PAGE * PAGE)
    if goal.number > reached and goal.table == table and goal.key in lines:
        shown, only = list(held.rows), False
        at = (lines[goal.key] - 2) // PAGE * PAGE
        set_reached(goal.number)
        set_only(False)
        start_at(at)
    content = {
        "seen": seen.current, "first": at, "total": len(shown),
        "rows": [
            {"key": row.key, "line": lines[row.key], "cells": row.cells, "faults": _told(faults.get(row.key, []))}
            for row in shown[at : at + PAGE]
        ],
    }  # fmt: skip

    def edit(given: Any) -> None:
        number = given.get("edit") if isinstance(given, dict) else None
        seen.current = number if isinstance(number, int) else seen.current
        acting.edit(table, given)

    def add(_: Any) -> None:
        set_only(False)
        start_at(len(held.rows) // PAGE * PAGE)
        acting.change(draft.with_table(table, held.with_row()))

    def remove(key: Any) -> None:
        if isinstance(key, int):
            acting.change(draft.with_table(table, held.without_row(key)))

    names = known(draft.organisations.column("id")) if table == "relationships" else []
    title = LABELS_OF[table]
    rows = _Rows(
        title=title, one=ONE[table],
        columns_text=json.dumps([_column(name, table, str(draft.header.get("scale", "0-1"))) for name in held.columns]),
        names_text=json.dumps(names), content=json.dumps(content),
        goal={"number": goal.number, "key": goal.key, "column": goal.column} if goal.table == table else {"number": 0},
        event_edited=edit, event_removed=remove, event_added=add,
        event_paged=lambda by: start_at(max(at + (PAGE if by == 1 else -PAGE), 0)),
    )  # fmt: skip
    filtering = Button(
        f"Only rows with something wrong ({len(faults)})", lambda: set_only(not only), pressed=only,
        disabled=not faults and not only,
    )  # fmt: skip
    rest = [Text(fault.words) for fault in desk.checked.of(table) if fault.key is None]
    return Section(title, Perhaps(*rest), Box(filtering, tag="p", kind="b-buttons"), rows, _About(table))


LABELS_OF: dict[TableName, str] = {"organisations": "Organisations", "relationships": "Relationships"}
ONE: dict[TableName, str] = {"organisations": "an organisation", "relationships": "a relationship"}


def _About(table: TableName) -> solara.Element:
    parts = {
        "What it is": ABOUTS[table].what, "Unit": ABOUTS[table].unit, "Why it matters": ABOUTS[table].why,
        "Evidence": ABOUTS[table].basis, "Notice": ABOUTS[table].notice,
    }  # fmt: skip
    said = [Box(text, tag=tag) for name, words in parts.items() if words for tag, text in (("dt", name), ("dd", words))]
    summary = Box("About", Box(f" the columns of {table}", tag="span", kind="b-unseen"), tag="summary")
    return Box(summary, Box(*said, tag="dl"), kind="b-about", tag="details")


def _column(name: str, table: TableName, scale: str) -> dict[str, Any]:
    found: dict[str, Any] = {"name": name, "label": LABELS[name], "unit": UNITS.get(name, "")}
    if name in NUMBERS and not found["unit"]:
        found["unit"] = SCALES.get(scale, scale).lower()
    if name == "kind" and table == "organisations":
        found["options"] = KIND_OPTIONS
    if name in ("from", "to"):
        found["list"] = True
    if name in NUMBERS:
        found["number"] = True
    return found


def _told(faults: list[Fault]) -> list[dict[str, str]]:
    return [{"column": fault.column, "words": fault.short, "nearest": fault.nearest} for fault in faults]


def summary_words(desk: Desk) -> str:
    """Say how much there is and how much of it is wrong."""
    draft = desk.draft
    if draft is None:
        return ""
    size = (
        f"{count_of(len(draft.organisations.rows), 'organisation')}, "
        f"{count_of(len(draft.relationships.rows), 'relationship')}"
    )
    if not desk.checked.faults:
        return f"{draft.title}: nothing is wrong ({size}). It can be explored."
    return f"{draft.title}: {count_of(len(desk.checked.faults), 'thing is', 'things are')} wrong ({size})."
