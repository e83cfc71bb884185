"""Draw the main contrast under each pressure: a dot and its interval, with the verdict in words."""

import textwrap

import polars as pl
from matplotlib.axes import Axes

from experiments.comparison import Comparison
from experiments.figures.dots import draw_dot, draw_ground, key
from experiments.figures.sheet import Margins, Picture, provenance, sheet
from experiments.figures.style import INK, SOFT
from experiments.reading import Contrast, in_text, last_month, pressure_rows, title
from experiments.shown import difference, interval
from experiments.wording import capital, joined, leader, verdict_words


def draw(comparison: Comparison, scenario: str, pair: tuple[str, str]) -> Picture:
    """Return the figure of the main contrast under the place's own pressure and the ready ones."""
    rows = pressure_rows(comparison, scenario, pair)
    source, words = provenance(comparison, scenario), headline(comparison, scenario, rows)
    margins = Margins(left=2.5, right=0.3, top=0.1, bottom=0.75)
    figure, (ax,) = sheet(words, source, rows=1, columns=1, panel_height=0.52 * len(rows), margins=margins)
    _draw_rows(ax, comparison, rows)
    first, second = (in_text(comparison, route) for route in pair)
    ax.set_xlabel(f"difference at the end, 0\u201310:\n{first} minus {second}")
    return Picture(
        name="pressures", scenario=scenario, title=words, alt=describe(comparison, scenario, rows),
        caption="Dot: mean paired difference at the last month; line: 95% interval; grey: differences too small to "
        f"matter; {key([found for _, found in rows])}. The pressures other than the place's own were looked at without "
        "being named beforehand: exploratory.",
        table=table(comparison, rows), figure=figure, provenance=source,
    )  # fmt: skip


def _draw_rows(ax: Axes, comparison: Comparison, rows: list[tuple[str, Contrast]]) -> None:
    draw_ground(ax, [found for _, found in rows])
    ax.set_ylim(len(rows) - 0.5, -0.5)
    for k, (name, found) in enumerate(rows):
        draw_dot(ax, k, found)
        words = verdict_words(found, lambda route: in_text(comparison, route))
        lines = textwrap.wrap(name, 26)[:2]
        for text, weight, line in [*((text, "bold", n) for n, text in enumerate(lines)), (words, "normal", len(lines))]:
            ax.annotate(
                text, (0, k), xycoords=("axes fraction", "data"), xytext=(-2.36 * 72, 7 * len(lines) - 14 * line),
                textcoords="offset points", va="center", size=10, weight=weight, annotation_clip=False,
                color=INK if weight == "bold" else SOFT,
            )  # fmt: skip


def headline(comparison: Comparison, scenario: str, rows: list[tuple[str, Contrast]]) -> str:
    """Count the verdicts: under how many pressures which route is ahead, and where it is open."""
    place = title(comparison, scenario)
    tally: dict[str, int] = {}
    for _, found in rows:
        name = in_text(comparison, leader(found)[0])
        words = {
            "ahead": f"{name} is ahead",
            "leans": f"the runs lean to {name}",
            "undecided": "it is undecided",
            "too few replicates": "there are too few replicates to say",
        }
        said = words.get(found.verdict, "there is no difference that matters")
        tally[said] = tally.get(said, 0) + 1
    parts = [f"{said} under {count}" for said, count in sorted(tally.items(), key=lambda item: -item[1])]
    if len(parts) == 1:
        return f"{place}: {next(iter(tally))} under all {len(rows)} pressures tried"
    return f"{place}: of {len(rows)} pressures tried, {joined(parts)}"


def describe(comparison: Comparison, scenario: str, rows: list[tuple[str, Contrast]]) -> str:
    """Describe the figure for those who can't see it."""
    values = "; ".join(
        f"{name}: {difference('practice', found.difference)} ({interval('practice', found.low, found.high)})"
        for name, found in rows
    )
    month, place = last_month(comparison, scenario), title(comparison, scenario)
    return f"Differences in practice at month {month} in {place}. {capital(values)}."


def table(comparison: Comparison, rows: list[tuple[str, Contrast]]) -> pl.DataFrame:
    """Return difference, interval and verdict by pressure, in the scale shown."""
    return pl.DataFrame(
        {
            "Pressure": [name for name, _ in rows],
            "Difference": [difference("practice", found.difference) for _, found in rows],
            "95% interval": [interval("practice", found.low, found.high) for _, found in rows],
            "Verdict": [verdict_words(found, lambda route: in_text(comparison, route)) for _, found in rows],
        }
    )
