"""Sentences and page of the claims."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from experiments.arms import FIRST_SEED, PRIMARY
from experiments.baseline import CLAIMS_FILE, NOT_YET, measured
from experiments.claims import POINT_SEEDS, POINTS, SEEDS, STRUCTURE_SEEDS, ClaimFinding, Under
from experiments.inference import ENOUGH, FEWEST_TOLD, HOLDS, OPEN, OPPOSITE, SMALL, TOLD, Verdict
from experiments.manifest import informed_numbers
from experiments.reporting.figures.sheet import Picture
from experiments.reporting.html import Cell, Row, facts, render
from experiments.reporting.numbers import capital, joined, spelled
from experiments.reporting.phrases import (
    STATES,
    WORDS,
    between,
    claim_effect,
    name_of,
    percent,
    say,
    size,
    smallest,
    verdict_words,
    why_not,
)
from experiments.sequential import MOST
from experiments.structures import Leaning, Space
from simulation.outcomes import number

_OPTIONS = (
    ("--structure-replicates", "structure_seeds", STRUCTURE_SEEDS),
    ("--points", "points", POINTS),
    ("--point-replicates", "point_seeds", POINT_SEEDS),
    ("--seed", "first_seed", FIRST_SEED),
)


def command_of(about: Mapping[str, Any], names: Sequence[str] = ()) -> str:
    """Return the command for some claims (default: all) on the same seeds and points.

    Where the seeds grew until a precision was met, the command asks for as many as there were in the end.
    """
    words = ["behaviours", "claims", *names]
    if about["seeds"] != SEEDS:
        words += ["--replicates", str(about["seeds"])]
    for option, key, usual in _OPTIONS:
        if about[key] != usual:
            words += [option, str(about[key])]
    return " ".join(words)


def precise_command(about: Mapping[str, Any], names: Sequence[str] = ()) -> str:
    """Return the command as it was: with the precision that was asked for, where one was."""
    stopping = about["stopping"]
    if stopping is None:
        return command_of(about, names)
    words = [command_of({**about, "seeds": SEEDS}, names), "--precision", f"{10 * stopping['precision']:g}"]
    most = stopping["planned"][-1]
    return " ".join([*words, *(["--most", str(most)] if most != MOST else [])])


# Say in what share of parameter space the primary contrast holds, from the packaged file that `make claims` writes.
#
# Reports and pages say what this file says. Where it is missing, changed by hand, or of another model than this one,
# they
# say that it is not yet measured, and why.


def share_sentence(first: str, second: str, *, path: Path = CLAIMS_FILE) -> str:
    """Say in what share of parameter space one route is ahead of another; routes by their names.

    Only the primary contrast is measured: prototype-led minus manifesto-led, on the generated place.
    """
    if {first, second} != set(PRIMARY):
        return f"In what share of the plausible parameter space this holds is {NOT_YET} for these routes."
    found = measured(path)
    if found.content is None:
        return f"In what share of the plausible parameter space this holds is {NOT_YET} ({found.note})."
    return primary_words(found.content)


def primary_words(content: dict[str, Any]) -> str:
    """Say what a file's content says of the primary contrast."""
    from experiments.baseline import claim_findings_in as findings_in
    from experiments.essay_claims import PRIMARY as CLAIM
    from experiments.inference import HOLDS, OPEN, OPPOSITE, SMALL
    from experiments.reporting.phrases import percent

    space = next(finding.space for finding in findings_in(content) if finding.name == CLAIM)
    return (
        f"Over {space.points} sets of all the model’s numbers, drawn from their plausible ranges, prototype-led entry "
        f"ends higher than manifesto-led at month 120 by a difference that matters in {percent(space.share(HOLDS))} "
        f"and lower in {percent(space.share(OPPOSITE))}; the difference is too small to matter in "
        f"{percent(space.share(SMALL))}, and {space.seeds} paired seeds each can’t tell in "
        f"{percent(space.share(OPEN))} (95% intervals over points; generated place, no cuts; behaviours claims "
        f"{CLAIM})."
    )


# Put what was found about a claim into plain English; every word that judges is computed from the numbers.


def tally(findings: Sequence[ClaimFinding]) -> dict[Verdict, list[ClaimFinding]]:
    """Return findings by verdict, verdicts without any left out."""
    groups: dict[Verdict, list[ClaimFinding]] = {"holds": [], "depends": [], "does not hold": [], "undecided": []}
    for finding in findings:
        groups[finding.verdict].append(finding)
    return {verdict: some for verdict, some in groups.items() if some}


