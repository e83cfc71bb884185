"""Comparison: over time, pressures, structures."""

import textwrap
from collections.abc import Sequence
from functools import partial
from itertools import groupby
from pathlib import Path

import numpy as np
import polars as pl
from matplotlib.axes import Axes
from matplotlib.ticker import MultipleLocator

from experiments.arms import NO_PARTNER
from experiments.comparison import (
    Comparison,
    Contrast,
    contrast,
    difference_path,
    exit_month,
    in_order,
    in_text,
    last_month,
    main_pair,
    path_band,
    pressure_contrasts,
    pressure_rows,
    replicates,
    title,
)
from experiments.inference import Estimate, Verdict, verdict
from experiments.reporting.figures import place
from experiments.reporting.figures.sheet import (
    Margins,
    Picture,
    comparison_provenance,
    draw_dot,
    draw_ground,
    draw_rows,
    key,
    over_time,
    save,
    sheet,
)
from experiments.reporting.figures.style import (
    BAND,
    FAINT,
    GROUP_LINES,
    INK,
    SOFT,
    darker,
    end_labels,
    house_style,
    route_line,
)
from experiments.reporting.numbers import capital, joined
from experiments.reporting.phrases import measured, say, tally, verdict_words
from experiments.reporting.robustness import DEFAULT, Tried, itself, keeping, named_words, of_all, tried
from simulation.outcomes import PRACTICE_MATTERS, band, difference, interval, level
from simulation.text import counted
from simulation.vocabulary import GROUPS

STEP = 12
SPELL = 3
"""Months in a row that a route has to be clearly ahead to be told of."""
DIFFERENCE_LINE = "#5D3A9B"


def draw_difference_over_time(comparison: Comparison, scenario: str, pair: tuple[str, str]) -> Picture:
    """Return the figure of the paired difference, the first route of the pair minus the second."""
    path = difference_path(comparison, scenario, *pair)
    source = comparison_provenance(comparison, scenario)
    words = difference_over_time_headline(comparison, scenario, pair, path)
    first, second = (in_text(comparison, route) for route in pair)
    figure, (ax,) = sheet(words, source, rows=1, columns=1, panel_height=3.0, margins=Margins(left=0.82, top=0.15))
    _draw_difference(ax, path, first, second)
    return Picture(
        name="difference-over-time", scenario=scenario, title=words,
        alt=describe_difference_over_time(comparison, scenario, pair, path),
        caption=f"{capital(first)} minus {second} on the same seeds: mean and 95% interval, month by month. Shaded "
        "grey: differences too small to matter.",
        table=difference_over_time_table(path, replicates(comparison, scenario)), figure=figure, provenance=source,
    )  # fmt: skip


def _draw_difference(ax: Axes, path: np.ndarray, first: str, second: str) -> None:
    mean, low, high = 10 * path
    months = np.arange(len(mean))
    matters = 10 * PRACTICE_MATTERS
    bottom, top = 1.2 * min(low.min(), -2.4 * matters), 1.2 * max(high.max(), 2.4 * matters)
    ax.axhspan(-matters, matters, facecolor=BAND, edgecolor=FAINT, lw=0.5, zorder=0)
    ax.axhline(0, color=INK, lw=1.0, zorder=1)
    ax.fill_between(months, low, high, color=DIFFERENCE_LINE, alpha=0.25, lw=0, zorder=2)
    ax.plot(months, low, color=DIFFERENCE_LINE, lw=0.7, zorder=2)
    ax.plot(months, high, color=DIFFERENCE_LINE, lw=0.7, zorder=2)
    ax.plot(months, mean, color=DIFFERENCE_LINE, lw=2.2, zorder=3)
    ax.set_ylim(bottom, top)
    ax.set_xlim(0, len(mean) - 1)
    ax.set_xticks(np.arange(0, len(mean), 24 if len(mean) > 48 else 12))
    ax.set_xlabel("month of the programme")
    ax.set_ylabel("difference in practice, 0\u201310")
    for y, words, va in ((0.985, f"above: {first} is higher", "top"), (0.015, f"below: {second} is higher", "bottom")):
        ax.text(0.015, y, words, transform=ax.transAxes, va=va, size=10.5, color=INK)
    ax.annotate(
        "grey: no difference that matters", (len(mean) - 1, -matters), xytext=(-4, -3), textcoords="offset points",
        ha="right", va="top", size=9.5, color=SOFT,
    )  # fmt: skip


