"""Draw the main contrast under each other structure of the model: dots and intervals, two years in and at the end."""

import textwrap
from collections.abc import Sequence
from itertools import groupby

import polars as pl
from matplotlib.axes import Axes
from matplotlib.ticker import MultipleLocator

from experiments.comparison import Comparison
from experiments.figures.dots import draw_dot, draw_ground, key
from experiments.figures.sheet import Margins, Picture, provenance, sheet
from experiments.figures.style import FAINT, INK, SOFT
from experiments.reading import Contrast, in_text, title
from experiments.robustness import DEFAULT, Tried, itself, keeping, named_words, of_all, tried
from experiments.shown import difference, interval
from experiments.wording import capital, verdict_words

LEFT = 2.62
LINE, GAP = 1.0, 0.55
"""Heights of a line of words and of what is left between groups; a line is `INCH` inches."""
INCH = 0.2
WIDEST = 33
MOST_HALVES = 2.6
"""Width in points below which there is room for a mark at each half."""


def draw(comparison: Comparison, scenario: str) -> Picture | None:
    """Return the figure, or None where no other structure was tried."""
    main, others = itself(comparison, scenario), tried(comparison, scenario)
    if main is None or not others:
        return None
    source, words = provenance(comparison, scenario), headline(comparison, scenario, main, others)
    two = main.early is not None
    rows, height = _laid_out([main, *others])
    margins = Margins(left=LEFT, right=0.25, top=0.42, bottom=0.88, across=0.3)
    figure, axes = sheet(words, source, rows=1, columns=1 + two, panel_height=INCH * height, margins=margins)
    columns = [[one.early for one in (main, *others)]] if two else []
    columns.append([one.end for one in (main, *others)])
    found = [[one for one in column if one is not None] for column in columns]
    for ax, contrasts in zip(axes, found, strict=True):
        draw_ground(ax, [one for column in found for one in column])
        _draw_column(ax, [at for _, at in rows], contrasts, height)
    _write_rows(axes[0], rows)
    first, second = (in_text(comparison, route) for route in (main.end.first, main.end.second))
    _write_below(axes[0], 34, f"difference in practice, 0\u201310: {first} minus {second}", INK)
    _write_below(axes[0], 50, key([one for column in found for one in column]), SOFT)
    return Picture(
        name="structures", scenario=scenario, title=words, alt=describe(comparison, scenario, [main, *others]),
        caption="Dot: mean paired difference; line: 95% interval; grey: differences too small to matter. One structure "
        f"is changed at a time, on {others[0].end.replicates} paired seeds each. {named_words(main)}.",
        table=table(comparison, [main, *others]), figure=figure, provenance=source,
    )  # fmt: skip


def _laid_out(shown: Sequence[Tried]) -> tuple[list[tuple[Tried, float]], float]:
    """Return each row with the height of its middle, and the height of all; groups are set apart."""
    rows, at = [], 0.0
    for group, members in groupby(shown, key=lambda one: one.heading):
        at += LINE + GAP if group else 0.2
        for one in members:
            lines = len(_lines(one))
            rows.append((one, at + LINE * lines / 2))
            at += LINE * lines
    return rows, at + 0.3


def _lines(one: Tried) -> list[str]:
    return textwrap.wrap(one.title, WIDEST, break_on_hyphens=False)


def _draw_column(ax: Axes, heights: Sequence[float], contrasts: Sequence[Contrast], height: float) -> None:
    ax.set_ylim(height, 0)
    for at, found in zip(heights, contrasts, strict=True):
        draw_dot(ax, at, found, size=6)
    ax.set_title(f"month {contrasts[0].month}", size=10.5)
    ax.axhline(heights[0] + 0.75, color=FAINT, lw=0.7)
    low, high = ax.get_xlim()
    if high - low < MOST_HALVES:
        ax.xaxis.set_major_locator(MultipleLocator(0.5))


def _write_rows(ax: Axes, rows: Sequence[tuple[Tried, float]]) -> None:
    """Write titles, and above each group its name."""
    before = ""
    for one, middle in rows:
        lines = _lines(one)
        top = middle - LINE * len(lines) / 2
        if one.heading != before:
            _write(ax, top - LINE / 2, one.heading, bold=True)
            before = one.heading
        for k, line in enumerate(lines):
            _write(ax, top + LINE * (k + 0.5), line, bold=one.title == DEFAULT)


def _write(ax: Axes, at: float, words: str, *, bold: bool) -> None:
    ax.annotate(
        words, (0, at), xycoords=("axes fraction", "data"), xytext=(-72 * (LEFT - 0.12), 0),
        textcoords="offset points", va="center", size=9.5, weight="bold" if bold else "normal", color=INK,
        annotation_clip=False,
    )  # fmt: skip


def _write_below(ax: Axes, down: float, words: str, colour: str) -> None:
    """Write a line under the panels, so many points below them."""
    ax.annotate(
        words, (0, 0), xycoords="axes fraction", xytext=(-72 * (LEFT - 0.12), -down), textcoords="offset points",
        va="center", size=10, color=colour, annotation_clip=False,
    )  # fmt: skip


def headline(comparison: Comparison, scenario: str, main: Tried, others: Sequence[Tried]) -> str:
    """Count the structures in which the difference keeps its sign, at the end and two years in."""
    place = title(comparison, scenario)
    pairs = [(main.end, [one.end for one in others])]
    if main.early is not None:
        pairs.append((main.early, [one.early for one in others if one.early is not None]))
    kept = {contrast.month: keeping(contrast, found) for contrast, found in pairs}
    clear = [f"{of_all(count, len(others))} at month {month}" for month, count in kept.items() if count is not None]
    if not clear:
        return f"{place}: the difference has no clear sign of its own to keep under other structures of the model"
    none = "".join(f" (at month {month} it has none)" for month, count in kept.items() if count is None)
    return f"{place}: other structures of the model that keep the difference\u2019s sign: {', '.join(clear)}{none}"


def describe(comparison: Comparison, scenario: str, shown: Sequence[Tried]) -> str:
    """Describe the figure for those who can't see it."""
    values = "; ".join(
        f"{one.words}: {difference('practice', one.end.difference)} ({interval('practice', one.end.low, one.end.high)})"
        for one in shown
    )
    month, place = shown[0].end.month, title(comparison, scenario)
    return f"Differences in practice at month {month} in {place}, by structure of the model. {capital(values)}."


def table(comparison: Comparison, shown: Sequence[Tried]) -> pl.DataFrame:
    """Return differences, intervals and verdicts by structure, in the scale shown."""
    columns: dict[str, list[str]] = {"Structure": [one.words for one in shown]}
    for read in ("early", "end"):
        found: list[Contrast] = [one for one in (getattr(row, read) for row in shown) if one is not None]
        if found:
            month = f"month {found[0].month}"
            columns |= {
                f"Difference, {month}": [difference("practice", one.difference) for one in found],
                f"95% interval, {month}": [interval("practice", one.low, one.high) for one in found],
                f"Verdict, {month}": [verdict_words(one, lambda route: in_text(comparison, route)) for one in found],
            }
    columns["Pairs"] = [str(one.end.replicates) for one in shown]
    return pl.DataFrame(columns)
