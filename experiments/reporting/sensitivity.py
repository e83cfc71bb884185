"""Sentences and sections of an analysis."""

import shlex
from collections.abc import Sequence
from math import isnan
from typing import Any

from experiments.design import Morris, Sobol
from experiments.inference import FEWEST_TO_RANK, Verdict
from experiments.manifest import informed_numbers
from experiments.reporting import numbers
from experiments.reporting.figures.sheet import Picture
from experiments.reporting.html import Html, el, facts, figure, folded, items, join, paragraphs, table, whole_page
from experiments.reporting.numbers import capital, ends, joined, lower, percent
from experiments.reporting.phrases import TOO_SMALL
from experiments.sensitivity import feature_scoring
from experiments.sensitivity.adequacy import (
    FEWEST_A_FACTOR,
    FEWEST_SIDES,
    FEWEST_WALKS,
    MOVED,
    SOME,
    WIDE,
    Check,
    Luck,
    Share,
    is_enough,
)
from experiments.sensitivity.analysis import Analysis, Basis, Finding, Search
from experiments.sensitivity.data import (
    OUTCOME,
    Question,
    Subject,
    choice,
    label,
    place_words,
    plain_axis,
    pressure_words,
    route_words,
)
from experiments.sensitivity.feature_scoring import LEAST_EXPLAINED, Scores
from experiments.sensitivity.morris import Screening
from experiments.sensitivity.one_at_a_time import Step, Steps
from experiments.sensitivity.scenario_discovery import AGAIN, SIGNIFICANT, Limit, Line, Region
from experiments.sensitivity.sobol import Indices
from experiments.work import VARIED
from simulation.outcomes import difference, interval, level, number, shown
from simulation.text import counted

DESIGNS = {
    "grid": "grid",
    "latin-hypercube": "Latin hypercube",
    "sobol": "Saltelli sample for Sobol’ indices",
    "morris": "Morris walks",
    "table": "table of your own",
    "one-at-a-time": "one thing at a time",
}


def outcome_words(question: Question) -> str:
    """Return the outcome and when it is read: "practice at the end"."""
    how = shown(question.outcome)
    title = "practice" if question.outcome == OUTCOME else lower(how.title)
    if question.month is not None:
        return f"{title} at month {question.month}"
    return title if question.outcome.split("_")[-1].isdigit() else f"{title} at the end"


def what(subject: Subject, question: Question) -> str:
    """Return what was looked at, as inside a sentence."""
    words = outcome_words(question)
    return f"the difference in {words} ({subject.routes})" if subject.is_difference else f"{words} ({subject.routes})"


def amount(question: Question, value: float) -> str:
    """Write a change with its sign: "+0.76 of 10", "+3.1 points"."""
    text = difference(question.outcome, value)
    return text + (" of 10" if shown(question.outcome).factor == 10 else "")


def size(question: Question, value: float) -> str:
    """Write a size, which has no sign: "0.76 of 10"."""
    return amount(question, abs(value)).removeprefix("+")


def stand(question: Question, value: float) -> str:
    """Write a mean with one figure more than a level has."""
    how = shown(question.outcome)
    return number(value * how.factor, how.decimals + 1) + ("%" if how.unit.startswith("%") else "")


def with_interval(share: Share) -> str:
    """Write a share with its interval: "24% (19 to 30%)"."""
    return f"{percent(share.value)} ({ends(share.low, share.high)})"


def named(names: Sequence[str]) -> str:
    """Join factors for a sentence."""
    return joined([label(name) for name in names])


def verb(stem: str, names: Sequence[object]) -> str:
    """Return a verb for one or several: "matters", "matter"."""
    return f"{stem}s" if len(names) == 1 else stem


def too_small(checks: Sequence[Check], where: str = "") -> str:
    """Say that a sample is too small to tell, and by which of the things it is held to."""
    return f"{TOO_SMALL}{where}: {'; '.join(check.words for check in checks if not check.passed)}."


