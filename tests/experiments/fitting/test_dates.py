"""Dates become programme months."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from experiments.fitting.dates import FIRST_YEAR, LAST_YEAR, Month, month_from

months = st.builds(Month, st.integers(FIRST_YEAR, LAST_YEAR), st.integers(1, 12))


@given(months)
def test_a_month_is_read_as_it_is_written(month):
    assert month_from(str(month)) == month
    assert month_from(f"{month}-09") == month


@given(months, st.integers(-600, 600))
def test_after_and_since_undo_one_another(month, number):
    assert month.after(number).since(month) == number


@pytest.mark.parametrize(
    "text", ["15/03/2024", "Mar-24", "2024-13", "2024-00", "2024-02-30", "2024", "24-03", "1024-01", ""]
)
def test_what_is_no_date(text):
    assert month_from(text) is None
