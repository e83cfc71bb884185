"""Each event does what the description says, at its month, to whom it names, and nothing else."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulation.agents import Organisation as Agent
from simulation.conditions import affected, build_conditions
from simulation.place import Place
from simulation.run import Course, exit_month, simulate
from simulation.scenario import Phase, PlaceFile, Pressure, Route, Scenario, Shares, Structure
from simulation.scenario.events import (
    BudgetChange,
    ChampionLeaves,
    Closure,
    DemandShock,
    ElectionWindow,
    FunderExit,
    Merger,
    Restructure,
)
from simulation.scenario.place import Generated, Organisation, Relationship
from simulation.scenario.pressure import Budget
from tests.plain.model import MAP
from tests.simulation.contracts import PARTNERS_OWN, begun, digest, same_states

BURN_IN = 12
QUIET = {"demand_noise": 0.0, "place_noise": 0.0, "restructure_rate": 0.0, "demand_growth": 0.0}
KINDS = ("council", "health", "health", "voluntary", "housing", "voluntary", "police")
TIES = ((0, 1), (0, 2), (0, 3), (1, 2), (2, 3), (3, 4), (1, 4))
ROUTE = Route(
    phases=(
        Phase(months=10, shares=Shares(help=0.2, prototype=0.5, reflect=0.2, rewire=0.1)),
        Phase(months=10, shares=Shares(help=0.2, convene=0.3, vision=0.3, reflect=0.2)),
    ),
    number_of_sites=3,
)


def town(*events: Any, settings: dict[str, float] | None = None, **parts: Any) -> Scenario:
    """Return a place of seven: o0 the council, o5 and o6 tied to nobody; without noise unless `settings` say so."""
    organisations = tuple(
        Organisation(id=f"o{i}", kind=kind, size=1 + i, practice=(0.1 + 0.1 * i,)) for i, kind in enumerate(KINDS)
    )
    ties = tuple(Relationship(source=f"o{i}", target=f"o{j}", trust=0.3 + 0.1 * k) for k, (i, j) in enumerate(TIES))
    place = PlaceFile(council="o0", organisations=organisations, relationships=ties)
    given = {"place": place, "route": ROUTE, "months": 30, **parts}
    return Scenario(events=events, settings=QUIET if settings is None else settings, **given)


def at(scenario: Scenario, month: int) -> Course:
    """Return a course at the start of a programme month, before that month's events."""
    return Course(scenario, seed=3, detail="full").run(BURN_IN + month)


def just_after(scenario: Scenario, month: int) -> tuple[Course, Course]:
    """Return a course before a month's events, and another on which they alone have acted."""
    before = at(scenario, month)
    after = before.fork()
    after.enter_month()
    return before, after


def states(scenario: Scenario, field: str) -> np.ndarray:
    """Return an array of the state after each programme month."""
    course, rows = at(scenario, 0), []
    for _ in range(scenario.months):
        course.run(1)
        rows.append(getattr(course.state, field).copy())
    return np.array(rows)


# To whom


@pytest.mark.parametrize(
    ("whom", "rows"),
    [
        ({}, {0, 1, 2, 3, 4, 5, 6}),
        ({"organisations": "all"}, {0, 1, 2, 3, 4, 5, 6}),
        ({"organisations": ("o1", "o4")}, {1, 4}),
        ({"kinds": ("health",)}, {1, 2}),
        ({"kinds": ("health", "police")}, {1, 2, 6}),
        ({"organisations": ("o0",), "kinds": ("voluntary",)}, {0, 3, 5}),
    ],
)
@pytest.mark.parametrize("event", [BudgetChange, DemandShock, Restructure, ChampionLeaves])
def test_an_event_happens_to_ids_kinds_or_all(event: Any, whom: dict[str, Any], rows: set[int]) -> None:
    """By what the event changes in the next month against the same place without it."""
    size = {"size": 0.2} if event in (BudgetChange, DemandShock) else {}
    with_event, without = (at(town(*e), 5).run(1) for e in ((event(month=5, **whom, **size),), ()))
    fields: dict[Any, str] = {BudgetChange: "capacity", DemandShock: "value_demand", Restructure: "disruption"}
    field = fields.get(event, "practice")
    before, after = getattr(without.state, field), getattr(with_event.state, field)
    if event is ChampionLeaves:
        lost = before.mean(axis=1) - after.mean(axis=1)
        assert set(np.flatnonzero(lost > 0.01)) == rows
    else:
        assert set(np.flatnonzero(before != after)) == rows
    course = at(town(), 0)
    assert set(np.flatnonzero(affected(event(month=5, **whom, **size), course.roster.ids, KINDS))) == rows


