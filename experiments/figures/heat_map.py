"""Draw every organisation and behaviour of a place as a heat map: before, and after each route."""

import numpy as np
import polars as pl
from matplotlib.axes import Axes

from experiments.comparison import Comparison, PlacePicture
from experiments.figures.labels import in_lines
from experiments.figures.scale import practice_bar, practice_scale
from experiments.figures.sheet import Margins, Picture, provenance, sheet
from experiments.figures.style import INK
from experiments.reading import NO_PARTNER, in_text, last_month, title
from experiments.shown import level
from experiments.wording import capital, joined
from simulation.text import counted
from simulation.vocabulary import BEHAVIOURS, KIND_IDS, KINDS

KIND_TITLES = {kind.id: kind.title for kind in KINDS}
TALLEST, ALL = 8.0, 13.0
"""Inches that a panel takes at most, and a column of them, however many organisations there are."""
ACROSS = 3
"""Panels side by side at most."""
HEADING = 18
"""Letters that a panel's heading has room for in a line."""


def draw(comparison: Comparison, scenario: str, routes: tuple[str, ...]) -> Picture:
    """Return the heat map of a scenario; rows are organisations by kind, columns the nine behaviours."""
    who = comparison.pictures[scenario]
    month, source = last_month(comparison, scenario), provenance(comparison, scenario)
    rows = by_kind(who)
    panels = panels_of(comparison, scenario, routes, month)
    words = headline(comparison, scenario, routes)
    columns = min(ACROSS, len(panels))
    down = -(-len(panels) // columns)
    height = min(TALLEST, max(2.2, 0.165 * len(rows)), max(2.2, ALL / down))
    lines = max(len(in_lines(heading, HEADING)) for heading, _ in panels)
    margins = Margins(left=1.95, right=0.15, top=0.21 * lines, bottom=0.42, across=0.14, down=1.1)
    figure, axes = sheet(
        words, source, rows=down, columns=columns, panel_height=height, margins=margins, extra=0.6, sharex=False
    )
    scale = practice_scale([values for _, values in panels])
    for ax, (heading, values) in zip(axes, panels, strict=False):
        _panel(ax, heading, 10 * values[rows], scale)
    for ax in axes[::columns]:
        _label_kinds(ax, [who.kinds[i] for i in rows])
    for ax in axes[len(panels) :]:
        ax.set_visible(False)
    practice_bar(figure, scale, left=margins.left, bottom=0.64)
    return Picture(
        name="organisations-and-behaviours", scenario=scenario, title=words,
        alt=describe(comparison, scenario, who, panels),
        caption="Each row is an organisation, grouped by kind; each column one of the nine behaviours, by its number: "
        "1\u20133 perspective, 4\u20136 power, 7\u20139 participation. Means over all runs.",
        table=table(who, rows, panels), figure=figure, provenance=source,
    )  # fmt: skip


def by_kind(who: PlacePicture) -> list[int]:
    """Return the organisations' rows by kind, the largest first within a kind."""
    return sorted(range(len(who.ids)), key=lambda i: (KIND_IDS.index(who.kinds[i]), -who.size[i], who.ids[i]))


def panels_of(
    comparison: Comparison, scenario: str, routes: tuple[str, ...], month: int
) -> list[tuple[str, np.ndarray]]:
    """Return headings and practice (N, 9): before, and after each route."""
    first = comparison.portraits[scenario, routes[0]]
    after = [
        (f"{title(comparison, route)}\nmonth {month}", comparison.portraits[scenario, route].practice_after)
        for route in routes
    ]
    return [("Before\nmonth 0", first.practice_before), *after]


def _panel(ax: Axes, heading: str, values: np.ndarray, scale: dict) -> None:  # type: ignore[type-arg]
    ax.pcolormesh(values, **scale, edgecolors="white", linewidth=0.25, rasterized=len(values) > 100)
    ax.set_xlim(0, len(BEHAVIOURS))
    ax.set_ylim(len(values), 0)
    ax.annotate(
        "\n".join(in_lines(heading, HEADING)), (0, 1), xycoords="axes fraction", xytext=(0, 5),
        textcoords="offset points", va="bottom", weight="bold", size=10.5, color=INK,
    )  # fmt: skip
    ax.set_xticks(np.arange(len(BEHAVIOURS)) + 0.5, [str(b.number) for b in BEHAVIOURS])
    ax.tick_params(length=0, labelsize=9)
    for edge in (3, 6):
        ax.axvline(edge, color="white", lw=2.2)
    for spine in ax.spines.values():
        spine.set_visible(False)
    ax.set_xlabel("behaviour", labelpad=2)


def _label_kinds(ax: Axes, kinds: list[str]) -> None:
    starts = [k for k, kind in enumerate(kinds) if k == 0 or kinds[k - 1] != kind]
    ends = [*starts[1:], len(kinds)]
    ax.set_yticks(
        [(start + end) / 2 for start, end in zip(starts, ends, strict=True)],
        [KIND_TITLES[kinds[start]] for start in starts],
    )
    ax.tick_params(axis="y", labelsize=9.5, pad=7)
    for start, end in zip(starts, ends, strict=True):
        ax.plot([-0.35, -0.35], [start + 0.12, end - 0.12], color=INK, lw=1.1, clip_on=False)


def kind_means(who: PlacePicture, practice: np.ndarray) -> dict[str, float]:
    """Return mean practice by kind of organisation."""
    kinds = np.array(who.kinds)
    return {kind: float(practice[kinds == kind].mean()) for kind in dict.fromkeys(who.kinds)}


def headline(comparison: Comparison, scenario: str, routes: tuple[str, ...]) -> str:
    """Say which kinds of organisation take up most and least, where the routes agree."""
    who, place = comparison.pictures[scenario], title(comparison, scenario)
    entered = [route for route in routes if route != NO_PARTNER] or list(routes)
    after = [comparison.portraits[scenario, route].practice_after for route in entered]
    means = [kind_means(who, practice) for practice in after]
    most = {max(kinds, key=lambda kind: kinds[kind]) for kinds in means}
    least = {min(kinds, key=lambda kind: kinds[kind]) for kinds in means}
    under = {1: f"with {in_text(comparison, entered[0])}", 2: "under both routes"}.get(
        len(entered), "under every route"
    )
    if len(routes) > len(entered) > 1:
        under += " with a partner"
    if len(means[0]) < 2:
        return f"{place}: how far each organisation takes up each behaviour"
    ends = [("highest", most), ("lowest", least)]
    parts = [f"{words} in “{lower(KIND_TITLES[next(iter(kinds))])}”" for words, kinds in ends if len(kinds) == 1]
    if parts:
        return f"{place}: practice ends {joined(parts)}, {under}"
    return f"{place}: which kinds of organisation take up most differs between the routes"


def lower(words: str) -> str:
    """Return a kind's title as it reads inside a sentence."""
    return words[:1].lower() + words[1:]


def describe(comparison: Comparison, scenario: str, who: PlacePicture, panels: list[tuple[str, np.ndarray]]) -> str:
    """Describe the heat map for those who can't see it."""
    parts = []
    for heading, values in panels:
        kinds = kind_means(who, values)
        top = sorted(kinds, key=lambda kind: -kinds[kind])
        ends = dict.fromkeys((top[0], top[-1]))
        words = joined([f"{lower(KIND_TITLES[kind])} {level('practice', kinds[kind])}" for kind in ends])
        parts.append(f"{heading.replace(chr(10), ', ').lower()}: mean {level('practice', values.mean())}, {words}")
    return (
        f"Heat map of {counted(len(who.ids), 'organisation')} by nine behaviours in {title(comparison, scenario)}. "
        f"{capital('; '.join(parts))}."
    )


def table(who: PlacePicture, rows: list[int], panels: list[tuple[str, np.ndarray]]) -> pl.DataFrame:
    """Return each organisation's mean practice in each panel, and each behaviour's after the last."""
    columns: dict[str, list[str]] = {
        "Organisation": [who.names[i] for i in rows],
        "Kind": [KIND_TITLES[who.kinds[i]] for i in rows],
    }
    for heading, values in panels:
        name = heading.replace("\n", ", ")
        columns[name] = [level("practice", values[i].mean()) for i in rows]
    return pl.DataFrame(columns)
