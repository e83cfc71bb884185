"""R6: trust alone relaxes to where gain meets decay, and breach after breach takes it away, as closed forms say.

All else off and no practice. With contact at its base, q = gT·c0: T(t) = q/(q+dT) + (T(0) − q/(q+dT))(1−q−dT)^t. With a
certain breach and neither gain nor decay: T(t) = T(0)(1−gB)^t.
"""

import numpy as np
import pytest

from simulation.parameters import BY_NAME
from simulation.scenario.place import Network
from tests.simulation.reductions.setting import ALL_OFF, largest_gap, set_course

NETWORK = Network(kind="small-world", neighbours=4)
ORGANISATIONS, FIRST = 15, 0.3
MONTHS = np.arange(1, 241)


def trust_path(**settings: float) -> np.ndarray:
    """Return trust in every relationship, (months, L)."""
    course = set_course(ORGANISATIONS, NETWORK, trust=FIRST, settings={**ALL_OFF, **settings})
    course.run(len(MONTHS))
    assert course.state.practice.max() == 0
    return course.trajectory.trust


@pytest.mark.parametrize(("gain", "decay"), [(0.07, 0.012), (0.04, 0.025), (0.12, 0.0), (0.0, 0.012)])
def test_trust_relaxes_to_where_gain_meets_decay(gain: float, decay: float) -> None:
    rate = gain * BY_NAME["contact_base"].default
    resting = rate / (rate + decay)
    expected = resting + (FIRST - resting) * (1 - rate - decay) ** MONTHS
    found = trust_path(trust_gain=gain, trust_decay=decay, contact_from_practice=0)
    assert largest_gap(found, expected[:, None]) < 1e-12


def test_certain_breaches_take_trust_away() -> None:
    loss = BY_NAME["breach_loss"].default
    found = trust_path(breach_floor=1)
    assert largest_gap(found, FIRST * (1 - loss) ** MONTHS[:, None]) < 1e-12
