"""Have addresses change under a root path as they do without one: Solara's own part for it loses the path."""

from pathlib import Path
from typing import Any

import reacton.core
import solara
import traitlets
from solara import widgets

MENDED = {
    "new URL(this.location, window.location.origin + solara.rootPath)":
        "new URL(solara.rootPath + this.location, window.location.origin)",
    "new URL(value, window.location)":
        "new URL(value.startsWith('/') ? solara.rootPath + value : value, window.location)",
}  # fmt: skip


class Navigator(widgets.Navigator):  # type: ignore[misc]
    """Keep the address of a page, at the root path that its browser knows."""

    template_file = None

    @traitlets.default("template")
    def _template(self) -> Any:
        return TEMPLATE


def _mended() -> str:
    text = Path(widgets.Navigator.template_file).read_text(encoding="utf-8")
    for wrong, right in MENDED.items():
        text = text.replace(wrong, right)
    return text


TEMPLATE = _mended()


def navigate_under_root_path() -> None:
    """Have Solara keep addresses by `Navigator`."""
    solara.Navigator = reacton.core.ComponentWidget(Navigator)
