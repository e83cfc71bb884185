"""Behaviours over months."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from dashboard.charts.drawing import INK, Cell, Drawing, category_axis, month_axis, themed
from simulation.outcomes import level
from simulation.state import Floats
from simulation.vocabulary import BEHAVIOURS, GROUPS

CIVIDIS = ("#00224e", "#123570", "#3b496c", "#575d6d", "#707173", "#8a8678", "#a59c74", "#c3b369", "#e1cc55", "#fee838")


def heat_map(
    values: Floats, *, down: Sequence[str], across: Sequence[str], title: str, description: str, row_name: str,
    column_name: str = "", across_long: Sequence[str] = (), source: str = "", file: str = "heat-map", top: float = 10,
) -> Drawing:  # fmt: skip
    """Return a heat map of values (rows, columns) in the scale shown; `across_long`: the table's columns in full."""
    points = [[c, r, _cell(values[r, c])] for r in range(len(down)) for c in range(len(across))]
    option = themed(
        {
            "tooltip": {"trigger": "item", "confine": True, "textStyle": {"color": INK, "fontSize": 14}},
            "grid": {"left": 12, "right": 12, "top": 12, "bottom": 84, "containLabel": True},
            "xAxis": category_axis(across, column_name, nameLocation="middle", nameGap=28),
            "yAxis": category_axis(down, inverse=True, axisLabel={"color": INK, "fontSize": 12}),
            "visualMap": {
                "min": 0, "max": top, "calculable": False, "orient": "horizontal", "left": "center", "bottom": 0,
                "inRange": {"color": list(CIVIDIS)}, "text": [f"{top:g}", "0"], "textStyle": {"color": INK},
            },
            "series": [{"type": "heatmap", "data": points, "itemStyle": {"borderColor": "#ffffff", "borderWidth": 1},
                        "emphasis": {"itemStyle": {"borderColor": INK, "borderWidth": 2}}}],
        }
    )  # fmt: skip
    columns = (row_name, *(across_long or across))
    rows: list[list[Cell]] = [[name, *map(_cell, values[r])] for r, name in enumerate(down)]
    height = 140 + 22 * len(down)
    return Drawing(title, description, option, columns, rows, source=source, file=file, height=height)


def _cell(value: float) -> Cell:
    return None if np.isnan(value) else round(float(value), 2)


SHORT = ("Whole", "Strengths", "Vision", "Power", "Decisions", "Accountability", "Dialogue", "Leadership", "Learning")
"""Names that fit beside a row, in the order of the nine."""


def months_map(values: Floats, *, title: str, source: str = "", file: str = "behaviours", top: float = 10) -> Drawing:
    """Return a heat map of the nine behaviours, values (months + 1, 9) in the model's scale from month 0 on.

    `top` is where the scale shown ends.
    """
    shown = np.round(10 * values, 2)
    points = [[month, row, cell] for row in range(len(BEHAVIOURS)) for month, cell in enumerate(shown[:, row].tolist())]
    months = len(values) - 1
    axis = month_axis(months) | {"boundaryGap": True}
    names = [f"{b.number} {short}" for b, short in zip(BEHAVIOURS, SHORT, strict=True)]
    option = themed(
        {
            "tooltip": {"trigger": "item", "confine": True, "textStyle": {"color": INK, "fontSize": 14}},
            "grid": {"left": 4, "right": 16, "top": 22, "bottom": 82, "containLabel": True},
            "xAxis": axis,
            "yAxis": category_axis(names, inverse=True, axisTick={"show": False}),
            "visualMap": {
                "min": 0, "max": top, "calculable": False, "orient": "horizontal", "left": 0, "bottom": 0,
                "itemHeight": 120, "itemWidth": 14, "inRange": {"color": list(CIVIDIS)},
                "text": [f"{top:g}", "practice 0"], "textStyle": {"color": INK, "fontSize": 13},
            },
            "series": [{"type": "heatmap", "name": "Practice", "data": points, "progressive": 0,
                        "emphasis": {"itemStyle": {"borderColor": INK, "borderWidth": 2}}}],
        }
    )  # fmt: skip
    columns = ("Month", *(f"{b.number}. {b.title}" for b in BEHAVIOURS))
    rows: list[list[Cell]] = [[month, *row] for month, row in enumerate(shown.tolist())]
    return Drawing(title, describe(values), option, columns, rows, source=source, file=file, height=366, pixels=True)


def describe(values: Floats) -> str:
    """Describe the heat map for those who can't see it: where the groups of behaviours begin and end."""
    parts: list[Any] = []
    for group in GROUPS:
        rows = [k for k, behaviour in enumerate(BEHAVIOURS) if behaviour.group == group]
        start, end = (float(values[at][rows].mean()) for at in (0, -1))
        parts.append(f"{group} behaviours from {level('practice', start)} to {level('practice', end)}")
    return f"Heat map of the nine behaviours over {len(values) - 1} months. {'; '.join(parts).capitalize()}."
