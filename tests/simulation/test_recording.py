"""What is recorded of a month is what its arrays say: means over those who are there."""

import numpy as np
from hypothesis import given, settings

from simulation.course import Course
from simulation.record import BY_ORGANISATION, SERIES
from simulation.scenario import Scenario
from simulation.state import State
from simulation.vocabulary import BEHAVIOURS, GROUPS
from tests.strategies import scenarios


def mean(values: np.ndarray) -> float:
    return float(values.mean()) if values.size else 0.0


def expected_series(state: State) -> dict[str, float]:
    """Return every series of a month from its state; an empty place shows noughts."""
    there, ties = state.alive, state.tie_alive
    practice = state.practice[there]
    by_group = {group: mean(practice[:, [b.group == group for b in BEHAVIOURS]]) for group in GROUPS}
    own = practice.mean(axis=1) if len(practice) else np.zeros(0)
    means = (
        "partner_trust", "pressure", "felt_pressure", "rigidity", "value_demand", "evidence", "learning", "effort",
        "energy", "capped", "unmet_need",
    )  # fmt: skip
    return {
        **{name: mean(getattr(state, name)[there]) for name in means},
        **by_group,
        "practice": mean(own),
        "reach": mean(own > 0.3),
        "gained": mean(own - state.practice_at_start[there] >= 0.1),
        "failure_demand_share": mean(state.failure_share[there]),
        "trust": mean(state.trust[ties]),
        "breaches": mean(state.breached[ties]),
        "infrastructure": mean(state.infrastructure),
        "strategic_window": float(state.strategic_window[0]),
        "lost_demand": float(state.lost_demand[0]),
        "living": float(there.sum()),
    }


@settings(max_examples=25)
@given(scenario=scenarios(wild=False))
def test_a_months_row_is_the_means_of_its_arrays(scenario: Scenario) -> None:
    course = Course(scenario, 5, detail="full")
    for month in range(course.last_month):
        course.run(1)
        record, state = course.record, course.state
        expected = expected_series(state)
        assert set(expected) == set(SERIES)
        for name, value in zip(SERIES, record.series[month], strict=True):
            assert abs(value - expected[name]) <= 1e-12 * max(1, abs(value)), name
        np.testing.assert_allclose(
            record.behaviours[month],
            state.practice[state.alive].mean(axis=0) if state.alive.any() else 0,
            rtol=0,
            atol=1e-13,
        )
        np.testing.assert_array_equal(record.elements[month], state.infrastructure)
        np.testing.assert_array_equal(record.practice[month], state.practice)
        np.testing.assert_array_equal(record.trust[month], state.trust)
        for name, values in zip(BY_ORGANISATION, record.by_organisation[month], strict=True):
            if name == "practice":
                np.testing.assert_allclose(values, state.practice.mean(axis=1), rtol=0, atol=1e-15)
            else:
                field = "failure_share" if name == "failure_demand_share" else name
                np.testing.assert_array_equal(values, getattr(state, field), err_msg=name)


def test_detail_decides_what_is_kept() -> None:
    scenario = Scenario(months=5)
    rows = {
        detail: [len(array) for array in Course(scenario, 1, detail=detail).run().trajectory.record]
        for detail in ("months", "organisations", "full")
    }
    assert rows == {
        "months": [17, 17, 17, 0, 0, 0, 0],
        "organisations": [17, 17, 17, 17, 0, 0, 0],
        "full": [17, 17, 17, 17, 17, 17, 0],
    }


def test_a_trajectory_has_the_months_that_were_run() -> None:
    course = Course(Scenario(months=9), 1)
    assert len(course.trajectory["practice"]) == 0
    shown = course.run(15).trajectory
    assert len(shown["practice"]) == 15
    assert shown.months == 3
    assert np.isfinite(shown["practice"]).all()
    assert shown.at("practice", 3) == shown["practice"][-1]
    assert shown.at("practice", 0) == shown["practice"][11]
