"""Difference and levels over the map."""

from math import floor, isfinite, log10
from textwrap import fill
from typing import Any

import numpy as np
import polars as pl
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.collections import PolyCollection
from matplotlib.colors import LinearSegmentedColormap, Normalize
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from experiments.comparison import FLAT
from experiments.factors import Factor
from experiments.inference import Floats
from experiments.reporting import route_map
from experiments.reporting.figures.sheet import Margins, Picture, sheet
from experiments.reporting.figures.style import INK, SOFT, house_style, route_line
from experiments.reporting.numbers import capital
from experiments.reporting.phrases import better, measure, names, say, verdict_words
from experiments.reporting.route_map import (
    OPEN,
    SAME,
    axis_label,
    axis_title,
    changes_sides,
    levels_sentence,
    line_sentence,
    matters,
    pairs_words,
    place,
    tally_sentence,
    value,
    where_sentences,
)
from experiments.route_map import Lines, RouteMap, rule_of, zero_lines
from experiments.sequential import unsided
from simulation.outcomes import COLLABORATIVE, MINUS, band, difference, interval, level, number, shown

MOST_DRAWN = 2_500
"""Cells above which they are drawn as a picture inside the figure and not one by one."""
MOST_TICKS = 9


def source(found: RouteMap) -> str:
    """Return where a figure comes from, in a line: scenario, seeds, version."""
    plan, manifest = found.plan, found.manifest
    last = plan.first_seed + found.pairs[1] - 1
    commit = manifest.get("commit") or ""
    made = f"behaviours {manifest.get('version', '?')}" + (f" ({commit[:7]})" if commit else "")
    seeds = f"{pairs_words(found)} paired seeds a cell, {plan.first_seed}\u2013{last}"
    return f"scenario {plan.arms[0].scenario}, {seeds}, {made}"


def edges(levels: Floats) -> Floats:
    """Return where the cells around these values end: half-way between neighbours, and as far again outside."""
    middle = (levels[1:] + levels[:-1]) / 2
    return np.concatenate([[2 * levels[0] - middle[0]], middle, [2 * levels[-1] - middle[-1]]])


def draw_cells(ax: Axes, found: RouteMap, values: Floats, scale: dict[str, Any]) -> None:
    """Colour the cells; one without a number stays grey."""
    ax.set_facecolor("#d9d9d9")
    ax.pcolormesh(
        edges(found.xs), edges(found.ys), np.ma.masked_invalid(values), **scale, edgecolors="white", linewidth=0.4,
        rasterized=values.size > MOST_DRAWN,
    )  # fmt: skip
    ax.set_xlim(*edges(found.xs)[[0, -1]])
    ax.set_ylim(*edges(found.ys)[[0, -1]])


def draw_axes(ax: Axes, found: RouteMap, *, most: int = MOST_TICKS, left: bool = True, wide: int = 60) -> None:
    """Name both axes, in lines of `wide` letters at most, with ticks at the cells' own values."""
    for axis, factor, levels in ((ax.xaxis, found.plan.x, found.xs), (ax.yaxis, found.plan.y, found.ys)):
        ticks = _ticks(levels, most)
        axis.set_ticks(ticks, [value(tick, digits=3) for tick in ticks])
        if left or axis is ax.xaxis:
            axis.set_label_text(fill(_capital(factor), wide))
    ax.tick_params(length=2.5)
    for spine in ax.spines.values():
        spine.set_visible(False)


def _capital(factor: Factor) -> str:
    words = axis_label(factor)
    return words if "." in words else words[:1].upper() + words[1:]


