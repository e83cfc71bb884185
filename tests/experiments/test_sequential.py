"""A cell is judged by its own runs alone, the same way round for both routes, and stays honest however often."""

import os
import re
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

import experiments.route_map as route_map
from experiments.compare import Report, carry_out_plan, compare, folder_of, possible_works, work_of
from experiments.comparison import Comparison
from experiments.comparison_plan import asked_rule, plan_comparison
from experiments.inference import CONFIDENCE, adjusted_intervals, mean_intervals, normal_factor
from experiments.manifest import read_manifest
from experiments.output_folder import differences
from experiments.reporting.comparison import report_page
from experiments.reporting.phrases import reached, rule_sentence, stopping_sentence
from experiments.reporting.terminal import comparison_account
from experiments.route_map import Found, fresh, going_on
from experiments.runner import Interrupted
from experiments.sequential import (
    SIDES,
    Look,
    Rule,
    Stopping,
    confidence_of_each,
    decide,
    grow,
    planned_looks,
    rule_of,
    sided,
    unsided,
)
from simulation.scenario import ProblemError
from tests.experiments.command import QUICK, behaviours, started
from tests.experiments.comparisons import FIRST_SEED, PAIR, structured
from tests.experiments.maps import small_plan

RULE = Rule((20, 40), 0.02)
MIRROR = {
    "first ahead": "second ahead", "second ahead": "first ahead", "leans to first": "leans to second",
    "leans to second": "leans to first",
}  # fmt: skip
SEEDS = st.integers(0, 2**32 - 1)


@cache
def nine_cells():
    return small_plan(precision=None)


def drawn_cell(seed, pairs=20, shift=0.0, spread=0.05):
    """Two routes' outcomes on the same seeds; a third of the pairs do not differ."""
    rng = np.random.default_rng(seed)
    second = rng.uniform(0, 1, pairs)
    return second + np.where(rng.uniform(size=pairs) < 1 / 3, 0.0, rng.normal(shift, spread, pairs)), second


@settings(max_examples=40, deadline=None)
@given(SEEDS, st.sampled_from([20, 40]), st.floats(-0.1, 0.1), st.sampled_from([0.0, 1e-9, 0.01, 0.3]))
def test_exchanging_the_routes_flips_the_sign_and_mirrors_the_verdict(seed, pairs, shift, spread):
    first, second = drawn_cell(seed, pairs, shift, spread)
    here, there = decide(RULE, first - second), decide(RULE, second - first)
    assert (there.found.effect, *there.found.ends) == (-here.found.effect, -here.found.high, -here.found.low)
    assert there.sided == MIRROR.get(here.sided, here.sided)
    assert (there.verdict, there.why, there.found.seeds) == (here.verdict, here.why, here.found.seeds)


@pytest.mark.parametrize("name", SIDES)
def test_a_cells_verdict_says_its_side_and_what_it_is_without(name):
    verdict, arm = SIDES[name]
    assert sided(verdict, arm) == name
    assert unsided(name) == verdict
    assert unsided("undecided") == "undecided"


@settings(max_examples=25, deadline=None)
@given(SEEDS, SEEDS, st.integers(0, 8))
def test_a_cell_s_decision_uses_only_its_own_runs(seed, other, k):
    plan = nine_cells()

    def found(which, cells, pairs):
        rng = np.random.default_rng(which)
        values = rng.normal(0.3, 0.05, (cells, 2, pairs)) + rng.uniform(-0.1, 0.1, (cells, 2, 1))
        return Found(values, values, np.zeros(values.shape, dtype=bool))

    one, another = found(seed, 9, 20), found(other, 9, 20)
    mixed = Found(another.outcome.copy(), another.practice.copy(), another.failed)
    mixed.outcome[k], mixed.practice[k] = one.outcome[k], one.practice[k]
    cells, changed = route_map.grown(plan, fresh(plan), one), route_map.grown(plan, fresh(plan), mixed)
    assert cells[k].decision == changed[k].decision
    if not cells[k].decision.goes_on:
        return
    more = found(seed + 1, 1, 20)
    again = []
    for state in (cells, changed):
        on = going_on(state)
        rest = found(other + 1, len(on), 20)
        rest.outcome[on.index(k)] = more.outcome[0]
        again.append(route_map.grown(plan, state, rest)[k].decision)
    assert again[0] == again[1]
    assert again[0].found.seeds == 40


