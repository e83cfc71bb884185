"""Sentences and page of an analysis."""

from collections import Counter
from collections.abc import Mapping, Sequence
from math import isnan
from typing import Any, NamedTuple

from experiments.design import Morris, Sobol
from experiments.inference import FEWEST_TO_RANK
from experiments.manifest import informed_numbers
from experiments.reporting import numbers
from experiments.reporting.figures.sheet import Picture
from experiments.reporting.html import Cell, Row, command_line, facts, render
from experiments.reporting.numbers import capital, ends, joined, lower, percent
from experiments.reporting.phrases import TOO_SMALL, WORDS
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
    return number(value * how.factor, how.decimals + 1) + ("%" if how.is_percentage else "")


def with_interval(share: Share) -> str:
    """Write a share with its interval: "24% (19 to 30%)"."""
    return f"{percent(share.value)} ({ends(share.low, share.high)})"


def named(names: Sequence[str]) -> str:
    """Join factors for a sentence."""
    return joined([label(name) for name in names])


def verb(stem: str, names: Sequence[object]) -> str:
    """Return a verb for one or several: "matters", "matter"."""
    return f"{stem}s" if len(names) == 1 else stem


class Answer(NamedTuple):
    """What moves an outcome: what is said, by what numbers, and whether the sample is large enough to tell."""

    words: str
    because: str = ""
    is_told: bool = True

    @property
    def sentence(self) -> str:
        """Return all of it."""
        return f"{self.words}: {self.because}." if self.because else f"{self.words}."


def too_small(checks: Sequence[Check], where: str = "") -> Answer:
    """Say that a sample is too small to tell, and by which of the things it is held to."""
    return Answer(f"{TOO_SMALL}{where}", "; ".join(check.words for check in checks if not check.passed), is_told=False)


def judged_groups(names: Sequence[str], judgements: Sequence[str], line: str) -> list[str]:
    """Say which factors hardly matter, and of which that can't be told."""
    little = [name for name, found in zip(names, judgements, strict=True) if found == "hardly matters"]
    unclear = [name for name, found in zip(names, judgements, strict=True) if found == "can't be told"]
    said = [f"{capital(named(little))} hardly {verb('matter', little)}: less than {line}."] if little else []
    if unclear:
        whether = f"Whether {named(unclear)} {verb('matter', unclear)} (more than {line})"
        said.append(f"{whether} can’t be told from this sample.")
    return said


# Say what Sobol' indices and Morris walks found.


TELLING = 0.5
"""Half-width of the sum of first indices from which it tells nothing."""


def leading_index(found: Indices) -> Answer:
    """Say which factor accounts for most of the variance, or which can't be ranked."""
    names, k = [found.names[j] for j in found.tied], found.tied[0]
    told = f"{found.total[k]:.2f} ±{found.total_half[k]:.2f} of the variance"
    if len(names) == 1:
        return Answer(f"{capital(named(names))} moves it most", f"{told}, alone and with the others")
    return Answer(f"{capital(named(names))} move it most and can’t be ranked; the largest total index is {told}")


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


def leading_walks(found: Screening) -> Answer:
    """Say which factor moves the outcome most, or which can't be ranked."""
    names = [found.names[k] for k in found.tied]
    unranked = "" if len(names) == 1 else " and can’t be ranked"
    return Answer(f"{capital(named(names))} {verb('move', names)} it most{unranked}")


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


def search_verdict(search: Search, question: Question, subject: Subject) -> Answer:
    """Say where the outcome sought is found, that no region holds up, or that the sample is too small to seek one."""
    sought = line_words(search.line, question, subject)
    if search.sought in (0, search.points):
        count = f"none of the {search.points:,} points" if search.sought == 0 else f"all {search.points:,} points"
        return Answer(f"At {count} {sought}", "there is no region to seek")
    if search.region is None:
        return too_small(search.checks, f" where {sought}")
    if not search.region.limits:
        return Answer(f"No region stands out in which {sought}")
    if not search.region.holds:
        return Answer(f"No region in which {sought} holds up when the search is repeated on halves of the sample")
    often = "mostly" if search.region.density >= MOSTLY else "more often"
    return Answer(f"{capital(sought)} {often} where {joined([limit_words(limit) for limit in search.region.found])}")


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
        return too_small(held, " by feature scoring").sentence
    explained = ends(max(0.0, found.explained.min()), max(0.0, found.explained.max()))
    told = f"forests explain {explained} of the variance at points never seen"
    above = found.above_chance
    if not above:
        return f"By feature scoring no factor stands out from pure chance; {told}."
    order = ", in this order" if len(above) > 1 else ""
    return f"By feature scoring, {named(above)} {verb('stand', above)} out from pure chance{order}; {told}."


# Say what one thing changed at a time does.


ALONE = (
    "One thing was changed at a time: what two changes do together can’t be seen here, and a difference between routes "
    "may rest on just that. A Sobol’ design tells how much does."
)


