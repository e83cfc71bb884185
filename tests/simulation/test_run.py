"""Each month's change of practice is split by cause: the parts add up, and each is what its cause did."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

from simulation.place import Place
from simulation.run import Course
from simulation.scenario import Phase, PlaceFile, Route, Scenario, Shares, Structure, load_place, load_route
from simulation.scenario.events import ChampionLeaves, Merger
from simulation.scenario.place import Generated, Network
from simulation.state import CAUSES
from tests.plain.model import MAP
from tests.simulation.contracts import SEED
from tests.strategies import scenarios

CLOSE = 4 * math.ulp(1.0)
DRIVES = {
    "background": {"background_drive": 0.0},
    "social": {"social_weight": 0.0},
    "talk": {"talk_effect": 0.0},
    "vision": {"vision_effect": 0.0},
    "prototype": {"prototype_effect": 0.0},
}
"""What switches each cause of the drive off in the month itself."""
NO_CEILING = {"ceiling_base": 1.0}
PERSPECTIVE = slice(0, 3)


def course_of(scenario: Scenario, *, explain: bool = True, detail: str = "full") -> Course:
    return Course(scenario, SEED, detail=detail, explain=explain)


def lively(**options: Any) -> Scenario:
    """Return a place where every cause acts and no drive meets its limit."""
    shares = Shares(help=0.1, convene=0.2, prototype=0.2, vision=0.2, reflect=0.2, rewire=0.1)
    route = Route(open_talk="from-month", phases=(Phase(months=30, shares=shares),))
    place = PlaceFile(generated=Generated(organisations=10, network=Network(neighbours=4), practice_high=0.6))
    quiet = {"prototype_effect": 0.2, "social_weight": 0.3, "talk_effect": 0.4, "vision_effect": 0.2}
    given = {**quiet, "initial_trust": 0.5, "initial_infrastructure": 0.2, **options.pop("settings", {})}
    return Scenario(place=place, route=route, months=30, settings=given, **options)


def largest_gap(course: Course, before: np.ndarray) -> float:
    """Return by how much the parts miss the change of practice, at most; parts are added without rounding."""
    practice, causes = course.trajectory.practice, course.trajectory.record.causes
    change = practice - np.concatenate([before[None], practice[:-1]])
    totals = [math.fsum(parts) for parts in np.moveaxis(causes, 1, -1).reshape(-1, len(CAUSES))]
    return float(np.abs(np.array(totals) - change.ravel()).max(initial=0))


# The parts add up


@settings(max_examples=40)
@given(scenario=scenarios())
def test_parts_add_up_to_the_change(scenario: Scenario) -> None:
    """Whatever the numbers, choices and events; for those that have closed, and in a held burn-in, both are nothing."""
    course = course_of(scenario)
    before = course.state.practice.copy()
    assert largest_gap(course.run(), before) <= CLOSE


@pytest.mark.parametrize("place", ["barking-and-dagenham", "gateshead"])
@pytest.mark.parametrize("route", ["prototype-led", "opportunistic", "none"])
def test_parts_add_up_in_the_places(place: str, route: str) -> None:
    course = course_of(Scenario(place=load_place(place), route=load_route(route), months=60))
    before = course.state.practice.copy()
    assert largest_gap(course.run(), before) <= CLOSE
    assert np.abs(course.trajectory.causes["slip_back"]).max() > 1e-4


def test_the_last_month_is_explained_without_a_full_record() -> None:
    place = Place(lively(), SEED, explain=True)
    place.run(20)
    before = place.state.practice.copy()
    place.step()
    np.testing.assert_allclose(place.state.causes.sum(axis=0), place.state.practice - before, rtol=0, atol=CLOSE)
    assert not len(place.trajectory.record.causes)


@settings(max_examples=25)
@given(scenario=scenarios())
def test_explaining_changes_no_bit(scenario: Scenario) -> None:
    plain, explained = course_of(scenario, explain=False).run(), course_of(scenario).run()
    for name, array in plain.state._asdict().items():
        if name != "causes":
            assert array.tobytes() == getattr(explained.state, name).tobytes(), name
    for name in ("series", "practice", "trust", "by_organisation"):
        assert getattr(plain.record, name).tobytes() == getattr(explained.record, name).tobytes(), name


# Each part is what its cause did


def next_practice(course: Course, **more: float) -> np.ndarray:
    """Return practice after one more month from the same state, with some numbers changed."""
    scenario = course.scenario
    return course.fork(scenario.changed(settings={**scenario.settings, **more})).run(1).state.practice


CHOICES = [
    Structure(),
    Structure(speed_limit="maturity"),
    Structure(speed_limit="local", influence="linear"),
    Structure(influence="threshold", convening="assembly"),
]


@pytest.mark.parametrize("structure", CHOICES, ids=str)
@pytest.mark.parametrize("month", [13, 25])
def test_without_a_ceiling_a_cause_switched_off_takes_its_part(structure: Structure, month: int) -> None:
    course = course_of(lively(structure=structure, settings=NO_CEILING)).run(month)
    full = course.fork().run(1)
    assert not full.state.capped.any()
    for cause, off in DRIVES.items():
        part = full.state.causes[CAUSES.index(cause)]
        where = PERSPECTIVE if cause == "vision" else slice(None)
        assert (part[:, where] > 1e-7).any(axis=0).all(), cause
        gap = full.state.practice - next_practice(course, **off) - part
        assert np.abs(gap).max() <= CLOSE, cause
    assert not full.state.causes[CAUSES.index("ceiling")].any()


@pytest.mark.parametrize("structure", CHOICES, ids=str)
def test_under_a_ceiling_a_cause_takes_its_part_and_what_the_ceiling_held_of_it(structure: Structure) -> None:
    course = course_of(lively(structure=structure)).run(20)
    full = course.fork().run(1)
    assert not full.state.capped.any()
    ceiling = CAUSES.index("ceiling")
    for cause, off in DRIVES.items():
        scenario = course.scenario
        other = course.fork(scenario.changed(settings={**scenario.settings, **off})).run(1)
        assert not other.state.causes[CAUSES.index(cause)].any(), cause
        held = full.state.causes[ceiling] - other.state.causes[ceiling]
        gap = full.state.practice - other.state.practice - full.state.causes[CAUSES.index(cause)] - held
        assert np.abs(gap).max() <= CLOSE, cause
    assert (full.state.causes[ceiling] < 0).all()


@pytest.mark.parametrize(("cause", "off"), [("ceiling", NO_CEILING), ("slip_back", {"slip_back": 0.0})])
def test_the_ceiling_and_slip_back_switched_off(cause: str, off: dict[str, float]) -> None:
    course = course_of(lively()).run(20)
    full = course.fork().run(1)
    part = full.state.causes[CAUSES.index(cause)]
    assert (part < 0).all()
    assert np.abs(full.state.practice - next_practice(course, **off) - part).max() <= CLOSE


def test_at_the_limit_of_the_drive_the_parts_share_it() -> None:
    """Where all drives together pass 1 they are scaled down alike: together they are the rate times what is left."""
    course = course_of(lively(settings={"prototype_effect": 20.0, "vision_effect": 20.0, **NO_CEILING})).run(20)
    before = course.state.practice.copy()
    full = course.run(1)
    drives = full.state.causes[: CAUSES.index("ceiling")].sum(axis=0)
    capped = full.state.capped == 1
    assert capped.any()
    rate = full.numbers.adoption_rate
    np.testing.assert_allclose(drives[capped], rate * (1 - before[capped]), rtol=0, atol=CLOSE)


def test_degroot_is_all_example() -> None:
    course = course_of(lively(structure=Structure(influence="degroot"))).run()
    causes = course.trajectory.causes
    assert np.abs(causes["social"]).max() > 1e-3
    assert not any(causes[name].any() for name in CAUSES if name != "social")


# Events, and the burn-in


def test_events_are_a_part_of_their_own() -> None:
    """A champion leaves two organisations in month 9: in that month alone, and nowhere else, there is such a part."""
    who = ("organisation-3", "organisation-4")
    scenario = lively(events=(ChampionLeaves(month=9, organisations=who),))
    course = course_of(scenario).run(12 + 9)
    before, support = course.state.practice.copy(), MAP @ course.state.infrastructure
    course.run()
    parts = course.trajectory.causes["events"]
    held = 1 - course.numbers.slip_back_infrastructure * support
    np.testing.assert_allclose(parts[21, 3:5], -0.25 * held * before[3:5], rtol=0, atol=1e-15)
    others = parts.copy()
    others[21, 3:5] = 0
    assert not others.any()


def test_a_merger_is_a_part_of_its_own_in_the_organisation_that_stays() -> None:
    scenario = lively(events=(Merger(month=4, organisation="organisation-5", into="organisation-2"),))
    course = course_of(scenario).run(16)
    x, size = course.state.practice.copy(), course.state.size.copy()
    course.run()
    weight = size[5] / (size[2] + size[5])
    parts = course.trajectory.causes["events"]
    np.testing.assert_allclose(parts[16, 2], weight * (x[5] - x[2]), rtol=0, atol=1e-15)
    assert not course.trajectory.record.causes[16:, :, 5].any()


def test_a_held_burn_in_has_no_parts() -> None:
    course = course_of(Scenario(place=load_place("gateshead"), route=load_route("blended"), months=12))
    before = course.state.practice.copy()
    course.run()
    assert not course.trajectory.record.causes[:12].any()
    assert (course.trajectory.practice[:12] == before).all()
    assert course.trajectory.record.causes[12].any()
    free = course_of(lively()).run(12)
    assert free.trajectory.record.causes[:12].any()