def test_two_equal_routes_stop_at_the_first_look_without_a_difference():
    first, _ = drawn_cell(3)
    found = decide(RULE, first - first)
    assert (found.found.effect, *found.found.ends) == (0, 0, 0)
    assert (found.verdict, found.why) == ("no difference that matters", "too small to matter")


@pytest.mark.parametrize(
    ("shift", "spread", "precision", "verdict", "why"),
    [
        (0.2, 0.01, None, "first ahead", "sign"),
        (-0.2, 0.01, None, "second ahead", "sign"),
        (0.025, 0.02, None, "leans to first", "sign"),
        (0.002, 0.01, None, "no difference that matters", "too small to matter"),
        (0.0, 0.5, None, "undecided", "goes on"),
        (0.2, 0.1, 0.01, "first ahead", "goes on"),
        (0.2, 0.01, 0.05, "first ahead", "narrow enough"),
        (0.002, 0.01, 0.001, "no difference that matters", "goes on"),
    ],
)
def test_when_a_cell_stops_and_why(shift, spread, precision, verdict, why):
    found = decide(Rule((20, 40), 0.02, precision or 0.0), shift + spread * np.linspace(-1, 1, 20))
    assert (found.sided, found.why) == (verdict, why)
    assert found.goes_on == (why == "goes on")


def test_at_the_last_look_a_cell_stops_undecided():
    first, second = drawn_cell(5, 40, spread=0.9)
    found = decide(RULE, first - second)
    assert (found.verdict, found.why) == ("undecided", "last look")


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_a_cell_with_a_run_that_has_no_number_is_not_measured_and_stops(bad):
    first, second = drawn_cell(5)
    first[3] = bad
    found = decide(RULE, first - second)
    assert (found.verdict, found.why) == ("not measured", "not measured")
    assert np.isnan([found.found.effect, *found.found.ends]).all()


def test_looking_again_and_again_does_not_make_a_difference_out_of_chance():
    rng, cells = np.random.default_rng(11), 300
    rule = Rule((20, 40, 80), 0.0)
    wrong = 0
    for _ in range(cells):
        values = rng.normal(0, 1, 80)
        looked = (decide(rule, values[:n]) for n in rule.looks)
        wrong += next((found.why == "sign" for found in looked if not found.goes_on), False)
    assert wrong / cells <= 0.05 + 2 * (0.05 * 0.95 / cells) ** 0.5


# Growing replicates stops by the width of the interval alone, stays honest, and changes nothing but their number.
#
# The rule is tried on made-up differences by the thousand; a comparison that grew is held against one of the same
# size.


SMALL: dict[str, Any] = {"first_seed": FIRST_SEED, "months": 24, "pressures": False, "structures": False}
TRUTH = np.array([0.03, -0.01])


def drawn_pairs(rng: np.random.Generator, replicates: int, kind: str) -> np.ndarray:
    """Return differences of two contrasts that share their luck, with the means of TRUTH."""
    shape = (replicates, 2)
    noise = rng.normal(size=shape) if kind == "normal" else rng.exponential(size=shape) - 1
    return TRUTH + 0.08 * (noise + noise[:, :1]) / 2**0.5


def found_by(rule: Rule, differences_: np.ndarray) -> Stopping:
    """Return where the rule stops on differences that are there already."""
    return grow(rule, lambda look: differences_[: look.replicates])


@pytest.mark.parametrize("kind", ["normal", "skewed"])
def test_intervals_hold_where_growing_stops_by_their_width(kind: str) -> None:
    """The narrow intervals are those with too little spread by luck: stopping at them must not be paid in honesty."""
    rng, tries = np.random.default_rng(11), 150
    rule = Rule(planned_looks(160), precision=0.04)
    looks, held, plain = [], 0, 0
    for _ in range(tries):
        differences_ = drawn_pairs(rng, 160, kind)
        stopping = found_by(rule, differences_)
        looks.append(stopping.look)
        found = adjusted_intervals(differences_[: stopping.replicates], confidence=rule.confidence)
        held += bool(((found.low <= TRUTH) & (found.high >= TRUTH)).all())
        once = adjusted_intervals(differences_[: stopping.replicates])
        plain += bool(((once.low <= TRUTH) & (once.high >= TRUTH)).all())
    assert len(set(looks)) >= 3  # the rule stops here and there: something is tried
    assert held / tries >= CONFIDENCE - 2.5 * (0.05 * 0.95 / tries) ** 0.5
    assert plain < held


