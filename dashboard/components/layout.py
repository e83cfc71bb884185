"""Lay a page out: sections with headings, controls beside one another, cards, messages, folds."""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, Literal

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
