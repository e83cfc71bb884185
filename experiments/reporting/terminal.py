"""Accounts that a terminal prints."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from experiments.arms import NO_PARTNER
from experiments.calibration.plausible_sets import Fit
from experiments.claims import ClaimFinding
from experiments.comparison import (
    Comparison,
    contrast,
    every_pair,
    in_text,
    last_month,
    level,
    main_pair,
    pressure_contrasts,
    pressure_title,
    title,
)
from experiments.contrast import EARLY
from experiments.inference import FEWEST_TO_RANK, HOLDS
from experiments.manifest import CAVEAT
from experiments.reporting import calibration, phrases, route_map, sensitivity
from experiments.reporting.calibration import (
    explained_words,
    headline,
    months_words,
    place,
    value,
    what_sets_are,
)
from experiments.reporting.claims import adjusted_words, command_of, looked, sentence, share_sentence, stopping_words
from experiments.reporting.numbers import capital
from experiments.reporting.phrases import (
    better,
    between,
    contrast_sentence,
    enough_sentence,
    levels_sentence,
    measure,
    names,
    percent,
    places_sentence,
    precision_told,
    probability_sentence,
    turns_sentence,
    verdict_words,
    when,
)
from experiments.reporting.robustness import sentences as robustness
from experiments.reporting.robustness import tried
from experiments.reporting.route_map import axis_label, each_sentence, outward_sentence, rule_sentences, runs_sentence
from experiments.reporting.sensitivity import basis_sentence, outcome_words, sentences, step_name, step_words, verdict
from experiments.route_map import RouteMap
from experiments.sensitivity.analysis import Analysis, Finding
from experiments.sensitivity.data import Question, label
from simulation.outcomes import OUTCOMES, band, difference, interval, number, shown
from simulation.outcomes import level as in_words
from simulation.text import counted

WIDTH_IN_PIPE = 120
WIDEST_TEXT = 100


def width() -> int:
    """Return the columns there are for text."""
    return (
        min(shutil.get_terminal_size((WIDTH_IN_PIPE, 24)).columns, WIDTH_IN_PIPE)
        if sys.stdout.isatty()
        else WIDTH_IN_PIPE
    )


def table(
    header: Sequence[str], rows: Sequence[Sequence[str]], *, left: int = 1, last_left: bool = False, fit: bool = True
) -> str:
    """Return rows in aligned columns, the first `left` of them flush left; columns that do not fit are left out."""
    columns = list(zip(header, *rows, strict=True))
    widths = [max(map(len, column)) for column in columns]
    kept = len(columns)
    while fit and kept > 2 and sum(widths[:kept]) + 2 * (kept - 1) > width():
        kept -= 1
    flush_left = {*range(left), *([len(columns) - 1] if last_left else [])}
    lines = [
        "  ".join(row[k].ljust(widths[k]) if k in flush_left else row[k].rjust(widths[k]) for k in range(kept))
        for row in (header, *rows)
    ]
    rule = "  ".join("-" * w for w in widths[:kept])
    return "\n".join(line.rstrip() for line in (lines[0], rule, *lines[1:]))


def time_words(seconds: float) -> str:
    """Say how long something takes.

    >>> time_words(200)
    '3.3 minutes'
    """
    for size, name in ((86_400, "days"), (3_600, "hours"), (60, "minutes")):
        if seconds >= 1.5 * size:
            return f"{seconds / size:.1f} {name}"
    return f"{seconds:.1f} seconds" if seconds < 10 else f"{seconds:.0f} seconds"


def paragraph(text: str, indent: str = "") -> str:
    """Return text wrapped to the width there is."""
    from textwrap import fill

    return fill(
        text, min(width(), WIDEST_TEXT), initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False
    )


def item(text: str) -> str:
    """Return text as an item of a list, wrapped to the width there is."""
    return "- " + paragraph(text, "  ").lstrip()


# Give the account of a comparison that a terminal prints: a table a place, then what may be said of it.


COLUMNS = sorted((one.column[0], one.name, one.column[1]) for one in OUTCOMES if one.column)


def comparison_account(comparison: Comparison) -> str:
    """Return the whole account."""
    parts = [place_account(comparison, scenario) for scenario in comparison.scenarios]
    pair = main_pair(comparison)
    if pair is not None and len(comparison.scenarios) > 1:
        found = {
            title(comparison, scenario): contrast(comparison, scenario, *pair) for scenario in comparison.scenarios
        }
        if agree := places_sentence({place: item for place, item in found.items() if item is not None}):
            parts.append(paragraph(agree))
    parts += [paragraph(text) for text in precision_told(comparison)]
    return "\n\n".join([*parts, paragraph(_how_to_read(comparison)), paragraph(CAVEAT)])


def place_account(comparison: Comparison, scenario: str) -> str:
    """Return one place's table and sentences."""
    replicates = int(comparison.manifest.get("replicates", 0))
    months = last_month(comparison, scenario)
    heading = f"{title(comparison, scenario)}, after {counted(months, 'month')} ({counted(replicates, 'replicate')})"
    rule = "=" * len(heading)
    note = "Practice, trust: 0-10, medians; in brackets the 90% band. Take-off: months until practice stays above 2.5."
    sentences = "\n".join(item(text) for text in _sentences(comparison, scenario))
    told = f"{heading}\n{rule}\n{levels_table(comparison, scenario)}\n{paragraph(note)}\n\n{sentences}"
    pairs = pairs_table(comparison, scenario)
    return f"{told}\n\n{pairs}" if pairs else told


