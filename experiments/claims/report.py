"""Write what was found as one page that needs no network and no other file."""

from collections.abc import Sequence
from typing import Any

from experiments.claims.commands import command_of, precise_command
from experiments.claims.finding import Finding
from experiments.claims.rules import ENOUGH, FEWEST_TOLD, HOLDS, Verdict
from experiments.claims.wording import (
    adjusted_words,
    between,
    defaults_sentence,
    leaning_sentence,
    left_sentence,
    looked,
    percent,
    size,
    space_sentence,
    stopping_words,
    structures_sentence,
    tally,
    verdict_words,
)
from experiments.describing import informed_numbers
from experiments.figures.sheet import Picture
from experiments.report.html import Html, el, items, join, paragraphs, table
from experiments.report.limits import spelled
from experiments.report.origin import facts
from experiments.report.page import whole_page
from experiments.report.place import figure, folded
from experiments.wording import capital

CONTENTS = [
    ("short", "In short"),
    ("table", "All claims"),
    ("effects", "Effects"),
    ("space", "The space of all numbers"),
    ("structures", "Other structures"),
    ("each", "Claim by claim"),
    ("rule", "How the verdicts are made"),
    ("limits", "What this cannot say"),
    ("origin", "Where this comes from"),
]
HEADINGS: dict[Verdict, str] = {
    "holds": "Holds",
    "depends": "Holds at the defaults, but depends",
    "does not hold": "Does not hold",
    "undecided": "Undecided",
}
RULES = (
    "One rule for every interval. An effect holds where its interval leaves zero out on the side claimed and its mean "
    "is at least the smallest difference that matters (0.2 of 10 for practice and trust, 5 points for a share of "
    "organisations); it is the other way round where the same is so on the other side; too small to matter where all "
    "of the interval is smaller than that to either side; and can’t be told otherwise.",
    f"A claim holds where it holds at the defaults, in at least {100 * ENOUGH:.0f}% of the points of parameter space "
    "that can be told, and under no structural alternative turns out too small to matter or the other way round. It "
    "depends where it holds at the defaults, and not so far: on the numbers named, or on the structures named. It does "
    "not hold where at the defaults it is too small to matter, or the other way round. It is undecided where the "
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
    findings: Sequence[Finding], about: dict[str, Any], manifest: dict[str, Any], pictures: Sequence[Picture]
) -> str:
    """Return the whole page."""
    by_name = {picture.name: picture for picture in pictures}
    main = [
        in_short(findings, about),
        el("h2", "All claims", id="table"),
        claims_table(findings, about),
        el("h2", "Effects", id="effects"),
        figure(by_name["effects"]),
        el("h2", "The space of all numbers", id="space"),
        figure(by_name["shares"]),
        el("h2", "Other structures", id="structures"),
        figure(by_name["structures"]),
        folded("What the structural alternatives are", alternatives(findings)),
        el("h2", "Claim by claim", id="each"),
        *(chapter(finding, about) for finding in findings),
        el("h2", "How the verdicts are made", id="rule"),
        paragraphs(*RULES, adjusted_words(about)),
        el("h2", "What this cannot say", id="limits"),
        items([*LIMITS, informed()]),
        origin(manifest, about),
    ]
    return whole_page(headline(findings), CONTENTS, main, version=str(manifest.get("version", "")))


def headline(findings: Sequence[Finding]) -> str:
    """Return the page's title."""
    if len(findings) == 1:
        return f"A claim of the essay put to the test: “{findings[0].quote}”"
    return f"{capital(spelled(len(findings)))} claims of the essay put to the test"


def in_short(findings: Sequence[Finding], about: dict[str, Any]) -> Html:
    """Return how many claims came out which way, and which."""
    groups = []
    for verdict, some in tally(findings).items():
        groups += [el("h3", f"{HEADINGS[verdict]}: {len(some)}"), items(_short(finding) for finding in some)]
    return join(
        [
            el("h2", "In short", id="short"),
            paragraphs(
                "An essay by Collaborate CIC tells what was learned in two places. Here each of its claims is an "
                "experiment on the model, with a verdict by a rule that was fixed before the runs.",
            ),
            el("div", *groups, class_="answer"),
            paragraphs(f"Found on {looked(about)} {adjusted_words(about)}", stopping_words(about)),
        ]
    )


