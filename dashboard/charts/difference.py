"""Draw a paired difference over the months: its mean, its interval, zero, and what is too small to matter."""

from typing import Any

import numpy as np

from dashboard.charts.drawing import INK, SOFT, Cell, Drawing, month_axis, themed, value_axis
from dashboard.charts.ends import round_ends
from experiments.shown import difference, interval, shown
from simulation.state import Floats

LINE, ZONE = "#5D3A9B", "#ececec"
MEAN, LOW, HIGH = "Mean difference", "95% interval, low", "95% interval, high"


def difference_chart(
    path: Floats, outcome: str, *, first: str, second: str, title: str, month: int | None = None, source: str = "",
) -> Drawing:  # fmt: skip
    """Return the chart of mean, low and high by month, `path` (3, months + 1), in the model's scale."""
    how = shown(outcome)
    mean, low, high = (np.round(how.factor * part, how.decimals + 3) for part in path)
    months = len(mean) - 1
    matters = how.factor * (how.matters or 0.0)
    reach = round_ends(min(float(np.nanmin(low)), -1.4 * matters), max(float(np.nanmax(high)), 1.4 * matters))
    option = themed(
        {
            "grid": {"left": 12, "right": 24, "top": 66, "bottom": 36, "containLabel": True},
            "xAxis": month_axis(months) | {"axisLine": {"onZero": False, "lineStyle": {"color": SOFT}}},
            "yAxis": value_axis(
                f"{_unit(outcome)}\nabove 0: {first} is higher", min=reach[0], max=reach[1], interval=reach[2],
                nameGap=14, nameTextStyle={"align": "left", "color": INK, "lineHeight": 18},
            ),
            "series": [
                *_band(low, high),
                {
                    "type": "line", "name": MEAN, "showSymbol": False, "encode": {"x": 0, "y": 1}, "z": 4,
                    "lineStyle": {"color": LINE, "width": 2.5}, "itemStyle": {"color": LINE},
                    "markLine": _at_zero(), **({"markArea": _zone(matters)} if matters else {}),
                },
            ],
        }
    )  # fmt: skip
    rows: list[list[Cell]] = [[k, *map(float, cells)] for k, cells in enumerate(zip(mean, low, high, strict=True))]
    words = _describe(path, outcome, first, second)
    return Drawing(
        title, words, option, ("Month", MEAN, LOW, HIGH), rows, source=source, file=f"difference-{outcome}",
        mark=month, height=330,
    )  # fmt: skip


def _unit(outcome: str) -> str:
    how = shown(outcome)
    return "Points of 10" if how.factor == 10 else "Percentage points" if how.unit.startswith("%") else "Difference"


def _band(low: Floats, high: Floats) -> list[dict[str, Any]]:
    """Return the interval as two stacked lines: an unseen floor, which may lie below zero, and what lies above it."""
    plain = {
        "type": "line", "stack": "interval", "stackStrategy": "all", "showSymbol": False, "silent": True,
        "name": "95% interval", "lineStyle": {"opacity": 0}, "tooltip": {"show": False}, "itemStyle": {"color": LINE},
    }  # fmt: skip
    months = np.arange(len(low))
    return [
        plain | {"data": np.column_stack([months, low]).tolist()},
        plain
        | {
            "data": np.column_stack([months, np.round(high - low, 6)]).tolist(),
            "areaStyle": {"color": LINE, "opacity": 0.22, "origin": "start"},
        },
    ]


def _at_zero() -> dict[str, Any]:
    return {
        "silent": True, "symbol": "none", "data": [{"yAxis": 0}], "label": {"show": False},
        "lineStyle": {"color": INK, "type": "solid", "width": 1.2},
    }  # fmt: skip


def _zone(matters: float) -> dict[str, Any]:
    return {
        "silent": True, "itemStyle": {"color": ZONE}, "data": [[{"yAxis": -matters}, {"yAxis": matters}]],
        "label": {"show": False},
    }  # fmt: skip


def _describe(path: Floats, outcome: str, first: str, second: str) -> str:
    """Describe the line for those who can't see it."""
    last = path.shape[1] - 1
    at = dict.fromkeys(month for month in (24, 60, last) if month <= last)
    values = "; ".join(
        f"month {month}: {difference(outcome, path[0, month])} ({interval(outcome, path[1, month], path[2, month])})"
        for month in at
    )
    return (
        f"Line of the mean paired difference, {first} minus {second}, with its 95% interval and a line at 0. {values}."
    )