def pairs_table(comparison: Comparison, scenario: str) -> str:
    """Return the difference of every pair of routes as a table; nothing where a sentence has told of the only one."""
    pairs = every_pair(comparison, scenario)
    if len(pairs) < (1 if main_pair(comparison) is None else 2):
        return ""
    rows = [
        [
            f"{title(comparison, found.first)} minus {in_text(comparison, found.second)}",
            *phrases.measured(found, lambda route: in_text(comparison, route)),
        ]
        for found in pairs
    ]
    header = ["practice at the end, of 10", "difference", "95% interval", "verdict"]
    return table(header, rows, last_left=True, fit=False)


def levels_table(comparison: Comparison, scenario: str) -> str:
    """Return the table of a place: a row a route, medians and the band of practice."""
    months = last_month(comparison, scenario)
    columns = [
        (outcome, name)
        for _, outcome, name in COLUMNS
        if not (outcome.startswith("practice_") and int(outcome.removeprefix("practice_")) >= months)
    ]
    rows = []
    for route in comparison.routes:
        ends = level(comparison, scenario, route, "practice")
        cells = [title(comparison, route)]
        cells.append(
            "" if ends is None else f"{in_words('practice', ends.median)} ({band('practice', ends.low, ends.high)})"
        )
        for outcome, _ in columns:
            found = level(comparison, scenario, route, outcome)
            cells.append("" if found is None else in_words(outcome, found.median))
        rows.append(cells)
    return table(["route", "practice", *(name for _, name in columns)], rows)


