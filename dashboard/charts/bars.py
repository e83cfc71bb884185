"""Draw sizes with their intervals as bars, one or two for each name, the largest first."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dashboard.charts.drawing import INK, MANY_PIXELS, SOFT, Cell, Drawing, category_axis, themed, value_axis
from experiments.shown import number

COLOURS = ("#0072B2", "#E69F00")
CLEAR, UNCLEAR = 1.0, 0.4
"""Opacity of bars of which something may be said, and of others."""


@dataclass(frozen=True)
class Size:
    """One bar with the ends of its interval."""

    value: float
    low: float
    high: float
    clear: bool = True


@dataclass(frozen=True)
class Measure:
    """What one set of bars is: its name and its bars, in the order of the names."""

    name: str
    sizes: tuple[Size, ...]


def bars(
    names: Sequence[str], measures: Sequence[Measure], *, title: str, description: str, axis: str,
    judged: Sequence[str] = (), line: float | None = None, line_name: str = "", source: str = "", decimals: int = 2,
    file: str = "what-matters",
) -> Drawing:  # fmt: skip
    """Return bars with intervals; `line` is from where on a size is worth a word, `judged` stands in the table."""
    two = len(measures) > 1
    series: list[dict[str, Any]] = []
    for k, measure in enumerate(measures):
        series.append(_bars(measure, k, len(measures)))
    for k, measure in enumerate(measures):
        series.append(_whiskers(measure, k))
    if line is not None:
        below = any(size.low < 0 for measure in measures for size in measure.sizes) and file == "steps"
        series[0]["markLine"] = _line(line, line_name, both=below)
    option = themed(
        {
            "grid": {"left": 4, "right": 20, "top": 48 if two else 22, "bottom": 46, "containLabel": True},
            "tooltip": {"show": False},
            "legend": {"show": two, "top": 0, "left": 0, "data": [one.name for one in measures],
                       "textStyle": {"color": INK}, "selectedMode": False},
            "xAxis": value_axis(axis, nameLocation="middle", nameGap=28,
                                nameTextStyle={"align": "center", "color": INK, "fontSize": 13}),
            "yAxis": category_axis(names, inverse=True, **_NAMES),
            "series": series,
            "media": [
                {"query": {"maxWidth": MANY_PIXELS}, "option": {"yAxis": {"axisLabel": {"width": 96}}}},
                {"option": {"yAxis": {"axisLabel": {"width": 200}}}},
            ],
        }
    )  # fmt: skip
    columns = ["Factor"]
    for measure in measures:
        columns += [measure.name, f"{measure.name}, interval"]
    rows: list[list[Cell]] = []
    for r, name in enumerate(names):
        cells: list[Cell] = [name]
        for measure in measures:
            size = measure.sizes[r]
            cells += [round(size.value, decimals + 1), f"{number(size.low, decimals)} to {number(size.high, decimals)}"]
        rows.append([*cells, *([judged[r]] if judged else [])])
    return Drawing(
        title, description, option, (*columns, *(["What may be said"] if judged else [])), rows, source=source,
        file=file, height=110 + (42 if two else 32) * len(names),
    )  # fmt: skip


def _bars(measure: Measure, k: int, count: int) -> dict[str, Any]:
    data = [
        {"value": round(size.value, 6), "itemStyle": {"opacity": CLEAR if size.clear else UNCLEAR}}
        for size in measure.sizes
    ]
    return {
        "type": "bar", "name": measure.name, "data": data, "barWidth": "40%" if count > 1 else "56%", "barGap": "15%",
        "itemStyle": {"color": COLOURS[k]}, "emphasis": {"disabled": True},
    }  # fmt: skip


def _whiskers(measure: Measure, k: int) -> dict[str, Any]:
    """Return intervals as box plots without boxes: ECharts draws them with caps, and beside one another as bars."""
    data = [
        [round(size.low, 6), *[round(min(max(size.value, size.low), size.high), 6)] * 3, round(size.high, 6)]
        for size in measure.sizes
    ]
    return {
        "type": "boxplot", "name": f"{measure.name}, interval", "data": data, "silent": True, "z": 5,
        "boxWidth": [6, 10], "itemStyle": {"color": INK, "borderColor": INK, "borderWidth": 1.6},
        "emphasis": {"disabled": True},
    }  # fmt: skip


def _line(value: float, name: str, *, both: bool) -> dict[str, Any]:
    at = [value, -value] if both else [value]
    return {
        "silent": True, "symbol": "none", "lineStyle": {"color": SOFT, "type": [5, 4], "width": 1.5},
        "label": {"show": bool(name), "position": "start", "formatter": name, "color": SOFT,
                  "fontSize": 12},
        "data": [{"xAxis": round(one, 6), **({"label": {"show": False}} if one < 0 else {})} for one in at],
    }  # fmt: skip


_NAMES: dict[str, Any] = {
    "axisTick": {"show": False}, "axisLine": {"onZero": False, "show": False},
    "axisLabel": {"color": INK, "fontSize": 13, "width": 200, "overflow": "break", "interval": 0,
                  "lineHeight": 15},
}  # fmt: skip