# Budget and demand


@pytest.mark.parametrize("size", [-0.3, 0.2])
def test_a_budget_change_is_spread_over_twelve_months_and_stays(size: float) -> None:
    capacity = states(town(BudgetChange(month=4, size=size, organisations=("o2",))), "capacity")
    progress = np.clip((np.arange(30) - 4 + 1) / 12, 0, 1)
    np.testing.assert_allclose(capacity[:, 2], 1 + size * progress, rtol=0, atol=1e-15)
    assert (np.delete(capacity, 2, axis=1) == 1).all()


def test_a_budget_change_over_other_months_joins_cuts_and_other_changes() -> None:
    events = (BudgetChange(month=0, size=-0.1, months=1), BudgetChange(month=6, size=-0.2, months=4, kinds=("health",)))
    capacity = states(town(*events, settings={**QUIET, "budget_cut": 0.04, "cut_absorbed": 0.5}), "capacity")
    years = np.arange(30) / 12
    np.testing.assert_allclose(capacity[:, 0], 0.98**years * 0.9, rtol=1e-14)
    later = np.clip((np.arange(30) - 5) / 4, 0, 1)
    np.testing.assert_allclose(capacity[:, 1], 0.98**years * 0.9 * (1 - 0.2 * later), rtol=1e-14)


def test_cuts_of_everything_leave_numbers() -> None:
    """An exposure that multiplies the cut past the whole budget, a path that takes all of it, and many cuts."""
    scenario = town(settings={**QUIET, "budget_cut": 0.9})
    organisations = tuple(o.model_copy(update={"budget_exposure": 10.0}) for o in scenario.place.organisations)
    place = scenario.place.model_copy(update={"organisations": organisations})
    gone = tuple(BudgetChange(month=m, size=-0.999, months=1) for m in range(6))
    for changed in (
        scenario.changed(place=place),
        scenario.changed(place=place.model_copy(update={"budget": Budget(default=(-0.99,))}), settings=QUIET),
        scenario.changed(events=gone),
    ):
        course = at(changed, 0).run()
        assert all(np.isfinite(array).all() for array in course.state)
        assert course.state.capacity.min() > 0
        assert course.state.rigidity.max() > 0.5


def test_a_demand_shock_lasts_its_months() -> None:
    shocks = (DemandShock(month=5, size=0.3, months=7, kinds=("voluntary",)), DemandShock(month=8, size=-0.5, months=2))
    shocked, plain = states(town(*shocks), "value_demand"), states(town(), "value_demand")
    level = np.ones((30, 7))
    level[5:12, [3, 5]] *= 1.3
    level[8:10] *= 0.5
    np.testing.assert_allclose(shocked, plain * level, rtol=1e-14)


# Restructure, champion, funder, election


def test_a_restructure_disrupts_and_costs_trust() -> None:
    """k + .15, which heals by a sixth a month; T × .7 in its relationships, twice where both ends are restructured."""
    event = Restructure(month=3, organisations=("o1", "o2"))
    before, after = just_after(town(event), 3)
    ends = np.array([(i in (1, 2)) + (j in (1, 2)) for i, j in TIES])
    assert set(ends) == {0, 1, 2}
    np.testing.assert_allclose(after.state.trust, before.state.trust * 0.7**ends, rtol=1e-15)
    disruption = states(town(event), "disruption")
    expected = np.zeros((30, 7))
    expected[3:, 1:3] = (0.15 * (5 / 6) ** np.arange(27))[:, None]
    np.testing.assert_allclose(disruption, expected, rtol=0, atol=1e-15)


