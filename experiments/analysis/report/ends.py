"""Say how sure an analysis is, what it cannot say, and where it comes from."""

import shlex
from typing import Any

from experiments.analysis.discovery import AGAIN, SIGNIFICANT
from experiments.analysis.findings import Analysis
from experiments.analysis.scoring import LEAST_EXPLAINED
from experiments.analysis.sentences import basis_sentence
from experiments.analysis.sentences.words import percent, with_interval
from experiments.analysis.telling import FEWEST_A_FACTOR, FEWEST_SIDES, FEWEST_WALKS, MOVED, SOME, WIDE
from experiments.describing import informed_numbers
from experiments.report.html import Html, el, items, join, paragraphs, table
from experiments.report.origin import facts

MOST_FAILURES = 20


def how_sure(analysis: Analysis) -> Html:
    """Return on what it rests, what luck does, which runs failed, and by which rules the words were chosen."""
    return join(
        [
            el("h2", "How sure this is", id="sure"),
            paragraphs(basis_sentence(analysis.basis)),
            _luck(analysis),
            _failures(analysis),
            el("h3", "By which rules the words are chosen"),
            items(rules(analysis)),
        ]
    )


def rules(analysis: Analysis) -> list[str]:
    """Return the rules that the design's words follow; they were fixed before any sweep was analysed."""
    told = {
        "sobol": f"A Sobol’ sample tells where every interval is within ±{WIDE:g}, the second half of the sample moved "
        f"no index by more than {MOVED:g}, and no index contradicts another. A factor matters where the whole interval "
        f"of its total index is above {percent(SOME)} of the variance, and hardly matters where all of it is below. "
        "Intervals are by bootstrap over whole blocks, with fixed draws. Factors are ranked only where the interval of "
        "the difference of their indices leaves zero out.",
        "morris": f"Morris walks tell where there are {FEWEST_WALKS} or more, the second half of them moved no mean "
        "size by more than a quarter of the largest nor across the line of what matters, and every factor is told from "
        "one that does not matter. Intervals are by bootstrap over walks.",
        "one-at-a-time": "A change is clear where its whole interval, adjusted so that all hold together, lies beyond "
        "the smallest difference that matters; it leans where the interval only leaves zero out.",
    }
    said = [told[analysis.design]] if analysis.design in told else []
    if any(finding.search is not None for finding in analysis.findings):
        said += [
            f"A region is sought only with {FEWEST_SIDES} points on either side of the line and {FEWEST_A_FACTOR} a "
            f"factor. A limit is kept where its quasi-p value is {SIGNIFICANT:g} or less. A region holds up where nine "
            "in ten of the boxes of half the sample are denser than everywhere in the half they never saw, and a "
            f"factor is limited again in {percent(AGAIN)} of the halves.",
            "Feature scores are read only where forests explain "
            f"{percent(LEAST_EXPLAINED)} or more of the variance at points their trees never saw; a factor stands out "
            "where its lowest score is above the highest of pure chance.",
        ]
    return said


def _luck(analysis: Analysis) -> Html:
    rows = [
        [finding.subject.title, with_interval(finding.luck.of_run), with_interval(finding.luck.left)]
        for finding in analysis.findings
        if finding.luck is not None
    ]
    if not rows:
        return el("p", "With one seed a point, nothing can be said of luck.")
    head = ["Of", "Share of the variance of single runs", "Share of the variance between points’ means"]
    return table("How much of the variance is luck, with 95% intervals", head, rows)


def _failures(analysis: Analysis) -> Html | None:
    """Return the failed runs by name, up to a screenful."""
    if not analysis.failures:
        return None
    rows = [
        [f"{row['run']}", f"{row['point']}", f"{row['scenario']}, {row['route']}", f"{row['seed']}", row["error"] or ""]
        for row in analysis.failures[:MOST_FAILURES]
    ]
    more = len(analysis.failures) - len(rows)
    caption = "Runs that failed" + (f": the first {len(rows)}, {more:,} more are in failures.csv" if more else "")
    return table(caption, ["Run", "Point", "Scenario and route", "Seed", "Error"], rows, numbers_from=None)


def cannot_say() -> Html:
    """Return what no analysis of a sweep can say."""
    informed, numbers = informed_numbers()
    return join(
        [
            el("h2", "What this cannot say", id="limits"),
            items(
                [
                    "Shares and regions are of the ranges that the plan gives: a factor that hardly matters here may "
                    "matter over a wider range, and one that was not varied is not here at all.",
                    "Every point of the ranges counts alike and factors vary independently, as nobody knows how likely "
                    "each is or which go together.",
                    f"Only {informed} of the model’s {numbers} numbers are informed by a source. What matters in the "
                    "model need not matter in a place; a region is a question to ask there.",
                    "These intervals hold the luck of the draw of points. They say nothing of how well the model fits, "
                    "and more points would not help with that.",
                    "What moves an outcome need not be in anyone’s hands.",
                ]
            ),
        ]
    )


def origin(analysis: Analysis) -> Html:
    """Return where this comes from, and the command that makes it again."""
    manifest = analysis.manifest
    sweep = manifest["sweep"]
    rows: list[list[Any]] = [
        ["Sweep", f"{sweep['title']} (in {sweep['folder']})" if sweep["title"] else sweep["folder"]],
        ["Sweep’s hash", el("code", sweep["hash"][:16])],
        ["Hash of its design", el("code", sweep["design_hash"][:16])],
        ["Model version", sweep["model_version"]],
        *([name, value] for name, value in facts(manifest) if value not in (None, "", {})),
    ]
    return join(
        [
            el("h2", "Where this comes from", id="origin"),
            table("Provenance", ["What", "Value"], rows, numbers_from=None),
            el("h3", "To get it again"),
            el("pre", el("code", shlex.join(map(str, manifest["command"])))),
            el("p", "The same sweep gives the same numbers: every draw made here is fixed."),
        ]
    )
