"""R4: the capability trap. Without a partner, at frozen trust and infrastructure, a place rests low or rests high.

Pressure keeps practice low, and low practice keeps failure demand and so pressure high (Repenning & Sterman 2001). With
equal thresholds for all behaviours (sdif = 0) and value demand v0 = .46 there are three resting points; the outer two
attract, the middle one parts them. At the default sdif of .15, where behaviours differ in difficulty, the trap moves to
v0 between .47 and .49: at .46 every place rises, at .50 every place sinks.

The reference works out where a homogeneous place without a partner rests: roots of an equation in practice alone. At
rest what is taken up equals what slips back, α·drive·(K − x) = loss·x; failure demand has come down to what practice
leaves of it; and pressure, which changing itself raises, sets rigidity. It is written from the equations of docs/odd.md
for frozen trust T and infrastructure G and equal thresholds, and runs nothing of the model.
"""

import math

import numpy as np
import pytest
from scipy.optimize import brentq

from simulation.parameters import BY_NAME
from simulation.run import Course
from tests.simulation.reductions.setting import largest_gap, set_course


def rigidity_at(x: float, p: dict[str, float], trust: float, infrastructure: float) -> float:
    """Return rigidity when practice rests at x: effort and rigidity each decide the other."""
    joint = (1 - p["shared_failure_demand"]) * x + p["shared_failure_demand"] * trust * x
    demand = p["value_demand"] * (1 + p["failure_ratio"] * (1 - p["failure_demand_reduction"] * joint))
    kept = 1 - p["slip_back_infrastructure"] * infrastructure

    def excess(rigidity: float) -> float:
        lost = p["slip_back"] * (1 + p["slip_back_rigidity"] * rigidity) * kept * x
        effort = lost / p["adoption_rate"]
        pressure = demand / (1 - p["change_cost"] * effort)
        strain = 1 / (1 + math.exp(-(pressure - p["rigidity_onset"]) / p["rigidity_softness"]))
        return p["rigidity_limit"] * strain - rigidity

    return float(brentq(excess, 0, 1, xtol=1e-14))


def net_change(x: float, p: dict[str, float], trust: float, infrastructure: float) -> float:
    """Return the month's change of practice at x with all else at rest."""
    rigidity = rigidity_at(x, p, trust, infrastructure)
    seen = (1 - p["behaviour_coupling"]) * trust * x + p["behaviour_coupling"] * x
    raised = (seen / p["threshold"]) ** p["contagion_steepness"]
    peer = (1 - rigidity) * (p["background_drive"] + p["social_weight"] * raised / (1 + raised))
    drive = min(1.0, trust ** p["relationship_speed"] * peer)
    ceiling = p["ceiling_base"] + (1 - p["ceiling_base"]) * infrastructure
    kept = 1 - p["slip_back_infrastructure"] * infrastructure
    lost = p["slip_back"] * (1 + p["slip_back_rigidity"] * rigidity) * kept * x
    return p["adoption_rate"] * drive * max(ceiling - x, 0.0) - lost


def resting_points(p: dict[str, float], trust: float, infrastructure: float) -> list[float]:
    """Return every practice at which a homogeneous place rests, in order."""
    grid = np.linspace(1e-6, 1, 4_001)
    values = [net_change(x, p, trust, infrastructure) for x in grid]
    signs = np.flatnonzero(np.sign(values[:-1]) != np.sign(values[1:]))
    return [float(brentq(net_change, grid[k], grid[k + 1], args=(p, trust, infrastructure), xtol=1e-14)) for k in signs]


# The model against it

ORGANISATIONS = 12
TRUST, INFRASTRUCTURE = 0.5, 0.3
SETTINGS = {
    "trust_gain": 0, "trust_decay": 0, "breach_floor": 0, "breach_under_rigidity": 0, "own_rewiring": 0,
    "infrastructure_decay": 0, "initial_infrastructure": INFRASTRUCTURE, "initial_partner_trust": 0, "partner_days": 0,
    "demand_growth": 0, "budget_cut": 0, "demand_noise": 0, "place_noise": 0, "restructure_rate": 0,
    "threshold_spread": 0, "behaviour_difficulty": 0, "evidence_on_threshold": 0, "double_loop_learning": 0,
}  # fmt: skip
EQUAL = {name: parameter.default for name, parameter in BY_NAME.items()} | {"value_demand": 0.46, "failure_ratio": 1}
PROTOTYPE = (0.1126, 0.1782, 0.4214)
TOLERANCE = 1e-4


