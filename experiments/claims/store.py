"""Store what was found at full scale, with what it was found on and a hash of it all; read it back."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import numpy as np

from experiments.claims.alternatives import ALTERNATIVES
from experiments.claims.answer import Answer
from experiments.claims.finding import Finding, finding_from
from experiments.claims.plan import ClaimsPlan, factors, space
from experiments.claims.topics import CLAIMS
from experiments.design import columns
from experiments.patterns.store import DIGITS, digest, parameters_hash
from simulation.course import simulate
from simulation.scenario import Scenario
from simulation.version import MODEL_VERSION

ABOUT = "What the essay's claims came to; docs/claims.md is made from this file. Made by make claims."


def content_of(answer: Answer) -> dict[str, Any]:
    """Return what was found as plain content, with model version, hashes and probes."""
    content: dict[str, Any] = {
        "made_by": ABOUT,
        "model": {"version": MODEL_VERSION, "parameters": parameters_hash(), "experiments": experiments_hash()},
        "about": answer.about,
        "findings": [rounded(asdict(finding)) for finding in answer.findings],
        "probes": probes(answer.about["first_seed"]),
    }
    return content | {"hash": digest(content)}


def rounded(value: Any) -> Any:
    """Return plain content with its numbers to nine digits."""
    if isinstance(value, dict):
        return {key: rounded(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [rounded(item) for item in value]
    return round(value, DIGITS) + 0.0 if isinstance(value, float) else value


def findings_in(content: Mapping[str, Any]) -> tuple[Finding, ...]:
    """Return the findings in stored content."""
    return tuple(finding_from(said) for said in content["findings"])


def experiments_hash() -> str:
    """Return a hash of every arm, with and without its mechanism, of every alternative, and of the space's points."""
    arms = _arms()
    said = {name: scenario.content_hash() for name, scenario in arms.items()}
    one = next(iter(arms.values()))
    said |= {alternative.name: alternative.change(one).content_hash() for alternative in ALTERNATIVES}
    blocks = [columns(work.design, work.factors) for _, work in space(ClaimsPlan(claims=CLAIMS))]
    points = [[np.asarray(values, dtype=float).round(DIGITS).tolist() for values in block] for block in blocks]
    return digest([said, [factor.name for factor in factors()], points])


def probes(seed: int) -> dict[str, float]:
    """Return practice at the end of one run of every arm: what shows that the model has moved."""
    return {name: round(float(simulate(what, seed)["practice"][-1]), DIGITS) for name, what in _arms().items()}


def _arms() -> dict[str, Scenario]:
    return {
        f"{claim.name}: {arm}{', without' if ablated else ''}": scenario
        for claim in CLAIMS
        for ablated in (False, True)
        for arm, scenario in claim.scenarios(ablated=ablated).items()
    }
