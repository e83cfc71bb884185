"""Comparing: the same bits as the command line, fair and bounded jobs that stop, words computed from numbers."""

import shlex
import subprocess
import threading
from collections.abc import Callable
from pathlib import Path
from time import process_time

import numpy as np
import polars as pl
import pytest

from dashboard.address import Settings, from_query
from dashboard.charts.bars import Bar, losses_chart
from dashboard.charts.drawing import round_ends
from dashboard.charts.lines import difference_chart
from dashboard.jobs import Job, Jobs
from dashboard.pages.compare import command
from dashboard.pages.compare.collection import (
    LONGEST_NAME,
    MOST,
    NAMED,
    Named,
    opened,
    with_named,
    without_named,
)
from dashboard.pages.compare.outcome import chance_words, contrast_words, loss_said, losses_words
from dashboard.pages.compare.question import (
    DIFFERENCE,
    INGREDIENTS,
    USUAL,
    Arm,
    Asked,
    asked,
    asked_of_ingredients,
    ingredient_routes,
    ingredient_title,
    pair_of,
    pairs_to_read,
)
from dashboard.pages.compare.results import (
    End,
    Found,
    KeptBlocks,
    Loss,
    contrasts,
    difference_path,
    end_of,
    kept_found,
    losses,
    work_of,
)
from dashboard.runs import chosen
from simulation.parameters import PARAMETERS
from simulation.run import simulate
from simulation.scenario import ProblemError, Scenario
from tests.dashboard.server_process import COMMAND

SMALL = Settings(paired=20, months=24, compare=("none", "manifesto-led", "prototype-led"))
MAIN = ("prototype-led", "manifesto-led")
LONG = SMALL.changed(paired=200, months=600)


def begun(settings: Settings, kept: KeptBlocks, asking: Callable[[Settings, Scenario], Asked] = asked) -> Job[Found]:
    work = work_of(asking(settings, chosen(settings).scenario), kept)
    return Jobs("comparison", workers=2).start(work, owner="me")


def done(settings: Settings, kept: KeptBlocks) -> Found:
    job = begun(settings, kept)
    assert job.ended.wait(60)
    assert job.error == ""
    assert job.found is not None
    return job.found


@pytest.fixture(scope="module")
def kept() -> KeptBlocks:
    return KeptBlocks()


@pytest.fixture(scope="module")
def found(kept: KeptBlocks) -> Found:
    return done(SMALL, kept)


def test_the_usual_routes_are_compared_in_the_pair_named_beforehand() -> None:
    assert USUAL == ("none", "manifesto-led", "prototype-led")
    assert pair_of(Settings()) == ("prototype-led", "manifesto-led")
    assert pairs_to_read(USUAL)[0] == ("prototype-led", "manifesto-led")
    assert pair_of(Settings(pair=("none", "manifesto-led"))) == ("manifesto-led", "none")
    assert pair_of(Settings(compare=("blended",))) is None
    assert ingredient_routes(Settings(taken_from="manifesto-led")) == ("manifesto-led",)
    assert ingredient_routes(Settings(taken_from=DIFFERENCE)) == ("prototype-led", "manifesto-led")
    assert ingredient_routes(Settings(compare=("blended",), taken_from="none")) == ("blended",)


@pytest.mark.slow
def test_the_numbers_are_the_same_bits_as_the_command_lines(found: Found, tmp_path: Path) -> None:
    line = command(SMALL, found.asked)
    assert line is not None
    words = shlex.split(line)
    assert words[:2] == ["behaviours", "compare"]
    out = tmp_path / "out"
    subprocess.run([*COMMAND, *words[1:], "--no-report", "--out", str(out)], check=True, capture_output=True)
    runs = pl.read_parquet(out / "runs.parquet")
    for route in USUAL:
        there = runs.filter(pl.col("route") == route).sort("seed")
        assert there["seed"].to_list() == list(found.asked.seeds)
        for outcome in ("practice", "trust", "reach"):
            assert there[outcome].to_numpy().tobytes() == found.values(Arm(route), outcome, 24).tobytes()
    table = pl.read_csv(out / "contrasts.csv")
    for month in (12, 24):
        for row in contrasts(found, pairs_to_read(USUAL), "practice", month, together=False):
            same = table.filter(pl.col("first") == row.first, pl.col("second") == row.second,
                                pl.col("outcome") == "practice", pl.col("month") == month)  # fmt: skip
            assert same["difference"].to_list() == [row.difference]
            ends = [*same["low"], *same["high"]]  # resampled with other columns beside: a last digit may differ
            assert ends == pytest.approx([row.low, row.high], rel=1e-12)


