"""Hold what looking several times costs against published factors, and against luck itself."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from experiments.looking import confidence_of_each, planned_looks
from experiments.statistics import mean_intervals, normal_factor

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
