"""Draw where each of two routes does better: colour by the paired difference, hatched where that may be nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dashboard.charts.drawing import INK, MANY_PIXELS, Cell, Drawing, category_axis, themed
from simulation.outcomes import number

SECOND_SIDE, FIRST_SIDE = ("#08477a", "#4f97c7", "#b9d4e6"), ("#f5cfb0", "#e0803c", "#9c3d00")
NEUTRAL = "#f5f5f2"
MOST_NUMBERS = 11
"""Columns above which cells hold no numbers."""
CHOSEN = "#d6006c"
HATCH = {
    "hatched": {"symbol": "rect", "symbolSize": 1, "dashArrayX": [1, 0], "dashArrayY": [1.6, 7], "rotation": -0.785,
                "color": "rgba(60,60,60,0.55)"},
    "dotted": {"symbol": "circle", "symbolSize": 0.5, "dashArrayX": [[7, 7]], "dashArrayY": [7],
               "color": "rgba(60,60,60,0.55)"},
}  # fmt: skip
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class MapCell:
    """One cell: the difference in the scale shown (nan: not measured), how it is marked, its words."""

    difference: float
    mark: str
    """"bold" (ahead), "" (leans), "hatched" (zero lies within) or "dotted" (too small to matter)."""
    words: tuple[str, ...]


@dataclass(frozen=True)
class Side:
    """An axis of the map: its words and its values, rising."""

    title: str
    values: tuple[float, ...]
    words: tuple[str, ...]


def route_map(
    cells: Sequence[MapCell], x: Side, y: Side, *, columns: Sequence[str], lines: Sequence[Floats],
    open_lines: Sequence[Floats], bold: bool, chosen: int | None, title: str, description: str, ends: tuple[str, str],
    decimals: int, source: str = "", swapped: bool = False,
) -> Drawing:  # fmt: skip
    """Return the map, cells row by row with x running quickest; `lines` are break-even, in the axes' own units.

    `ends` say what the lowest and the highest colour mean. `swapped` gives the first route the blue side.
    """
    known = [abs(cell.difference) for cell in cells if np.isfinite(cell.difference)]
    top = max([*known, 10.0**-decimals])
    low, high = (FIRST_SIDE, SECOND_SIDE) if swapped else (SECOND_SIDE, FIRST_SIDE)
    scale = [*reversed(high), NEUTRAL, *reversed(low)] if swapped else [*low, NEUTRAL, *high]
    legend = [f"{number(top, decimals, signed=True)}: {ends[1]}", f"{ends[0]}: {number(-top, decimals)}"]
    short = [words.replace(" higher", "") for words in legend]
    wide = len(x.values)
    data = [_cell(k, cell, wide, decimals, top) for k, cell in enumerate(cells)]
    option = themed(
        {
            "tooltip": {"show": False},
            "grid": {"left": 8, "right": 12, "top": 34, "bottom": 86, "containLabel": True},
            "xAxis": [category_axis(x.words, x.title, nameLocation="middle", nameGap=30), _hidden(wide)],
            "yAxis": [category_axis(y.words, y.title, nameLocation="end", nameGap=12,
                                    axisLine={"onZero": False, "show": False}, axisTick={"show": False},
                                    nameTextStyle={"align": "left", "color": INK, "fontSize": 13}),
                      _hidden(len(y.values))],
            "visualMap": {
                "min": -top, "max": top, "calculable": False, "orient": "horizontal", "left": "center", "bottom": 0,
                "inRange": {"color": scale}, "text": legend, "textStyle": {"color": INK, "fontSize": 12},
                "seriesIndex": [0], "itemWidth": 14, "itemHeight": 110,
            },
            "series": [
                {"type": "heatmap", "data": data, "itemStyle": {"borderColor": "#ffffff", "borderWidth": 1},
                 "emphasis": {"itemStyle": {"borderColor": INK, "borderWidth": 2}}},
                _numbers(data, show=wide <= MOST_NUMBERS),
                *[_line(points, x, y, width=3 if bold else 2, dashes="solid" if bold else [2, 3]) for points in lines],
                *[_line(points, x, y, width=1.2, dashes=[6, 4]) for points in open_lines],
                *_ring(chosen, wide),
            ],
            "media": [
                {"query": {"maxWidth": MANY_PIXELS},
                 "option": {"series": [{}, {"label": {"show": wide <= 5, "fontSize": 11}}],
                            "visualMap": {"itemHeight": 60, "text": short, "textStyle": {"fontSize": 11}}}},
                {"option": {"series": [{}, {"label": {"show": wide <= MOST_NUMBERS, "fontSize": 12}}],
                            "visualMap": {"itemHeight": 110, "text": legend, "textStyle": {"fontSize": 12}}}},
            ],
        }
    )  # fmt: skip
    rows: list[list[Cell]] = [[*cell.words] for cell in cells]
    height = min(620, 190 + max(44, 320 // len(y.values)) * len(y.values))
    return Drawing(title, description, option, tuple(columns), rows, source=source, file="route-map", height=height)


def _cell(k: int, cell: MapCell, wide: int, decimals: int, top: float) -> dict[str, Any]:
    known = bool(np.isfinite(cell.difference))
    style: dict[str, Any] = {"decal": HATCH[cell.mark]} if cell.mark in HATCH else {}
    dark = known and abs(cell.difference) > 0.75 * top
    label: dict[str, Any] = {
        "formatter": number(cell.difference, decimals, signed=True) if known else "×",
        **({"color": "#ffffff"} if dark else {}),
    }
    if cell.mark in HATCH and known:
        label |= {"backgroundColor": "rgba(255,255,255,0.9)", "padding": [1, 3], "color": INK}
    elif cell.mark == "bold":
        label["fontWeight"] = "bold"
    value = round(cell.difference, decimals + 2) if known else "-"
    return {"id": f"cell-{k}", "value": [k % wide, k // wide, value], "itemStyle": style, "label": label}


def _numbers(data: Sequence[dict[str, Any]], *, show: bool) -> dict[str, Any]:
    """Return the cells' numbers as a series of their own: over the lines, which would cross them out."""
    return {
        "type": "scatter", "xAxisIndex": 1, "yAxisIndex": 1, "symbolSize": 0.1, "silent": True, "z": 8,
        "itemStyle": {"color": "rgba(0,0,0,0)", "opacity": 1},
        "label": {"show": show, "position": "inside", "color": INK, "fontSize": 12},
        "data": [{"value": one["value"][:2], "label": one["label"]} for one in data],
    }  # fmt: skip