def difference_over_time_headline(
    comparison: Comparison, scenario: str, pair: tuple[str, str], path: np.ndarray
) -> str:
    """Say which route is ahead when, where the intervals allow it, and how it ends."""
    names, runs = {route: in_text(comparison, route) for route in pair}, replicates(comparison, scenario)
    found, last = contrast(comparison, scenario, *pair), path.shape[1] - 1
    parts = [
        f"{names[pair[0] if above else pair[1]]} is ahead in months {start}\u2013{end}"
        for start, end, above in spells(path, runs)
        if end < last
    ]
    end = path[:, -1] if found is None else np.array([found.difference, found.adjusted_low, found.adjusted_high])
    parts.append(ending(names[pair[0]], names[pair[1]], end, runs))
    return f"{title(comparison, scenario)}: {', then '.join(parts)}"


def verdicts(path: np.ndarray, runs: int) -> list[Verdict]:
    """Return the verdict of every month."""
    bounds = zip(path[1], path[2], strict=True)
    return [verdict(Estimate(0.0, low, high, runs), matters=PRACTICE_MATTERS) for low, high in bounds]


def spells(path: np.ndarray, runs: int) -> list[tuple[int, int, bool]]:
    """Return the stretches of three months or more in which a route is clearly ahead: first month, last, which side."""
    found: list[tuple[int, int, bool]] = []
    sides = [mean > 0 if said == "ahead" else None for said, mean in zip(verdicts(path, runs), path[0], strict=True)]
    start = 0
    for month in range(1, len(sides) + 1):
        if month == len(sides) or sides[month] != sides[start]:
            side = sides[start]
            if side is not None and month - start >= SPELL:
                found.append((start, month - 1, bool(side)))
            start = month
    return found


def ending(first: str, second: str, end: np.ndarray, runs: int) -> str:
    """Say how it ends, from mean, low and high at the last month."""
    said = verdict(Estimate(end[0], end[1], end[2], runs), matters=PRACTICE_MATTERS)
    points = difference("practice", abs(end[0])).removeprefix("+")
    higher, lower = (first, second) if end[0] > 0 else (second, first)
    return say(said, "ending", name=higher, other=lower, points=points, pair=f"{first} and {second}")


def describe_difference_over_time(
    comparison: Comparison, scenario: str, pair: tuple[str, str], path: np.ndarray
) -> str:
    """Describe the figure for those who can't see it."""
    last = path.shape[1] - 1
    at = [m for m in (24, 60, last) if m <= last]
    values = "; ".join(
        f"month {m}: {difference('practice', path[0, m])} ({interval('practice', path[1, m], path[2, m])})"
        for m in dict.fromkeys(at)
    )
    first, second = (in_text(comparison, route) for route in pair)
    return (
        f"Line of the mean paired difference in practice, {first} minus {second}, in {title(comparison, scenario)}, "
        f"with its 95% interval and a zero line. {capital(values)}."
    )


def difference_over_time_table(path: np.ndarray, runs: int) -> pl.DataFrame:
    """Return difference, interval and verdict by year, in the scale shown."""
    last = path.shape[1] - 1
    months = sorted({*range(0, last + 1, STEP), last})
    said = verdicts(path, runs)
    return pl.DataFrame(
        {
            "Month": [str(m) for m in months],
            "Difference": [difference("practice", path[0, m]) for m in months],
            "95% interval": [interval("practice", path[1, m], path[2, m]) for m in months],
            "Verdict": [say(said[m]) for m in months],
        }
    )


# Draw the three groups of behaviours over time, a panel a route.