def _sentences(comparison: Comparison, scenario: str) -> Sequence[str]:
    """Return what may be said of a place, computed from its contrasts."""

    def name(route: str) -> str:
        return in_text(comparison, route)

    months = last_month(comparison, scenario)
    levels = {route: level(comparison, scenario, route, "practice") for route in comparison.routes}
    medians = {route: found.median for route, found in levels.items() if found is not None}
    said = [levels_sentence(medians, name, month=months, no_partner=NO_PARTNER)]
    pair = main_pair(comparison)
    end = contrast(comparison, scenario, *pair) if pair is not None else None
    if pair is None or end is None:
        return said
    said += [contrast_sentence(end, name)]
    if end.replicates < FEWEST_TO_RANK:
        return said
    said.append(probability_sentence(end, name))
    early = contrast(comparison, scenario, *pair, "practice", EARLY) if months > EARLY else None
    if early is not None:
        said.append(f"Two years in (exploratory): {contrast_sentence(early, name)}")
    if comparison.stopping is None:
        said.append(enough_sentence(end))
    others = pressure_contrasts(comparison, scenario, pair)
    words = turns_sentence(end, others, name, lambda pressure: f'"{pressure_title(comparison, pressure)}"')
    said.append(f"Under other pressures (exploratory, {others[0].replicates} replicates): {words}" if others else words)
    structures = tried(comparison, scenario)
    if structures:
        words = " ".join(robustness(comparison, scenario, name)).replace("“", '"').replace("”", '"')
        said.append(f"Under other structures (exploratory, {structures[0].end.replicates} replicates): {words}")
    return said


def _how_to_read(comparison: Comparison) -> str:
    """Say what was named beforehand and what was not."""
    pair = main_pair(comparison)
    matters = f"A difference below {in_words('practice', shown('practice').matters or 0)} of 10 is too small to matter."
    if pair is None:
        return matters
    first, second = (in_text(comparison, route) for route in pair)
    named = comparison.contrasts["named_beforehand"].any()
    if not named:
        return f"No contrast was named beforehand: {first} minus {second}, and all else here, is exploratory. {matters}"
    return (
        f"Named before any run: {first} minus {second}, mean practice at the last month, in each place, its intervals "
        f"adjusted for the number of places. All else is exploratory. {matters} {share_sentence(*pair)}"
    )


# Give the account of an analysis that a terminal prints: of each subject the answer, a table, and what is sure.


MOST_FAILURES = 5


def analysis_account(analysis: Analysis) -> str:
    """Return the whole account."""
    heading = f"What moves {outcome_words(analysis.question)}?"
    about = f"{analysis.work.title}. {basis_sentence(analysis.basis)}".removeprefix(". ")
    parts = [f"{heading}\n{'=' * len(heading)}\n{paragraph(about)}"]
    parts += [failures(analysis)] if analysis.failures else []
    parts += [paragraph(f"{capital(note)}.") for note in analysis.notes]
    parts += [subject_account(analysis, finding) for finding in analysis.findings]
    return "\n\n".join([*parts, paragraph(CAVEAT)])


def failures(analysis: Analysis) -> str:
    """Name the failed runs, up to a few."""
    lines = [
        item("run {run} ({scenario}, {route}, point {point}, seed {seed}): {error}".format(**row))
        for row in analysis.failures[:MOST_FAILURES]
    ]
    more = len(analysis.failures) - len(lines)
    return "\n".join(["Failed:", *lines, *([item(f"and {more:,} more")] if more else [])])


def subject_account(analysis: Analysis, finding: Finding) -> str:
    """Return one subject's answer, table and sentences."""
    title, question = finding.subject.title, analysis.question
    parts = [f"{title}\n{'-' * len(title)}\n{paragraph(verdict(finding, question))}"]
    parts += [rows] if (rows := _numbers(finding, question)) else []
    parts += ["\n".join(item(text) for text in sentences(finding, question))] if finding.varies else []
    return "\n".join(parts)


