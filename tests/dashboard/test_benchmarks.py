"""The dashboard and its peer are measured in one run; what was asked for is compared by the numbers."""

from itertools import islice

import pytest

from benchmarks import crowding, opening
from benchmarks.clicking import on_assumptions, on_place, our_place
from benchmarks.crowding import move_ours, moves
from benchmarks.dashboard import Asked, Side, measure, rows
from benchmarks.opening import OURS_THERE, Opened, first_pages


@pytest.mark.browser
@pytest.mark.slow
def test_both_are_measured_in_one_run(monkeypatch):
    pytest.importorskip("altair", reason="the peer can't be imported without altair: make bench installs it")
    for name, little in (("VISITS", 0), ("REST", 0.1), ("SECONDS_OF_REST", 0.1)):
        monkeypatch.setattr(opening, name, little)
    asked = Asked(uncounted=1, after_change=0, block=2, blocks=1, pages=1, visitors=2, moves=2)
    for side, sliders in zip(measure(asked), (2, 1), strict=True):
        assert [len(taken) for taken in side.sliders.values()] == [2] * sliders
        assert len(side.crowd) == 4


def test_whether_it_is_met_follows_from_the_numbers():
    quick = Side({"A": [10.0, 20.0]}, [Opened(200.0, 500.0)], [Opened(300.0, 900.0)], 1.0, [0.1, 0.2])
    slow = Side({"B": [300.0, 400.0]}, [Opened(1200.0, 1500.0)], [Opened(1300.0, 1900.0)], 4.0, [2.0, 3.0])
    assert "not met" not in "".join(rows(quick, slow))
    found = list(rows(slow, quick))
    assert sum("not met" in row for row in found) == 6  # a first page is asked for warm
    assert found[2].endswith("| under 100 ms: **not met** | 350 ms | 15 ms | 0.0 |")


# The dashboard is timed from end to end by the code that `python -m benchmarks dashboard` uses.


pytestmark = pytest.mark.browser


def test_sliders_are_timed(new_visitor):
    page = our_place(new_visitor().open("/"))
    assert min(*islice(on_assumptions(page), 1), *islice(on_place(page), 1)) > 0


@pytest.mark.usefixtures("browser")  # which skips or fails without Chromium
def test_a_first_page_is_timed_in_a_browser_that_keeps_what_it_has_seen(served, monkeypatch):
    monkeypatch.setattr(opening, "VISITS", 0)
    ((again, fresh),) = first_pages([(served, OURS_THERE)], 1)
    assert len(again) == len(fresh) == 1
    assert 0 < again[0].words < again[0].drawn


def test_a_crowd_is_timed(served, monkeypatch):
    monkeypatch.setattr(crowding, "SECONDS_OF_REST", 0.1)
    found = moves(served, move_ours, 2, 1)
    assert len(found) == 2
    assert min(found) > 0