def step_words(step: Step) -> str:
    """Return a step's verdict in a few words."""
    return WORDS[step.verdict].step[step.difference < 0]


def step_value(step: Step) -> str:
    """Return what a step sets its factor to."""
    is_number = isinstance(step.value, int | float) and not isinstance(step.value, bool)
    return plain_axis(float(step.value)) if is_number else choice(step.value)


def step_name(step: Step) -> str:
    """Return what a step sets: "partner days = 40", "without rigidity"."""
    if step.factor == "without":
        return f"without {step.value}"
    return f"{label(step.factor)} = {step_value(step)}"


def steps_verdict(found: Steps, question: Question) -> Answer:
    """Say which change does most, or that none can be told."""
    pairs = range(found.steps[0].pairs)
    if len(pairs) < FEWEST_TO_RANK:
        few = f"{len(pairs)} {'seed' if len(pairs) == 1 else 'seeds'} {verb('rank', pairs)} nothing"
        return Answer(TOO_SMALL, f"{few}, it takes {FEWEST_TO_RANK}", is_told=False)
    clear = sorted((step for step in found.steps if step.verdict == "ahead"), key=lambda step: -abs(step.difference))
    if not clear:
        return Answer("No single change moves it by enough to matter for certain")
    reach = interval(question.outcome, clear[0].adjusted_low, clear[0].adjusted_high)
    size_of_it = f"{amount(question, clear[0].difference)} ({reach})"
    return Answer(f"Of single changes, {step_name(clear[0])} does most", size_of_it)


def steps_sentences(found: Steps, question: Question) -> list[str]:
    """Say where it stands unchanged, how many changes are clear, and that interactions can't be seen."""
    count = Counter[str](step.verdict for step in found.steps)
    told = joined([f"{count[kind]} {said.step[2]}" for kind, said in WORDS.items() if count[kind]])
    low, high = stand(question, found.base_low), stand(question, found.base_high)
    return [
        f"With nothing changed it stands at {stand(question, found.base)} ({low} to {high}).",
        f"Of {len(found.steps)} changes, {told}; their intervals hold together.",
        ALONE,
    ]


# Put what an analysis found into sentences, computed from its numbers and from nothing else.


def verdict(finding: Finding, question: Question) -> str:
    """Return the answer in one sentence: what moves the outcome, or that the sample is too small to tell."""
    return answer(finding, question).sentence


def answer(finding: Finding, question: Question) -> Answer:
    """Return what moves the outcome, or that the sample is too small to tell."""
    if not finding.varies:
        return Answer(f"{capital(what(finding.subject, question))} does not vary over the points that are stored")
    if finding.indices is not None:
        return leading_index(finding.indices) if is_enough(finding.checks) else too_small(finding.checks)
    if finding.screening is not None:
        return leading_walks(finding.screening) if is_enough(finding.checks) else too_small(finding.checks)
    if finding.steps is not None:
        return steps_verdict(finding.steps, question)
    if finding.search is not None:
        return search_verdict(finding.search, question, finding.subject)
    return Answer(TOO_SMALL, "too few of its points are stored", is_told=False)


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
        said += [] if told == answer(finding, question) else [told.sentence]
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
        said += [] if told == answer(finding, question) else [told.sentence]
        said += search_sentences(finding.search)
    if finding.scores is not None:
        said.append(scores_sentence(finding.scores))
    return [*said, luck_sentence(finding.luck, finding)]


def _leaning(finding: Finding) -> str:
    """Say what a sample that is too small leans to."""
    if finding.indices is not None:
        return f"What it leans to: {lower(leading_index(finding.indices).sentence)}"
    if finding.screening is not None:
        return f"What it leans to: {lower(leading_walks(finding.screening).sentence)}"
    return ""


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


MOST_FAILURES = 20
"""Failed runs that the page names; all stand in failures.csv."""
RULE = {
    "wide": f"{WIDE:g}", "moved": f"{MOVED:g}", "some": percent(SOME), "walks": FEWEST_WALKS, "sides": FEWEST_SIDES,
    "a_factor": FEWEST_A_FACTOR, "significant": f"{SIGNIFICANT:g}", "again": percent(AGAIN),
    "explained": percent(LEAST_EXPLAINED),
}  # fmt: skip
"""Lines by which words are chosen; they were fixed before any sweep was analysed."""


