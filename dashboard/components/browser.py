"""Files to, and memory of, the browser."""

from base64 import b64encode
from collections.abc import Callable
from typing import Any

import solara


@solara.component_vue("download.vue", vuetify=False)
def _Download(
    label: str, type: str, made: dict[str, Any], look: str, disabled: bool, event_asked: Callable[[Any], None]
) -> None:
    pass


@solara.component
def Download(
    label: str, make: Callable[[], bytes], *, name: str, type: str = "application/octet-stream", kind: str = "",
    disabled: bool = False,
) -> solara.Element:  # fmt: skip
    """Show a button that saves what `make` returns as a file; `kind` is its class, as a Button's."""
    made, set_made = solara.use_state({"number": 0})

    def asked(_: Any) -> None:
        set_made({"number": int(made["number"]) + 1, "name": name, "data": b64encode(make()).decode()})

    return _Download(label=label, type=type, made=made, look=kind, disabled=disabled, event_asked=asked)


# Have a visitor's browser tab remember a text over a reload; nothing of it stays on this machine.


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
