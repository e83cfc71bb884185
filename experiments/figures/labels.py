"""Write labels at the ends of lines, moved apart where they would overlap."""

import textwrap

import numpy as np
from matplotlib.axes import Axes

from experiments.figures.style import INK


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
