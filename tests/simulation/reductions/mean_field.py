"""Write the whole model as ordinary differential equations for a place whose organisations are all alike.

The equations are those of docs/odd.md for a complete graph without a partner, noise, breaches or events, one threshold
for all; a month's change is read as a rate a month, and effort as this moment's. The state is practice x, failure
demand F, felt pressure, learning l, trust T and infrastructure G. Nothing here runs the model.
"""

import math
from typing import Any

import numpy as np
from scipy.integrate import solve_ivp

STATE = ("practice", "failure_demand", "felt_pressure", "learning", "trust", "infrastructure")


def rates(_: float, state: Any, p: dict[str, float]) -> list[float]:
    """Return the rate of change of each state, a month."""
    x, failing, felt, learning, trust, infrastructure = state
    demand, phi = p["value_demand"], p["failure_ratio"]
    # rigidity and headroom
    strain = 1 / (1 + math.exp(-(felt - p["rigidity_onset"]) / p["rigidity_softness"]))
    rigidity = p["rigidity_limit"] * strain * (1 - p["rigidity_learning"] * learning)
    headroom = 1 - rigidity
    # taking up and slipping back
    seen = (1 - p["behaviour_coupling"]) * trust * x + p["behaviour_coupling"] * x
    raised = (seen / p["threshold"]) ** p["contagion_steepness"]
    peer = headroom * (p["background_drive"] + p["social_weight"] * raised / (1 + raised))
    drive = min(1.0, trust ** p["relationship_speed"] * peer)
    ceiling = p["ceiling_base"] + (1 - p["ceiling_base"]) * infrastructure
    effort = drive * max(ceiling - x, 0.0)
    held = (1 - p["slip_back_infrastructure"] * infrastructure) * (1 - p["slip_back_learning"] * learning)
    slip = p["slip_back"] * (1 + p["slip_back_rigidity"] * rigidity) * held * x
    # demand and pressure
    joint = (1 - p["shared_failure_demand"]) * x + p["shared_failure_demand"] * trust * x
    target = demand * phi * (1 - p["failure_demand_reduction"] * joint)
    pressure = (demand + failing) / (1 - p["change_cost"] * effort)
    # relationships, learning, infrastructure
    contact = headroom * min(1.0, p["contact_base"] + p["contact_from_practice"] * x)
    practising = p["double_loop_learning"] * x * headroom
    rewiring = p["rewire_gain"] * min(1.0, p["own_rewiring"] * headroom * x) * x
    return [
        p["adoption_rate"] * effort - slip,
        (target - failing) / p["failure_demand_months"],
        (pressure - felt) / p["felt_pressure_months"],
        practising * (1 - learning) - p["learning_decay"] * (1 + rigidity) * learning,
        p["trust_gain"] * contact * (1 - trust) - p["trust_decay"] * trust,
        rewiring * (1 - infrastructure) - p["infrastructure_decay"] * infrastructure,
    ]


def solve(p: dict[str, float], practice: float, trust: float, infrastructure: float, months: int) -> dict[str, Any]:
    """Return each state at the end of every month, (months,), from a start at full demand and without learning."""
    failing = p["value_demand"] * p["failure_ratio"]
    start = [practice, failing, p["value_demand"] + failing, 0.0, trust, infrastructure]
    times = np.arange(1, months + 1)
    solved = solve_ivp(rates, (0, months), start, t_eval=times, args=(p,), rtol=1e-9, atol=1e-11, method="LSODA")
    return dict(zip(STATE, solved.y, strict=True))