def _hidden(count: int) -> dict[str, Any]:
    """Return an axis of numbers on which the middle of the n-th cell is n."""
    return {"type": "value", "min": -0.5, "max": count - 0.5, "show": False, "position": "right"}


def _line(points: Floats, x: Side, y: Side, *, width: float, dashes: Any) -> dict[str, Any]:
    across = np.interp(points[:, 0], x.values, np.arange(len(x.values)))
    up = np.interp(points[:, 1], y.values, np.arange(len(y.values)))
    return {
        "type": "line", "xAxisIndex": 1, "yAxisIndex": 1, "showSymbol": False, "silent": True, "z": 6,
        "data": np.round(np.column_stack([across, up]), 4).tolist(), "lineStyle": {"color": INK, "width": width,
                                                                                  "type": dashes},
    }  # fmt: skip


def _ring(chosen: int | None, wide: int) -> list[dict[str, Any]]:
    """Return a square around the chosen cell."""
    if chosen is None:
        return []
    column, row = chosen % wide, chosen // wide
    corners = [(-0.5, -0.5), (0.5, -0.5), (0.5, 0.5), (-0.5, 0.5), (-0.5, -0.5)]
    return [{
        "type": "line", "xAxisIndex": 1, "yAxisIndex": 1, "showSymbol": False, "silent": True, "z": 7,
        "data": [[column + dx, row + dy] for dx, dy in corners], "lineStyle": {"color": CHOSEN, "width": 4},
    }]  # fmt: skip