def test_restructures_do_not_disrupt_beyond_the_limit() -> None:
    events = tuple(Restructure(month=m, disruption=0.4, trust_kept=1.0) for m in (3, 4))
    disruption = states(town(*events), "disruption")
    assert (disruption[3] == 0.4).all()
    assert (disruption[4] == 0.5).all()
    assert not changed_fields(*just_after(town(*events), 3))


def test_a_champion_leaves() -> None:
    """l and U halve, T × .7, x × (1 − .25(1 − rG·G_b)): infrastructure holds part of what they carried."""
    before, after = just_after(town(ChampionLeaves(month=15, organisations=("o2",))), 15)
    old, new = before.state, after.state
    support = MAP @ old.infrastructure
    assert old.infrastructure.min() > 0.05
    np.testing.assert_allclose(new.practice[2], old.practice[2] * (1 - 0.25 * (1 - 0.5 * support)), rtol=1e-14)
    assert new.learning[2] == old.learning[2] / 2 > 0
    assert new.partner_trust[2] == old.partner_trust[2] / 2 > 0
    touched = np.array([2 in tie for tie in TIES])
    np.testing.assert_allclose(new.trust, np.where(touched, 0.7, 1) * old.trust, rtol=1e-15)
    others = np.arange(7) != 2
    for name in ("practice", "learning", "partner_trust", "evidence"):
        np.testing.assert_array_equal(getattr(new, name)[others], getattr(old, name)[others])
    assert changed_fields(before, after) == {"practice", "learning", "partner_trust", "trust"}


def changed_fields(one: Course, two: Course) -> set[str]:
    return set(same_states(one, two))


def test_full_infrastructure_holds_what_a_champion_carried() -> None:
    settings = {**QUIET, "initial_infrastructure": 1.0, "infrastructure_decay": 0.0, "slip_back_infrastructure": 1.0}
    before, after = just_after(town(ChampionLeaves(month=2), settings=settings), 2)
    np.testing.assert_allclose(after.state.practice, before.state.practice, rtol=1e-15)


@pytest.mark.parametrize("month", [0, 7, 13, 29])
def test_funder_exit_is_no_days_from_then_on(month: int) -> None:
    left = at(town(FunderExit(month=month)), 0).run()
    idle = at(town(), month)
    idle = idle.fork(town(settings={**QUIET, "partner_days": 0.0})).run()
    assert not same_states(left, idle)
    assert not np.array_equal(left.state.partner_trust, at(town(), 0).run().state.partner_trust) or month >= 20
    assert exit_month(left.scenario) == min(month, 20)


def test_funder_exit_at_the_start_is_no_partner() -> None:
    left, none = at(town(FunderExit(month=0)), 0).run(), at(town(route=Route()), 0).run()
    assert not same_states(left, none, apart_from=PARTNERS_OWN)


@pytest.mark.parametrize("is_open", [True, False])
def test_an_election_holds_the_window(is_open: bool) -> None:
    noisy = {"strategic_opens": 0.3, "strategic_closes": 0.4}
    held = simulate(town(ElectionWindow(month=6, open=is_open, months=9), settings=noisy), 5)["strategic_window"]
    free = simulate(town(settings=noisy), 5)["strategic_window"]
    assert (held[BURN_IN + 6 : BURN_IN + 15] == is_open).all()
    assert (held[: BURN_IN + 6] == free[: BURN_IN + 6]).all()
    assert set(free[BURN_IN + 6 : BURN_IN + 15]) == {0, 1}
    assert set(held[BURN_IN + 15 :]) == {0, 1}


# An organisation closes


def absolute_demand(course: Course) -> float:
    """Return size × value demand over the living; sizes are shares of those who are left."""
    state = course.state
    return float((state.size * state.value_demand)[state.alive].sum())


NOISY = {"demand_growth": 0.02}


