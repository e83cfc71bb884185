"""Draw what the causes of a change gave and took as bars to both sides of zero, with their sum."""

from collections.abc import Sequence
from typing import Any

from dashboard.charts.drawing import INK, MANY_PIXELS, SOFT, Cell, Drawing, category_axis, themed, value_axis
from dashboard.rounding import adding_up
from experiments.shown import number

GAVE, TOOK, SUM = "#0072B2", "#D55E00", "#1a1a1a"
ROOM = 1.75
"""How much further than the longest bar the axis reaches, so that the numbers at the bars' ends fit."""


def parts_chart(
    parts: Sequence[tuple[str, float]], total: float, *, title: str, description: str, total_name: str = "Together",
    source: str = "", file: str = "why",
) -> Drawing:  # fmt: skip
    """Return bars of named parts, on the scale shown, with their sum `total` as the last bar.

    Numbers are rounded so that those shown add up, at the bars to three decimals and in the table to six.
    """
    named = [*parts, (total_name, total)]
    told, listed = ([*adding_up([value for _, value in parts], total, d), round(total, d)] for d in (3, 6))
    reach = max((abs(value) for _, value in named), default=0.0) or 0.01
    bars = [
        {
            "value": round(value, 6),
            "itemStyle": {"color": SUM if k == len(parts) else GAVE if value > 0 else TOOK},
            "label": {"position": "left" if value < 0 else "right", "formatter": number(told[k], 3, signed=True)},
        }
        for k, (_, value) in enumerate(named)
    ]
    option = themed(
        {
            "grid": {"left": 4, "right": 8, "top": 4, "bottom": 44, "containLabel": True},
            "tooltip": {"show": False},
            "xAxis": value_axis("points of 10, in this month", **_AXIS),
            "yAxis": category_axis([name for name, _ in named], inverse=True, **_NAMES),
            "series": [{"id": "parts", "type": "bar", "barWidth": "62%", "markLine": _ZERO,
                        "label": {"show": True, "color": INK, "fontSize": 13}}],
            "media": [
                {"query": {"maxWidth": MANY_PIXELS}, "option": {"yAxis": {"axisLabel": {"width": 112}}}},
                {"option": {"yAxis": {"axisLabel": {"width": 200}}}},
            ],
        }
    )  # fmt: skip
    moving = {"xAxis": {"min": -ROOM * reach, "max": ROOM * reach}, "series": [{"id": "parts", "data": bars}]}
    rows: list[list[Cell]] = [[name, value] for (name, _), value in zip(named, listed, strict=True)]
    columns = ("What gave or took", "Points of 10")
    return Drawing(
        title, description, option, columns, rows, source=source, file=file, height=64 + 31 * len(named), moving=moving
    )


_AXIS: dict[str, Any] = {
    "nameLocation": "middle", "nameGap": 12, "nameTextStyle": {"align": "center", "color": SOFT, "fontSize": 13},
    "axisLabel": {"show": False}, "splitLine": {"show": False},
    "axisLine": {"show": False}, "axisTick": {"show": False},
}  # fmt: skip
_NAMES: dict[str, Any] = {
    "axisLabel": {"color": INK, "fontSize": 13, "width": 200, "overflow": "break", "lineHeight": 15},
    "axisTick": {"show": False},
    "axisLine": {"show": False, "onZero": False},
}  # fmt: skip
_ZERO: dict[str, Any] = {
    "silent": True, "symbol": "none", "data": [{"xAxis": 0}], "label": {"show": False},
    "lineStyle": {"color": SOFT, "type": "solid", "width": 1},
}  # fmt: skip