def draw_groups_over_time(comparison: Comparison, scenario: str, routes: tuple[str, ...]) -> Picture:
    """Return the figure of the groups of behaviours under some routes."""
    medians = {route: {group: path_band(comparison, scenario, route, group)[1] for group in GROUPS} for route in routes}
    month, source = last_month(comparison, scenario), comparison_provenance(comparison, scenario)
    words = groups_over_time_headline(comparison, scenario, medians)
    height, margins = 1.45 if len(routes) > 2 else 2.1, Margins(right=1.02, across=1.08)
    figure, axes = over_time(words, source, len(routes), panel_height=height, margins=margins)
    top = 10 * max(values.max() for groups in medians.values() for values in groups.values())
    for ax, route in zip(axes, routes, strict=True):
        ax.set_ylim(0, max(1.0, 1.08 * top))
        _groups_over_time_panel(ax, medians[route], month)
        ax.set_title(title(comparison, route), weight="bold", color=INK, pad=5)
    return Picture(
        name="groups-over-time", scenario=scenario, title=words,
        alt=describe_groups_over_time(comparison, scenario, medians, month),
        caption="Medians over all runs of the mean practice of each group's three behaviours. That perspective "
        "behaviours are easier and power behaviours harder is an assumption of the model.",
        table=groups_over_time_table(comparison, medians, month), figure=figure, provenance=source,
    )  # fmt: skip


def _groups_over_time_panel(ax: Axes, groups: dict[str, np.ndarray], month: int) -> None:
    months = np.arange(month + 1)
    for group, values in groups.items():
        style = GROUP_LINES[group]
        ax.plot(
            months, 10 * values, color=style.colour, ls=style.dashes, lw=1.9, marker=style.marker, ms=4.5,
            markevery=(12, 24),
        )  # fmt: skip
    end_labels(ax, [(10 * values[-1], group) for group, values in groups.items()], size=9.5)
    ax.set_xlim(0, month)
    ax.set_xticks(np.arange(0, month + 1, 60 if month >= 96 else 12))


def order(groups: dict[str, np.ndarray]) -> tuple[str, ...]:
    """Return the groups by where they end, the highest first; none where they end within what matters."""
    ends = {group: values[-1] for group, values in groups.items()}
    if max(ends.values()) - min(ends.values()) < PRACTICE_MATTERS:
        return ()
    return tuple(sorted(ends, key=lambda group: -ends[group]))


def groups_over_time_headline(comparison: Comparison, scenario: str, medians: dict[str, dict[str, np.ndarray]]) -> str:
    """Say which group goes furthest, where all routes agree on it."""
    entered = {route: groups for route, groups in medians.items() if route != NO_PARTNER} or medians
    place, orders = title(comparison, scenario), [order(groups) for groups in entered.values()]
    every = {1: "with this route", 2: "under both routes"}.get(len(orders), "under every route")
    if NO_PARTNER in medians and len(medians) > 1:
        every += " with a partner" if len(orders) > 1 else " of a partner"
    if not any(orders):
        return f"{place}: the three groups of behaviours end close together {every}"
    if all(orders) and len({(found[0], found[-1]) for found in orders}) == 1:
        return f"{place}: {orders[0][0]} behaviours go furthest and {orders[0][-1]} behaviours least far {every}"
    return f"{place}: which group of behaviours goes furthest differs from route to route"


def describe_groups_over_time(
    comparison: Comparison, scenario: str, medians: dict[str, dict[str, np.ndarray]], month: int
) -> str:
    """Describe the figure for those who can't see it."""
    ends = [
        f"{in_text(comparison, route)}: "
        + joined([f"{group} {level('practice', values[-1])}" for group, values in groups.items()])
        for route, groups in medians.items()
    ]
    return capital(
        f"lines of the three groups of behaviours over {counted(month, 'month')} in {title(comparison, scenario)}, a "
        f"panel a route. Medians of 10 at the end: {'; '.join(ends)}."
    )


def groups_over_time_table(
    comparison: Comparison, medians: dict[str, dict[str, np.ndarray]], month: int
) -> pl.DataFrame:
    """Return the medians by route, group and year, in the scale shown."""
    months = sorted({*range(0, month + 1, 2 * STEP), month})
    rows = [
        {"Route": title(comparison, route), "Group": capital(group)}
        | {f"Month {m}": level("practice", values[m]) for m in months}
        for route, groups in medians.items()
        for group, values in groups.items()
    ]
    return pl.DataFrame(rows)


# Draw the main contrast under each pressure: a dot and its interval, with the verdict in words.


