"""Docs pages from code and stored results."""

import argparse
import ast
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from textwrap import dedent, fill
from typing import Any, get_args

from experiments.baseline import (
    CLAIMS_FILE,
    PROFILES,
    claim_findings_in,
    pattern_findings_in,
    patterns_content,
    read_findings,
    write_findings,
)
from experiments.claims import ClaimFinding
from experiments.essay_claims import CLAIMS
from experiments.inference import ENOUGH, HOLDS
from experiments.model_patterns import FAMILIES, Family
from experiments.patterns import PatternFinding, run_patterns
from experiments.reporting import phrases
from experiments.reporting.claims import (
    LIMITS,
    RULES,
    adjusted_words,
    command_of,
    informed,
    looked,
    primary_words,
    sentence,
    stopping_words,
    tally,
)
from experiments.reporting.numbers import capital
from experiments.reporting.phrases import (
    STATES,
    between,
    interval,
    percent,
    say,
    sentence_without,
    shown,
    size,
    verdict_words,
)
from simulation import ablations
from simulation.ablations import WITHOUT
from simulation.month import MONTH
from simulation.outcomes import OUTCOMES, SERIES
from simulation.parameters import ASSUMED, GROUP_TITLES, PARAMETERS, Parameter
from simulation.scenario.events import Event
from simulation.scenario.structure import CHOICES
from simulation.vocabulary import BEHAVIOURS, SUPPORTING_ELEMENTS

ROOT = Path(__file__).parents[2]
ODD_PAGE = ROOT / "docs" / "odd.md"
FILLED = (ODD_PAGE, ROOT / "docs" / "how-to" / "own-mechanism.md")
"""Pages with blocks that `make docs` writes from the code."""
BLOCK = re.compile(r"(<!-- generated: (?P<name>[\w-]+) -->).*?(<!-- end -->)", re.DOTALL)
SUBMODELS = tuple(dict.fromkeys(mechanism.__module__.rpartition(".")[2] for mechanism in MONTH))
"""Files of the mechanisms, in the order of a month."""


def table(header: list[str], rows: list[list[str]]) -> str:
    """Return a Markdown table."""
    lines = ["| " + " | ".join(header) + " |", "| " + " | ".join("---" for _ in header) + " |"]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows])


def number(value: float) -> str:
    """Return a number as people write it."""
    return f"{value:.4g}" if abs(value) < 1e5 else f"{value:.0e}".replace("e+0", "e")


def parameter_row(parameter: Parameter) -> list[str]:
    """Return a parameter's row of the table."""
    plausible = (
        "-"
        if parameter.low is None or parameter.high is None
        else f"{number(parameter.low)} to {number(parameter.high)}"
    )
    return [
        f"`{parameter.name}`", parameter.symbol, number(parameter.default), plausible,
        f"{number(parameter.hard_low)} to {number(parameter.hard_high)}", parameter.unit, parameter.meaning, parameter.basis,
    ]  # fmt: skip


def parameters() -> str:
    """Return the tables of parameters, a group each."""
    header = ["parameter", "symbol", "default", "plausible", "hard", "unit", "meaning", "basis"]
    parts = []
    for group, title in GROUP_TITLES.items():
        rows = [parameter_row(parameter) for parameter in PARAMETERS if parameter.group == group]
        parts.append(f"**{title}**\n\n{table(header, rows)}")
    return "\n\n".join(parts)


def basis() -> str:
    """Return how many of the numbers a source informs."""
    informed = [parameter for parameter in PARAMETERS if parameter.basis != ASSUMED]
    return (
        f"Of {len(PARAMETERS)} numbers {len(informed)} are informed by a source, most of them only in direction or "
        "range; the others are assumed."
    )


def behaviours() -> str:
    """Return the table of behaviours."""
    rows = [[str(b.number), b.group, b.title, f"`{b.id}`", ", ".join(SUPPORTING_ELEMENTS[b.id])] for b in BEHAVIOURS]
    return table(["no.", "group", "title", "id", "supported by"], rows)


