"""Draw where each route does better: colour by the paired difference, hatching by what the intervals leave open."""

from math import floor, isfinite, log10
from typing import Any

import numpy as np
import polars as pl
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap, Normalize
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from experiments.figures.sheet import Margins, Picture, sheet
from experiments.figures.style import INK, SOFT, route_line
from experiments.mapping.canvas import colour_bar, draw_axes, draw_cells, draw_lines, mark, source
from experiments.mapping.contours import Floats
from experiments.mapping.deciding import rule_of
from experiments.mapping.reading import RouteMap
from experiments.mapping.words import (
    OPEN,
    SAME,
    axis_title,
    better,
    changes_sides,
    headline,
    line_sentence,
    matters,
    measure,
    names,
    tally_sentence,
    value,
    verdict_words,
    where_sentences,
)
from experiments.shown import MINUS, difference, interval, level, number, shown
from experiments.wording import capital

BLUE = ("#08477a", "#4f97c7", "#b9d4e6")
ORANGE = ("#9c3d00", "#e0803c", "#f5cfb0")
NEUTRAL = "#f5f5f2"
MOST_NUMBERS = 11
"""Columns above which the cells hold no numbers: they would not fit."""


def draw(found: RouteMap) -> Picture:
    """Return the map of differences."""
    words, origin = headline(found), source(found)
    margins = Margins(left=0.95, right=0.3, top=0.12, bottom=0.62)
    figure, (ax,) = sheet(words, origin, rows=1, columns=1, panel_height=4.3, margins=margins, extra=1.4)
    scale = difference_scale(found)
    values = shown(found.plan.outcome).factor * found.grid("difference")
    draw_cells(ax, found, values, scale)
    verdicts = found.texts("verdict")
    mark(ax, found, verdicts == OPEN, "////", "#6b6b6b")
    mark(ax, found, verdicts == SAME, "..", "#8a8a8a")
    draw_lines(ax, found.contours.low, lw=1.1, ls=(0, (4, 2)))
    draw_lines(ax, found.contours.high, lw=1.1, ls=(0, (4, 2)))
    draw_lines(ax, found.contours.break_even, **_line(found))
    if found.plan.shape[1] <= MOST_NUMBERS:
        _numbers(ax, found, values, scale)
    draw_axes(ax, found)
    _keys(figure, found, scale)
    return Picture(
        name="map", scenario=found.plan.arms[0].scenario, title=words, alt=describe(found), caption=caption(found),
        table=table(found), figure=figure, provenance=origin,
    )  # fmt: skip


def difference_scale(found: RouteMap) -> dict[str, Any]:
    """Return colour map and limits: neutral at zero, the same strength to both sides."""
    how = shown(found.plan.outcome)
    known = np.abs(how.factor * found.grid("difference"))
    known = known[np.isfinite(known)]
    least = 2 * rule_of(found.plan).matters * how.factor
    top = round_top(max(float(known.max()) if len(known) else 0.0, least))
    second, first = (ORANGE, BLUE) if is_swapped(found) else (BLUE, ORANGE)
    colours = [*second, NEUTRAL, *reversed(first)]
    return {"cmap": LinearSegmentedColormap.from_list("difference", colours), "norm": Normalize(-top, top)}


def round_top(value: float) -> float:
    """Return a round number that is not below a value.

    >>> round_top(0.94), round_top(3.2), round_top(0.0)
    (1.0, 4.0, 1.0)
    """
    if value <= 0:
        return 1.0
    unit = 10.0 ** floor(log10(value))
    return next(step * unit for step in (1, 1.2, 1.6, 2, 3, 4, 5, 6, 8, 10) if step * unit >= value * (1 - 1e-9))


def _line(found: RouteMap) -> dict[str, Any]:
    """Return how the zero line is drawn: boldly only where a change of sides is shown."""
    return {"lw": 2.4, "ls": "-"} if changes_sides(found) else {"lw": 1.6, "ls": (0, (1, 1.2))}


def is_swapped(found: RouteMap) -> bool:
    """Tell whether the first route is the blue one: routes keep the side of the colour they have in other figures."""
    first, second = (route_line(route, found.plan.routes).colour for route in found.plan.routes)
    return first == "#0072B2" or second == "#D55E00"


def _numbers(ax: Axes, found: RouteMap, values: Floats, scale: dict[str, Any]) -> None:
    """Write each cell's difference with its sign: what is seen in colour is read in grey too."""
    how, verdicts = shown(found.plan.outcome), found.texts("verdict")
    across, up = found.xs.tolist(), found.ys.tolist()
    for j, row in enumerate(values.tolist()):
        for i, one in enumerate(row):
            where: dict[str, Any] = {"x": across[i], "y": up[j], "ha": "center", "va": "center"}
            if verdicts[j, i] == "not measured":
                ax.text(**where, s="\u00d7", size=11, color=SOFT)
            elif isfinite(one):
                colour = scale["cmap"](scale["norm"](one))
                dark = np.dot(colour[:3], (0.299, 0.587, 0.114)) < 0.5
                ax.text(
                    **where, s=number(one, how.decimals, signed=True), size=9.5, zorder=4,
                    color="white" if dark else INK,
                    weight="bold" if verdicts[j, i].endswith("ahead") else "normal",
                    bbox={"boxstyle": "round,pad=0.08", "facecolor": colour, "edgecolor": "none", "alpha": 0.85},
                )  # fmt: skip


