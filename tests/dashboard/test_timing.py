"""The dashboard is timed from end to end by the code that `python -m benchmarks dashboard` uses."""

from itertools import islice

import pytest

from benchmarks import crowding, opening
from benchmarks.clicking import on_assumptions, on_place, our_place
from benchmarks.crowding import move_ours, moves
from benchmarks.opening import OURS_THERE, first_pages

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