def without() -> str:
    """Return the table of switches."""
    rows = []
    for name, switch in WITHOUT.items():
        lean = "yes" if all(ablations.LEAN.get(key) == value for key, value in switch.parameters.items()) else ""
        values = ", ".join(f"`{key}` = {number(value)}" for key, value in switch.parameters.items())
        rows.append([f"`{name}`", values, switch.meaning, lean])
    held = {key for switch in WITHOUT.values() for key in switch.parameters}
    rest = ", ".join(f"`{key}` = {number(value)}" for key, value in ablations.LEAN.items() if key not in held)
    note = "" if not rest else f"\n\nThe lean profile also sets {rest}."
    return table(["`--without`", "sets", "so that", "in `lean`"], rows) + note


def events() -> str:
    """Return the table of events."""
    rows = []
    for kind in get_args(get_args(Event)[0]):
        fields = {name: field for name, field in kind.model_fields.items() if name not in ("type", "month", "note")}
        parts = [
            f"`{name}`"
            + (f" ({field.default})" if field.default not in (None, "", ()) and not field.is_required() else "")
            for name, field in fields.items()
        ]
        rows.append(
            [f"`{kind.model_fields['type'].default}`", (kind.__doc__ or "").strip().splitlines()[0], ", ".join(parts)]
        )
    return table(["event", "what happens", "keys (default)"], rows)


def structural_choices() -> str:
    """Return the table of structural choices."""
    rows = [
        [f"`{name}`", ", ".join(f"`{o}`" for o in options), meaning] for name, (options, meaning) in CHOICES.items()
    ]
    return table(["choice", "options, the default first", "what it decides"], rows)


def submodels() -> str:
    """Return what stands at the head of each mechanism's file."""
    parts = []
    for name in SUBMODELS:
        file = ROOT / "simulation" / "mechanisms" / f"{name}.py"
        text = ast.get_docstring(ast.parse(file.read_text(encoding="utf-8")), clean=False) or ""
        title, _, body = text.partition("\n\n")
        parts.append(f"**{title}** `simulation/mechanisms/{name}.py`\n\n{fenced(body)}".rstrip())
    return "\n\n".join(parts)


def points() -> str:
    """Return the table of a month's mechanisms, each with the first line of what it does."""
    rows = [[f"`{mechanism.__name__}`", (mechanism.__doc__ or "").splitlines()[0]] for mechanism in MONTH]
    return table(["point", "what it does"], rows)


def fenced(body: str) -> str:
    """Return text whose indented equations stand in code fences."""
    fences = re.sub(
        r"((?:^    .*\n)+)", lambda found: f"```\n{dedent(found[1])}```\n", f"{body.rstrip()}\n", flags=re.MULTILINE
    )
    return fences.rstrip()


def series() -> str:
    """Return the tables of what is recorded each month, and of what is worked out from a finished run."""
    recorded = [[f"`{one.name}`", one.definition] for one in OUTCOMES if one.name in SERIES]
    found = [[f"`{one.name}`", one.definition or one.meaning] for one in OUTCOMES if one.function is not None]
    return "\n\n".join([
        "Recorded at the end of each month, as means over the living organisations or relationships:",
        table(["series", "meaning"], recorded),
        'Outcomes of a run: any series at its last month, and what the whole run comes to ("not reached" is a value):',
        table(["outcome", "meaning"], found),
    ])  # fmt: skip


GENERATED: dict[str, Callable[[], str]] = {
    "parameters": parameters, "basis": basis, "behaviours": behaviours, "without": without, "events": events,
    "structure": structural_choices, "submodels": submodels, "series": series,
    "points": points,
}  # fmt: skip


def filled(page: str) -> str:
    """Return a page with every generated block filled; raise KeyError for a block that nothing generates."""

    def fill(match: "re.Match[str]") -> str:
        return f"{match[1]}\n{GENERATED[match['name']]()}\n{match[3]}"

    return BLOCK.sub(fill, page)


def main(arguments: list[str] | None = None) -> int:
    """Write the pages, or with `--check` tell whether they are up to date."""
    parser = argparse.ArgumentParser(prog="python -m experiments.reporting.markdown odd", description=__doc__)
    parser.add_argument("--check", action="store_true", help="only tell whether the pages are up to date")
    options: Any = parser.parse_args(arguments)
    old = 0
    for page in FILLED:
        before = page.read_text(encoding="utf-8")
        after = filled(before)
        old += before != after
        if options.check:
            print(
                f"{page.name} differs from the code: run `make docs`" if before != after else f"{page.name}: up to date"
            )
        else:
            page.write_text(after, encoding="utf-8")
            print(f"wrote {page.name}")
    return int(options.check and old > 0)


