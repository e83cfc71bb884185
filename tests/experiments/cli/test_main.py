"""The command as a person meets it: real processes, from an empty folder, in a pipe."""

import json
import os
import pty
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import polars as pl
import pytest

from experiments.cli.main import main
from experiments.cli.options import listed, spread
from experiments.manifest import faults, read_manifest
from experiments.reporting.claims import share_sentence
from tests.experiments.command import QUICK, ROOT, behaviours, started, surroundings, words

SLOW_IMPORTS = {"mesa", "numba", "solara", "matplotlib", "pandas", "polars", "scipy"}
PAIR = ("--routes", "manifesto-led", "prototype-led")


class Done(NamedTuple):
    """How a command ended."""

    returncode: int
    stdout: str
    stderr: str


@pytest.fixture
def inside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Done]:
    """Run the command in this process, in an empty folder: quicker where a process of its own is not the point."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments: object) -> Done:
        status = main([str(argument) for argument in arguments])
        return Done(status, *capsys.readouterr())

    return run


@pytest.fixture(scope="module")
def compared(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, subprocess.CompletedProcess[str]]:
    """Compare two routes in both places at 20 replicates, figures and report and all."""
    folder = tmp_path_factory.mktemp("empty")
    return folder, behaviours(
        "compare", *PAIR, "none", "--replicates", 20, "--months", 30, "--no-structures", cwd=folder
    )


@pytest.mark.process
def test_compare_gives_an_account_and_a_complete_set(compared: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    folder, done = compared
    assert done.returncode == 0, done.stderr
    said = " ".join(done.stdout.split())
    for words_ in (
        "Barking and Dagenham, after 30 months (20 replicates)", "Gateshead, after 30 months (20 replicates)",
        "Of 20 paired runs", "20 paired replicates", "Under other pressures (exploratory, 20 replicates)",
        "Named before any run: prototype-led minus manifesto-led", "Illustrative, not predictive",
        share_sentence("prototype-led", "manifesto-led"),
    ):  # fmt: skip
        assert words_ in said
    out = folder / "results" / "comparison"
    assert said.endswith(f"Report: {out / 'report.html'}")
    names = {path.name for path in out.iterdir()}
    assert {"runs.parquet", "months.parquet", "summary.csv", "manifest.json", "figures", "report.html"} <= names
    assert {path.suffix for path in (out / "figures").iterdir()} == {".svg", ".png"}
    assert faults(out) == []
    assert [path.name for path in (folder / "results").iterdir()] == ["comparison"]


@pytest.mark.process
def test_the_manifest_says_where_results_come_from(compared: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    manifest = read_manifest(compared[0] / "results" / "comparison")
    assert manifest is not None
    assert manifest["seeds"] == {"first": 1_000_000, "last": 1_000_019}
    assert manifest["command"][:2] == ["behaviours", "compare"]
    assert set(manifest["scenarios"]) == {"barking-and-dagenham", "gateshead"}
    assert len(manifest["scenarios"]["gateshead"]["hash"]) == 64
    assert {"numpy", "numba", "mesa", "polars"} <= set(manifest["libraries"])
    assert manifest["version"]
    assert len(manifest["fingerprint"]) == 16
    assert "Illustrative, not predictive" in manifest["caveat"]
    assert os.uname().nodename not in json.dumps(manifest).replace(str(ROOT), "")


@pytest.mark.process
def test_tables_are_tidy(compared: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    out = compared[0] / "results" / "comparison"
    runs, months = pl.read_parquet(out / "runs.parquet"), pl.read_parquet(out / "months.parquet")
    assert runs.shape[0] == 2 * 3 * 20
    assert months.shape[0] == 2 * 3 * 20 * 31
    last = months.filter(pl.col("month") == 30).sort("scenario", "route", "seed")["practice"]
    assert (last - runs.sort("scenario", "route", "seed")["practice"]).abs().max() < 1e-6  # type: ignore[operator]
    summary = pl.read_csv(out / "summary.csv", infer_schema_length=None)
    assert set(summary["route"]) == {"none", "manifesto-led", "prototype-led"}
    assert summary.filter(pl.col("outcome") == "practice")["shown_unit"].unique().to_list() == ["0–10"]


@pytest.mark.process
def test_in_a_pipe_it_is_quiet(compared: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    done = compared[1]
    for sign in ("\r", "\x1b", "━"):
        assert sign not in done.stdout + done.stderr
    lines = [line for line in done.stderr.splitlines() if not line.startswith(("note:", "Compiling"))]
    assert lines[0].startswith("2 places, 3 routes, 20 replicates:")
    assert len(lines) == 3


@pytest.mark.process
def test_on_a_terminal_there_is_a_progress_bar(tmp_path: Path) -> None:
    own, other = pty.openpty()
    process = subprocess.Popen(
        words("compare", "gateshead", *PAIR, *QUICK, "--replicates", 60), cwd=tmp_path, stdout=subprocess.DEVNULL,
        stderr=other, env=surroundings(TERM="xterm", COLUMNS="100"),
    )  # fmt: skip
    os.close(other)
    seen = b""
    try:
        while chunk := os.read(own, 4096):
            seen += chunk
    except OSError:  # the other end is closed
        pass
    assert process.wait(60) == 0
    assert "━".encode() in seen
    assert b"120/120" in seen


def test_the_default_folder_of_another_comparison_is_left_alone(inside: Callable[..., Done], tmp_path: Path) -> None:
    for months in (24, 25, 24):
        done = inside("compare", "gateshead", *PAIR, *QUICK, "--months", months, "--replicates", 2)
        assert done.returncode == 0
    assert sorted(path.name for path in (tmp_path / "results").iterdir()) == ["comparison", "comparison-2"]


def test_another_comparison_in_the_same_folder_says_what_changed(inside: Callable[..., Done]) -> None:
    small = ("compare", "gateshead", *QUICK, "--out", "x")
    assert inside(*small, *PAIR, "--replicates", 2).returncode == 0
    done = inside(*small, "--routes", "none,blended", "--replicates", 3)
    assert done.returncode == 2
    assert "nothing is written over: none is not among its routes" in done.stderr


def test_json_is_json(inside: Callable[..., Done], tmp_path: Path) -> None:
    found = json.loads(inside("compare", "gateshead", *PAIR, *QUICK, "--replicates", 2, "--json").stdout)
    assert found["contrasts"][0]["named_beforehand"] is True
    assert found["contrasts"][0]["verdict"] == "too few replicates"
    assert Path(found["folder"]) == tmp_path / "results" / "comparison"
    assert any(row["outcome"] == "take_off" and row["median"] is None for row in found["levels"])


def test_too_few_replicates_rank_nothing(inside: Callable[..., Done]) -> None:
    said = " ".join(inside("compare", "gateshead", *PAIR, *QUICK, "--replicates", 19).stdout.split())
    assert "19 paired runs rank nothing: it takes 20" in said
    assert "ahead" not in said
    assert "leans" not in said


@pytest.mark.kills
def test_ctrl_c_ends_cleanly_and_the_same_command_goes_on(tmp_path: Path) -> None:
    command = ("compare", "gateshead", *PAIR, *QUICK, "--replicates", 900, "--out", "x", "--workers", 1)
    process = started(*command, cwd=tmp_path)
    while process.poll() is None and not list(tmp_path.glob("x.unfinished/parts/*/runs/*")):
        time.sleep(0.005)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130, err
    assert "Traceback" not in err
    assert "runs are kept in" in err
    assert out == ""
    assert not (tmp_path / "x").exists()
    done = behaviours(*command, cwd=tmp_path)
    assert done.returncode == 0
    assert "of them kept from before" in done.stderr
    whole = behaviours(*command[:-4], "--out", "y", cwd=tmp_path)
    assert whole.returncode == 0
    for name in ("runs.parquet", "months.parquet", "summary.csv", "contrasts.csv"):
        assert (tmp_path / "x" / name).read_bytes() == (tmp_path / "y" / name).read_bytes()


def test_run_shows_one_run(inside: Callable[..., Done], tmp_path: Path) -> None:
    what = ("run", "gateshead", "--route", "blended", "--seed", 7, "--months", 24)
    done = inside(*what, "--out", "r")
    assert done.returncode == 0, done.stderr
    assert "Gateshead: Blended, 24 months, seed 7" in done.stdout
    assert "Illustrative, not predictive" in done.stdout
    assert faults(tmp_path / "r") == []
    assert pl.read_parquet(tmp_path / "r" / "months.parquet").shape[0] == 25
    again = json.loads(inside(*what, "--json").stdout)
    assert again["outcomes"]["practice"] == pl.read_parquet(tmp_path / "r" / "runs.parquet")["practice"][0]


def test_settings_reach_the_model(inside: Callable[..., Done]) -> None:
    options = ("--set", "trust_gain=0", "months=20", "--without", "evidence,windows", "--profile", "lean")
    done = inside("run", "gateshead", *options, "--pressure", "crisis", "--place", "generated", "--json")
    assert done.returncode == 0, done.stderr
    (scenario,) = json.loads(done.stdout)["manifest"]["scenarios"].values()
    assert scenario["months"] == 20
    assert scenario["without"] == ["evidence", "windows"]
    assert scenario["profile"] == "lean"
    assert scenario["pressure"]["name"] == "crisis"
    assert scenario["place"]["name"] == "generated"
    assert any(number["name"] == "trust_gain" and number["value"] == 0 for number in scenario["changed"])


def test_a_place_of_ones_own_can_be_compared_in(inside: Callable[..., Done], tmp_path: Path) -> None:
    shutil.copytree(ROOT / "scenarios" / "places" / "gateshead", tmp_path / "my-town")
    done = inside("compare", "--place", "./my-town", *PAIR, *QUICK, "--replicates", 2, "--json")
    assert done.returncode == 0, done.stderr
    assert list(json.loads(done.stdout)["manifest"]["scenarios"]) == ["my-town"]


@pytest.mark.parametrize(
    "kind", ["places", "routes", "pressures", "scenarios", "plans", "parameters", "behaviours", None]
)
def test_list_shows_what_is_ready(kind: str | None, inside: Callable[..., Done], tmp_path: Path) -> None:
    done = inside("list", *([kind] if kind else []))
    assert (done.returncode, done.stderr) == (0, "")
    assert len(done.stdout.splitlines()) >= 3
    assert json.loads(inside("list", *([kind] if kind else []), "--json").stdout)


@pytest.mark.process
def test_list_works_in_an_empty_folder(tmp_path: Path) -> None:
    done = behaviours("list", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert {"gateshead", "prototype-led", "austerity"} <= set(done.stdout.split())
    assert list(tmp_path.iterdir()) == []


def test_check_and_schema(inside: Callable[..., Done], tmp_path: Path) -> None:
    assert "nothing is wrong" in inside("check", ROOT / "scenarios/places/gateshead").stdout
    (tmp_path / "town").mkdir()
    (tmp_path / "town" / "place.toml").write_text("titel = 'x'\n", encoding="utf-8")
    done = inside("check", "town")
    assert done.returncode == 2
    assert "did you mean 'title'" in done.stderr
    assert json.loads(inside("schema", "route").stdout)["properties"]["phases"]


BAD = {
    "a misspelt scenario": (("compare", "gatehead"), "did you mean 'gateshead'"),
    "a misspelt route": (("compare", "--routes", "blendid", "none"), "did you mean 'blended'"),
    "a misspelt number": (("run", "gateshead", "--set", "trust_gian=0.1"), "did you mean 'trust_gain'"),
    "a number out of range": (("run", "gateshead", "--set", "trust_gain=7"), "allowed: 0 to 1"),
    "a misspelt switch": (("run", "gateshead", "--without", "evidense"), "evidence"),
    "no such profile": (("run", "gateshead", "--profile", "thin"), "full"),
    "no such months": (("run", "gateshead", "--months", "0"), "months"),
    "a route twice": (("compare", "gateshead", "--routes", "none", "none"), "twice"),
    "no such place": (("check", "nowhere"), "is not there"),
    "a file for a folder": (("compare", "--out", "file"), "is a file"),
    "a folder of other things": (("compare", "--out", "mine"), "holds other files"),
    "the folder one is in": (("run", "gateshead", "--out", "."), "the folder you are in"),
    "no precision": (("compare", "--precision", "0"), "'0' is not a precision; allowed: a half-width above 0"),
    "a negative precision": (("compare", "--precision", "-0.2"), "'-0.2' is not a precision"),
    "a precision that is no number": (("compare", "--precision", "nan"), "--precision: 'nan' is not a finite number"),
    "a precision and replicates": (("compare", "--precision", ".2", "--replicates", "200"), "give one of the two"),
    "a precision of nothing": (("compare", "--precision", ".2", "--routes", "none", "blended"), "name two"),
    "an end without precision": (("compare", "--most", "200"), "--most says where --precision ends"),
    "too early an end": (("compare", "--precision", ".2", "--most", "19"), "allowed: 20 or more"),
    "no scenario": (("run",), "name a scenario"),
}
"""What is asked, and what is said of it."""
TYPED = {
    "sweep d --executor proceses": "--executor: 'proceses' is not one of the choices; allowed: processes, threads, "
    "serial; did you mean 'processes'? Try: behaviours sweep --help",
    "export d --to pdf": "--to: 'pdf' is not one of the choices; allowed: csv, parquet, xlsx, duckdb, netcdf.",
    "list rutes": "kind: 'rutes' is not one of the choices; allowed: places, routes,",
    "compare --replicates many": "--replicates: 'many' is not a whole number; allowed: a whole number.",
    "compare --replicates 0": "--replicates: '0' is out of range; allowed: at least 1.",
    "compare --precision fine": "--precision: 'fine' is not a number; allowed: a number.",
    "sweeep d": "'sweep'? Try: behaviours --help",
    "sweep": "Missing argument 'PLAN'. Try: behaviours sweep --help",
    "run gateshead --seeed 3": "--seed",
    "compare --bogus": "No such option: --bogus",
    "comparr": "comparr",
}
"""A wrong word is answered as in a file: the option, the value, what is allowed, the nearest."""
BAD |= {line: (tuple(line.split()), said) for line, said in TYPED.items()}
HELP = (("--help",), ("compare", "--help"), ("run", "-h"), ("list", "--help"), ("--version",))
FORKS = """
import os, sys
import experiments.cli.main
from simulation.launch import main
for k, arguments in enumerate({cases!r}):
    if os.fork() == 0:
        os.chdir(f"{{k}}")
        for stream in (1, 2):
            os.dup2(os.open(f"../{{k}}.{{stream}}", os.O_WRONLY | os.O_CREAT), stream)
        sys.argv = ["behaviours", *arguments]
        try:
            status = main()
        except SystemExit as ended:
            status = ended.code
        sys.stdout.flush(), sys.stderr.flush()
        open(f"../{{k}}.imported", "w").write(" ".join(sys.modules))
        os._exit(status or 0)
    open(f"{{k}}.status", "w").write(str(os.waitstatus_to_exitcode(os.wait()[1])))
