"""Draw contrasts as dots with their intervals, row by row: a filled dot is ahead, an open one leans."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes

from experiments.figures.style import BAND, FAINT, INK
from experiments.reading import Contrast
from experiments.shown import PRACTICE_MATTERS

MARKERS = {"ahead": "o", "leans": "o", "no difference that matters": "s"}
"""Of a verdict; any other has a diamond."""


def key(shown: Sequence[Contrast]) -> str:
    """Say what each mark means that is drawn, and no other."""
    there = {found.verdict for found in shown}
    words = {
        "ahead": "filled: ahead",
        "leans": "open: leans",
        "no difference that matters": "square: no difference that matters",
    }
    open_ = sorted(there - set(words))
    said = [text for verdict, text in words.items() if verdict in there]
    return " \u00b7 ".join([*said, *([f"diamond: {' or '.join(open_)}"] if open_ else [])])


def draw_ground(ax: Axes, shown: Sequence[Contrast]) -> None:
    """Prepare axes for differences in practice, 0-10: their range, zero, and what is too small to matter."""
    matters = 10 * PRACTICE_MATTERS
    ends = 10 * np.array([[found.low, found.high] for found in shown])
    ends = ends[np.isfinite(ends).all(axis=1)]
    low, high = min([-1.6 * matters, *ends[:, 0]]), max([1.6 * matters, *ends[:, 1]])
    room = 0.06 * (high - low)
    ax.set_xlim(low - room, high + room)
    ax.axvspan(-matters, matters, facecolor=BAND, edgecolor=FAINT, lw=0.5, zorder=0)
    ax.axvline(0, color=INK, lw=1.0, zorder=1)
    ax.set_yticks([])
    ax.spines["left"].set_visible(False)


def draw_dot(ax: Axes, at: float, found: Contrast, *, size: float = 8) -> None:
    """Draw one contrast at a height."""
    ax.plot([10 * found.low, 10 * found.high], [at, at], color=INK, lw=size / 4, solid_capstyle="butt", zorder=2)
    ax.plot(
        [10 * found.difference], [at], marker=MARKERS.get(found.verdict, "D"), ms=size, color=INK, zorder=3,
        markerfacecolor=INK if found.verdict == "ahead" else "white", markeredgewidth=1.5,
    )  # fmt: skip
