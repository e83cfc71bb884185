"""One rule for all that writes: a new or an empty folder, or the same work again; one process at a time."""

import os
import resource
import signal
import subprocess
from pathlib import Path

import pytest

from experiments.cli import main
from experiments.commands.arguments import names_or_paths
from experiments.output_folder import OutputError, free, locked, usable
from experiments.place_writing import write_place
from experiments.run import run, work_of, write_run
from experiments.sweep import sweep
from experiments.template import template_files
from experiments.workplace import Workplace
from simulation.scenario import Scenario
from tests.experiments.command import QUICK, surroundings, words
from tests.experiments.sweep.plans import plan_file

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
    found = run(Scenario(months=2), 5)
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
    out, found = tmp_path / "out", run(Scenario(months=2), 5)
    with Workplace(out) as workplace:
        workplace.begin(work_of(found.scenario, 5))
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
