"""What every route, structural choice and switch must keep to; test_contracts.py lists who inherits it.

Run as a program it prints the hash of every case, for comparison with another process.
"""

import copy
import hashlib
import json
import pickle
from collections.abc import Callable
from functools import cache

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simulation.ablations import WITHOUT
from simulation.initial import begin
from simulation.place import Place
from simulation.run import Course
from simulation.scenario import PlaceFile, Route, Scenario, Structure, available, load_route
from simulation.scenario.place import Generated, Network
from simulation.scenario.structure import BURN_INS, CONVENINGS, INFLUENCES, NOISES, RATIONINGS, SPEED_LIMITS, UPDATES

SEED = 7
MONTHS = 36
PARTNERS_OWN = ("partner_memory", "on_site", "site_score", "site_allowed", "open_share")
"""Arrays in which a partner without days differs from none: where it would work, not what it does."""

ROUTES = tuple(ready.name for ready in available("routes"))
STRUCTURES = {
    f"{name} {option}": Structure(**{name: option})
    for name, options in (
        ("influence", INFLUENCES),
        ("speed_limit", SPEED_LIMITS),
        ("convening", CONVENINGS),
        ("update", UPDATES),
        ("noise", NOISES),
        ("rationing", RATIONINGS),
        ("burn_in", BURN_INS),
    )
    for option in options
}
LIVELY = {"budget_cut": 0.03, "initial_trust": 0.55, "initial_infrastructure": 0.3}
"""Numbers under which every mechanism has something to do."""
EARLY = Route(**{**load_route("prototype-led").model_dump(), "open_talk": "from-month", "open_from": 0})
"""A route that talks of behaviours from the first day, so that talk does good and harm."""


def case(name: str) -> Scenario:
    """Return a case's scenario: "route ...", "structure ...", "without ..." or "lean"."""
    kind, _, what = name.partition(" ")
    place = PlaceFile(generated=Generated(organisations=12, network=Network(neighbours=4), practice_high=0.5))
    scenario = Scenario(place=place, route=_shortened(load_route("prototype-led")), months=MONTHS, settings=LIVELY)
    if kind == "route":
        return scenario.changed(route=_shortened(load_route(what)))
    if kind == "structure":
        return scenario.changed(structure=STRUCTURES[what])
    if kind == "without":
        settings = {key: value for key, value in LIVELY.items() if key not in WITHOUT[what].parameters}
        return scenario.changed(route=_shortened(EARLY), parameters=LIVELY, settings=settings, without=(what,))
    return scenario.changed(profile="lean")


