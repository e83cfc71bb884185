"""Luck comes from named, independent streams of one seed, drawn in full every month."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulation.initial import begin
from simulation.random_streams import MONTHLY, STREAMS, GivenLuck, Luck, Streams, stream
from simulation.run import Course
from simulation.scenario import PlaceFile, Scenario, Structure, load_route
from simulation.scenario.place import Generated
from simulation.scenario.structure import NOISES


def luck(seed: int = 1, *, organisations: int = 8, links: int = 11, noise: str = "normal") -> Streams:
    return Streams(seed, organisations, links, noise=noise, asynchronous=True)


def together(blocks: list[Luck]) -> Luck:
    return Luck(*(np.concatenate(parts) for parts in zip(*blocks, strict=True)))


def assert_same(one: Luck, two: Luck) -> None:
    for name in Luck._fields:
        np.testing.assert_array_equal(getattr(one, name), getattr(two, name), err_msg=name)


# Streams


def test_streams_are_their_names() -> None:
    first = {name: stream(3, name).random(4).tobytes() for name in STREAMS}
    assert len(set(first.values())) == len(STREAMS)
    assert first == {name: stream(3, name).random(4).tobytes() for name in reversed(STREAMS)}
    assert stream(3, "one more").random(4).tobytes() not in first.values()
    assert all(stream(4, name).random(4).tobytes() != first[name] for name in STREAMS)
    assert set(MONTHLY) <= set(STREAMS)
    assert set(Luck._fields) == set(MONTHLY)


def test_streams_do_not_go_together() -> None:
    """No two streams of a seed, and no two neighbouring seeds, correlate beyond chance (.05 is five deviations)."""
    draws = np.array([stream(seed, name).random(10_000) for seed in (0, 1, 2) for name in STREAMS])
    off = np.corrcoef(draws) - np.eye(len(draws))
    assert np.abs(off).max() < 0.05


@given(seed=st.integers(0, 2**63))
def test_any_seed_has_streams(seed: int) -> None:
    assert 0 <= stream(seed, "demand").random() < 1


@pytest.mark.parametrize("noise", NOISES)
@given(blocks=st.lists(st.integers(1, 20), min_size=1, max_size=8))
def test_drawing_by_block_is_drawing_by_month(noise: str, blocks: list[int]) -> None:
    streams = luck(noise=noise)
    drawn = together([streams.draw(months) for months in blocks])
    assert_same(drawn, luck(noise=noise).draw(sum(blocks)))
    single = luck(noise=noise)
    assert_same(drawn, together([single.draw(1) for _ in range(sum(blocks))]))


def test_a_fork_draws_the_same_ahead() -> None:
    streams = luck()
    streams.draw(5)
    fork = streams.fork()
    ahead = fork.draw(7)
    fork.draw(3)
    assert_same(streams.draw(7), ahead)


def test_the_order_of_updating_is_a_permutation_of_each_month() -> None:
    order = luck().draw(40).order
    assert (np.sort(order, axis=1) == np.arange(8)).all()
    assert len({tuple(row) for row in order}) > 30
    fixed = Streams(1, 8, 11, noise="normal", asynchronous=False).draw(40).order
    assert (fixed == np.arange(8)).all()


def test_every_month_may_be_written_to_like_every_other() -> None:
    """Arrays of one kind in memory: else the compiled loop would be compiled again for single months."""
    for months in (1, 5):
        for asynchronous in (False, True):
            drawn = Streams(1, 8, 11, noise="normal", asynchronous=asynchronous).draw(months)
            assert all(array.flags.c_contiguous and array.flags.writeable for array in drawn)


# A place that grows or changes keeps the rest of its luck


def test_more_organisations_leave_the_places_luck_as_it_was() -> None:
    """What belongs to the place stays; those who were there keep their start."""
    few, many = luck(organisations=8).draw(30), luck(organisations=9, links=14).draw(30)
    np.testing.assert_array_equal(few.place, many.place)
    np.testing.assert_array_equal(few.strategic, many.strategic)
    one, two = (begin(Scenario(place=PlaceFile(generated=Generated(organisations=n))), seed=4) for n in (12, 13))
    for name in ("practice", "thresholds", "threshold_luck", "site_luck"):
        np.testing.assert_array_equal(getattr(one, name), getattr(two, name)[:12], err_msg=name)


def test_more_relationships_leave_all_but_breaches_as_it_was() -> None:
    few, many = luck(links=11).draw(20), luck(links=12).draw(20)
    for name in set(Luck._fields) - {"breach"}:
        np.testing.assert_array_equal(getattr(few, name), getattr(many, name), err_msg=name)


@pytest.mark.parametrize("choice", [{"noise": "none"}, {"noise": "heavy-tailed"}, {"update": "asynchronous"}])
def test_a_structural_choice_leaves_other_streams_as_they_were(choice: dict[str, str]) -> None:
    """Only what the choice is about is drawn otherwise; used or not, a stream is drawn in full."""
    plain, other = (Course(Scenario(structure=Structure(**c)), 5).luck.draw(30) for c in ({}, choice))
    own = {"demand", "place"} if "noise" in choice else {"order"}
    for name in Luck._fields:
        same = np.array_equal(getattr(plain, name), getattr(other, name))
        assert same == (name not in own), name


def test_numbers_leave_luck_as_it_was() -> None:
    """The same uniform draws and the same normal ones: a parameter changes what is made of them."""
    scenario = Scenario(route=load_route("blended"))
    wild = {"threshold_spread": 0.0, "initial_trust": 0.6, "demand_noise": 0.1, "restructure_rate": 0.5}
    one, two = Course(scenario, 5), Course(scenario.changed(settings=wild), 5)
    np.testing.assert_array_equal(one.state.threshold_luck, two.state.threshold_luck)
    unclipped = (one.state.trust < 0.5) & (two.state.trust < 1)
    np.testing.assert_allclose(two.state.trust[unclipped], 2 * one.state.trust[unclipped], rtol=1e-14)
    assert unclipped.sum() > 50
    one.run(30)
    two.run(30)
    assert_same(one.luck.draw(9), two.luck.draw(9))
    np.testing.assert_allclose(two.state.demand_noise_now, one.state.demand_noise_now * 0.1 / 0.06, rtol=1e-12)


# What is drawn


@pytest.mark.parametrize("noise", ["normal", "heavy-tailed"])
def test_noise_has_mean_nought_and_variance_one(noise: str) -> None:
    """400,000 draws: standard errors are .0016 for the mean, and .0022 (.0045 with heavy tails) for the variance."""
    drawn = luck(organisations=100, links=0, noise=noise).draw(4000)
    assert drawn.demand.mean() == pytest.approx(0, abs=0.008)
    assert drawn.demand.var() == pytest.approx(1, abs=0.025)
    assert drawn.place.var() == pytest.approx(1, abs=0.25)


def test_heavy_tails_are_heavier() -> None:
    """Beyond three deviations lie .27% of normal draws, and 1.2% of Student's t with 5 degrees at unit variance."""
    normal, heavy = (luck(organisations=100, links=0, noise=n).draw(4000).demand for n in ("normal", "heavy-tailed"))
    assert (np.abs(normal) > 3).mean() == pytest.approx(0.0027, abs=0.0006)
    assert (np.abs(heavy) > 3).mean() == pytest.approx(0.0117, abs=0.0015)


