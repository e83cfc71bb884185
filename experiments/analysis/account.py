"""Give the account of an analysis that a terminal prints: of each subject the answer, a table, and what is sure."""

from experiments.analysis.axes import label
from experiments.analysis.findings import Analysis, Finding
from experiments.analysis.question import Question
from experiments.analysis.sentences import basis_sentence, sentences, verdict
from experiments.analysis.sentences.single import step_name, step_words
from experiments.analysis.sentences.words import outcome_words, size
from experiments.commands.terminal import item, paragraph, table
from experiments.provenance import CAVEAT
from experiments.shown import difference, interval, number
from experiments.wording import capital

MOST_FAILURES = 5


def account(analysis: Analysis) -> str:
    """Return the whole account."""
    heading = f"What moves {outcome_words(analysis.question)}?"
    about = f"{analysis.work.title}. {basis_sentence(analysis.basis)}".removeprefix(". ")
    parts = [f"{heading}\n{'=' * len(heading)}\n{paragraph(about)}"]
    parts += [failures(analysis)] if analysis.failures else []
    parts += [paragraph(f"{capital(note)}.") for note in analysis.notes]
    parts += [subject_account(analysis, finding) for finding in analysis.findings]
    return "\n\n".join([*parts, paragraph(CAVEAT)])


def failures(analysis: Analysis) -> str:
    """Name the failed runs, up to a few."""
    lines = [
        item("run {run} ({scenario}, {route}, point {point}, seed {seed}): {error}".format(**row))
        for row in analysis.failures[:MOST_FAILURES]
    ]
    more = len(analysis.failures) - len(lines)
    return "\n".join(["Failed:", *lines, *([item(f"and {more:,} more")] if more else [])])


def subject_account(analysis: Analysis, finding: Finding) -> str:
    """Return one subject's answer, table and sentences."""
    title, question = finding.subject.title, analysis.question
    parts = [f"{title}\n{'-' * len(title)}\n{paragraph(verdict(finding, question))}"]
    parts += [numbers] if (numbers := _numbers(finding, question)) else []
    parts += ["\n".join(item(text) for text in sentences(finding, question))] if finding.varies else []
    return "\n".join(parts)


def _numbers(finding: Finding, question: Question) -> str:
    """Return the main table of a subject: indices, effects, steps or scores."""
    if finding.indices is not None:
        found = finding.indices
        rows = [
            [label(found.names[k]), number(found.total[k], 2), f"±{found.total_half[k]:.2f}", number(found.first[k], 2),
             f"±{found.first_half[k]:.2f}", found.judgement(k)]
            for k in found.order
        ]  # fmt: skip
        return "\n" + table(["factor", "total", "", "first", "", ""], rows, last_left=True) + "\n"
    if finding.screening is not None:
        walks = finding.screening
        rows = [
            [label(walks.names[k]), size(question, walks.size[k]),
             interval(question.outcome, walks.size_low[k], walks.size_high[k]).replace("+", ""),
             difference(question.outcome, walks.mean[k]), size(question, walks.spread[k]), walks.judgement(k)]
            for k in walks.order
        ]  # fmt: skip
        return "\n" + table(["factor", "mu*", "95% interval", "mu", "sigma", ""], rows, last_left=True) + "\n"
    if finding.steps is not None:
        rows = [
            [step_name(step), difference(question.outcome, step.difference),
             interval(question.outcome, step.adjusted_low, step.adjusted_high), step_words(step)]
            for factor in finding.steps.factors for step in finding.steps.of(factor)
        ]  # fmt: skip
        return "\n" + table(["change", "difference", "95% interval, together", ""], rows, last_left=True) + "\n"
    return ""
