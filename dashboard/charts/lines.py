"""Outcomes and paired difference over months."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from dashboard.charts.drawing import (
    INK,
    SOFT,
    Cell,
    Drawing,
    dashes,
    line_legend,
    month_axis,
    round_ends,
    scale_top,
    stacked_band,
    themed,
    under_legend,
    value_axis,
)
from experiments.reporting.figures.style import Line as Look
from experiments.reporting.figures.style import route_line
from simulation.outcomes import difference, interval, level, shown
from simulation.run import Trajectory
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
                *_difference_band(low, high),
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
    return "Points of 10" if how.factor == 10 else "Percentage points" if how.is_percentage else "Difference"


def _difference_band(low: Floats, high: Floats) -> list[dict[str, Any]]:
    """Return the interval as two stacked lines: an unseen floor, which may lie below zero, and what lies above it."""
    months = np.arange(len(low))
    floor, height = (np.column_stack([months, part]).tolist() for part in (low, np.round(high - low, 6)))
    return stacked_band(
        "95% interval", floor, height, stack="interval", stackStrategy="all",
        itemStyle={"color": LINE}, area_style={"color": LINE, "opacity": 0.22, "origin": "start"},
    )  # fmt: skip


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


WIDTH = 2.5
"""Pixels of a line."""


@dataclass(frozen=True)
class Line:
    """One line: a value a month in the model's scale, from month 0 on; `low` and `high` bound nine runs in ten."""

    name: str
    values: Floats  # (months + 1,)
    look: Look
    low: Floats | None = None
    high: Floats | None = None


def line_of(trajectory: Trajectory, outcome: str, *, name: str, route: str) -> Line:
    """Return the line of a run's outcome, in its route's colour and dashes."""
    start = max(trajectory.burn_in - 1, 0)
    return Line(name, trajectory[outcome][start:], route_line(route, (route,)))


def line_chart(
    lines: Sequence[Line], outcome: str, *, title: str, month: int | None = None, source: str = "", file: str = "",
    axis: str = "",
) -> Drawing:  # fmt: skip
    """Return a chart of lines over the months, with a mark at the month looked at.

    `outcome` gives the scale; `axis` names it where the lines are not of one outcome.
    """
    how = shown(outcome)
    months = max(len(line.values) for line in lines) - 1
    columns, rows = _table(lines, how.factor, how.decimals, months)
    series: list[dict[str, Any]] = []
    for line in lines:
        series += _line_band(line, how.factor)
        series.append(_line(line, columns.index(line.name)))
    highest = max(float(np.nanmax(part)) for line in lines for part in (line.values, line.high) if part is not None)
    top = {"max": scale_top(how.factor * highest)} if how.factor == 10 else {}
    names = [line.name for line in lines]
    unit = axis or (f"{how.title}, {how.unit}" if how.unit else how.title)
    option = themed(
        {
            "xAxis": month_axis(months),
            "yAxis": value_axis(unit, min=0, **top),
            "legend": line_legend(names, show=len(lines) > 1),
            "series": series,
            **({"media": under_legend(names, 44)} if len(lines) > 1 else {}),
        }
    )
    return Drawing(
        title, describe(lines, outcome, axis), option, columns, rows, source=source, file=file or outcome, mark=month
    )


def describe(lines: Sequence[Line], outcome: str, axis: str = "") -> str:
    """Describe the lines for those who can't see them."""
    what = axis or shown(outcome).title
    parts = [
        f"{line.name}: {level(outcome, float(line.values[0]))} at the start, "
        f"{level(outcome, float(line.values[-1]))} at month {len(line.values) - 1}, "
        f"highest {level(outcome, float(np.nanmax(line.values)))} at month {int(np.nanargmax(line.values))}"
        for line in lines
    ]
    return f"Line chart of {what[:1].lower()}{what[1:]} by month. {'; '.join(parts)}."


def _table(
    lines: Sequence[Line], factor: float, decimals: int, months: int
) -> tuple[tuple[str, ...], list[list[Cell]]]:
    columns, values = ["Month"], [np.arange(months + 1.0)]
    for line in lines:
        named = [(line.name, line.values), (f"{line.name}, low", line.low), (f"{line.name}, high", line.high)]
        for name, numbers in named:
            if numbers is not None:
                columns.append(name)
                values.append(np.round(factor * numbers, decimals + 2))
    rows: list[list[Cell]] = [
        [None if np.isnan(cell) else cell for cell in row] for row in np.column_stack(values).tolist()
    ]
    for row in rows:
        row[0] = int(row[0] or 0)
    return tuple(columns), rows


def _line(line: Line, column: int) -> dict[str, Any]:
    return {
        "type": "line", "name": line.name, "showSymbol": False, "encode": {"x": 0, "y": column},
        "lineStyle": {"color": line.look.colour, "width": WIDTH, "type": dashes(line.look.dashes, WIDTH)},
        "itemStyle": {"color": line.look.colour},
    }  # fmt: skip


def _line_band(line: Line, factor: float) -> list[dict[str, Any]]:
    """Return a filled band as two stacked lines: an unseen floor, and what lies above it."""
    if line.low is None or line.high is None:
        return []
    low, height = (
        np.column_stack([np.arange(len(part)), np.round(factor * part, 3)]).tolist()
        for part in (line.low, line.high - line.low)
    )
    area = {"color": line.look.colour, "opacity": 0.16}
    return stacked_band(f"{line.name}, band", low, height, stack=f"band {line.name}", area_style=area)
