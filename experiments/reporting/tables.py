"""Tables once, for terminal, CSV and HTML."""

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from experiments import comparison as comparisons
from experiments.claims import Answer, ClaimFinding
from experiments.comparison import (
    Comparison,
    Contrast,
    contrast,
    every_pair,
    in_order,
    in_text,
    last_month,
    level,
    own_outcomes,
    share_reaching,
    title,
)
from experiments.inference import CONFIDENCE, HOLDS, OPEN, OPPOSITE, SMALL
from experiments.reporting.claims import sentence
from experiments.reporting.html import Cell, Row
from experiments.reporting.phrases import measured, reasons, say, verdict_words
from experiments.reporting.sensitivity import sentences, verdict
from experiments.sensitivity.analysis import Analysis, Finding
from experiments.sensitivity.data import choice
from simulation.outcomes import band, number, shown, shown_in
from simulation.outcomes import level as level_words
from simulation.parameters import BY_NAME
from simulation.vocabulary import BEHAVIOUR_IDS, GROUPS


def tables(analysis: Analysis) -> dict[str, pl.DataFrame]:
    """Return the tables by name, those alone that have rows; intervals are 95%."""
    makers = {
        "answers": lambda finding: _answers(analysis, finding),
        "indices": _indices,
        "pairs": _pairs,
        "effects": _effects,
        "steps": _steps,
        "regions": _regions,
        "boxes": _boxes,
        "scores": _scores,
        "luck": _luck,
        "checks": _checks,
    }
    found = {
        name: [_subject(finding) | row for finding in analysis.findings for row in make(finding)]
        for name, make in makers.items()
    }
    found["failures"] = list(analysis.failures)
    return {name: pl.DataFrame(rows, infer_schema_length=None) for name, rows in found.items() if rows}


def points(analysis: Analysis) -> pl.DataFrame:
    """Return a row a subject and point: the factors, the mean over seeds, and how many seeds it is of.

    A factor has the name of its column in the sweep's tables; a route or pressure is that of the point.
    """
    frames = []
    for finding in analysis.findings:
        subject = finding.subject
        there = (subject.values == subject.values).sum(axis=1)
        columns: dict[str, Any] = {"point": range(len(subject.values))}
        columns |= {a.column: a.choices if a.numbers is None else a.numbers for a in finding.axes}
        frame = pl.DataFrame(columns | {"mean": subject.means, "seeds": there}).with_columns(
            pl.col("mean").fill_nan(None), pl.col("seeds").cast(pl.Int64)
        )
        told = {name: text for name, text in _subject(finding).items() if name not in frame.columns}
        frames.append(frame.select(*(pl.lit(text).alias(name) for name, text in told.items()), pl.all()))
    return pl.concat(frames, how="diagonal_relaxed")


def _subject(finding: Finding) -> dict[str, Any]:
    subject = finding.subject
    second = "" if subject.second is None else subject.second.route
    arm = subject.arm
    return {"subject": subject.key, "scenario": arm.scenario, "under_pressure": arm.pressure, "route": arm.route,
            "minus_route": second}  # fmt: skip


def _answers(analysis: Analysis, finding: Finding) -> list[dict[str, Any]]:
    question = analysis.question
    said = sentences(finding, question) if finding.varies else []
    return [
        {
            "points": finding.points,
            "confidence": CONFIDENCE,
            "verdict": verdict(finding, question),
            "more": " ".join(said),
        }
    ]


def _indices(finding: Finding) -> list[dict[str, Any]]:
    found = finding.indices
    if found is None:
        return []
    return [
        {
            "factor": found.names[k], "total": float(found.total[k]),
            "total_low": float(found.total[k] - found.total_half[k]),
            "total_high": float(found.total[k] + found.total_half[k]), "first": float(found.first[k]),
            "first_low": float(found.first[k] - found.first_half[k]),
            "first_high": float(found.first[k] + found.first_half[k]), "judgement": found.judgement(k),
            "blocks": found.blocks,
        }
        for k in found.order
    ]  # fmt: skip


def _pairs(finding: Finding) -> list[dict[str, Any]]:
    pairs = [] if finding.indices is None else finding.indices.pairs
    return [
        {
            "one": p.one,
            "other": p.other,
            "second": p.value,
            "second_low": p.value - p.half,
            "second_high": p.value + p.half,
        }
        for p in pairs
    ]


def _effects(finding: Finding) -> list[dict[str, Any]]:
    found = finding.screening
    if found is None:
        return []
    return [
        {
            "factor": found.names[k], "mu_star": float(found.size[k]), "mu_star_low": float(found.size_low[k]),
            "mu_star_high": float(found.size_high[k]), "mu": float(found.mean[k]), "mu_low": float(found.mean_low[k]),
            "mu_high": float(found.mean_high[k]), "sigma": float(found.spread[k]),
            "sigma_low": float(found.spread_low[k]), "sigma_high": float(found.spread_high[k]),
            "judgement": found.judgement(k), "walks": found.walks,
        }
        for k in found.order
    ]  # fmt: skip


