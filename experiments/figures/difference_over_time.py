"""Draw the paired difference between the two main routes over time: its interval, and what is too small to matter."""

import numpy as np
import polars as pl
from matplotlib.axes import Axes

from experiments.comparison import Comparison
from experiments.figures.sheet import Margins, Picture, provenance, sheet
from experiments.figures.style import BAND, FAINT, INK, SOFT
from experiments.reading import contrast, difference_path, in_text, replicates, title
from experiments.shown import PRACTICE_MATTERS, difference, interval
from experiments.statistics import Verdict, verdict
from experiments.wording import capital

STEP = 12
SPELL = 3
"""Months in a row that a route has to be clearly ahead to be told of."""
LINE = "#5D3A9B"


def draw(comparison: Comparison, scenario: str, pair: tuple[str, str]) -> Picture:
    """Return the figure of the paired difference, the first route of the pair minus the second."""
    path = difference_path(comparison, scenario, *pair)
    source = provenance(comparison, scenario)
    words = headline(comparison, scenario, pair, path)
    first, second = (in_text(comparison, route) for route in pair)
    figure, (ax,) = sheet(words, source, rows=1, columns=1, panel_height=3.0, margins=Margins(left=0.82, top=0.15))
    _draw_difference(ax, path, first, second)
    return Picture(
        name="difference-over-time", scenario=scenario, title=words, alt=describe(comparison, scenario, pair, path),
        caption=f"{capital(first)} minus {second} on the same seeds: mean and 95% interval, month by month. Shaded "
        "grey: differences too small to matter.",
        table=table(path, replicates(comparison, scenario)), figure=figure, provenance=source,
    )  # fmt: skip


def _draw_difference(ax: Axes, path: np.ndarray, first: str, second: str) -> None:
    mean, low, high = 10 * path
    months = np.arange(len(mean))
    matters = 10 * PRACTICE_MATTERS
    bottom, top = 1.2 * min(low.min(), -2.4 * matters), 1.2 * max(high.max(), 2.4 * matters)
    ax.axhspan(-matters, matters, facecolor=BAND, edgecolor=FAINT, lw=0.5, zorder=0)
    ax.axhline(0, color=INK, lw=1.0, zorder=1)
    ax.fill_between(months, low, high, color=LINE, alpha=0.25, lw=0, zorder=2)
    ax.plot(months, low, color=LINE, lw=0.7, zorder=2)
    ax.plot(months, high, color=LINE, lw=0.7, zorder=2)
    ax.plot(months, mean, color=LINE, lw=2.2, zorder=3)
    ax.set_ylim(bottom, top)
    ax.set_xlim(0, len(mean) - 1)
    ax.set_xticks(np.arange(0, len(mean), 24 if len(mean) > 48 else 12))
    ax.set_xlabel("month of the programme")
    ax.set_ylabel("difference in practice, 0\u201310")
    for y, words, va in ((0.985, f"above: {first} is higher", "top"), (0.015, f"below: {second} is higher", "bottom")):
        ax.text(0.015, y, words, transform=ax.transAxes, va=va, size=10.5, color=INK)
    ax.annotate(
        "grey: no difference that matters", (len(mean) - 1, -matters), xytext=(-4, -3), textcoords="offset points",
        ha="right", va="top", size=9.5, color=SOFT,
    )  # fmt: skip


def headline(comparison: Comparison, scenario: str, pair: tuple[str, str], path: np.ndarray) -> str:
    """Say which route is ahead when, where the intervals allow it, and how it ends."""
    names, runs = {route: in_text(comparison, route) for route in pair}, replicates(comparison, scenario)
    found, last = contrast(comparison, scenario, *pair), path.shape[1] - 1
    parts = [
        f"{names[pair[0] if above else pair[1]]} is ahead in months {start}\u2013{end}"
        for start, end, above in spells(path, runs)
        if end < last
    ]
    end = path[:, -1] if found is None else np.array([found.difference, found.adjusted_low, found.adjusted_high])
    parts.append(ending(names[pair[0]], names[pair[1]], end, runs))
    return f"{title(comparison, scenario)}: {', then '.join(parts)}"


def verdicts(path: np.ndarray, runs: int) -> list[Verdict]:
    """Return the verdict of every month."""
    bounds = zip(path[1], path[2], strict=True)
    return [verdict(low, high, matters=PRACTICE_MATTERS, replicates=runs) for low, high in bounds]


def spells(path: np.ndarray, runs: int) -> list[tuple[int, int, bool]]:
    """Return the stretches of three months or more in which a route is clearly ahead: first month, last, which side."""
    found: list[tuple[int, int, bool]] = []
    sides = [mean > 0 if said == "ahead" else None for said, mean in zip(verdicts(path, runs), path[0], strict=True)]
    start = 0
    for month in range(1, len(sides) + 1):
        if month == len(sides) or sides[month] != sides[start]:
            side = sides[start]
            if side is not None and month - start >= SPELL:
                found.append((start, month - 1, bool(side)))
            start = month
    return found


def ending(first: str, second: str, end: np.ndarray, runs: int) -> str:
    """Say how it ends, from mean, low and high at the last month."""
    said = verdict(end[1], end[2], matters=PRACTICE_MATTERS, replicates=runs)
    points = difference("practice", abs(end[0])).removeprefix("+")
    name = first if end[0] > 0 else second
    if said == "ahead":
        return f"{name} ends ahead by {points} of 10"
    if said == "leans":
        return f"the end leans to {name}, by {points} of 10"
    if said == "undecided":
        return f"these runs do not decide between {first} and {second} at the end"
    if said == "too few replicates":
        return f"too few runs to tell {first} from {second}"
    return f"no difference that matters at the end between {first} and {second}"


def describe(comparison: Comparison, scenario: str, pair: tuple[str, str], path: np.ndarray) -> str:
    """Describe the figure for those who can't see it."""
    last = path.shape[1] - 1
    at = [m for m in (24, 60, last) if m <= last]
    values = "; ".join(
        f"month {m}: {difference('practice', path[0, m])} ({interval('practice', path[1, m], path[2, m])})"
        for m in dict.fromkeys(at)
    )
    first, second = (in_text(comparison, route) for route in pair)
    return (
        f"Line of the mean paired difference in practice, {first} minus {second}, in {title(comparison, scenario)}, "
        f"with its 95% interval and a zero line. {capital(values)}."
    )


def table(path: np.ndarray, runs: int) -> pl.DataFrame:
    """Return difference, interval and verdict by year, in the scale shown."""
    last = path.shape[1] - 1
    months = sorted({*range(0, last + 1, STEP), last})
    said = verdicts(path, runs)
    return pl.DataFrame(
        {
            "Month": [str(m) for m in months],
            "Difference": [difference("practice", path[0, m]) for m in months],
            "95% interval": [interval("practice", path[1, m], path[2, m]) for m in months],
            "Verdict": [said[m] for m in months],
        }
    )
