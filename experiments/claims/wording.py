"""Put what was found about a claim into plain English; every word that judges is computed from the numbers."""

from collections.abc import Mapping, Sequence
from math import isnan
from typing import Any

from experiments.claims.finding import Finding, Leaning, Space, Under
from experiments.claims.rules import HOLDS, OPEN, OPPOSITE, SMALL, TOLD, Told, Verdict
from experiments.patterns.finding import State
from experiments.shown import difference, interval, number, shown
from experiments.statistics import Share
from experiments.wording import capital, joined

STRONG = 0.5
"""Rank correlation below which a number tells only part of where a claim holds."""
STATES: Mapping[State, str] = {
    "gone": "the effect is gone",
    "weaker": "the effect is weaker, but part of it is still there",
    "still there": "the effect is still there: this mechanism is not all that makes it",
    "unclear": "whether the effect is gone is not clear",
    "nothing to lose": "there was no effect as claimed to lose",
}


def size(finding: Finding, value: float) -> str:
    """Write an effect of a claim in the scale shown: "+0.76 of 10", "+38.8 points"."""
    of = " of 10" if shown(finding.outcome).factor == 10 else ""
    return difference(finding.outcome, value) + of


def between(finding: Finding, low: float, high: float) -> str:
    """Write an interval of a claim's effect."""
    return interval(finding.outcome, low, high)


def sized(finding: Finding) -> str:
    """Return the effect with its own interval, and with the adjusted one that the verdict rests on."""
    own = between(finding, finding.low, finding.high)
    adjusted = between(finding, finding.adjusted_low, finding.adjusted_high)
    return f"{size(finding, finding.effect)} (95% interval {own}; {adjusted} adjusted for the number of claims)"


def smallest(finding: Finding) -> str:
    """Write the smallest difference that matters."""
    how = shown(finding.outcome)
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


def tally(findings: Sequence[Finding]) -> dict[Verdict, list[Finding]]:
    """Return findings by verdict, verdicts without any left out."""
    groups: dict[Verdict, list[Finding]] = {"holds": [], "depends": [], "does not hold": [], "undecided": []}
    for finding in findings:
        groups[finding.verdict].append(finding)
    return {verdict: some for verdict, some in groups.items() if some}


def verdict_words(finding: Finding) -> str:
    """Return the verdict in a few words."""
    if finding.verdict == "does not hold":
        why = {SMALL: "too small to matter", OPPOSITE: "it is the other way round"}[finding.at_defaults]
        return f"does not hold: {why}"
    if finding.verdict == "depends":
        return f"depends on {joined(reasons(finding))}"
    return finding.verdict


def reasons(finding: Finding) -> list[str]:
    """Return what a claim that holds at the defaults depends on: numbers of the model, and structural choices."""
    said = []
    if not finding.holds_widely:
        said += [name_of(leaning.parameter) for leaning in finding.space.leanings]
        if max((abs(leaning.correlation) for leaning in finding.space.leanings), default=0) < STRONG:
            said.append("how the other numbers combine" if said else "how the numbers combine")
    return said + [f"structure ({one.name})" for one in finding.changed_by]


def sentence(finding: Finding) -> str:
    """Say all that was found about a claim."""
    parts = [
        f"{capital(verdict_words(finding))}.",
        defaults_sentence(finding),
        space_sentence(finding.space),
        *(leaning_sentence(leaning) for leaning in finding.space.leanings),
        structures_sentence(finding),
        left_sentence(finding),
    ]
    return " ".join(part for part in parts if part)


def defaults_sentence(finding: Finding) -> str:
    """Say what was found at the defaults."""
    ending = {
        HOLDS: "as claimed",
        SMALL: f"too small to matter, which would be {smallest(finding)}",
        OPPOSITE: "the other way round",
        OPEN: "from which it can’t be told",
    }[finding.at_defaults]
    return f"At the defaults: {sized(finding)}, {ending}."


def space_sentence(space: Space) -> str:
    """Say in what share of the space the claim holds."""
    others = [f"{percent(space.share(kind), sure=False)} {_IN[kind]}" for kind in (SMALL, OPPOSITE, OPEN)]
    words = (
        f"Over {space.points} points of the plausible ranges of all parameters it holds in "
        f"{percent(space.share(HOLDS))}; {joined(others)}."
    )
    return f"{words} Of the points that can be told it holds in {percent(space.of_told)}."


