"""A policy in code: what it sees, what its decisions do, that it gives a route's bits, and how it is told apart."""

import pickle
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from simulation.initial import begin
from simulation.place import Place
from simulation.policy import (
    Decision,
    PartnerView,
    Policy,
    PolicyError,
    check_travels,
    name_of,
    route_for,
    source_hash,
)
from simulation.run import Course, outcomes, simulate
from simulation.scenario import ProblemError, Route, Scenario, Shares, Structure, load_place, load_route
from simulation.scenario.events import Closure, FunderExit
from simulation.state import CAUSES
from tests.simulation.contracts import ROUTES, SEED, STRUCTURES, WAYS_TO_COPY, begun, case, digest, same_states
from tests.strategies import scenarios


@dataclass(frozen=True)
class Followed:
    """Repeat what a route does, month by month."""

    route: Route

    def __call__(self, view: PartnerView) -> Decision | None:
        phase = self.phase(view)
        last, view.notes["last"] = view.notes.get("last"), phase
        if phase is None:
            return None
        route, now = self.route, self.route.phases[phase]
        begins = phase != last and not (route.order == "opportunistic" and (last, phase) == (1, 0))
        sites = now.sites if begins else "keep"
        talk = now.open_talk or route.open_talk
        return Decision(
            shares=now.shares,
            sites="choose" if begins and sites == "keep" and not view.sites else sites,
            open_talk="adaptive" if talk == "adaptive" else talk == "from-month" and view.month >= route.open_from,
            number_of_sites=route.number_of_sites,
            site_rule=route.site_rule,
            council=route.council,
        )

    def phase(self, view: PartnerView) -> int | None:
        months, month = [phase.months for phase in self.route.phases], view.month
        if self.route.order == "opportunistic" and month < months[0] + months[1]:
            wide, deep = view.notes.setdefault("left", months[:2])
            goes_wide = wide > 0 and (view.strategic_window or deep == 0)
            view.notes["left"] = [wide - 1, deep] if goes_wide else [wide, deep - 1]
            return 0 if goes_wide else 1
        ends = np.cumsum(months)
        return int(np.searchsorted(ends, month, side="right")) if len(ends) and month < ends[-1] else None


def followed(scenario: Scenario, *, detail: str = "full", explain: bool = True) -> Course:
    """Return a course whose policy repeats the scenario's route, not yet run."""
    without = scenario.changed(route=Route(name="followed", days_factor=scenario.route.days_factor))
    return Course(without, SEED, detail=detail, explain=explain, policy=Followed(scenario.route))


def assert_same(one: Course, two: Course) -> None:
    """Two courses have the same bits, but for how the partner numbers its phases."""
    assert not same_states(one, two, apart_from=("partner_memory",))
    for name, array in one.record._asdict().items():
        assert array.tobytes() == getattr(two.record, name).tobytes(), name


# A route's bits


@pytest.mark.parametrize("name", [*(f"route {route}" for route in ROUTES), *(f"structure {one}" for one in STRUCTURES)])
def test_a_policy_that_repeats_a_route_gives_its_bits(name: str) -> None:
    course, other = begun(case(name)).course.run(), followed(case(name)).run()
    assert_same(course, other)
    assert outcomes(course.trajectory) == pytest.approx(outcomes(other.trajectory), rel=0, abs=0, nan_ok=True)
    if case(name).route.months < case(name).months:
        assert course.trajectory.exit_month == other.trajectory.exit_month


@settings(max_examples=30, suppress_health_check=[HealthCheck.differing_executors])
@given(scenario=scenarios())
def test_a_policy_repeats_any_route_of_any_scenario(scenario: Scenario) -> None:
    """Named sites, closures, mergers, a funder's exit, a place's own council included."""
    assert_same(begun(scenario).course.run(), followed(scenario).run())


@pytest.mark.parametrize("route", ["opportunistic", "blended"])
def test_a_policy_s_run_stepped_and_copied_has_the_same_bits(route: str) -> None:
    whole = digest(followed(case(f"route {route}")).run())
    place = Place.of(followed(case(f"route {route}")))
    for month in range(place.course.last_month):
        if month in (0, 11, 12, 20, 31):
            for way, copied in WAYS_TO_COPY.items():
                other = copied(place)
                other.run()
                assert digest(other.course) == whole, (way, month)
        place.step()
    assert digest(place.course) == whole


def test_policies_and_routes_share_all_luck() -> None:
    """On one seed a policy meets the same windows and noise as a route does, however much luck it draws itself."""
    draws: list[float] = []

    def draw(view: PartnerView) -> Decision:
        draws.append(view.luck.random())
        return Decision(shares=Shares(help=1))

    route, policy = begun(case("route blended")), followed(case("route blended"))
    policy.policy = draw
    again = followed(case("route blended"))
    again.policy = draw
    for course in (route.course, policy, again):
        course.run()
    for name in ("energy", "strategic_window", "demand_noise_now", "disruption", "site_luck"):
        assert getattr(route.course.state, name).tobytes() == getattr(policy.state, name).tobytes()
    assert draws[:36] == draws[36:]
    assert len(set(draws)) == 36


