"""Hold what the claims came to: findings, points, and what they were found on; frozen, with no word of judgement."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from experiments.claims.claim import Claim
from experiments.claims.finding import Finding
from experiments.claims.judging import Points
from experiments.claims.plan import POINTS_A_BLOCK, ClaimsPlan, factors
from experiments.claims.topics import CLAIMS
from experiments.shown import PRACTICE_MATTERS
from simulation.version import MODEL_VERSION


@dataclass(frozen=True, kw_only=True)
class Answer:
    """All that was found; `about` is plain data that says on what."""

    findings: tuple[Finding, ...]
    points: Mapping[str, Points]
    design: pl.DataFrame
    about: dict[str, Any]
    notes: tuple[str, ...] = field(default=())


def precision_of(claim: Claim, precision: float) -> float:
    """Return the half-width asked of a claim's interval, in its own unit.

    `precision` is asked of practice; another unit's is larger as its smallest difference that matters is larger.
    """
    return precision * claim.matters / PRACTICE_MATTERS


def about(plan: ClaimsPlan, *, looks: tuple[int, ...], confidence: float, wide: tuple[str, ...]) -> dict[str, Any]:
    """Say on what the claims were found: seeds, points, how the looking stopped; `looks` are those that were taken."""
    stopping = None
    if plan.precision is not None:
        stopping = {
            "precision": plan.precision,
            "planned": list(plan.looks),
            "taken": list(looks),
            "confidence": confidence,
            "too_wide": list(wide),
        }
    return {
        "claims": len(plan.claims),
        "all_claims": len(CLAIMS),
        "first_seed": plan.first_seed,
        "seeds": looks[-1],
        "structure_seeds": plan.structure_seeds,
        "points": plan.points,
        "point_seeds": plan.point_seeds,
        "points_a_block": POINTS_A_BLOCK,
        "parameters": len(factors()),
        "stopping": stopping,
        "model_version": MODEL_VERSION,
    }
