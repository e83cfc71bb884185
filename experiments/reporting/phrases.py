"""EVERY verdict's words."""

from collections.abc import Mapping, Sequence
from functools import singledispatch
from math import ceil, inf, isinf, isnan
from typing import Any, NamedTuple

from experiments.claims import ClaimFinding
from experiments.comparison import FLAT, Comparison, Contrast, Name, in_text, leader, main_pair
from experiments.contrast import Result
from experiments.inference import (
    CONFIDENCE,
    FEWEST_TO_RANK,
    HOLDS,
    OPPOSITE,
    SIDED,
    SMALL,
    Estimate,
    Share,
    State,
    Verdict,
)
from experiments.patterns import PatternFinding
from experiments.reporting.numbers import capital, joined
from experiments.route_map import MapPlan, RouteMap
from experiments.sequential import SCALE, SIDES, Rule, Stopping
from simulation import outcomes
from simulation.outcomes import PRACTICE_MATTERS, difference, level, number
from simulation.text import counted
from simulation.vocabulary import GROUPS

CAVEAT = "Illustrative, not predictive"


class Words(NamedTuple):
    """A verdict as people read it; {name} is the arm that it is on the side of."""

    label: str
    """By itself: a key, a heading, a cell that names no arm."""
    cell: str = ""
    """In a table's cell, with the arm; the label where it is the same."""
    heading: str = ""
    """Over the claims of which it is said; the label where it is the same."""
    clause: str = ""
    """Where several are told of: "... under two pressures"."""
    turned: str = ""
    """Where it is not what it was elsewhere."""
    side: str = ""
    """On whose side a difference is, as an aside."""
    sentence: str = ""
    reason: str = ""
    """Why it is not a plain one, after the sizes."""
    ending: str = ""
    """How a line over time ends."""
    change: str = ""
    """What changed assumptions do."""
    loss: str = ""
    """What an ingredient does: it raises or lowers."""
    step: tuple[str, str, str] = ("", "", "")
    """What a single change does: higher, lower, and several of them."""
    claimed: str = ""
    """An effect that was claimed, after its size."""
    points: str = ""
    """The points of parameter space where it is so."""
    under: str = ""
    """A claim under the structures that are named next."""
    pattern: str = ""
    """What a check of a pattern came to: {found}, where {rule} was claimed."""
    mark: str = ""
    """The dot of a figure; a diamond where it has none of its own."""


