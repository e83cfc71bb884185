"""Show a chart with its words, a table of its numbers, and a way to save it as SVG, PNG or CSV."""

import json
from collections.abc import Callable
from typing import Any

import solara

from dashboard.charts.drawing import Drawing
from dashboard.components.about import About
from dashboard.memo import remembered
from experiments.manifest import CAVEAT


@solara.component_vue("chart.vue", vuetify=False)
def _Chart(
    title: str, description: str, option_text: str, columns: list[str], rows_text: str, source: str, file: str,
    height: int, about: str, caveat: str, moving_text: str, mark: int | None, pixels: bool,
    event_clicked: Callable[[dict[str, Any]], None],
) -> None:  # fmt: skip
    pass


def Chart(
    drawing: Drawing, *, about: About | None = None, on_click: Callable[[dict[str, Any]], None] | None = None
) -> solara.Element:
    """Return a chart; `on_click` hears {"id", "name", "data"} of the mark clicked (offer a keyboard's way as well).

    What is large goes as text: neither Solara nor the browser then looks through it for parts that could change.
    """
    return _Chart(
        title=drawing.title, description=drawing.description, option_text=_packed(drawing.option),
        columns=list(drawing.columns), rows_text=_packed(drawing.rows), source=drawing.source, file=drawing.file,
        height=drawing.height, about=about.html() if about else "", caveat=CAVEAT,
        moving_text=_text(drawing.moving) if drawing.moving else "", mark=drawing.mark, pixels=drawing.pixels,
        event_clicked=lambda given: on_click(given) if on_click and isinstance(given, dict) else None,
    )  # fmt: skip


def _text(value: Any) -> str:
    return json.dumps(value, allow_nan=False, ensure_ascii=False, separators=(",", ":"))


_packed = remembered(64)(_text)
"""The same drawing is shown again and again while a month moves: its text is made once."""