def test_whoever_may_stop_at_any_look_is_seldom_wrong() -> None:
    rng, tries = np.random.default_rng(12), 100
    rule = Rule(planned_looks(80), precision=1e-9)
    wrong = 0
    for _ in range(tries):
        differences_ = drawn_pairs(rng, 80, "normal")
        assert found_by(rule, differences_).look == 3  # never so precise: every look is taken
        ends = [adjusted_intervals(differences_[:n], confidence=rule.confidence) for n in rule.looks]
        wrong += any(((end.low > TRUTH) | (end.high < TRUTH)).any() for end in ends)
    assert wrong / tries <= 0.05 + 2.5 * (0.05 * 0.95 / tries) ** 0.5


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 1000), st.floats(0.005, 0.1), st.floats(0.1, 1), st.floats(-1, 1))
def test_it_stops_by_the_width_alone(seed: int, precision: float, finer: float, shift: float) -> None:
    rng = np.random.default_rng(seed)
    differences_ = drawn_pairs(rng, 80, "normal")
    rule = Rule(planned_looks(80), precision=precision)
    stopping = found_by(rule, differences_)
    assert found_by(rule, -differences_) == stopping
    assert found_by(rule, differences_ + shift).look == stopping.look
    assert found_by(Rule(rule.looks, precision=precision * finer), differences_).look >= stopping.look
    assert all(half > precision for half in stopping.half_widths[:-1])
    assert stopping.met == (stopping.half_width <= precision)
    assert stopping.met or stopping.look == len(rule.looks)


def test_each_look_is_told_which_it_is() -> None:
    told: list[Look] = []

    def differences_at(look: Look) -> np.ndarray:
        told.append(look)
        return drawn_pairs(np.random.default_rng(1), look.replicates, "normal")

    stopping = grow(Rule((20, 40, 50), precision=1e-9), differences_at)
    assert [look.replicates for look in told] == [20, 40, 50]
    assert [look.before for look in told] == [float("inf"), *stopping.half_widths[:2]]


@pytest.mark.parametrize("shown", [0, -0.2, float("nan"), float("inf"), 10.1])
def test_what_is_no_precision_is_refused(shown: float) -> None:
    with pytest.raises(ProblemError, match="is not a precision; allowed: a half-width above 0") as error:
        rule_of(shown, 5)
    assert len(error.value.problems) == 2
    assert asked_rule(200, None, None) is None
    with pytest.raises(ProblemError, match="give one of the two"):
        asked_rule(200, 0.2, None)
    with pytest.raises(ProblemError, match="--most says where --precision ends"):
        asked_rule(None, None, 100)


def test_words_follow_the_numbers() -> None:
    rule = rule_of(0.2, 100)
    met, coarse = Stopping(rule, (0.031, 0.0181)), Stopping(rule, (0.05, 0.04, 0.03, 0.0201))
    assert "at look 2 of at most 4, at 40 replicates, where the interval reaches ±0.18" in stopping_sentence(met)
    assert "(at the look before: ±0.31)" in stopping_sentence(met)
    assert "the precision asked for is met" in stopping_sentence(met)
    assert "still reaches ±0.201: the precision asked for, ±0.2, is not met. About 110 would" in stopping_sentence(
        coarse
    )
    assert reached(replace(coarse, half_widths=(0.0200001,))) == "0.200001"
    said = rule_sentence(rule, "prototype-led", "manifesto-led", places=2)
    assert "look at 20, 40, 80 and 100 replicates" in said
    assert "in both places together, reaches no further than ±0.2 of 10" in said
    assert f"taken at {100 * rule.confidence:.1f}%, so that it holds at 95%" in said


@pytest.fixture(scope="module")
def grown() -> Comparison:
    return compare(["generated"], PAIR, precision=0.07, most=90, **SMALL)


