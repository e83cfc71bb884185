"""Have a visitor's browser tab remember a text over a reload; nothing of it stays on this machine."""

from collections.abc import Callable
from typing import Any

import solara

LONGEST = 200_000
"""Characters that are taken back from a browser."""


@solara.component_vue("memory.vue", vuetify=False)
def _Memory(name: str, text: str, event_found: Callable[[Any], None]) -> None:
    pass


def TabMemory(name: str, text: str, *, on_found: Callable[[str], None]) -> solara.Element:
    """Return what keeps `text` in the tab's session storage; `on_found` hears what was there where `text` is empty.

    Nothing is shown. What comes back may be anything: treat it as an upload.
    """

    def found(given: Any) -> None:
        if isinstance(given, str) and len(given) <= LONGEST:
            on_found(given)

    return _Memory(name=f"behaviours:{name}", text=text, event_found=found)
