"""Draw branches of decisions over the months: each from where it begins, all up to the month that has been reached."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from dashboard.charts.drawing import (
    INK,
    PAPER,
    SERIES,
    SOFT,
    Cell,
    Drawing,
    dashes,
    line_legend,
    month_axis,
    scale_top,
    stacked_band,
    themed,
    value_axis,
)
from experiments.reporting.figures.style import Line as Look
from simulation.outcomes import level, shown
from simulation.state import Floats

WIDTH = 2.5
EXPECTED = "You expected"
LOOKS = (
    Look("#0072B2", "-", "o"),
    Look("#D55E00", (0, (6, 1.8)), "s"),
    Look("#009E73", (0, (6, 1.5, 1.2, 1.5)), "^"),
    Look("#CC79A7", (0, (3, 1.5)), "D"),
    Look("#000000", (0, (1, 1.6)), "x"),
    Look("#E69F00", (0, (9, 2)), "P"),
)
"""How the first, second, ... branch looks: colours for every kind of sight, dashes that differ in grey."""
_NARROW = 620
"""Pixels below which names stand above the chart and not at the ends of the lines."""


@dataclass(frozen=True)
class BranchLine:
    """One branch: a value a month in the model's scale from month 0 on, drawn from the month that it begins at."""

    name: str
    values: Floats  # (months + 1,)
    look: Look
    begins: int = 0
    decided: tuple[int, ...] = ()
    """Months in which something was decided, marked on the line."""
    low: Floats | None = None  # (months + 1,) nine runs in ten lie between low and high
    high: Floats | None = None


def branch_chart(
    lines: Sequence[BranchLine], outcome: str, *, now: int, months: int, title: str, source: str = "",
    expected: Floats | None = None, before: BranchLine | None = None, file: str = "branches", height: int = 360,
) -> Drawing:  # fmt: skip
    """Return the chart; `expected` (months + 1,) is laid over it, `before` is a branch as it was before a change."""
    how = shown(outcome)
    named = [*lines, *([before] if before is not None else [])]
    series = [part for line in lines for part in _band(line, how.factor, now)]
    columns, rows = _table(named, expected, how.factor, how.decimals, now=now, months=months)
    series += [_line(line, columns.index(line.name), how.factor, now, faint=line is before) for line in named]
    if expected is not None:
        series.append(_expected(columns.index(EXPECTED)))
    if series and now < months:
        series[0]["markLine"] = _mark(now)
    reached = [part[: now + 1] for line in named for part in (line.values, line.low, line.high) if part is not None]
    parts = [*reached, *([expected] if expected is not None else [])]
    highest = max((float(np.nanmax(part)) for part in parts if not np.isnan(part).all()), default=0)
    top = scale_top(how.factor * highest) if how.factor == 10 else None
    names = [line.name for line in named] + ([EXPECTED] if expected is not None else [])
    option = themed(
        {
            "xAxis": month_axis(months),
            "yAxis": value_axis(f"{how.title}, {how.unit}" if how.unit else how.title, min=0, max=top, scale=False),
            "grid": {"left": 12, "right": 190, "top": 60, "bottom": 36, "containLabel": True},
            "legend": {"show": False},
            "series": series,
            "media": [{"query": {"maxWidth": _NARROW}, "option": _narrow(names, series)}, {"option": _wide(series)}],
        }
    )
    return Drawing(
        title, _describe(named, outcome, now, months), option, columns, rows, source=source, file=file, height=height
    )


def _line(line: BranchLine, column: int, factor: float, now: int, *, faint: bool) -> dict[str, Any]:
    decided = [month for month in line.decided if line.begins <= month <= now]
    return {
        "type": "line", "name": line.name, "symbol": "none", "z": 2 if faint else 4,
        "encode": {"x": 0, "y": column},
        "lineStyle": {
            "color": SOFT if faint else line.look.colour, "width": 1.5 if faint else WIDTH,
            "type": dashes(line.look.dashes, WIDTH),
        },
        "itemStyle": {"color": SOFT if faint else line.look.colour},
        "endLabel": _end_label(),
        "markPoint": {
            "silent": True, "symbol": "circle", "symbolSize": 10, "label": {"show": False},
            "itemStyle": {"borderColor": "#ffffff", "borderWidth": 2},
            "data": [{"coord": [month, round(factor * float(line.values[month]), 3)]} for month in decided],
        },
    }  # fmt: skip