WORDS: Mapping[str, Words] = {
    "ahead": Words(
        "ahead", cell="{name} {higher}", side="with {name} ahead", clause="{name} is ahead", turned="{name} is ahead",
        sentence="{name} is ahead of {other} at month {month}.", ending="{name} ends ahead by {points} of 10",
        change="{way} practice, by a difference that matters", loss="{way} it", mark="filled",
        step=("higher", "lower", "are clear"),
    ),
    "holds": Words(
        "holds", claimed="as claimed", mark="filled", pattern="Holds. {found}, {rule} as claimed.",
    ),
    "too small": Words(
        "too small to matter", claimed="too small to matter, which would be {smallest}",
        points="are too small to matter", under="too small to matter with", mark="square",
    ),
    "leans": Words(
        "leans", cell="leans to {name}", side="leaning to {name}", clause="the runs lean to {name}",
        turned="it only leans to {name}",
        sentence="At month {month} the runs lean to {name} over {other}.",
        reason=": zero is outside, but part of the interval lies within ±{matters}, too small to matter",
        ending="the end leans to {name}, by {points} of 10",
        change="{way} practice, though perhaps too little to matter",
        loss="leans to: {way} it", step=("leans higher", "leans lower", "lean"), mark="open",
    ),
    "no difference that matters": Words(
        "no difference that matters", clause="there is no difference that matters",
        turned="there is no difference that matters",
        sentence="There is no difference that matters between {pair} at month {month}.",
        reason=", all of it within ±{matters}, too small to matter",
        ending="no difference that matters at the end between {pair}", change="too small to matter", mark="square",
        step=("too small to matter", "too small to matter", "make no difference that matters"),
    ),
    "undecided": Words(
        "undecided", clause="it is undecided", turned="it is undecided",
        sentence="These runs do not decide between {pair} at month {month}.", reason=": the interval spans zero",
        ending="these runs do not decide between {pair} at the end", change="these runs can’t tell which way",
        step=("undecided", "undecided", "are undecided"),
        pattern="Undecided. {found}, neither wholly {rule} as claimed nor wholly not.",
    ),
    "too few replicates": Words(
        "too few replicates", clause="there are too few replicates to say",
        turned="there are too few replicates to say",
        sentence="{replicates} paired runs rank nothing: it takes {fewest}.",
        ending="too few runs to tell {name} from {other}", change="too few runs to tell", loss="too few seeds to say",
        step=("too few seeds", "too few seeds", "rest on too few seeds"),
    ),
    "can't be told": Words(
        "can’t be told", claimed="from which it can’t be told", points="can’t be told by these seeds",
        under="not to be told with",
    ),
    "the other way round": Words(
        "the other way round", claimed="the other way round", points="are the other way round",
        under="the other way round with",
    ),
    "fails": Words("fails", pattern="Fails. {found}, where {rule} was claimed."),
    "no claim": Words("no claim", pattern="No claim is made. {found}."),
    "depends": Words("depends", cell="depends on {why}", heading="holds at the defaults, but depends"),
    "does not hold": Words("does not hold", cell="does not hold: {why}"),
    "not measured": Words("not measured"),
    "not run": Words("not run"),
    # of a factor's index
    "matters": Words("matters"),
    "hardly matters": Words("hardly matters"),
    # of an unknown that was fitted
    "narrowed": Words("narrowed"),
    "can't tell": Words("can’t tell"),
    "not to be read": Words("not to be read"),
}  # fmt: skip
"""Every verdict's words: nothing else that people read says one."""
STATES: Mapping[State, tuple[str, str]] = {
    "gone": ("gone", "the effect is gone"),
    "weaker": ("weaker", "the effect is weaker, but part of it is still there"),
    "still there": ("still there", "the effect is still there: this mechanism is not all that makes it"),
    "unclear": ("unclear", "whether the effect is gone is not clear"),
    "nothing to lose": ("nothing to lose", "there was no effect as claimed to lose"),
}
"""What became of an effect with its mechanism switched off: by itself, and in a sentence."""
GAINS = frozenset({"practice", *GROUPS})
"""Outcomes of which more is what the routes are after: a route is "ahead" on these, and "higher" on others."""


def say(verdict: str, form: str = "label", **values: str) -> str:
    """Return a verdict's words in one of the forms of `Words`, the arm and the like filled in.

    >>> say("leans", "cell", name="prototype-led"), say("undecided", "cell")
    ('leans to prototype-led', 'undecided')
    """
    said = WORDS[verdict]
    return str(getattr(said, form) or said.label).format(**values)


@singledispatch
def verdict_words(found: Any, *more: Any) -> str:
    """Return the verdict of a contrast, a claim, a cell of a map or a paired experiment, as for a table's cell."""
    msg = f"{type(found).__name__} has no verdict"
    raise TypeError(msg)


@verdict_words.register
def _of_contrast(found: Contrast, name: Name) -> str:
    return say(found.verdict, "cell", name=name(leader(found)[0]), higher=_higher(found.outcome))


@verdict_words.register
def _of_experiment(found: Result, there: Estimate | None = None, verdict: Verdict | None = None) -> str:
    """As the experiment stands, or in one of its repeats."""
    names = list(found.experiment.arms) or [""]
    first = names[0 if (there or found.estimate).effect >= 0 else -1]
    return say(verdict or found.verdict, "cell", name=first, higher=_higher(found.experiment.outcome))


@verdict_words.register
def _of_claim(found: ClaimFinding) -> str:
    why = joined(reasons(found)) if found.verdict == "depends" else why_not(found)
    return say(found.verdict, "cell", why=why)


def why_not(found: ClaimFinding) -> str:
    """Say why a claim does not hold."""
    it_is = {SMALL: "", OPPOSITE: "it is "}
    return it_is[found.at_defaults] + say(found.at_defaults) if found.at_defaults in it_is else ""


