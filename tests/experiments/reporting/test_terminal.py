"""What a terminal prints says what was found, and no more."""

import re
from dataclasses import replace
from itertools import combinations

import polars as pl

from experiments.compare import compare
from experiments.comparison import every_pair, in_text, title
from experiments.reporting.comparison import report_page
from experiments.reporting.terminal import comparison_account
from simulation.outcomes import difference
from tests.experiments.comparisons import PAIR, small, small_pictures, two_places, undecided

WINNING = re.compile(r"\b(ahead|lean|leans|higher than|better|best|wins|winner)\b")


def said(text: str) -> str:
    return " ".join(text.split())


def test_no_winner_is_named_where_the_interval_spans_zero() -> None:
    text = said(comparison_account(undecided()))
    verdict = text[text.index("These runs do not decide") :]
    assert not WINNING.search(verdict[: verdict.index("Of ")])


def test_changed_data_change_the_sentence() -> None:
    assert comparison_account(small()) != comparison_account(undecided())
    assert "do not decide" not in said(comparison_account(small())).split("Two years in")[0]


def test_each_place_is_told_and_then_both_together() -> None:
    text = said(comparison_account(two_places()))
    for words in ("Barking and Dagenham, after", "Gateshead, after", "in both places", "Illustrative, not predictive"):
        assert words in text
    assert text.index("in both places") > text.index("Gateshead, after")


def test_a_contrast_that_was_not_named_beforehand_is_called_exploratory() -> None:
    found = small()
    unnamed = replace(found, contrasts=found.contrasts.with_columns(pl.lit(value=False).alias("named_beforehand")))
    assert "No contrast was named beforehand" in said(comparison_account(unnamed))
    assert "Named before any run" in said(comparison_account(found))


def test_medians_and_band_are_those_of_the_comparison() -> None:
    found = small()
    row = found.levels.filter((pl.col("route") == "blended") & (pl.col("outcome") == "practice")).row(0, named=True)
    cell = f"{10 * row['median']:.1f} ({10 * row['low']:.1f} to {10 * row['high']:.1f})"
    assert cell in comparison_account(found)


def test_every_pair_of_routes_has_its_difference_in_the_terminal_and_in_the_report() -> None:
    found, routes = small(), small().routes
    pairs = every_pair(found, "generated")
    assert {frozenset((one.first, one.second)) for one in pairs} == {*map(frozenset, combinations(routes, 2))}
    assert (pairs[0].first, pairs[0].second) == PAIR, "the main pair comes first"
    for text in (comparison_account(found), report_page(found, small_pictures())):
        for one in pairs:
            words = f"{title(found, one.first)} minus {in_text(found, one.second)}"
            line = text[text.rindex(words) :]
            assert difference("practice", one.difference) in line[:400], words


def test_one_route_beside_no_partner_has_its_difference_too() -> None:
    alone = compare(["generated"], ["none", "blended"], replicates=20, months=6, pressures=False, structures=False)
    assert "Blended minus no learning partner" in comparison_account(alone)
    assert "minus" not in comparison_account(compare(["generated"], ["blended"], replicates=2, months=6))
