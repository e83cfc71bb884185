"""What is said of other structures is counted from their contrasts: change the data, and words and figure change."""

import re
from dataclasses import replace

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from experiments.comparison import Comparison, Contrast
from experiments.reporting.comparison import report_page
from experiments.reporting.figures.comparison import draw_structures
from experiments.reporting.figures.style import house_style
from experiments.reporting.robustness import itself, keeping, robustness_sentence, sentences, tried
from experiments.reporting.terminal import comparison_account
from experiments.structures import choices
from simulation.outcomes import difference, interval
from tests.experiments.comparisons import PAIR, contrast, structured, two_places
from tests.experiments.reporting.test_comparison import parsed
from tests.experiments.reporting.test_phrases import WINNING

AHEAD, LEANS, SMALL, OPEN, TURNED = (0.08, 0.01), (0.03, 0.02), (0.003, 0.01), (0.02, 0.05), (-0.08, 0.01)


def name(route: str) -> str:
    return route


def told(main: tuple[float, float], *others: tuple[float, float]) -> str:
    shown = [(f"rule {k}", contrast(*one)) for k, one in enumerate(others)]
    return robustness_sentence(contrast(*main), shown, name)


@pytest.mark.parametrize(
    ("main", "others", "said"),
    [
        (AHEAD, (AHEAD, AHEAD), "with prototype-led ahead, keeps its sign in all 2 other structures"),
        (AHEAD, (AHEAD, LEANS), "all 2 other structures of the model that were tried, in 1 of them no more than "
         "leaning that way."),
        (AHEAD, (AHEAD, SMALL), "1 of 2 other structures of the model that were tried. It changes under 1: there "
         "is no difference that matters under “rule 1”."),
        (AHEAD, (OPEN, TURNED), "none of 2 other structures of the model that were tried. It changes under 2: it is "
         "undecided under “rule 0”; manifesto-led is ahead under “rule 1”."),
        (TURNED, (AHEAD, TURNED), "with manifesto-led ahead, keeps its sign in 1 of 2"),
        (LEANS, (AHEAD, OPEN), "leaning to prototype-led, keeps its sign in 1 of 2"),
        (OPEN, (AHEAD, OPEN), "has no clear sign in the scenario itself. Of 2 other structures of the model that were "
         "tried, prototype-led is ahead under “rule 0”; it is undecided under “rule 1”."),
        (SMALL, (SMALL, SMALL), "there is no difference that matters under “rule 0” and “rule 1”"),
    ],
)  # fmt: skip
def test_the_sentence_counts_the_verdicts(
    main: tuple[float, float], others: tuple[tuple[float, float], ...], said: str
) -> None:
    assert said in told(main, *others)


def test_fewer_than_twenty_pairs_rank_nothing() -> None:
    few = contrast(*AHEAD, replicates=19)
    said = robustness_sentence(contrast(*AHEAD), [("rule", few)], name)
    assert "19 paired runs under each of 1 other structures rank nothing" in said
    assert not WINNING.search(said)
    assert keeping(contrast(*AHEAD), [few]) is None


CONTRASTS = st.builds(contrast, st.floats(-0.2, 0.2), st.floats(0.001, 0.1))


@given(CONTRASTS, st.lists(CONTRASTS, min_size=1, max_size=8))
def test_every_structure_is_counted_once_and_labels_do_not_matter(main: Contrast, others: list[Contrast]) -> None:
    shown = [(f"rule {k}.", one) for k, one in enumerate(others)]
    said = robustness_sentence(main, shown, name)
    kept = keeping(main, others)
    assert robustness_sentence(main.flipped(), [(words, one.flipped()) for words, one in shown], name) == said
    listed = re.findall(r"“rule (\d)\.”", said)
    assert len(listed) == len(set(listed)) == len(others) - (kept or 0)
    for k in map(int, listed):
        one = others[k]
        clear = one.low > 0 or one.high < 0
        beside = one.verdict == "no difference that matters" or not clear
        assert kept is None or beside or (one.difference > 0) != (main.difference > 0)