@verdict_words.register
def _of_cell(found: RouteMap, verdict: str) -> str:
    said, side = SIDES.get(verdict, (verdict, 0))
    return say(said, "cell", name=names(found)[side], higher=better(found))


def _higher(outcome: str) -> str:
    """Return how an arm that comes out on top is called: ahead where more is what routes are after, else higher."""
    return "ahead" if outcome in GAINS else "higher"


def sized(contrast: Contrast) -> str:
    """Return the difference and its interval: "+0.76 (95% interval +0.65 to +0.87)"."""
    words = f"95% interval {outcomes.interval(contrast.outcome, contrast.low, contrast.high)}"
    if contrast.is_adjusted:
        together = outcomes.interval(contrast.outcome, contrast.adjusted_low, contrast.adjusted_high)
        words += f"; {together} once adjusted for the contrasts named beforehand"
    of = " of 10" if outcomes.shown(contrast.outcome).factor == 10 else ""
    return f"{difference(contrast.outcome, contrast.difference)}{of} ({words})"


def measured(contrast: Contrast, name: Name) -> tuple[str, str, str]:
    """Return the difference, its interval and the verdict, as for three cells of a table."""
    reach = outcomes.interval(contrast.outcome, contrast.low, contrast.high)
    return difference(contrast.outcome, contrast.difference), reach, verdict_words(contrast, name)


def contrast_sentence(contrast: Contrast, name: Name) -> str:
    """Say what a contrast found: its verdict, then its size."""
    return f"{short_sentence(contrast, name)} {size_sentence(contrast, name)}"


def size_sentence(contrast: Contrast, name: Name) -> str:
    """Say how large a contrast is, with its interval, and why its verdict is not a plain one."""
    what = f"The mean paired difference, {name(contrast.first)} minus {name(contrast.second)}, is {sized(contrast)}"
    return f"{what}{_reason(contrast)}."


def short_sentence(contrast: Contrast, name: Name) -> str:
    """Say what a contrast found without its numbers; no route is named as the better one unless the verdict does."""
    higher, lower = map(name, leader(contrast))
    said = say(
        contrast.verdict, "sentence", name=higher, other=lower, month=f"{contrast.month}",
        pair=f"{name(contrast.first)} and {name(contrast.second)}", replicates=f"{contrast.replicates}",
        fewest=f"{FEWEST_TO_RANK}",
    )  # fmt: skip
    return capital(said)


def _reason(contrast: Contrast) -> str:
    """Return why a verdict is not a plain one."""
    how = outcomes.shown(contrast.outcome)
    matters = number((how.matters or PRACTICE_MATTERS) * how.factor, how.decimals)
    return WORDS[contrast.verdict].reason.format(matters=matters)


def probability_sentence(contrast: Contrast, name: Name) -> str:
    """Say in what share of paired runs each route was the higher."""
    share = round(100 * contrast.ahead)
    low, high = number(100 * contrast.ahead_low, 0), number(100 * contrast.ahead_high, 0)
    return (
        f"Of {contrast.replicates} paired runs, {name(contrast.first)} was the higher in {share}% "
        f"(95% interval {low} to {high}%) and {name(contrast.second)} in {100 - share}%."
    )


def reach_sentence(contrast: Contrast) -> str:
    """Say how many replicates there were, and how far the interval reaches."""
    if contrast.replicates < 2 or isinf(contrast.half_width):
        return "One replicate says nothing about spread: the interval of the difference has no end."
    how = outcomes.shown(contrast.outcome)
    half = number(contrast.half_width * how.factor, how.decimals + 1)
    return f"{contrast.replicates} paired replicates put the main difference within about ±{half} of 10."


def enough_sentence(contrast: Contrast) -> str:
    """Say how many replicates there were, how far the interval reaches, and whether that is enough."""
    reach = reach_sentence(contrast)
    if contrast.replicates < 2 or isinf(contrast.half_width):
        return reach
    how = outcomes.shown(contrast.outcome)
    asked = number(contrast.precision * how.factor, how.decimals + 1)
    if contrast.precise_enough:
        return f"{reach} That is as fine as the ±{asked} asked for."
    more = f": about {contrast.replicates_needed:,} would do" if contrast.replicates_needed else ""
    return f"{reach} That is coarser than the ±{asked} asked for{more}."


