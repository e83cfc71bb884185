"""An output folder holds the old complete set of results or the new one, whatever happens in between."""

import json
import os
import random
import resource
import subprocess
import sys
import time
from pathlib import Path

import polars as pl
import pytest

from experiments.manifest import faults, read_manifest, write_manifest
from experiments.swap import exchange, put_in_place, recover
from experiments.workplace import OutputError, Workplace, differences
from tests.experiments.command import QUICK, ROOT, behaviours, surroundings, words

SMALL = ("compare", "gateshead", "--routes", "manifesto-led", "prototype-led", *QUICK, "--replicates", "3")


def _write_one(folder: Path) -> None:
    (folder / "a").write_text("1")


def snapshot(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def held(folder: Path) -> int:
    """Return the number of workers that made the set that a folder holds, every file checked: sets are told by it."""
    assert faults(folder) == []
    manifest = read_manifest(folder)
    assert manifest is not None
    assert {path.name for path in folder.iterdir()} == {*manifest["files"], "manifest.json"}
    seeds = pl.read_parquet(folder / "runs.parquet")["seed"]
    assert seeds.min() == manifest["seeds"]["first"]
    return int(manifest["command"][manifest["command"].index("--workers") + 1])


def test_a_kill_at_any_moment_leaves_the_old_set_or_the_new_one(tmp_path: Path) -> None:
    out, rng = tmp_path / "set", random.Random(5)
    assert behaviours(*SMALL, "--workers", 1, "--out", out, cwd=tmp_path).returncode == 0
    driver = subprocess.Popen(
        [sys.executable, "-m", "tests.experiments.killing"], cwd=ROOT, env=surroundings(), text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip

    def killed(workers: int, watch: object, delay: float) -> bool:
        """Start a comparison, kill it some seconds after `watch` is there, and tell whether it was still running."""
        assert driver.stdin is not None
        assert driver.stdout is not None
        arguments = [*SMALL, "--workers", str(workers), "--out", str(out)]
        driver.stdin.write(json.dumps({"arguments": arguments, "watch": str(watch), "delay": delay}) + "\n")
        driver.stdin.flush()
        return driver.stdout.readline() == "killed\n"

    unfinished = tmp_path / "set.unfinished"
    assert not killed(2, tmp_path, 60.0)  # waits for the driver's imports
    began = time.monotonic()
    assert not killed(3, tmp_path, 60.0)
    whole, last, kills, kept = time.monotonic() - began, 3, 0, 0
    for trial in range(20):
        before = snapshot(out)
        watch, longest = (tmp_path, whole) if trial % 2 else (unfinished / "new", whole / 8)
        kills += killed(last + 1, watch, rng.uniform(0, longest))
        now = held(out)
        assert now in (last, last + 1)
        if now == last:
            assert snapshot(out) == before
            kept += 1
        last = now
    driver.communicate()
    assert kills >= 8
    assert kept >= 3  # killed before the sets were exchanged
    assert behaviours(*SMALL, "--workers", last + 1, "--out", out, cwd=tmp_path).returncode == 0
    assert held(out) == last + 1
    assert [path.name for path in tmp_path.iterdir()] == ["set"]


@pytest.mark.parametrize("limit", [3_000, 30_000])
def test_a_full_disk_leaves_the_old_set(tmp_path: Path, limit: int) -> None:
    """The smaller limit stops the keeping of finished runs, the larger one the writing of the set."""
    out = tmp_path / "set"
    assert behaviours(*SMALL, "--workers", 1, "--out", out, cwd=tmp_path).returncode == 0
    before = snapshot(out)

    def full() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    done = subprocess.run(
        words(*SMALL, "--workers", 2, "--out", out), cwd=tmp_path, env=surroundings(PYTHONDONTWRITEBYTECODE="1"),
        capture_output=True, text=True, preexec_fn=full, timeout=120,
    )  # fmt: skip
    assert done.returncode == 1, done.stderr
    assert "can't be written: File too large" in done.stderr
    assert "are as they were" in done.stderr
    assert "Traceback" not in done.stderr
    assert snapshot(out) == before
    assert held(out) == 1


def test_a_persons_own_files_in_the_folder_are_carried_along(tmp_path: Path) -> None:
    out = tmp_path / "set"
    with Workplace(out) as workplace:
        workplace.publish(_write_one, {})
    for name in ("notes.md", "pictures/one.txt", "figures/mine.png", "nothing/in/it"):
        (out / name).parent.mkdir(parents=True, exist_ok=True)
        (out / name).write_text(name, encoding="utf-8")
    (out / "nothing/in/it").unlink()
    (out / "link").symlink_to("notes.md")

    def write(folder: Path) -> None:
        (folder / "figures").mkdir()
        (folder / "figures" / "ours.png").write_text("new")

    with Workplace(out) as workplace:
        workplace.publish(write, {"again": True})
    for name in ("notes.md", "pictures/one.txt", "figures/mine.png"):
        assert (out / name).read_text(encoding="utf-8") == name
    assert (out / "nothing" / "in").is_dir()
    assert (out / "link").readlink() == Path("notes.md")
    manifest = read_manifest(out)
    assert manifest is not None
    assert manifest["again"]
    assert list(manifest["files"]) == ["figures/ours.png"]


def test_a_persons_own_file_of_the_same_name_is_in_the_way(tmp_path: Path) -> None:
    out = tmp_path / "set"
    with Workplace(out) as workplace:
        workplace.publish(lambda folder: None, {})
    (out / "a").write_text("mine")
    with Workplace(out) as workplace, pytest.raises(OutputError, match=r"holds other files \(a\)"):
        workplace.publish(_write_one, {})
    assert snapshot(out)["a"] == b"mine"
    assert [path.name for path in tmp_path.iterdir()] == ["set"]


def test_folders_that_hold_something_else_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.odt").write_text("years of work", encoding="utf-8")
    (tmp_path / "file").write_text("", encoding="utf-8")
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    for out, why in (
        ("../mine", "holds other files"),
        ("../file", "is a file"),
        (".", "you are in"),
        ("..", "you are in"),
    ):
        with pytest.raises(OutputError, match=why):
            Workplace(Path(out))
    assert (tmp_path / "mine" / "thesis.odt").exists()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "here", "mine"]


def test_one_process_at_a_time(tmp_path: Path) -> None:
    with Workplace(tmp_path / "set"), pytest.raises(OutputError, match="another process"), Workplace(tmp_path / "set"):
        pass
    assert list(tmp_path.iterdir()) == []


def test_a_link_to_a_folder_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    with Workplace(tmp_path / "link") as workplace:
        workplace.publish(_write_one, {"seeds": {"first": 1}})
    assert (tmp_path / "link").is_symlink()
    assert faults(tmp_path / "real") == []


def test_a_failure_while_writing_leaves_the_old_set(tmp_path: Path) -> None:
    def fails(folder: Path) -> None:
        (folder / "a").write_text("2")
        raise OSError(28, "No space left on device")

    with Workplace(tmp_path / "set") as workplace:
        workplace.publish(_write_one, {"seeds": {}})
    with Workplace(tmp_path / "set") as workplace, pytest.raises(OutputError, match="No space left on device"):
        workplace.publish(fails, {"seeds": {}})
    assert (tmp_path / "set" / "a").read_text() == "1"
    assert faults(tmp_path / "set") == []
    assert [path.name for path in tmp_path.iterdir()] == ["set"]


def test_folders_are_exchanged_in_one_step(tmp_path: Path) -> None:
    for name in ("new", "old"):
        (tmp_path / name).mkdir()
        (tmp_path / name / name).write_text("")
    assert exchange(tmp_path / "new", tmp_path / "old")
    assert os.listdir(tmp_path / "old") == ["new"]
    assert os.listdir(tmp_path / "new") == ["old"]
    with pytest.raises(FileNotFoundError):
        exchange(tmp_path / "new", tmp_path / "nowhere")


def test_where_folders_cannot_be_exchanged_a_kill_between_is_mended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    new, old, aside = (tmp_path / name for name in ("new", "old", "aside"))
    for folder in (new, old):
        folder.mkdir()
        (folder / folder.name).write_text("")
    monkeypatch.setattr("experiments.swap.exchange", lambda *_: False)
    put_in_place(new, old, aside)
    assert os.listdir(old) == ["new"]
    assert os.listdir(aside) == ["old"]
    recover(old, aside)  # nothing to mend
    assert os.listdir(old) == ["new"]
    (old / "new").unlink()
    old.rmdir()  # as if killed after the first rename
    recover(old, aside)
    assert os.listdir(old) == ["old"]


def test_a_changed_file_is_found(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("1")
    (tmp_path / "b.csv").write_text("1")
    write_manifest(tmp_path, {})
    assert faults(tmp_path) == []
    (tmp_path / "a.csv").write_text("2")
    (tmp_path / "b.csv").unlink()
    assert faults(tmp_path) == ["a.csv is not what was written", "b.csv is missing"]
    assert faults(tmp_path / "nowhere")


def test_what_differs_between_two_comparisons_is_said() -> None:
    one = {
        "scenarios": {"x": {"hash": "1", "months": 60}}, "routes": {"none": {"hash": "1"}}, "replicates": 20,
        "model": "1", "seeds": {"first": 0, "last": 19},
    }  # fmt: skip
    other = {
        "scenarios": {"x": {"hash": "2", "months": 120}}, "routes": {"none": {"hash": "2"}, "blended": {"hash": "1"}},
        "replicates": 40, "model": "2", "seeds": {"first": 0, "last": 39},
    }  # fmt: skip
    assert differences(one, one) == []
    assert differences(one, other) == [
        "x has 60 months there, 120 here",
        "blended is not among its routes",
        "none has changed",
        "replicates 20 there, 40 here",
        "seeds 0 to 19 there, 0 to 39 here",
        "another version of the model or its libraries",
    ]
