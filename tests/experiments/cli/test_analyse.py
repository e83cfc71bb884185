"""The command: files written whole, an account, one clear error, and Ctrl-C, in real processes where that counts."""

import json
import signal
import time
from pathlib import Path

import polars as pl
import pytest

from experiments.cli.main import main
from experiments.manifest import faults, read_manifest
from experiments.runner import sweep
from experiments.work import work_of
from simulation.scenario import load_scenario
from tests.experiments.command import behaviours, started
from tests.experiments.sensitivity.samples import ONE, plan, swept

SCENARIO = load_scenario("generated").changed(months=6)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return swept(tmp_path_factory.mktemp("small"), "latin-hypercube", routes=ONE)


@pytest.mark.process
def test_a_sweep_is_run_and_analysed_by_the_command(tmp_path):
    path = plan(tmp_path, "latin-hypercube", routes=ONE)
    assert behaviours("sweep", path, "--out", "mine", "--executor", "serial", cwd=tmp_path).returncode == 0
    done = behaviours("analyse", "mine", "--above", "0.6", "--halves", "1", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "ipyparallel" not in done.stderr
    assert "Warning" not in done.stderr
    assert "What moves practice at the end?" in done.stdout
    assert "It rests on all 96 runs; none failed." in done.stdout
    assert "Prototype-led\n" in done.stdout
    assert "Illustrative, not predictive" in done.stdout
    out = tmp_path / "mine" / "analysis"
    assert done.stdout.rstrip().endswith(f"Report: {Path('mine') / 'analysis' / 'report.html'}")
    names = {file.name for file in out.iterdir()}
    assert names >= {
        "report.html",
        "figures",
        "manifest.json",
        "answers.csv",
        "points.parquet",
        "scores.csv",
        "luck.csv",
    }
    assert faults(out) == []
    assert faults(tmp_path / "mine") == []
    assert not (tmp_path / "mine" / "analysis.unfinished").exists()
    manifest = read_manifest(out)
    assert manifest is not None
    assert manifest["command"] == ["behaviours", "analyse", "mine", "--above", "0.6", "--halves", "1"]
    assert manifest["question"]["above"] == pytest.approx(0.06)
    assert manifest["sweep"]["done"] == 96


def test_json_goes_to_standard_output_and_the_same_analysis_again_replaces_the_first(tmp_path, capsys):
    out = tmp_path / "there"
    arguments = ["analyse", str(swept(tmp_path, "one-at-a-time")), "--out", str(out), "--no-report"]
    assert main([*arguments, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["basis"]["done"] == 24
    assert found["folder"] == str(out)
    (out / "mine.txt").write_text("kept")
    before = (out / "answers.csv").read_bytes()
    assert main([*arguments, "--outcome", "trust"]) == 2
    assert "question.outcome: practice there, trust here" in capsys.readouterr().err
    assert (out / "answers.csv").read_bytes() == before
    assert main(arguments) == 0
    assert "What moves practice at the end?" in capsys.readouterr().out
    assert (out / "mine.txt").read_text() == "kept"
    assert faults(out) == []
    assert pl.read_csv(out / "answers.csv").height == 3


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nowhere"], "holds no sweep"),
        (["SMALL", "--outcome", "practise"], "did you mean 'practice'"),
        (["SMALL", "--month", "3"], "was not kept"),
        (["SMALL", "--out", "SMALL"], "holds a sweep"),
        (["SMALL", "--out", "SMALL/runs"], "holds other files"),
        (["SMALL", "--halves", "-1"], "--halves"),
    ],
)
def test_what_can_not_be_done_is_one_clear_error_and_writes_nothing(small, capsys, arguments, words):
    before = sorted(path.name for path in small.iterdir())
    status = main(["analyse", *(word.replace("SMALL", str(small)) for word in arguments)])
    said = capsys.readouterr()
    assert status == 2
    assert words in said.err
    assert said.out == ""
    assert said.err.count("Error:") == 1
    assert sorted(path.name for path in small.iterdir()) == before


def test_a_sweep_without_runs_or_factors_is_refused(tmp_path, capsys):
    work = work_of([SCENARIO], replicates=2)
    folder = sweep(work, tmp_path / "plain").folder
    assert main(["analyse", str(folder)]) == 2
    assert "nothing varies" in capsys.readouterr().err
    for path in (folder / "runs").iterdir():
        path.unlink()
    assert main(["analyse", str(folder)]) == 2
    assert "no run" in capsys.readouterr().err
    assert not (folder / "analysis").exists()


def test_a_folder_that_can_not_be_written_is_said_to(small, tmp_path, capsys):
    (tmp_path / "file").write_text("")
    assert main(["analyse", str(small), "--out", str(tmp_path / "file")]) == 2
    assert "is a file" in capsys.readouterr().err


@pytest.mark.kills
def test_ctrl_c_stops_it_and_leaves_nothing_half_written(small):
    process = started("analyse", small, "--halves", 5000, cwd=small)
    assert "Analysing" in process.stderr.readline()
    time.sleep(0.5)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=120)
    assert process.returncode == 130
    assert "Stopped." in errors
    assert "Traceback" not in errors
    assert not list(small.glob("analysis*"))


@pytest.mark.process
def test_without_the_workbench_indices_are_given_and_the_rest_is_named(small, tmp_path):
    (tmp_path / "ema_workbench.py").write_text("raise ModuleNotFoundError('not here', name='ema_workbench')\n")
    folder = swept(tmp_path, "sobol", routes=ONE)
    surroundings = {"PYTHONPATH": f"{tmp_path}:{Path(__file__).parents[3]}"}
    done = behaviours("analyse", folder, "--no-report", cwd=tmp_path, **surroundings)
    assert done.returncode == 0, done.stderr
    assert "pip install 'system-behaviours[analysis]'" in done.stdout.replace("\n", " ")
    assert (folder / "analysis" / "indices.csv").is_file()
    assert not (folder / "analysis" / "scores.csv").exists()
    refused = behaviours("analyse", small, cwd=tmp_path, **surroundings)
    assert refused.returncode == 2
    assert "pip install 'system-behaviours[analysis]'" in refused.stderr
    assert "Traceback" not in refused.stderr
