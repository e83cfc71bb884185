"""Say what was asked: which outcome, what was varied over which ranges, in which scenarios and routes."""

from experiments.analysis.findings import Analysis
from experiments.analysis.question import Question
from experiments.analysis.sentences.words import DESIGNS, outcome_words
from experiments.analysis.subjects import place_words, pressure_words, route_words
from experiments.report.html import Html, el, join, paragraphs, table
from experiments.shown import level, number, shown
from experiments.sweep_work import VARIED
from experiments.wording import capital
from simulation.text import counted

HOW = {
    "sobol": "Sobol’ indices share the variance between points out among the factors: alone (first), and with all they "
    "do together with others (total).",
    "morris": "Morris walks change one factor at a time from many starting points: how much each moves the outcome on "
    "average, and how much that differs from place to place.",
    "one-at-a-time": "Each factor was changed alone, while all others stayed as they are in the scenario.",
}
SEARCH = (
    "A region is sought by patient rule induction (PRIM): limits on a few factors inside which the outcome is found "
    "more often than everywhere. Feature scoring ranks factors by how much forests of extra trees part by them."
)


def asked(analysis: Analysis) -> Html:
    """Return the question, the design, the factors, and the scenarios with their routes."""
    work = analysis.work
    points, factors = counted(work.points, "point"), counted(len(analysis.axes), "factor")
    drawn = f"{points} by the design “{DESIGNS[analysis.design]}”, each on the same {_seeds(analysis)}."
    parts = [
        f"What moves {outcome_words(analysis.question)}, over {factors}: {drawn}",
        HOW.get(analysis.design, ""),
        SEARCH if any(finding.search is not None for finding in analysis.findings) else "",
        _lines(analysis.question) if any(finding.search is not None for finding in analysis.findings) else "",
        work.description,
    ]
    return join([el("h2", "What was asked", id="asked"), paragraphs(*parts), _factors(analysis), _arms(analysis)])


def _seeds(analysis: Analysis) -> str:
    count = analysis.work.replicates
    return "seed" if count == 1 else f"{count} seeds"


def _lines(question: Question) -> str:
    """Say which lines were asked for, where any were."""
    said = []
    how = shown(question.outcome)
    for side, line in (("above", question.above), ("below", question.below)):
        said += [] if line is None else [f"{side} {level(question.outcome, line)}"]
    if question.ahead is not None:
        said.append(f"a difference beyond {number(question.ahead * how.factor, how.decimals + 1)}")
    return f"Asked for was {' and '.join(said)}." if said else ""


def _factors(analysis: Analysis) -> Html:
    rows = [
        [
            join([capital(axis.label), el("small", el("code", axis.name))]),
            axis.meaning or "as the scenario names it",
            axis.span,
            axis.unit,
        ]
        for axis in analysis.axes
    ]
    return table(
        "What was varied, and over which range or values",
        ["Factor", "What it is", "In the sample", "Unit"],
        rows,
        numbers_from=None,
    )


def _arms(analysis: Analysis) -> Html:
    rows = [
        [
            place_words(arm),
            route_words(arm),
            pressure_words(arm),
            VARIED if "months" in analysis.work.varied else f"{arm.what.months}",
            el("code", arm.hash[:16]),
        ]
        for arm in map(analysis.work.named, analysis.work.arms)
    ]
    caption = "The scenarios and routes that every point was run with"
    return table(caption, ["Scenario", "Route", "Pressure", "Months", "Hash"], rows, numbers_from=None)
