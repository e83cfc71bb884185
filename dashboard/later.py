"""Let what is further down a page wait while a slider moves, so that what the eye is on follows at once."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import solara

from dashboard.components import Box


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