def trapped(practice: float, value_demand: float = 0.46, **settings: float) -> Course:
    """Return a place that begins with this practice everywhere; failure demand is as large as value demand."""
    return set_course(
        ORGANISATIONS, practice=practice, trust=TRUST, detail="months",
        settings={**SETTINGS, "failure_demand_share": 0.5, "initial_pressure": 2 * value_demand, **settings},
    )  # fmt: skip


def rest(course: Course, practice: float) -> None:
    """Let all else come to rest at this practice, worked out apart from the model."""
    p, state = EQUAL, course.state
    rigidity = rigidity_at(practice, p, TRUST, INFRASTRUCTURE)
    joint = practice * (1 - p["shared_failure_demand"] * (1 - TRUST))
    kept = 1 - p["slip_back_infrastructure"] * INFRASTRUCTURE
    lost = p["slip_back"] * (1 + p["slip_back_rigidity"] * rigidity) * kept * practice
    state.failure_demand[:] = 0.46 * (1 - p["failure_demand_reduction"] * joint)
    state.effort[:] = lost / p["adoption_rate"]
    state.felt_pressure[:] = (0.46 + state.failure_demand) / (1 - p["change_cost"] * state.effort)


def end_of(practice: float, value_demand: float, **settings: float) -> float:
    """Return the mean practice in which a place comes to rest."""
    course = trapped(practice, value_demand, **settings)
    series = course.run(3_000).trajectory["practice"]
    assert abs(series[-1] - series[-600]) < 1e-5
    return float(series[-1])


def test_there_are_three_resting_points() -> None:
    assert resting_points(EQUAL, TRUST, INFRASTRUCTURE) == pytest.approx(PROTOTYPE, abs=TOLERANCE)


@pytest.mark.parametrize("root", range(3))
def test_the_model_rests_at_each(root: int) -> None:
    practice = resting_points(EQUAL, TRUST, INFRASTRUCTURE)[root]
    course = trapped(practice)
    rest(course, practice)
    course.run(12)
    assert largest_gap(course.state.practice, practice) < 1e-9


@pytest.mark.parametrize(("practice", "root"), [(0.0, 0), (0.05, 0), (0.1, 0), (0.35, 2), (0.5, 2), (0.8, 2)])
def test_the_outer_two_attract(practice: float, root: int) -> None:
    assert end_of(practice, 0.46) == pytest.approx(PROTOTYPE[root], abs=TOLERANCE)


@pytest.mark.parametrize(("step", "root"), [(-0.002, 0), (0.002, 2)])
def test_the_middle_one_parts_them(step: float, root: int) -> None:
    practice = resting_points(EQUAL, TRUST, INFRASTRUCTURE)[1]
    course = trapped(practice)
    rest(course, practice)
    course.state.practice[:] = practice + step
    course.run(3_000)
    assert course.state.practice.mean() == pytest.approx(PROTOTYPE[root], abs=TOLERANCE)


@pytest.mark.parametrize(
    ("value_demand", "from_low", "from_high"),
    [(0.46, "high", "high"), (0.47, "low", "high"), (0.48, "low", "high"), (0.49, "low", "high"), (0.50, "low", "low")],
)
def test_at_the_default_difficulty_the_trap_lies_at_higher_demand(
    value_demand: float, from_low: str, from_high: str
) -> None:
    difficulty = BY_NAME["behaviour_difficulty"].default
    for practice, where in ((0.02, from_low), (0.7, from_high)):
        found = end_of(practice, value_demand, behaviour_difficulty=difficulty)
        assert (found < 0.12) if where == "low" else (found > 0.3)
