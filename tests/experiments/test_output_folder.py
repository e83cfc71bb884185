"""One rule for all that writes: a new or an empty folder, or the same work again; one process at a time."""

import json
import os
import random
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import polars as pl
import pytest

from experiments.cli.main import main
from experiments.cli.options import names_or_paths
from experiments.cli.place import write_place
from experiments.manifest import faults, read_manifest, write_manifest
from experiments.output_folder import (
    OutputError,
    Workplace,
    differences,
    exchange,
    free,
    locked,
    put_in_place,
    recover,
    usable,
)
from experiments.reporting.result_files import run_once, run_work, write_run
from experiments.runner import sweep
from simulation.scenario import Scenario
from simulation.scenario.library import template_files
from tests.experiments.command import QUICK, ROOT, behaviours, surroundings, words
from tests.experiments.plans import plan_file

PAIR = ("--routes", "none", "blended")
WRITERS = {
    "run": ("run", "generated", "--months", "3"),
    "compare": ("compare", "generated", *PAIR, *QUICK, "--months", "3", "--replicates", "2"),
    "sweep": ("sweep", "PLAN", "--executor", "serial"),
    "map": ("map", "--steps", "2", "--most", "20", "--month", "2", "--no-report"),
    "claims": ("claims", "route-in", "--replicates", "2", "--points", "2", "--no-report", "--workers", "1"),
    "fit": ("fit", "SURVEY", "--scenario", "generated", "--scale", "0-10", "--starts", "2024-01"),
    "analyse": ("analyse", "SWEEP", "--no-report", "--halves", "0"),
    "export": ("export", "SWEEP", "--to", "csv"),
    "merge": ("merge", "SWEEP"),
    "import": ("place", "import", "TIES", "--as", "our-town"),
}
LONG = "a" * 300


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    """What writers read: a plan, its sweep, observations, a stakeholder map; and a run that was written."""
    root = tmp_path_factory.mktemp("library")
    plan = plan_file(root)
    swept = sweep(plan, root / "swept").folder
    (root / "ties.csv").write_text("from,to\nAge UK,Council\nCouncil,Food Bank\n")
    (root / "survey.csv").write_text("month,score\n3,2\n6,3\n9,3\n12,4\n")
    return {"PLAN": plan, "SWEEP": swept, "TIES": root / "ties.csv", "SURVEY": root / "survey.csv"}


@pytest.fixture(params=WRITERS)
def writer(request, library, tmp_path, monkeypatch):
    """A command in a folder of its own, with all that it needs but where to write."""
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    return [str(library.get(word, word)) for word in WRITERS[request.param]]


def tree(root: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() if path.is_file() else b"" for path in root.rglob("*")}


def test_what_is_in_the_way_is_named_and_nothing_is_touched(writer, tmp_path, capsys):
    mine, file, other = tmp_path / "mine", tmp_path / "file.txt", tmp_path / "other"
    for name in ("runs.csv", "results.xlsx", "thesis/one.odt", "lock"):
        (mine / name).parent.mkdir(parents=True, exist_ok=True)
        (mine / name).write_text("years of work: " + "more " * 10)
    file.write_text("mine")
    found = run_once(Scenario(months=2), 5)
    with Workplace(other) as workplace:
        workplace.publish(lambda folder: write_run(found, folder), found.manifest)
    before = tree(tmp_path)
    for out, said in (
        (".", "you are in"), ("..", "you are in"), ("/", "you are in"), (mine, "results.xlsx"), (file, "is a file"),
        (other, ""), (LONG, "File name too long"), ("a\0b", "null byte"),
    ):  # fmt: skip
        assert main([*writer, "--out", str(out)]) == 2, out
        words = capsys.readouterr()
        assert said in words.err, words.err
        assert words.err.count("Error:") == 1
        assert "problem" not in words.err
        assert words.out == ""
        assert tree(tmp_path) == before


def test_while_another_writes_a_folder_nothing_else_may_begin(writer, tmp_path, capsys):
    out = tmp_path / "out"
    for held in (Workplace(out), locked(out)):
        with held:
            assert main([*writer, "--out", str(out)]) == 2
            assert f"another process is writing {out}" in capsys.readouterr().err


