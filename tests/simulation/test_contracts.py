"""Every route, structural choice and switch keeps to the contract; luck is shared; bounds hold everywhere."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings

from simulation.ablations import LEAN, WITHOUT
from simulation.parameters import BY_NAME
from simulation.place import Place
from simulation.run import Course, outcomes, simulate, simulate_all
from simulation.scenario import Scenario, load_route
from tests.simulation.contracts import CASES, ROUTES, SEED, STRUCTURES, Contract, begun, case, digest, same_states
from tests.strategies import scenarios

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def elsewhere() -> dict[str, str]:
    """Hashes of all cases from another process, which orders its dictionaries of strings otherwise."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.simulation.contracts"],
        cwd=ROOT,
        env={**os.environ, "PYTHONHASHSEED": "20260101"},
        capture_output=True,
        text=True,
        check=True,
        timeout=600,
    )
    return json.loads(done.stdout)


@pytest.mark.parametrize("name", [f"route {name}" for name in ROUTES])
class TestRoutes(Contract):
    """Every route that is kept ready."""


@pytest.mark.parametrize("name", [f"structure {name}" for name in STRUCTURES])
class TestStructures(Contract):
    """Every structural choice."""


@pytest.mark.parametrize("name", [f"without {name}" for name in WITHOUT])
class TestSwitches(Contract):
    """Every mechanism and optional term, switched off alone."""


@pytest.mark.parametrize("name", ["lean"])
class TestLean(Contract):
    """The smaller model."""


def test_every_case_is_in_the_contract() -> None:
    assert len(ROUTES) >= 6
    assert len(CASES) == len(ROUTES) + len(STRUCTURES) + len(WITHOUT) + 1


# Bounds

SHARES = (
    "practice", "learning", "evidence", "partner_trust", "effort", "rationed", "trust", "infrastructure", "rigidity",
    "headroom", "maturity", "failure_share", "readiness", "open_share", "help", "convene", "prototype", "reflect",
    "work", "place_doses", "capped", "mean_practice", "trust_around",
)  # fmt: skip
"""States that lie in 0-1, whatever the numbers."""
ROUNDING = 1e-12


@pytest.mark.slow
@settings(max_examples=60)
@given(scenario=scenarios())
def test_bounds_hold_over_the_full_ranges_of_every_number(scenario: Scenario) -> None:
    """Whatever the numbers, choices, routes and events: shares stay shares, and nothing is infinite."""
    course = Course(scenario, SEED, detail="full", explain=True)
    while course.month < course.last_month:
        course.run(min(5, course.last_month - course.month))
        state, numbers = course.state, course.numbers
        for name, array in state._asdict().items():
            assert np.isfinite(array).all(), name
        for name in SHARES:
            array = getattr(state, name)
            assert array.min(initial=0) >= -ROUNDING, name
            assert array.max(initial=0) <= 1 + ROUNDING, name
        for name in ("practice", "learning", "evidence", "partner_trust", "trust", "infrastructure"):
            assert getattr(state, name).min(initial=0) >= 0, name
            assert getattr(state, name).max(initial=0) <= 1, name
        for name in ("failure_demand", "felt_pressure", "backlog", "value_demand", "capacity", "unmet_need"):
            assert getattr(state, name).min(initial=0) >= 0, name
        assert (state.disruption <= numbers.disruption_limit).all()
        assert (state.rigidity <= numbers.rigidity_limit + ROUNDING).all()
        if state.alive.any():
            assert state.size.sum() == pytest.approx(1, abs=1e-12)
    assert np.isfinite(course.trajectory.record.series).all()


@settings(max_examples=30)
@given(scenario=scenarios())
def test_stepping_is_running_whatever_the_scenario(scenario: Scenario) -> None:
    """The two ways of running agree to the bit, events and explanations included."""
    stepped, run = begun(scenario), begun(scenario)
    run.run()
    while stepped.month < stepped.course.last_month:
        stepped.step()
    assert digest(stepped.course) == digest(run.course)


def test_blocks_of_luck_do_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    """A large place draws its luck in blocks: as many months at once as memory allows."""
    at_once = Course(case("structure influence hill"), SEED).run()
    monkeypatch.setattr("simulation.run.BLOCK_VALUES", 1)
    assert digest(Course(case("structure influence hill"), SEED).run()) == digest(at_once)


def test_running_beyond_the_end_is_a_longer_scenario() -> None:
    short, long = case("route blended"), case("route blended").changed(months=80)
    beyond = Course(short, SEED, detail="full").run().run(44)
    assert digest(beyond) == digest(Course(long, SEED, detail="full").run())


# Common random numbers


