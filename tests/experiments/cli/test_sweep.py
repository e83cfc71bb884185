"""The commands say what they would do, what they did, and in one line why they can't."""

from typing import NamedTuple

import pytest

from experiments.cli.main import main
from experiments.executors import Cluster, WorkersError
from experiments.plan import load_plan
from experiments.runner import resume, sweep
from tests.experiments.clusters import cluster
from tests.experiments.command import behaviours
from tests.experiments.plans import assert_same, plan_file, runs_of


@pytest.fixture
def command(tmp_path, monkeypatch, capsys):
    """Give a command in a folder of its own, and get its exit status and what it says."""
    monkeypatch.chdir(tmp_path)

    def given(*words):
        capsys.readouterr()
        return Answer(main([str(word) for word in words]), *capsys.readouterr())

    return given


class Answer(NamedTuple):
    status: int
    stdout: str
    stderr: str


def test_a_dry_run_says_how_many_how_long_and_how_much_and_writes_nothing(tmp_path, command):
    plan = plan_file(tmp_path, points=7)
    found = command("sweep", plan, "--dry-run")
    assert found.status == 0, found.stderr
    assert "42 runs: 7 points, 2 scenarios with a route, 3 seeds" in found.stdout
    assert "of computing" in found.stdout
    assert "MB on disk, in 9 parts of about " in found.stdout
    assert [path.name for path in tmp_path.iterdir()] == ["plan.toml"]


def test_a_long_part_is_advised_against(tmp_path, command, monkeypatch):
    monkeypatch.setattr("experiments.cli.sweep.LONG_PART", 1e-9)
    assert "`runs_a_part = " in command("sweep", plan_file(tmp_path), "--dry-run").stdout


def test_a_sweep_goes_from_plan_to_status(tmp_path, command):
    plan = plan_file(tmp_path)
    done = command("sweep", plan, "--out", "mine", "--executor", "threads", "--workers", 2)
    assert done.status == 0, done.stderr
    assert "24 runs, 0 failed" in done.stdout
    assert "24 of 24 runs" in done.stderr
    said = command("status", "mine").stdout
    assert said.startswith("24 of 24 runs, 0 failed\na part of 5 runs took ")
    assert said.endswith("\ncomplete\n")
    plan_file(tmp_path, replicates=4)
    other = command("sweep", plan, "--out", "mine", "--executor", "serial")
    assert other.status == 2
    assert "replicates: 3 there, 4 here" in other.stderr


def test_parts_are_merged_by_the_command(tmp_path, command):
    plan = plan_file(tmp_path)
    command("sweep", plan, "--out", "part-1", "--part", "1/2", "--executor", "serial")
    sweep(plan, tmp_path / "part-2", part=(2, 2))
    sweep(plan, tmp_path / "whole")
    joined = command("merge", "part-1", "part-2", "--out", "joined")
    assert "24 of 24 runs, 0 failed" in joined.stdout, joined.stderr
    assert_same(runs_of(tmp_path / "joined"), runs_of(tmp_path / "whole"))


@pytest.mark.cluster
@pytest.mark.process
def test_a_sweep_runs_on_a_dask_scheduler_s_address_and_says_where_workers_compute_otherwise(tmp_path):
    plan = plan_file(tmp_path)
    work = load_plan(plan).work.model_copy(update={"model_version": 99})
    with cluster(1, "tests.experiments.foreign_worker") as (address, _):
        found = behaviours("sweep", plan, "--out", "there", "--on", address, cwd=tmp_path)
        with pytest.raises(WorkersError, match="the sweep is for model version 99"):
            sweep(work, tmp_path / "other", executor=Cluster(address))
    sweep(plan, tmp_path / "here")
    assert found.returncode == 0, found.stderr
    assert found.stderr.count("a worker's arithmetic differs: results agree to about 1e-9, not to the bit") == 1
    assert_same(runs_of(tmp_path / "there"), runs_of(tmp_path / "here"))
    assert any("arithmetic differs" in note for note in resume(tmp_path / "there").notes)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("sweep", "demand-and-trsut"), "did you mean 'demand-and-trust'"),
        (("sweep", "demand-and-trust"), "--out"),
        (("sweep", "demand-and-trust", "--out", "x", "--part", "4/3"), "4/3"),
        (("status", "nowhere"), "holds no sweep"),
        (("resume", "nowhere"), "holds no sweep"),
    ],
)
def test_what_can_not_be_done_is_said_in_one_line(tmp_path, command, arguments, words):
    found = command(*arguments)
    assert found.status == 2
    assert words in found.stderr
    assert "Traceback" not in found.stderr
    assert list(tmp_path.iterdir()) == []
