"""Mechanisms of one's own: they run where they say, on what they ask for, and leave all other luck alone."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from simulation.month import MONTH
from simulation.numba_cache import compiled
from simulation.own_mechanism import OF_ITS_OWN, POINTS, Mechanism
from simulation.place import Place
from simulation.run import Course, simulate
from simulation.scenario import ProblemError, Scenario, load_place, load_route
from tests.simulation.contracts import SEED, WAYS_TO_COPY, begun, case, digest, whole
from tests.strategies import scenarios


def nothing(practice: np.ndarray) -> None:
    """Do nothing."""


def tire(learning: np.ndarray, effort: np.ndarray, tiredness: float = 0.2) -> None:
    """Let effort cost learning."""
    learning *= 1 - tiredness * effort


def meet(state: Any, luck: np.random.Generator, notes: dict[str, Any], programme_month: int) -> None:
    """Let chance meetings raise practice for as long as they have not come up thirty times."""
    met = luck.random(len(state.alive)) < 0.05
    notes["met"] = notes.get("met", 0) + int(met.sum())
    if notes["met"] < 30 and programme_month >= 0:
        state.next_practice[met] = np.minimum(1.0, state.next_practice[met] + 0.03)


@compiled
def tire_compiled(learning, effort, alive):  # type: ignore[no-untyped-def]
    """Let effort cost learning."""
    for i in range(learning.shape[0]):
        if alive[i]:
            learning[i] *= 1 - 0.2 * effort[i]


@dataclass(frozen=True)
class Tiring:
    """Let effort cost learning, by a number of one's own."""

    rate: float

    def __call__(self, learning: np.ndarray, effort: np.ndarray) -> None:
        tire(learning, effort, self.rate)


TIRE = Mechanism(tire, after="update_learning")
MEET = Mechanism(meet, after="update_practice")


def own(scenario: Scenario, *mechanisms: Mechanism, explain: bool = True) -> Course:
    return Course(scenario, SEED, detail="full", explain=explain, mechanisms=mechanisms)


# The month stays what it is


EVERYWHERE = tuple(
    Mechanism(nothing, **{side: point}, name=f"{side} {point}") for side in ("before", "after") for point in POINTS
)


@pytest.mark.parametrize(
    "name", ["route opportunistic", "structure update asynchronous", "structure burn_in held", "lean"]
)
def test_what_does_nothing_anywhere_leaves_every_bit(name: str) -> None:
    assert digest(own(case(name), *EVERYWHERE).run()) == whole(name)


@settings(max_examples=20, suppress_health_check=[HealthCheck.differing_executors])
@given(scenario=scenarios())
def test_what_does_nothing_leaves_every_bit_of_any_scenario(scenario: Scenario) -> None:
    assert digest(own(scenario, EVERYWHERE[0]).run()) == digest(begun(scenario).course.run())


def test_points_are_the_mechanisms_of_the_month_in_their_order() -> None:
    assert list(POINTS) == [mechanism.py_func.__name__ for mechanism in MONTH]


def test_it_runs_where_it_says_in_the_order_given() -> None:
    """Before a mechanism it sees what was, after it what that mechanism made of it."""
    seen: list[tuple[str, float]] = []

    def look(name: str) -> Callable[..., None]:
        return lambda next_learning, learning: seen.append((name, next_learning.sum()))

    course = own(
        case("route blended"),
        Mechanism(look("after"), after="update_learning", name="a"),
        Mechanism(look("before"), before="update_learning", name="b"),
        Mechanism(look("later"), after="update_learning", name="c"),
    ).run(20)
    seen.clear()
    course.run(1)
    assert [name for name, _ in seen] == ["before", "after", "later"]
    assert seen[0][1] != seen[1][1] == seen[2][1] == course.state.learning.sum()


# What it asks for


def test_it_is_given_what_its_arguments_are_called() -> None:
    asked: dict[str, Any] = {}

    def ask(
        state, numbers, luck, notes, practice, trust_gain, influence, phase_shares, month, programme_month,
        demand_luck, place_luck, budget_left, days, own_number=7,
    ):  # type: ignore[no-untyped-def]  # fmt: skip
        asked.update(locals())

    scenario = case("route blended")
    course = own(scenario, Mechanism(ask, before="update_windows")).run(5)
    ahead = Course(scenario, SEED).luck.draw(5)
    assert asked["practice"] is course.state.practice is asked["state"].practice
    assert asked["numbers"] is course.numbers
    assert asked["trust_gain"] == course.numbers.trust_gain
    assert asked["phase_shares"] is course.plan.phase_shares
    assert (asked["month"], asked["programme_month"]) == (4, 4 - course.burn_in)
    assert asked["demand_luck"].tobytes() == ahead.demand[4].tobytes()
    assert asked["place_luck"] == ahead.place[4]
    assert asked["budget_left"].tobytes() == course.conditions.budget_left[4].tobytes()
    assert asked["days"] == course.conditions.days[4]
    assert asked["own_number"] == 7


