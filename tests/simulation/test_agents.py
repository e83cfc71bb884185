"""Organisations and the learning partner as Mesa agents: live views on the arrays, usable with Mesa's agent sets."""

import copy
import pickle
import warnings
from collections.abc import Iterator
from typing import Any

import mesa
import numpy as np
import pytest

from simulation.agents import LearningPartner, Organisation
from simulation.place import Place
from simulation.scenario import Phase, Route, Scenario, Shares, load_place, load_route
from simulation.vocabulary import ACTIVITY_IDS
from tests.simulation.contracts import case, digest

READ = (
    "mean_practice", "learning", "evidence", "partner_trust", "felt_pressure", "pressure", "rigidity", "headroom",
    "maturity", "failure_demand", "value_demand", "disruption", "size", "threshold", "energy", "on_site",
)  # fmt: skip
WRITTEN = ("learning", "evidence", "partner_trust", "felt_pressure")


@pytest.fixture(autouse=True)
def _every_warning_is_an_error() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


def place(route: str = "prototype-led", **options: Any) -> Place:
    return Place(Scenario(route=load_route(route), **options), seed=1)


# Views


def test_a_held_view_is_live() -> None:
    """What is held before a month shows the month's end, by stepping and by running."""
    town = place()
    organisation = town.organisations[3]
    held = organisation.practice
    for advance in (town.step, lambda: town.run(5)):
        before, numbers = held.copy(), [getattr(organisation, name) for name in READ]
        advance()
        assert (held == town.state.practice[3]).all()
        assert (held != before).all()
        assert [getattr(organisation, name) for name in READ] != numbers
    assert np.shares_memory(held, town.state.practice)
    assert not town.edited


def test_what_is_read_is_the_arrays_rows() -> None:
    town = place()
    town.run(20)
    fields = {"mean_practice": None, "threshold": "thresholds"}
    for row, organisation in enumerate(town.organisations):
        assert organisation.row == row
        assert organisation.mean_practice == town.state.practice[row].mean()
        for name in READ:
            field = fields.get(name, name)
            if field is not None:
                assert getattr(organisation, name) == getattr(town.state, field)[row]


def test_practice_is_written_through_the_view_and_noted() -> None:
    """A write goes to the place's own memory and marks the run; a slice is for reading."""
    for write, expected in (
        (lambda o: o.practice.__setitem__(4, 0.9), lambda x: np.where(np.arange(9) == 4, 0.9, x)),
        (lambda o: setattr(o, "practice", o.practice.__iadd__(0.1)), lambda x: x + 0.1),
        (lambda o: setattr(o, "practice", o.practice.__imul__(0.5)), lambda x: x * 0.5),
    ):
        town = place()
        before = town.state.practice.copy()
        write(town.organisations[2])
        assert town.edited
        np.testing.assert_array_equal(town.state.practice[2], expected(before[2]))
        np.testing.assert_array_equal(np.delete(town.state.practice, 2, axis=0), np.delete(before, 2, axis=0))
    town = place()
    organisation = town.organisations[2]
    with pytest.raises(ValueError, match="read-only"):
        organisation.practice[3:5][0] = 0.9
    with pytest.raises(ValueError, match="practice must be 0 to 1"):
        organisation.practice[4] = 1.5
    assert not town.edited
    assert (organisation.practice.copy() + 1 > 0).all()
    held = organisation.practice
    organisation.practice = 0.4
    assert (held == 0.4).all()
    organisation.practice = np.linspace(0, 1, 9)
    np.testing.assert_array_equal(town.state.practice[2], np.linspace(0, 1, 9))
    assert town.edited


@pytest.mark.parametrize("name", WRITTEN)
def test_what_can_be_written_is_and_marks_the_run(name: str) -> None:
    town, other = place(), place()
    town.run(20)
    other.run(20)
    setattr(town.organisations[4], name, 0.625)
    assert getattr(town.organisations[4], name) == 0.625
    assert town.edited
    assert town.fork().edited
    assert Place.of(town.save()).edited
    assert not other.edited
    town.step()
    other.step()
    assert getattr(town.organisations[4], name) != getattr(other.organisations[4], name)


@pytest.mark.parametrize("name", sorted({*READ, "id", "name", "kind", "role", "neighbours"} - {*WRITTEN}))
def test_what_is_derived_or_given_is_read_only(name: str) -> None:
    town = place()
    with pytest.raises(AttributeError):
        setattr(town.organisations[0], name, 0.5)
    assert not town.edited


