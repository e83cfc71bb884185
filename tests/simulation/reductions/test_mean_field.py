"""R5: on a complete graph the agents follow the whole model's mean field, written as differential equations.

No noise, growth, restructures, breaches or partner; thresholds are equal, all else is at its defaults. Every state that
lies in 0-1 is held to the tolerance on the path. Felt pressure, demand over capacity, is held to it at the end: in the
first months from the high start, where it falls fast, the model's whole months put it .023 off.

The reference is the whole model as ordinary differential equations for a place whose organisations are all alike.

The equations are those of docs/odd.md for a complete graph without a partner, noise, breaches or events, one threshold
for all; a month's change is read as a rate a month, and effort as this moment's. The state is practice x, failure
demand F, felt pressure, learning l, trust T and infrastructure G. Nothing of it runs the model.
"""

import math
from typing import Any

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from simulation.parameters import BY_NAME
from tests.simulation.reductions.setting import largest_gap, set_course

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


# The model against it

ORGANISATIONS, MONTHS = 50, 600
SETTINGS = {
    "demand_growth": 0, "budget_cut": 0, "demand_noise": 0, "place_noise": 0, "restructure_rate": 0,
    "threshold_spread": 0, "behaviour_difficulty": 0, "partner_days": 0, "initial_partner_trust": 0,
    "breach_floor": 0, "breach_under_rigidity": 0,
}  # fmt: skip
STARTS = [(0.05, 0.30, 0.10), (0.65, 0.75, 0.55)]
SHARES = ("practice", "trust", "infrastructure", "learning")
ON_THE_PATH, AT_THE_END = 0.02, 0.002


def numbers() -> dict[str, float]:
    """Return the numbers of the equations: defaults and settings, with v0 and phi worked out."""
    values = {name: float(parameter.default) for name, parameter in BY_NAME.items()} | SETTINGS
    share = values["failure_demand_share"]
    return values | {
        "value_demand": values["initial_pressure"] * (1 - share), "failure_ratio": share / (1 - share)
    }  # fmt: skip


@pytest.mark.parametrize("alike", [True, False], ids=["all alike", "agents differ"])
@pytest.mark.parametrize(("practice", "trust", "infrastructure"), STARTS, ids=["low", "high"])
def test_agents_follow_the_mean_field(practice: float, trust: float, infrastructure: float, alike: bool) -> None:
    settings = SETTINGS | {"initial_infrastructure": infrastructure}
    course = set_course(
        ORGANISATIONS, practice=practice, trust=trust, months=MONTHS, detail="months", settings=settings
    )
    if not alike:
        rng, state = np.random.default_rng(1), course.state
        state.practice[:] = practice * rng.uniform(0.5, 1.5, state.practice.shape)
        state.trust[:] = np.clip(trust * 2 * rng.beta(6, 6, len(state.trust)), 0, 1)
    found = course.run().trajectory
    expected = solve(numbers(), practice, trust, infrastructure, MONTHS)
    for name in SHARES:
        assert largest_gap(found[name], expected[name]) < ON_THE_PATH, name
    for name in (*SHARES, "felt_pressure"):
        assert abs(found[name][-1] - expected[name][-1]) < AT_THE_END, name


def test_the_two_starts_end_apart() -> None:
    low, high = (solve(numbers(), *start, MONTHS)["practice"][-1] for start in STARTS)
    assert high - low > 0.3
