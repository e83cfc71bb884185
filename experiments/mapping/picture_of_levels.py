"""Draw what each route comes to over the map: two small maps side by side, one scale."""

from typing import Any

import numpy as np
import polars as pl
from matplotlib.axes import Axes
from matplotlib.colors import Normalize
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from experiments.figures.sheet import Margins, Picture, sheet
from experiments.figures.style import INK
from experiments.mapping.canvas import colour_bar, draw_axes, draw_cells, source
from experiments.mapping.contours import zero_lines
from experiments.mapping.reading import RouteMap
from experiments.mapping.words import axis_title, levels_sentence, measure, names, place, value
from experiments.shown import MINUS, band, level, number, shown
from experiments.wording import FLAT, capital
from simulation.observation import COLLABORATIVE

DASHED = (0, (3, 1.6))


def draw(found: RouteMap) -> Picture:
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
        name="map-of-levels", scenario=found.plan.arms[0].scenario, title=words, alt=describe(found),
        caption=f"{capital(measure(found))}: the middle run of each route in each cell, in one scale for both.",
        table=table(found), figure=figure, provenance=origin,
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


def describe(found: RouteMap) -> str:
    """Describe the maps for those who can't see them."""
    parts = []
    for side, name in zip(("first", "second"), names(found), strict=True):
        values = found.grid(f"{side}_median").ravel()
        known = values[~np.isnan(values)]
        if len(known):
            parts.append(f"{name}: {band(found.plan.outcome, float(known.min()), float(known.max()))}")
    what = f"Two maps of {measure(found)}, the middle run in each cell."
    return f"{what} {capital('; '.join(parts))}. {levels_sentence(found)}"


def table(found: RouteMap) -> pl.DataFrame:
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