@pytest.mark.parametrize(
    "mechanism",
    [
        Mechanism(tire_compiled, after="update_learning"),
        Mechanism(Tiring(0.2), after="update_learning"),
        Mechanism(lambda state: tire(state.learning, state.effort), after="update_learning"),
    ],
    ids=["compiled", "an instance", "the whole state"],
)
def test_however_it_is_written_it_gives_the_same_bits(mechanism: Mechanism) -> None:
    expected = digest(own(case("route blended"), TIRE).run())
    assert digest(own(case("route blended"), mechanism).run()) == expected != whole("route blended")


@pytest.mark.parametrize(
    ("made", "message"),
    [
        (lambda: Mechanism(nothing, after="update_learnin"), "'update_learnin' is not the one point"),
        (lambda: Mechanism(nothing), "'nothing' is not the one point"),
        (lambda: Mechanism(nothing, after="update_trust", before="update_trust"), "is not the one point"),
        (lambda: Mechanism(lambda practise: None, after="update_trust"), "did you mean 'practice'"),
        (lambda: own(case("lean"), TIRE, TIRE), "'tire' is the name of two mechanisms"),
    ],
)
def test_what_can_not_be_run_is_refused_in_words(made: Callable[[], Any], message: str) -> None:
    with pytest.raises(ProblemError, match=message):
        made()
    assert "notes" in OF_ITS_OWN


# Luck, notes and copies


def test_its_luck_is_its_own() -> None:
    """Drawing leaves all other luck as it is, and another mechanism beside it changes none of its draws."""
    draws: dict[str, list[float]] = {"one": [], "two": []}

    def draw(name: str) -> Mechanism:
        return Mechanism(lambda luck: draws[name].append(luck.random()), after="update_trust", name=name)

    alone = digest(own(case("route blended"), draw("one")).run())
    both = digest(own(case("route blended"), draw("two"), draw("one")).run())
    assert alone == both == whole("route blended")
    months = len(draws["two"])
    assert draws["one"][:months] == draws["one"][months:]
    assert not set(draws["one"]) & set(draws["two"])
    Course(case("route blended"), SEED + 1, mechanisms=[draw("one")]).run()
    assert draws["one"][:months] != draws["one"][-months:]


def test_steps_and_copies_continue_to_the_same_bits() -> None:
    expected = digest(own(case("route blended"), MEET, TIRE).run())
    place = Place(case("route blended"), SEED, detail="full", explain=True, mechanisms=[MEET, TIRE])
    for month in range(place.course.last_month):
        if month % 10 == 5:
            for way, copied in WAYS_TO_COPY.items():
                other = copied(place)
                other.run()
                assert digest(other.course) == expected, (way, month)
        place.step()
    assert digest(place.course) == expected
    assert place.course.kits["meet"].notes["met"] > 30


def test_a_fork_takes_mechanisms_to_another_scenario() -> None:
    place = Place(case("route blended"), SEED, mechanisms=[TIRE])
    place.run(20)
    forked = place.fork(case("route blended").changed(settings={"adoption_rate": 0.2}))
    forked.run()
    place.run()
    assert digest(forked.course) != digest(place.course)
    assert forked.course.mechanisms == place.course.mechanisms == (TIRE,)


# Its part in what is explained


@pytest.mark.parametrize("point", ["before update_practice", "after update_practice", "after turn_month"])
def test_what_it_does_to_practice_is_a_part_of_the_change(point: str) -> None:
    def shift(state, programme_month):  # type: ignore[no-untyped-def]
        if programme_month == 7:
            array = state.next_practice if point == "after update_practice" else state.practice
            array[2] += 0.01

    course = own(case("route blended"), Mechanism(shift, **dict([point.split()]))).run()
    before = course.trajectory.practice[:-1]
    parts = course.trajectory.record.causes[1:].sum(axis=1)
    np.testing.assert_allclose(parts, course.trajectory.practice[1:] - before, rtol=0, atol=1e-15)
    events = course.trajectory.causes["events"]
    assert np.flatnonzero(events.any(axis=(1, 2))).tolist() == [course.burn_in + 7]
    np.testing.assert_allclose(events[course.burn_in + 7, 2], 0.01, rtol=0, atol=1e-15)


def test_simulate_and_a_place_take_them() -> None:
    scenario = Scenario(place=load_place("gateshead"), route=load_route("blended"), months=24)
    trajectory = simulate(scenario, SEED, mechanisms=[TIRE])
    place = Place(scenario, SEED, mechanisms=[TIRE])
    place.run()
    assert trajectory["learning"].tobytes() == place.trajectory["learning"].tobytes()
    assert trajectory["learning"][-1] < simulate(scenario, SEED)["learning"][-1]