# Write docs/claims.md, and what README and docs/trace.md say of the space, from stored findings: no word by hand.


CLAIMS_HEAD = """\
# The essay's claims, put to the test

*Illustrative, not predictive.* Made by `make claims` from `experiments/essay_claims.json`, not by hand.

Each claim of the essay is a paired experiment on the generated place. `behaviours claims` runs them all, with a report;
`behaviours claims NAME` runs one row."""
BLOCK_NAME = "share-of-space"


def claims_page(content: Mapping[str, Any]) -> str:
    """Return the page for stored content."""
    findings, about = claim_findings_in(content), content["about"]
    parts = [
        CLAIMS_HEAD,
        f"Found on {looked(about)} {adjusted_words(about)} {stopping_words(about)}".strip(),
        f"Model version {content['model']['version']}. Hash of the numbers: `{content['hash'][:16]}`.",
        "## In short",
        *(
            f"**{capital(say(verdict))}: {len(some)}.** " + " ".join(one.says for one in some)
            for verdict, some in tally(findings).items()
        ),
        "## All claims",
        claims_table(findings),
        "## Claim by claim",
        *(claim_chapter(finding, about) for finding in findings),
        "## The structural alternatives",
        "\n".join(f"- `{one.name}`: {one.words}" for one in findings[0].structures),
        "## How the verdicts are made",
        *RULES,
        "## What this cannot say",
        "\n".join(f"- {text}" for text in (*LIMITS, informed())),
    ]
    return "\n\n".join(part.strip() for part in parts) + "\n"


def claims_table(findings: tuple[ClaimFinding, ...]) -> str:
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
            f"{STATES[finding.state][0]} ({size(finding, finding.left.effect)})",
            percent(finding.space.share(HOLDS)),
            percent(finding.space.of_told),
            f"{finding.kept} of {len(finding.structures)}",
            verdict_words(finding),
        ]
        for finding in findings
    ]
    return table(head, rows)


def claim_chapter(finding: ClaimFinding, about: Mapping[str, Any]) -> str:
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
    findings = claim_findings_in(content)
    wide = sum(finding.holds_widely for finding in findings)
    words = (
        f"- In what share of the plausible parameter space each claim of the essay holds: [{where}]({where}). Of "
        f"{len(findings)} claims {wide} hold in at least {100 * ENOUGH:.0f}% of the points that can be told. "
        f"{primary_words(dict(content))}"
    )
    return fill(words, 150, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False)


def with_space_filled(text: str, words: str) -> str:
    """Return a page with its block on the space filled. Raises ValueError where it has none."""
    if f"<!-- generated: {BLOCK_NAME} -->" not in text:
        msg = f"no block <!-- generated: {BLOCK_NAME} --> to fill"
        raise ValueError(msg)
    return BLOCK.sub(
        lambda match: f"{match[1]}\n{words}\n{match[3]}" if match["name"] == BLOCK_NAME else match[0], text
    )


# Run the claims at full scale, store what was found, write the pages that say it: `python -m experiments.claims`.


CLAIMS_PAGE = ROOT / "docs" / "claims.md"
BLOCKS = {ROOT / "README.md": "docs/claims.md", ROOT / "docs" / "trace.md": "claims.md"}
OUT = ROOT / "results" / "claims"


def write_claims_page(arguments: Sequence[str] | None = None) -> int:
    """Store what was found, and write; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m experiments.reporting.markdown claims", description=__doc__)
    parser.add_argument("--out", type=Path, default=OUT, help="folder of the runs, which are kept and reused")
    parser.add_argument("--page-only", action="store_true", help="write the pages anew from the stored numbers")
    options = parser.parse_args(arguments)
    if not options.page_only:
        _store(options.out)
    write_pages()
    return 0


def _store(out: Path) -> None:
    """Store what was found on the runs that `behaviours claims` has left in a folder; runs that lack are made."""
    from experiments.baseline import claims_content
    from experiments.claims import ClaimsPlan, carry_out

    write_findings(claims_content(carry_out(ClaimsPlan(claims=CLAIMS), out)), CLAIMS_FILE)


def write_pages() -> None:
    """Write docs/claims.md, and the blocks of README and docs/trace.md, from the stored numbers."""
    content = read_findings(CLAIMS_FILE)
    CLAIMS_PAGE.write_text(claims_page(content), encoding="utf-8")
    for path, where in BLOCKS.items():
        path.write_text(
            with_space_filled(path.read_text(encoding="utf-8"), space_words(content, where)), encoding="utf-8"
        )
    print(f"{CLAIMS_PAGE}, {', '.join(map(str, BLOCKS))}", file=sys.stderr)


# Write docs/patterns.md from stored findings: every verdict and sentence on it is computed from their numbers.


CHECKED = ("holds", "fails", "undecided", "no claim")
PATTERNS_HEAD = """\
# Patterns: what the model shows, and what it does not

