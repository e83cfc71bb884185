"""Hand a file over to the browser, made only when it is asked for; nothing is written on this machine."""

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