@pytest.mark.parametrize("closed", [0, 1, 2, 3, 4])
@pytest.mark.parametrize("settings", [QUIET, NOISY], ids=["quiet", "noisy"])
def test_a_closure_conserves_absolute_demand(closed: int, settings: dict[str, float]) -> None:
    """Its neighbours take on its demand by trust; sizes are renormalised over the living."""
    before, after = just_after(town(Closure(month=6, organisation=f"o{closed}"), settings=settings), 6)
    old, new = before.state, after.state
    remaining = 1 - old.size[closed]
    assert absolute_demand(after) * remaining == pytest.approx(absolute_demand(before), rel=1e-13)
    np.testing.assert_allclose(new.size * remaining, np.where(np.arange(7) == closed, 0, old.size), rtol=1e-13)
    trust = {j if i == closed else i: old.trust[k] for k, (i, j) in enumerate(TIES) if closed in (i, j)}
    for j in range(7):
        gained = old.size[closed] * old.value_demand[closed] * trust.get(j, 0) / sum(trust.values()) / old.size[j]
        expected = old.value_demand[j] + gained
        if j != closed:
            assert new.value_demand[j] == pytest.approx(expected, rel=1e-13)
    assert not new.lost_demand[0]


def test_what_neighbours_take_on_stays_with_them() -> None:
    """Without noise absolute demand is what it was in every month to come."""
    scenario = town(Closure(month=6, organisation="o3"))
    course, whole = at(scenario, 6), absolute_demand(at(town(), 6))
    remaining = 1 - course.state.size[3]
    for _ in range(20):
        course.run(1)
        assert absolute_demand(course) * remaining == pytest.approx(whole, rel=1e-12)


def test_failure_demand_and_unmet_need_go_along() -> None:
    scenario = town(Closure(month=12, organisation="o1"), settings={}, structure=Structure(rationing="on"))
    before, after = just_after(scenario, 12)
    remaining = 1 - before.state.size[1]
    for name in ("failure_demand", "backlog"):
        old, new = getattr(before.state, name), getattr(after.state, name)
        alive = after.state.alive
        assert (new * after.state.size)[alive].sum() * remaining == pytest.approx((old * before.state.size).sum())
        assert old[1] > 0


def test_demand_of_the_closed_without_relationships_is_lost_from_view() -> None:
    scenario = town(Closure(month=6, organisation="o5"))
    before, after = just_after(scenario, 6)
    lost = before.state.size[5] * before.state.value_demand[5]
    assert after.state.lost_demand[0] == pytest.approx(lost, rel=1e-15)
    kept = absolute_demand(after) * (1 - before.state.size[5])
    assert kept + lost == pytest.approx(absolute_demand(before), rel=1e-13)
    shown = simulate(scenario, 3)["lost_demand"]
    assert (shown[: BURN_IN + 6] == 0).all()
    assert (shown[BURN_IN + 6 :] == after.state.lost_demand[0]).all()


def test_relationships_without_trust_share_alike() -> None:
    settings = {**QUIET, "trust_gain": 0.0, "trust_decay": 1.0}
    before, after = just_after(town(Closure(month=6, organisation="o4"), settings=settings), 6)
    assert not before.state.trust.any()
    gained = (after.state.value_demand - before.state.value_demand) * before.state.size
    np.testing.assert_allclose(gained[[1, 3]], gained.sum() / 2)
    assert gained.sum() == pytest.approx(before.state.size[4] * before.state.value_demand[4])


def test_arrays_never_shrink_and_the_agent_goes() -> None:
    place = Place(town(Closure(month=6, organisation="o1")), seed=3, detail="full")
    shapes = [array.shape for array in place.state]
    place.run(BURN_IN + 6)
    assert len(place.agents_by_type[Agent]) == 7
    held = place.organisations[1]
    place.step()
    assert len(place.agents_by_type[Agent]) == 6
    assert held not in place.agents
    assert len(place.organisations) == 7
    assert [array.shape for array in place.state] == shapes
    assert place.state.alive.tolist() == [True, False, True, True, True, True, True]
    assert place.state.tie_alive.tolist() == [1 not in tie for tie in TIES]
    neighbours = [organisation.id for organisation in place.organisations[2].neighbours]
    assert neighbours == ["o0", "o3"]
    assert not held.neighbours
    again = place.fork()
    assert len(again.agents_by_type[Agent]) == 6
    by_run = Place(place.scenario, seed=3)
    by_run.run()
    assert len(by_run.agents_by_type[Agent]) == 6
    assert place.trajectory["living"][-2:].tolist() == [7, 6]


