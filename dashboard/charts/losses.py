"""Draw what each ingredient contributes as bars to both sides of zero, each with its interval."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dashboard.charts.drawing import INK, MANY_PIXELS, SOFT, Cell, Drawing, category_axis, themed, value_axis
from dashboard.charts.ends import round_ends
from experiments.shown import shown

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
    unit = "points of 10" if how.factor == 10 else "percentage points" if how.unit.startswith("%") else "difference"
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