def _steps(finding: Finding) -> list[dict[str, Any]]:
    steps = () if finding.steps is None else finding.steps.steps
    return [
        {
            "factor": step.factor, "value": choice(step.value), "difference": step.difference, "low": step.low,
            "high": step.high, "adjusted_low": step.adjusted_low, "adjusted_high": step.adjusted_high,
            "verdict": step.verdict, "pairs": step.pairs,
        }
        for step in steps
    ]  # fmt: skip


def _regions(finding: Finding) -> list[dict[str, Any]]:
    search = finding.search
    if search is None or search.region is None:
        return []
    region = search.region
    whole = {
        "line": search.line.value, "above": search.line.above, "points": region.points, "sought": region.sought,
        "coverage": region.coverage, "density": region.density, "mass": region.mass, "inside": region.inside,
        "holds": region.holds,
    }  # fmt: skip
    return [
        whole
        | {
            "factor": limit.axis.name, "low": limit.low, "high": limit.high, "choices": " ".join(limit.choices),
            "quasi_p_low": limit.quasi_p[0], "quasi_p_high": limit.quasi_p[1], "found_again": limit.again,
        }
        for limit in region.limits
    ] or [whole]  # fmt: skip


def _boxes(finding: Finding) -> list[dict[str, Any]]:
    search = finding.search
    if search is None or search.region is None:
        return []
    region = search.region
    taken = [{"sample": "whole"} | row for row in region.way.to_dicts()]
    held = zip(region.held_coverage, region.held_density, region.held_base, strict=True)
    halves = [
        {"sample": "half never seen", "coverage": float(covered), "density": float(density), "everywhere": float(base)}
        for covered, density, base in held
    ]
    return taken + halves


def _scores(finding: Finding) -> list[dict[str, Any]]:
    found = finding.scores
    if found is None:
        return []
    rows = [
        {
            "factor": found.names[k], "score": float(found.middle[k]), "lowest": float(found.low[k]),
            "highest": float(found.high[k]), "above_chance": bool(found.low[k] > found.chance),
        }
        for k in found.order
    ]  # fmt: skip
    chance = {"factor": "(pure chance)", "score": found.chance_middle, "highest": found.chance, "above_chance": False}
    return [*rows, chance]


def _luck(finding: Finding) -> list[dict[str, Any]]:
    found = finding.luck
    if found is None:
        return []
    return [
        {
            "of_run": found.of_run.value, "of_run_low": found.of_run.low, "of_run_high": found.of_run.high,
            "left": found.left.value, "left_low": found.left.low, "left_high": found.left.high,
            "replicates": found.replicates,
        }
    ]  # fmt: skip


def _checks(finding: Finding) -> list[dict[str, Any]]:
    return [
        {"of": aim, "check": check.name, "passed": check.passed, "in_numbers": check.words}
        for aim, check in finding.all_checks
    ]


# Lay out what was found as tables that anything can open, with a dictionary of every column.