@pytest.mark.parametrize(
    "settings",
    [
        Settings(scenario="gateshead", pressure="austerity", months=36, profile="lean", seed=1_000_020),
        Settings(influence="linear", parameters=(("initial_trust", 0.35), ("trust_gain", 0.1))),
        Settings(scenario="gateshead", place="barking-and-dagenham"),
    ],
)
def test_the_command_makes_the_same_scenario(settings: Settings) -> None:
    from experiments.cli.main import app  # noqa: F401 (the command line is there)

    line = command(settings, asked(settings, chosen(settings).scenario))
    assert line is not None
    assert all(name in line for name, _ in settings.parameters)
    assert ("--seed" in line) == (settings.seed != Settings().seed)


def test_no_command_is_told_where_none_is_the_same() -> None:
    scenario = chosen(Settings()).scenario
    settings = Settings(place=f"sha-{'0' * 64}")
    assert command(settings, asked(settings, scenario)) is None
    other = Settings(parameters=(("trust_gain", 0.1),))
    assert command(other, asked(other, scenario)) is None


def test_every_run_is_the_one_of_its_seed(found: Found) -> None:
    scenario = found.asked.scenario(Arm("prototype-led"))
    seed = found.asked.seeds[7]
    run = simulate(scenario, seed)
    assert found.values(Arm("prototype-led"), "practice", 24)[7] == run.at("practice", 24)
    assert found.paths(Arm("prototype-led"), "trust")[7, 12] == np.float32(run.at("trust", 12))


def test_what_was_run_is_there_at_once_and_more_seeds_run_only_what_is_new(kept: KeptBlocks, found: Found) -> None:
    again = kept_found(found.asked, kept)
    assert again is not None
    assert difference_path(again, MAIN, "practice").tobytes() == difference_path(
        found, MAIN, "practice").tobytes()  # fmt: skip
    more = SMALL.changed(paired=40, compare=("none", "manifesto-led", "blended"))
    assert kept_found(asked(more, chosen(more).scenario), kept) is None
    job = begun(more, kept)
    assert job.ended.wait(60)
    assert (job.done, job.ran) == (120, 80)
    with pytest.raises(ValueError, match="read-only"):
        found.runs[Arm("none")].ends[0] = 1


def test_what_is_kept_is_bounded() -> None:
    kept = KeptBlocks(most_bytes=1)
    found = done(SMALL, kept)
    assert len(kept) == 1
    assert kept_found(found.asked, kept) is None


def test_a_cancel_stops_the_processor_within_a_second() -> None:
    job = begun(LONG, KeptBlocks())
    ran = threading.Event()
    while job.ran < 5:
        ran.wait(0.01)
    job.cancel()
    assert job.ended.wait(1)
    before, told = process_time(), job.done
    ran.wait(0.5)
    assert process_time() - before < 0.1
    assert (job.done, job.found, job.cancelled) == (told, None, True)
    assert 5 <= told < job.total


def test_what_can_not_be_run_is_said() -> None:
    with pytest.raises(ProblemError, match="more than this machine keeps"):
        begun(LONG.changed(taken_from=DIFFERENCE), KeptBlocks(), asked_of_ingredients)


def test_an_ingredient_taken_away_is_the_switch_of_the_command_line(kept: KeptBlocks) -> None:
    settings = SMALL.changed(months=6, taken_from="prototype-led")
    job = begun(settings, kept, asked_of_ingredients)
    assert job.ended.wait(60)
    assert job.found is not None
    rows = losses(job.found, ("prototype-led",), "practice", 6)
    assert {row.ingredient for row in rows} == set(INGREDIENTS)
    assert [abs(row.mean) for row in rows] == sorted((abs(row.mean) for row in rows), reverse=True)
    loss = next(row for row in rows if row.ingredient == "social")
    with_it, without = (
        np.array([simulate(what, seed).at("practice", 6) for seed in job.asked.seeds])
        for base in [job.asked.scenario(Arm("prototype-led"))]
        for what in (base, base.changed(without=("social",)))
    )
    assert loss.mean == pytest.approx((with_it - without).mean(), abs=1e-15)
    assert loss.low < loss.mean < loss.high


def test_intervals_that_hold_together_are_the_wider_ones(found: Found) -> None:
    pairs = pairs_to_read(USUAL)
    for one, all_ in zip(*(contrasts(found, pairs, "practice", 24, together=t) for t in (False, True)), strict=True):
        assert one.difference == all_.difference
        assert all_.low <= one.low <= one.high <= all_.high
    flipped = contrasts(found, [(b, a) for a, b in pairs], "practice", 24)
    assert [row.difference for row in flipped] == [-row.difference for row in contrasts(found, pairs, "practice", 24)]


