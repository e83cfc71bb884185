"""Draw what one thing changed at a time does: a row a change, those of a factor together, the largest on top."""

import polars as pl

from experiments.analysis.figures.drawing import MAIN, beside, provenance, rows_sheet
from experiments.analysis.findings import Analysis, Finding
from experiments.analysis.question import Question
from experiments.analysis.sentences import verdict
from experiments.analysis.sentences.single import step_name, step_words
from experiments.analysis.sentences.words import lower
from experiments.analysis.steps import Step, Steps
from experiments.figures.sheet import Picture
from experiments.figures.style import BAND, INK
from experiments.shown import difference, interval, shown
from experiments.wording import joined


def draw(analysis: Analysis, finding: Finding, found: Steps) -> Picture:
    """Return the figure of a subject's steps."""
    source, question = provenance(analysis), analysis.question
    rows = ordered(found)
    title = f"{finding.subject.title}: {lower(verdict(finding, question)).split(': ')[0].rstrip('.')}"
    figure, ax = rows_sheet(title, source, [step_name(step) for step in rows], row=0.34, left=2.7)
    scale, matters = shown(question.outcome).factor, question.matters or 0.0
    ax.axvspan(-scale * matters, scale * matters, color=BAND, lw=0, zorder=0)
    ax.axvline(0, color=INK, lw=1.0, zorder=1)
    for row, step in enumerate(rows):
        low, high = scale * step.adjusted_low, scale * step.adjusted_high
        ax.plot([low, high], [row, row], color=MAIN, lw=1.6, zorder=2)
        ax.barh(row, scale * step.difference, height=0.5, color=MAIN, alpha=0.35, lw=0, zorder=1)
        clear = step.verdict == "ahead"
        ax.plot(
            [scale * step.difference], [row], marker="o", ms=6.5, color=MAIN, zorder=3,
            markerfacecolor=MAIN if clear else "white", markeredgewidth=1.4,
        )  # fmt: skip
        if row and rows[row - 1].factor != step.factor:
            ax.axhline(row - 0.5, color="#c4c4c4", lw=0.8, zorder=0)
    left, right = ax.get_xlim()
    ax.set_xlim(left, right + 0.3 * (right - left))
    for row, step in enumerate(rows):
        beside(ax, row, step_words(step))
    unit = shown(question.outcome).unit
    ax.set_xlabel(f"change against the scenario as it is ({unit})" if unit else "change against the scenario as it is")
    return Picture(
        name="steps", scenario=finding.subject.key, title=title, alt=describe(question, rows),
        caption="Dot: mean paired change on the same seeds, filled where it is clear; lines: 95% intervals that hold "
        f"together{'; grey: too small to matter' if matters else ''}. What two changes do together can’t be seen here.",
        table=table(question, rows), figure=figure, provenance=source,
    )  # fmt: skip


def ordered(found: Steps) -> list[Step]:
    """Return all steps, factor by factor, the factor with the largest step first."""
    return [step for factor in found.factors for step in found.of(factor)]


def describe(question: Question, rows: list[Step]) -> str:
    """Describe the figure for those who can't see it."""
    said = [f"{step_name(step)} {difference(question.outcome, step.difference)} ({step_words(step)})" for step in rows]
    return f"Changes: {joined(said)}."


def table(question: Question, rows: list[Step]) -> pl.DataFrame:
    """Return every step with its intervals and verdict, in the scale shown."""
    return pl.DataFrame(
        {
            "Change": [step_name(step) for step in rows],
            "Difference": [difference(question.outcome, step.difference) for step in rows],
            "95% interval": [interval(question.outcome, step.low, step.high) for step in rows],
            "Holding together": [interval(question.outcome, step.adjusted_low, step.adjusted_high) for step in rows],
            "Verdict": [step_words(step) for step in rows],
        }
    )
