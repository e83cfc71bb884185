"""The dashboard and its peer are measured in one run; what was asked for is compared by the numbers."""

import pytest

from benchmarks.dashboard import Asked, Side, measure, rows
from benchmarks.opening import Opened


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
    assert sum("not met" in row for row in found) == 6  # a first page is asked for warm
    assert found[2].endswith("| under 100 ms: **not met** | 350 ms | 15 ms | 0.0 |")