*Illustrative, not predictive.* Made by `make patterns` from `tests/experiments/model_patterns.json`, not by hand.

The model's defaults were chosen so that such patterns hold, so that they hold is no evidence about any real place. Each
check is a small experiment on the generated place: arms that share seeds (the same place, shocks and windows), an
effect, a 95% bootstrap interval over seeds, and a rule that turns the interval into a verdict. **{holds}**: all of the
interval is as claimed; **{fails}**: none of it; **{undecided}**: part of it.

*Without* is the same check with its mechanism switched off. **{still there}**: the claim holds even so. **{gone}**: it
does not, and no clear effect is left. **{weaker}**: it does not, and a smaller effect is left. **{unclear}**: none of these.
**{nothing to lose}**: it did not hold before.

Practice and shares are on 0-1. A difference below 0.02 of practice or of the failure-demand share, or 0.05 of a
probability, is smaller than the smallest one worth a word; where a check holds by less than that, it says so. The
verdicts are at 95% each, not adjusted for their number: read one that only just holds with care.
"""
FULL, LEAN = "full", "lean"


def patterns_page(content: Mapping[str, Any]) -> str:
    """Return the page for stored content."""
    stored = pattern_findings_in(content)
    full, lean = stored[FULL], {finding.check: finding for finding in stored.get(LEAN, [])}
    paired = [(finding, lean[finding.check]) for finding in full if finding.check in lean]
    labels = {kind: say(kind) for kind in CHECKED} | {state: capital(label) for state, (label, _) in STATES.items()}
    labels["holds"] = capital(labels["holds"])
    parts = [
        PATTERNS_HEAD.format(**labels),
        provenance(content),
        "## In short",
        in_short(full),
        f"### What {say('fails')}, is {say('undecided')}, or is there without its mechanism",
        _bullets([trouble for finding in full for trouble in troubles(finding)]) or "Nothing.",
        "### Where the full and the lean model differ",
        "The lean model (`--profile lean`) leaves eight optional terms out.",
        _bullets([differing(finding, other) for finding, other in paired]) or "They differ in no verdict.",
        "## All checks",
        patterns_table(full, lean),
        *(part for family in FAMILIES for part in pattern_chapter(family, full)),
    ]
    return "\n\n".join(part.strip() for part in parts) + "\n"


def provenance(content: Mapping[str, Any]) -> str:
    """Say which seeds were run, and by what hash the numbers are known."""
    first, number = content["seeds"]["first"], content["seeds"]["number"]
    return (
        f"Seeds {first} to {first + number - 1}: {number} pairs a check, none of them used while the checks were "
        f"written. Hash of the numbers: `{content['hash'][:16]}`."
    )


def in_short(findings: Sequence[PatternFinding]) -> str:
    """Say how many checks came out which way, and how many ablations."""
    verdicts = Counter[str](finding.verdict for finding in findings)
    states = Counter(finding.without.state for finding in findings if finding.without)
    small = sum(finding.verdict == "holds" and finding.negligible for finding in findings)
    less = {"holds": f" ({small} of them by less than is worth a word)"}
    checks = [f"{capital(say(kind))}: {verdicts[kind]}{less.get(kind, '')}." for kind in CHECKED]
    off = [f"{capital(label)}: {states[state]}." for state, (label, _) in STATES.items()]
    return "\n".join(
        [
            " ".join([f"- Checks: {len(findings)}.", *checks]),
            " ".join([f"- Mechanisms switched off: {states.total()}.", *off]),
        ]
    )


def troubles(finding: PatternFinding) -> list[str]:
    """Return what has to be said of a check that does not come out as claimed."""
    said = []
    if finding.verdict in ("fails", "undecided"):
        said.append(f"**{finding.check}.** *{finding.says}* {phrases.sentence(finding)}")
    if finding.without and finding.without.state in ("still there", "weaker", "unclear"):
        said.append(f"**{finding.check}, without.** *{finding.says}* {sentence_without(finding)}")
    return said


def differing(full: PatternFinding, lean: PatternFinding) -> str:
    """Say where the lean model's verdict or ablation differs from the full one's; nothing where it does not."""
    said = []
    if full.verdict != lean.verdict:
        said.append(f"{say(full.verdict)} in the full model, {say(lean.verdict)} in the lean one")
    if full.without and lean.without and full.without.state != lean.without.state:
        states = STATES[full.without.state][0], STATES[lean.without.state][0]
        said.append("without its mechanism {} in the full model, {} in the lean one".format(*states))
    return f"**{full.check}**: {'; '.join(said)}." if said else ""


def patterns_table(full: Sequence[PatternFinding], lean: Mapping[str, PatternFinding]) -> str:
    """Return all checks as a table, both models side by side."""
    lines = [
        "| check | claim | full model | verdict | without | lean model | verdict | without |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for finding in full:
        cells = [finding.check, finding.says, *_cells(finding), *_cells(lean.get(finding.check))]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _cells(finding: PatternFinding | None) -> list[str]:
    if finding is None:
        return ["", "", ""]
    effect = f"{shown(finding.effect, finding.unit)} ({interval(finding.low, finding.high, finding.unit)})"
    return [effect, say(finding.verdict), STATES[finding.without.state][0] if finding.without else ""]


def _bullets(items: Sequence[str]) -> str:
    return "\n".join(f"- {item}" for item in items if item)


def pattern_chapter(family: Family, findings: Sequence[PatternFinding]) -> list[str]:
    """Return a family's heading, how it was set up, and a sentence a check; nothing where none was run."""
    lines = [
        f"**{finding.check}.** *{finding.says}* {phrases.sentence(finding)} {sentence_without(finding)}".strip()
        for finding in findings
        if finding.pattern == family.name
    ]
    if not lines:
        return []
    return [f"## {family.name}. {family.title}", f"How it was set up. {family.setting}", _bullets(lines)]