def test_it_is_the_comparison_with_as_many_replicates(grown: Comparison) -> None:
    assert grown.stopping is not None
    n = grown.stopping.replicates
    assert 20 < n < 90
    plain = compare(["generated"], PAIR, replicates=n, **SMALL)
    for table in ("runs", "months", "levels"):
        assert_frame_equal(getattr(grown, table), getattr(plain, table), check_exact=True)
    same = ["first", "second", "outcome", "month", "difference", "median_difference", "replicates", "ahead"]
    assert_frame_equal(grown.contrasts.select(same), plain.contrasts.select(same), check_exact=True)
    for portrait, other in zip(grown.portraits.values(), plain.portraits.values(), strict=True):
        assert np.array_equal(portrait.practice_after, other.practice_after)
    moved = plain.contrasts["half_width"] > 0
    assert (grown.contrasts["half_width"] > plain.contrasts["half_width"]).filter(moved).all()
    assert (grown.contrasts["ahead_low"] < plain.contrasts["ahead_low"]).all()


def test_it_stops_at_the_first_look_that_is_precise_enough(grown: Comparison) -> None:
    assert grown.stopping is not None
    rule = grown.stopping.rule
    runs = grown.runs.pivot("route", index="seed", values="practice")
    pairs = (runs[PAIR[0]] - runs[PAIR[1]]).to_numpy()
    halves = [
        float(adjusted_intervals(pairs[:n], confidence=rule.confidence).half_width[0])
        for n in rule.looks[: grown.stopping.look]
    ]
    assert grown.stopping.half_widths == tuple(halves)
    assert halves[-1] <= 0.007 < min(halves[:-1])
    main = grown.contrasts.row(0, named=True)
    assert main["adjusted_high"] - main["difference"] == pytest.approx(halves[-1])
    assert main["precision"] == pytest.approx(0.007)


def test_a_pair_that_was_not_named_beforehand_counts_as_well() -> None:
    found = compare(["generated"], ["none", "blended", "opportunistic"], precision=9, most=40, **SMALL)
    assert found.stopping is not None
    assert (found.stopping.look, found.stopping.met) == (1, True)
    assert "opportunistic minus blended" in found.manifest["stopping"]["said"][0]
    with pytest.raises(ProblemError, match="name two, or leave it out"):
        compare(["generated"], ["none", "blended"], precision=9)


def test_account_report_and_manifest_say_where_it_stopped() -> None:
    found = structured()
    assert found.stopping is not None
    said = stopping_sentence(found.stopping)
    assert found.manifest["stopping"]["said"][1] == said
    assert found.manifest["stopping"]["met"] == found.stopping.met
    assert found.manifest["replicates"] == found.stopping.replicates == 40
    assert said in " ".join(comparison_account(found).split())
    assert said in report_page(found, ())
    assert "asked for is" not in report_page(replace(found, stopping=None), ())


def test_stopping_half_way_keeps_all_looks_and_goes_on(tmp_path: Path, grown: Comparison) -> None:
    plan = plan_comparison(["generated"], PAIR, rule=rule_of(0.07, 90), **SMALL)
    wanted = {tmp_path / folder_of(work) for work, _ in possible_works(plan)}
    stages: list[str] = []

    @contextmanager
    def stage(what: str, _runs: int) -> Iterator[Report | None]:
        stages.append(what)
        yield (lambda _done, _total: os.kill(os.getpid(), signal.SIGINT)) if len(stages) == 2 else None

    with pytest.raises(Interrupted) as stopped:
        carry_out_plan(plan, parts=tmp_path, stage=stage)
    assert stopped.value.total == 80
    assert 40 <= stopped.value.kept < 80
    kept = {path: path.stat().st_mtime_ns for path in tmp_path.glob("*/*/*.parquet")}
    assert {path.parent.parent for path in kept} < wanted
    found = carry_out_plan(plan, parts=tmp_path)
    assert_frame_equal(found.contrasts, grown.contrasts, check_exact=True)
    assert {path: path.stat().st_mtime_ns for path in kept} == kept
    assert stages[0] == "1 place, 2 routes, 20 replicates (look 1 of at most 4)"
    assert re.fullmatch(r"1 place, 2 routes, 40 replicates \(look 2 of at most 4, ±0\.\d\d of 10 so far\)", stages[1])