def test_the_council_closes() -> None:
    """Nobody is tied to it any more, and sites are chosen without it."""
    place = Place(town(Closure(month=8, organisation="o0")), seed=3)
    place.run(BURN_IN + 8)
    before = {site.id for site in place.partner.sites}
    assert "o0" in before
    place.step()
    assert place.state.council[0] == -1
    assert not place.state.tied_to_council.any()
    assert {site.id for site in place.partner.sites} == before - {"o0"}
    place.run(4)
    chosen = {site.id for site in place.partner.sites}
    assert len(chosen) == 3
    assert "o0" not in chosen


def test_everybody_closes() -> None:
    course = at(town(*(Closure(month=m, organisation=f"o{m}") for m in range(7))), 0).run()
    assert not course.state.alive.any()
    assert course.trajectory["living"][-1] == 0
    assert all(np.isfinite(array).all() for array in course.state)
    assert np.isfinite(course.trajectory.record.series).all()


# Two merge


def test_a_merger_averages_states_by_size_and_conserves_demand() -> None:
    before, after = just_after(town(Merger(month=9, organisation="o3", into="o1"), settings=NOISY), 9)
    old, new = before.state, after.state
    weight = old.size[3] / (old.size[1] + old.size[3])
    mixed = lambda name: (1 - weight) * getattr(old, name)[1] + weight * getattr(old, name)[3]  # noqa: E731
    for name in (
        "practice", "failure_demand", "felt_pressure", "demand_noise_now", "learning", "evidence", "partner_trust",
        "effort", "thresholds", "value_demand", "practice_at_start",
    ):  # fmt: skip
        np.testing.assert_allclose(getattr(new, name)[1], mixed(name), rtol=0, atol=1e-15, err_msg=name)
    assert new.disruption[1] == pytest.approx(mixed("disruption") + 0.3, abs=1e-15)
    assert new.size[1] == pytest.approx(old.size[1] + old.size[3], rel=1e-15)
    assert new.size.sum() == pytest.approx(1, abs=1e-15)
    assert absolute_demand(after) == pytest.approx(absolute_demand(before), rel=1e-13)
    assert not new.lost_demand[0]
    assert new.alive.tolist() == [True, True, True, False, True, True, True]


def test_a_merger_keeps_the_larger_trust() -> None:
    """o3 had ties to o0, o2 and o4, as o1 has: the larger trust of each pair stays, and no tie is doubled."""
    before, after = just_after(town(Merger(month=9, organisation="o3", into="o1")), 9)
    old = {frozenset(tie): before.state.trust[k] for k, tie in enumerate(TIES)}
    place = Place.of(after)
    trust = place.organisations[1].trust
    assert set(trust) == {"o0", "o2", "o4"}
    for other in (0, 2, 4):
        assert trust[f"o{other}"] == max(old[frozenset((1, other))], old[frozenset((3, other))])
        assert place.organisations[other].trust["o1"] == trust[f"o{other}"]
    assert not place.organisations[3].neighbours


def test_a_merger_hands_over_relationships_that_the_other_did_not_have() -> None:
    """o4 brings its ties to o1 and o3 into o6, which had none."""
    before, after = just_after(town(Merger(month=9, organisation="o4", into="o6")), 9)
    place = Place.of(after)
    assert place.organisations[6].trust == {"o1": before.state.trust[6], "o3": before.state.trust[5]}
    assert {organisation.id for organisation in place.organisations[3].neighbours} == {"o0", "o2", "o6"}
    assert len(after.state.trust) == len(TIES)


def test_those_who_merge_with_one_another_lose_the_tie_between_them() -> None:
    _, after = just_after(town(Merger(month=9, organisation="o1", into="o0")), 9)
    place = Place.of(after)
    assert set(place.organisations[0].trust) == {"o2", "o3", "o4"}
    assert after.state.tie_alive.sum() == len(TIES) - 2


def test_disruption_of_a_merger_meets_the_limit() -> None:
    events = (Restructure(month=9, disruption=0.4), Merger(month=9, organisation="o1", into="o0"))
    course = at(town(*events), 9).run(1)
    assert course.state.disruption[0] == course.numbers.disruption_limit == 0.5


def test_when_the_council_merges_the_new_body_is_the_council() -> None:
    place = Place(town(Merger(month=9, organisation="o0", into="o4")), seed=3)
    place.run(BURN_IN + 10)
    assert place.state.council[0] == 4
    assert set(np.flatnonzero(place.state.tied_to_council)) == {1, 2, 3}
    place.run(4)
    assert place.organisations[4].on_site