def draw_pressures(comparison: Comparison, scenario: str, pair: tuple[str, str]) -> Picture:
    """Return the figure of the main contrast under the place's own pressure and the ready ones."""
    rows = pressure_rows(comparison, scenario, pair)
    source, words = comparison_provenance(comparison, scenario), pressures_headline(comparison, scenario, rows)
    margins = Margins(left=2.5, right=0.3, top=0.1, bottom=0.75)
    figure, (ax,) = sheet(words, source, rows=1, columns=1, panel_height=0.52 * len(rows), margins=margins)
    draw_rows(ax, [(name, found, verdict_words(found, partial(in_text, comparison))) for name, found in rows])
    first, second = (in_text(comparison, route) for route in pair)
    ax.set_xlabel(f"difference at the end, 0\u201310:\n{first} minus {second}")
    return Picture(
        name="pressures", scenario=scenario, title=words, alt=describe_pressures(comparison, scenario, rows),
        caption="Dot: mean paired difference at the last month; line: 95% interval; grey: differences too small to "
        f"matter; {key([found for _, found in rows])}. The pressures other than the place's own were looked at without "
        "being named beforehand: exploratory.",
        table=pressures_table(comparison, rows), figure=figure, provenance=source,
    )  # fmt: skip


def pressures_headline(comparison: Comparison, scenario: str, rows: list[tuple[str, Contrast]]) -> str:
    """Count the verdicts: under how many pressures which route is ahead, and where it is open."""
    place = title(comparison, scenario)
    groups = tally([found for _, found in rows], partial(in_text, comparison))
    parts = [f"{said} under {len(ks)}" for said, ks in sorted(groups.items(), key=lambda item: -len(item[1]))]
    if len(parts) == 1:
        return f"{place}: {next(iter(groups))} under all {len(rows)} pressures tried"
    return f"{place}: of {len(rows)} pressures tried, {joined(parts)}"


def describe_pressures(comparison: Comparison, scenario: str, rows: list[tuple[str, Contrast]]) -> str:
    """Describe the figure for those who can't see it."""
    values = "; ".join(
        f"{name}: {difference('practice', found.difference)} ({interval('practice', found.low, found.high)})"
        for name, found in rows
    )
    month, place = last_month(comparison, scenario), title(comparison, scenario)
    return f"Differences in practice at month {month} in {place}. {capital(values)}."


def pressures_table(comparison: Comparison, rows: list[tuple[str, Contrast]]) -> pl.DataFrame:
    """Return difference, interval and verdict by pressure, in the scale shown."""
    cells = [(name, *measured(found, partial(in_text, comparison))) for name, found in rows]
    return pl.DataFrame(cells, schema=["Pressure", "Difference", "95% interval", "Verdict"], orient="row")


# Draw practice over time under each route: median and 90% band, a panel a route.


def draw_routes_over_time(comparison: Comparison, scenario: str) -> Picture:
    """Return the figure of all routes over time in a scenario."""
    bands = {route: path_band(comparison, scenario, route, "practice") for route in in_order(comparison)}
    month = last_month(comparison, scenario)
    top = 10 * max(values[2].max() for values in bands.values())
    source = comparison_provenance(comparison, scenario)
    words = routes_over_time_headline(comparison, scenario, bands, month)
    figure, axes = over_time(words, source, len(bands))
    for ax, route in zip(axes, bands, strict=True):
        _routes_over_time_panel(ax, comparison, route, bands, month)
        ax.set_ylim(0, max(1.0, 1.12 * top))
    return Picture(
        name="routes-over-time", scenario=scenario, title=words,
        alt=describe_routes_over_time(comparison, scenario, bands, month),
        caption=caption(comparison, tuple(bands), month),
        table=routes_over_time_table(comparison, bands, month), figure=figure, provenance=source,
    )  # fmt: skip


def caption(comparison: Comparison, routes: tuple[str, ...], month: int) -> str:
    """Say how to read the figure: of what is drawn in it alone."""
    leaving = [exit_month(comparison, route) for route in routes]
    marks = {
        "thin grey lines: the other routes": len([route for route in routes if route != NO_PARTNER]) > 1,
        "dotted: no learning partner": NO_PARTNER in routes and len(routes) > 1,
        "upright dashes: the partner leaves": any(at is not None and at < month for at in leaving),
    }
    said = "; ".join(words for words, drawn in marks.items() if drawn)
    return "Line: the middle run. Band: nine runs in ten lie in it." + (f" {capital(said)}." if said else "")


