"""R6 to R8: what relaxes, and where it comes to rest, as closed forms say. All else off.

R6, trust: with contact at its base and no practice, q = gT·c0: T(t) = q/(q+dT) + (T(0) − q/(q+dT))(1−q−dT)^t. With a
certain breach and neither gain nor decay: T(t) = T(0)(1−gB)^t.

R7, failure demand at frozen practice and trust closes 1/tauF of its gap each month and comes to rest at
F* = v0·phi·(1 − eta((1−kappa)x + kappa·T·x)); the gap after t months is (1 − 1/tauF)^t of the first.

R8, windows are open for their long-run share of months, opens/(opens + closes), from the first month on.
"""

import numpy as np
import pytest

from simulation.parameters import BY_NAME
from simulation.scenario.place import Network
from tests.simulation.reductions.setting import ALL_OFF, largest_gap, set_course

SMALL_WORLD = Network(kind="small-world", neighbours=4)
NOBODY = Network(kind="none", council_ties=0, join_isolated=False)
FIRST_TRUST = 0.3
PRACTICE, TRUST = 0.5, 0.5
OF_FAILURE_DEMAND, OF_SHARES = 0.002, 0.01
"""Tolerances."""


def default(name: str) -> float:
    return BY_NAME[name].default


# Trust


def gap_of_trust(expected: np.ndarray, **settings: float) -> float:
    """Return the largest gap between trust in every relationship and a path, (months,)."""
    course = set_course(15, SMALL_WORLD, trust=FIRST_TRUST, settings={**ALL_OFF, **settings}).run(len(expected))
    assert course.state.practice.max() == 0
    return largest_gap(course.trajectory.trust, expected[:, None])


@pytest.mark.parametrize(("gain", "decay"), [(0.07, 0.012), (0.04, 0.025), (0.12, 0.0), (0.0, 0.012)])
def test_trust_relaxes_to_where_gain_meets_decay(gain: float, decay: float) -> None:
    rate = gain * default("contact_base")
    resting = rate / (rate + decay)
    expected = resting + (FIRST_TRUST - resting) * (1 - rate - decay) ** np.arange(1, 241)
    assert gap_of_trust(expected, trust_gain=gain, trust_decay=decay, contact_from_practice=0) < 1e-12


def test_certain_breaches_take_trust_away() -> None:
    expected = FIRST_TRUST * (1 - default("breach_loss")) ** np.arange(1, 241)
    assert gap_of_trust(expected, breach_floor=1) < 1e-12


# Failure demand


@pytest.mark.parametrize("months_to_adjust", [3, 6, 12])
@pytest.mark.parametrize("share", [0.35, 0.5, 0.6])
def test_failure_demand_closes_its_gap(months_to_adjust: float, share: float) -> None:
    """Without social example nothing moves but failure demand."""
    numbers = {"social_weight": 0, "failure_demand_months": months_to_adjust, "failure_demand_share": share}
    course = set_course(12, practice=PRACTICE, trust=TRUST, settings={**ALL_OFF, **numbers})
    shared, cut = default("shared_failure_demand"), default("failure_demand_reduction")
    first = default("initial_pressure") * share
    resting = first * (1 - cut * ((1 - shared) * PRACTICE + shared * TRUST * PRACTICE))
    found = np.array([course.run(1).state.failure_demand.copy() for _ in range(60)])
    assert np.all(course.state.practice == PRACTICE)
    expected = (1 - 1 / months_to_adjust) ** np.arange(1, 61)
    assert largest_gap((found - resting) / (first - resting), expected[:, None]) < OF_FAILURE_DEMAND


# Windows


@pytest.mark.parametrize(
    ("organisations", "months", "opens", "closes"),
    [
        (2_000, 300, default("energy_opens"), default("energy_closes")),
        (2_000, 300, 0.08, 0.06),
        (40_000, 1, default("energy_opens"), default("energy_closes")),
    ],
)
def test_windows_of_energy(organisations: int, months: int, opens: float, closes: float) -> None:
    numbers = {"energy_opens": opens, "energy_closes": closes}
    course = set_course(organisations, NOBODY, detail="months", months=months, settings=numbers).run()
    assert abs(course.trajectory["energy"].mean() - opens / (opens + closes)) < OF_SHARES


def test_the_strategic_window() -> None:
    courses = [set_course(1, NOBODY, seed=seed, detail="months").run(20_000) for seed in range(10)]
    found = np.mean([course.trajectory["strategic_window"].mean() for course in courses])
    opens, closes = default("strategic_opens"), default("strategic_closes")
    assert abs(found - opens / (opens + closes)) < OF_SHARES