@pytest.mark.parametrize("value", [-0.01, 1.01, float("nan"), float("inf")])
def test_what_is_out_of_range_is_refused(value: float) -> None:
    town = place()
    organisation = town.organisations[0]
    other = organisation.neighbours[0].id
    before = digest(town.course)
    for name in ("practice", "learning", "evidence", "partner_trust"):
        with pytest.raises(ValueError, match="must be 0 to 1"):
            setattr(organisation, name, value)
    with pytest.raises(ValueError, match="must be 0 to 1"):
        organisation.trust = {other: value}
    with pytest.raises(ValueError, match="must be 0 to 1"):
        organisation.practice = [0.5] * 8 + [value]
    if not 0 <= value < np.inf:
        with pytest.raises(ValueError, match="must be 0 or more"):
            organisation.felt_pressure = value
    with pytest.raises(ValueError, match="broadcast"):
        organisation.practice = [0.1, 0.2]
    assert digest(town.course) == before
    assert not town.edited


def test_neighbours_and_trust() -> None:
    town = place()
    for organisation in town.organisations:
        rows = {other.row for other in organisation.neighbours}
        ties = set(zip(town.state.tie_from.tolist(), town.state.tie_to.tolist(), strict=True))
        assert rows == {j for i, j in ties if i == organisation.row} | {i for i, j in ties if j == organisation.row}
        assert set(organisation.trust) == {other.id for other in organisation.neighbours}
        for other in organisation.neighbours:
            assert organisation in other.neighbours
            assert organisation.trust[other.id] == other.trust[organisation.id]


def test_trust_can_be_set_for_some_relationships() -> None:
    town = place()
    organisation = town.organisations[5]
    other, another = organisation.neighbours[:2]
    before = organisation.trust
    organisation.trust = {other.id: 0.75}
    assert other.trust[organisation.id] == 0.75
    assert organisation.trust[another.id] == before[another.id]
    assert town.edited
    stranger = next(o for o in town.organisations if o is not organisation and o not in organisation.neighbours)
    with pytest.raises(ValueError, match=f"no relationship with '{stranger.id}'"):
        organisation.trust = {stranger.id: 0.5}


def test_an_edit_acts_from_the_next_month() -> None:
    edited, plain = place("none"), place("none")
    for town in (edited, plain):
        town.run(15)
    edited.organisations[0].practice = 0.9
    edited.step()
    plain.step()
    assert edited.organisations[0].mean_practice > 0.8
    near = {other.row for other in edited.organisations[0].neighbours}
    moved = np.abs(edited.state.practice - plain.state.practice).max(axis=1) > 1e-6
    assert near <= set(np.flatnonzero(moved))


def test_who_they_are() -> None:
    town = Place(Scenario(place=load_place("gateshead")), seed=1)
    given = town.scenario.place.organisations
    assert [o.id for o in town.organisations] == [o.id for o in given]
    assert [o.kind for o in town.organisations] == [o.kind for o in given]
    assert [o.name for o in town.organisations] == [o.name or o.id for o in given]
    assert sum(o.size for o in town.organisations) == pytest.approx(1)
    copied = town.fork()
    assert [o.id for o in copied.organisations] == [o.id for o in town.organisations]
    assert town.organisations[0].id in repr(town.organisations[0])


# Mesa's agent sets


def test_agent_sets_select_aggregate_group_and_do() -> None:
    town = place()
    town.run(40)
    organisations = town.agents_by_type[Organisation]
    assert len(organisations) == 30
    assert len(town.agents) == 31

    def strained(organisation: Organisation) -> bool:
        return organisation.pressure > 1

    chosen = organisations.select(strained)
    assert {o.row for o in chosen} == set(np.flatnonzero(town.state.pressure > 1))
    assert organisations.agg("pressure", np.mean) == pytest.approx(town.state.pressure.mean())
    assert organisations.get("learning") == town.state.learning.tolist()
    groups = organisations.groupby("kind")
    assert groups.count() == {"council": 1, "voluntary": 29}
    means = groups.agg("mean_practice", np.mean)
    assert means["council"] == town.organisations[0].mean_practice
    rows: list[int] = []

    def note(organisation: Organisation) -> None:
        rows.append(organisation.row)

    organisations.do(note)
    assert rows == list(range(30))
    organisations.set("learning", 0.25)
    assert (town.state.learning == 0.25).all()
    assert town.edited


def test_shown_agents_change_no_bit() -> None:
    """Looking at every agent each month leaves the run as it is; so does Mesa's own counting of steps."""
    looked, run = place(), place()
    for _ in range(30):
        looked.step()
        for organisation in looked.agents_by_type[Organisation]:
            assert 0 <= organisation.mean_practice <= 1
            assert organisation.neighbours is not None
    run.run(30)
    assert digest(looked.course) == digest(run.course)


def test_it_runs_as_mesa_models_do() -> None:
    town = place(months=5)
    for _ in range(17):
        town.step()
    assert town.month == 17
    assert town.programme_month == 5
    assert isinstance(town, mesa.Model)
    assert isinstance(town.random.random(), float)


# The learning partner


