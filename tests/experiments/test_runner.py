"""The coordinator's memory does not grow with the number of runs."""

import json
import subprocess
import sys
from io import BytesIO

import polars as pl
import pytest

from experiments import chunks, replicates
from experiments.manifest import faults
from experiments.merge import merge
from experiments.output_folder import OutputError
from experiments.runner import resume, sweep
from experiments.store import JOURNAL, SWEEP, Store, SweepError, journal, status
from tests.experiments.command import ROOT, surroundings
from tests.experiments.plans import assert_same, months_of, runs_of, small_work

MOST_MEGABYTES = 40


@pytest.mark.memory
def test_a_million_runs_are_coordinated_in_flat_memory():
    command = [sys.executable, "-m", "tests.experiments.coordinator", "100000", "10"]
    done = subprocess.run(command, cwd=ROOT, env=surroundings(), capture_output=True, text=True, timeout=200)
    assert done.returncode == 0, done.stderr
    assert float(done.stdout) < MOST_MEGABYTES, done.stdout


# A sweep goes on from its folder: nothing is run twice, nothing wrong is kept, another plan is refused.


@pytest.fixture
def whole(tmp_path):
    sweep(small_work(), tmp_path / "whole")
    return tmp_path / "whole"


def stopped_after(folder, runs, work=None):
    """Carry a sweep out until so many runs are stored, then stop it hard."""

    def stop(progress):
        if progress.done >= runs:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sweep(work or small_work(), folder, progress=stop)


def test_a_sweep_that_was_stopped_gives_what_an_uninterrupted_one_gives(tmp_path, whole):
    folder = tmp_path / "stopped"
    stopped_after(folder, 12)
    before = {path: path.stat().st_mtime_ns for path in folder.glob("*/*.parquet")}
    assert 0 < len(runs_of(folder)) < 36
    assert not (folder / "manifest.json").exists()
    found = resume(folder)
    assert (found.kept, found.done, found.total) == (15, 36, 36)
    assert_same(runs_of(folder), runs_of(whole))
    assert months_of(folder).equals(months_of(whole))
    assert {path: path.stat().st_mtime_ns for path in before} == before
    assert faults(folder) == []


def test_the_same_plan_goes_on_and_a_changed_one_is_refused_and_says_what_changed(tmp_path):
    folder = tmp_path / "stopped"
    stopped_after(folder, 10)
    other = small_work().model_copy(update={"replicates": 4, "first_seed": 5})
    with pytest.raises(OutputError, match=r"replicates: 3 there, 4 here; first_seed: 1000000 there, 5 here"):
        sweep(other, folder)
    assert sweep(small_work(), folder).done == 36


def test_status_tells_how_far_a_sweep_is(tmp_path, whole):
    stopped_after(tmp_path / "stopped", 10)
    half, full = status(tmp_path / "stopped"), status(whole)
    assert (half.done, half.runs, half.running, half.complete) == (10, 36, False, False)
    assert (full.done, full.failed, full.complete) == (36, 0, True)
    with Store.opened(whole):
        assert status(whole).running


def test_two_processes_do_not_write_one_sweep(whole):
    with Store.opened(whole), pytest.raises(OutputError, match="another process"):
        resume(whole)


@pytest.mark.parametrize("harm", ["cut", "unnoted", "lost", "emptied", "months"])
def test_a_part_that_is_not_whole_is_run_again(whole, harm):
    before, months = runs_of(whole), months_of(whole)
    path = whole / ("months" if harm == "months" else "runs") / "000003.parquet"
    content = bytearray(path.read_bytes())
    if harm == "lost":
        path.unlink()
    elif harm in ("cut", "months"):
        path.write_bytes(content[:-50])
    elif harm == "emptied":
        path.write_bytes(b"")
    else:
        (whole / JOURNAL).unlink()
        path.write_bytes(content[:40])
    found = resume(whole)
    assert found.kept == 31
    assert_same(runs_of(whole), before)
    assert months_of(whole).equals(months)


def test_a_flipped_bit_is_found_by_the_journal_s_hash(whole):
    before = runs_of(whole)
    path = whole / "runs" / "000002.parquet"
    content = bytearray(path.read_bytes())
    content[60] ^= 4
    path.write_bytes(content)
    assert resume(whole).kept == 31
    assert_same(runs_of(whole), before)


def test_a_part_whose_line_in_the_journal_was_lost_is_kept(whole):
    lines = (whole / JOURNAL).read_text().splitlines(keepends=True)
    (whole / JOURNAL).write_text("".join(lines[:-1]) + lines[-1][:30])
    assert resume(whole).kept == 36
    assert len({entry.number for entry in journal(whole)}) == 8


