"""Lay what an analysis found out as tables for other programs, in the model's own scale (practice 0-1)."""

from typing import Any

import polars as pl

from experiments.analysis.axes import choice
from experiments.analysis.findings import Analysis, Finding
from experiments.analysis.sentences import sentences, verdict
from experiments.statistics import CONFIDENCE


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