@pytest.mark.parametrize("route", ROUTES)
def test_routes_share_all_luck(route: str) -> None:
    """On one seed two routes meet the same place, windows, noise, restructures, and the same draws ahead."""
    one, two = (begun(case(f"route {name}")) for name in ("none", route))
    for place in (one, two):
        place.run()
    first, second = one.trajectory, two.trajectory
    for name in ("strategic_window", "energy", "value_demand"):
        np.testing.assert_array_equal(first[name], second[name], err_msg=name)
    np.testing.assert_array_equal(first.by_organisation["energy"], second.by_organisation["energy"])
    for name in ("thresholds", "tie_from", "tie_to", "demand_noise_now", "place_noise_now", "disruption", "site_luck"):
        np.testing.assert_array_equal(getattr(one.state, name), getattr(two.state, name), err_msg=name)
    ahead, other = one.course.luck.draw(5), two.course.luck.draw(5)
    for name in ahead._fields:
        np.testing.assert_array_equal(getattr(ahead, name), getattr(other, name), err_msg=name)


def test_two_files_with_the_same_shares_differ_by_exactly_nothing(tmp_path: Path) -> None:
    text = """
    title = "{title}"
    [[phases]]
    months = 10
    shares = {{ help = 0.15, convene = 0.25, vision = 0.35, reflect = 0.15, rewire = 0.10 }}
    [[phases]]
    months = 12
    shares = {{ help = 0.15, convene = 0.10, prototype = 0.45, reflect = 0.20, rewire = 0.10 }}
    """
    for name in ("one", "two"):
        (tmp_path / f"{name}.toml").write_text(text.format(title=name), encoding="utf-8")
    one, two = (case("route none").changed(route=load_route(tmp_path / f"{n}.toml")) for n in ("one", "two"))
    assert one.route.name != two.route.name
    for seed in range(5):
        first, second = simulate_all([one, two], seed)
        assert {name: outcomes(first)[name] - outcomes(second)[name] for name in ("practice", "trust")} == {
            "practice": 0,
            "trust": 0,
        }
    assert not same_states(Course(one, SEED).run(), Course(two, SEED).run())


# Switches and the lean profile

LEFT_WITHOUT_EFFECT = {
    "rigidity": ("rigidity_onset", 0.9),
    "windows": ("strategic_opens", 0.5),
    "failure-demand": ("shared_failure_demand", 0.9),
    "noise": ("demand_noise_memory", 0.1),
    "restructures": ("restructure_disruption", 0.4),
    "breaches": ("breach_loss", 0.9),
    "social": ("contagion_steepness", 1.0),
    "slip-back": ("slip_back_rigidity", 5.0),
    "talk": ("talk_effect", 9.0),
    "prototypes": ("prototype_protection", 1.0),
    "reflection": ("reflection_under_rigidity", 1.0),
    "infrastructure": ("own_rewiring", 9.0),
    "evidence": ("evidence_gain", 9.0),
}
"""A number that moves practice as long as its mechanism is on (evidence: by thresholds, infrastructure held)."""


@pytest.mark.parametrize("switch", WITHOUT)
def test_a_switch_changes_something_and_only_its_own_numbers(switch: str) -> None:
    without = case(f"without {switch}")
    if all(BY_NAME[name].default == value for name, value in WITHOUT[switch].parameters.items()):  # off to begin with
        without = without.changed(parameters={name: BY_NAME[name].high for name in WITHOUT[switch].parameters})
    full = without.changed(without=())
    before, after = full.numbers._asdict(), without.numbers._asdict()
    assert {name: after[name] for name in after if after[name] != before[name]} == WITHOUT[switch].parameters
    one, two = simulate(full, SEED), simulate(without, SEED)
    assert not np.array_equal(one["practice"], two["practice"])


@pytest.mark.parametrize("switch", LEFT_WITHOUT_EFFECT)
def test_what_is_switched_off_has_no_effect_left(switch: str) -> None:
    """A number of the mechanism moves practice with it on, and not by a bit with it off."""
    name, value = LEFT_WITHOUT_EFFECT[switch]
    held = {"rewire_gain": 0.0} if switch == "evidence" else {}
    off = case(f"without {switch}")
    for scenario, moves in ((off.changed(without=()), True), (off, False)):
        paths = [
            simulate(scenario.changed(settings={**scenario.settings, **held, **more}), SEED)["practice"]
            for more in ({}, {name: value})
        ]
        assert np.array_equal(paths[0], paths[1]) != moves


def test_the_lean_profile_is_its_eight_numbers() -> None:
    lean, full = case("lean"), case("lean").changed(profile="full")
    by_hand = full.changed(settings={**full.settings, **LEAN})
    assert len(LEAN) == 8
    assert digest(Course(lean, SEED).run()) == digest(Course(by_hand, SEED).run())
    assert same_states(Course(lean, SEED).run(), Course(full, SEED).run())


def test_switches_and_profile_join() -> None:
    both = case("lean").changed(without=("evidence", "noise"))
    place = Place(both, SEED)
    place.run()
    assert place.course.numbers.evidence_on_threshold == 0
    assert place.course.numbers.behaviour_balance == 1
    assert np.isfinite(place.trajectory.record.series).all()