def sentence(finding: ClaimFinding) -> str:
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


def defaults_sentence(finding: ClaimFinding) -> str:
    """Say what was found at the defaults."""
    ending = say(finding.at_defaults, "claimed", smallest=smallest(finding))
    return f"At the defaults: {claim_effect(finding)}, {ending}."


def space_sentence(space: Space) -> str:
    """Say in what share of the space the claim holds."""
    others = [f"{percent(space.share(kind), sure=False)} {WORDS[kind].points}" for kind in (SMALL, OPPOSITE, OPEN)]
    said = (
        f"Over {space.points} points of the plausible ranges of all parameters it holds in "
        f"{percent(space.share(HOLDS))}; {joined(others)}."
    )
    return f"{said} Of the points that can be told it holds in {percent(space.of_told)}."


def leaning_sentence(leaning: Leaning) -> str:
    """Say to which side of a parameter's range the effect is larger, and how often the claim holds in each half."""
    way = "high" if leaning.correlation > 0 else "low"
    low, value, high = (number(x, 2, signed=True) for x in (leaning.low, leaning.correlation, leaning.high))
    return (
        f"The effect is larger where {name_of(leaning.parameter)} is {way} (rank correlation {value}, {low} to {high} "
        f"adjusted for the number of parameters): of the points that can be told it holds in {percent(leaning.lower)} "
        f"in the lower half of its range, in {percent(leaning.upper)} in the upper."
    )


def structures_sentence(finding: ClaimFinding) -> str:
    """Say under which structural alternatives the claim holds, and what becomes of it under the others."""
    groups: dict[Verdict, list[Under]] = {kind: [] for kind in TOLD}  # type: ignore[misc]
    for one in finding.structures:
        groups[finding.under(one)].append(one)
    kept, every = len(groups[HOLDS]), len(finding.structures)
    if kept == every:
        return f"It holds under all {every} structural alternatives."
    others = [f"{WORDS[kind].under} {listed(groups[kind])}" for kind in (SMALL, OPPOSITE, OPEN) if groups[kind]]
    return f"It holds under {kept or 'none'} of {every} structural alternatives; it is {'; '.join(others)}."


def listed(alternatives: Sequence[Under]) -> str:
    """Name alternatives by their choices."""
    return joined([one.name for one in alternatives])


def left_sentence(finding: ClaimFinding) -> str:
    """Say what is left of the effect with the mechanism switched off."""
    left = finding.left
    found = f"{size(finding, left.effect)} ({between(finding, left.low, left.high)})"
    return f"Where {finding.without}: {found}; {STATES[finding.state][1]}."


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


RULES = (
    "One rule for every interval. An effect holds where its interval leaves zero out on the side claimed and its mean "
    "is at least the smallest difference that matters (0.2 of 10 for practice and trust, 5 points for a share of "
    "organisations); it is the other way round where the same is so on the other side; too small to matter where all "
    "of the interval is smaller than that to either side; and can’t be told otherwise.",
    f"A claim holds where it holds at the defaults, in at least {100 * ENOUGH:.0f}% of the points of parameter space "
    "that can be told, and under no structural alternative turns out too small to matter or the other way round. It "
    "depends where it holds at the defaults, and not so far: on the numbers named, or on the structures named. It does "
    "not hold where at the defaults it is too small to matter, or the other way round. It is "
    f"{say('undecided')} where the "
    f"defaults can’t be told, or fewer than {FEWEST_TOLD} points, or where it would hold but under fewer than half of "
    "the structural alternatives anything can be told.",
    "The numbers that are named are those whose rank correlation with the size of the effect over the points is clear "
    "of zero once adjusted for the number of parameters; at most three. Where the strongest is below 0.5 it tells only "
    "part, and how the other numbers combine is named too. The rule for verdicts was fixed before the runs, and "
    "none is written by hand. How numbers are named was settled after looking at two draws of the points, one of them "
    "the published one; it decides no verdict.",
    "Few seeds tell little of one point. Points that can’t be told would take more seeds; they are not counted for or "
    "against, and points with large effects are easier to tell, so the share among those told is not that of all. "
    "Intervals at a point are Student’s over its seeds, so about one point in forty without any effect is told as "
    "claimed, and one in forty as the other way round, where it is not too small. Shares of points have Wilson’s "
    "intervals: they hold the luck of which points were drawn. Blocks of points have seeds of their own, so that the "
    "luck of a few seeds is not that of all points.",
)
LIMITS = (
    "It says what follows in this model from its assumptions. That a claim holds here is no evidence that it holds in "
    "a place; that it does not hold says that this model, as it stands, does not produce what people have seen.",
    "The model’s defaults were chosen so that patterns known from practice and research appear. So what holds at the "
    "defaults is no evidence; what holds over the space, and under other structures, says how far an answer leans on "
    "the numbers chosen.",
    "The plausible ranges are themselves assumed, and every point in them counts alike.",
    "The claims were put to a generated place of 30 organisations without cuts, not to the two places.",
    "Each claim is one reading of the essay’s words: another comparison may answer otherwise.",
)


