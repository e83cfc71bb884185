"""Show a chart with its words, a table of its numbers, and a way to save it as SVG, PNG or CSV."""

from collections.abc import Callable
from typing import Any

import solara

from dashboard.charts.drawing import Cell, Drawing
from dashboard.components.about import About
from experiments.provenance import CAVEAT


@solara.component_vue("chart.vue", vuetify=False)
def _Chart(
    title: str, description: str, option: dict[str, Any], columns: list[str], rows: list[list[Cell]], source: str,
    file: str, height: int, about: str, caveat: str, event_clicked: Callable[[dict[str, Any]], None],
) -> None:  # fmt: skip
    pass


def Chart(
    drawing: Drawing, *, about: About | None = None, on_click: Callable[[dict[str, Any]], None] | None = None
) -> solara.Element:
    """Return a chart; `on_click` hears {"id", "name", "data"} of the mark clicked (offer a keyboard's way as well)."""
    return _Chart(
        title=drawing.title, description=drawing.description, option=drawing.option, columns=list(drawing.columns),
        rows=drawing.rows, source=drawing.source, file=drawing.file, height=drawing.height,
        about=about.html() if about else "", caveat=CAVEAT,
        event_clicked=lambda given: on_click(given) if on_click and isinstance(given, dict) else None,
    )  # fmt: skip