def _numbers(finding: Finding, question: Question) -> str:
    """Return the main table of a subject: indices, effects, steps or scores."""
    if finding.indices is not None:
        found = finding.indices
        rows = [
            [label(found.names[k]), number(found.total[k], 2), f"±{found.total_half[k]:.2f}", number(found.first[k], 2),
             f"±{found.first_half[k]:.2f}", phrases.say(found.judgement(k))]
            for k in found.order
        ]  # fmt: skip
        return "\n" + table(["factor", "total", "", "first", "", ""], rows, last_left=True) + "\n"
    if finding.screening is not None:
        walks = finding.screening
        rows = [
            [label(walks.names[k]), sensitivity.size(question, walks.size[k]),
             interval(question.outcome, walks.size_low[k], walks.size_high[k]).replace("+", ""),
             difference(question.outcome, walks.mean[k]), sensitivity.size(question, walks.spread[k]),
             phrases.say(walks.judgement(k))]
            for k in walks.order
        ]  # fmt: skip
        return "\n" + table(["factor", "mu*", "95% interval", "mu", "sigma", ""], rows, last_left=True) + "\n"
    if finding.steps is not None:
        rows = [
            [step_name(step), difference(question.outcome, step.difference),
             interval(question.outcome, step.adjusted_low, step.adjusted_high), step_words(step)]
            for factor in finding.steps.factors for step in finding.steps.of(factor)
        ]  # fmt: skip
        return "\n" + table(["change", "difference", "95% interval, together", ""], rows, last_left=True) + "\n"
    return ""


# Give the account of the claims that a terminal prints: a table, then what was found of each.


def claims_account(findings: Sequence[ClaimFinding], about: Mapping[str, Any]) -> str:
    """Return the whole account."""
    head = ["claim", "effect", "adjusted 95%", "holds in", "of those told", "structures", "off", "verdict"]
    parts = [table(head, [_row(finding) for finding in findings], last_left=True, fit=False)]
    parts += [one(finding, about) for finding in findings]
    parts += [paragraph(f"Found on {looked(about)}"), paragraph(adjusted_words(about))]
    parts += [paragraph(words) for words in [stopping_words(about)] if words]
    return "\n\n".join([*parts, paragraph(CAVEAT)])


def one(finding: ClaimFinding, about: Mapping[str, Any]) -> str:
    """Return what was found of one claim, and the command that gives it again."""
    head = f"{finding.name}: {finding.says}"
    words = f"“{finding.quote}” {finding.compared}. {sentence(finding)} {finding.note}".strip()
    return f"{paragraph(head)}\n{paragraph(words, '  ')}\n  {command_of(about, [finding.name])}"


def _row(finding: ClaimFinding) -> list[str]:
    return [
        finding.name,
        phrases.size(finding, finding.effect),
        between(finding, finding.adjusted_low, finding.adjusted_high),
        percent(finding.space.share(HOLDS), sure=False),
        percent(finding.space.of_told, sure=False),
        f"{finding.kept}/{len(finding.structures)}",
        phrases.STATES[finding.state][0],
        phrases.say(finding.verdict) if finding.verdict == "depends" else verdict_words(finding),
    ]


# Give the account of a fit that a terminal prints, and its numbers as plain data.


def fit_account(fit: Fit) -> str:
    """Return the whole account."""
    targets = fit.plan.targets
    title = headline(fit)
    people = (
        f" of {counted(len(targets.organisations), 'organisation')}"
        if targets.organisations
        else " of the place as a whole"
    )
    route = fit.plan.scenario.route.title or fit.plan.scenario.route.name
    many = f"{counted(len(targets.observations), 'observation')}{people}"
    asked = f"{place(fit)}, route {route}: {many}, {months_words(targets.months)}."
    said = "\n".join(item(text) for text in calibration.sentences(fit))
    note = "90% intervals. Told on average: share of the prior's variance that data of this shape explain."
    parts = [f"{title}\n{'=' * len(title)}\n{paragraph(asked)}", f"{told_table(fit)}\n{paragraph(note)}", said]
    return "\n\n".join([*parts, paragraph(f"{what_sets_are(fit)} {CAVEAT}".strip())])


def told_table(fit: Fit) -> str:
    """Return a row an unknown: before, after, width, and the verdict."""
    rows = [
        [one.name, phrases.say(one.verdict), f"{value(one, one.prior_low)} to {value(one, one.prior_high)}",
         f"{value(one, one.low)} to {value(one, one.high)}", f"{100 * one.ratio:.0f}%", explained_words(one)]
        for one in fit.told
    ]  # fmt: skip
    return table(["unknown", "verdict", "before", "after", "width left", "told on average"], rows, left=2)