def report_page(analysis: Analysis, pictures: Sequence[Picture]) -> str:
    """Return the whole page; it needs no network and no other file."""
    work, question, findings = analysis.work, analysis.question, analysis.findings
    failures = analysis.failures[:MOST_FAILURES]
    alone = ALONE if any(finding.steps is not None for finding in findings) else ""
    return render(
        "sensitivity.html",
        version=str(analysis.manifest["version"]),
        heading=headline(analysis),
        sections=[(_anchor(finding), finding.subject.title) for finding in findings],
        basis=[basis_sentence(analysis.basis), alone, *(f"{capital(note)}." for note in analysis.notes)],
        subjects=[
            _subject(analysis, finding, [one for one in pictures if one.scenario == finding.subject.key])
            for finding in findings
        ],
        outcome=outcome_words(question),
        factor_count=counted(len(analysis.axes), "factor"), points=counted(work.points, "point"),
        design=analysis.design, design_words=DESIGNS[analysis.design],
        seeds="seed" if work.replicates == 1 else f"{work.replicates} seeds",
        searched=any(finding.search is not None for finding in findings),
        lines=_lines(question), description=work.description,
        factors=[
            [Cell(capital(axis.label), axis.name, small_tag="code"), axis.meaning or "as the scenario names it",
             axis.span, axis.unit]
            for axis in analysis.axes
        ],
        arms=[
            [place_words(arm), route_words(arm), pressure_words(arm),
             VARIED if "months" in work.varied else f"{arm.what.months}", Cell(arm.hash[:16], tag="code")]
            for arm in map(work.named, work.arms)
        ],
        luck=[
            [finding.subject.title, with_interval(finding.luck.of_run), with_interval(finding.luck.left)]
            for finding in findings if finding.luck is not None
        ],
        failures=[
            [f"{row['run']}", f"{row['point']}", f"{row['scenario']}, {row['route']}", f"{row['seed']}",
             row["error"] or ""]
            for row in failures
        ],
        more_failures=f"{more:,}" if (more := len(analysis.failures) - len(failures)) else "",
        rule=RULE, informed=informed_numbers(), facts=_origin(analysis.manifest),
        command=command_line(analysis.manifest),
    )  # fmt: skip


def headline(analysis: Analysis) -> str:
    """Return the report's title."""
    question = f"what moves {outcome_words(analysis.question)}?"
    return f"{analysis.work.title}: {question}" if analysis.work.title else capital(question)


def _anchor(finding: Finding) -> str:
    """Return the address of a subject's section inside the page."""
    return f"of-{finding.subject.key}"


def _lines(question: Question) -> str:
    """Say which lines were asked for, where any were."""
    said, how = [], shown(question.outcome)
    for side, line in (("above", question.above), ("below", question.below)):
        said += [] if line is None else [f"{side} {level(question.outcome, line)}"]
    if question.ahead is not None:
        said.append(f"a difference beyond {number(question.ahead * how.factor, how.decimals + 1)}")
    return f"Asked for was {' and '.join(said)}." if said else ""


def _origin(manifest: Mapping[str, Any]) -> list[Row]:
    """Return which sweep was asked, and what a manifest says of the program."""
    sweep = manifest["sweep"]
    return [
        ["Sweep", f"{sweep['title']} (in {sweep['folder']})" if sweep["title"] else sweep["folder"]],
        ["Sweep’s hash", Cell(sweep["hash"][:16], tag="code")],
        ["Hash of its design", Cell(sweep["design_hash"][:16], tag="code")],
        ["Model version", sweep["model_version"]],
        *facts(manifest),
    ]


def _subject(analysis: Analysis, finding: Finding, pictures: Sequence[Picture]) -> dict[str, Any]:
    """Return what the page says of a subject: what was found in words, figures, and what the sample was held to."""
    question, indices, walks = analysis.question, finding.indices, finding.screening
    return {
        "title": finding.subject.title, "anchor": _anchor(finding), "verdict": verdict(finding, question),
        "short": short(finding, question), "said": sentences(finding, question) if finding.varies else [],
        "pictures": pictures,
        "pairs": [
            [f"{label(pair.one)} with {label(pair.other)}", number(pair.value, 2),
             f"{number(pair.value - pair.half, 2)} to {number(pair.value + pair.half, 2)}"]
            for pair in (indices.pairs if indices is not None else ())
        ],
        "indices_settle": [] if indices is None else [_indices_settle(indices)],
        "sizes_settle": [] if walks is None else [_sizes_settle(walks, question)],
        "used": used_sentence(finding, analysis),
        "checks": [
            [capital(check.name), aim, "yes" if check.passed else "no", check.words]
            for aim, check in finding.all_checks
        ],
    }  # fmt: skip


def _indices_settle(found: Indices) -> dict[str, Any]:
    """Return the indices at a quarter, at half and at all of the sample."""
    courses = (found.total_at, found.first_at)
    return {
        "head": ["Factor", *(f"{kind}, {count:,} blocks" for kind in ("Total", "First") for count in found.looks)],
        "rows": [
            [label(found.names[k]), *(number(float(at[look, k]), 2) for at in courses
                                      for look in range(len(found.looks)))]
            for k in found.order
        ],
    }  # fmt: skip


def _sizes_settle(found: Screening, question: Question) -> dict[str, Any]:
    """Return the mean sizes at a quarter, at half and at all of the walks."""
    return {
        "head": ["Factor", *(f"{count:,} walks" for count in found.looks)],
        "rows": [[label(found.names[k]), *(size(question, float(at[k])) for at in found.size_at)] for k in found.order],
    }