def _short(finding: Finding) -> Html:
    """Return a claim in a line: what it says, and what is said of it beyond its heading."""
    words = verdict_words(finding)
    more = f" {capital(words.removeprefix('does not hold: '))}." if words != finding.verdict else ""
    return join([el("a", finding.says, href=f"#{finding.name}"), el("span", more, class_="note")])


def unbroken(words: str) -> str:
    """Return words at which a line does not break."""
    return words.replace(" ", "\u00a0")


def claims_table(findings: Sequence[Finding], about: dict[str, Any]) -> Html:
    """Return the table of all claims."""
    head = [
        "Claim", "What was compared", "Effect, adjusted 95% interval", "Mechanism off", "Share of the space",
        "Structures", "Verdict",
    ]  # fmt: skip
    return table(
        "What each claim came to. The share of the space is of all points, and below it of the points that can be "
        "told. Structures: alternatives under which it holds",
        head,
        [_row(finding, about) for finding in findings],
        numbers_from=None,
    )


def _row(finding: Finding, about: dict[str, Any]) -> list[Any]:
    left, space = finding.left, finding.space
    kept = sum(finding.under(one) == HOLDS for one in finding.structures)
    return [
        join([el("a", finding.says, href=f"#{finding.name}"), el("small", f"“{finding.quote}”")]),
        finding.compared,
        join(
            [
                unbroken(size(finding, finding.effect)),
                el("small", unbroken(between(finding, finding.adjusted_low, finding.adjusted_high))),
            ]
        ),
        join([finding.state, el("small", f"{size(finding, left.effect)}: {finding.without}")]),
        join([unbroken(percent(space.share(HOLDS))), el("small", f"of those told {unbroken(percent(space.of_told))}")]),
        unbroken(f"{kept} of {len(finding.structures)}"),
        join(
            [
                el("strong", verdict_words(finding)),
                el("small", el("code", command_of(about, [finding.name]))),
            ]
        ),
    ]


def chapter(finding: Finding, about: dict[str, Any]) -> Html:
    """Return all about one claim."""
    said = [
        defaults_sentence(finding),
        space_sentence(finding.space),
        " ".join(leaning_sentence(leaning) for leaning in finding.space.leanings),
        structures_sentence(finding),
        left_sentence(finding),
        finding.note,
    ]
    return join(
        [
            el("h3", finding.says, id=finding.name),
            el("blockquote", el("p", f"“{finding.quote}”"), el("p", f"{finding.topic}", class_="note")),
            el("p", capital(verdict_words(finding)), class_="verdict"),
            paragraphs(f"What was compared. {finding.compared}."),
            items([text for text in said if text]),
            el("pre", el("code", command_of(about, [finding.name]))),
        ]
    )


def alternatives(findings: Sequence[Finding]) -> Html:
    """Return the words of the structural alternatives."""
    rows: list[list[Any]] = [[el("code", one.name), one.words] for one in findings[0].structures]
    return table(
        "Structural alternatives: one choice other than the default", ["Choice", "Means"], rows, numbers_from=None
    )


def informed() -> str:
    """Say how few numbers a source informs."""
    some, every = informed_numbers()
    return (
        f"Only about {spelled(some)} of the model’s {every} numbers are informed by a source; the others are assumed."
    )


def origin(manifest: dict[str, Any], about: dict[str, Any]) -> Html:
    """Return where this comes from, and the command that makes it again."""
    rows: list[list[Any]] = [[name, value] for name, value in facts(manifest) if value not in (None, "", {})]
    names = [] if about["claims"] == about["all_claims"] else manifest["claims"]
    return join(
        [
            el("h2", "Where this comes from", id="origin"),
            table("Provenance", ["What", "Value"], rows, numbers_from=None),
            el("h3", "To get it again"),
            el("pre", el("code", precise_command(about, names))),
            el(
                "p",
                "The same command gives the same bits on the same platform; on another processor results agree to "
                "about 1e-9. Every run is kept in the folder runs.",
            ),
        ]
    )
