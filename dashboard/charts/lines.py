"""Draw outcomes over the months as lines, each with a band where there are several runs."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from dashboard.charts.drawing import (
    Cell,
    Drawing,
    dashes,
    line_legend,
    month_axis,
    scale_top,
    themed,
    under_legend,
    value_axis,
)
from experiments.figures.style import Line as Look
from experiments.figures.style import route_line
from experiments.shown import level, shown
from simulation.observation import Trajectory
from simulation.state import Floats

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
        series += _band(line, how.factor)
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


def _band(line: Line, factor: float) -> list[dict[str, Any]]:
    """Return a filled band as two stacked lines: an unseen floor, and what lies above it."""
    if line.low is None or line.high is None:
        return []
    low, height = factor * line.low, factor * (line.high - line.low)
    plain = {
        "type": "line", "stack": f"band {line.name}", "showSymbol": False, "silent": True, "name": f"{line.name}, band",
        "lineStyle": {"opacity": 0}, "tooltip": {"show": False},
    }  # fmt: skip
    points = [np.column_stack([np.arange(len(part)), np.round(part, 3)]).tolist() for part in (low, height)]
    return [
        plain | {"data": points[0]},
        plain | {"data": points[1], "areaStyle": {"color": line.look.colour, "opacity": 0.16}},
    ]
