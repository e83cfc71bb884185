"""Draw numbers on 0-10 as a heat map, by the scale that the printed figures have: the lighter, the more."""

from collections.abc import Sequence

import numpy as np

from dashboard.charts.drawing import INK, Cell, Drawing, category_axis, themed
from simulation.state import Floats

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
