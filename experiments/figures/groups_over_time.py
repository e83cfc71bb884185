"""Draw the three groups of behaviours over time, a panel a route."""

import numpy as np
import polars as pl
from matplotlib.axes import Axes

from experiments.comparison import Comparison
from experiments.figures.labels import end_labels
from experiments.figures.sheet import Margins, Picture, provenance, sheet
from experiments.figures.style import GROUP_LINES, INK
from experiments.reading import NO_PARTNER, in_text, last_month, path_band, title
from experiments.shown import PRACTICE_MATTERS, level
from experiments.wording import capital, joined
from simulation.text import counted
from simulation.vocabulary import GROUPS

STEP = 12


def draw(comparison: Comparison, scenario: str, routes: tuple[str, ...]) -> Picture:
    """Return the figure of the groups of behaviours under some routes."""
    medians = {route: {group: path_band(comparison, scenario, route, group)[1] for group in GROUPS} for route in routes}
    month, source = last_month(comparison, scenario), provenance(comparison, scenario)
    words = headline(comparison, scenario, medians)
    columns = 2 if len(routes) > 1 else 1
    rows = -(-len(routes) // columns)
    margins = Margins(right=1.02, across=1.08)
    figure, axes = sheet(
        words, source, rows=rows, columns=columns, panel_height=1.45 if rows > 1 else 2.1, margins=margins
    )
    top = 10 * max(values.max() for groups in medians.values() for values in groups.values())
    for k, (ax, route) in enumerate(zip(axes, routes, strict=False)):
        ax.set_ylim(0, max(1.0, 1.08 * top))
        _panel(ax, medians[route], month)
        ax.set_title(title(comparison, route), weight="bold", color=INK, pad=5)
        if k + columns >= len(routes):
            ax.tick_params(labelbottom=True)
            ax.set_xlabel("month of the programme")
        if k % columns == 0:
            ax.set_ylabel("practice, 0\u201310")
    for ax in axes[len(routes) :]:
        ax.set_visible(False)
    return Picture(
        name="groups-over-time", scenario=scenario, title=words, alt=describe(comparison, scenario, medians, month),
        caption="Medians over all runs of the mean practice of each group's three behaviours. That perspective "
        "behaviours are easier and power behaviours harder is an assumption of the model.",
        table=table(comparison, medians, month), figure=figure, provenance=source,
    )  # fmt: skip


def _panel(ax: Axes, groups: dict[str, np.ndarray], month: int) -> None:
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


def headline(comparison: Comparison, scenario: str, medians: dict[str, dict[str, np.ndarray]]) -> str:
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


def describe(comparison: Comparison, scenario: str, medians: dict[str, dict[str, np.ndarray]], month: int) -> str:
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


def table(comparison: Comparison, medians: dict[str, dict[str, np.ndarray]], month: int) -> pl.DataFrame:
    """Return the medians by route, group and year, in the scale shown."""
    months = sorted({*range(0, month + 1, 2 * STEP), month})
    rows = [
        {"Route": title(comparison, route), "Group": capital(group)}
        | {f"Month {m}": level("practice", values[m]) for m in months}
        for route, groups in medians.items()
        for group, values in groups.items()
    ]
    return pl.DataFrame(rows)