def judged_groups(names: Sequence[str], judgements: Sequence[str], line: str) -> list[str]:
    """Say which factors hardly matter, and of which that can't be told."""
    little = [name for name, found in zip(names, judgements, strict=True) if found == "hardly matters"]
    unclear = [name for name, found in zip(names, judgements, strict=True) if found == "can't be told"]
    said = [f"{capital(named(little))} hardly {verb('matter', little)}: less than {line}."] if little else []
    if unclear:
        whether = f"Whether {named(unclear)} {verb('matter', unclear)} (more than {line})"
        said.append(f"{whether} can’t be told from this sample.")
    return said


# Say what was asked: which outcome, what was varied over which ranges, in which scenarios and routes.


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


# Say what Sobol' indices and Morris walks found.


TELLING = 0.5
"""Half-width of the sum of first indices from which it tells nothing."""


def leading_index(found: Indices) -> str:
    """Say which factor accounts for most of the variance, or which can't be ranked."""
    names, k = [found.names[j] for j in found.tied], found.tied[0]
    told = f"{found.total[k]:.2f} ±{found.total_half[k]:.2f} of the variance"
    if len(names) == 1:
        return f"{capital(named(names))} moves it most: {told}, alone and with the others."
    return f"{capital(named(names))} move it most and can’t be ranked; the largest total index is {told}."


def indices_sentences(found: Indices) -> list[str]:
    """Say how much the factors do one by one, how much together, and which hardly matter or can't be told."""
    rest, half, count = 1 - found.first_sum, found.first_sum_half, numbers.counted(len(found.names))
    told = half <= TELLING
    said = [
        f"One by one the {count} factors account for {number(found.first_sum, 2)} ±{half:.2f} of the variance; acting "
        f"together they account for the rest, {number(rest, 2)} ±{half:.2f}."
        if told
        else f"How much the {count} factors do one by one, and how much together, can’t be told: ±{half:.2f}."
    ]
    if rest - half > 0.5:
        said.append("Interactions rule: to change one number at a time would mislead.")
    judgements = [found.judgement(k) for k in range(len(found.names))]
    return said + judged_groups(found.names, judgements, f"{percent(SOME)} of the variance")


def leading_walks(found: Screening) -> str:
    """Say which factor moves the outcome most, or which can't be ranked."""
    names = [found.names[k] for k in found.tied]
    unranked = "" if len(names) == 1 else " and can’t be ranked"
    return f"{capital(named(names))} {verb('move', names)} it most{unranked}."


def screening_sentences(found: Screening, question: Question) -> list[str]:
    """Say how large the largest effect is, which way factors work, and which hardly matter or can't be told."""
    k = found.order[0]
    reach = interval(question.outcome, found.size_low[k], found.size_high[k]).replace("+", "")
    much = size(question, found.size[k])
    said = [f"Over its whole range {label(found.names[k])} moves it by {much} on average ({reach}), up or down."]
    told = [j for j in found.order if found.judgement(j) == "matters"]
    both = [found.names[j] for j in told if found.mean_low[j] < 0 < found.mean_high[j]]
    if both:
        said.append(f"Which way {named(both)} {verb('work', both)} depends on the rest, or can’t be told.")
    wide = [found.names[j] for j in told if found.spread_low[j] > found.size_high[j]]
    if wide:
        words = "differ more from place to place than they are large: interactions or bends"
        said.append(f"The effects of {named(wide)} {words}.")
    judgements = [found.judgement(j) for j in range(len(found.names))]
    return said + judged_groups(found.names, judgements, size(question, found.line))


# Say where an outcome is found, how well that holds up, and which factors score above chance.


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
        return f"{name} is {plain_axis(limit.low)} to {plain_axis(limit.high)}"
    return f"{name} is above {plain_axis(limit.low)}" if low else f"{name} is below {plain_axis(limit.high)}"


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
        f"The search was repeated on {numbers.counted(n)} random halves of the sample: in the half that each never "
        f"saw, {inside} of the points inside are like that, and {covered} of all such points lie inside."
    )


