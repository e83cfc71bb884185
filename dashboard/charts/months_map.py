"""Draw the nine behaviours over the months as a heat map: months across, behaviours down, the lighter the more."""

from typing import Any

import numpy as np

from dashboard.charts.drawing import INK, Cell, Drawing, category_axis, month_axis, themed
from dashboard.charts.heat_map import CIVIDIS
from experiments.shown import level
from simulation.state import Floats
from simulation.vocabulary import BEHAVIOURS, GROUPS

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
