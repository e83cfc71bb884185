"""Draw rows of dots with their intervals, a factor a row, and say where a figure comes from."""

import textwrap
from collections.abc import Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from experiments.analysis.findings import Analysis
from experiments.figures.sheet import Margins, sheet
from experiments.figures.style import INK, SOFT
from simulation.text import counted

MAIN, OTHER = "#0072B2", "#D55E00"
ROW = 0.42
NAMES = 1.95
"""Inches of a row, and left of the panel for names."""


def provenance(analysis: Analysis) -> str:
    """Return where a figure comes from, in a line: sweep, seeds, runs, version."""
    work, manifest = analysis.work, analysis.manifest
    commit = manifest.get("commit") or ""
    made = f"behaviours {manifest['version']}" + (f" ({commit[:7]})" if commit else "")
    runs = f"{analysis.basis.done:,} of {counted(analysis.basis.runs, 'run')}"
    seeds = f"seeds {work.first_seed}–{work.first_seed + work.replicates - 1}"
    return f"{work.title or 'a sweep'}, {runs}, {seeds}, {made}"


def rows_sheet(
    title: str, source: str, names: Sequence[str], *, key: bool = False, row: float = ROW, left: float = NAMES
) -> tuple[Figure, Axes]:
    """Return a figure with a panel of rows, each beside its name, from the top down.

    `key` leaves room for a key, `row` is the inches of a row, `left` those for names.
    """
    margins = Margins(left=left, right=0.3, top=0.42 if key else 0.1, bottom=0.6)
    figure, (ax,) = sheet(
        title, source, rows=1, columns=1, panel_height=row * max(2, len(names)) + 0.1, margins=margins
    )
    ax.set_ylim(len(names) - 0.5, -0.5)
    ax.set_yticks(range(len(names)), ["\n".join(textwrap.wrap(name, round(12 * left))[:2]) for name in names])
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)
    return figure, ax


def dot(ax: Axes, row: float, value: float, low: float, high: float, **look: Any) -> None:
    """Draw a dot and its interval."""
    colour = look.pop("color", INK)
    ax.plot([low, high], [row, row], color=colour, lw=2.0, solid_capstyle="butt", zorder=2)
    ax.plot([value], [row], color=colour, ls="", zorder=3, marker=look.pop("marker", "o"), ms=look.pop("ms", 7), **look)


def stripes(ax: Axes, rows: int) -> None:
    """Draw a faint line under every row."""
    for row in range(rows - 1):
        ax.axhline(row + 0.5, color="#e6e6e6", lw=0.6, zorder=0)


def key(ax: Axes) -> None:
    """Draw the key above the panel."""
    ax.legend(
        loc="lower left", bbox_to_anchor=(0, 1.0), ncols=3, frameon=False, fontsize=9.5, handletextpad=0.4,
        borderaxespad=0.1, labelcolor=INK,
    )  # fmt: skip


def beside(ax: Axes, row: float, words: str) -> None:
    """Write words at the right end of a row, inside the panel."""
    ax.annotate(
        words, (1, row), xycoords=("axes fraction", "data"), xytext=(-2, 0), textcoords="offset points", ha="right",
        va="center", size=9, color=SOFT,
    )  # fmt: skip
