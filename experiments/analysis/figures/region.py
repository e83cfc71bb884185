"""Draw the region found: along every factor it limits, which stretch or which choices belong to it."""

import numpy as np
import polars as pl

from experiments.analysis.axes import Axis, plain
from experiments.analysis.discovery import AGAIN, Limit, Region
from experiments.analysis.figures.drawing import MAIN, beside, provenance, rows_sheet
from experiments.analysis.findings import Analysis, Finding, Search
from experiments.analysis.sentences.regions import limit_words, line_words
from experiments.analysis.sentences.words import percent
from experiments.figures.sheet import Picture
from experiments.figures.style import FAINT, INK
from experiments.wording import joined

PALE = "#9cc3e0"


def draw(analysis: Analysis, finding: Finding, search: Search, region: Region) -> Picture:
    """Return the figure of a subject's region."""
    source, question = provenance(analysis), analysis.question
    sought = line_words(search.line, question, finding.subject)
    holds = "holds up" if region.holds else "does not hold up"
    title = f"{finding.subject.title}: where {sought}; the region {holds} on halves of the sample"
    figure, ax = rows_sheet(title, source, [limit.axis.label for limit in region.limits])
    ax.set_xlim(0, 1.42)
    ax.set_xticks([])
    ax.spines["bottom"].set_visible(False)
    for row, limit in enumerate(region.limits):
        whole = limit.again >= AGAIN
        ax.plot([0, 1], [row, row], color=FAINT, lw=3, solid_capstyle="butt", zorder=1)
        for low, high, words in stretches(limit):
            ax.barh(row, high - low, left=low, height=0.4, color=MAIN if whole else PALE, lw=0, zorder=2)
            ax.annotate(
                words, ((low + high) / 2, row), xytext=(0, -13), textcoords="offset points", ha="center", va="center",
                size=8.5, color=INK,
            )  # fmt: skip
        beside(ax, row, f"found again in {percent(limit.again)}")
    ax.set_xlabel(
        f"each factor’s range in the sample, from its lowest (left) to its highest;\n{percent(region.density)} inside "
        f"are like that, {percent(region.base)} everywhere; {percent(region.coverage)} of all such lie inside"
    )
    return Picture(
        name="region", scenario=finding.subject.key, title=title, alt=describe(region, sought),
        caption="Blue: the part of each factor’s range that belongs to the region; pale where fewer than "
        f"{percent(AGAIN)} of the halves of the sample limited the factor again. Factors not named are free.",
        table=table(region), figure=figure, provenance=source,
    )  # fmt: skip


def stretches(limit: Limit) -> list[tuple[float, float, str]]:
    """Return the parts of a factor's range that belong to the region, as shares of the range, with their words."""
    if limit.axis.numbers is None:
        levels = limit.axis.levels
        width = 1 / len(levels)
        return [
            (k * width + 0.01, (k + 1) * width - 0.01, str(level))
            for k, level in enumerate(levels)
            if level in limit.choices
        ]
    low, high = ends(limit.axis)
    shares = [float(np.clip((end - low) / (high - low), 0, 1)) for end in (limit.low, limit.high)]
    return [(shares[0], shares[1], f"{plain(limit.low)} – {plain(limit.high)}")]


def ends(axis: Axis) -> tuple[float, float]:
    """Return the lowest and highest of a factor that is a number."""
    return float(axis.levels[0]), float(axis.levels[-1])


def describe(region: Region, sought: str) -> str:
    """Describe the figure for those who can't see it."""
    return f"The region where {sought}: {joined([limit_words(limit) for limit in region.limits])}."


def table(region: Region) -> pl.DataFrame:
    """Return the limits with their quasi-p values and how often halves limited the factor again."""

    def chance(limit: Limit) -> str:
        known = [value for value in limit.quasi_p if not np.isnan(value)]
        return ", ".join("below 0.001" if value < 0.001 else f"{value:.3f}" for value in known)

    return pl.DataFrame(
        {
            "Factor": [limit.axis.label for limit in region.limits],
            "In the sample": [limit.axis.span for limit in region.limits],
            "In the region": [limit_words(limit).removeprefix(f"{limit.axis.label} is ") for limit in region.limits],
            "Quasi-p value": [chance(limit) for limit in region.limits],
            "Found again in": [percent(limit.again) for limit in region.limits],
        }
    )
