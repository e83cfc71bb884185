"""Write what an analysis found as one self-contained page, in the style of a comparison's."""

from collections.abc import Sequence

from experiments.analysis.findings import Analysis, Finding
from experiments.analysis.report.asked import asked
from experiments.analysis.report.ends import cannot_say, how_sure, origin
from experiments.analysis.report.subject import anchor, subject_section
from experiments.analysis.sentences import basis_sentence, short, verdict
from experiments.analysis.sentences.single import ALONE
from experiments.analysis.sentences.words import outcome_words
from experiments.figures.sheet import Picture
from experiments.report.html import Html, el, join, paragraphs
from experiments.report.page import whole_page
from experiments.wording import capital


def report_page(analysis: Analysis, pictures: Sequence[Picture]) -> str:
    """Return the whole page."""
    main = [
        in_short(analysis),
        asked(analysis),
        *(
            subject_section(analysis, finding, [p for p in pictures if p.scenario == finding.subject.key])
            for finding in analysis.findings
        ),
        how_sure(analysis),
        cannot_say(),
        origin(analysis),
    ]
    contents = [
        ("short", "In short"),
        ("asked", "What was asked"),
        *((anchor(finding), finding.subject.title) for finding in analysis.findings),
        ("sure", "How sure this is"),
        ("limits", "What this cannot say"),
        ("origin", "Where this comes from"),
    ]
    return whole_page(headline(analysis), contents, main, version=str(analysis.manifest["version"]))


def headline(analysis: Analysis) -> str:
    """Return the report's title."""
    question = f"what moves {outcome_words(analysis.question)}?"
    return f"{analysis.work.title}: {question}" if analysis.work.title else capital(question)


def in_short(analysis: Analysis) -> Html:
    """Return on what all rests, and the answer for each subject."""
    boxes = [_answer(analysis, finding) for finding in analysis.findings]
    alone = ALONE if any(finding.steps is not None for finding in analysis.findings) else ""
    words = paragraphs(basis_sentence(analysis.basis), alone, *(f"{capital(note)}." for note in analysis.notes))
    return join([el("h2", "In short", id="short"), words, *boxes])


def _answer(analysis: Analysis, finding: Finding) -> Html:
    return el(
        "div",
        el("h3", finding.subject.title),
        el("p", verdict(finding, analysis.question), class_="verdict"),
        *(el("p", text) for text in short(finding, analysis.question)),
        class_="answer",
    )