def _ticks(levels: Floats, most: int) -> Floats:
    step = -(-(len(levels) - 1) // (most - 1)) or 1
    return levels[::step]


def mark(ax: Axes, found: RouteMap, which: Any, hatch: str, colour: str) -> None:
    """Hatch some cells."""
    across, up = edges(found.xs), edges(found.ys)
    corners = [
        [(across[i], up[j]), (across[i + 1], up[j]), (across[i + 1], up[j + 1]), (across[i], up[j + 1])]
        for j, i in np.argwhere(which)
    ]
    if corners:
        collection = PolyCollection(corners, facecolors="none", edgecolors=colour, linewidths=0, hatch=hatch)
        collection.set_rasterized(len(corners) > MOST_DRAWN)
        ax.add_collection(collection, autolim=False)


def draw_lines(ax: Axes, lines: Lines, **how: Any) -> None:
    """Draw contour lines, each dark on a light rim, so that they are seen on any colour."""
    for line in lines:
        ax.plot(*line.T, color="white", lw=how["lw"] + 1.8, alpha=0.8, zorder=2.9)
    for line in lines:
        ax.plot(*line.T, **{"color": INK, "zorder": 3, **how})


def colour_bar(
    figure: Figure,
    scale: dict[str, Any],
    words: str,
    *,
    left: float,
    bottom: float,
    width: float,
    ticks: Any,
    labels: Any,
) -> None:
    """Draw a colour bar with its words above, `left`, `bottom` and `width` in inches."""
    wide, high = figure.get_size_inches()
    axes = figure.add_axes((left / wide, bottom / high, width / wide, 0.13 / high))
    bar = figure.colorbar(ScalarMappable(**scale), cax=axes, orientation="horizontal")
    bar.outline.set_visible(False)  # type: ignore[operator]
    axes.set_xticks(ticks, labels)
    axes.tick_params(labelsize=9.5, length=2)
    figure.text(left / wide, (bottom + 0.19) / high, words, va="bottom", ha="left", size=10)


# Draw where each route does better: colour by the paired difference, hatching by what the intervals leave open.


BLUE = ("#08477a", "#4f97c7", "#b9d4e6")
ORANGE = ("#9c3d00", "#e0803c", "#f5cfb0")
NEUTRAL = "#f5f5f2"
MOST_NUMBERS = 11
"""Columns above which the cells hold no numbers: they would not fit."""


def draw_difference(found: RouteMap) -> Picture:
    """Return the map of differences."""
    words, origin = route_map.headline(found), source(found)
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
        name="map", scenario=found.plan.arms[0].scenario, title=words,
        alt=describe_difference(found), caption=caption(found),
        table=difference_table(found), figure=figure, provenance=origin,
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
                    weight="bold" if unsided(verdicts[j, i]) == "ahead" else "normal",
                    bbox={"boxstyle": "round,pad=0.08", "facecolor": colour, "edgecolor": "none", "alpha": 0.85},
                )  # fmt: skip


def _keys(figure: Figure, found: RouteMap, scale: dict[str, Any]) -> None:
    """Say below the map what colours, hatching and lines mean."""
    how, (first, second) = shown(found.plan.outcome), names(found)
    top = scale["norm"].vmax
    ticks = np.linspace(-top, top, 5)
    labels = [f"{tick:+.3g}".replace("-", MINUS) if tick else "0" for tick in ticks]
    title = f"{how.title}, {how.unit}: {first} minus {second}".replace(", :", ":")
    colour_bar(figure, scale, title, left=0.95, bottom=1.36, width=5.55, ticks=ticks, labels=labels)
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
        some.append(Patch(facecolor="none", edgecolor="#6b6b6b", hatch="////", lw=0, label=say(OPEN)))
    if found.count(SAME):
        label = f"{say(SAME)} (within ±{matters(found)})" if matters(found) else "no difference"
        some.append(Patch(facecolor=NEUTRAL, edgecolor="#8a8a8a", hatch="..", lw=0, label=label))
    if drawn.break_even:
        label = "break-even" if changes_sides(found) else "mean difference zero"
        some.append(Line2D([], [], color=INK, label=label, **_line(found)))
    if drawn.low or drawn.high:
        some.append(Line2D([], [], color=INK, lw=1.1, ls=(0, (4, 2)), label="an end of the interval is zero"))
    if found.count("not measured"):
        some.append(Patch(facecolor="#d9d9d9", label=say("not measured")))
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
    bold, leaning = (said in map(unsided, verdicts) for said in ("ahead", "leans"))
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


def describe_difference(found: RouteMap) -> str:
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


def difference_table(found: RouteMap) -> pl.DataFrame:
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
    return say("not measured") if np.isnan(row["low"]) else interval(outcome, row["low"], row["high"])


# Draw what each route comes to over the map: two small maps side by side, one scale.


DASHED = (0, (3, 1.6))


def draw_levels(found: RouteMap) -> Picture:
    """Return the maps of both routes' middle runs."""
    words, origin = headline(found), source(found)
    margins = Margins(left=0.95, right=0.25, top=0.32, bottom=0.75, across=0.3)
    figure, axes = sheet(words, origin, rows=1, columns=2, panel_height=2.6, margins=margins, extra=0.85)
    scale = level_scale(found)
    for k, (ax, side, name) in enumerate(zip(axes, ("first", "second"), names(found), strict=True)):
        _panel(ax, found, side, capital(name), scale, left=k == 0)
    how, norm = shown(found.plan.outcome), scale["norm"]
    ticks = [tick for tick in MaxNLocator(5).tick_values(norm.vmin, norm.vmax) if norm.vmin <= tick <= norm.vmax]
    unit = f", {how.unit}" if how.unit else ""
    colour_bar(
        figure, scale, f"{how.title}{unit}: the middle run", left=0.95, bottom=0.72, width=2.6, ticks=ticks,
        labels=[f"{tick:g}".replace("-", MINUS) for tick in ticks],
    )  # fmt: skip
    if found.plan.outcome == "practice":
        figure.legend(
            handles=_handles(), loc="lower right", bbox_to_anchor=(1 - 0.25 / 6.8, 0.5 / figure.get_size_inches()[1]),
            frameon=False, fontsize=9.5, handlelength=2.2, borderaxespad=0,
        )  # fmt: skip
    return Picture(
        name="map-of-levels", scenario=found.plan.arms[0].scenario, title=words, alt=describe_levels(found),
        caption=f"{capital(measure(found))}: the middle run of each route in each cell, in one scale for both.",
        table=levels_table(found), figure=figure, provenance=origin,
    )  # fmt: skip