def chance_sentence(contrast: Contrast, bands: Sequence[tuple[float, float]], name: Name) -> str:
    """Say how the difference between two routes compares with the spread within one of them (low, high of each)."""
    width = min(high - low for low, high in bands)
    if width <= 2 * abs(contrast.difference):
        return ""
    ranges = joined([f"{level('practice', low)} to {level('practice', high)}" for low, high in bands])
    return (
        "Chance within a route moves the end much further than the choice of route: nine runs in ten end at "
        f"{ranges} ({name(contrast.first)} and {name(contrast.second)})."
    )


def flat_routes(medians: dict[str, float]) -> list[str]:
    """Return the routes whose median practice stays below 1 of 10."""
    return [route for route, median in medians.items() if median < FLAT]


def levels_sentence(
    medians: dict[str, float],
    name: Name,
    *,
    month: int,
    no_partner: str = "none",
    pair: tuple[str, str] | None = None,
) -> str:
    """Say where practice ends in the middle run: with each route of a pair, with any route, without a partner."""
    entered = [value for route, value in medians.items() if route != no_partner]
    named = [route for route in pair or () if route in medians]
    ends = [f"{level('practice', medians[route])} with {name(route)}" for route in named]
    if len(entered) > len(named):
        low, high = level("practice", min(entered)), level("practice", max(entered))
        reach = low if low == high else f"{low} to {high}"
        number_of = {1: "with a learning partner", 2: "across both routes"}
        with_any = number_of.get(len(entered), f"across all {len(entered)} routes")
        ends.append(f"{reach} {with_any}")
    if no_partner in medians:
        ends.append(f"{level('practice', medians[no_partner])} without a learning partner")
    return f"After {counted(month, 'month')} the middle run ends, of 10, at {joined(ends)}."


def places_sentence(contrasts: dict[str, Contrast]) -> str:
    """Say whether the places agree; the contrasts are of the same two routes, the same way round."""
    if len(contrasts) < 2:
        return ""
    every = "both places" if len(contrasts) == 2 else f"all {len(contrasts)} places"
    sided = [item.verdict in SIDED for item in contrasts.values()]
    sides = {item.difference > 0 for item in contrasts.values()}
    if len({item.verdict for item in contrasts.values()}) == 1 and (not any(sided) or len(sides) == 1):
        return f"The verdict is the same in {every}."
    if all(sided) and len(sides) > 1:
        return "The places do not agree: the routes change sides between them."
    return "The verdict is not the same in every place."


def turns_sentence(main: Contrast, others: Sequence[Contrast], name: Name, pressure: Name) -> str:
    """Say under which pressure the answer turns, comparing each pressure's verdict with the main one.

    All contrasts are of the same two routes, the same way round.
    """
    if not others:
        return "No other pressure was tried."
    groups: dict[str, list[str]] = {}
    for other in others:
        groups.setdefault(_turn(main, other, name), []).append(pressure(other.pressure))
    same = groups.pop("", [])
    if not groups:
        return f"The answer is the same under every pressure tried: {joined(same)}."
    sentences = [f"under {joined(where)} {what}" for what, where in groups.items()]
    kept = f" It stays as it is under {joined(same)}." if same else ""
    return f"The answer turns: {'; '.join(sentences)}.{kept}"


def _turn(main: Contrast, other: Contrast, name: Name) -> str:
    """Return how a contrast's verdict departs from the main one; nothing where it does not."""
    before, after = main.verdict, other.verdict
    if before == after and (before not in SIDED or leader(main) == leader(other)):
        return ""
    return say(after, "turned", name=name(leader(other)[0]))


def tally(found: Sequence[Contrast], name: Name) -> dict[str, list[int]]:
    """Return which of some contrasts, by their place in the list, have which verdict, in words for a sentence."""
    groups: dict[str, list[int]] = {}
    for k, one in enumerate(found):
        groups.setdefault(say(one.verdict, "clause", name=name(leader(one)[0])), []).append(k)
    return groups


