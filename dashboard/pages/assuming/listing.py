"""List every number with its slider, by mechanism or by what is looked for."""

import json
from collections.abc import Callable
from math import isfinite
from typing import Any

import solara

from dashboard.assuming.changes import own_numbers, set_number
from dashboard.assuming.listing import MECHANISMS, listing, values_text
from dashboard.components import Box, Section, Text
from dashboard.session import Session
from dashboard.settings import Settings
from simulation.parameters import BY_NAME

LONGEST = 60
_MECHANISMS = json.dumps([{"id": key, "title": title} for key, title in MECHANISMS.items()])


@solara.component_vue("numbers.vue", vuetify=False)
def _Numbers(
    listing: str, mechanisms_text: str, usual_text: str, given: dict[str, float], find: str, group: str,
    event_moved: Callable[[Any], None], event_chosen: Callable[[Any], None],
    event_found: Callable[[Any], None], event_grouped: Callable[[Any], None],
) -> None:  # fmt: skip
    pass


def Numbers(session: Session) -> solara.Element:
    """Return the numbers."""
    settings = session.settings
    own = own_numbers(settings, session.visitor.places).numbers

    def take(given: Any, use: Callable[[Settings], None]) -> None:
        wanted = number_in(given)
        if wanted is not None:
            use(set_number(settings, *wanted, own))

    numbers = _Numbers(
        listing=listing(), mechanisms_text=_MECHANISMS, usual_text=values_text(own), given=dict(settings.parameters),
        find=settings.find, group=settings.mechanism,
        event_moved=lambda given: take(given, session.show_settings),
        event_chosen=lambda given: take(given, session.commit_settings),
        event_found=lambda given: session.commit(find=str(given).strip()[:LONGEST]),
        event_grouped=lambda given: session.commit(mechanism=given) if given in MECHANISMS else None,
    )  # fmt: skip
    words = Text(
        "Low, usual and high lie within the plausible range, split half-way between the usual value and its ends. What "
        "lies beyond is possible in the equations, but nobody would defend it."
    )
    return Section("Every number", words, Box(numbers))


def number_in(given: Any) -> tuple[str, float] | None:
    """Return name and value that a browser sent, which may send anything; None where it is no number of the model."""
    if not isinstance(given, dict):
        return None
    name, value = given.get("name"), given.get("value")
    usable = name in BY_NAME if isinstance(name, str) else False
    if not usable or isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
        return None
    return str(name), float(value)