"""
"""Every case is a fork of one process that has imported nothing slow, in a folder of its own."""


class Forked(NamedTuple):
    """How a command ended that was forked: with the packages it had imported, and the files it had beside it."""

    done: Done
    imported: set[str]
    files: list[str]


@pytest.fixture(scope="module")
def forked(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, ...], Forked]:
    """Give every bad input and every question for help to a command of its own."""
    here = tmp_path_factory.mktemp("forked")
    cases = [*(arguments for arguments, _ in BAD.values()), *HELP]
    for k in range(len(cases)):
        (here / f"{k}" / "mine").mkdir(parents=True)
        (here / f"{k}" / "file").write_text("", encoding="utf-8")
        (here / f"{k}" / "mine" / "thesis.odt").write_text("", encoding="utf-8")
    code = FORKS.format(cases=cases)
    subprocess.run([sys.executable, "-c", code], cwd=here, env=surroundings(), check=True, timeout=300)

    def read(k: int, what: object) -> str:
        return (here / f"{k}.{what}").read_text(encoding="utf-8")

    return {
        arguments: Forked(
            Done(int(read(k, "status")), read(k, 1), read(k, 2)),
            {name.split(".")[0] for name in read(k, "imported").split()},
            sorted(str(path.relative_to(here / f"{k}")) for path in (here / f"{k}").rglob("*")),
        )
        for k, arguments in enumerate(cases)
    }


@pytest.mark.process
@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_one_clear_error_and_exit_2(name: str, forked: dict[tuple[str, ...], Forked]) -> None:
    arguments, words_ = BAD[name]
    done, imported, files = forked[arguments]
    assert done.returncode == 2, done.stderr
    assert words_ in " ".join(done.stderr.split())
    assert done.stderr.count("Error:") == 1
    assert "Traceback" not in done.stderr
    assert "Value error" not in done.stderr
    assert done.stdout == ""
    assert imported & SLOW_IMPORTS == set()
    assert files == ["file", "mine", "mine/thesis.odt"]


@pytest.mark.process
@pytest.mark.parametrize("arguments", HELP)
def test_help_comes_at_once(arguments: tuple[str, ...], forked: dict[tuple[str, ...], Forked]) -> None:
    done, imported, _ = forked[arguments]
    assert done.returncode == 0
    assert imported & (SLOW_IMPORTS | {"numpy", "rich"}) == set()
    assert "simulation" in imported
    if arguments != ("--version",):
        assert "Examples:" in done.stdout


@pytest.mark.process
def test_no_arguments_show_the_help(tmp_path: Path) -> None:
    done = behaviours(cwd=tmp_path)
    assert "Commands:" in done.stderr
    assert "Error" not in done.stderr


@pytest.mark.process
def test_a_reader_that_goes_away_is_no_error(tmp_path: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)  # gone before a word is said
    done = subprocess.run(
        words("list", "parameters"),
        cwd=tmp_path,
        env=surroundings(),
        stdout=writing,
        stderr=subprocess.PIPE,
        timeout=60,
    )
    os.close(writing)
    assert (done.returncode, done.stderr) == (1, b"")


@pytest.mark.process
def test_the_shell_completes_names(tmp_path: Path) -> None:
    words_ = {"COMP_WORDS": "behaviours run gates", "COMP_CWORD": "2", "_BEHAVIOURS_COMPLETE": "complete_bash"}
    done = behaviours(cwd=tmp_path, **words_)
    assert done.stdout.split() == ["gateshead", "gateshead-austerity"]
    # Typer asks which shell it runs in, so the question is put from within one; the second word keeps bash there.
    code = "import sys; from simulation.launch import main; sys.argv[0] = 'behaviours'; sys.exit(main())"
    asked = subprocess.run(
        ["bash", "-c", '"$0" -c "$1" --show-completion; true', sys.executable, code],
        env=surroundings(),
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert "_BEHAVIOURS_COMPLETE" in asked.stdout, asked.stderr


@pytest.mark.process
def test_the_first_run_says_that_it_compiles_once(tmp_path: Path) -> None:
    code = (
        "import sys, simulation.run\n"
        "simulation.run.simulate = lambda *_: None\n"
        "from experiments.cli.console import compile_once\n"
        "compile_once()"
    )
    for cache, said in ((tmp_path / "cold", True), (None, False)):
        more = {"BEHAVIOURS_CACHE": str(cache)} if cache else {}
        done = subprocess.run(
            [sys.executable, "-c", code], env=surroundings(**more), capture_output=True, text=True, timeout=60
        )
        assert done.returncode == 0, done.stderr
        assert ("happens once" in done.stderr) == said


@pytest.mark.process
def test_warm_compiles(tmp_path: Path) -> None:
    done = behaviours("warm", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, "")
    assert "The model is compiled" in done.stderr


def test_routes_may_be_given_in_any_way() -> None:
    assert listed(spread(["--routes", "a", "b,c"])[1::2]) == ["a", "b", "c"]
    assert spread(["compare", "--routes", "blended", "none", "gateshead"])[-1] == "gateshead"
    assert spread(["compare", "--routes", "blended", "gateshead"]) == ["compare", "--routes", "blended", "gateshead"]
    assert spread(["--routes"]) == ["--routes"]
    assert spread(["compare", "--", "--routes", "a", "b"]) == ["compare", "--", "--routes", "a", "b"]
