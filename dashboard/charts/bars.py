"""Bars: sizes, contributions, causes."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dashboard.charts.drawing import (
    INK,
    MANY_PIXELS,
    SOFT,
    Cell,
    Drawing,
    category_axis,
    round_ends,
    themed,
    value_axis,
)
from experiments.reporting.numbers import adding_up
from simulation.outcomes import number, shown

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
            "yAxis": category_axis(names, inverse=True, **_SIDES),
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


_SIDES: dict[str, Any] = {
    "axisTick": {"show": False}, "axisLine": {"onZero": False, "show": False},
    "axisLabel": {"color": INK, "fontSize": 13, "width": 200, "overflow": "break", "interval": 0,
                  "lineHeight": 15},
}  # fmt: skip


GIVES, TAKES, UNSURE = "#0072B2", "#D55E00", "#b4b4b4"


@dataclass(frozen=True)
class Bar:
    """One bar: a mean with its interval, in the model's scale, and what may be said of it."""

    name: str
    mean: float
    low: float
    high: float
    said: str


def losses_chart(
    bars: Sequence[Bar], outcome: str, *, title: str, description: str, source: str = "", file: str = "ingredients"
) -> Drawing:
    """Return the chart; a bar whose interval spans zero is grey."""
    how = shown(outcome)
    scaled = [[round(how.factor * part, how.decimals + 3) for part in (bar.mean, bar.low, bar.high)] for bar in bars]
    unit = "points of 10" if how.factor == 10 else "percentage points" if how.is_percentage else "difference"
    names = [bar.name for bar in bars]
    ends = round_ends(min(cells[1] for cells in scaled), max(cells[2] for cells in scaled))
    option = themed(
        {
            "grid": {"left": 4, "right": 14, "top": 4, "bottom": 46, "containLabel": True},
            "tooltip": {"trigger": "item", "confine": True, "textStyle": {"color": INK, "fontSize": 14}},
            "xAxis": value_axis(
                f"{how.title}, {unit}", nameLocation="middle", nameGap=28, nameTextStyle={"align": "center"},
                min=ends[0], max=ends[1], interval=ends[2]),
            "yAxis": category_axis(names, inverse=True, axisLabel={
                "color": INK, "fontSize": 13, "width": 330, "overflow": "break", "lineHeight": 15},
                axisTick={"show": False}, axisLine={"show": False}),
            "series": [{
                "type": "bar", "barWidth": "58%", "name": "Contribution",
                "data": [_bar(bar, cells) for bar, cells in zip(bars, scaled, strict=True)],
                "markLine": {
                    "silent": True, "symbol": "none", "label": {"show": False}, "animation": False,
                    "lineStyle": {"color": INK, "type": "solid", "width": 1.6},
                    "data": [_interval(k, cells) for k, cells in enumerate(scaled)] + [_zero()],
                },
            }],
            "media": [
                {"query": {"maxWidth": MANY_PIXELS}, "option": {"yAxis": {"axisLabel": {"width": 150}}}},
                {"option": {"yAxis": {"axisLabel": {"width": 330}}}},
            ],
        }
    )  # fmt: skip
    rows: list[list[Cell]] = [[bar.name, *cells, bar.said] for bar, cells in zip(bars, scaled, strict=True)]
    columns = ("Taken away", f"Lost, {unit}", "95% interval, low", "95% interval, high", "Verdict")
    return Drawing(title, description, option, columns, rows, source=source, file=file, height=70 + 30 * len(bars))


def _bar(bar: Bar, cells: list[float]) -> dict[str, Any]:
    unsure = bar.low <= 0 <= bar.high
    return {
        "value": cells[0], "name": bar.name,
        "itemStyle": {"color": UNSURE if unsure else GIVES if bar.mean > 0 else TAKES},
        "tooltip": {"formatter": f"{bar.name}: {cells[0]:g} ({cells[1]:g} to {cells[2]:g})"},
    }  # fmt: skip


def _interval(row: int, cells: list[float]) -> list[dict[str, Any]]:
    return [{"coord": [cells[1], row]}, {"coord": [cells[2], row]}]


def _zero() -> dict[str, Any]:
    return {"xAxis": 0, "lineStyle": {"color": SOFT, "type": "solid", "width": 1}}


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
            "yAxis": category_axis([name for name, _ in named], inverse=True, **_CAUSES),
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
_CAUSES: dict[str, Any] = {
    "axisLabel": {"color": INK, "fontSize": 13, "width": 200, "overflow": "break", "lineHeight": 15},
    "axisTick": {"show": False},
    "axisLine": {"show": False, "onZero": False},
}  # fmt: skip
_ZERO: dict[str, Any] = {
    "silent": True, "symbol": "none", "data": [{"xAxis": 0}], "label": {"show": False},
    "lineStyle": {"color": SOFT, "type": "solid", "width": 1},
}  # fmt: skip