def test_a_start_and_luck_that_routes_share_serve_a_policy_too() -> None:
    scenario = case("route blended")
    start, luck = begin(scenario, SEED), Course(scenario, SEED).luck.draw(48)
    own = scenario.changed(route=Route(name="followed"))
    given = Course(own, SEED, detail="full", explain=True, start=start, luck=luck, policy=Followed(scenario.route))
    assert digest(given.run()) == digest(followed(scenario).run())


# What it sees


def test_what_a_policy_sees_is_the_place_at_its_turn_and_can_not_be_used_to_change_it() -> None:
    views: list[PartnerView] = []

    def look(view: PartnerView) -> None:
        views.append(view)
        for array in (view.practice, view.trust, view.size, view.present, view.ties):
            array[:] = 0

    town = load_place("gateshead")
    ids = [organisation.id for organisation in town.organisations]
    events = (Closure(month=3, organisation=ids[4]), FunderExit(month=4))
    scenario = Scenario(place=town, months=6, events=events)
    plain, place = Place(scenario, SEED), Place(scenario, SEED, policy=look)
    plain.run()
    place.run()
    assert digest(plain.course) == digest(place.course)
    assert [view.month for view in views] == list(range(6))
    assert views[0].organisations == tuple(ids)
    assert views[0].council == scenario.place.council
    assert [view.days for view in views] == [plain.course.numbers.partner_days] * 4 + [0.0] * 2
    assert [view.strategic_window for view in views] == plain.trajectory["strategic_window"][-6:].astype(bool).tolist()
    with pytest.raises(AttributeError):
        views[0].days = 3  # type: ignore[misc]


def test_a_policy_sees_last_months_end_and_where_it_was() -> None:
    views: list[PartnerView] = []

    def stay(view: PartnerView) -> Decision:
        views.append(replace(view))
        return Decision(shares=Shares(help=0.5, prototype=0.5), number_of_sites=2)

    place = Place(case("route none"), SEED, detail="full", policy=stay)
    place.run()
    burn_in = place.course.burn_in
    for month in range(1, 20):
        row = burn_in + month - 1
        np.testing.assert_array_equal(views[month].practice, place.trajectory.practice[row])
        np.testing.assert_array_equal(views[month].trust, place.trajectory.by_organisation["partner_trust"][row])
    assert views[0].sites == ()
    assert {len(view.sites) for view in views[1:]} == {2}
    assert [place.roster.ids.index(one) for one in views[1].sites] == np.flatnonzero(place.state.on_site).tolist()
    assert views[0].notes is views[1].notes


# What its decisions do


def test_sites_and_open_talk_are_where_it_says() -> None:
    def named(view: PartnerView) -> Decision:
        sites = view.organisations[3:5] if view.month < 3 else view.organisations[7:8]
        talk = (False, True, view.organisations[2:4], "adaptive")[view.month % 4]
        return Decision(shares=Shares(prototype=1), sites=sites, open_talk=talk)

    place = Place(case("structure influence hill").changed(route=route_for(named)), SEED, policy=named)
    place.run(place.course.burn_in)
    talking = place.course.numbers.talk_share
    for month in range(6):
        place.step()
        assert np.flatnonzero(place.state.on_site).tolist() == ([3, 4] if month < 3 else [7])
        ready = place.state.readiness > place.course.numbers.talk_readiness
        expected = (np.zeros(12), np.ones(12), np.isin(np.arange(12), (2, 3)), ready)[month % 4]
        np.testing.assert_array_equal(place.state.open_share, talking * expected)
        assert place.partner.days == pytest.approx(dict.fromkeys(place.partner.days, 0.0) | {"prototype": 20.0})
        assert [one.row for one in place.partner.sites] == np.flatnonzero(place.state.on_site).tolist()
        assert "absent" not in repr(place.partner)


def test_a_policy_comes_and_goes() -> None:
    def some(view: PartnerView) -> Decision | None:
        return Decision(shares=Shares(help=1)) if view.month in (2, 3, 4, 8, 9) else None

    course = Course(case("route none"), SEED, policy=some)
    there, left = [], []
    for _ in range(course.burn_in + 14):
        course.step()
        there.append(bool(course.state.help.any()))
        left.append(course.trajectory.exit_month)
    assert there[course.burn_in :] == [month in (2, 3, 4, 8, 9) for month in range(14)]
    assert left[course.burn_in :] == [None] * 5 + [5] * 3 + [None] * 2 + [10] * 4
    funded = case("route none").changed(events=(FunderExit(month=4),))
    assert Course(funded, SEED, policy=some).run().trajectory.exit_month == 4
    assert Course(funded, SEED, policy=lambda view: None).run().trajectory.exit_month is None