def test_a_part_with_another_part_s_runs_is_not_believed(whole):
    before = runs_of(whole)
    (whole / "runs" / "000002.parquet").write_bytes((whole / "runs" / "000001.parquet").read_bytes())
    assert resume(whole).kept == 31
    assert_same(runs_of(whole), before)


def test_a_changed_model_whose_version_was_not_raised_is_caught(tmp_path, monkeypatch):
    folder = tmp_path / "stopped"
    stopped_after(folder, 20)
    before = sorted(folder.glob("runs/*"))
    true = chunks.carry_out_chunk

    def changed(work, job):
        finished = true(work, job)
        frame = pl.read_parquet(finished.files["runs"]).with_columns(pl.col("trust") * (1 + 2**-52))
        buffer = BytesIO()
        frame.write_parquet(buffer)
        return finished._replace(files={**finished.files, "runs": buffer.getvalue()})

    monkeypatch.setattr("experiments.runner.carry_out_chunk", changed)
    with pytest.raises(SweepError, match=r"other numbers now \(trust\)"):
        resume(folder)
    assert sorted(folder.glob("runs/*")) == before
    monkeypatch.undo()
    assert resume(folder).done == 36


def test_another_machine_s_arithmetic_is_noted_and_not_refused(tmp_path):
    folder = tmp_path / "stopped"
    stopped_after(folder, 20)
    lines = [json.loads(line) for line in (folder / JOURNAL).read_text().splitlines()]
    (folder / JOURNAL).write_text("".join(json.dumps(line | {"origin": ["other", "x"]}) + "\n" for line in lines))
    assert any("arithmetic differs" in note for note in resume(folder).notes)


def test_failed_runs_are_run_again_only_when_asked(tmp_path, monkeypatch):
    folder, runs = tmp_path / "sweep", small_work(keep="runs")
    true = replicates.run_once

    def failing(scenario, seed, **more):
        return 1 / 0 if seed % 3 == 0 else true(scenario, seed, **more)

    monkeypatch.setattr(replicates, "run_once", failing)
    assert sweep(runs, folder).failed == 12
    rows = runs_of(folder).filter(pl.col("status") == "failed")
    assert set(rows["error"]) == {"ZeroDivisionError: division by zero"}
    assert rows["traceback"].str.contains("Traceback").all()
    monkeypatch.undo()
    assert resume(folder).failed == 12
    assert resume(folder, retry=True).failed == 0
    sweep(runs, tmp_path / "other")
    assert_same(runs_of(folder), runs_of(tmp_path / "other"))


def test_merging_takes_each_run_once_and_says_what_is_missing(tmp_path, whole):
    for i in (1, 2, 3):
        sweep(small_work(), tmp_path / f"part-{i}", part=(i, 3))
    two = merge([tmp_path / "part-1", tmp_path / "part-3", tmp_path / "part-1"], tmp_path / "joined")
    assert two.runs_done == sum(len(runs_of(tmp_path / f"part-{i}")) for i in (1, 3)) < 36
    assert not (tmp_path / "joined" / "manifest.json").exists()
    merge([tmp_path / "part-2"], tmp_path / "joined")
    assert_same(runs_of(tmp_path / "joined"), runs_of(whole))
    assert faults(tmp_path / "joined") == []


def test_merging_refuses_other_plans_and_other_results(tmp_path, whole):
    sweep(small_work().model_copy(update={"first_seed": 7}), tmp_path / "other")
    with pytest.raises(SweepError, match="first_seed"):
        merge([whole, tmp_path / "other"], tmp_path / "joined")
    sweep(small_work(), tmp_path / "twin")
    store = Store.opened(tmp_path / "twin")
    path = store.path("runs", 2)
    pl.read_parquet(path).with_columns(pl.col("trust") + 0.1).write_parquet(path)
    (store.folder / JOURNAL).unlink()
    with pytest.raises(SweepError, match="other results"):
        merge([whole, tmp_path / "twin"], tmp_path / "joined-2")


def test_a_folder_of_a_person_s_own_is_not_written_into(tmp_path):
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(OutputError, match="holds other files"):
        sweep(small_work(), tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_a_folder_that_was_cut_otherwise_is_refused(tmp_path):
    folder = tmp_path / "sweep"
    sweep(small_work(keep="runs"), folder)
    said = json.loads((folder / SWEEP).read_text())
    (folder / SWEEP).write_text(json.dumps(said | {"runs_a_part": 7}))
    with pytest.raises(SweepError, match="another version of this program"):
        resume(folder)
    assert len(runs_of(folder)) == 36
