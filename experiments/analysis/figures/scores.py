"""Draw feature scores: the median over forests with the lowest and highest, beside pure chance."""

import polars as pl
from matplotlib.ticker import MaxNLocator

from experiments.analysis.axes import label
from experiments.analysis.figures.drawing import MAIN, dot, provenance, rows_sheet, stripes
from experiments.analysis.findings import Analysis, Finding
from experiments.analysis.scoring import Scores
from experiments.analysis.sentences.words import spelled
from experiments.figures.sheet import Picture
from experiments.figures.style import BAND, FAINT
from experiments.wording import joined


def draw(analysis: Analysis, finding: Finding, found: Scores) -> Picture:
    """Return the figure of a subject's scores."""
    source = provenance(analysis)
    above, count = len(found.above_chance), len(found.names)
    words = f"{spelled(above)} of {spelled(count)} factors score{'s' * (above == 1)} above pure chance"
    title = f"{finding.subject.title}: {words}"
    figure, ax = rows_sheet(title, source, [label(found.names[k]) for k in found.order])
    ax.axvspan(0, found.chance, facecolor=BAND, edgecolor=FAINT, lw=0.5, zorder=0)
    stripes(ax, count)
    for row, k in enumerate(found.order):
        clear = found.low[k] > found.chance
        dot(
            ax, row, float(found.middle[k]), float(found.low[k]), float(found.high[k]), color=MAIN,
            markerfacecolor=MAIN if clear else "white", markeredgewidth=1.5,
        )  # fmt: skip
    ax.set_xlim(0, 1.06 * float(max(found.high.max(), found.chance)))
    ax.xaxis.set_major_locator(MaxNLocator(6))
    ax.set_xlabel("score: share of what the forests part by")
    return Picture(
        name="scores", scenario=finding.subject.key, title=title, alt=describe(found),
        caption=f"Dot: median of {len(found.explained)} forests of extra trees; line: lowest to highest; grey: up to "
        "the highest score of a factor of pure chance that each forest was given besides.",
        table=table(found), figure=figure, provenance=source,
    )  # fmt: skip


def describe(found: Scores) -> str:
    """Describe the figure for those who can't see it."""
    said = [f"{label(found.names[k])} {found.middle[k]:.2f}" for k in found.order]
    return f"Scores: {joined(said)}; pure chance {found.chance_middle:.2f}, {found.chance:.2f} at most."


def table(found: Scores) -> pl.DataFrame:
    """Return scores with their lowest and highest, pure chance last."""
    rows = [
        (label(found.names[k]), f"{found.middle[k]:.3f}", f"{found.low[k]:.3f} to {found.high[k]:.3f}")
        for k in found.order
    ]
    rows.append(("pure chance", f"{found.chance_middle:.3f}", f"up to {found.chance:.3f}"))
    return pl.DataFrame(rows, schema=["Factor", "Score", "Lowest to highest"], orient="row")