def test_where_the_folder_one_is_in_is_gone_that_is_said(writer, tmp_path, capsys):
    (tmp_path / "here").rmdir()
    assert main([*writer, "--out", "out"]) == 2
    assert "is not there any more" in capsys.readouterr().err


@pytest.mark.kills
def test_the_lock_of_a_killed_process_holds_nobody_up(tmp_path):
    out = tmp_path / "out"
    for hold in (Workplace, locked):
        child = os.fork()
        if child == 0:
            hold(out).__enter__()
            os.kill(os.getpid(), signal.SIGKILL)
        assert os.WTERMSIG(os.waitpid(child, 0)[1]) == signal.SIGKILL
        with hold(out) as again:
            assert hold is Workplace or again.left_by == "one"


def test_a_lock_that_is_let_go_and_removed_meanwhile_is_not_taken_for_held(tmp_path, monkeypatch):
    """The one who holds it removes its folder at the end: the file that another has just opened is nobody's then."""
    first = Workplace(tmp_path / "out").__enter__()
    true, opened = Path.open, []

    def late(path, *arguments, **options):
        file = true(path, *arguments, **options)
        if path.name == "lock" and not opened:
            opened.append(file)
            first.__exit__()
        return file

    monkeypatch.setattr(Path, "open", late)
    with Workplace(tmp_path / "out"), pytest.raises(OutputError, match="another process"), Workplace(tmp_path / "out"):
        pass


def test_what_another_puts_there_meanwhile_is_in_the_way_too(tmp_path):
    out, found = tmp_path / "out", run_once(Scenario(months=2), 5)
    with Workplace(out) as workplace:
        workplace.begin(run_work(found.scenario, 5))
        out.mkdir()
        (out / "mine.txt").write_text("just now")
        with pytest.raises(OutputError, match=r"holds other files \(mine\.txt\)"):
            workplace.publish(lambda folder: write_run(found, folder), found.manifest)
    assert tree(out) == {str(out / "mine.txt"): b"just now"}


def test_a_default_folder_is_numbered_where_it_is_taken(tmp_path):
    for name in ("out", "out-2"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "mine.txt").write_text("")

    def check(folder):
        return usable(folder, "map", lambda there: None)

    assert free(tmp_path / "out", check) == tmp_path / "out-3"
    assert free(tmp_path / "new", check) == tmp_path / "new"


