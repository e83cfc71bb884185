"""The page of measurements keeps the parts that are not measured anew, and says who measures what."""

import re
from pathlib import Path

import pytest

from benchmarks import taking
from benchmarks.page import page_of, parts_of
from benchmarks.parts import GROUPS, PARTS
from benchmarks.processes import POINTS, SEEDS, plan
from benchmarks.sweeps import Shares, added_to_runs, shared_luck
from benchmarks.taking import Pair, Patience, Took
from experiments import replicates
from experiments.plan import load_plan

PAGE = (Path(__file__).parents[2] / "docs" / "speed.md").read_text(encoding="utf-8")


def test_a_part_is_written_and_the_others_stay():
    before = {"model": "## Model\n\n1", "months": "## Months\n\n2"}
    page = page_of(before, PARTS)
    assert parts_of(page) == before
    after = parts_of(page) | {"batch": "## Batch\n\n3"}
    assert parts_of(page_of(after, PARTS)) == after
    assert re.findall(r"part: (\w+)", page_of(after, PARTS)) == ["model", "batch", "months"]


def test_every_part_is_on_the_page_and_says_when_it_was_measured():
    assert {*parts_of(PAGE)} >= {"model", "place", "command", *GROUPS["sweeps"]}
    assert list(parts_of(PAGE)) == [name for name in PARTS if name in parts_of(PAGE)]
    assert set().union(*GROUPS.values()) <= set(PARTS)
    for text in parts_of(PAGE).values():
        assert re.search(r"^20\d\d-\d\d-\d\d: \d+ processors, .* load \d+\.\d at the start\.$", text, re.MULTILINE)


@pytest.mark.parametrize(("kind", "points", "replicates"), [(SEEDS, 1, 1_000), (POINTS, 1_000, 10)])
def test_sweeps_are_of_as_many_runs_as_said(tmp_path, kind, points, replicates):
    work = load_plan(plan(tmp_path, kind, replicates=replicates, points=points)).work
    assert work.runs == points * replicates
    assert work.arms[0].what.months == 120


def test_what_a_sweep_adds_is_what_is_not_its_runs():
    before = replicates.simulated
    found = added_to_runs(4, 2, 1)
    assert replicates.simulated is before
    assert len(found) == 1
    assert 0 < found[0].runs < found[0].whole
    assert Shares(whole=3.0, runs=2.0).added == pytest.approx(50)


def test_luck_is_shared_and_drawn_anew_in_turn():
    before = replicates.SHARED
    found = shared_luck(8, 2, 2, organisations=12)
    assert replicates.SHARED is before
    assert [min(pair) > 0 for pair in found] == [True, True]


def test_rounds_are_compared_one_by_one():
    slow, fast = [Took(6.0, 8.0, 0.0), Took(4.0, 4.0, 1.0)], [Took(2.0, 2.0, 0.0), Took(4.0, 1.0, 0.0)]
    assert Pair(slow, fast).ratios == [3.0, 1.0]
    assert Pair(slow, fast).processor_ratios == [4.0, 4.0]


def test_of_several_tries_the_least_disturbed_counts(monkeypatch):
    tries = iter([Took(9.0, 1.0, 0.9), Took(2.0, 1.0, 0.3), Took(7.0, 1.0, 0.5), Took(1.0, 1.0, 0.0)])
    monkeypatch.setattr(taking, "once", lambda action: next(tries))
    assert taking.taken(print, Patience(tries=3)).seconds == 2.0
    assert taking.taken(print, Patience(tries=3)).seconds == 1.0
