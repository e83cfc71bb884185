"""Fix how figures look: colours for every kind of sight, lines that differ in grey, type that is read at half width."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import matplotlib
from matplotlib.colors import to_hex, to_rgb

from experiments.figures.fonts import FAMILY, letters_told

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