def test_words_follow_the_numbers(found: Found) -> None:
    (row,) = contrasts(found, [("prototype-led", "manifesto-led")], "practice", 24)
    gap = abs(row.difference)
    wide, narrow = End(0.2, 0.1, 0.1 + 3 * gap, 0.2), End(0.2, 0.1, 0.1 + 0.5 * gap, 0.2)
    assert "much further than the route does" in chance_words(row, (wide, wide))
    assert "the route moves the outcome further than chance" in chance_words(row, (narrow, narrow))
    assert "only with manifesto-led" in chance_words(row, (narrow, wide))
    (pressed,) = contrasts(found, [("prototype-led", "none")], "trust", 24)
    assert "ahead" not in contrast_words(pressed)
    up, down = Loss("social", 0.1, 0.05, 0.15, "ahead"), Loss("talk-damage", -0.1, -0.2, -0.05, "ahead")
    unsure = Loss("vision", 0.01, -0.1, 0.1, "undecided")
    said = losses_words([up, down, unsure], "practice", "blended", 24)
    assert "raised most by neighbours’ example (+1.00" in said
    assert "lowered most by harm of talking too early (−1.00" in said
    assert said.endswith("The other is too small to matter, or these runs do not decide.")
    assert "can be told from chance" in losses_words([unsure], "practice", "blended", 24)
    assert (loss_said(up), loss_said(down), loss_said(unsure)) == ("raises it", "lowers it", "undecided")


def test_every_ingredient_has_a_name_in_plain_words_of_its_own() -> None:
    assert len({ingredient_title(name) for name in INGREDIENTS} - {""}) == len(INGREDIENTS)


def test_charts_hold_the_numbers(found: Found) -> None:
    path = difference_path(found, ("prototype-led", "manifesto-led"), "practice")
    drawn = difference_chart(path, "practice", first="a", second="b", title="T", month=24)
    assert len(drawn.rows) == 25
    assert drawn.rows[24][1] == pytest.approx(10 * path[0, 24], abs=1e-4)
    low, high = drawn.option["yAxis"]["min"], drawn.option["yAxis"]["max"]
    assert low <= 10 * path[1].min() <= 10 * path[2].max() <= high
    bars = [Bar("One", 0.3, 0.1, 0.5, "raises it"), Bar("Two", -0.01, -0.1, 0.1, "undecided")]
    bar_chart = losses_chart(bars, "practice", title="T", description="D")
    colours = [bar["itemStyle"]["color"] for bar in bar_chart.option["series"][0]["data"]]
    assert colours[0] != colours[1]
    assert bar_chart.rows[0] == ["One", 3.0, 1.0, 5.0, "raises it"]
    assert bar_chart.option["xAxis"]["min"] <= -1
    assert round_ends(0.0, 0.0)[2] > 0


def test_an_end_is_a_median_with_nine_runs_in_ten(found: Found) -> None:
    end = end_of(found, "none", "practice", 24)
    values = found.values(Arm("none"), "practice", 24)
    assert end.median == np.median(values)
    assert end.low <= end.median <= end.high


def test_named_comparisons_fit_into_the_address_and_come_back() -> None:
    settings = Settings(scenario="gateshead", compare=("blended", "none"), paired=60, decisions="1.x")
    named = with_named(with_named((), " First  look ", settings), "Other “ö”", Settings())
    assert [one.name for one in named] == ["First look", "Other “ö”"]
    back = from_query(Settings(named=NAMED.to_text(named)).to_query())
    assert back.notes == ()
    assert NAMED.from_text(back.settings.named) == named
    assert named[0].settings.decisions == ""
    assert named[0].settings.compare == ("blended", "none")
    assert without_named(named, "First look") == named[1:]
    assert NAMED.to_text(()) == ""
    assert with_named(named, "First look", Settings())[-1] == Named("First look", Settings())
    many = tuple(Named(str(k), Settings()) for k in range(MOST + 3))
    assert len(NAMED.from_text(NAMED.to_text(many))) == MOST
    assert len(with_named((), "x" * 99, Settings())[0].name) == LONGEST_NAME


def test_opening_a_named_comparison_changes_nothing_that_other_pages_keep() -> None:
    set_elsewhere = Settings(decisions="1.x", branch=2, intent="1.y", repeats=30, organisation="a", colour="pressure",
                             find="trust", mechanism="all", within="trust~1~2", axis="trust", point=7)  # fmt: skip
    (one,) = with_named((), "First", Settings(scenario="gateshead", pair=("blended", "none"), decisions="1.z", point=3))
    found = opened(one, set_elsewhere)
    assert (found.scenario, found.pair) == ("gateshead", ("blended", "none"))
    assert found.changed(scenario=set_elsewhere.scenario, pair=()) == set_elsewhere


def test_as_many_named_comparisons_as_there_can_be_of_every_number_set_by_hand_come_back() -> None:
    numbers = {one.name: one.default + (one.hard_high - one.default) / 7 for one in PARAMETERS[:60]}
    named: tuple[Named, ...] = ()
    for k in range(MOST):
        named = with_named(named, str(k), Settings(seed=k).changed(parameters=numbers.items()))
    assert NAMED.from_text(NAMED.to_text(named)) == named
