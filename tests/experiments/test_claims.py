"""The parameters that are named are those along which an effect grows, and none where there is nothing to tell."""

import json
import os
import signal
import time

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from experiments import inference
from experiments.claims import (
    ClaimsPlan,
    Stopped,
    at_defaults,
    carry_out,
    defaults,
    read_runs,
)
from experiments.cli.main import main
from experiments.essay_claims import CLAIMS, chosen
from experiments.executors import Serial
from experiments.inference import FEWEST_TOLD, HOLDS, OPEN, adjusted_intervals
from experiments.manifest import faults
from experiments.output_folder import OutputError
from experiments.reporting.claims import leaning_sentence
from experiments.reporting.result_files import check_folder, write_answer
from experiments.runner import sweep
from experiments.structures import leanings, rank_correlations
from simulation.parameters import PARAMETERS
from tests.experiments.command import started

POINTS = 240


def drawn(seed: int) -> pl.DataFrame:
    """Return points drawn from all plausible ranges."""
    rng = np.random.default_rng(seed)
    return pl.DataFrame({p.name: rng.uniform(p.low or 0.0, p.high or 0.0, POINTS) for p in PARAMETERS if p.swept})


def test_planted_parameters_are_named_with_their_sides():
    design = drawn(1)
    days, pressure = design["partner_days"].to_numpy(), design["initial_pressure"].to_numpy()
    effect = np.where(days > 30, 0.05, 0.0) * np.where(pressure < 1.0, 1.0, 0.2)
    found = leanings(effect, np.where(effect > 0.02, HOLDS, inference.SMALL), design)
    by_name = {one.parameter: one for one in found}
    assert {"partner_days", "initial_pressure"} <= by_name.keys()
    assert by_name["partner_days"].correlation > 0 > by_name["initial_pressure"].correlation
    assert by_name["partner_days"].upper.value > by_name["partner_days"].lower.value
    assert by_name["partner_days"].low < by_name["partner_days"].correlation < by_name["partner_days"].high
    assert "where partner days is high" in leaning_sentence(by_name["partner_days"])
    assert "where initial pressure is low" in leaning_sentence(by_name["initial_pressure"])


def test_nothing_is_named_where_there_is_nothing_to_tell():
    rng, told = np.random.default_rng(7), np.full(POINTS, inference.SMALL)
    named = [bool(leanings(rng.normal(size=POINTS), told, drawn(k))) for k in range(60)]
    assert np.mean(named) < 0.15, "one in twenty is expected"


def test_shares_leave_out_what_can_not_be_told_and_failed_points_do_not_count():
    design = drawn(3)
    days = design["partner_days"].to_numpy()
    told = np.where(days > 32.5, HOLDS, OPEN)
    effect = days / 100
    effect[:5] = np.nan
    (first, *_) = leanings(effect, told, design)
    assert (first.parameter, first.upper.value) == ("partner_days", 1.0)
    assert "none, for none can be told in the lower half" in leaning_sentence(first)
    assert leanings(np.zeros(POINTS), told, design) == ()
    effect[FEWEST_TOLD - 1 :] = np.nan
    assert leanings(effect, told, design) == ()


def test_rank_correlations_are_those_of_scipy():
    from scipy import stats

    rng = np.random.default_rng(2)
    values, effect = rng.random((50, 3)), rng.integers(0, 9, 50).astype(float)
    expected = [stats.spearmanr(values[:, k], effect).statistic for k in range(3)]
    assert rank_correlations(values, effect) == pytest.approx(expected)


# Runs survive anything, and what comes out depends on neither workers nor interruptions nor the other claims.


SMALL = {"seeds": 20, "structure_seeds": 2, "points": 3, "point_seeds": 2, "first_seed": 77}
OPTIONS = [
    "--replicates",
    "20",
    "--structure-replicates",
    "2",
    "--points",
    "3",
    "--point-replicates",
    "2",
    "--seed",
    "77",
]


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """One claim carried out without interruption, in this process."""
    out = tmp_path_factory.mktemp("whole")
    plan = ClaimsPlan(claims=chosen(["route-in"]), **SMALL)
    answer = carry_out(plan, out)
    write_answer(answer, out, report=False)
    return out, answer


class Impatient(Serial):
    """An executor that is told to stop after some chunks."""

    def __init__(self, chunks):
        super().__init__()
        self.left = chunks

    def wait(self):
        self.left -= 1
        if self.left == 0:
            os.kill(os.getpid(), signal.SIGINT)
        return super().wait()


@pytest.mark.parametrize("chunks", [1, 2])
def test_work_that_was_stopped_goes_on_to_the_same_answer(tmp_path, whole, chunks):
    plan = ClaimsPlan(claims=chosen(["route-in"]), **SMALL)
    with pytest.raises(Stopped, match="runs are stored"):
        carry_out(plan, tmp_path, executor=Impatient(chunks))
    assert carry_out(plan, tmp_path).findings == whole[1].findings