def report_page(
    findings: Sequence[ClaimFinding], about: dict[str, Any], manifest: dict[str, Any], pictures: Sequence[Picture]
) -> str:
    """Return the whole page; it needs no network and no other file."""
    return render(
        "claims.html",
        version=str(manifest.get("version", "")),
        heading=headline(findings),
        tally={verdict: [_short(one) for one in some] for verdict, some in tally(findings).items()},
        looked=looked(about), adjusted=adjusted_words(about), stopping=stopping_words(about),
        rows=[_row(finding, about) for finding in findings],
        pictures={picture.name: picture for picture in pictures},
        alternatives=[[Cell(one.name, tag="code"), one.words] for one in findings[0].structures],
        chapters=[_chapter(finding, about) for finding in findings],
        rules=RULES, limits=[*LIMITS, informed()],
        facts=facts(manifest),
        command=precise_command(about, [] if about["claims"] == about["all_claims"] else manifest["claims"]),
    )  # fmt: skip


def headline(findings: Sequence[ClaimFinding]) -> str:
    """Return the page's title."""
    if len(findings) == 1:
        return f"A claim of the essay put to the test: “{findings[0].quote}”"
    return f"{capital(spelled(len(findings)))} claims of the essay put to the test"


def _short(finding: ClaimFinding) -> tuple[str, str, str]:
    """Return a claim in a line: its name, what it says, and what is said of it beyond its heading."""
    said = {"does not hold": why_not(finding), "depends": verdict_words(finding)}.get(finding.verdict, "")
    return finding.name, finding.says, f" {capital(said)}." if said else ""


def unbroken(words: str) -> str:
    """Return words at which a line does not break."""
    return words.replace(" ", "\u00a0")


def _row(finding: ClaimFinding, about: dict[str, Any]) -> Row:
    """Return a claim's row in the table of all."""
    space, effect = finding.space, unbroken(size(finding, finding.effect))
    return [
        Cell(finding.says, f"“{finding.quote}”", href=finding.name),
        finding.compared,
        Cell(effect, unbroken(between(finding, finding.adjusted_low, finding.adjusted_high))),
        Cell(STATES[finding.state][0], f"{size(finding, finding.left.effect)}: {finding.without}"),
        Cell(unbroken(percent(space.share(HOLDS))), f"of those told {unbroken(percent(space.of_told))}"),
        unbroken(f"{finding.kept} of {len(finding.structures)}"),
        Cell(verdict_words(finding), command_of(about, [finding.name]), tag="strong", small_tag="code"),
    ]


def _chapter(finding: ClaimFinding, about: dict[str, Any]) -> dict[str, Any]:
    """Return all about one claim."""
    return {
        "name": finding.name, "says": finding.says, "quote": finding.quote, "topic": finding.topic,
        "compared": finding.compared, "verdict": capital(verdict_words(finding)),
        "said": [
            defaults_sentence(finding),
            space_sentence(finding.space),
            " ".join(leaning_sentence(leaning) for leaning in finding.space.leanings),
            structures_sentence(finding),
            left_sentence(finding),
            finding.note,
        ],
        "command": command_of(about, [finding.name]),
    }  # fmt: skip


def informed() -> str:
    """Say how few numbers a source informs."""
    some, every = informed_numbers()
    return (
        f"Only about {spelled(some)} of the model’s {every} numbers are informed by a source; the others are assumed."
    )
