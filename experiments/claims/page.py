"""Write docs/claims.md, and what README and docs/trace.md say of the space, from stored findings: no word by hand."""

from collections.abc import Mapping
from textwrap import fill
from typing import Any

from experiments.claims.commands import command_of
from experiments.claims.finding import Finding
from experiments.claims.measured import primary_words
from experiments.claims.report import LIMITS, RULES, informed
from experiments.claims.rules import ENOUGH, HOLDS
from experiments.claims.store import findings_in
from experiments.claims.wording import (
    adjusted_words,
    between,
    looked,
    percent,
    sentence,
    size,
    stopping_words,
    tally,
    verdict_words,
)
from experiments.documentation import BLOCK, table
from experiments.wording import capital

HEAD = """\
# The essay's claims, put to the test

*Illustrative, not predictive.* Made by `make claims` from `experiments/claims/measured.json`, not by hand.

Each claim of the essay is a paired experiment on the generated place. `behaviours claims` runs them all, with a report;
`behaviours claims NAME` runs one row."""
BLOCK_NAME = "share-of-space"


def page(content: Mapping[str, Any]) -> str:
    """Return the page for stored content."""
    findings, about = findings_in(content), content["about"]
    parts = [
        HEAD,
        f"Found on {looked(about)} {adjusted_words(about)} {stopping_words(about)}".strip(),
        f"Model version {content['model']['version']}. Hash of the numbers: `{content['hash'][:16]}`.",
        "## In short",
        *(
            f"**{capital(verdict)}: {len(some)}.** " + " ".join(one.says for one in some)
            for verdict, some in tally(findings).items()
        ),
        "## All claims",
        claims_table(findings),
        "## Claim by claim",
        *(chapter(finding, about) for finding in findings),
        "## The structural alternatives",
        "\n".join(f"- `{one.name}`: {one.words}" for one in findings[0].structures),
        "## How the verdicts are made",
        *RULES,
        "## What this cannot say",
        "\n".join(f"- {text}" for text in (*LIMITS, informed())),
    ]
    return "\n\n".join(part.strip() for part in parts) + "\n"


def claims_table(findings: tuple[Finding, ...]) -> str:
    """Return all claims as a table."""
    head = [
        "claim",
        "effect (adjusted 95% interval)",
        "mechanism off",
        "holds in",
        "of those told",
        "structures",
        "verdict",
    ]
    rows = [
        [
            f"[{finding.name}](#{finding.name})",
            f"{size(finding, finding.effect)} ({between(finding, finding.adjusted_low, finding.adjusted_high)})",
            f"{finding.state} ({size(finding, finding.left.effect)})",
            percent(finding.space.share(HOLDS)),
            percent(finding.space.of_told),
            f"{sum(finding.under(one) == HOLDS for one in finding.structures)} of {len(finding.structures)}",
            verdict_words(finding),
        ]
        for finding in findings
    ]
    return table(head, rows)


def chapter(finding: Finding, about: Mapping[str, Any]) -> str:
    """Return all about one claim."""
    return "\n\n".join(
        [
            f"### {finding.name}",
            f"> “{finding.quote}” ({finding.topic})",
            f"*{finding.says}* What was compared. {finding.compared}.",
            f"{sentence(finding)} {finding.note}".strip(),
            f"`{command_of(about, [finding.name])}`",
        ]
    )


def space_words(content: Mapping[str, Any], where: str) -> str:
    """Say how many claims hold widely, and in what share the primary contrast does; `where` links to the page."""
    findings = findings_in(content)
    wide = sum(finding.holds_widely for finding in findings)
    words = (
        f"- In what share of the plausible parameter space each claim of the essay holds: [{where}]({where}). Of "
        f"{len(findings)} claims {wide} hold in at least {100 * ENOUGH:.0f}% of the points that can be told. "
        f"{primary_words(dict(content))}"
    )
    return fill(words, 150, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False)


def filled(text: str, words: str) -> str:
    """Return a page with its block on the space filled. Raises ValueError where it has none."""
    if f"<!-- generated: {BLOCK_NAME} -->" not in text:
        msg = f"no block <!-- generated: {BLOCK_NAME} --> to fill"
        raise ValueError(msg)
    return BLOCK.sub(
        lambda match: f"{match[1]}\n{words}\n{match[3]}" if match["name"] == BLOCK_NAME else match[0], text
    )