@pytest.mark.parametrize("shock", [2, 8, 9, 10])
@pytest.mark.parametrize("whom", ["o1", "o3"])
def test_a_merger_in_a_demand_shock_conserves_demand(shock: int, whom: str) -> None:
    """One of the two is under a shock, before, during or after the merger: all demand is what it would have been."""
    event = DemandShock(month=shock, size=0.5, months=8, organisations=(whom,))
    merged = at(town(event, Merger(month=9, organisation="o3", into="o1")), 0)
    apart = at(town(event), 0)
    for _ in range(30):
        merged.run(1)
        apart.run(1)
        assert absolute_demand(merged) == pytest.approx(absolute_demand(apart), rel=1e-12), merged.programme_month


def test_a_merged_body_has_the_budgets_of_both_by_size() -> None:
    cut = BudgetChange(month=2, size=-0.4, months=1, organisations=("o3",))
    capacity = states(town(cut, Merger(month=9, organisation="o3", into="o1", disruption=0.0)), "capacity")
    size = at(town(), 0).state.size
    weight = size[3] / (size[1] + size[3])
    np.testing.assert_allclose(capacity[9:, 1], 1 - 0.4 * weight, rtol=1e-14)
    assert (capacity[:9, 1] == 1).all()


def test_one_merges_and_what_comes_of_it_merges_and_closes() -> None:
    events = (
        Merger(month=3, organisation="o1", into="o2"),
        Merger(month=3, organisation="o2", into="o3"),
        Closure(month=5, organisation="o3"),
    )
    before = absolute_demand(at(town(), 3))
    course = at(town(*events), 3).run(1)
    assert absolute_demand(course) == pytest.approx(before, rel=1e-12)
    course.run()
    assert course.state.alive.tolist() == [True, False, False, False, True, True, True]
    remaining = 1 - at(town(), 0).state.size[1:4].sum()
    assert absolute_demand(course) * remaining == pytest.approx(before, rel=1e-12)


# When


EVENTS = {
    "budget change": BudgetChange(month=0, size=-0.3),
    "demand shock": DemandShock(month=0, size=0.4),
    "restructure": Restructure(month=0),
    "champion leaves": ChampionLeaves(month=0),
    "funder exit": FunderExit(month=0),
    "closure": Closure(month=0, organisation="o1"),
    "merger": Merger(month=0, organisation="o1", into="o2"),
    "election": ElectionWindow(month=0),
}


def moved(name: str, month: int, **parts: Any) -> Scenario:
    noisy = {"strategic_opens": 0.01, "strategic_closes": 0.9}
    return town(EVENTS[name].model_copy(update={"month": month}), settings=noisy, **parts)


@pytest.mark.parametrize("month", [0, 11, 17, 29])
@pytest.mark.parametrize("name", EVENTS)
def test_nothing_happens_before_its_month_and_something_in_it(name: str, month: int) -> None:
    """At the first month, at the last, and between; an exit at the end of the route's months has nothing to end."""
    with_event, without = at(moved(name, month), month), at(moved(name, month).changed(events=()), month)
    assert not same_states(with_event, without)
    with_event.run(1)
    without.run(1)
    changed = same_states(with_event, without)
    assert bool(changed) == (name != "funder exit" or month < 20)


@pytest.mark.parametrize("name", EVENTS)
def test_an_event_after_the_last_month_does_not_happen(name: str) -> None:
    late, none = at(moved(name, 30), 0).run(), at(moved(name, 30).changed(events=()), 0).run()
    assert not same_states(late, none)


@pytest.mark.parametrize("name", EVENTS)
def test_an_event_in_the_first_month_of_all(name: str) -> None:
    """Without a burn-in programme month 0 is month 0."""
    scenario = moved(name, 0, structure=Structure(burn_in_months=0))
    course = Course(scenario, 3).run(1)
    other = Course(scenario.changed(events=()), 3).run(1)
    assert same_states(course, other)
    assert all(np.isfinite(array).all() for array in course.run().state)


