"""Draw practice over time under each route: median and 90% band, a panel a route."""

import numpy as np
import polars as pl
from matplotlib.axes import Axes

from experiments.comparison import Comparison
from experiments.figures.sheet import Picture, provenance, sheet
from experiments.figures.style import FAINT, INK, SOFT, darker, route_line
from experiments.reading import NO_PARTNER, exit_month, in_order, in_text, last_month, path_band, title
from experiments.shown import band, level
from experiments.wording import capital, joined
from simulation.text import counted

STEP = 12
"""Months between rows of the table behind the figure."""


def draw(comparison: Comparison, scenario: str) -> Picture:
    """Return the figure of all routes over time in a scenario."""
    bands = {route: path_band(comparison, scenario, route, "practice") for route in in_order(comparison)}
    month = last_month(comparison, scenario)
    top = 10 * max(values[2].max() for values in bands.values())
    source = provenance(comparison, scenario)
    words = headline(comparison, scenario, bands, month)
    columns = 2 if len(bands) > 1 else 1
    rows = -(-len(bands) // columns)
    figure, axes = sheet(words, source, rows=rows, columns=columns, panel_height=1.45)
    for ax, route in zip(axes, bands, strict=False):
        _panel(ax, comparison, scenario, route, bands, month)
        ax.set_ylim(0, max(1.0, 1.12 * top))
    for ax in axes[len(bands) :]:
        ax.set_visible(False)
    for k, ax in enumerate(axes[: len(bands)]):
        if k + columns >= len(bands):
            ax.tick_params(labelbottom=True)
            ax.set_xlabel("month of the programme")
        if k % columns == 0:
            ax.set_ylabel("practice, 0\u201310")
    return Picture(
        name="routes-over-time", scenario=scenario, title=words, alt=describe(comparison, scenario, bands, month),
        caption=caption(comparison, tuple(bands), month),
        table=table(comparison, bands, month), figure=figure, provenance=source,
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


def _panel(
    ax: Axes, comparison: Comparison, scenario: str, route: str, bands: dict[str, np.ndarray], month: int
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


def headline(comparison: Comparison, scenario: str, bands: dict[str, np.ndarray], month: int) -> str:
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


def describe(comparison: Comparison, scenario: str, bands: dict[str, np.ndarray], month: int) -> str:
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


def table(comparison: Comparison, bands: dict[str, np.ndarray], month: int) -> pl.DataFrame:
    """Return median and band by route and year, in the scale shown."""
    months = sorted({*range(0, month + 1, STEP), month})
    columns: dict[str, list[str]] = {"Month": [str(m) for m in months]}
    for route, (low, median, high) in bands.items():
        columns[title(comparison, route)] = [
            f"{level('practice', median[m])} ({band('practice', low[m], high[m])})" for m in months
        ]
    return pl.DataFrame(columns)
