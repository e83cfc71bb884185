"""Draw points of several numbers as lines across parallel axes, coloured by the last: what goes with a high outcome?"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dashboard.charts.drawing import INK, MANY_PIXELS, SOFT, Cell, Drawing, themed
from dashboard.charts.heat_map import CIVIDIS

SIDES = ("#08477a", "#4f97c7", "#b0aea6", "#e0803c", "#9c3d00")
"""For differences: blue below zero, orange above."""
OUT, CHOSEN = "#c9c9c6", "#d6006c"
FEW = 300
"""Lines up to which they are drawn strongly."""


def parallel(
    numbers: NDArray[np.float64], *, names: Sequence[str], ends: Sequence[tuple[float, float]],
    levels: Sequence[Sequence[str]], ids: Sequence[int], inside: NDArray[np.bool_], chosen: int | None, title: str,
    description: str, decimals: Sequence[int], source: str = "", signed: bool = False,
) -> Drawing:  # fmt: skip
    """Return lines (points, axes) across named axes; `levels` name the numbers of an axis that has words.

    Points that are not `inside` are drawn grey; the `chosen` one, by its id, is drawn on top.
    """
    last = len(names) - 1
    rounded = [[round(float(value), decimals[k] + 1) for k, value in enumerate(row)] for row in numbers]
    axes = [_axis(k, name, ends[k], levels[k]) for k, name in enumerate(names)]
    low, high = ends[last]
    reach = max(abs(low), abs(high))
    colour = {"min": -reach, "max": reach} if signed else {"min": low, "max": high}
    strong, faint = _data(rounded, ids, inside), _data(rounded, ids, ~inside)
    own = [item for item in _data(rounded, ids, np.ones(len(ids), bool)) if item["id"] == f"point-{chosen}"]
    many = len(strong) > FEW
    option = themed(
        {
            "tooltip": {"show": False},
            "parallel": {"left": 40, "right": 56, "top": 64, "bottom": 30, "parallelAxisDefault": _LOOK},
            "parallelAxis": axes,
            "visualMap": {
                "show": False, "dimension": last, "seriesIndex": [1], "type": "continuous", **colour,
                "inRange": {"color": list(SIDES if signed else CIVIDIS[:-1])},
            },
            "series": [
                _series(faint, {"color": OUT, "width": 1, "opacity": 0.35}) | {"silent": True, "id": "out"},
                _series(strong, {"width": 1.2 if many else 2, "opacity": 0.45 if many else 0.75}) | {"id": "in"},
                _series(own, {"color": CHOSEN, "width": 4, "opacity": 1}) | {"id": "chosen", "silent": True},
            ],
            "media": [
                {"query": {"maxWidth": MANY_PIXELS}, "option": {
                    "parallel": {"layout": "vertical", "left": 16, "right": 20, "top": 30, "bottom": 30},
                    "parallelAxis": [_ABOVE | {"name": name} for name in names]}},
                {"option": {
                    "parallel": {"layout": "horizontal", "left": 40, "right": 56, "top": 64, "bottom": 30},
                    "parallelAxis": [_BESIDE | {"name": axis["name"]} for axis in axes]}},
            ],
        }
    )  # fmt: skip
    columns = ("Point", *names)
    rows: list[list[Cell]] = [[ids[r], *_told(row, levels)] for r, row in enumerate(rounded) if inside[r]]
    return Drawing(
        title, description, option, columns, rows, source=source, file="points", height=max(440, 46 * len(names)),
        pixels=len(ids) > FEW,
    )  # fmt: skip


def _axis(k: int, name: str, ends: tuple[float, float], levels: Sequence[str]) -> dict[str, Any]:
    words = [part.strip() for part in _broken(name)]
    axis: dict[str, Any] = {"dim": k, "name": "\n".join(words)}
    if levels:
        return axis | {"type": "category", "data": list(levels)}
    return axis | {"type": "value", "min": ends[0], "max": ends[1] if ends[1] > ends[0] else ends[0] + 1}


def _broken(name: str, longest: int = 15) -> list[str]:
    """Return a name in lines that fit over an axis.

    >>> _broken("failure demand share"), _broken("trust")
    (['failure demand', 'share'], ['trust'])
    """
    lines: list[str] = []
    for word in name.split():
        if lines and len(lines[-1]) + 1 + len(word) <= longest:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def _data(rounded: list[list[float]], ids: Sequence[int], which: NDArray[np.bool_]) -> list[dict[str, Any]]:
    return [{"id": f"point-{ids[r]}", "value": row} for r, row in enumerate(rounded) if which[r]]


def _told(row: Sequence[float], levels: Sequence[Sequence[str]]) -> list[Cell]:
    return [levels[k][int(value)] if levels[k] else value for k, value in enumerate(row)]


def _series(data: list[dict[str, Any]], line: dict[str, Any]) -> dict[str, Any]:
    return {"type": "parallel", "data": data, "lineStyle": line, "inactiveOpacity": 0.03, "activeOpacity": 0.9,
            "emphasis": {"lineStyle": {"width": 4}}}  # fmt: skip


_ABOVE = {
    "nameLocation": "start",
    "nameGap": 0,
    "nameTextStyle": {"align": "left", "verticalAlign": "bottom", "padding": [0, 0, 5, 0]},
}
_BESIDE = {
    "nameLocation": "end",
    "nameGap": 14,
    "nameTextStyle": {"align": "center", "verticalAlign": "bottom", "padding": 0},
}
_CLEAR = {"textBorderColor": "#ffffff", "textBorderWidth": 3}
"""Words are read over lines."""
_LOOK: dict[str, Any] = {
    "nameGap": 14, "nameTextStyle": {"color": INK, "fontSize": 13, "lineHeight": 16, **_CLEAR},
    "axisLabel": {"color": INK, "fontSize": 12, "hideOverlap": True, **_CLEAR},
    "axisLine": {"lineStyle": {"color": SOFT}}, "axisTick": {"lineStyle": {"color": SOFT}},
    "areaSelectStyle": {"width": 22, "borderWidth": 1, "borderColor": "#0b6aa2", "color": "#0b6aa2", "opacity": 0.25},
}  # fmt: skip
