"""R5: on a complete graph the agents follow the whole model's mean field, written as differential equations.

No noise, growth, restructures, breaches or partner; thresholds are equal, all else is at its defaults. Every state that
lies in 0-1 is held to the tolerance on the path. Felt pressure, demand over capacity, is held to it at the end: in the
first months from the high start, where it falls fast, the model's whole months put it .023 off.
"""

import numpy as np
import pytest

from simulation.parameters import BY_NAME
from tests.simulation.reductions.mean_field import solve
from tests.simulation.reductions.setting import largest_gap, set_course

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