def _routes_over_time_panel(
    ax: Axes, comparison: Comparison, route: str, bands: dict[str, np.ndarray], month: int
) -> None:
    months = np.arange(month + 1)
    style = route_line(route, comparison.routes)
    for other, values in bands.items():
        if other != route:
            dots = (0, (1, 1.6)) if other == NO_PARTNER else "-"
            ax.plot(months, 10 * values[1], color=SOFT if other == NO_PARTNER else FAINT, lw=0.9, ls=dots)
    low, median, high = 10 * bands[route]
    ax.fill_between(months, low, high, color=style.colour, alpha=0.22, lw=0)
    ax.plot(months, high, color=style.colour, lw=0.6, alpha=0.7)
    ax.plot(months, low, color=style.colour, lw=0.6, alpha=0.7)
    ax.plot(months, median, color=darker(style.colour), lw=2.2, ls=style.dashes)
    leaving = exit_month(comparison, route)
    if leaving is not None and leaving < month:
        ax.axvline(leaving, ymax=0.84, color=SOFT, lw=0.8, ls=(0, (4, 3)), zorder=0)
    end, spread = level("practice", median[-1] / 10), band("practice", low[-1] / 10, high[-1] / 10)
    ax.set_title(title(comparison, route), weight="bold", color=INK, pad=5)
    ax.text(0.03, 0.97, f"ends at {end} ({spread})", transform=ax.transAxes, va="top", size=9.5, color=INK)
    ax.set_xlim(0, month)
    ax.set_xticks(np.arange(0, month + 1, 24 if month >= 48 else 12))


def routes_over_time_headline(comparison: Comparison, scenario: str, bands: dict[str, np.ndarray], month: int) -> str:
    """Say what to see: where the routes end, and whether their bands part."""
    place = title(comparison, scenario)
    ends = {route: values[:, -1] for route, values in bands.items()}
    entered = {route: end for route, end in ends.items() if route != NO_PARTNER}
    alone = ends.get(NO_PARTNER)
    if not entered:
        return f"{place}: without a learning partner, practice ends at {level('practice', alone[1])} of 10"  # type: ignore[index]
    medians = [end[1] for end in entered.values()]
    ends_at = band("practice", min(medians), max(medians))
    words = f"{place}: after {counted(month, 'month')} the routes end at {ends_at} of 10"
    if alone is not None:
        words += f", without a partner at {level('practice', alone[1])}"
    if len(entered) > 1:
        overlap = max(end[0] for end in entered.values()) <= min(end[2] for end in entered.values())
        words += "; their bands overlap" if overlap else "; not all their bands overlap"
    return words


def describe_routes_over_time(comparison: Comparison, scenario: str, bands: dict[str, np.ndarray], month: int) -> str:
    """Describe the figure for those who can't see it."""
    last = {route: values[:, -1] for route, values in bands.items()}
    ends = [
        f"{in_text(comparison, route)} {level('practice', median)} ({band('practice', low, high)})"
        for route, (low, median, high) in last.items()
    ]
    start = level("practice", float(np.mean([values[1, 0] for values in bands.values()])))
    return capital(
        f"lines of practice over {counted(month, 'month')} in {title(comparison, scenario)}, a panel a route, all from "
        f"about {start} of 10. Median and 90% band at the end: {joined(ends)}."
    )


def routes_over_time_table(comparison: Comparison, bands: dict[str, np.ndarray], month: int) -> pl.DataFrame:
    """Return median and band by route and year, in the scale shown."""
    months = sorted({*range(0, month + 1, STEP), month})
    columns: dict[str, list[str]] = {"Month": [str(m) for m in months]}
    for route, (low, median, high) in bands.items():
        columns[title(comparison, route)] = [
            f"{level('practice', median[m])} ({band('practice', low[m], high[m])})" for m in months
        ]
    return pl.DataFrame(columns)


# Draw the main contrast under each other structure of the model: dots and intervals, two years in and at the end.


