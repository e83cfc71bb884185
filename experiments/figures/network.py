"""Draw a place's network before and after: size of organisations, kind by shape, practice by colour, trust by width."""

from typing import Any

import numpy as np
import polars as pl
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from experiments.comparison import Comparison, PlacePicture
from experiments.figures.labels import in_lines
from experiments.figures.layout import is_crowded, positions
from experiments.figures.scale import practice_bar, practice_scale
from experiments.figures.sheet import Margins, Picture, provenance, sheet
from experiments.figures.style import INK, KIND_MARKERS, SOFT
from experiments.reading import NO_PARTNER, last_month, title
from experiments.shown import level
from experiments.wording import capital, joined
from simulation.text import counted
from simulation.vocabulary import KIND_IDS, KINDS

KIND_TITLES = {kind.id: kind.title for kind in KINDS}
HEADING = 34
"""Letters that a panel's heading has room for in a line."""
LEGEND_COLUMNS, LEGEND_LINE = 3, 0.22


def draw(comparison: Comparison, scenario: str, routes: tuple[str, ...]) -> Picture:
    """Return the network of a scenario before, without a partner where that was run, and after each route."""
    who, month = comparison.pictures[scenario], last_month(comparison, scenario)
    panels = panels_of(comparison, scenario, routes, month)
    source, words = provenance(comparison, scenario), headline(comparison, scenario, panels)
    kinds = sorted(set(who.kinds), key=KIND_IDS.index)
    legend = LEGEND_LINE * -(-len(kinds) // LEGEND_COLUMNS)
    rows = -(-len(panels) // 2)
    margins = Margins(left=0.15, right=0.15, top=0.34, bottom=0.12, across=0.25, down=0.52)
    figure, axes = sheet(words, source, rows=rows, columns=2, panel_height=2.9, margins=margins, extra=legend + 0.72)
    scale = practice_scale([practice.mean(axis=1) for _, practice, _ in panels])
    where = positions(who)
    for ax, (heading, practice, trust) in zip(axes, panels, strict=False):
        _panel(ax, who, where, practice.mean(axis=1), trust, scale)
        ax.set_title("\n".join(in_lines(heading, HEADING)), weight="bold", color=INK, pad=4)
    for ax in axes[len(panels) :]:
        ax.set_visible(False)
    practice_bar(figure, scale, left=0.2, bottom=0.66 + legend)
    if len(who.tie_from) and not is_crowded(who):
        _widths(figure, left=4.35, bottom=0.66 + legend)
    _shapes(figure, kinds, top=0.42 + legend)
    return Picture(
        name="network", scenario=scenario, title=words, alt=describe(comparison, scenario, who, panels),
        caption=caption(who),
        table=table(panels), figure=figure, provenance=source,
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


def panels_of(comparison: Comparison, scenario: str, routes: tuple[str, ...], month: int) -> list[Panel]:
    """Return heading, practice (N, 9) and trust (L,) of each panel."""
    wanted = dict.fromkeys((NO_PARTNER, *routes))
    seen = comparison.portraits
    after = [(route, seen[scenario, route]) for route in wanted if (scenario, route) in seen]
    before = after[0][1]
    return [("Before", before.practice_before, before.trust_before)] + [
        (f"{title(comparison, route)}, month {month}", view.practice_after, view.trust_after) for route, view in after
    ]


def _panel(
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


def headline(comparison: Comparison, scenario: str, panels: list[Panel]) -> str:
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


def describe(comparison: Comparison, scenario: str, who: PlacePicture, panels: list[Panel]) -> str:
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


def table(panels: list[Panel]) -> pl.DataFrame:
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
