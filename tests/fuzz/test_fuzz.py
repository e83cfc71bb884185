"""Whatever is put in: a value or the one clear error, within ten seconds; a sample in `make test`, all in test-full."""

import re
from pathlib import Path
from random import Random

import pytest

from tests.experiments.command import ROOT
from tests.fuzz.__main__ import tally
from tests.fuzz.cases import KINDS, LINES, MAPS, WHOLE, _called, _desk, carry_out, counts
from tests.fuzz.mutation import MUTATIONS

SAMPLE = dict.fromkeys(KINDS, 1_200) | {"words": 250, "result": 250}
"""Of how many cases of all kinds a kind has its share in `make test`; commands take longest."""


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_a_sample(kind: str) -> None:
    assert tally(SAMPLE[kind], [kind])[1] == []


@pytest.mark.full
@pytest.mark.parametrize("kind", KINDS)
def test_the_whole(kind: str) -> None:
    assert tally(WHOLE, [kind])[1] == []


def test_a_case_is_the_same_wherever_it_is_met() -> None:
    for kind in ("place", "map", "plan", "survey"):
        assert carry_out(kind, 1).how == carry_out(kind, 1).how
    whole = MAPS[0]
    for mutation in MUTATIONS:
        assert mutation(whole, Random("x")) == mutation(whole, Random("x"))


def test_a_fault_and_a_hang_are_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(chance: Random, folder: Path) -> str:
        raise IndexError

    def endless(chance: Random, folder: Path) -> str:
        while True:
            chance.random()

    monkeypatch.setattr("tests.fuzz.cases.LONGEST", 0.2)
    monkeypatch.setitem(KINDS, "place", broken)
    assert carry_out("place", 0).how == "traceback"
    monkeypatch.setitem(KINDS, "place", endless)
    assert carry_out("place", 0).how == "hang"


def test_lines_are_whole_before_they_are_spoilt(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(_desk())
    for line in LINES:
        if line[0] in ("list", "status", "check", "schema") or line[:2] == ("place", "check"):
            assert _called(list(line)) == "done"


def test_the_page_tells_of_the_whole_job() -> None:
    text = (ROOT / "docs" / "reliability.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| ([a-z]+)[^|]*\| ([\d,]+) \| ([\d,]+) \| ([\d,]+) \| (\d+) \| (\d+) \|$", text, re.MULTILINE)
    told = {kind: [int(cell.replace(",", "")) for cell in cells] for kind, *cells in rows}
    assert {kind: cells[0] for kind, cells in told.items()} == counts(WHOLE)
    assert [cells[3:] for cells in told.values()] == [[0, 0]] * len(told)
    assert all(cells[0] == sum(cells[1:]) for cells in told.values())