def _end_label() -> dict[str, Any]:
    return {
        "show": True, "formatter": [SERIES], "color": INK, "fontSize": 13, "width": 180, "overflow": "truncate",
        "distance": 6, "textBorderColor": PAPER, "textBorderWidth": 3,
    }  # fmt: skip


def _expected(column: int) -> dict[str, Any]:
    return {
        "type": "line", "name": EXPECTED, "symbol": "none", "z": 3,
        "encode": {"x": 0, "y": column},
        "lineStyle": {"color": SOFT, "width": 2, "type": [2, 5]}, "itemStyle": {"color": SOFT},
        "endLabel": _end_label(),
    }  # fmt: skip


def _band(line: BranchLine, factor: float, now: int) -> list[dict[str, Any]]:
    """Return a filled band as two stacked lines: an unseen floor, and what lies above it."""
    if line.low is None or line.high is None:
        return []
    begin, colour = min(line.begins, now), line.look.colour
    low, height = (_points(factor * part, begin, now) for part in (line.low, line.high - line.low))
    return stacked_band(
        f"{line.name}, band", low, height, stack=f"band {line.name}", z=1,
        itemStyle={"color": colour}, area_style={"color": colour, "opacity": 0.14},
    )  # fmt: skip


def _points(values: Floats, first: int, last: int) -> list[list[float]]:
    return [[month, round(float(values[month]), 3)] for month in range(first, last + 1)]


def _narrow(names: list[str], series: list[dict[str, Any]]) -> dict[str, Any]:
    """Return what is otherwise on a phone: names above the chart, none at the ends of the lines."""
    rows = len(names)
    return {
        "grid": {"right": 16, "top": 44 + 24 * rows},
        "legend": line_legend(names, show=True, orient="vertical"),
        "series": [{"endLabel": {"show": False}} for _ in series],
    }


def _wide(series: list[dict[str, Any]]) -> dict[str, Any]:
    """Return what is put back where there is room again."""
    return {
        "grid": {"right": 190, "top": 60},
        "legend": {"show": False},
        "series": [{"endLabel": {"show": "endLabel" in one}} for one in series],
    }


def _mark(month: int) -> dict[str, Any]:
    return {
        "silent": True, "symbol": "none", "data": [{"xAxis": month}],
        "lineStyle": {"color": SOFT, "type": "solid", "width": 1.5},
        "label": {"formatter": f"month {month}", "color": INK, "position": "end"},
    }  # fmt: skip


def _table(
    lines: Sequence[BranchLine], expected: Floats | None, factor: float, decimals: int, *, now: int, months: int
) -> tuple[tuple[str, ...], list[list[Cell]]]:
    """Return a row a month that has been reached, to the end where something is expected there.

    A branch has no values before it begins: there it is the branch that it grew from.
    """
    columns: dict[str, Floats] = {}
    for line in lines:
        columns[line.name] = _within(line.values, line, now)
        if line.low is not None and line.high is not None:
            columns[f"{line.name}, low"] = _within(line.low, line, now)
            columns[f"{line.name}, high"] = _within(line.high, line, now)
    if expected is not None:
        columns[EXPECTED] = expected
    last = months if expected is not None else now
    cells = {name: np.round(factor * values, decimals + 2) for name, values in columns.items()}
    rows: list[list[Cell]] = [
        [month, *(None if np.isnan(values[month]) else float(values[month]) for values in cells.values())]
        for month in range(last + 1)
    ]
    return ("Month", *columns), rows


def _within(values: Floats, line: BranchLine, now: int) -> Floats:
    months = np.arange(len(values))
    return np.where((months >= min(line.begins, now)) & (months <= now), values, np.nan)


def _describe(lines: Sequence[BranchLine], outcome: str, now: int, months: int) -> str:
    """Describe the lines for those who can't see them."""
    title = shown(outcome).title
    reached = f"to month {now} of {months}" if now < months else f"over {months} months"
    parts = [
        f"{line.name}{f', from month {line.begins},' if line.begins else ''}: "
        f"{level(outcome, float(line.values[min(line.begins, now)]))} at first, "
        f"{level(outcome, float(line.values[now]))} at month {now}"
        for line in lines
    ]
    return f"Line chart of {title[:1].lower()}{title[1:]} by month, {reached}. {'; '.join(parts)}."
