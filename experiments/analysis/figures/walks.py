"""Draw Morris' plane: how large effects are on average, against how much they differ from place to place."""

import numpy as np
import polars as pl
from matplotlib.axes import Axes

from experiments.analysis.axes import label
from experiments.analysis.figures.drawing import MAIN, provenance
from experiments.analysis.figures.indices import title_words
from experiments.analysis.findings import Analysis, Finding
from experiments.analysis.question import Question
from experiments.analysis.screening import Screening
from experiments.analysis.sentences.words import size
from experiments.figures.sheet import Margins, Picture, sheet
from experiments.figures.style import BAND, INK, SOFT
from experiments.shown import difference, interval, shown
from experiments.wording import joined


def draw(analysis: Analysis, finding: Finding, found: Screening) -> Picture:
    """Return the figure of a subject's elementary effects."""
    source, question = provenance(analysis), analysis.question
    title = f"{finding.subject.title}: {title_words(finding, analysis)}"
    margins = Margins(left=0.72, right=1.5, top=0.1, bottom=0.6)
    figure, (ax,) = sheet(title, source, rows=1, columns=1, panel_height=3.6, margins=margins)
    _draw_plane(ax, question, found)
    return Picture(
        name="walks", scenario=finding.subject.key, title=title, alt=describe(question, found),
        caption="Across: mean size of an effect over the factor’s whole range (μ*); up: how much effects differ from "
        "place to place (σ); lines: 95% intervals. Above the broken line effects differ more than they are large: "
        f"interactions or bends.{' Grey: too small to matter.' if found.line > 0 else ''}",
        table=table(question, found), figure=figure, provenance=source,
    )  # fmt: skip


def _draw_plane(ax: Axes, question: Question, found: Screening) -> None:
    scale = shown(question.outcome).factor
    across, up = scale * found.size, scale * found.spread
    right, top = 1.06 * scale * float(found.size_high.max()), 1.08 * scale * float(found.spread_high.max())
    ax.set_xlim(0, right)
    ax.set_ylim(0, max(top, 0.02 * right))
    ax.axvspan(0, scale * found.line, color=BAND, lw=0, zorder=0)
    ax.plot([0, max(right, top)], [0, max(right, top)], color=SOFT, lw=0.9, ls=(0, (4, 3)), zorder=1)
    for k in range(len(found.names)):
        ax.plot(scale * np.array([found.size_low[k], found.size_high[k]]), [up[k]] * 2, color=MAIN, lw=1.2, zorder=2)
        ax.plot([across[k]] * 2, scale * np.array([found.spread_low[k], found.spread_high[k]]), color=MAIN, lw=1.2)
        ax.plot([across[k]], [up[k]], color=MAIN, marker="o", ms=7, zorder=3)
    _label(ax, found, across, up)
    unit = shown(question.outcome).unit
    ax.set_xlabel(f"mean size of an effect, μ* ({unit})" if unit else "mean size of an effect, μ*")
    ax.set_ylabel("spread of effects, σ")


def _label(ax: Axes, found: Screening, across: np.ndarray, up: np.ndarray) -> None:
    """Write each factor's name beside its dot, the names moved apart up and down where they would overlap."""
    from experiments.figures.labels import spread

    low, high = ax.get_ylim()
    heights = spread(up, 0.062 * (high - low), low, high)
    for k, name in enumerate(found.names):
        ax.annotate(
            label(name), (across[k], up[k]), xytext=(1.02, heights[k]), textcoords=("axes fraction", "data"), size=9.5,
            va="center", color=INK, annotation_clip=False,
            arrowprops={"arrowstyle": "-", "color": "#c4c4c4", "lw": 0.7, "shrinkA": 1, "shrinkB": 5},
        )  # fmt: skip


def describe(question: Question, found: Screening) -> str:
    """Describe the figure for those who can't see it."""
    said = [
        f"{label(found.names[k])} {size(question, found.size[k])}, spread {size(question, found.spread[k])}"
        for k in found.order
    ]
    return f"Mean size of effects: {joined(said)}."


def table(question: Question, found: Screening) -> pl.DataFrame:
    """Return size, mean and spread of effects with their intervals, in the scale shown."""

    def words(value: float, low: float, high: float, *, signed: bool = False) -> str:
        text = f"{difference(question.outcome, value)} ({interval(question.outcome, low, high)})"
        return text if signed else text.replace("+", "")

    rows = [(k, found.names[k]) for k in found.order]
    return pl.DataFrame(
        {
            "Factor": [label(name) for _, name in rows],
            "Mean size μ*": [words(found.size[k], found.size_low[k], found.size_high[k]) for k, _ in rows],
            "Mean μ": [words(found.mean[k], found.mean_low[k], found.mean_high[k], signed=True) for k, _ in rows],
            "Spread σ": [words(found.spread[k], found.spread_low[k], found.spread_high[k]) for k, _ in rows],
            "Judgement": [found.judgement(k) for k, _ in rows],
        }
    )