@pytest.mark.parametrize("month", [0, 11, 29])
@pytest.mark.parametrize("name", EVENTS)
def test_stepping_through_an_event_is_running_through_it(name: str, month: int) -> None:
    stepped, run, months = begun(moved(name, month)), begun(moved(name, month)), 42
    run.run()
    for _ in range(months):
        stepped.step()
    assert digest(stepped.course) == digest(run.course)


@pytest.mark.parametrize("name", EVENTS)
@given(month=st.integers(0, 40))
def test_a_fork_before_an_event_meets_it_too(name: str, month: int) -> None:
    place = begun(moved(name, 14))
    place.run(month)
    fork = place.fork()
    fork.run(42 - month)
    place.run(42 - month)
    assert digest(fork.course) == digest(place.course)
    assert len(fork.agents) == len(place.agents)


@pytest.mark.parametrize("month", [0, 5, 14])
@pytest.mark.parametrize("name", EVENTS)
def test_an_event_added_by_a_fork_is_the_event_of_a_scenario(name: str, month: int) -> None:
    """What a person decides in month 14 gives the same bits as a file that says so from the start."""
    whole, plain = moved(name, 14), moved(name, 14).changed(events=())
    forked = at(plain, month).fork(whole).run(30 - month)
    assert digest(forked) == digest(at(whole, 0).run())
    spared = at(whole, month).fork(plain).run(30 - month)
    assert digest(spared) == digest(at(plain, 0).run())


@pytest.mark.parametrize("name", EVENTS)
def test_after_an_event_a_fork_and_a_longer_run_remember_it(name: str) -> None:
    """Conditions are laid out anew, for another scenario or for more months: a merger's shared paths stay shared."""
    longer = moved(name, 14).changed(months=40)
    whole = digest(at(longer, 0).run())
    assert digest(at(moved(name, 14), 20).fork(longer).run()) == whole
    assert digest(at(moved(name, 14), 0).run().run(10)) == whole


def test_two_of_one_month_happen_in_the_order_given() -> None:
    """A champion leaves what then merges, or what has merged: the second order costs the whole body practice."""
    leaves, merges = ChampionLeaves(month=4, organisations=("o2",)), Merger(month=4, organisation="o1", into="o2")
    before = at(town(), 4).state
    kept = 1 - 0.25 * (1 - 0.5 * MAP @ before.infrastructure)
    weight = before.size[1] / (before.size[1] + before.size[2])
    joined = weight * before.practice[1] + (1 - weight) * before.practice[2]
    for events, expected in (
        ((leaves, merges), weight * before.practice[1] + (1 - weight) * kept * before.practice[2]),
        ((merges, leaves), kept * joined),
    ):
        np.testing.assert_allclose(just_after(town(*events), 4)[1].state.practice[2], expected, rtol=1e-14)


def test_the_pressures_events_and_the_scenarios_both_happen() -> None:
    pressure = Pressure(events=(DemandShock(month=3, size=0.5, months=2),))
    scenario = town(DemandShock(month=4, size=0.5, months=2), pressure=pressure)
    demand, plain = states(scenario, "value_demand"), states(town(), "value_demand")
    np.testing.assert_allclose((demand / plain)[2:7, 0], [1, 1.5, 2.25, 1.5, 1], rtol=1e-14)


def test_events_in_a_generated_place() -> None:
    events = (
        Closure(month=3, organisation="organisation-4"),
        Merger(month=5, organisation="organisation-0", into="organisation-1"),
        Restructure(month=6, kinds=("voluntary",)),
    )
    scenario = Scenario(place=PlaceFile(generated=Generated(organisations=12)), route=ROUTE, months=20, events=events)
    course = Course(scenario, 1).run()
    assert course.trajectory["living"][-1] == 10
    assert course.state.council[0] == 1
    assert np.isfinite(course.trajectory.record.series).all()


def test_conditions_without_events_are_level() -> None:
    course = at(town(), 0)
    level, left, disruption, hold, days = build_conditions(
        town(), months=42, ids=course.roster.ids, kinds=KINDS, exposure=course.roster.exposure
    )
    assert (level == 1).all()
    assert (left == 1).all()
    assert not disruption.any()
    assert (hold == -1).all()
    assert (days == 20).all()