def test_no_noise_is_nought() -> None:
    drawn = luck(noise="none").draw(50)
    assert not drawn.demand.any()
    assert not drawn.place.any()
    course = Course(Scenario(structure=Structure(noise="none")), 5).run(40)
    assert not course.state.demand_noise_now.any()
    assert not course.state.place_noise_now.any()
    assert course.state.energy.any()


def test_uniform_draws_are_uniform() -> None:
    drawn = luck(organisations=50, links=50).draw(2000)
    for name in ("breach", "energy", "restructure"):
        counts, _ = np.histogram(getattr(drawn, name), bins=20, range=(0, 1))
        assert np.abs(counts / counts.mean() - 1).max() < 0.08, name


def test_noise_in_the_long_run_has_the_deviations_asked_for() -> None:
    """Own noise .06 and the place's .05 on the log of demand, whatever is remembered from month to month."""
    place = PlaceFile(generated=Generated(organisations=200))
    course = Course(Scenario(place=place, months=1200), 8)
    own, shared = [], []
    for _ in range(120):
        course.run(10)
        own.append(course.state.demand_noise_now.std())
        shared.append(course.state.place_noise_now[0])
    assert np.mean(own[3:]) == pytest.approx(0.06, abs=0.002)
    spread = [Course(Scenario(months=1), seed).run(1).state.place_noise_now[0] for seed in range(300)]
    assert np.std(spread) == pytest.approx(0.05, abs=0.008)
    assert np.std(shared) == pytest.approx(0.05, abs=0.03)


# Luck that is written down


def test_given_luck_runs_through_once() -> None:
    written = GivenLuck(luck().draw(10))
    assert_same(together([written.draw(4), written.fork().draw(6)]), luck().draw(10))
    written.draw(6)
    with pytest.raises(ValueError, match="luck is given for 10 months; month 11 was asked for"):
        written.draw(1)


def test_a_seed_must_not_be_negative() -> None:
    with pytest.raises(ValueError, match="seed must be 0 or more, not -1"):
        Course(Scenario(), -1)
