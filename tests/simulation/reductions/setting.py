"""Set the real model so that only one of its mechanisms is left: parameters, structural choices and a start."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from simulation.initial import begin
from simulation.run import Course
from simulation.scenario import PlaceFile, Scenario, Structure
from simulation.scenario.place import Generated, Network

ALL_OFF = {
    "demand_growth": 0, "budget_cut": 0, "demand_noise": 0, "place_noise": 0, "restructure_rate": 0,
    "rigidity_limit": 0, "change_cost": 0, "trust_gain": 0, "trust_decay": 0, "breach_floor": 0,
    "breach_under_rigidity": 0, "background_drive": 0, "behaviour_coupling": 0, "threshold_spread": 0,
    "behaviour_difficulty": 0, "evidence_on_threshold": 0, "slip_back": 0, "double_loop_learning": 0,
    "own_rewiring": 0, "infrastructure_decay": 0, "evidence_decay": 0, "relationship_speed": 0, "ceiling_base": 1,
}  # fmt: skip
"""*All else off* of docs/odd.md; the scenario has no partner and no burn-in, and trust starts at 1."""

COMPLETE = Network(kind="complete", council_ties=0, join_isolated=False)


def random_graph(mean_ties: float) -> Network:
    """Return a random network without a hub, isolated organisations left alone."""
    return Network(kind="random", neighbours=mean_ties, council_ties=0, join_isolated=False)


def set_course(
    organisations: int,
    network: Network = COMPLETE,
    *,
    practice: Any = 0.0,
    trust: Any = 1.0,
    seed: int = 0,
    structure: dict[str, Any] | None = None,
    detail: str = "full",
    months: int = 120,
    settings: Mapping[str, float] = {},
) -> Course:
    """Return a run of the model that begins with this practice (N, 9) and trust (L,), or what broadcasts to them.

    The model generates the relationships and all else that a run begins with; organisations are of one size.
    There is no partner, and no burn-in. `settings` are parameters by readable name.
    """
    generated = Generated(organisations=organisations, network=network, council_size=1, large_size=1, small_size=1)
    scenario = Scenario(
        place=PlaceFile(name="reduction", generated=generated),
        structure=Structure(burn_in_months=0, **(structure or {})),
        months=months,
        settings=dict(settings),
    )
    start = begin(scenario, seed)
    start = replace(
        start,
        practice=np.array(np.broadcast_to(practice, start.practice.shape), dtype=float),
        trust=np.array(np.broadcast_to(trust, start.trust.shape), dtype=float),
    )
    return Course(scenario, seed, detail=detail, start=start)


def largest_gap(found: Any, expected: Any) -> float:
    """Return the largest absolute difference; infinity where anything is not finite."""
    gap = np.abs(np.asarray(found) - np.asarray(expected))
    return float(gap.max()) if np.isfinite(gap).all() else float("inf")