_IN = {SMALL: "are too small to matter", OPPOSITE: "are the other way round", OPEN: "can’t be told by these seeds"}


def leaning_sentence(leaning: Leaning) -> str:
    """Say to which side of a parameter's range the effect is larger, and how often the claim holds in each half."""
    way = "high" if leaning.correlation > 0 else "low"
    low, value, high = (number(x, 2, signed=True) for x in (leaning.low, leaning.correlation, leaning.high))
    return (
        f"The effect is larger where {name_of(leaning.parameter)} is {way} (rank correlation {value}, {low} to {high} "
        f"adjusted for the number of parameters): of the points that can be told it holds in {percent(leaning.lower)} "
        f"in the lower half of its range, in {percent(leaning.upper)} in the upper."
    )


def structures_sentence(finding: Finding) -> str:
    """Say under which structural alternatives the claim holds, and what becomes of it under the others."""
    groups: dict[Told, list[Under]] = {kind: [] for kind in TOLD}  # type: ignore[misc]
    for one in finding.structures:
        groups[finding.under(one)].append(one)
    kept, every = len(groups[HOLDS]), len(finding.structures)
    if kept == every:
        return f"It holds under all {every} structural alternatives."
    words = {SMALL: "too small to matter with", OPPOSITE: "the other way round with", OPEN: "not to be told with"}
    others = [f"{said} {listed(groups[kind])}" for kind, said in words.items() if groups[kind]]  # type: ignore[index]
    return f"It holds under {kept or 'none'} of {every} structural alternatives; it is {'; '.join(others)}."


def listed(alternatives: Sequence[Under]) -> str:
    """Name alternatives by their choices."""
    return joined([one.name for one in alternatives])


def left_sentence(finding: Finding) -> str:
    """Say what is left of the effect with the mechanism switched off."""
    left = finding.left
    found = f"{size(finding, left.effect)} ({between(finding, left.low, left.high)})"
    return f"Where {finding.without}: {found}; {STATES[finding.state]}."


def looked(about: Mapping[str, Any]) -> str:
    """Say on how many seeds and points the claims were found."""
    first, last = about["first_seed"], about["first_seed"] + about["seeds"] - 1
    return (
        f"{about['seeds']} paired seeds ({first} to {last}) at the defaults, {about['structure_seeds']} under each "
        f"structural alternative, and {about['points']} points over the plausible ranges of {about['parameters']} "
        f"parameters with {about['point_seeds']} seeds each."
    )


def adjusted_words(about: Mapping[str, Any]) -> str:
    """Say what the adjusted intervals are adjusted for, and how."""
    every = about["all_claims"]
    if about["claims"] == every:
        return f"Adjusted intervals hold together for all {every} claims (bootstrap, max-t on common seeds)."
    return (
        f"Adjusted intervals allow for all {every} claims, of which {about['claims']} "
        f"{'was' if about['claims'] == 1 else 'were'} run: by Bonferroni’s rule, since what the others share with "
        "these is not known, so they are not quite those of the table of all. Effects and plain intervals are the "
        "same as there."
    )


def stopping_words(about: Mapping[str, Any]) -> str:
    """Say how the looking stopped, where a precision was asked for; nothing where none was."""
    found = about["stopping"]
    if found is None:
        return ""
    planned, taken = found["planned"], found["taken"]
    asked = number(10 * found["precision"], 2)
    words = (
        f"Seeds at the defaults grew until every claim’s adjusted interval was within ±{asked} of 10 (for a share of "
        f"organisations, the same number of times what matters: ±{number(100 * found['precision'] * 2.5, 1)} points). "
        f"Looks were planned at {joined([str(n) for n in planned])} seeds; each interval is taken at "
        f"{100 * found['confidence']:.1f}%, so that all looks together hold at 95%. "
    )
    if not found["too_wide"]:
        return f"{words}Stopped at {taken[-1]} seeds: all are that narrow."
    return f"{words}Stopped at {taken[-1]} seeds, the most allowed: still wider are {joined(found['too_wide'])}."
