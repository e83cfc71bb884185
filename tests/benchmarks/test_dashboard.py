"""The dashboard is measured from end to end, and its peer; what was asked for is compared by the numbers."""

from itertools import islice

import pytest

from benchmarks import crowding, opening
from benchmarks.clicking import on_assumptions, on_place, our_place
from benchmarks.crowding import move_ours, moves
from benchmarks.dashboard import Asked, Side, measure, rows
from benchmarks.opening import OURS_THERE, Opened, first_pages, memory_of_visitors
from tests.browser import chromium
from tests.dashboard.browsing import DESKTOP, Visitor
from tests.dashboard.conftest import browsing
from tests.dashboard.serving import serving


@pytest.mark.browser
def test_ours_is_measured_from_end_to_end(monkeypatch):
    for module in (opening, crowding):
        monkeypatch.setattr(module, "SECONDS_OF_REST", 0.1)
    with serving() as served, chromium() as browser:
        again, fresh = first_pages(browser, served, OURS_THERE, 1)
        with browsing(browser, DESKTOP) as context:
            visitor = Visitor(context, served)
            page = our_place(visitor.open("/"))
            sliders = [*islice(on_assumptions(page), 1), *islice(on_place(page), 1)]
            assert visitor.complaints == []
        crowd = moves(served, move_ours, 2, 1)
        assert (len(again), len(fresh), len(sliders), len(crowd)) == (1, 1, 2, 2)
        assert min(*again[0], *fresh[0], *sliders, *crowd) > 0
        assert abs(memory_of_visitors(served, 2)) < 1_000


@pytest.mark.browser
def test_both_are_measured_in_one_run():
    pytest.importorskip("altair", reason="the peer can't be imported without altair: make bench installs it")
    asked = Asked(uncounted=1, block=2, blocks=1, pages=1, visitors=2, moves=2)
    for side, sliders in zip(measure(asked), (2, 1), strict=True):
        assert [len(taken) for taken in side.sliders.values()] == [2] * sliders
        assert len(side.crowd) == 4


def test_whether_it_is_met_follows_from_the_numbers():
    quick = Side({"A": [10.0, 20.0]}, [Opened(200.0, 500.0)], [Opened(300.0, 900.0)], 1.0, [0.1, 0.2])
    slow = Side({"B": [300.0, 400.0]}, [Opened(1200.0, 1500.0)], [Opened(1300.0, 1900.0)], 4.0, [2.0, 3.0])
    assert "not met" not in "".join(rows(quick, slow))
    found = list(rows(slow, quick))
    assert sum("not met" in row for row in found) == 8
    assert found[2].endswith("| under 100 ms: **not met** | 350 ms | 15 ms | 0.0 |")