# Write the words and numbers that an analysis's sentences share.


TOO_SMALL = "The sample is too small to tell"

# Keep what a check found, as numbers and as the sentence that follows from them.


DECIMALS = {
    "months": 1,
    "months' gains": 1,
    "skewness": 2,
    "probability": 2,
    "probability a unit": 2,
    "share of days": 2,
}
"""Decimals shown by unit; 3 otherwise."""


def shown(value: float, unit: str) -> str:
    """Return a number with its sign and the decimals of its unit.

    >>> shown(-0.0214, "practice")
    '−0.021'
    >>> shown(0.0, "months")
    '0.0'
    """
    text = f"{abs(value):.{DECIMALS.get(unit, 3)}f}"
    if not float(text):
        return text
    return ("−" if value < 0 else "+") + text


def interval(low: float, high: float, unit: str) -> str:
    """Return an interval as people read it."""
    return f"{shown(low, unit)} to {shown(high, unit)}"


def pattern_effect(effect: float, low: float, high: float, unit: str) -> str:
    """Return an effect and its interval."""
    return f"{shown(effect, unit)} (95% interval {interval(low, high, unit)})"


def sentence(finding: PatternFinding) -> str:
    """Say in plain English what the check found; every word that judges is computed from the numbers."""
    found = f"{finding.quantity[0].upper()}{finding.quantity[1:]}: "
    found += pattern_effect(finding.effect, finding.low, finding.high, finding.unit)
    said = say(finding.verdict, "pattern", found=found, rule=finding.rule)
    small = finding.verdict == HOLDS and finding.negligible
    return f"{said} That is smaller than the smallest difference worth a word." if small else said


def sentence_without(finding: PatternFinding) -> str:
    """Say what was left with the mechanism switched off; nothing where the check has no ablation."""
    off = finding.without
    if off is None:
        return ""
    left = pattern_effect(off.effect, off.low, off.high, finding.unit)
    return f"Where {off.meaning}: {left}; {STATES[off.state][1]}."


# Put what was found about a claim into plain English; every word that judges is computed from the numbers.


STRONG = 0.5
"""Rank correlation below which a number tells only part of where a claim holds."""


def size(finding: ClaimFinding, value: float) -> str:
    """Write an effect of a claim in the scale shown: "+0.76 of 10", "+38.8 points"."""
    of = " of 10" if outcomes.shown(finding.outcome).factor == 10 else ""
    return difference(finding.outcome, value) + of


def between(finding: ClaimFinding, low: float, high: float) -> str:
    """Write an interval of a claim's effect."""
    return outcomes.interval(finding.outcome, low, high)


def claim_effect(finding: ClaimFinding) -> str:
    """Return the effect with its own interval, and with the adjusted one that the verdict rests on."""
    own = between(finding, finding.low, finding.high)
    adjusted = between(finding, finding.adjusted_low, finding.adjusted_high)
    return f"{size(finding, finding.effect)} (95% interval {own}; {adjusted} adjusted for the number of claims)"


def smallest(finding: ClaimFinding) -> str:
    """Write the smallest difference that matters."""
    how = outcomes.shown(finding.outcome)
    if how.factor == 10:
        return f"{number(finding.matters * how.factor, 1)} of 10"
    return f"{number(finding.matters * how.factor, 0)} points"


def percent(share: Share, *, sure: bool = True) -> str:
    """Write a share: "43% (37 to 49%)"; a share of nothing has no number."""
    if isnan(share.value):
        return "none, for none can be told"
    words = f"{100 * share.value:.0f}%"
    return f"{words} ({100 * share.low:.0f} to {100 * share.high:.0f}%)" if sure else words


def name_of(parameter: str) -> str:
    """Write a parameter's name in words."""
    return parameter.replace("_", " ")


def reasons(finding: ClaimFinding) -> list[str]:
    """Return what a claim that holds at the defaults depends on: numbers of the model, and structural choices."""
    said = []
    if not finding.holds_widely:
        said += [name_of(leaning.parameter) for leaning in finding.space.leanings]
        if max((abs(leaning.correlation) for leaning in finding.space.leanings), default=0) < STRONG:
            said.append("how the other numbers combine" if said else "how the numbers combine")
    return said + [f"structure ({one.name})" for one in finding.changed_by]


