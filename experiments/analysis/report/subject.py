"""Tell of one subject at length: what was found in words, figures, and what the sample was held to."""

from collections.abc import Sequence
from typing import Any

from experiments.analysis.axes import label
from experiments.analysis.findings import Analysis, Finding
from experiments.analysis.screening import Screening
from experiments.analysis.sentences import sentences, used_sentence, verdict
from experiments.analysis.sentences.words import size
from experiments.analysis.variance import Indices
from experiments.figures.sheet import Picture
from experiments.report.html import Html, el, items, join, table
from experiments.report.place import figure, folded
from experiments.shown import number

HEADINGS = {
    "indices": "How the variance is shared out",
    "walks": "How much each factor moves it",
    "steps": "What each change does by itself",
    "region": "In which region it is found",
    "way": "How the region was found",
    "scores": "Which factors score above chance",
}
FOLDED = ("way",)


def anchor(finding: Finding) -> str:
    """Return the address of a subject's section inside the page."""
    return f"of-{finding.subject.key}"


def subject_section(analysis: Analysis, finding: Finding, pictures: Sequence[Picture]) -> Html:
    """Return everything about one subject."""
    parts: list[Html | None] = [
        el("h2", finding.subject.title, id=anchor(finding)),
        el("p", verdict(finding, analysis.question), class_="verdict"),
        items(sentences(finding, analysis.question)) if finding.varies else None,
    ]
    for picture in pictures:
        shown = figure(picture)
        heading = HEADINGS[picture.name]
        parts += [folded(heading, shown)] if picture.name in FOLDED else [el("h3", heading), shown]
    if finding.indices is not None:
        parts += [_pairs(finding.indices), _course(finding.indices)]
    if finding.screening is not None:
        parts.append(_walks_course(analysis, finding.screening))
    return join([*parts, checks_table(analysis, finding)])


def checks_table(analysis: Analysis, finding: Finding) -> Html | None:
    """Return what the sample was held to, and whether it passes."""
    rows = [
        [check.name[:1].upper() + check.name[1:], aim, "yes" if check.passed else "no", check.words]
        for aim, check in finding.all_checks
    ]
    if not rows:
        return None
    caption = f"Is the sample large enough? It rests on {used_sentence(finding, analysis)}"
    return table(caption, ["Held to", "For", "Passed", "In numbers"], rows, numbers_from=None)


def _pairs(found: Indices) -> Html | None:
    """Return what pairs of factors do together, where that was sampled."""
    if not found.pairs:
        return None
    rows: list[list[Any]] = [
        [
            f"{label(pair.one)} with {label(pair.other)}",
            number(pair.value, 2),
            f"{number(pair.value - pair.half, 2)} to {number(pair.value + pair.half, 2)}",
        ]
        for pair in found.pairs
    ]
    caption = "What two factors do together beyond what each does alone: second indices, the largest first"
    return folded("Pairs of factors", table(caption, ["Pair", "Second index", "95% interval"], rows))


def _course(found: Indices) -> Html:
    """Return the indices at a quarter, at half and at all of the sample."""
    head = ["Factor", *(f"{kind}, {count:,} blocks" for kind in ("Total", "First") for count in found.looks)]
    rows = [
        [label(found.names[k]), *(number(float(at[look, k]), 2) for at in (found.total_at, found.first_at)
                                  for look in range(len(found.looks)))]
        for k in found.order
    ]  # fmt: skip
    caption = "Do the indices still move? The same indices on a quarter, on half and on all of the sample"
    return folded("How the indices settle", table(caption, head, rows))


def _walks_course(analysis: Analysis, found: Screening) -> Html:
    """Return the mean sizes at a quarter, at half and at all of the walks."""
    head = ["Factor", *(f"{count:,} walks" for count in found.looks)]
    rows = [
        [label(found.names[k]), *(size(analysis.question, float(at[k])) for at in found.size_at)] for k in found.order
    ]
    caption = "Do the mean sizes still move? The same sizes on a quarter, on half and on all of the walks"
    return folded("How the sizes settle", table(caption, head, rows))
