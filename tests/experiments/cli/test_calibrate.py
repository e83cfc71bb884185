"""`behaviours fit` as a person runs it: killed and going on, refused with one clear error, read again."""

import json
import os
import pickle
import signal
import subprocess
import time
from pathlib import Path

import numpy as np
import pytest

from experiments.calibration.abc_smc import HISTORY
from experiments.cli.main import main
from experiments.manifest import faults
from experiments.reporting.result_files import sets_table
from tests.experiments.calibration.fits import PARAMETERS, SETTINGS, from_the_model, known
from tests.experiments.command import started


def survey(folder: Path) -> Path:
    """Write the known observations as a person's table."""
    rows = [
        f"{one.organisation},{one.month},{one.score!r},{one.error!r}" for one in from_the_model().targets.observations
    ]
    path = folder / "survey.csv"
    path.write_text("\n".join(["# scale: 0-1", "organisation,month,score,uncertainty", *rows]) + "\n")
    return path


ASKED = (
    "--scenario", "generated", "--route", "blended", "--set", *SETTINGS, "--parameters", *PARAMETERS,
    "--no-report", "--pilot", 70, "--particles", 45, "--populations", 3,
)  # fmt: skip


def when(there: Path, process: subprocess.Popen[str]) -> None:
    """Wait until a file is there."""
    while process.poll() is None and not there.exists():
        time.sleep(0.01)


@pytest.mark.kills
def test_a_fit_that_is_killed_goes_on_to_the_same_bits_and_refuses_to_become_another(tmp_path, capsys):
    table, out = survey(tmp_path), tmp_path / "fit"
    history = tmp_path / "fit.unfinished" / "parts" / HISTORY
    process = started("fit", table, *ASKED, "--out", out, cwd=tmp_path)
    when(history, process)
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=60)
    assert history.exists()
    assert not out.exists()

    assert main(["fit", str(table), *map(str, ASKED[:-1]), "2", "--out", str(out)]) == 2
    assert "populations 3 there, 2 here" in capsys.readouterr().err

    state = pickle.dumps(np.random.get_state())  # noqa: NPY002
    assert main(["fit", str(table), *map(str, ASKED), "--out", str(out), "--json"]) == 0
    said = capsys.readouterr()
    assert pickle.dumps(np.random.get_state()) == state  # noqa: NPY002
    assert "runs all over the prior" not in said.err
    found = json.loads(said.out)
    assert (out / "sets.csv").read_text() == sets_table(known()).write_csv()
    assert found["unknowns"][0]["verdict"] == "narrowed"
    assert found["manifest"]["observations"]["number"] == 24
    assert found["manifest"]["libraries"]["pyabc"]
    assert faults(out) == []
    assert not (tmp_path / "fit.unfinished").exists()


@pytest.mark.kills
def test_ctrl_c_stops_with_130_and_leaves_nothing_half_done(tmp_path):
    process = started("fit", survey(tmp_path), *ASKED, "--out", tmp_path / "fit", cwd=tmp_path)
    when(tmp_path / "fit.unfinished" / "parts", process)
    process.send_signal(signal.SIGINT)
    said = process.communicate(timeout=60)[1]
    assert process.returncode == 130, said
    assert "the same command goes on" in said
    assert "Traceback" not in said
    assert not (tmp_path / "fit").exists()


@pytest.fixture
def finished(tmp_path):
    """Return a folder that holds the known fit as the command would leave it."""
    from experiments.calibration.plausible_sets import work_of
    from experiments.output_folder import Workplace
    from experiments.reporting.result_files import fit_manifest as manifest_of
    from experiments.reporting.result_files import write_fit

    out = tmp_path / "fit"
    with Workplace(out) as workplace:
        workplace.begin(work_of(known().plan))
        manifest = manifest_of(known())
        workplace.publish(lambda folder: write_fit(known(), folder, manifest, report=False), manifest)
    return out


def test_a_finished_fit_is_read_again_and_never_written_over(finished, tmp_path, capsys):
    table = survey(tmp_path)
    before = (finished / "manifest.json").read_bytes()
    asked = ["fit", str(table), *map(str, ASKED), "--out", str(finished)]
    assert main(asked) == 0
    said = capsys.readouterr()
    assert "finished already" in said.err
    assert said.out.startswith((finished / "account.txt").read_text())
    assert main([*asked, "--offset", "0"]) == 2
    said = capsys.readouterr().err
    assert "nothing is written over: perception_offset from -0.1 to 0.3 there, 0 to 0 here. Name another folder" in said
    assert main([*asked, "--seed", "5", "--route", "none"]) == 2
    assert "first seed 1000000 there, 5 here" in capsys.readouterr().err
    assert (finished / "manifest.json").read_bytes() == before


def test_bad_input_is_one_clear_error_with_every_problem(tmp_path, capsys):
    path = tmp_path / "survey.csv"
    path.write_text("organisation,date,score\norganisation-1,2024-03,11\nnobody,soon,4\n")
    asked = ["fit", str(path), "--scenario", "generated", "--scale", "0-10", "--parameters", "trust_gian", "slip_back"]
    assert main([*asked, "--out", str(tmp_path / "fit")]) == 2
    said = capsys.readouterr().err
    for words in ("5 problems", "line 2, column score", "starts", "'nobody' is not an organisation", "'soon' is not a",
                  "did you mean 'trust_gain'"):  # fmt: skip
        assert words in said, words
    assert "Traceback" not in said
    assert [found.name for found in tmp_path.iterdir()] == ["survey.csv"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nothing.csv", "--scenario", "generated"], "is missing"),
        (["survey.csv"], "name a scenario"),
        (["survey.csv", "--scenario", "gatesheed"], "did you mean 'gateshead'"),
        (["survey.csv", "--scenario", "generated", "--particles", "5"], "--particles"),
        (["survey.csv", "--scenario", "generated", "--out", "survey.csv"], "is a file"),
        (["survey.csv", "--scenario", "generated", "--set", "structure.burn_in_months=0"], "before the programme"),
    ],
)
def test_what_can_not_be_fitted_says_why(arguments, words, tmp_path, monkeypatch, capsys):
    (tmp_path / "survey.csv").write_text("# scale: percent\nmonth,score\n0,40\n")
    monkeypatch.chdir(tmp_path)
    assert main(["fit", *arguments]) == 2
    assert words in capsys.readouterr().err
    assert os.listdir(tmp_path) == ["survey.csv"]
