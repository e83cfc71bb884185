"""Lay out what was found as tables that anything can open, with a dictionary of every column."""

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from experiments.claims.answer import Answer
from experiments.claims.finding import Finding
from experiments.claims.rules import HOLDS, OPEN, OPPOSITE, SMALL
from experiments.claims.wording import reasons, sentence, verdict_words
from simulation.parameters import BY_NAME

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


def claims_table(findings: Sequence[Finding], commands: Mapping[str, str]) -> pl.DataFrame:
    """Return a row a claim; `commands` says what gives each row again."""
    return pl.DataFrame([claim_row(finding, commands[finding.name]) for finding in findings])


def claim_row(finding: Finding, command: str) -> dict[str, Any]:
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
        "structures_hold": sum(finding.under(one) == HOLDS for one in finding.structures),
        "structures_changed": ", ".join(one.name for one in finding.changed_by),
        "depends_on": ", ".join(reasons(finding)) if finding.verdict == "depends" else "",
        "verdict": verdict_words(finding),
        "sentence": sentence(finding),
        "command": command,
    }
    return {name: row[name] if name in row else getattr(finding, name) for name in _CLAIMS}


def structures_table(findings: Sequence[Finding]) -> pl.DataFrame:
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