LEFT = 2.62
STRUCTURE_LINE, GAP = 1.0, 0.55
"""Heights of a line of words and of what is left between groups; a line is `INCH` inches."""
INCH = 0.2
WIDEST = 33
MOST_HALVES = 2.6
"""Width in points below which there is room for a mark at each half."""


def draw_structures(comparison: Comparison, scenario: str) -> Picture | None:
    """Return the figure, or None where no other structure was tried."""
    main, others = itself(comparison, scenario), tried(comparison, scenario)
    if main is None or not others:
        return None
    source, words = comparison_provenance(comparison, scenario), structures_headline(comparison, scenario, main, others)
    two = main.early is not None
    rows, height = _laid_out([main, *others])
    margins = Margins(left=LEFT, right=0.25, top=0.42, bottom=0.88, across=0.3)
    figure, axes = sheet(words, source, rows=1, columns=1 + two, panel_height=INCH * height, margins=margins)
    columns = [[one.early for one in (main, *others)]] if two else []
    columns.append([one.end for one in (main, *others)])
    found = [[one for one in column if one is not None] for column in columns]
    for ax, contrasts in zip(axes, found, strict=True):
        draw_ground(ax, [one for column in found for one in column])
        _draw_column(ax, [at for _, at in rows], contrasts, height)
    _write_rows(axes[0], rows)
    first, second = (in_text(comparison, route) for route in (main.end.first, main.end.second))
    _write_below(axes[0], 34, f"difference in practice, 0\u201310: {first} minus {second}", INK)
    _write_below(axes[0], 50, key([one for column in found for one in column]), SOFT)
    return Picture(
        name="structures", scenario=scenario, title=words,
        alt=describe_structures(comparison, scenario, [main, *others]),
        caption="Dot: mean paired difference; line: 95% interval; grey: differences too small to matter. One structure "
        f"is changed at a time, on {others[0].end.replicates} paired seeds each. {named_words(main)}.",
        table=structures_table(comparison, [main, *others]), figure=figure, provenance=source,
    )  # fmt: skip


def _laid_out(shown: Sequence[Tried]) -> tuple[list[tuple[Tried, float]], float]:
    """Return each row with the height of its middle, and the height of all; groups are set apart."""
    rows, at = [], 0.0
    for group, members in groupby(shown, key=lambda one: one.heading):
        at += STRUCTURE_LINE + GAP if group else 0.2
        for one in members:
            lines = len(_lines(one))
            rows.append((one, at + STRUCTURE_LINE * lines / 2))
            at += STRUCTURE_LINE * lines
    return rows, at + 0.3


def _lines(one: Tried) -> list[str]:
    return textwrap.wrap(one.title, WIDEST, break_on_hyphens=False)


def _draw_column(ax: Axes, heights: Sequence[float], contrasts: Sequence[Contrast], height: float) -> None:
    ax.set_ylim(height, 0)
    for at, found in zip(heights, contrasts, strict=True):
        draw_dot(ax, at, found, size=6)
    ax.set_title(f"month {contrasts[0].month}", size=10.5)
    ax.axhline(heights[0] + 0.75, color=FAINT, lw=0.7)
    low, high = ax.get_xlim()
    if high - low < MOST_HALVES:
        ax.xaxis.set_major_locator(MultipleLocator(0.5))


def _write_rows(ax: Axes, rows: Sequence[tuple[Tried, float]]) -> None:
    """Write titles, and above each group its name."""
    before = ""
    for one, middle in rows:
        lines = _lines(one)
        top = middle - STRUCTURE_LINE * len(lines) / 2
        if one.heading != before:
            _write(ax, top - STRUCTURE_LINE / 2, one.heading, bold=True)
            before = one.heading
        for k, line in enumerate(lines):
            _write(ax, top + STRUCTURE_LINE * (k + 0.5), line, bold=one.title == DEFAULT)


def _write(ax: Axes, at: float, words: str, *, bold: bool) -> None:
    ax.annotate(
        words, (0, at), xycoords=("axes fraction", "data"), xytext=(-72 * (LEFT - 0.12), 0),
        textcoords="offset points", va="center", size=9.5, weight="bold" if bold else "normal", color=INK,
        annotation_clip=False,
    )  # fmt: skip


