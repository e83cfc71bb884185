"""Draw the paired difference between the two main routes over time: its interval, and what is too small to matter."""

import numpy as np
import polars as pl
from matplotlib.axes import Axes

from experiments.comparison import Comparison
from experiments.figures.sheet import Margins, Picture, provenance, sheet
from experiments.figures.style import BAND, FAINT, INK, SOFT
from experiments.reading import contrast, difference_path, in_text, title
from experiments.shown import PRACTICE_MATTERS, difference, interval
from experiments.wording import Zone, capital, zone

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
        table=table(path), figure=figure, provenance=source,
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


def zones(path: np.ndarray) -> list[Zone]:
    """Return the verdict of every month."""
    return [zone(low, high) for low, high in zip(path[1], path[2], strict=True)]


def spell(path: np.ndarray, *, above: bool) -> tuple[int, int] | None:
    """Return the longest run of months, three or more, in which one side is clearly ahead: first and last month."""
    sign = 1 if above else -1
    clear = [verdict == "ahead" and mean * sign > 0 for verdict, mean in zip(zones(path), path[0], strict=True)]
    best, start = None, None
    for month, is_clear in enumerate([*clear, False]):
        if is_clear and start is None:
            start = month
        if not is_clear and start is not None:
            if month - start >= SPELL and (best is None or month - start > best[1] - best[0] + 1):
                best = (start, month - 1)
            start = None
    return best


def headline(comparison: Comparison, scenario: str, pair: tuple[str, str], path: np.ndarray) -> str:
    """Say which route is ahead when, where the intervals allow it, and how it ends."""
    place, names = title(comparison, scenario), [in_text(comparison, route) for route in pair]
    last, parts = path.shape[1] - 1, []
    spells = [(spell(path, above=above), name) for above, name in ((True, names[0]), (False, names[1]))]
    for span, name in sorted((item for item in spells if item[0]), key=lambda item: item[0] or (0, 0)):
        if span is not None and span[1] < last:
            parts.append(f"{name} is ahead in months {span[0]}\u2013{span[1]}")
    parts.append(_ending(comparison, scenario, pair, path))
    return f"{place}: {', then '.join(parts)}"


def _ending(comparison: Comparison, scenario: str, pair: tuple[str, str], path: np.ndarray) -> str:
    """Say how the last month stands, by the comparison's own contrast where it has one."""
    found = contrast(comparison, scenario, *pair)
    mean, low, high = (found.difference, found.low, found.high) if found else path[:, -1]
    verdict, last = zone(low, high), path.shape[1] - 1
    if verdict == "no difference that matters":
        return f"no difference that matters at month {last}"
    if verdict == "undecided":
        return f"these runs do not decide between {' and '.join(in_text(comparison, route) for route in pair)}"
    name = in_text(comparison, pair[0] if mean > 0 else pair[1])
    points = difference("practice", abs(mean)).removeprefix("+")
    ends = "ends ahead" if verdict == "ahead" else "the end leans to"
    return f"{name} {ends} by {points} of 10" if verdict == "ahead" else f"{ends} {name}, by {points} of 10"


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


def table(path: np.ndarray) -> pl.DataFrame:
    """Return difference, interval and verdict by year, in the scale shown."""
    last = path.shape[1] - 1
    months = sorted({*range(0, last + 1, STEP), last})
    verdicts = zones(path)
    return pl.DataFrame(
        {
            "Month": [str(m) for m in months],
            "Difference": [difference("practice", path[0, m]) for m in months],
            "95% interval": [interval("practice", path[1, m], path[2, m]) for m in months],
            "Verdict": [verdicts[m] for m in months],
        }
    )
