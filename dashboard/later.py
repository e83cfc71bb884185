"""Let what is further down a page wait for what the eye is on: when the page comes, and while a slider moves."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import solara

from dashboard.components import Box

_whole = solara.reactive(False)
"""Whether the first screen of a visitor's first page has been drawn; one for each page that is loaded."""


@solara.component_vue("components/rest.vue", vuetify=False)
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