def scores_sentence(found: Scores) -> str:
    """Say which factors score above chance, or that none does."""
    held = feature_scoring.checks(found)
    if not is_enough(held):
        return too_small(held, " by feature scoring")
    explained = ends(max(0.0, found.explained.min()), max(0.0, found.explained.max()))
    told = f"forests explain {explained} of the variance at points never seen"
    above = found.above_chance
    if not above:
        return f"By feature scoring no factor stands out from pure chance; {told}."
    order = ", in this order" if len(above) > 1 else ""
    return f"By feature scoring, {named(above)} {verb('stand', above)} out from pure chance{order}; {told}."


# Say what one thing changed at a time does.


STEP_WORDS: dict[Verdict, tuple[str, str, str]] = {
    "ahead": ("higher", "lower", "are clear"),
    "leans": ("leans higher", "leans lower", "lean"),
    "no difference that matters": (
        "too small to matter", "too small to matter", "make no difference that matters",
    ),
    "undecided": ("undecided", "undecided", "are undecided"),
    "too few replicates": ("too few seeds", "too few seeds", "rest on too few seeds"),
}  # fmt: skip

ALONE = (
    "One thing was changed at a time: what two changes do together can’t be seen here, and a difference between routes "
    "may rest on just that. A Sobol’ design tells how much does."
)


def step_words(step: Step) -> str:
    """Return a step's verdict in a few words."""
    return STEP_WORDS[step.verdict][step.difference < 0]


def step_value(step: Step) -> str:
    """Return what a step sets its factor to."""
    is_number = isinstance(step.value, int | float) and not isinstance(step.value, bool)
    return plain_axis(float(step.value)) if is_number else choice(step.value)


def step_name(step: Step) -> str:
    """Return what a step sets: "partner days = 40", "without rigidity"."""
    if step.factor == "without":
        return f"without {step.value}"
    return f"{label(step.factor)} = {step_value(step)}"


def steps_verdict(found: Steps, question: Question) -> str:
    """Say which change does most, or that none can be told."""
    pairs = range(found.steps[0].pairs)
    if len(pairs) < FEWEST_TO_RANK:
        few = f"{len(pairs)} {'seed' if len(pairs) == 1 else 'seeds'} {verb('rank', pairs)} nothing"
        return f"{TOO_SMALL}: {few}, it takes {FEWEST_TO_RANK}."
    clear = sorted((step for step in found.steps if step.verdict == "ahead"), key=lambda step: -abs(step.difference))
    if not clear:
        return "No single change moves it by enough to matter for certain."
    reach = interval(question.outcome, clear[0].adjusted_low, clear[0].adjusted_high)
    most = f"{step_name(clear[0])} does most: {amount(question, clear[0].difference)} ({reach})"
    return f"Of single changes, {most}."


def steps_sentences(found: Steps, question: Question) -> list[str]:
    """Say where it stands unchanged, how many changes are clear, and that interactions can't be seen."""
    count = {kind: sum(step.verdict == kind for step in found.steps) for kind in STEP_WORDS}
    told = joined([f"{count[kind]} {words[2]}" for kind, words in STEP_WORDS.items() if count[kind]])
    low, high = stand(question, found.base_low), stand(question, found.base_high)
    return [
        f"With nothing changed it stands at {stand(question, found.base)} ({low} to {high}).",
        f"Of {len(found.steps)} changes, {told}; their intervals hold together.",
        ALONE,
    ]


# Put what an analysis found into sentences, computed from its numbers and from nothing else.


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


# Say how sure an analysis is, what it cannot say, and where it comes from.


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


# Tell of one subject at length: what was found in words, figures, and what the sample was held to.


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


# Write what an analysis found as one self-contained page, in the style of a comparison's.


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
