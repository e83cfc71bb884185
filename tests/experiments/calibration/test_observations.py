"""Dates become programme months."""

import re
from math import sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from experiments.calibration.observations import (
    ALL,
    ERROR_UNKNOWN,
    FEW,
    FIRST_YEAR,
    LAST_YEAR,
    PLACE,
    SPREAD_OF_ANSWERS,
    Month,
    Observation,
    Targets,
    month_from,
    read_targets,
    seeing,
    seen,
    summaries,
    summed_up,
)
from simulation.initial import roster
from simulation.run import simulate
from simulation.scenario import ProblemError, load_scenario
from simulation.scenario.events import Closure
from simulation.vocabulary import BEHAVIOUR_IDS
from tests.experiments.calibration.fits import scenario

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


# Observations are summed up by month: what a summary says is a property of the scores.


def table(people, behaviours=("shared_vision", "shared_power"), months=(3, 9)):
    return [
        Observation(f"organisation-{k}", behaviour, month, 0.0, 0.1)
        for month in months
        for k in range(people)
        for behaviour in behaviours
    ]


@settings(max_examples=25)
@given(st.integers(1, 9), st.integers(0, 99), st.floats(-1, 1))
def test_a_shift_of_all_scores_moves_means_alone(people, seed, shift):
    rows = table(people)
    how = summaries(rows)
    values = np.random.default_rng(seed).random((4, len(rows)))
    moved = summed_up(values + shift, how) - summed_up(values, how)
    for k, one in enumerate(how):
        np.testing.assert_allclose(moved[:, k], shift if one.kind == "mean" else 0, atol=1e-12)


def test_few_organisations_stand_for_themselves_and_many_by_their_spread():
    assert [one.kind for one in summaries(table(FEW, months=(3,)))] == ["mean", "less", "spread"]
    assert [one.what for one in summaries(table(3, (ALL,), (3,)))] == ["mean", "organisation-0", "organisation-1"]
    assert [one.what for one in summaries([Observation(PLACE, ALL, 3, 0.2, 0.1)])] == ["mean"]


def test_what_is_seen_is_what_the_run_recorded():
    what = scenario()
    rows = [
        Observation(PLACE, ALL, 0, 0, 0.1),
        Observation(PLACE, "shared_vision", 12, 0, 0.1),
        Observation("organisation-3", ALL, 24, 0, 0.1),
        Observation("organisation-3", "shared_power", 24, 0, 0.1),
    ]
    run = simulate(what, 5, detail="full")
    place_before, vision, own, cell = seen(run, seeing(Targets(tuple(rows)), roster(what.place).ids))
    assert place_before == run.at("practice", 0)
    assert vision == run.behaviours[run.burn_in + 11, BEHAVIOUR_IDS.index("shared_vision")]
    np.testing.assert_allclose(own, run.practice[run.burn_in + 23, 3].mean())
    assert cell == run.practice[run.burn_in + 23, 3, BEHAVIOUR_IDS.index("shared_power")]


# A person's table of observations is read as it is meant, or refused with all that is wrong at once.


GATESHEAD = load_scenario("gateshead")


@pytest.fixture
def read(tmp_path):
    def reading(text, scenario=GATESHEAD, **options):
        path = tmp_path / "survey.csv"
        path.write_text(text, encoding="utf-8")
        return read_targets(path, scenario, **options)

    return reading


@pytest.fixture
def problems(read):
    def found(text, scenario=GATESHEAD, **options):
        with pytest.raises(ProblemError) as caught:
            read(text, scenario, **options)
        return [re.sub(r"^.*?survey\.csv(, )?", "", str(problem)) for problem in caught.value.problems]

    return found


def test_a_table_with_everything(read):
    notes = []
    found = read(
        "# scale: 1-10\n# starts: 2024-01\norganisation,date,behaviour,score,respondents,uncertainty\n"
        "council,2024-03,shared_vision,5.5,16,\nAdults' social care,2024-03-15,4,1,,0.9\nall,2023-12,all,10,,\n",
        notes=notes,
    )
    one, two, three = found.observations
    assert (one.organisation, one.behaviour, one.month, one.score) == ("council", "shared_vision", 3, 0.5)
    assert one.error == pytest.approx(SPREAD_OF_ANSWERS / sqrt(16))
    assert (two.organisation, two.behaviour, two.score) == ("adult-social-care", "shared_power", 0.0)
    assert two.error == pytest.approx(0.1)
    assert (three.organisation, three.behaviour, three.month, three.score) == (PLACE, ALL, 0, 1.0)
    assert three.error == ERROR_UNKNOWN
    assert found.assumed_errors == 1
    assert any("1 of 3 observations name neither respondents nor uncertainty" in note for note in notes)
    assert (found.scales, found.starts, found.months, found.detail) == (("1-10",), "2024-01", (0, 3), "full")


