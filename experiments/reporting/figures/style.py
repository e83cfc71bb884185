"""Colours, lines, practice scale, labels."""

import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize, to_hex, to_rgb
from matplotlib.figure import Figure

from experiments.reporting.figures.fonts import FAMILY, letters_told

WIDTH = 6.8
"""Inches: at half width the smallest words are still 5 points."""

INK, SOFT, FAINT, BAND = "#1a1a1a", "#595959", "#c4c4c4", "#ececec"

RC: dict[str, Any] = {
    "font.family": FAMILY,
    "text.parse_math": False,
    "font.size": 11.0,
    "axes.titlesize": 11.0,
    "axes.labelsize": 10.5,
    "xtick.labelsize": 10.0,
    "ytick.labelsize": 10.0,
    "axes.titlelocation": "left",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": SOFT,
    "axes.labelcolor": INK,
    "text.color": INK,
    "xtick.color": SOFT,
    "ytick.color": SOFT,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "figure.facecolor": "white",
    "savefig.facecolor": "white",
    "savefig.dpi": 150,
    "svg.fonttype": "path",
    "svg.hashsalt": "behaviours",
    "path.simplify": True,
}


class Line(NamedTuple):
    """How a route's line is drawn."""

    colour: str
    dashes: str | tuple[int, tuple[float, ...]]
    marker: str


_LINES = {
    "none": Line("#000000", (0, (1, 1.6)), "x"),
    "manifesto-led": Line("#0072B2", "-", "o"),
    "prototype-led": Line("#D55E00", (0, (6, 1.8)), "s"),
    "blended": Line("#009E73", (0, (6, 1.5, 1.2, 1.5)), "^"),
    "diagnostic-first": Line("#CC79A7", (0, (3, 1.5)), "D"),
    "diagnostic-first-depth": Line("#56B4E9", (0, (3, 1.5, 1, 1.5, 1, 1.5)), "v"),
    "opportunistic": Line("#E69F00", (0, (9, 2)), "P"),
}
_SPARE = (
    Line("#56B4E9", (0, (4, 1, 1, 1)), "h"),
    Line("#CC79A7", (0, (2, 1)), "<"),
    Line("#009E73", (0, (8, 1, 2, 1)), ">"),
    Line("#E69F00", (0, (5, 3)), "*"),
)
GROUP_LINES = {
    "perspective": Line("#0072B2", "-", "o"),
    "participation": Line("#009E73", (0, (6, 1.8)), "s"),
    "power": Line("#D55E00", (0, (2, 1.4)), "^"),
}
KIND_MARKERS = {
    "council": "*",
    "social-care": "s",
    "council-services": "D",
    "health": "P",
    "housing": "p",
    "police": "v",
    "justice": "^",
    "employment": "<",
    "education": "h",
    "voluntary": "o",
    "community": "X",
    "business": ">",
}


def route_line(route: str, routes: tuple[str, ...]) -> Line:
    """Return a route's line: the ready ones always look the same, others take the spare ones in order."""
    if route in _LINES:
        return _LINES[route]
    others = [name for name in routes if name not in _LINES]
    return _SPARE[others.index(route) % len(_SPARE)] if route in others else _SPARE[0]


def darker(colour: str) -> str:
    """Return a colour dark enough for a line on white that has to show in grey too."""
    red, green, blue = to_rgb(colour)
    return to_hex((0.72 * red, 0.72 * green, 0.72 * blue))


@contextmanager
def house_style() -> Iterator[None]:
    """Draw and save in the house style, whatever the user's own settings are, and put those back."""
    with letters_told(), matplotlib.rc_context():
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(RC)  # type: ignore[arg-type]
        yield


# Write labels at the ends of lines, moved apart where they would overlap.


def spread(positions: np.ndarray, gap: float, low: float, high: float) -> np.ndarray:
    """Return positions moved apart to at least `gap`, in the same order, within the limits where they fit."""
    order = np.argsort(positions, kind="stable")
    moved = positions[order].astype(float)
    for k in range(1, len(moved)):
        moved[k] = max(moved[k], moved[k - 1] + gap)
    moved -= max(0.0, (moved - positions[order]).mean())
    moved += max(0.0, low - moved[0]) - max(0.0, moved[-1] - high)
    result = np.empty_like(moved)
    result[order] = moved
    return result


def in_lines(words: str, letters: int, most: int = 2) -> list[str]:
    """Return words broken to lines of so many letters, each of their own lines into `most` at most.

    >>> in_lines("Diagnostic first, then depth and breadth\\nmonth 36", 17)
    ['Diagnostic first,', 'then depth [...]', 'month 36']
    """
    own = words.split("\n")
    return [
        line
        for one in own
        for line in textwrap.wrap(one, letters, max_lines=most, break_on_hyphens=False, placeholder=" [...]")
    ]


def end_labels(ax: Axes, labels: list[tuple[float, str]], *, size: float) -> None:
    """Write (height, words) beside the right edge of the axes."""
    figure = ax.figure
    low, high = ax.get_ylim()
    inches = ax.get_position().height * figure.get_size_inches()[1]  # type: ignore[union-attr]
    gap = 1.2 * size / 72 / inches * (high - low)
    heights = spread(np.array([height for height, _ in labels]), gap, low + gap / 2, high)
    for height, (_, words) in zip(heights, labels, strict=True):
        ax.annotate(
            words, (1, height), xycoords=("axes fraction", "data"), xytext=(5, 0), textcoords="offset points",
            va="center", size=size, color=INK, annotation_clip=False,
        )  # fmt: skip


# Colour practice by one scale that reads the same in grey: the lighter, the more.


def practice_scale(panels: list[np.ndarray]) -> dict[str, Any]:
    """Return colour map and limits for practice on 0-10, shared by all panels."""
    top = max(1.0, float(np.ceil(10 * max(values.max() for values in panels))))
    return {"cmap": "cividis", "norm": Normalize(0, top)}


def practice_bar(figure: Figure, scale: dict[str, Any], *, left: float, bottom: float) -> None:
    """Draw the colour bar under the panels, `left` and `bottom` in inches."""
    width, height = figure.get_size_inches()
    axes = figure.add_axes((left / width, bottom / height, 2.2 / width, 0.13 / height))
    bar = figure.colorbar(ScalarMappable(**scale), cax=axes, orientation="horizontal")
    bar.outline.set_visible(False)  # type: ignore[operator]
    top = int(scale["norm"].vmax)
    axes.set_xticks(np.arange(0, top + 1, 1 if top <= 5 else 2))
    axes.tick_params(labelsize=9.5, length=2)
    figure.text((left + 2.35) / width, (bottom + 0.065) / height, "practice, 0\u201310", va="center", size=10)
