"""Draw Sobol' indices: what each factor accounts for alone, and together with the others."""

import polars as pl

from experiments.analysis.axes import label
from experiments.analysis.figures.drawing import MAIN, OTHER, dot, key, provenance, rows_sheet, stripes
from experiments.analysis.findings import Analysis, Finding
from experiments.analysis.sentences import verdict
from experiments.analysis.variance import Indices
from experiments.figures.sheet import Picture
from experiments.wording import joined


def draw(analysis: Analysis, finding: Finding, found: Indices) -> Picture:
    """Return the figure of a subject's indices, the largest total on top."""
    source = provenance(analysis)
    title = f"{finding.subject.title}: {title_words(finding, analysis)}"
    figure, ax = rows_sheet(title, source, [label(found.names[k]) for k in found.order], key=True)
    ax.axvline(0, color="#595959", lw=0.8, zorder=1)
    stripes(ax, len(found.names))
    for row, k in enumerate(found.order):
        total, first = float(found.total[k]), float(found.first[k])
        words = ("with the others (total)", "alone (first)") if row == 0 else (None, None)
        dot(ax, row - 0.14, total, total - found.total_half[k], total + found.total_half[k], color=MAIN, label=words[0])
        dot(
            ax, row + 0.16, first, first - found.first_half[k], first + found.first_half[k], color=OTHER, marker="s",
            ms=6, markerfacecolor="white", markeredgewidth=1.6, label=words[1],
        )  # fmt: skip
    low, high = ax.get_xlim()
    ax.set_xlim(min(low, -0.03), max(high, 1.0))
    ax.set_xlabel("share of the variance between points")
    key(ax)
    return Picture(
        name="indices", scenario=finding.subject.key, title=title, alt=describe(found),
        caption="Dot: total index, what a factor accounts for alone and together with others; square: first index, "
        "what it accounts for alone; lines: 95% intervals. The gap between the two is interaction.",
        table=table(found), figure=figure, provenance=source,
    )  # fmt: skip


def title_words(finding: Finding, analysis: Analysis) -> str:
    """Return the verdict for a title: its reasons stand in the text."""
    words = verdict(finding, analysis.question)
    if words.startswith("The sample is too small"):
        return "the sample is too small to tell what moves it"
    words = words.split(": ")[0].rstrip(".")
    return words[:1].lower() + words[1:]


def describe(found: Indices) -> str:
    """Describe the figure for those who can't see it."""
    said = [
        f"{label(found.names[k])} {found.total[k]:.2f} ±{found.total_half[k]:.2f} in total, {found.first[k]:.2f} alone"
        for k in found.order
    ]
    return f"Shares of the variance: {joined(said)}."


def table(found: Indices) -> pl.DataFrame:
    """Return both indices with their intervals, by factor."""

    def pair(value: float, half: float) -> str:
        return f"{value:.2f} ({value - half:.2f} to {value + half:.2f})".replace("-", "−")

    return pl.DataFrame(
        {
            "Factor": [label(found.names[k]) for k in found.order],
            "Total": [pair(float(found.total[k]), float(found.total_half[k])) for k in found.order],
            "First": [pair(float(found.first[k]), float(found.first_half[k])) for k in found.order],
            "Judgement": [found.judgement(k) for k in found.order],
        }
    )
