"""Offer controls made of the browser's own elements: quick, reached by keyboard, with a name that is read aloud."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import solara

from dashboard.components.about import About


@solara.component_vue("number_slider.vue", vuetify=False)
def _Slider(
    label: str, value: float, low: float, high: float, step: float, unit: str, decimals: int, bands: list[Any],
    standard: float | None, names: dict[str, str], about: str, live: bool, disabled: bool, play: bool,
    event_moved: Callable[[float], None], event_chosen: Callable[[float], None],
) -> None:  # fmt: skip
    pass


@solara.component_vue("choice.vue", vuetify=False)
def _Choice(
    label: str, value: str, options_text: str, about: str, hint: str, disabled: bool,
    event_chosen: Callable[[str], None],
) -> None:  # fmt: skip
    pass


@solara.component_vue("text_field.vue", vuetify=False)
def _TextField(
    label: str, value: str, longest: int, about: str, hint: str, disabled: bool, once: bool,
    event_chosen: Callable[[str], None],
) -> None:  # fmt: skip
    pass


def NumberSlider(
    label: str, value: float, *, low: float, high: float, step: float = 1, unit: str = "", decimals: int = 0,
    bands: Sequence[tuple[str, float]] = (), standard: float | None = None, names: Mapping[float, str] | None = None,
    on_move: Callable[[float], None] | None = None, on_choose: Callable[[float], None], about: About | None = None,
    disabled: bool = False, play: bool = False,
) -> solara.Element:  # fmt: skip
    """Return a slider with an exact box beside it.

    `on_move` hears of each move, the newest once the one before is drawn; `on_choose` of the value let go.
    `bands` are names with their upper ends, from low to high: [("little", 0.2), ("much", 1)]. `standard` brings a
    button that goes back to it. `names` are words for special values. `play` brings buttons for a step back, a step on,
    and for moving on by itself, which Escape stops too; a browser that asks for less motion is offered steps alone.
    """
    ends = [low, *(end for _, end in bands)]
    named = [{"name": name, "low": start, "high": end} for (name, end), start in zip(bands, ends, strict=False)]
    return _Slider(
        label=label, value=value, low=low, high=high, step=step, unit=unit, decimals=decimals, bands=named,
        standard=standard, names={f"{key:g}": text for key, text in (names or {}).items()},
        about=about.html() if about else "", live=on_move is not None, disabled=disabled,
        play=play,
        event_moved=lambda given: on_move(_within(given, low, high)) if on_move else None,
        event_chosen=lambda given: on_choose(_within(given, low, high)),
    )  # fmt: skip


def Choice(
    label: str, value: str, options: Mapping[str, str], *, on_choose: Callable[[str], None],
    about: About | None = None, hint: str = "", disabled: bool = False,
) -> solara.Element:  # fmt: skip
    """Return a list to choose one from; `options` are values with their titles. What is not among them is ignored."""
    named = [{"value": key, "title": title} for key, title in options.items()]
    return _Choice(
        label=label, value=value, options_text=json.dumps(named, ensure_ascii=False),
        about=about.html() if about else "", hint=hint, disabled=disabled,
        event_chosen=lambda given: on_choose(given) if given in options else None,
    )  # fmt: skip


def TextField(
    label: str, value: str, *, on_choose: Callable[[str], None], longest: int = 80, about: About | None = None,
    hint: str = "", disabled: bool = False, once: bool = False,
) -> solara.Element:  # fmt: skip
    """Return a field for a short text, heard of when it is left or Enter is pressed; `once` empties it then."""
    return _TextField(
        label=label, value=value, longest=longest, about=about.html() if about else "", hint=hint, disabled=disabled,
        once=once, event_chosen=lambda given: on_choose(str(given)[:longest]),
    )  # fmt: skip


@solara.component_vue("print_button.vue", vuetify=False)
def _Print(label: str) -> None:
    pass


def PrintButton(label: str = "Print on one page") -> solara.Element:
    """Return a button that prints the page; what is printed is up to the style for print."""
    return _Print(label=label)


def _within(given: Any, low: float, high: float) -> float:
    """Return a number from the browser, which may send anything, within the limits."""
    value = float(given) if isinstance(given, int | float) else low
    return min(max(value, low), high) if value == value else low