def _write_below(ax: Axes, down: float, words: str, colour: str) -> None:
    """Write a line under the panels, so many points below them."""
    ax.annotate(
        words, (0, 0), xycoords="axes fraction", xytext=(-72 * (LEFT - 0.12), -down), textcoords="offset points",
        va="center", size=10, color=colour, annotation_clip=False,
    )  # fmt: skip


def structures_headline(comparison: Comparison, scenario: str, main: Tried, others: Sequence[Tried]) -> str:
    """Count the structures in which the difference keeps its sign, at the end and two years in."""
    place = title(comparison, scenario)
    pairs = [(main.end, [one.end for one in others])]
    if main.early is not None:
        pairs.append((main.early, [one.early for one in others if one.early is not None]))
    kept = {contrast.month: keeping(contrast, found) for contrast, found in pairs}
    clear = [f"{of_all(count, len(others))} at month {month}" for month, count in kept.items() if count is not None]
    if not clear:
        return f"{place}: the difference has no clear sign of its own to keep under other structures of the model"
    none = "".join(f" (at month {month} it has none)" for month, count in kept.items() if count is None)
    return f"{place}: other structures of the model that keep the difference\u2019s sign: {', '.join(clear)}{none}"


def describe_structures(comparison: Comparison, scenario: str, shown: Sequence[Tried]) -> str:
    """Describe the figure for those who can't see it."""
    values = "; ".join(
        f"{one.words}: {difference('practice', one.end.difference)} ({interval('practice', one.end.low, one.end.high)})"
        for one in shown
    )
    month, place = shown[0].end.month, title(comparison, scenario)
    return f"Differences in practice at month {month} in {place}, by structure of the model. {capital(values)}."


def structures_table(comparison: Comparison, shown: Sequence[Tried]) -> pl.DataFrame:
    """Return differences, intervals and verdicts by structure, in the scale shown."""
    columns: dict[str, list[str]] = {"Structure": [one.words for one in shown]}
    for read in ("early", "end"):
        found: list[Contrast] = [one for one in (getattr(row, read) for row in shown) if one is not None]
        if found:
            month = f"month {found[0].month}"
            cells = zip(*(measured(one, partial(in_text, comparison)) for one in found), strict=True)
            heads = (f"{head}, {month}" for head in ("Difference", "95% interval", "Verdict"))
            columns |= {head: list(column) for head, column in zip(heads, cells, strict=True)}
    columns["Pairs"] = [str(one.end.replicates) for one in shown]
    return pl.DataFrame(columns)


# Draw what a comparison found: one figure a file, as SVG and PNG, with provenance inside.
#
# Every figure is drawn with matplotlib's objects, never through pyplot, and gives the same bytes every time.


def draw_figures(comparison: Comparison) -> tuple[Picture, ...]:
    """Return the figures of every scenario in reading order; those that need two routes only where there are two."""
    with house_style():
        return tuple(picture for scenario in comparison.scenarios for picture in _of_scenario(comparison, scenario))


def _of_scenario(comparison: Comparison, scenario: str) -> list[Picture]:
    pair = main_pair(comparison)
    pictures = [draw_routes_over_time(comparison, scenario)]
    if pair is not None:
        pictures.append(draw_difference_over_time(comparison, scenario, pair))
        if pressure_contrasts(comparison, scenario, pair):
            pictures.append(draw_pressures(comparison, scenario, pair))
    under_structures = draw_structures(comparison, scenario)
    if under_structures is not None:
        pictures.append(under_structures)
    routes = in_order(comparison)
    pictures.append(draw_groups_over_time(comparison, scenario, routes))
    if scenario in comparison.pictures:
        pictures.append(place.draw_heat_map(comparison, scenario, routes))
        pictures.append(place.draw_network(comparison, scenario, routes))
    return pictures


def write_figures(comparison: Comparison, folder: Path, *, pictures: Sequence[Picture] | None = None) -> list[Path]:
    """Write every figure as SVG and PNG into a folder, made if it is missing; return the paths in order.

    `pictures` are those of `draw_figures`, where they have been drawn already.
    """
    folder.mkdir(parents=True, exist_ok=True)
    drawn = draw_figures(comparison) if pictures is None else pictures
    return [path for picture in drawn for path in save(picture, folder)]