def level_scale(found: RouteMap) -> dict[str, Any]:
    """Return colour map and limits shared by both panels: the lighter, the more."""
    factor = shown(found.plan.outcome).factor
    known = factor * np.concatenate([found.grid(f"{side}_median").ravel() for side in ("first", "second")])
    known = known[np.isfinite(known)]
    if not len(known):
        return {"cmap": "cividis", "norm": Normalize(0, 1)}
    low, high = min(0.0, float(np.floor(known.min()))), max(float(np.ceil(known.max())), 0.0)
    return {"cmap": "cividis", "norm": Normalize(low, high if high > low else low + 1)}


def _panel(ax: Axes, found: RouteMap, side: str, heading: str, scale: dict[str, Any], *, left: bool) -> None:
    values = shown(found.plan.outcome).factor * found.grid(f"{side}_median")
    draw_cells(ax, found, values, scale)
    if found.plan.outcome == "practice":
        for at, how in ((FLAT, DASHED), (COLLABORATIVE, "-")):
            for line in zero_lines(found.xs, found.ys, values, level=10 * at):
                ax.plot(*line.T, color="white", lw=3.4, zorder=2.9)
                ax.plot(*line.T, color=INK, lw=1.6, ls=how, zorder=3)
    draw_axes(ax, found, most=5, left=left, wide=26)
    ax.annotate(
        heading, (0, 1), xycoords="axes fraction", xytext=(0, 5), textcoords="offset points", weight="bold", size=10.5,
        color=INK,
    )  # fmt: skip


def _handles() -> list[Any]:
    flat, far = number(10 * FLAT, 0), number(10 * COLLABORATIVE, 1)
    return [
        Line2D([], [], color=INK, lw=1.6, ls=DASHED, label=f"{flat} of 10: flat below it"),
        Line2D([], [], color=INK, lw=1.6, label=f"{far} of 10: taken up above it"),
    ]


def headline(found: RouteMap) -> str:
    """Say how far the level moves over the map, under either route."""
    values = np.concatenate([found.grid(f"{side}_median").ravel() for side in ("first", "second")])
    known = values[~np.isnan(values)]
    if not len(known):
        return f"{place(found)}: what each route comes to was not measured"
    low, high = (level(found.plan.outcome, float(end)) for end in (known.min(), known.max()))
    unit = " of 10" if shown(found.plan.outcome).factor == 10 else ""
    return f"{place(found)}: the middle run ends between {low} and {high}{unit} across the map and the two routes"


def describe_levels(found: RouteMap) -> str:
    """Describe the maps for those who can't see them."""
    parts = []
    for side, name in zip(("first", "second"), names(found), strict=True):
        values = found.grid(f"{side}_median").ravel()
        known = values[~np.isnan(values)]
        if len(known):
            parts.append(f"{name}: {band(found.plan.outcome, float(known.min()), float(known.max()))}")
    what = f"Two maps of {measure(found)}, the middle run in each cell."
    return f"{what} {capital('; '.join(parts))}. {levels_sentence(found)}"


def levels_table(found: RouteMap) -> pl.DataFrame:
    """Return each cell's levels with their 90% bands, in the scale shown."""
    plan, rows = found.plan, list(found.cells.iter_rows(named=True))
    columns = {
        capital(axis_title(plan.x)): [value(row["x"]) for row in rows],
        capital(axis_title(plan.y)): [value(row["y"]) for row in rows],
    }
    for side, name in zip(("first", "second"), names(found), strict=True):
        columns[capital(name)] = [level(plan.outcome, row[f"{side}_median"]) for row in rows]
        columns[f"{capital(name)}, nine runs in ten"] = [
            band(plan.outcome, row[f"{side}_low"], row[f"{side}_high"]) for row in rows
        ]
    return pl.DataFrame(columns)


# Draw a map's figures: where each route does better, and what each route comes to.


def draw_route_map(found: RouteMap) -> tuple[Picture, ...]:
    """Return the figures in reading order; the same map gives the same bytes every time."""
    with house_style():
        return draw_difference(found), draw_levels(found)
