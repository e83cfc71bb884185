"""A place: heat map and network."""

from typing import Any

import numpy as np
import polars as pl
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from experiments.arms import NO_PARTNER
from experiments.comparison import Comparison, PlacePicture, in_text, last_month, title
from experiments.reporting.figures.layout import is_crowded, positions
from experiments.reporting.figures.sheet import Margins, Picture, comparison_provenance, sheet
from experiments.reporting.figures.style import INK, KIND_MARKERS, SOFT, in_lines, practice_bar, practice_scale
from experiments.reporting.numbers import capital, joined, lower
from simulation.outcomes import level
from simulation.text import counted
from simulation.vocabulary import BEHAVIOURS, KIND_IDS, KINDS

KIND_TITLES = {kind.id: kind.title for kind in KINDS}
TALLEST, ALL = 8.0, 13.0
"""Inches that a panel takes at most, and a column of them, however many organisations there are."""
ACROSS = 3
"""Panels side by side at most."""
HEAT_MAP_HEADING = 18
"""Letters that a panel's heading has room for in a line."""


def draw_heat_map(comparison: Comparison, scenario: str, routes: tuple[str, ...]) -> Picture:
    """Return the heat map of a scenario; rows are organisations by kind, columns the nine behaviours."""
    who = comparison.pictures[scenario]
    month, source = last_month(comparison, scenario), comparison_provenance(comparison, scenario)
    rows = by_kind(who)
    panels = heat_map_panels(comparison, scenario, routes, month)
    words = heat_map_headline(comparison, scenario, routes)
    columns = min(ACROSS, len(panels))
    down = -(-len(panels) // columns)
    height = min(TALLEST, max(2.2, 0.165 * len(rows)), max(2.2, ALL / down))
    lines = max(len(in_lines(heading, HEAT_MAP_HEADING)) for heading, _ in panels)
    margins = Margins(left=1.95, right=0.15, top=0.21 * lines, bottom=0.42, across=0.14, down=1.1)
    figure, axes = sheet(
        words,
        source,
        rows=down,
        columns=columns,
        panel_height=height,
        margins=margins,
        extra=0.6,
        sharex=False,
        count=len(panels),
    )
    scale = practice_scale([values for _, values in panels])
    for ax, (heading, values) in zip(axes, panels, strict=True):
        _heat_map_panel(ax, heading, 10 * values[rows], scale)
    for ax in axes[::columns]:
        _label_kinds(ax, [who.kinds[i] for i in rows])
    practice_bar(figure, scale, left=margins.left, bottom=0.64)
    return Picture(
        name="organisations-and-behaviours", scenario=scenario, title=words,
        alt=describe_heat_map(comparison, scenario, who, panels),
        caption="Each row is an organisation, grouped by kind; each column one of the nine behaviours, by its number: "
        "1\u20133 perspective, 4\u20136 power, 7\u20139 participation. Means over all runs.",
        table=heat_map_table(who, rows, panels), figure=figure, provenance=source,
    )  # fmt: skip


def by_kind(who: PlacePicture) -> list[int]:
    """Return the organisations' rows by kind, the largest first within a kind."""
    return sorted(range(len(who.ids)), key=lambda i: (KIND_IDS.index(who.kinds[i]), -who.size[i], who.ids[i]))


def heat_map_panels(
    comparison: Comparison, scenario: str, routes: tuple[str, ...], month: int
) -> list[tuple[str, np.ndarray]]:
    """Return headings and practice (N, 9): before, and after each route."""
    first = comparison.portraits[scenario, routes[0]]
    after = [
        (f"{title(comparison, route)}\nmonth {month}", comparison.portraits[scenario, route].practice_after)
        for route in routes
    ]
    return [("Before\nmonth 0", first.practice_before), *after]


def _heat_map_panel(ax: Axes, heading: str, values: np.ndarray, scale: dict) -> None:  # type: ignore[type-arg]
    ax.pcolormesh(values, **scale, edgecolors="white", linewidth=0.25, rasterized=len(values) > 100)
    ax.set_xlim(0, len(BEHAVIOURS))
    ax.set_ylim(len(values), 0)
    ax.annotate(
        "\n".join(in_lines(heading, HEAT_MAP_HEADING)), (0, 1), xycoords="axes fraction", xytext=(0, 5),
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


def heat_map_headline(comparison: Comparison, scenario: str, routes: tuple[str, ...]) -> str:
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


def describe_heat_map(
    comparison: Comparison, scenario: str, who: PlacePicture, panels: list[tuple[str, np.ndarray]]
) -> str:
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


def heat_map_table(who: PlacePicture, rows: list[int], panels: list[tuple[str, np.ndarray]]) -> pl.DataFrame:
    """Return each organisation's mean practice in each panel, and each behaviour's after the last."""
    columns: dict[str, list[str]] = {
        "Organisation": [who.names[i] for i in rows],
        "Kind": [KIND_TITLES[who.kinds[i]] for i in rows],
    }
    for heading, values in panels:
        name = heading.replace("\n", ", ")
        columns[name] = [level("practice", values[i].mean()) for i in rows]
    return pl.DataFrame(columns)


# Draw a place's network before and after: size of organisations, kind by shape, practice by colour, trust by width.


NETWORK_HEADING = 34
"""Letters that a panel's heading has room for in a line."""
LEGEND_COLUMNS, LEGEND_LINE = 3, 0.22


def draw_network(comparison: Comparison, scenario: str, routes: tuple[str, ...]) -> Picture:
    """Return the network of a scenario before, without a partner where that was run, and after each route."""
    who, month = comparison.pictures[scenario], last_month(comparison, scenario)
    panels = network_panels(comparison, scenario, routes, month)
    source, words = comparison_provenance(comparison, scenario), network_headline(comparison, scenario, panels)
    kinds = sorted(set(who.kinds), key=KIND_IDS.index)
    legend = LEGEND_LINE * -(-len(kinds) // LEGEND_COLUMNS)
    rows = -(-len(panels) // 2)
    margins = Margins(left=0.15, right=0.15, top=0.34, bottom=0.12, across=0.25, down=0.52)
    figure, axes = sheet(
        words, source, rows=rows, columns=2, panel_height=2.9, margins=margins, extra=legend + 0.72, count=len(panels)
    )
    scale = practice_scale([practice.mean(axis=1) for _, practice, _ in panels])
    where = positions(who)
    for ax, (heading, practice, trust) in zip(axes, panels, strict=True):
        _network_panel(ax, who, where, practice.mean(axis=1), trust, scale)
        ax.set_title("\n".join(in_lines(heading, NETWORK_HEADING)), weight="bold", color=INK, pad=4)
    practice_bar(figure, scale, left=0.2, bottom=0.66 + legend)
    if len(who.tie_from) and not is_crowded(who):
        _widths(figure, left=4.35, bottom=0.66 + legend)
    _shapes(figure, kinds, top=0.42 + legend)
    return Picture(
        name="network", scenario=scenario, title=words, alt=describe_network(comparison, scenario, who, panels),
        caption=caption(who),
        table=network_table(panels), figure=figure, provenance=source,
    )  # fmt: skip


def caption(who: PlacePicture) -> str:
    """Say how to read the network."""
    marks = "Every mark is an organisation, the larger the more weight it has"
    if is_crowded(who):
        return f"{marks}. The {len(who.tie_from):,} relationships are too many to draw. Means over all runs."
    if not len(who.tie_from):
        return f"{marks}. No relationships are known. Means over all runs."
    return (
        f"{marks}; every line a working relationship. Positions mean nothing but who works with whom, and "
        "are the same in each panel. Means over all runs."
    )


Panel = tuple[str, np.ndarray, np.ndarray]


def network_panels(comparison: Comparison, scenario: str, routes: tuple[str, ...], month: int) -> list[Panel]:
    """Return heading, practice (N, 9) and trust (L,) of each panel."""
    wanted = dict.fromkeys((NO_PARTNER, *routes))
    seen = comparison.portraits
    after = [(route, seen[scenario, route]) for route in wanted if (scenario, route) in seen]
    before = after[0][1]
    return [("Before", before.practice_before, before.trust_before)] + [
        (f"{title(comparison, route)}, month {month}", view.practice_after, view.trust_after) for route, view in after
    ]


def _network_panel(
    ax: Axes, who: PlacePicture, where: np.ndarray, practice: np.ndarray, trust: np.ndarray, scale: dict[str, Any]
) -> None:
    crowded = is_crowded(who)
    if not crowded:
        lines = list(np.stack([where[who.tie_from], where[who.tie_to]], axis=1))
        ax.add_collection(LineCollection(lines, linewidths=width_of(trust), colors="#8c8c8c", alpha=0.65, zorder=1))
    relative = who.size / who.size.max()
    area = (34 + 190 * relative) * min(1.0, 45 / len(who.ids))
    kinds = np.array(who.kinds)
    for kind in sorted(set(who.kinds), key=KIND_IDS.index):
        here = kinds == kind
        factor = 1.5 if KIND_MARKERS[kind] == "*" else 1.0
        ax.scatter(
            where[here, 0], where[here, 1], s=factor * area[here], c=10 * practice[here], marker=KIND_MARKERS[kind],
            edgecolors=INK, linewidths=0.2 if crowded else 0.6, zorder=2, rasterized=crowded, **scale,
        )  # fmt: skip
    ax.set_xlim(-0.05, 1.05)
    ax.set_ylim(-0.05, 1.05)
    ax.set_axis_off()


def width_of(trust: np.ndarray) -> np.ndarray:
    """Return the width of a line in points: 0.1 without trust, 3 at full trust."""
    return 0.1 + 2.9 * np.asarray(trust, dtype=np.float64) ** 1.5


def _widths(figure: Figure, *, left: float, bottom: float) -> None:
    """Draw three lines that show what trust of 2, 5 and 8 looks like."""
    width, height = figure.get_size_inches()
    figure.text(left / width, (bottom + 0.065) / height, "trust", va="center", size=10)
    for k, trust in enumerate((0.2, 0.5, 0.8)):
        x = left + 0.5 + 0.65 * k
        figure.add_artist(
            Line2D([x / width, (x + 0.28) / width], [(bottom + 0.065) / height] * 2, color="#8c8c8c",
                   lw=float(width_of(np.array(trust))), transform=figure.transFigure)
        )  # fmt: skip
        figure.text((x + 0.33) / width, (bottom + 0.065) / height, f"{10 * trust:.0f}", va="center", size=10)


def _shapes(figure: Figure, kinds: list[str], *, top: float) -> None:
    """Write which shape stands for which kind, in three columns under the panels."""
    height = figure.get_size_inches()[1]
    handles = [
        Line2D([], [], ls="none", marker=KIND_MARKERS[kind], color=SOFT, ms=9 if KIND_MARKERS[kind] == "*" else 7,
               label=KIND_TITLES[kind])
        for kind in kinds
    ]  # fmt: skip
    figure.legend(
        handles=handles, loc="upper left", bbox_to_anchor=(0.0, top / height), ncols=LEGEND_COLUMNS, frameon=False,
        fontsize=9.5, handletextpad=0.2, columnspacing=1.0, borderaxespad=0.2, labelspacing=0.35,
    )  # fmt: skip


def network_headline(comparison: Comparison, scenario: str, panels: list[Panel]) -> str:
    """Say what becomes of trust from the first panel to the others."""
    place, means = title(comparison, scenario), [trust.mean() if len(trust) else 0.0 for _, _, trust in panels]
    start, alone = level("trust", means[0]), (scenario, NO_PARTNER) in comparison.portraits
    entered = means[2:] if alone else means[1:]
    ends = [level("trust", mean) for mean in entered]
    if len(ends) > 2:
        ends = [f"{level('trust', min(entered))}\u2013{level('trust', max(entered))}"]
    moves = "grows" if min(means[1:]) > means[0] else "falls" if max(means[1:]) < means[0] else "goes"
    parts = [f"to {joined(ends)} with a partner"] if ends else []
    parts += [f"to {level('trust', means[1])} without"] if alone else []
    return f"{place}: trust {moves} from {start} of 10 {', '.join(parts)}"


def describe_network(comparison: Comparison, scenario: str, who: PlacePicture, panels: list[Panel]) -> str:
    """Describe the networks for those who can't see them."""
    parts = [
        f"{heading}: mean practice {level('practice', practice.mean())}, mean trust "
        f"{level('trust', trust.mean() if len(trust) else 0.0)}"
        for heading, practice, trust in panels
    ]
    return (
        f"Network of {counted(len(who.ids), 'organisation')} and {counted(len(who.tie_from), 'relationship')} in "
        f"{title(comparison, scenario)}. {capital('; '.join(parts))}."
    )


def network_table(panels: list[Panel]) -> pl.DataFrame:
    """Return what each panel shows in numbers."""
    strong = [float((trust > 0.5).mean()) if len(trust) else 0.0 for _, _, trust in panels]
    return pl.DataFrame(
        {
            "Panel": [heading for heading, _, _ in panels],
            "Mean practice": [level("practice", practice.mean()) for _, practice, _ in panels],
            "Mean trust": [level("trust", trust.mean() if len(trust) else 0.0) for _, _, trust in panels],
            "Relationships with trust above 5": [level("reach", share) for share in strong],
        }
    )
