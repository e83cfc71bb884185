"""Draw what a map's figures share: cells, axes, lines, a colour bar, and where the figure comes from."""

from textwrap import fill
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.collections import PolyCollection
from matplotlib.figure import Figure

from experiments.factors import Factor
from experiments.figures.style import INK
from experiments.mapping.contours import Floats, Lines
from experiments.mapping.reading import RouteMap
from experiments.mapping.words import axis_label, pairs_words, value

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