def test_rows_are_those_of_the_table_the_same_way_round() -> None:
    found = structured()
    rows, main = tried(found, "gateshead"), itself(found, "gateshead")
    assert main is not None
    assert main.early is not None
    assert len(rows) == found.structures["structure"].n_unique() == 18
    assert (main.end.first, main.end.month, main.early.month) == (PAIR[0], 27, 24)
    turned = found.structures.with_columns(
        pl.col("second").alias("first"), pl.col("first").alias("second"), -pl.col("difference"),
        (-pl.col("high")).alias("low"), (-pl.col("low")).alias("high"),
    )  # fmt: skip
    again = tried(replace(found, structures=turned), "gateshead")
    assert [row.end.difference for row in again] == [row.end.difference for row in rows]
    assert rows[0].words == "Small-world network (generated place)"
    assert rows[0].heading == "Relationships (generated place)"
    assert rows[4].words == "Relationships of Barking and Dagenham"


def moved_by(found: Comparison, points: float, structure: str) -> Comparison:
    """Return a comparison whose differences under a structure are others."""
    here = pl.col("structure") == structure
    shift = [pl.when(here).then(pl.col(key) + points).otherwise(pl.col(key)).alias(key)
             for key in ("difference", "low", "high", "adjusted_low", "adjusted_high")]  # fmt: skip
    verdicts = pl.when(here).then(pl.lit("ahead")).otherwise(pl.col("verdict")).alias("verdict")
    return replace(found, structures=found.structures.with_columns(*shift, verdicts))


def test_changed_data_change_account_figure_and_report() -> None:
    found = structured()
    changed = moved_by(found, 1.0, "asynchronous")
    words = "prototype-led is ahead under “One organisation after another”"
    assert words not in " ".join(sentences(found, "gateshead", lambda route: route))
    assert words in " ".join(sentences(changed, "gateshead", lambda route: route))
    assert words.replace("“", '"').replace("”", '"') in " ".join(comparison_account(changed).split())
    with house_style():
        before, after = draw_structures(found, "gateshead"), draw_structures(changed, "gateshead")
    assert before is not None
    assert after is not None
    assert before.title != after.title
    assert before.alt != after.alt


def test_the_figure_stands_on_the_table() -> None:
    with house_style():
        picture = draw_structures(structured(), "gateshead")
    assert picture is not None
    main = itself(structured(), "gateshead")
    assert main is not None
    rows = [main, *tried(structured(), "gateshead")]
    assert picture.table["Structure"].to_list() == [row.words for row in rows]
    assert picture.table["Difference, month 27"].to_list() == [difference("practice", r.end.difference) for r in rows]
    ends = [interval("practice", row.early.low, row.early.high) for row in rows if row.early is not None]
    assert picture.table["95% interval, month 24"].to_list() == ends
    written = {text.get_text() for ax in picture.figure.axes for text in ax.texts}
    assert {"As in the scenario itself", "Noise", "No noise", "Relationships (generated place)"} <= written
    assert "Exploratory, but for the first row at month 27" in picture.caption
    assert len(picture.svg) < 200_000


def test_the_report_holds_every_structure_with_its_numbers() -> None:
    found = structured()
    page = parsed(report_page(found, ()))
    anchors = [heading["id"] for heading in page.of("h2")]
    assert anchors.index("place-gateshead") < anchors.index("structure") < anchors.index("true")
    rows = next(cells for cells in page.tables if cells[0][0] == "Structure")
    titles = {choice.title for choice in choices()} | {"As in the scenario itself"}
    for row, one in zip(rows[1:], [itself(found, "gateshead"), *tried(found, "gateshead")], strict=True):
        assert one is not None
        assert one.title in titles
        assert row[0].startswith(one.title)
        end = one.end
        assert row[3] == f"{difference('practice', end.difference)} {interval('practice', end.low, end.high)}"
        assert row[-1] == str(end.replicates)
    said = " ".join(" ".join(text for _, text in page.texts).split())
    for sentence in sentences(found, "gateshead", lambda route: route):
        assert sentence in said
    assert "networks are tried in the generated place" in said
    assert "this report tried 18, one at a time" in said


def test_without_structures_nothing_is_said_of_them() -> None:
    found = two_places()
    page = parsed(report_page(found, ()))
    assert "structure" not in [heading["id"] for heading in page.of("h2")]
    assert "This report tried one." in " ".join(" ".join(text for _, text in page.texts).split())
    assert tried(found, "gateshead") == []
    assert sentences(found, "gateshead", name) == []
    assert draw_structures(found, "gateshead") is None
