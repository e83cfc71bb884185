"""Say where an outcome is found, how well that holds up, and which factors score above chance."""

from math import isnan

from experiments.analysis import scoring
from experiments.analysis.axes import plain
from experiments.analysis.discovery import AGAIN, Limit, Region
from experiments.analysis.findings import Search
from experiments.analysis.line import Line
from experiments.analysis.question import Question
from experiments.analysis.scoring import Scores
from experiments.analysis.sentences.words import ends, named, outcome_words, percent, size, spelled, too_small, verb
from experiments.analysis.subjects import Subject, route_words
from experiments.analysis.telling import is_enough
from experiments.shown import level, shown
from experiments.wording import capital, joined

MOSTLY = 0.75
"""Share of the points of a region from which an outcome is found there mostly."""


def line_words(line: Line, question: Question, subject: Subject) -> str:
    """Say which side of which line was sought."""
    if subject.second is not None:
        routes = route_words(subject.arm), route_words(subject.second)
        first, second = routes if line.above else routes[::-1]
        return f"{first} is ahead of {second} by more than {size(question, line.value)}"
    of = " of 10" if shown(question.outcome).factor == 10 else ""
    side = "above" if line.above else "below"
    return f"{outcome_words(question)} is {side} {level(question.outcome, line.value)}{of}"


def limit_words(limit: Limit) -> str:
    """Say where a region lies along a factor; an end that is the sample's own is not named."""
    name = limit.axis.label
    if limit.axis.numbers is None:
        return f"{name} is {' or '.join(limit.choices)}"
    low, high = not isnan(limit.quasi_p[0]), not isnan(limit.quasi_p[1])
    if low and high:
        return f"{name} is {plain(limit.low)} to {plain(limit.high)}"
    return f"{name} is above {plain(limit.low)}" if low else f"{name} is below {plain(limit.high)}"


def search_verdict(search: Search, question: Question, subject: Subject) -> str:
    """Say where the outcome sought is found, that no region holds up, or that the sample is too small to seek one."""
    sought = line_words(search.line, question, subject)
    if search.sought in (0, search.points):
        count = f"none of the {search.points:,} points" if search.sought == 0 else f"all {search.points:,} points"
        return f"At {count} {sought}: there is no region to seek."
    if search.region is None:
        return too_small(search.checks, f" where {sought}")
    if not search.region.limits:
        return f"No region stands out in which {sought}."
    if not search.region.holds:
        return f"No region in which {sought} holds up when the search is repeated on halves of the sample."
    often = "mostly" if search.region.density >= MOSTLY else "more often"
    return f"{capital(sought)} {often} where {joined([limit_words(limit) for limit in search.region.found])}."


def search_sentences(search: Search) -> list[str]:
    """Say how good the region is, how it fares at points it never saw, and how much luck decides."""
    said = [f"That line is {search.line.why}."]
    said += [] if search.region is None else region_sentences(search.region)
    if not isnan(search.near):
        side = "lie so near that line that luck may have put them on the other side"
        said.append(f"{percent(search.near)} of the points {side}.")
    return said


def region_sentences(region: Region) -> list[str]:
    """Say coverage and density, how the search fared on halves, and which limits not to rely on."""
    if not region.limits:
        return [f"Everywhere, {percent(region.base)} of the points are like that."]
    where = joined([limit_words(limit) for limit in region.limits])
    said = [
        f"In the region found ({where}), {percent(region.density)} of the points are like that, against "
        f"{percent(region.base)} everywhere; it holds {percent(region.coverage)} of all such points, in "
        f"{percent(region.mass)} of the sample.",
        halves_sentence(region),
    ]
    weak = [limit.axis.name for limit in region.limits if limit.again < AGAIN]
    if weak:
        were = "The limit on {} was" if len(weak) == 1 else "The limits on {} were"
        fewer = f"found again in fewer than {percent(AGAIN)} of the halves: not to be relied on"
        said.append(f"{were.format(named(weak))} {fewer}.")
    return said


def halves_sentence(region: Region) -> str:
    """Say how the boxes of half the sample fared on the other half."""
    n = len(region.held_density)
    if not n:
        return "No half of the sample has points on both sides, so it can’t be said whether the region holds up."
    inside = ends(region.held_density.min(), region.held_density.max())
    covered = ends(region.held_coverage.min(), region.held_coverage.max())
    return (
        f"The search was repeated on {spelled(n)} random halves of the sample: in the half that each never saw, "
        f"{inside} of the points inside are like that, and {covered} of all such points lie inside."
    )


def scores_sentence(found: Scores) -> str:
    """Say which factors score above chance, or that none does."""
    held = scoring.checks(found)
    if not is_enough(held):
        return too_small(held, " by feature scoring")
    explained = ends(max(0.0, found.explained.min()), max(0.0, found.explained.max()))
    told = f"forests explain {explained} of the variance at points never seen"
    above = found.above_chance
    if not above:
        return f"By feature scoring no factor stands out from pure chance; {told}."
    order = ", in this order" if len(above) > 1 else ""
    return f"By feature scoring, {named(above)} {verb('stand', above)} out from pure chance{order}; {told}."
