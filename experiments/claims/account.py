"""Give the account of the claims that a terminal prints: a table, then what was found of each."""

from collections.abc import Mapping, Sequence
from typing import Any

from experiments.claims.commands import command_of
from experiments.claims.finding import Finding
from experiments.claims.rules import HOLDS
from experiments.claims.wording import (
    adjusted_words,
    between,
    looked,
    percent,
    sentence,
    size,
    stopping_words,
    verdict_words,
)
from experiments.commands.terminal import paragraph, table
from experiments.provenance import CAVEAT


def account(findings: Sequence[Finding], about: Mapping[str, Any]) -> str:
    """Return the whole account."""
    head = ["claim", "effect", "adjusted 95%", "holds in", "of those told", "structures", "off", "verdict"]
    parts = [table(head, [_row(finding) for finding in findings], last_left=True, fit=False)]
    parts += [one(finding, about) for finding in findings]
    parts += [paragraph(f"Found on {looked(about)}"), paragraph(adjusted_words(about))]
    parts += [paragraph(words) for words in [stopping_words(about)] if words]
    return "\n\n".join([*parts, paragraph(CAVEAT)])


def one(finding: Finding, about: Mapping[str, Any]) -> str:
    """Return what was found of one claim, and the command that gives it again."""
    head = f"{finding.name}: {finding.says}"
    words = f"“{finding.quote}” {finding.compared}. {sentence(finding)} {finding.note}".strip()
    return f"{paragraph(head)}\n{paragraph(words, '  ')}\n  {command_of(about, [finding.name])}"


def _row(finding: Finding) -> list[str]:
    kept = sum(finding.under(found) == HOLDS for found in finding.structures)
    words = verdict_words(finding)
    return [
        finding.name,
        size(finding, finding.effect),
        between(finding, finding.adjusted_low, finding.adjusted_high),
        percent(finding.space.share(HOLDS), sure=False),
        percent(finding.space.of_told, sure=False),
        f"{kept}/{len(finding.structures)}",
        finding.state,
        words if finding.verdict != "depends" else "depends",
    ]