OWN_UNIT = "as in column unit, on 0-1"
_CLAIMS: Mapping[str, tuple[str, str]] = {
    "claim": ("name", "the claim, as the command takes it"),
    "topic": ("name", "heading of the essay"),
    "quote": ("text", "the essay's words"),
    "says": ("text", "what is claimed, in plain English"),
    "compared": ("text", "what is held against what"),
    "quantity": ("text", "what the effect measures"),
    "unit": ("name", "unit of the effect"),
    "claimed": ("above 0 or below 0", "the side that is claimed"),
    "matters": (OWN_UNIT, "smallest difference worth a word"),
    "seeds": ("number", "paired seeds at the defaults"),
    "effect": (OWN_UNIT, "mean paired effect at the defaults"),
    "low": (OWN_UNIT, "its own 95% interval"),
    "high": (OWN_UNIT, "its own 95% interval"),
    "adjusted_low": (OWN_UNIT, "95% interval adjusted for the number of claims; the verdict rests on it"),
    "adjusted_high": (OWN_UNIT, "95% interval adjusted for the number of claims"),
    "at_defaults": ("words", "what the adjusted interval tells"),
    "without": ("text", "the mechanism that is switched off"),
    "left": (OWN_UNIT, "mean paired effect with the mechanism switched off"),
    "left_low": (OWN_UNIT, "its 95% interval"),
    "left_high": (OWN_UNIT, "its 95% interval"),
    "left_state": ("words", "what became of the effect"),
    "points": ("number", "points of parameter space"),
    "points_hold": ("number", "points at which the claim holds"),
    "points_too_small": ("number", "points at which the effect is too small to matter"),
    "points_other_way_round": ("number", "points at which it is the other way round"),
    "points_open": ("number", "points at which it can't be told by their seeds"),
    "share_of_told": ("share", "points that hold of those that can be told"),
    "share_of_told_low": ("share", "its 95% interval over points (Wilson)"),
    "share_of_told_high": ("share", "its 95% interval over points (Wilson)"),
    "structures": ("number", "structural alternatives"),
    "structures_hold": ("number", "structural alternatives under which the claim holds"),
    "structures_changed": ("names", "alternatives under which it is too small to matter, or the other way round"),
    "depends_on": ("names", "what a claim that holds at the defaults depends on"),
    "verdict": ("words", "holds, depends on ..., does not hold, undecided: by the stated rule"),
    "sentence": ("text", "all of this in words"),
    "command": ("text", "what gives this row again"),
}
_STRUCTURES: Mapping[str, tuple[str, str]] = {
    "claim": _CLAIMS["claim"],
    "alternative": ("name", "choice=option of the model's structure"),
    "means": ("text", "what it is"),
    "unit": _CLAIMS["unit"],
    "effect": (OWN_UNIT, "mean paired effect under the alternative"),
    "low": (OWN_UNIT, "95% interval adjusted for the number of alternatives (Bonferroni)"),
    "high": (OWN_UNIT, "95% interval adjusted for the number of alternatives"),
    "told": ("words", "what the interval tells"),
}
_POINTS = (
    ("", "mean paired effect over the point's seeds"),
    (".low", "95% interval (Student's t over the seeds)"),
    (".high", "95% interval (Student's t over the seeds)"),
    (".told", "what the interval tells"),
)


def claims_table(findings: Sequence[ClaimFinding], commands: Mapping[str, str]) -> pl.DataFrame:
    """Return a row a claim; `commands` says what gives each row again."""
    return pl.DataFrame([claim_row(finding, commands[finding.name]) for finding in findings])


def claim_row(finding: ClaimFinding, command: str) -> dict[str, Any]:
    """Return a claim as a row, in the order of the dictionary."""
    counts, told = finding.space.counts, finding.space.of_told
    row: dict[str, Any] = {
        "claim": finding.name,
        "claimed": "above 0" if finding.sign > 0 else "below 0",
        "at_defaults": finding.at_defaults,
        "left": finding.left.effect,
        "left_low": finding.left.low,
        "left_high": finding.left.high,
        "left_state": finding.state,
        "points": finding.space.points,
        "points_hold": counts[HOLDS],
        "points_too_small": counts[SMALL],
        "points_other_way_round": counts[OPPOSITE],
        "points_open": counts[OPEN],
        "share_of_told": told.value,
        "share_of_told_low": told.low,
        "share_of_told_high": told.high,
        "structures": len(finding.structures),
        "structures_hold": finding.kept,
        "structures_changed": ", ".join(one.name for one in finding.changed_by),
        "depends_on": ", ".join(reasons(finding)) if finding.verdict == "depends" else "",
        "verdict": verdict_words(finding),
        "sentence": sentence(finding),
        "command": command,
    }
    return {name: row[name] if name in row else getattr(finding, name) for name in _CLAIMS}


def structures_table(findings: Sequence[ClaimFinding]) -> pl.DataFrame:
    """Return a row a claim and structural alternative."""
    return pl.DataFrame(
        [
            {
                "claim": finding.name, "alternative": one.name, "means": one.words, "unit": finding.unit,
                "effect": one.effect, "low": one.low, "high": one.high, "told": finding.under(one),
            }
            for finding in findings
            for one in finding.structures
        ]
    )  # fmt: skip


def points_table(answer: Answer) -> pl.DataFrame:
    """Return a row a point: its parameters, and what every claim's effect there is and tells."""
    columns = [
        pl.Series(name + ending, values)
        for name, found in answer.points.items()
        for (ending, _), values in zip(_POINTS, (found.effect, found.low, found.high, found.told.tolist()), strict=True)
    ]
    return answer.design.with_columns(columns)


def dictionary(answer: Answer) -> pl.DataFrame:
    """Return table, column, unit and meaning of every column."""
    rows = [("claims", name, *said) for name, said in _CLAIMS.items()]
    rows += [("structures", name, *said) for name, said in _STRUCTURES.items()]
    rows += [("points", "point", "number", "point of parameter space")]
    rows += [
        ("points", name, BY_NAME[name].unit, BY_NAME[name].meaning) for name in answer.design.columns if name != "point"
    ]
    for finding in answer.findings:
        for ending, meaning in _POINTS:
            unit = "words" if ending == ".told" else f"{finding.unit}, on 0-1"
            rows.append(("points", finding.name + ending, unit, f"{finding.quantity}: {meaning}"))
    return pl.DataFrame(rows, schema=["table", "column", "unit", "meaning"], orient="row")


