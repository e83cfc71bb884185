"""What is recorded of a month is what its arrays say: means over those who are there."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

from simulation.outcomes import SERIES
from simulation.recorder import AT, BY_ORGANISATION
from simulation.recorder import gini as recorded_gini
from simulation.run import Course, outcomes
from simulation.scenario import ProblemError, Scenario, Structure, load_route
from simulation.scenario.events import FunderExit
from simulation.state import State
from simulation.vocabulary import BEHAVIOURS, GROUPS
from tests.strategies import scenarios


def mean(values: np.ndarray) -> float:
    return float(values.mean()) if values.size else 0.0


def gini(values: np.ndarray) -> float:
    """Return the mean difference over all pairs over twice the mean; 0 where nobody has any."""
    return float(np.abs(values[:, None] - values).mean() / (2 * values.mean())) if values.any() else 0.0


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
        "inequality": gini(own),
        "lost": mean(own < state.practice_at_start[there] - 1e-9),
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


SPREADS = {
    "all alike": np.full(30, 0.2), "nobody": np.zeros(30), "one holds all": np.eye(1, 30)[0], "one": np.ones(1) / 3,
    "two": np.array([0.0, 0.4]), "ties": np.repeat([0.1, 0.3, 0.3, 0.9], 50), "even": np.linspace(0, 1, 200),
    "crowded": np.concatenate([np.linspace(0.2, 0.2 + 1e-9, 500), [1.0]]), "tiny": np.array([5e-324, 1e-300, 0.0]),
    "skewed": np.random.default_rng(1).lognormal(-4, 1.5, 400).clip(0, 1),
    "drawn": np.random.default_rng(2).beta(2, 6, 401),
}  # fmt: skip


@pytest.mark.parametrize("name", SPREADS)
def test_inequality_is_the_gini_coefficient_of_those_who_are_there(name: str) -> None:
    """Whatever the order they stand in, and whatever the others practise."""
    values = np.random.default_rng(3).permutation(SPREADS[name])
    alive = np.arange(len(values) + 5) >= 5
    practice = np.concatenate([np.ones(5), values])[:, None] * np.ones(9)
    found = recorded_gini(practice, alive, len(values))
    assert found == pytest.approx(gini(values), abs=1e-12)
    if name == "one holds all":
        assert found == pytest.approx(1 - 1 / 30)


def test_nobody_has_lost_practice_at_month_0() -> None:
    for burn_in in ("held", "free"):
        structure = Structure(burn_in=burn_in)
        course = Course(Scenario(route=load_route("prototype-led"), structure=structure), 1).run()
        lost = course.trajectory["lost"]
        assert (lost[: course.burn_in] == 0).all()
        assert course.record.series[-1, AT.lost] == lost[-1]


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


@pytest.mark.parametrize("burn_in", [0, 12])
def test_what_is_not_recorded_is_refused_in_words(burn_in: int) -> None:
    """Never another month's value, as negative positions would give, and never a bare index error."""
    course = Course(Scenario(months=9, structure=Structure(burn_in_months=burn_in)), 1)
    for at in (lambda month: course.trajectory.at("practice", month), lambda month: outcomes(course.trajectory, month)):
        with pytest.raises(ProblemError, match="no month has been run"):
            at(1)
    trajectory = course.run().trajectory
    first = 0 if burn_in else 1
    for month in (first - 1, -20, 10, 10**9, 2.5, float("nan"), None, "3"):
        with pytest.raises(ProblemError, match=f"{first} to 9") as refused:
            trajectory.at("practice", month)  # type: ignore[arg-type]
        assert repr(month).strip("'") in str(refused.value)
    for month in range(first, 10):
        row = len(trajectory["practice"]) - 10 + month
        assert trajectory.at("practice", np.int64(month)) == trajectory["practice"][row]
        assert outcomes(trajectory, month)["practice"] == trajectory["practice"][row]


@pytest.mark.parametrize("name", ["practise", "Trust", "", None])
def test_a_series_that_there_is_not_is_refused_with_the_nearest(name: Any) -> None:
    trajectory = Course(Scenario(months=2), 1).run().trajectory
    for ask in (lambda: trajectory[name], lambda: trajectory.at(name, 1)):
        with pytest.raises(ProblemError, match="practice, perspective") as refused:
            ask()
        assert refused.value.problems[0].nearest == {"practise": "practice", "Trust": "trust"}.get(name, "")


def test_what_is_kept_after_an_exit_before_the_first_recorded_month_is_not_measured() -> None:
    """Without a burn-in, a partner that never comes in has no practice at its exit to measure from."""
    leaving = Scenario(
        months=30,
        structure=Structure(burn_in_months=0),
        route=load_route("prototype-led"),
        events=(FunderExit(month=0),),
    )
    assert np.isnan(outcomes(Course(leaving, 1).run().trajectory)["kept_after_exit"])
