"""Sections, cards, tables, late parts."""

import json
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, Literal, NamedTuple

import ipyvue
import reacton.ipyvuetify as rv
import solara
from reacton.core import ComponentWidget

Children = Sequence[solara.Element | str]


def Box(*children: solara.Element | str, kind: str = "", tag: str = "div", **attributes: str) -> solara.Element:
    """Return an HTML element around others; `kind` is its class in static/dashboard.css."""
    named = {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()}
    element: solara.Element = _of(tag)(tag=tag, class_=kind, attributes=named, children=list(children))
    return element


@lru_cache(maxsize=64)
def _of(tag: str) -> Any:
    """Return the component of one tag: where a `p` takes the place of a `div` it is made anew.

    The browser's side of the widget draws its first tag for good.
    """
    return ComponentWidget(type(f"Html{tag.capitalize()}", (ipyvue.Html,), {}))


def Text(text: str, *, kind: str = "") -> solara.Element:
    """Return a paragraph."""
    return Box(text, kind=kind, tag="p")


def Perhaps(*children: solara.Element | str) -> solara.Element:
    """Return what may be there or not, in a place of its own that takes no room.

    Else what comes and goes would move all after it by one: controls would be made anew, and lose the focus.
    """
    return Box(*children, kind="b-perhaps")


def Section(title: str, *children: solara.Element | str) -> solara.Element:
    """Return a part of a page under a heading of the second level."""
    return Box(Box(title, tag="h2"), *children, kind="b-section", tag="section", aria_label=title)


def Controls(*children: solara.Element, label: str) -> solara.Element:
    """Return controls beside one another where there is room; `label` names the group."""
    return Box(*children, kind="b-controls", role="group", aria_label=label)


def Columns(*children: solara.Element) -> solara.Element:
    """Return parts beside one another where there is room, below one another on a phone."""
    return Box(*children, kind="b-columns")


def Fold(title: str, *children: solara.Element | str) -> solara.Element:
    """Return parts that open and close under their title."""
    return Box(Box(title, tag="summary"), *children, kind="b-fold", tag="details")


@solara.component
def Button(
    label: str, on_click: Callable[[], None], *, disabled: bool = False, kind: str = "", pressed: bool | None = None
) -> solara.Element:
    """Show a button; its label is its name. `pressed` makes it one that stays pressed or not.

    One that is `disabled` says so and can still be reached: most are disabled by being pressed, and a browser takes the
    focus from what it can't reach.
    """
    attributes: dict[str, str] = {"type": "button"} | ({"aria-disabled": "true"} if disabled else {})
    if pressed is not None:
        attributes["aria-pressed"] = str(pressed).lower()
    element = rv.Html(tag="button", class_=kind, attributes=attributes, children=[label])
    rv.use_event(element, "click", lambda *_: None if disabled else on_click())
    return element


def Message(text: str, *, kind: Literal["note", "wrong"] = "note") -> solara.Element:
    """Return clear words about something; "wrong" is read aloud at once, "note" when there is a pause."""
    role = "alert" if kind == "wrong" else "status"
    return Box(text, kind=f"b-message b-{kind}", role=role)


@solara.component_vue("headlines.vue", vuetify=False)
def _Headlines(numbers: list[list[str]]) -> None:
    pass


def Headlines(numbers: Sequence[tuple[str, str, str]]) -> solara.Element:
    """Return a strip of numbers: (what, the number, unit or range)."""
    return _Headlines(numbers=[list(cell) for cell in numbers])


@solara.component_vue("table.vue", vuetify=False)
def _Table(title: str, content: str, captioned: bool, event_chosen: Callable[[str], None]) -> None:
    pass


def Table(
    title: str, columns: Sequence[str], rows: Sequence[Sequence[str]], *, words: Sequence[int] = (),
    ids: Sequence[str] = (), on_choose: Callable[[str], None] | None = None, captioned: bool = False,
) -> solara.Element:  # fmt: skip
    """Return a table, its first column the rows' names, the columns numbered in `words` set as text.

    With `ids`, one a row, the names are buttons and `on_choose` hears the id. `captioned` shows the title, too.
    """
    content = {"columns": [*columns], "rows": [[*row] for row in rows], "ids": [*ids], "words": [*words]}
    return _Table(
        title=title, content=json.dumps(content, ensure_ascii=False), captioned=captioned,
        event_chosen=lambda given: on_choose(given) if on_choose and given in ids else None,
    )  # fmt: skip


_whole = solara.reactive(False)
"""Whether the first screen of a visitor's first page has been drawn; one for each page that is loaded."""


@solara.component_vue("rest.vue", vuetify=False)
def _Rest(event_drawn: Callable[[Any], None]) -> None:
    pass


@solara.component
def FurtherDown(subject: object, make: Callable[[], Sequence[solara.Element]], moving: bool) -> solara.Element:
    """Show elements of a subject that begin below the first screen, once the browser has drawn that."""
    return _Later(subject, make, moving) if _whole.value else _Rest(event_drawn=lambda _: _whole.set(True))


@solara.component
def _Later(subject: object, make: Callable[[], Sequence[solara.Element]], moving: bool) -> solara.Element:
    return use_later(subject, make, moving=moving)


class _Held(NamedTuple):
    subject: object
    elements: Sequence[solara.Element]


def use_later(subject: object, make: Callable[[], Sequence[solara.Element]], *, moving: bool) -> solara.Element:
    """Return the elements of a subject; while something moves, those of the subject that it began from.

    They are marked as busy as long as they are behind. Elements that are kept are not looked through again.
    """
    held = solara.use_ref(_Held(None, ()))
    if not moving or held.current.subject is None or held.current.subject is subject:
        held.current = _Held(subject, make())
    behind = held.current.subject is not subject
    return Box(*held.current.elements, kind="b-later", aria_busy=str(behind).lower())
