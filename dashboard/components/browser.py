"""Files to, and memory of, the browser."""

import io
import zipfile
from base64 import b64encode
from collections.abc import Callable, Mapping
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


def zipped(files: Mapping[str, str]) -> bytes:
    """Return texts by path as a zip archive; the same files give the same bytes."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, text in files.items():
            entry = zipfile.ZipInfo(path, date_time=(2020, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, text.encode())
    return stream.getvalue()


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
