"""Runs on a seed share what the seed decides, to the bits of runs that draw it themselves."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from experiments import replicates
from experiments.factors import Factor
from experiments.replicates import (
    SharedLuck,
    run_block,
    simulated,
)
from experiments.runner import sweep
from experiments.work import Work, work_of
from simulation.initial import begin
from simulation.random_streams import Streams
from simulation.run import month_values, run_values, simulate
from simulation.scenario import Scenario, Structure, load_route, load_scenario
from tests.experiments.plans import assert_same, months_of, runs_of, small_work


@pytest.fixture
def drawn(monkeypatch):
    """Begin with nothing shared, and count the starts and the luck that are drawn."""
    counts = {"starts": 0, "luck": 0}

    def counting(scenario, seed):
        counts["starts"] += 1
        return begin(scenario, seed)

    class Counting(Streams):
        def draw(self, months):
            counts["luck"] += 1
            return super().draw(months)

    monkeypatch.setattr(replicates, "SHARED", SharedLuck())
    monkeypatch.setattr(replicates, "begin", counting)
    monkeypatch.setattr(replicates, "Streams", Counting)
    return counts


def anew(work, folder, monkeypatch):
    """Carry a sweep out with nothing shared, and return its folder."""
    with monkeypatch.context() as patch:
        patch.setattr(replicates, "SHARED", SharedLuck(0))
        return sweep(work, folder).folder


def test_routes_and_points_of_a_sweep_share_what_a_seed_decides(tmp_path, drawn, monkeypatch):
    work = small_work(runs_a_chunk=36)
    sweep(work, tmp_path / "sweep")
    assert drawn == {"starts": 3, "luck": 3}
    whole = anew(work, tmp_path / "anew", monkeypatch)
    assert_same(runs_of(tmp_path / "sweep"), runs_of(whole))
    assert months_of(tmp_path / "sweep").equals(months_of(whole))


@pytest.mark.parametrize(
    ("name", "values", "expected"),
    [
        ("threshold", (0.15, 0.2), {"starts": 6, "luck": 3}),
        ("place.practice_low", (0.05, 0.1), {"starts": 6, "luck": 3}),
        ("structure.noise", ("normal", "heavy-tailed"), {"starts": 3, "luck": 6}),
        ("months", (2, 3), {"starts": 3, "luck": 6}),
        ("pressure", ("crisis", "steady"), {"starts": 3, "luck": 3}),
    ],
)
def test_what_a_factor_changes_is_drawn_anew(tmp_path, drawn, monkeypatch, name, values, expected):
    scenario = load_scenario("gateshead").changed(months=3)
    factor = Factor(name=name, values=values)
    if name == "pressure":
        from simulation.scenario import load_pressure

        factor = factor.model_copy(update={"pressures": {value: load_pressure(value) for value in values}})
    work = work_of([scenario], [factor], replicates=3)
    sweep(work, tmp_path / "sweep")
    assert drawn == expected
    assert_same(runs_of(tmp_path / "sweep"), runs_of(anew(work, tmp_path / "anew", monkeypatch)))


def test_arms_that_were_read_from_a_file_share_too(tmp_path, drawn):
    work = work_of([load_scenario("gateshead").changed(months=3)], routes=["none", "blended"], replicates=2)
    again = Work.model_validate(work.model_dump(mode="json", by_alias=True))
    assert again.arms[0].what.place is not again.arms[1].what.place
    sweep(again, tmp_path / "sweep")
    assert drawn == {"starts": 2, "luck": 2}


def test_many_seeds_are_run_a_few_at_a_time_and_stored_in_order(tmp_path, drawn, monkeypatch):
    monkeypatch.setattr(replicates, "SHARED", SharedLuck(200_000))
    scenario = load_scenario("generated").changed(months=6)
    factors = [Factor(name="trust_gain", values=(0.05, 0.1))]
    work = work_of([scenario], factors, routes=["none", "blended"], replicates=40).model_copy(
        update={"chunk_size": 160}
    )
    sweep(work, tmp_path / "sweep")
    assert runs_of(tmp_path / "sweep")["run"].to_list() == list(range(160))
    assert drawn == {"starts": 40, "luck": 40}


@pytest.mark.parametrize("name", ["generated", "gateshead", "a-champion-leaves"])
@pytest.mark.parametrize("structure", [{}, {"update": "asynchronous"}, {"noise": "none"}])
def test_shared_luck_gives_the_runs_of_the_model_and_is_left_as_it_was(name, structure):
    scenario = load_scenario(name).changed(months=30)
    scenario = scenario.changed(structure=Structure(**(scenario.structure.model_dump() | structure)))
    for route in ("none", "manifesto-led", "prototype-led", "none"):
        one = scenario.changed(route=load_route(route))
        for seed in (5, 6, 5):
            assert np.array_equal(
                month_values(simulated(one, seed).trajectory), month_values(simulate(one, seed)), equal_nan=True
            )


def test_threads_share(drawn):
    scenario = load_scenario("generated").changed(months=12)
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda k: simulated(scenario, k % 5).trajectory["practice"][-1], range(40)))
    assert found == [simulate(scenario, k % 5)["practice"][-1] for k in range(40)]
    assert replicates.SHARED.kept == sum(size for _, size in replicates.SHARED._held.values())


def test_no_more_is_kept_than_said():
    shared = SharedLuck(300_000)
    scenario = load_scenario("generated").changed(months=12)
    for seed in range(60):
        shared.course(scenario, seed)
    assert 0 < shared.kept <= 300_000
    large = Scenario(months=12, place=scenario.place.model_copy(update={
        "generated": scenario.place.generated.model_copy(update={"organisations": 5_000})}))  # fmt: skip
    before = shared.kept
    assert simulate(large, 1)["practice"][-1] == shared.course(large, 1).run().trajectory["practice"][-1]
    assert shared.kept == before


@pytest.mark.parametrize("name", ["generated", "gateshead", "a-champion-leaves"])
def test_a_block_gives_the_runs_of_the_model_to_the_last_bit(name, drawn):
    scenario = load_scenario(name).changed(months=40)
    scenarios = [scenario.changed(route=load_route(route)) for route in ("none", "manifesto-led", "prototype-led")]
    for one, block in zip(scenarios, run_block(scenarios, range(5, 8)), strict=True):
        for k in range(3):
            alone = simulate(one, 5 + k)
            assert np.array_equal(block.outcomes[k], run_values(alone), equal_nan=True)
            assert np.array_equal(block.months[k], month_values(alone).astype(np.float32), equal_nan=True)
    assert drawn == {"starts": 3, "luck": 3}