# Run every pattern check under both profiles, and write what was found: `make patterns`.


PATTERNS_PAGE = ROOT / "docs" / "patterns.md"
STORED = ROOT / "tests" / "experiments" / "model_patterns.json"
SEEDS, FIRST_SEED = 200, 10_000
"""Seeds of the published findings; 0 to 199 were used while the checks were written."""


def write_patterns_page(arguments: Sequence[str] | None = None) -> int:
    """Run, store and write; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m experiments.reporting.markdown patterns", description=__doc__)
    parser.add_argument("--seeds", type=int, default=SEEDS, help="paired seeds (default: %(default)s)")
    parser.add_argument("--first-seed", type=int, default=FIRST_SEED, help="the first of them (default: %(default)s)")
    parser.add_argument("--out", type=Path, default=PATTERNS_PAGE, help="the page to write (default: docs/patterns.md)")
    parser.add_argument("--findings", type=Path, default=STORED, help="the file that stores the numbers")
    parser.add_argument("--workers", type=int, default=2, help="processes (default: %(default)s)")
    parser.add_argument("--page-only", action="store_true", help="write the page anew from the stored numbers")
    options = parser.parse_args(arguments)
    if options.page_only:
        options.out.write_text(patterns_page(read_findings(options.findings)), encoding="utf-8")
        return 0
    began = time.monotonic()
    seeds = range(options.first_seed, options.first_seed + options.seeds)
    findings = {
        profile: run_patterns(
            seeds,
            profile=profile,
            workers=options.workers,
            tell=lambda name, profile=profile: print(f"{profile}: {name}", file=sys.stderr),  # type: ignore[misc]
        )
        for profile in PROFILES
    }
    content = patterns_content(findings)
    write_findings(content, options.findings)
    options.out.write_text(patterns_page(content), encoding="utf-8")
    print(f"{options.out} and {options.findings}, in {time.monotonic() - began:.0f} s", file=sys.stderr)
    return 0


PAGES = {"odd": main, "claims": write_claims_page, "patterns": write_patterns_page}
"""What writes each page, by the word that asks for it."""


if __name__ == "__main__":
    sys.exit(PAGES[sys.argv[1]](sys.argv[2:]))