# Lay a comparison's numbers out as tables for people: levels by route, differences, pressures.


UNBROKEN = "\u2060–\u2060"
"""A dash at which a line does not break."""
OVERALL = ("practice_24", "practice_60", "practice", *GROUPS)
AROUND = shown_in("report")
BEHAVIOURS = tuple(f"practice_{behaviour}" for behaviour in BEHAVIOUR_IDS)
COMPARED = ("practice", *GROUPS, *(outcome for outcome in AROUND if outcome != "take_off"))


def level_rows(comparison: Comparison, scenario: str) -> list[Row]:
    """Return what every route came to, an outcome a row: the middle run, and below it the 90% band."""
    rows: list[Row] = []
    for outcome in (*OVERALL, *AROUND, "unmet_need", *own_outcomes(comparison)):
        found = _levels(comparison, scenario, outcome)
        rows += [] if found is None else [found]
        if outcome == "take_off":
            rows.append(_reaching(comparison, scenario))
    return rows


def behaviour_rows(comparison: Comparison, scenario: str) -> list[Row]:
    """Return practice of each of the nine behaviours under every route."""
    rows = [_levels(comparison, scenario, outcome) for outcome in BEHAVIOURS]
    return [row for row in rows if row is not None]


def _head(words: str, meaning: str) -> Cell:
    return Cell(words, meaning.replace("–", UNBROKEN))


def _reaching(comparison: Comparison, scenario: str) -> Row:
    """Return the row of runs that take off."""
    head = _head("Runs that take off", "share of runs in which practice stays above 2.5 of 10 for six months")
    routes = in_order(comparison)
    return [head, *(level_words("reach", share_reaching(comparison, scenario, route)) for route in routes)]


def _levels(comparison: Comparison, scenario: str, outcome: str) -> Row | None:
    """Return a row of levels, or None where the outcome is not in the table or says nothing."""
    found = [level(comparison, scenario, route, outcome) for route in in_order(comparison)]
    how = shown(outcome)
    if all(item is None or item.replicates == 0 for item in found):
        return None
    if outcome == "unmet_need" and all(item is None or item.high == 0 for item in found):
        return None
    words = f"Practice at month {last_month(comparison, scenario)}" if outcome == "practice" else how.title
    return [
        _head(words, f"{how.meaning}; {how.unit}"),
        *(
            say("not measured")
            if item is None or item.replicates == 0
            else Cell(level_words(outcome, item.median), band(outcome, item.low, item.high))
            for item in found
        ),
    ]


def difference_rows(comparison: Comparison, scenario: str, pair: tuple[str, str]) -> list[Row]:
    """Return the paired differences between the two main routes, outcome by outcome."""
    month = last_month(comparison, scenario)
    early = [("practice", m) for m in (24, 60) if m < month]
    rows: list[Row] = []
    for outcome, at in [*early, *((outcome, month) for outcome in (*COMPARED, *own_outcomes(comparison)))]:
        found = contrast(comparison, scenario, *pair, outcome, at)
        if found is None:
            continue
        how = shown(outcome)
        words = f"Practice at month {at}" if outcome == "practice" else how.title
        named = f"{how.unit}; named beforehand" if found.named_beforehand else how.unit
        rows.append([_head(words, named), *_with_share(comparison, found)])
    return rows


def _with_share(comparison: Comparison, found: Contrast) -> list[str]:
    """Return difference, interval, the share of runs in which the first is higher, and the verdict."""
    size, reach, words = measured(found, lambda route: in_text(comparison, route))
    return [size, reach, f"{number(100 * found.ahead, 0)}%", words]


def pair_rows(comparison: Comparison, scenario: str) -> list[list[str]]:
    """Return the paired difference in practice at the last month for every pair of routes."""
    return [
        [f"{title(comparison, found.first)} minus {in_text(comparison, found.second)}", *_with_share(comparison, found)]
        for found in every_pair(comparison, scenario)
    ]


def pressure_rows(comparison: Comparison, scenario: str, pair: tuple[str, str]) -> list[Row]:
    """Return the main contrast and both routes' medians under each pressure."""
    return [
        [
            words,
            *(median(value) for value in (found.first_median, found.second_median)),
            *measured(found, lambda route: in_text(comparison, route)),
            f"{found.replicates}",
        ]
        for words, found in comparisons.pressure_rows(comparison, scenario, pair)
    ]


def median(value: float | None) -> str:
    """Write a median of practice."""
    return say("not measured") if value is None else level_words("practice", value)
