"""Put what an analysis found into sentences, computed from its numbers and from nothing else."""

from experiments.analysis.findings import Analysis, Basis, Finding
from experiments.analysis.luck import Luck
from experiments.analysis.question import Question
from experiments.analysis.sentences.indices import (
    indices_sentences,
    leading_index,
    leading_walks,
    screening_sentences,
)
from experiments.analysis.sentences.regions import (
    region_sentences,
    scores_sentence,
    search_sentences,
    search_verdict,
)
from experiments.analysis.sentences.single import steps_sentences, steps_verdict
from experiments.analysis.sentences.words import TOO_SMALL, lower, too_small, what, with_interval
from experiments.analysis.telling import is_enough
from experiments.design import Morris, Sobol
from experiments.shown import number
from experiments.wording import capital
from simulation.text import counted


def verdict(finding: Finding, question: Question) -> str:
    """Return the answer in one sentence: what moves the outcome, or that the sample is too small to tell."""
    if not finding.varies:
        return f"{capital(what(finding.subject, question))} does not vary over the points that are stored."
    if finding.indices is not None:
        return leading_index(finding.indices) if is_enough(finding.checks) else too_small(finding.checks)
    if finding.screening is not None:
        return leading_walks(finding.screening) if is_enough(finding.checks) else too_small(finding.checks)
    if finding.steps is not None:
        return steps_verdict(finding.steps, question)
    if finding.search is not None:
        return search_verdict(finding.search, question, finding.subject)
    return f"{TOO_SMALL}: too few of its points are stored."


def short(finding: Finding, question: Question) -> list[str]:
    """Return the few sentences that belong under the verdict."""
    said: list[str] = []
    if finding.indices is not None:
        said += indices_sentences(finding.indices)[:1] if is_enough(finding.checks) else [_leaning(finding)]
    if finding.screening is not None:
        enough = is_enough(finding.checks)
        said += screening_sentences(finding.screening, question)[:1] if enough else [_leaning(finding)]
    if finding.steps is not None:
        said += steps_sentences(finding.steps, question)[1:2]
    if finding.search is not None:
        told = search_verdict(finding.search, question, finding.subject)
        said += [] if told == verdict(finding, question) else [told]
        region = finding.search.region
        if region is not None and region.holds:
            said += region_sentences(region)[:2]
        elif region is not None:
            said += search_sentences(finding.search)[-1:]
        if finding.scores is not None and finding.indices is None and finding.screening is None:
            said.append(scores_sentence(finding.scores))
    return said


def sentences(finding: Finding, question: Question) -> list[str]:
    """Return what else may be said of a subject, by what it is asked."""
    said: list[str] = []
    if finding.indices is not None or finding.screening is not None:
        said += [] if is_enough(finding.checks) else [_leaning(finding)]
    if finding.indices is not None:
        said += indices_sentences(finding.indices)
    if finding.screening is not None:
        said += screening_sentences(finding.screening, question)
    if finding.steps is not None:
        said += steps_sentences(finding.steps, question)
    if finding.search is not None:
        told = search_verdict(finding.search, question, finding.subject)
        said += [] if told == verdict(finding, question) else [told]
        said += search_sentences(finding.search)
    if finding.scores is not None:
        said.append(scores_sentence(finding.scores))
    return [*said, luck_sentence(finding.luck, finding)]


def _leaning(finding: Finding) -> str:
    """Say what a sample that is too small leans to."""
    if finding.indices is not None:
        return f"What it leans to: {lower(leading_index(finding.indices))}"
    return f"What it leans to: {lower(leading_walks(finding.screening))}" if finding.screening is not None else ""


def luck_sentence(found: Luck | None, finding: Finding) -> str:
    """Say how much of the variance is luck, and what is left of it in the points' means."""
    if found is None:
        return "What luck does can’t be told from what the factors do: it takes two seeds a point."
    said = f"Luck makes up {with_interval(found.of_run)} of the variance of single runs."
    left = (
        f"After averaging {counted(found.replicates, 'seed')}, {with_interval(found.left)} of the variance between "
        "points is luck still, which differs from point to point"
    )
    if not found.is_too_much:
        return f"{said} {left}."
    if finding.indices is None:
        return f"{said} {left}: more seeds would show more."
    if not is_enough(finding.checks):
        return f"{said} {left}, and which total indices count as interactions. More seeds would tell."
    freed = finding.indices.first_sum / (1 - min(found.left.value, 0.99))
    return (
        f"{said} {left}. Total indices count it as interactions; without it the first ones would add up to about "
        f"{number(freed, 2)} instead of {number(finding.indices.first_sum, 2)}. More seeds would tell."
    )


def basis_sentence(basis: Basis) -> str:
    """Say on how much of the sweep all this rests."""
    part = "" if basis.part == (1, 1) else f" (part {basis.part[0]} of {basis.part[1]})"
    whole = basis.done == basis.runs
    runs = f"all {basis.done:,} runs" if whole else f"{basis.done:,} of {basis.runs:,} runs"
    failed = "none failed" if not basis.failed else f"{basis.failed:,} of them failed and {_left_out(basis.failed)}"
    state = "" if whole else " The sweep is still running." if basis.running else " The sweep is not finished."
    return f"It rests on {runs}{part}; {failed}.{state}"


def _left_out(failed: int) -> str:
    return "is left out" if failed == 1 else "are left out"


def used_sentence(finding: Finding, analysis: Analysis) -> str:
    """Say how many points, and of drawn designs how many whole blocks, a subject's numbers rest on."""
    points = f"{finding.points:,} of {counted(analysis.work.points, 'point')}"
    design = analysis.work.design
    if isinstance(design, Sobol) and finding.indices is not None:
        return f"{points}; {finding.indices.blocks:,} of {design.points:,} whole blocks"
    if isinstance(design, Morris) and finding.screening is not None:
        return f"{points}; {finding.screening.walks:,} of {design.trajectories:,} whole walks"
    return points