def numbers(fit: Fit) -> dict[str, Any]:
    """Return what a fit found as plain data; unknowns on the model's scale (practice and offset 0-1)."""
    return {
        "headline": headline(fit),
        "reproduces": fit.agreement.reproduces,
        "agreement": asdict(fit.agreement),
        "unknowns": [asdict(one) for one in fit.told],
        "trade_offs": [asdict(pair) for pair in fit.trade_offs],
        "populations": [
            {
                "number": one.number, "distance": one.distance, "sets": len(one.weights),
                "simulations": one.simulations, "accepted": one.accepted, "effective_sets": one.effective,
            }
            for one in fit.populations
        ],
        "why_ended": fit.why_ended,
        "runs": fit.simulations,
        "sentences": calibration.sentences(fit),
    }  # fmt: skip


# Give the account of a map that a terminal prints: the map in signs, then what may be said of it.


SIGNS = {
    "first ahead": "++", "leans to first": "+", "no difference that matters": "=", "undecided": "?",
    "leans to second": "-", "second ahead": "--", "not measured": "x", "not run": ".",
}  # fmt: skip
MOST_COLUMNS = 24


def map_account(found: RouteMap) -> str:
    """Return the whole account."""
    heading = route_map.headline(found)
    first, second = names(found)
    drawn = [drawing(found)] if found.plan.shape[1] <= MOST_COLUMNS else []
    leans = phrases.say("leans", "cell", name="it")
    key = (
        f"{capital(measure(found))}. ++ {first} {better(found)}, + {leans}; -- {second} {better(found)}, - {leans}; = "
        f"{phrases.say(route_map.SAME)}; ? {phrases.say(route_map.OPEN)}: the interval spans zero."
    )
    said = [*route_map.sentences(found), each_sentence(found), outward_sentence(found), runs_sentence(found)]
    parts = [
        f"{paragraph(heading)}\n{'=' * min(100, len(heading))}",
        *drawn,
        paragraph(key),
        "\n".join(item(text) for text in said),
        paragraph(" ".join(rule_sentences(found))),
        paragraph(CAVEAT),
    ]
    return "\n\n".join(parts)


def drawing(found: RouteMap) -> str:
    """Return the map in signs: a row a value of the second factor, the highest first."""
    verdicts: Any = found.texts("verdict")
    across, up = [route_map.value(level) for level in found.xs], [route_map.value(level) for level in found.ys]
    left = max(map(len, up))
    wide = max(map(len, across)) + 2
    rows = [
        f"{up[j].rjust(left)} |" + "".join(SIGNS[verdict].rjust(wide) for verdict in verdicts[j])
        for j in reversed(range(len(up)))
    ]
    foot = " " * left + " +" + "-" * (wide * len(across))
    ticks = " " * (left + 2) + "".join(text.rjust(wide) for text in across)
    under = f"{' ' * (left + 2)}  {axis_label(found.plan.x)}"
    return "\n".join([f"{axis_label(found.plan.y)}, upwards", *rows, foot, ticks, under])


def as_json(found: RouteMap, folder: Any) -> dict[str, Any]:
    """Return a map as plain data; numbers are in the model's own scale (practice 0-1)."""
    from experiments.reporting.route_map import lines

    return {
        "routes": list(found.plan.routes),
        "axes": {"x": found.plan.x.name, "y": found.plan.y.name},
        "outcome": found.plan.outcome,
        "read_at": when(found.plan),
        "cells": found.cells.to_dicts(),
        "lines": lines(found),
        "verdicts": found.counts,
        "runs": found.runs,
        "saved": found.saved,
        "manifest": found.manifest,
        "folder": str(folder),
    }