def test_the_same_work_is_known_again_wherever_it_stopped(grown: Comparison) -> None:
    plan = plan_comparison(["generated"], PAIR, rule=rule_of(0.07, 90), **SMALL)
    assert differences(grown.manifest, work_of(plan)) == []
    finer = plan_comparison(["generated"], PAIR, rule=rule_of(0.01, 90), **SMALL)
    assert differences(grown.manifest, work_of(finer)) == [
        f"rule ±0.07 at 90 replicates at most, from seed {FIRST_SEED} there, "
        f"±0.01 at 90 replicates at most, from seed {FIRST_SEED} here"
    ]
    fixed = plan_comparison(["generated"], PAIR, replicates=grown.manifest["replicates"], **SMALL)
    assert differences(grown.manifest, work_of(fixed))[0].endswith("none here")


@pytest.mark.kills
def test_a_kill_loses_no_look(tmp_path: Path) -> None:
    routes = ("--routes", "manifesto-led", "prototype-led")
    command = ("compare", "gateshead", *routes, *QUICK, "--precision", 0.001, "--most", 160, "--workers", 1)
    process = started(*command, "--out", "x", cwd=tmp_path)
    while process.poll() is None and len(list(tmp_path.glob("x.unfinished/parts/*/runs/*"))) < 2:
        time.sleep(0.002)
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=60)
    assert not (tmp_path / "x").exists()
    done = behaviours(*command, "--out", "x", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "of them kept from before" in done.stderr
    manifest = read_manifest(tmp_path / "x")
    assert manifest is not None
    assert manifest["stopping"]["look"] == 4
    assert manifest["stopping"]["said"][1] in " ".join(done.stdout.split())
    assert "is not met" in manifest["stopping"]["said"][1]
    found = compare(["gateshead"], PAIR[::-1], replicates=160, months=24, pressures=False, structures=False)
    assert found.runs.write_csv() == pl.read_parquet(tmp_path / "x" / "runs.parquet").write_csv()


# Hold what looking several times costs against published factors, and against luck itself.


POCOCK = {1: 1.960, 2: 2.178, 3: 2.289, 4: 2.361, 5: 2.413, 10: 2.555}
"""Pocock (1977), table 1, two-sided 5%, looks at equal distances."""


@pytest.mark.parametrize("looks", POCOCK)
def test_the_factor_is_the_published_one(looks):
    each = confidence_of_each([20 * (k + 1) for k in range(looks)])
    assert normal_factor(each) == pytest.approx(POCOCK[looks], abs=0.002)


@given(st.integers(2, 50), st.integers(0, 2000))
def test_looks_double_and_end_where_asked(first, more):
    looks = planned_looks(first + more, first=first)
    assert looks[0] == first
    assert looks[-1] == first + more
    assert all(later <= 2 * earlier for earlier, later in pairwise(looks))
    assert all(later == 2 * earlier for earlier, later in pairwise(looks[:-1]))


def test_looks_that_can_not_be_planned_are_refused():
    with pytest.raises(ValueError, match="begin at 20 replicates and end at 10"):
        planned_looks(10)


@pytest.mark.slow
@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(1, 400), min_size=1, max_size=6))
def test_more_looks_never_cost_less_and_never_more_than_bonferroni(steps):
    looks = np.cumsum(steps).tolist()
    costs = [1 - confidence_of_each(looks[: k + 1]) for k in range(len(looks))]
    assert all(later <= earlier + 1e-6 for earlier, later in pairwise(costs))
    assert costs[-1] >= 0.05 / len(looks) - 1e-6


@pytest.mark.parametrize("kind", ["normal", "skewed"])
def test_stopping_as_soon_as_the_sign_is_clear_is_seldom_wrong(kind):
    """There is no difference at all; whoever looks until there seems to be one must find none 95 times in 100."""
    rng = np.random.default_rng(5)
    looks = planned_looks(160)
    each, tries = confidence_of_each(looks), 1000
    draws = rng.normal(size=(160, tries)) if kind == "normal" else rng.exponential(size=(160, tries)) - 1
    wrong, naive = np.zeros(tries, dtype=bool), np.zeros(tries, dtype=bool)
    for n in looks:
        found, plain = mean_intervals(draws[:n], confidence=each), mean_intervals(draws[:n])
        wrong |= (found.low > 0) | (found.high < 0)
        naive |= (plain.low > 0) | (plain.high < 0)
    assert wrong.mean() < 0.05 + 2.5 * (0.05 * 0.95 / tries) ** 0.5
    assert naive.mean() > wrong.mean() + 0.03
