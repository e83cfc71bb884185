"""Write docs/patterns.md from stored findings: every verdict and sentence on it is computed from their numbers."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from experiments.patterns.check import Family
from experiments.patterns.families import FAMILIES
from experiments.patterns.finding import Finding, interval, sentence, sentence_without, shown
from experiments.patterns.store import findings_in

HEAD = """\
# Patterns: what the model shows, and what it does not

*Illustrative, not predictive.* Made by `make patterns` from `tests/patterns/findings-200.json`, not by hand.

The model's defaults were chosen so that such patterns hold, so that they hold is no evidence about any real place. Each
check is a small experiment on the generated place: arms that share seeds (the same place, shocks and windows), an
effect, a 95% bootstrap interval over seeds, and a rule that turns the interval into a verdict. **Holds**: all of the
interval is as claimed; **fails**: none of it; **undecided**: part of it.

*Without* is the same check with its mechanism switched off. **Still there**: the claim holds even so. **Gone**: it does
not, and no clear effect is left. **Weaker**: it does not, and a smaller effect is left. **Unclear**: none of these.
**Nothing to lose**: it did not hold before.

Practice and shares are on 0-1. A difference below 0.02 of practice or of the failure-demand share, or 0.05 of a
probability, is smaller than the smallest one worth a word; where a check holds by less than that, it says so. The
verdicts are at 95% each, not adjusted for their number: read one that only just holds with care.
"""
FULL, LEAN = "full", "lean"


def page(content: Mapping[str, Any]) -> str:
    """Return the page for stored content."""
    stored = findings_in(content)
    full, lean = stored[FULL], {finding.check: finding for finding in stored.get(LEAN, [])}
    paired = [(finding, lean[finding.check]) for finding in full if finding.check in lean]
    parts = [
        HEAD,
        provenance(content),
        "## In short",
        in_short(full),
        "### What fails, is undecided, or is there without its mechanism",
        _bullets([trouble for finding in full for trouble in troubles(finding)]) or "Nothing.",
        "### Where the full and the lean model differ",
        "The lean model (`--profile lean`) leaves eight optional terms out.",
        _bullets([differing(finding, other) for finding, other in paired]) or "They differ in no verdict.",
        "## All checks",
        table(full, lean),
        *(part for family in FAMILIES for part in chapter(family, full)),
    ]
    return "\n\n".join(part.strip() for part in parts) + "\n"


def provenance(content: Mapping[str, Any]) -> str:
    """Say which seeds were run, and by what hash the numbers are known."""
    first, number = content["seeds"]["first"], content["seeds"]["number"]
    return (
        f"Seeds {first} to {first + number - 1}: {number} pairs a check, none of them used while the checks were "
        f"written. Hash of the numbers: `{content['hash'][:16]}`."
    )


def in_short(findings: Sequence[Finding]) -> str:
    """Say how many checks came out which way, and how many ablations."""
    verdicts = Counter(finding.verdict for finding in findings)
    states = Counter(finding.without.state for finding in findings if finding.without)
    small = sum(finding.verdict == "holds" and finding.negligible for finding in findings)
    return "\n".join(
        [
            f"- Checks: {len(findings)}. Holds: {verdicts['holds']} ({small} of them by less than is worth a word). "
            f"Fails: {verdicts['fails']}. Undecided: {verdicts['undecided']}. No claim: {verdicts['no claim']}.",
            f"- Mechanisms switched off: {states.total()}. Gone: {states['gone']}. Weaker: {states['weaker']}. "
            f"Still there: {states['still there']}. Unclear: {states['unclear']}. "
            f"Nothing to lose: {states['nothing to lose']}.",
        ]
    )


def troubles(finding: Finding) -> list[str]:
    """Return what has to be said of a check that does not come out as claimed."""
    said = []
    if finding.verdict in ("fails", "undecided"):
        said.append(f"**{finding.check}.** *{finding.says}* {sentence(finding)}")
    if finding.without and finding.without.state in ("still there", "weaker", "unclear"):
        said.append(f"**{finding.check}, without.** *{finding.says}* {sentence_without(finding)}")
    return said


def differing(full: Finding, lean: Finding) -> str:
    """Say where the lean model's verdict or ablation differs from the full one's; nothing where it does not."""
    said = []
    if full.verdict != lean.verdict:
        said.append(f"{full.verdict} in the full model, {lean.verdict} in the lean one")
    if full.without and lean.without and full.without.state != lean.without.state:
        states = full.without.state, lean.without.state
        said.append("without its mechanism {} in the full model, {} in the lean one".format(*states))
    return f"**{full.check}**: {'; '.join(said)}." if said else ""


def table(full: Sequence[Finding], lean: Mapping[str, Finding]) -> str:
    """Return all checks as a table, both models side by side."""
    lines = [
        "| check | claim | full model | verdict | without | lean model | verdict | without |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for finding in full:
        cells = [finding.check, finding.says, *_cells(finding), *_cells(lean.get(finding.check))]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _cells(finding: Finding | None) -> list[str]:
    if finding is None:
        return ["", "", ""]
    effect = f"{shown(finding.effect, finding.unit)} ({interval(finding.low, finding.high, finding.unit)})"
    return [effect, finding.verdict, finding.without.state if finding.without else ""]


def _bullets(items: Sequence[str]) -> str:
    return "\n".join(f"- {item}" for item in items if item)


def chapter(family: Family, findings: Sequence[Finding]) -> list[str]:
    """Return a family's heading, how it was set up, and a sentence a check; nothing where none was run."""
    lines = [
        f"**{finding.check}.** *{finding.says}* {sentence(finding)} {sentence_without(finding)}".strip()
        for finding in findings
        if finding.pattern == family.name
    ]
    if not lines:
        return []
    return [f"## {family.name}. {family.title}", f"How it was set up. {family.setting}", _bullets(lines)]