def _shortened(route: Route) -> Route:
    """Return a route whose phases last a third as long, so that a short run sees them all end."""
    phases = tuple(phase.model_copy(update={"months": max(1, phase.months // 3)}) for phase in route.phases)
    return route.model_copy(update={"phases": phases})


CASES = (
    *(f"route {name}" for name in ROUTES),
    *(f"structure {name}" for name in STRUCTURES),
    *(f"without {name}" for name in WITHOUT),
    "lean",
)


def digest(course: Course) -> str:
    """Return a hash of all that a course holds: every array of its state and of its record, and its month."""
    found = hashlib.sha256(str(course.month).encode())
    for arrays in (course.state, course.record):
        for name, array in arrays._asdict().items():
            found.update(f"{name} {array.dtype} {array.shape}".encode())
            found.update(np.ascontiguousarray(array).tobytes())
    return found.hexdigest()


def begun(scenario: Scenario, seed: int = SEED) -> Place:
    """Return a place at its first month that records and explains everything."""
    return Place(scenario, seed, detail="full", explain=True)


@cache
def whole(name: str) -> str:
    """Return the hash of a case run to its end in one go."""
    place = begun(case(name))
    place.run()
    return digest(place.course)


def same_states(one: Course, two: Course, *, apart_from: tuple[str, ...] = ()) -> list[str]:
    """Return the arrays of the state in which two courses differ in any bit."""
    return [
        name
        for name in one.state._fields
        if name not in apart_from and getattr(one.state, name).tobytes() != getattr(two.state, name).tobytes()
    ]


WAYS_TO_COPY: dict[str, Callable[[Place], Place]] = {
    "copy.copy": copy.copy,
    "copy.deepcopy": copy.deepcopy,
    "pickle": lambda place: pickle.loads(pickle.dumps(place)),
    "fork": Place.fork,
    "save": lambda place: Place.of(place.save()),
    "save and pickle": lambda place: Place.of(pickle.loads(pickle.dumps(place.save()))),
}


class Contract:
    """What a case, by `name`, must keep to. A subclass says which cases: `@pytest.mark.parametrize("name", ...)`."""

    def test_same_seed_same_bits(self, name: str) -> None:
        again, other = begun(case(name)), begun(case(name), SEED + 1)
        again.run()
        other.run()
        assert digest(again.course) == whole(name)
        assert digest(other.course) != whole(name)

    @pytest.mark.process
    def test_same_bits_in_another_process(self, name: str, elsewhere: dict[str, str]) -> None:
        assert elsewhere[name] == whole(name)

    def test_stepping_is_running(self, name: str) -> None:
        place = begun(case(name))
        for _ in range(place.course.last_month):
            place.step()
        assert digest(place.course) == whole(name)

    @settings(max_examples=3, suppress_health_check=[HealthCheck.differing_executors])
    @given(month=st.integers(0, 12 + MONTHS))
    def test_copies_continue_to_the_same_bits(self, name: str, month: int) -> None:
        place = begun(case(name))
        place.run(month)
        for way, copied in WAYS_TO_COPY.items():
            other = copied(place)
            other.run()
            assert digest(other.course) == whole(name), way
        place.run()
        assert digest(place.course) == whole(name)

    @settings(max_examples=2, suppress_health_check=[HealthCheck.differing_executors])
    @given(month=st.integers(0, 12 + MONTHS))
    def test_a_fork_is_independent(self, name: str, month: int) -> None:
        place = begun(case(name))
        place.run(month)
        before = digest(place.course)
        for way, copied in WAYS_TO_COPY.items():
            other = copied(place)
            for organisation in other.organisations:
                organisation.practice = 0.123
            other.run(3)
            other.step()
            assert digest(place.course) == before, way
            assert not place.edited

    def test_no_relationships_no_spread(self, name: str) -> None:
        """One organisation's start changes; the others' path stays the same to the bit.

        Infrastructure is one for the place: practice builds it, and it is everybody's ceiling. So it is kept from
        growing, and there is no partner, who would choose other sites.
        """
        alone = Network(kind="none", council_ties=0, join_isolated=False)
        one, two = (Course(_apart(case(name), alone), SEED, start=start) for start in _starts(name, alone))
        one.run()
        two.run()
        assert not len(one.state.trust)
        assert not np.array_equal(one.state.practice[0], two.state.practice[0])
        for field, array in one.state._asdict().items():
            if array.shape[:1] == (12,):
                np.testing.assert_array_equal(array[1:], getattr(two.state, field)[1:], err_msg=field)

    def test_with_relationships_there_is_spread(self, name: str) -> None:
        """The same with relationships does change the others: the test above could fail."""
        tied = Network(neighbours=4)
        one, two = (Course(_apart(case(name), tied), SEED, start=start) for start in _starts(name, tied))
        assert np.abs(one.run().state.practice[1:] - two.run().state.practice[1:]).max() > 1e-6

    def test_no_days_is_no_partner(self, name: str) -> None:
        scenario = case(name)
        idle = Course(scenario.changed(settings={**scenario.settings, "partner_days": 0.0}), SEED).run()
        absent = Course(scenario.changed(route=Route(name="none")), SEED).run()
        assert not same_states(idle, absent, apart_from=PARTNERS_OWN)
        for one, two in zip(idle.record, absent.record, strict=True):
            np.testing.assert_array_equal(one, two)


def _apart(scenario: Scenario, network: Network) -> Scenario:
    """Return the scenario without a partner, with infrastructure kept from growing, on another network."""
    generated = scenario.place.generated.model_copy(update={"network": network})
    place = scenario.place.model_copy(update={"generated": generated})
    return scenario.changed(place=place, route=Route(), settings={**scenario.settings, "rewire_gain": 0.0})


def _starts(name: str, network: Network):  # type: ignore[no-untyped-def]
    """Yield how the case begins, and the same with other practice in the first organisation."""
    start = begin(_apart(case(name), network), SEED)
    yield start
    practice = start.practice.copy()
    practice[0] = 0.95
    yield type(start)(**{**start.__dict__, "practice": practice})


if __name__ == "__main__":
    print(json.dumps({name: whole(name) for name in CASES}))
