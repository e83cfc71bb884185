"""R7: at frozen practice and trust, failure demand closes 1/tauF of its gap each month.

All else off, and no social example, so that nothing moves but failure demand. It comes to rest at
F* = v0·phi·(1 − eta((1−kappa)x + kappa·T·x)); the gap after t months is (1 − 1/tauF)^t of the first.
"""

import numpy as np
import pytest

from simulation.parameters import BY_NAME
from tests.simulation.reductions.setting import ALL_OFF, largest_gap, set_course

ORGANISATIONS, PRACTICE, TRUST = 12, 0.5, 0.5
MONTHS = np.arange(1, 61)
TOLERANCE = 0.002


@pytest.mark.parametrize("months_to_adjust", [3, 6, 12])
@pytest.mark.parametrize("share", [0.35, 0.5, 0.6])
def test_failure_demand_closes_its_gap(months_to_adjust: float, share: float) -> None:
    course = set_course(
        ORGANISATIONS, practice=PRACTICE, trust=TRUST,
        settings={
            **ALL_OFF, "social_weight": 0, "failure_demand_months": months_to_adjust, "failure_demand_share": share,
        },
    )  # fmt: skip
    value_demand = BY_NAME["initial_pressure"].default * (1 - share)
    shared, cut = BY_NAME["shared_failure_demand"].default, BY_NAME["failure_demand_reduction"].default
    first = value_demand * share / (1 - share)
    resting = first * (1 - cut * ((1 - shared) * PRACTICE + shared * TRUST * PRACTICE))
    found = []
    for _ in MONTHS:
        course.run(1)
        found.append(course.state.failure_demand.copy())
    assert np.all(course.state.practice == PRACTICE)
    gap = (np.array(found) - resting) / (first - resting)
    assert largest_gap(gap, (1 - 1 / months_to_adjust) ** MONTHS[:, None]) < TOLERANCE