@pytest.mark.kills
def test_the_command_is_killed_and_the_same_command_goes_on(tmp_path, whole):
    out = tmp_path / "results"
    process = started("claims", "route-in", *OPTIONS, "--no-report", "--workers", "1", "--out", out, cwd=tmp_path)
    while not list(out.glob("runs/*/runs/*.parquet")) and process.poll() is None:
        time.sleep(0.005)
    process.kill()
    process.communicate()
    stored = {path.name: path.stat().st_mtime_ns for path in out.glob("runs/defaults-*/runs/*.parquet")}
    assert stored
    assert not (out / "claims.csv").exists()
    assert main(["claims", "route-in", *OPTIONS, "--no-report", "--workers", "1", "--out", str(out)]) == 0
    after = {path.name: path.stat().st_mtime_ns for path in out.glob("runs/defaults-*/runs/*.parquet")}
    assert after.items() >= stored.items(), "what was stored is kept"
    for name in ("claims.parquet", "points.parquet"):
        assert_frame_equal(pl.read_parquet(out / name), pl.read_parquet(whole[0] / name))
    assert faults(out) == []


def test_a_row_alone_gives_the_numbers_of_the_table(tmp_path, whole):
    plan = ClaimsPlan(claims=chosen(["route-in", "go-where-the-energy-is"]), **SMALL)
    (row, _), (alone,) = carry_out(plan, tmp_path).findings, whole[1].findings
    assert row == alone


def test_intervals_for_all_claims_hold_together_and_those_for_some_allow_for_the_others(tmp_path):
    name, work = next(defaults(ClaimsPlan(claims=CLAIMS, seeds=8, first_seed=5)))
    runs = read_runs(sweep(work, tmp_path / name).folder)
    every = at_defaults(CLAIMS, runs)
    table = np.column_stack([claim.check.effect(_arms(claim, runs)) for claim in CLAIMS])
    halves = [together.half_width for _, together in every]
    assert halves == pytest.approx(adjusted_intervals(table).half_width)
    for (own, together), claim in zip(every, CLAIMS, strict=True):
        ((alone, allowing),) = at_defaults([claim], runs)
        assert alone == own
        assert allowing.half_width > own.half_width
        assert together.half_width > own.half_width


def _arms(claim, runs):
    return {name: runs[scenario.content_hash()] for name, scenario in claim.scenarios().items()}


def test_precision_stops_when_narrow_enough_or_at_the_cap(tmp_path):
    more = {name: value for name, value in SMALL.items() if name != "seeds"}
    wide = carry_out(ClaimsPlan(claims=chosen(["route-in"]), precision=1.0, most=80, **more), tmp_path)
    stopping = wide.about["stopping"]
    assert (stopping["planned"], stopping["taken"], stopping["too_wide"]) == ([20, 40, 80], [20], [])
    assert 0.95 < stopping["confidence"] < 1
    fine = carry_out(ClaimsPlan(claims=chosen(["route-in"]), precision=0.001, most=40, **more), tmp_path / "fine")
    assert fine.about["stopping"]["taken"] == [20, 40]
    assert fine.about["stopping"]["too_wide"] == ["route-in"]
    assert fine.findings[0].seeds == 40


def test_results_open_in_anything_and_say_what_they_are(whole):
    out, answer = whole
    said = pl.read_csv(out / "dictionary.csv")
    for table in ("claims", "structures", "points"):
        columns = pl.read_csv(out / f"{table}.csv").columns
        assert columns == said.filter(pl.col("table") == table)["column"].to_list()
    data = json.loads((out / "claims.json").read_text())
    assert data["claims"][0]["effect"] == answer.findings[0].effect
    assert pl.read_parquet(out / "points.parquet").height == 3
    assert pl.read_csv(out / "claims.csv")["command"].item() == f"behaviours claims route-in {' '.join(OPTIONS)}"
    assert faults(out) == []


def test_a_folder_of_other_things_is_refused(tmp_path, whole):
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(OutputError, match="holds other files"):
        check_folder(tmp_path)
    check_folder(whole[0])
    check_folder(tmp_path / "new")


def test_the_command_says_what_is_wrong_and_what_it_would_do(tmp_path, whole, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(["claims", "--list"]) == 0
    listed = capsys.readouterr().out
    assert all(claim.name in listed and claim.quote.split()[0] in listed for claim in CLAIMS)
    for arguments, words in (
        (["rout-in"], "route-in"),
        (["--precision", "0"], "--precision"),
        (["--precision", "0.2", "--replicates", "9"], "leave out --replicates"),
        (["--most", "40"], "goes with --precision"),
        (["--points", "0"], "--points"),
    ):
        assert main(["claims", *arguments]) == 2
        assert words in capsys.readouterr().err
    assert main(["claims", "route-in", *OPTIONS, "--points", "4", "--out", str(whole[0])]) == 2
    assert "points: 3 there, 4 here" in capsys.readouterr().err
    assert main(["claims", "route-in", *OPTIONS, "--dry-run"]) == 0
    assert "runs of 1 claim in all" in capsys.readouterr().out
    assert not list(tmp_path.iterdir())


def test_json_has_every_number_and_word(whole, capsys):
    out, answer = whole
    assert main(["claims", "route-in", *OPTIONS, "--no-report", "--json", "--out", str(out)]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["about"]["claims"] == 1
    assert said["claims"][0]["low"] == answer.findings[0].low
    assert said["claims"][0]["sentence"]