@pytest.mark.parametrize("name", ["run", "export", "map", "merge"])
def test_the_same_work_again_is_welcome_and_other_work_is_not(name, library, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    asked = [str(library.get(word, word)) for word in WRITERS[name]]
    other = {
        "run": [*asked, "--seed", "5"], "map": [*asked, "--seed", "5"],
        "export": ["export", "OTHER", "--to", "csv"], "merge": ["merge", "OTHER"],
    }[name]  # fmt: skip
    sweep(plan_file(tmp_path, points=2), tmp_path / "OTHER")
    assert main([*asked, "--out", "out"]) == 0
    before = tree(tmp_path / "out")
    assert main([*other, "--out", "out"]) == 2
    assert "nothing is written over" in capsys.readouterr().err
    assert tree(tmp_path / "out") == before
    assert main([*asked, "--out", "out"]) == 0
    assert tree(tmp_path / "out").keys() == before.keys()


@pytest.mark.parametrize(
    "words",
    [
        ("list",), ("run", "--place", "."), ("compare", "generated"), ("sweep", "PLAN", "--out", "x"), ("status", "x"),
        ("resume", "x"), ("export", "x"), ("analyse", "x"), ("place", "check", "."), ("place", "new", "x"),
        ("dashboard", "--sweep", "x"),
    ],
)  # fmt: skip
def test_in_a_folder_that_is_gone_and_with_overlong_names_every_command_says_so(
    words, library, tmp_path, monkeypatch, capsys
):
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    (tmp_path / "here").rmdir()
    for name in ("x", LONG):
        given = [name if word == "x" else str(library.get(word, word)) for word in words]
        assert main(given) == (0 if words == ("list",) else 2)
        assert capsys.readouterr().err.count("Error:") == (words != ("list",))


def test_routes_may_lie_at_paths_with_spaces_and_commas(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("my routes/a, b.toml", "one two.toml"):
        Path(name).parent.mkdir(exist_ok=True)
        Path(name).write_text("")
    for values, found in (
        (["my routes/a, b.toml", "none"], ["my routes/a, b.toml", "none"]),
        (["none,my routes/a, b.toml blended"], ["none", "my routes/a, b.toml", "blended"]),
        (["one two.toml,none"], ["one two.toml", "none"]),
        (["./not there/a, b.toml"], ["./not there/a, b.toml"]),
        (["none, blendd"], ["none", "blendd"]),
        (["none ./no where.toml, blended"], ["none", "./no where.toml", "blended"]),
        (["nune blendd"], ["nune", "blendd"]),
        ([], []),
    ):
        assert names_or_paths(values, "routes") == found


@pytest.mark.parametrize("name", ["con", "NUL", "aux.txt", "Com1", "lpt9.old", "town.", "town ", "com¹"])
def test_names_that_windows_can_not_have_are_refused_for_places(name, library, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / name).mkdir()
    write_place(template_files("x"), tmp_path / "x")
    for file in (tmp_path / "x").iterdir():
        file.rename(tmp_path / name / file.name)
    before = tree(tmp_path)
    for given in (
        ("place", "new", name), ("place", "import", library["TIES"], "--as", name),
        ("place", "import", library["TIES"], "--as", "fine", "--out", f"sub/{name}"), ("place", "check", f"./{name}"),
        ("run", "--place", f"./{name}"),
    ):  # fmt: skip
        assert main([str(word) for word in given]) == 2
        assert capsys.readouterr().err.count("Error:") == 1
        assert tree(tmp_path) == before


def test_a_place_where_a_scenario_is_meant_says_how_places_are_given(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    write_place(template_files("our-town"), tmp_path / "our-town")
    for command in ("run", "compare", "map"):
        for source in ("our-town", "./our-town", "our-town/place.toml", "./our-town/"):
            assert main([command, source]) == 2
            assert f"--place {source}" in capsys.readouterr().err
    assert main(["run", "generated", "--route", "./our-town"]) == 2
    assert "is a place, and no route" in capsys.readouterr().err


@pytest.mark.kills
@pytest.mark.parametrize("form", ["csv", "xlsx", "duckdb", "netcdf"])
def test_an_export_on_a_full_disk_leaves_nothing_half(form, library, tmp_path):
    out, before = tmp_path / "out", tree(library["SWEEP"])

    def fill():
        resource.setrlimit(resource.RLIMIT_FSIZE, (1_500, 1_500))

    full = subprocess.run(
        words("export", library["SWEEP"], "--to", form, "--out", out), cwd=tmp_path,
        env=surroundings(TMPDIR=str(tmp_path), PYTHONDONTWRITEBYTECODE="1"), capture_output=True, text=True,
        preexec_fn=fill, timeout=100,
    )  # fmt: skip
    assert full.returncode == 1, full.stderr
    assert "can't be written" in full.stderr
    assert "Traceback" not in full.stderr
    assert list(tmp_path.iterdir()) == []
    assert tree(library["SWEEP"]) == before


# An output folder holds the old complete set of results or the new one, whatever happens in between.


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


@pytest.mark.kills
@pytest.mark.parametrize("trials", [8, pytest.param(20, marks=pytest.mark.full)])
def test_a_kill_at_any_moment_leaves_the_old_set_or_the_new_one(trials: int, tmp_path: Path) -> None:
    out, rng = tmp_path / "set", random.Random(5)
    assert behaviours(*SMALL, "--workers", 1, "--out", out, cwd=tmp_path).returncode == 0
    driver = subprocess.Popen(
        [sys.executable, "-m", "tests.experiments.kills"], cwd=ROOT, env=surroundings(), text=True,
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
    for trial in range(trials):
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
    assert kills >= trials * 0.4
    assert kept >= trials * 0.15  # killed before the sets were exchanged
    assert behaviours(*SMALL, "--workers", last + 1, "--out", out, cwd=tmp_path).returncode == 0
    assert held(out) == last + 1
    assert [path.name for path in tmp_path.iterdir()] == ["set"]


@pytest.mark.kills
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
    monkeypatch.setattr("experiments.output_folder.exchange", lambda *_: False)
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