def test_the_partner_follows_its_route() -> None:
    town = place("manifesto-led")
    partner = town.partner
    assert isinstance(partner, LearningPartner)
    assert list(town.agents_by_type[LearningPartner]) == [partner]
    assert partner.phase is None
    assert not partner.sites
    seen = []
    for _ in range(12 + 62):
        town.step()
        seen.append((partner.phase.name if partner.phase else None, sum(partner.days.values()), len(partner.sites)))
    assert seen[:12] == [(None, 0.0, 0)] * 12
    assert [name for name, *_ in seen[12:]] == ["Breadth"] * 20 + ["Depth"] * 20 + ["Approach"] * 20 + [None] * 2
    for name, days, sites in seen[12:72]:
        assert days == pytest.approx(20), name
        assert sites == 5
    assert seen[72:] == [(None, 0.0, 0)] * 2
    assert "absent" in repr(partner)


def test_the_partners_days_by_activity() -> None:
    shares = Shares(help=0.2, convene=0.3, vision=0.1)
    route = Route(name="own", days_factor=0.5, phases=(Phase(months=3, shares=shares),))
    town = Place(Scenario(route=route, settings={"partner_days": 12}), seed=1)
    town.run(13)
    assert town.partner.days == pytest.approx(dict(zip(ACTIVITY_IDS, (1.2, 1.8, 0, 0.6, 0, 0), strict=True)))
    assert town.partner.route is town.scenario.route


def test_a_fork_to_another_route_shows_it() -> None:
    town = Place(case("route prototype-led"), seed=1)
    town.run(25)
    without = town.fork(case("route none"))
    assert without.partner.phase is None
    assert "absent" in repr(without.partner)
    without.step()
    assert not without.partner.sites
    assert town.partner.phase is not None
    assert len(town.partner.sites) == 5


def test_places_own_agents_after_copying() -> None:
    """Agents of a copy belong to the copy; those of the original to it."""
    town = place()
    town.run(14)
    copied = town.fork()
    for one, two in zip(town.organisations, copied.organisations, strict=True):
        assert one.model is town
        assert two.model is copied
        assert one is not two
    copied.organisations[0].learning = 0.9
    assert town.organisations[0].learning != 0.9


# Mesa's own ways


def test_mesas_own_run_ends_at_the_scenarios_end_with_the_same_bits() -> None:
    town, other = place(months=9), place(months=9)
    town.run_model()
    other.run()
    assert digest(town.course) == digest(other.course)
    assert town.programme_month == town.scenario.months
    for ended in (town, other):
        before = ended.month
        ended.run_model()
        assert (ended.running, ended.steps, ended.month) == (False, before, before)


def test_running_and_steps_tell_the_truth_however_months_are_run() -> None:
    town = place(months=9)
    assert (town.running, town.steps) == (True, 0)
    town.step()
    town.run(4)
    assert (town.running, town.steps) == (True, 5)
    for copied in (town.fork(), Place.of(town.save()), pickle.loads(pickle.dumps(town))):
        assert (copied.running, copied.steps) == (True, 5)
        copied.run()
        assert (copied.running, copied.steps) == (False, 21)
        further = copied.fork(place(months=12).scenario)
        assert further.running
    town.run(30)
    assert (town.running, town.steps) == (False, 35)
    town.step()
    assert town.steps == 36


def test_a_model_of_ones_own_that_stops_itself_is_stopped() -> None:
    class Watched(Place):
        def step(self) -> None:
            super().step()
            self.running = self.state.practice.mean() < 0.2 and self.month < 7

    town = Watched(Scenario(), seed=1)
    town.run_model()
    assert (town.running, town.steps) == (False, 7)


def test_mesas_data_collector_collects_from_a_model_of_ones_own() -> None:
    class Collected(Place):
        def __init__(self) -> None:
            super().__init__(Scenario(months=6), seed=1)
            self.datacollector = mesa.DataCollector(
                model_reporters={"practice": lambda town: town.state.practice.mean()},
                agent_reporters={"id": "unique_id", "pressure": lambda agent: getattr(agent, "pressure", np.nan)},
            )

        def step(self) -> None:
            super().step()
            self.datacollector.collect(self)

    town = Collected()
    town.run_model()
    table = town.datacollector.get_model_vars_dataframe()
    np.testing.assert_allclose(table["practice"], town.trajectory["practice"], rtol=0, atol=1e-15)
    agents = town.datacollector.get_agent_vars_dataframe()
    assert len(agents) == 18 * 31
    assert set(agents["pressure"].dropna()) >= set(town.state.pressure)


def test_a_stepped_run_can_be_pickled_and_copied_as_it_is() -> None:
    """What a step hands over once is made anew: it is no part of the run."""
    town = place(months=9)
    town.step()
    for copied in (pickle.loads(pickle.dumps(town.course)), copy.deepcopy(town.course)):
        copied.step()
        assert digest(copied) == digest(place(months=9).course.run(2))


@pytest.mark.parametrize("months", [-1, 2.5, float("nan"), "12"])
def test_months_that_can_not_be_run_are_refused_in_words(months: Any) -> None:
    town = place()
    with pytest.raises(ValueError, match="months must be a whole number"):
        town.run(months)
    assert town.month == 0