def _keys(figure: Figure, found: RouteMap, scale: dict[str, Any]) -> None:
    """Say below the map what colours, hatching and lines mean."""
    how, (first, second) = shown(found.plan.outcome), names(found)
    top = scale["norm"].vmax
    ticks = np.linspace(-top, top, 5)
    labels = [f"{tick:+.3g}".replace("-", MINUS) if tick else "0" for tick in ticks]
    words = f"{how.title}, {how.unit}: {first} minus {second}".replace(", :", ":")
    colour_bar(figure, scale, words, left=0.95, bottom=1.36, width=5.55, ticks=ticks, labels=labels)
    width, height = figure.get_size_inches()
    for at, side, name in ((0.95, "left", second), (6.5, "right", first)):
        figure.text(at / width, 0.94 / height, f"{name} higher", ha=side, va="bottom", size=9.5, color=INK)
    figure.legend(
        handles=handles(found), loc="lower left", bbox_to_anchor=(0.95 / width, 0.35 / height), ncols=2, frameon=False,
        fontsize=9.5, handlelength=2.2, borderaxespad=0, columnspacing=1.2, labelspacing=0.35,
    )  # fmt: skip


def handles(found: RouteMap) -> list[Any]:
    """Return the key's entries, of what the map holds."""
    drawn = found.contours
    some: list[Any] = []
    if found.count(OPEN):
        some.append(Patch(facecolor="none", edgecolor="#6b6b6b", hatch="////", lw=0, label="undecided"))
    if found.count(SAME):
        words = f"no difference that matters (within ±{matters(found)})" if matters(found) else "no difference"
        some.append(Patch(facecolor=NEUTRAL, edgecolor="#8a8a8a", hatch="..", lw=0, label=words))
    if drawn.break_even:
        words = "break-even" if changes_sides(found) else "mean difference zero"
        some.append(Line2D([], [], color=INK, label=words, **_line(found)))
    if drawn.low or drawn.high:
        some.append(Line2D([], [], color=INK, lw=1.1, ls=(0, (4, 2)), label="an end of the interval is zero"))
    if found.count("not measured"):
        some.append(Patch(facecolor="#d9d9d9", label="not measured"))
    return some


def caption(found: RouteMap) -> str:
    """Say how to read the figure: what is drawn, and nothing else."""
    first, second = names(found)
    drawn, verdicts = found.contours, set(found.cells["verdict"])
    line = (
        "Solid line: break-even, straight between neighbouring cells."
        if changes_sides(found)
        else "Dotted line: the mean difference is zero, but no change of sides is shown."
    )
    bold = any(verdict.endswith("ahead") for verdict in verdicts)
    leaning = any(verdict.startswith("leans") for verdict in verdicts)
    parts = [
        f"{capital(measure(found))}: mean paired difference, {first} minus {second}, on the same seeds; above zero "
        f"{first} is {better(found)}.",
        "Hatched: the cell’s 95% interval spans zero." if OPEN in verdicts else "",
        "Dotted: all of it is too small to matter." if SAME in verdicts else "",
        f"Bold numbers: {better(found)}, the whole interval beyond what is too small to matter." if bold else "",
        "Other numbers without hatching lean." if bold and leaning else "",
        "Numbers without hatching lean." if leaning and not bold else "",
        line if drawn.break_even else "There is no break-even line.",
        "Dashed lines: where the lower or the upper end of the interval is zero." if drawn.low or drawn.high else "",
    ]
    return " ".join(part for part in parts if part)


def describe(found: RouteMap) -> str:
    """Describe the map for those who can't see it."""
    plan = found.plan
    ends = [
        f"{axis_title(factor)} from {value(levels[0])} to {value(levels[-1])}"
        for factor, levels in ((plan.x, found.xs), (plan.y, found.ys))
    ]
    return " ".join(
        [
            f"Map of {plan.shape[1]} by {plan.shape[0]} cells, across {ends[0]}, upwards {ends[1]}, coloured by the "
            f"difference in {measure(found)}, {names(found)[0]} minus {names(found)[1]}.",
            tally_sentence(found),
            *where_sentences(found),
            line_sentence(found),
        ]
    )


def table(found: RouteMap) -> pl.DataFrame:
    """Return every cell in the scale shown: where it is, difference, interval, verdict, pairs, both routes' levels."""
    plan, rows = found.plan, list(found.cells.iter_rows(named=True))
    outcome, (first, second) = plan.outcome, names(found)
    return pl.DataFrame(
        {
            capital(axis_title(plan.x)): [value(row["x"]) for row in rows],
            capital(axis_title(plan.y)): [value(row["y"]) for row in rows],
            "Difference": [difference(outcome, row["difference"]) for row in rows],
            "95% interval": [_interval(outcome, row) for row in rows],
            "Verdict": [verdict_words(found, row["verdict"]) for row in rows],
            "Pairs": [f"{row['replicates']}" for row in rows],
            f"{capital(first)}, middle run": [level(outcome, row["first_median"]) for row in rows],
            f"{capital(second)}, middle run": [level(outcome, row["second_median"]) for row in rows],
        }
    )


def _interval(outcome: str, row: dict[str, Any]) -> str:
    return "not measured" if np.isnan(row["low"]) else interval(outcome, row["low"], row["high"])