# Put what a map shows into sentences, computed from its numbers and from nothing else.


def names(found: RouteMap) -> tuple[str, str]:
    """Return the two routes as they read inside a sentence."""
    titles = [arm.what.route.title or arm.route for arm in found.plan.arms]
    return titles[0][:1].lower() + titles[0][1:], titles[1][:1].lower() + titles[1][1:]


def measure(found: RouteMap) -> str:
    """Return what was read of each run, and when."""
    return f"{outcomes.shown(found.plan.outcome).title.lower()}, {when(found.plan)}"


def when(plan: MapPlan) -> str:
    """Return when the outcome is read: at a month, or at the last of as many as a factor says."""
    return "the last month" if "months" in (plan.x.name, plan.y.name) else f"month {plan.month}"


def better(found: RouteMap) -> str:
    """Return how a route that comes out on top is called: ahead where more is what routes are after, else higher."""
    return _higher(found.plan.outcome)


# Say by which rule replicates grew, where they stopped, and whether the precision asked for is met.


def precision_told(comparison: Comparison) -> list[str]:
    """Return, where replicates grew, the rule and where they stopped; else nothing."""
    pair = main_pair(comparison)
    if comparison.stopping is None or pair is None:
        return []
    first, second = (in_text(comparison, route) for route in pair)
    rule = rule_sentence(comparison.stopping.rule, first, second, places=len(comparison.scenarios))
    return [f"{rule} {stopping_sentence(comparison.stopping)}"]


def rule_sentence(rule: Rule, first: str, second: str, *, places: int = 1) -> str:
    """Say the rule for the contrast of two routes, named as in a sentence."""
    looks = joined([f"{look:,}" for look in rule.looks])
    each, together = 100 * rule.confidence, 100 * CONFIDENCE
    where = {1: "", 2: " in both places together"}.get(places, f" in all {places} places together")
    when = f"at {looks} replicates, and stop at the first look" if len(rule.looks) > 1 else f"once, at {looks}, to see"
    return (
        f"Replicates grew by a rule set before the first run: look {when} where the adjusted interval of {first} minus "
        f"{second}, practice at the last month{where}, reaches no further than ±{asked(rule)} of 10. Every interval is "
        f"taken at {each:.1f}%, so that it holds at {together:.0f}% at whichever look one stops."
    )


def stopping_sentence(stopping: Stopping) -> str:
    """Say at which look the growing stopped, and whether the interval is as narrow as was asked."""
    looks, many = len(stopping.rule.looks), f"{stopping.replicates:,} replicates"
    if stopping.met:
        before = f" (at the look before: ±{reached(stopping, -2)})" if stopping.look > 1 else ""
        return (
            f"It stopped at look {stopping.look} of at most {looks}, at {many}, where the interval reaches "
            f"±{reached(stopping)}{before}: the precision asked for is met."
        )
    more = f" About {_round(stopping.needed)} would do." if stopping.needed else ""
    return (
        f"It went on to the last look, at {many}, where the interval still reaches ±{reached(stopping)}: the "
        f"precision asked for, ±{asked(stopping.rule)}, is not met.{more}"
    )


def asked(rule: Rule) -> str:
    """Return the precision asked for, in the scale shown: "0.2"."""
    return f"{SCALE * rule.precision:.6g}"


def reached(stopping: Stopping, look: int = -1) -> str:
    """Return how far the interval reached at a look, with as many digits as tell it from what was asked."""
    half, precision = SCALE * stopping.half_widths[look], SCALE * stopping.rule.precision
    if half == inf:
        return "∞"
    decimals = max(2, len(asked(stopping.rule).partition(".")[2]))
    while decimals < 9 and half > precision and round(half, decimals) <= precision:
        decimals += 1
    return number(half, decimals)


def _round(replicates: int) -> str:
    """Return a number of replicates to two digits, rounded up: it is an estimate."""
    step = 10 ** max(0, len(str(replicates)) - 2)
    return f"{ceil(replicates / step) * step:,}"