def test_a_run_with_a_policy_is_explained() -> None:
    course = followed(case("route blended")).run()
    change = np.diff(course.trajectory.practice, axis=0)
    parts = course.trajectory.record.causes[1:].sum(axis=1)
    np.testing.assert_allclose(parts, change, rtol=0, atol=1e-15)
    assert course.trajectory.causes[CAUSES[3]].any()


@pytest.mark.parametrize(
    ("decision", "message"),
    [
        (Decision(sites=("organisation-1", "organisation-99")), "'organisation-99' is not an organisation"),
        (Decision(open_talk=("nobody",)), "'nobody' is not an organisation"),
        (Shares(help=1), "neither a Decision nor None"),
        ({"help": 1}, "neither a Decision nor None"),
    ],
)
def test_a_decision_that_can_not_be_carried_out_is_refused_in_words(decision: Any, message: str) -> None:
    with pytest.raises(PolicyError, match=message):
        simulate(case("route none"), SEED, policy=lambda view: decision)


def test_more_days_than_there_are_and_a_route_beside_a_policy_are_refused() -> None:
    with pytest.raises(ValueError, match="more days than there are"):
        Decision(shares={"help": 0.7, "convene": 0.7})
    with pytest.raises(PolicyError, match="in place of a route"):
        simulate(case("route blended"), SEED, policy=lambda view: None)
    with pytest.raises(PolicyError, match="in place of a route"):
        followed(case("route blended")).fork(case("route blended"))


# Which policy it was


@dataclass(frozen=True)
class Patient:
    """Help alone, and prototypes once trust is there."""

    trust: float = 0.3
    route: Route | None = None
    numbers: Any = ()
    name: str = "patient"

    def __call__(self, view: PartnerView) -> Decision:
        return Decision(shares=Shares(prototype=1) if view.trust.mean() > self.trust else Shares(help=1))


@dataclass(frozen=True, slots=True)
class Slotted:
    """A policy whose fields are slots."""

    share: float

    def __call__(self, view: PartnerView) -> Decision:
        return Decision(shares=Shares(help=self.share))


class Held:
    """A policy that holds what can't be told by its value."""

    def __init__(self) -> None:
        self.held = object()

    def __call__(self, view: PartnerView) -> Decision | None: ...


def leave(view: PartnerView) -> None:
    """Never come."""


def test_a_policy_is_told_by_its_source_and_by_what_it_holds() -> None:
    policies: list[Policy] = [
        leave, Followed(load_route("blended")), Followed(load_route("manifesto-led")), Patient(), Patient(0.4),
        Patient(route=load_route("blended")), Patient(numbers=np.arange(2000.0)), Patient(numbers=np.arange(2001.0)),
        Slotted(0.2), Slotted(0.3),
    ]  # fmt: skip
    hashes = [source_hash(policy) for policy in policies]
    assert len(set(hashes)) == len(policies)
    assert hashes == [source_hash(pickle.loads(pickle.dumps(policy))) for policy in policies]
    assert [name_of(policy) for policy in policies[:4]] == ["leave", "Followed", "Followed", "patient"]
    assert route_for(Patient()).name == "patient"
    assert not route_for(Patient()).phases
    for policy in policies:
        check_travels(policy)


def test_a_class_is_told_with_those_it_inherits_from(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    text = "class Base:\n    def __call__(self, view):\n        return None\n\nclass Own(Base):\n    pass\n"
    hashes = []
    for name, code in (("policy_one", text), ("policy_two", text), ("policy_three", text.replace("None", "..."))):
        (tmp_path / f"{name}.py").write_text(code)
        monkeypatch.syspath_prepend(tmp_path)
        hashes.append(source_hash(__import__(name).Own()))
    assert hashes[0] == hashes[1] != hashes[2]


@pytest.mark.parametrize("policy", [partial(leave), Held(), eval("lambda view: None")])
def test_what_can_not_be_told_apart_is_refused(policy: Any) -> None:
    with pytest.raises(PolicyError):
        source_hash(policy)
    with pytest.raises(ProblemError):
        check_travels(policy)


def test_what_can_not_be_sent_to_another_process_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def local(view: PartnerView) -> None: ...

    for policy in (local, lambda view: None):
        source_hash(policy)
        with pytest.raises(PolicyError, match="can't be sent to another process"):
            check_travels(policy)
    monkeypatch.setattr(leave, "__module__", "__main__")
    with pytest.raises(PolicyError, match="a module of its own"):
        check_travels(leave)


def test_the_structure_and_pressure_of_a_scenario_hold_for_a_policy() -> None:
    held = Scenario(place=load_place("gateshead"), months=3, structure=Structure(burn_in="held"))
    calls: list[int] = []
    place = Place(held, SEED, policy=lambda view: calls.append(view.month))
    before = place.state.practice.copy()
    place.run(place.course.burn_in)
    assert (place.state.practice == before).all()
    assert not calls