@pytest.mark.parametrize(("scale", "given"), [("0-1", "0.4"), ("0-10", "4"), ("1-10", "4.6"), ("percent", "40")])
def test_every_scale_says_the_same(read, scale, given):
    (one,) = read(f"month,score\n6,{given}\n", scale=scale).observations
    assert one.score == pytest.approx(0.4)
    assert one.organisation == PLACE


def test_a_scale_a_row(read):
    found = read("month,score,scale\n6,4,0-10\n12,40,percent\n")
    assert [one.score for one in found.observations] == [0.4, 0.4]
    assert found.scales == ("0-10", "percent")


def test_every_problem_at_once_by_line(problems):
    found = problems(
        "# made by hand\norganisation,date,behaviour,score,respondents\n"
        "counci,2024-03,shared_vison,11,0\n,15/03/2024,,,x\nhousing,2020-01,power,3.5%,2.5\n",
        scale="0-10",
        starts="2024-01",
    )
    lines = [(int(text.split(",")[0].removeprefix("line ")), text) for text in found]
    assert sorted({line for line, _ in lines}) == [3, 4, 5]
    said = "\n".join(found)
    for words in (
        "'counci' is not an organisation of this place", "did you mean 'council'?", "did you mean 'shared_vision'?",
        "'11' is outside the scale; allowed: 0 to 10", "line 3, column respondents",
        "column organisation: the cell is blank",
        "'15/03/2024' is not a date; allowed: a month such as 2024-03", "column score: the cell is blank",
        "'x' is not a number", "'power' is not one of the nine behaviours", "has a percent sign",
        "'2020-01' is outside the months that can be run", "'2.5' is not a whole number",
    ):  # fmt: skip
        assert words in said, words


def test_nothing_is_guessed(problems):
    assert "no scale is named for the scores, and it is not guessed" in problems("month,score\n3,4\n")[0]
    assert "nothing says in which month the programme starts" in problems("date,score\n2024-03,4\n", scale="0-10")[0]
    assert "no column says when" in problems("score\n4\n", scale="0-10")[0]
    assert "'4,5' has a decimal comma: write 4.5" in problems("month;score\n3;4,5\n", scale="0-10")[0]


def test_what_contradicts_itself(problems):
    assert "--scale says 1-10" in problems("# scale: 0-10\nmonth,score\n3,4\n", scale="1-10")[0]
    assert (
        "--starts says 2024-01"
        in problems("# starts: 2023-01\ndate,score\n2024-03,4\n", scale="0-1", starts="2024-01")[0]
    )
    assert "stands beside a date" in problems("date,month,score\n2024-03,3,4\n", scale="0-10", starts="2024-01")[0]
    twice = problems("organisation,month,score\ncouncil,3,4\nCOUNCIL,3,5\n", scale="0-10")
    assert "line 3" in twice[0]
    assert "on line 2 too" in twice[0]


def test_an_option_that_is_wrong(problems):
    assert "did you mean '0-10'?" in problems("month,score\n3,4\n", scale="0_10")[0]
    assert problems("date,score\n2024-03,4\n", scale="0-10", starts="January")[0].startswith(
        "--starts: 'January' is not"
    )


def test_an_organisation_that_is_closed_by_then(problems, read):
    closing = GATESHEAD.changed(events=(Closure(month=5, organisation="adult-social-care"),))
    text = "organisation,month,score\nadult-social-care,{},4\n"
    assert "after the scenario's event of month 5 ends it" in problems(text.format(6), closing, scale="0-10")[0]
    assert len(read(text.format(5), closing, scale="0-10").observations) == 1


def test_a_file_that_is_not_there_or_empty(problems, tmp_path):
    with pytest.raises(ProblemError, match="missing"):
        read_targets(tmp_path / "nothing.csv", GATESHEAD)
    assert "empty" in problems("")[0]
    assert "comments and no table" in problems("# scale: 0-10\n")[0]
    assert "no observations" in problems("month,score\n", scale="0-10")[0]


@settings(max_examples=20)
@given(
    st.lists(st.tuples(st.integers(0, 1200), st.floats(0, 10)), min_size=1, max_size=30, unique_by=lambda row: row[0])
)
def test_the_order_of_rows_does_not_count(tmp_path_factory, rows):
    path = tmp_path_factory.mktemp("rows") / "survey.csv"
    hashes = set()
    for some in (rows, rows[::-1]):
        path.write_text("month,score\n" + "".join(f"{month},{score:.4f}\n" for month, score in some))
        hashes.add(read_targets(path, GATESHEAD, scale="0-10").content_hash())
    assert len(hashes) == 1
