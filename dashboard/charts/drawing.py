"""A chart as a value; axis ends."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import ceil, floor, log10
from typing import Any

INK, SOFT, FAINT, PAPER = "#1a1a1a", "#595959", "#c4c4c4", "#ffffff"
FONT = "DejaVu Sans, Segoe UI, Roboto, Helvetica Neue, Arial, sans-serif"
"""Without quotation marks, which ECharts would write unescaped into the SVG that is saved."""

Cell = str | float | int | None
NAME, SERIES, VALUE, ENDS = {"of": "name"}, {"of": "series"}, {"of": "value"}, {"of": "ends"}
"""Parts of a list given as `formatter`, filled in where it is drawn; ENDS are a tie's. All else is plain text."""


@dataclass(frozen=True)
class Drawing:
    """A chart: its title (what it shows), a description for those who can't see it, ECharts' option and its table.

    The table is the option's dataset too, where the option has none: series then name its columns in `encode`.
    """

    title: str
    description: str
    option: dict[str, Any]
    columns: tuple[str, ...]
    rows: list[list[Cell]]
    source: str = ""
    """Where the numbers come from; stands under the chart and in each picture that is saved."""
    file: str = "chart"
    height: int = 360
    """Pixels."""
    moving: dict[str, Any] = field(default_factory=dict)
    """The part of ECharts' option that changes often: laid over the rest, which then need not be sent again."""
    pixels: bool = False
    """Drawn as pixels and not as shapes: for a thousand marks and more, which browsers are slow to hold."""
    mark: int | None = None
    """The month looked at, where the horizontal axis is one of months: a line that moves without a redraw."""


def themed(option: dict[str, Any]) -> dict[str, Any]:
    """Return an option in the house's look: type, colours, no animation; what the option says itself stands."""
    base: dict[str, Any] = {
        "animation": False,
        "textStyle": {"fontFamily": FONT, "fontSize": 14, "color": INK},
        "grid": {"left": 12, "right": 24, "top": 60, "bottom": 36, "containLabel": True},
        "tooltip": {"trigger": "axis", "confine": True, "textStyle": {"color": INK, "fontSize": 14}},
    }
    return base | option


def scale_top(highest: float) -> float:
    """Return where a scale of 0-10 ends that holds the highest value shown: few steps, so that it stands still."""
    return next((top for top in (2.5, 5.0) if highest <= top), 10.0)


def stacked_band(
    name: str, low: list[Any], height: list[Any], *, stack: str, area_style: dict[str, Any], **more: Any
) -> list[dict[str, Any]]:  # fmt: skip
    """Return a filled band over points as two stacked lines: an unseen floor, and the height above it."""
    plain = {
        "type": "line", "stack": stack, "showSymbol": False, "silent": True, "name": name,
        "lineStyle": {"opacity": 0}, "tooltip": {"show": False},
    } | more  # fmt: skip
    return [plain | {"data": low}, plain | {"data": height, "areaStyle": area_style}]


NARROW, WIDE = 340, 540
"""Pixels of a chart on a phone, and of one of two beside one another at a desk."""
MANY_PIXELS = 480
"""Width from which a chart is drawn as wide."""
LEGEND_LINE = 24
SWATCH = 34
"""Pixels of a line in a legend: long enough to tell its dashes."""


def line_legend(names: Sequence[str], **more: Any) -> dict[str, Any]:
    """Return a legend of lines without the dots that ECharts lays over their dashes."""
    return {"top": 0, "left": 0, "data": list(names), "itemWidth": SWATCH, "itemStyle": {"opacity": 0},
            "textStyle": {"color": INK}} | more  # fmt: skip


def legend_lines(names: Sequence[str], width: float) -> int:
    """Return about how many lines a legend takes."""
    lines, used = 1, 0.0
    for name in names:
        needs = SWATCH + 21 + 7.4 * len(name)
        if used and used + needs > width:
            lines, used = lines + 1, 0.0
        used += needs
    return lines


def under_legend(names: Sequence[str], extra: int) -> list[dict[str, Any]]:
    """Return ECharts' media rules that begin the grid `extra` pixels below a legend at the top, however wide it is."""
    tops = [LEGEND_LINE * legend_lines(names, width) + extra for width in (NARROW, WIDE)]
    return [
        {"query": {"maxWidth": MANY_PIXELS}, "option": {"grid": {"top": tops[0]}}},
        {"option": {"grid": {"top": tops[1]}}},
    ]


def value_axis(name: str, **more: Any) -> dict[str, Any]:
    """Return a value axis in the house's look; `name` carries the unit."""
    return (
        _axis("value", name)
        | {"nameLocation": "end", "nameGap": 28, "nameTextStyle": {"align": "left", "color": INK}}
        | more
    )


def month_axis(months: int) -> dict[str, Any]:
    """Return the axis of programme months from 0 to the last, labelled each two years where there are many.

    It is one of names, since ECharts stacks bands right on no other; a month as a number is its place.
    """
    apart = 24 if months >= 72 else 12 if months >= 24 else 3
    labels = {"color": INK, "fontSize": 13, "interval": apart - 1, "showMinLabel": True}
    return category_axis(
        [str(month) for month in range(months + 1)], "month", boundaryGap=False, axisLabel=labels,
        axisTick={"interval": apart - 1}, nameLocation="middle", nameGap=28,
    )  # fmt: skip


def category_axis(names: Sequence[str], name: str = "", **more: Any) -> dict[str, Any]:
    """Return an axis of names."""
    return _axis("category", name) | {"data": list(names), "splitLine": {"show": False}} | more


def _axis(kind: str, name: str) -> dict[str, Any]:
    return {
        "type": kind,
        "name": name,
        "nameTextStyle": {"color": INK, "fontSize": 14},
        "axisLabel": {"color": INK, "fontSize": 13},
        "axisLine": {"show": True, "lineStyle": {"color": SOFT}},
        "splitLine": {"lineStyle": {"color": "#e6e6e6"}},
    }


def dashes(pattern: str | tuple[int, tuple[float, ...]], width: float = 2.5) -> Any:
    """Return matplotlib's dashes, which experiments/reporting/figures/style.py fixes, as ECharts writes them."""
    return "solid" if isinstance(pattern, str) else [round(width * length, 1) for length in pattern[1]]


STEPS = 6
PARTS = (0.1, 0.2, 0.25, 0.5, 1.0, 2.0)


def round_ends(low: float, high: float) -> tuple[float, float, float]:
    """Return the beginning, the end and the steps of an axis that holds `low`, `high` and zero.

    >>> round_ends(-0.33, 0.87)
    (-0.4, 1.0, 0.2)
    """
    low, high = min(low, 0.0), max(high, 0.0)
    span = max(high - low, 1e-6)
    size = 10.0 ** floor(log10(span))
    step = next(size * part for part in PARTS if span <= STEPS * size * part)
    return round(step * floor(low / step), 9), round(step * ceil(high / step), 9), round(step, 9)
