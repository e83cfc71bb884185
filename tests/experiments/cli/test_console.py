"""Whoever listens, in whatever code page, with whatever home: the work is done and said."""

import io
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import polars as pl
import pytest

from experiments.cli.console import Stream
from experiments.cli.main import main
from simulation import home
from simulation.scenario import load_place
from tests.experiments.command import surroundings, words

pytestmark = pytest.mark.process

TITLE = "\u6771\u4eac \u2013 \U0001f3d8 caf\u00e9 \u201cTow$n\u201d"
RUN = ("run", "--place", "town", "--months", "3")


@pytest.fixture
def town(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder that holds a place of a title in many letters."""
    monkeypatch.chdir(tmp_path)
    assert main(["place", "new", "town"]) == 0
    file = tmp_path / "town" / "place.toml"
    lines = [line for line in file.read_text(encoding="utf-8").splitlines() if not line.startswith("title")]
    file.write_text(f"title = '{TITLE}'\n" + "\n".join(lines), encoding="utf-8")
    assert load_place(str(tmp_path / "town")).title == TITLE
    return tmp_path


def shell(redirected: str, *arguments: object, cwd: Path, **more: str) -> subprocess.CompletedProcess[bytes]:
    """Run the command through a shell, which redirects its streams."""
    line = f'"$@" {redirected}'
    return subprocess.run(
        ["sh", "-c", line, "sh", *words(*arguments)],
        cwd=cwd,
        env=surroundings(**more),
        capture_output=True,
        timeout=300,
    )


@pytest.mark.parametrize(
    ("redirected", "status"),
    [
        (">&-", 0),
        (">/dev/full", 1),
        ("2>&-", 0),
        ("2>/dev/full", 0),
        (">&- 2>&- <&-", 0),
        (">/dev/full 2>/dev/full", 1),
    ],
)
def test_work_is_done_whether_or_not_somebody_hears_of_it(redirected: str, status: int, town: Path) -> None:
    done = shell(redirected, *RUN, "--out", "out", cwd=town)
    assert done.returncode == status
    assert b"Traceback" not in done.stderr
    assert pl.read_parquet(town / "out" / "runs.parquet").height == 1
    if redirected == ">/dev/full":
        assert done.stderr.startswith(b"Error: standard output can't be written: No space left on device")


@pytest.mark.parametrize("asked", [("--help",), ("--version",), ("list", "--json"), ("place", "check", "town")])
def test_a_full_disk_behind_standard_output_is_one_line(asked: tuple[str, ...], town: Path) -> None:
    done = shell(">/dev/full", *asked, cwd=town)
    assert done.returncode == 1
    assert done.stderr.count(b"\n") == 1


def test_bad_input_stays_bad_input_where_nobody_listens(tmp_path: Path) -> None:
    assert shell(">&- 2>&-", "run", "nowhere", cwd=tmp_path).returncode == 2
    assert shell(">/dev/full", "run", "nowhere", cwd=tmp_path).returncode == 2


@pytest.mark.parametrize("encoding", ["cp1252", "latin-1", "ascii", "utf-8"])
def test_letters_that_a_code_page_lacks_are_told_by_number(
    encoding: str, town: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def said(*arguments: str) -> str:
        heard = io.BytesIO()
        monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(heard, encoding=encoding))
        assert main(arguments) == 0
        return heard.getvalue().decode(encoding)

    first = said(*RUN).splitlines()[0]
    if encoding == "utf-8":
        assert first.startswith(TITLE)
    else:
        assert first.startswith(r"\u6771\u4eac ")
        assert ("caf\u00e9" if encoding != "ascii" else r"caf\u00e9") in first
    assert json.loads(said(*RUN, "--json"))["manifest"]["scenarios"]["town"]["title"] == TITLE


def test_a_locale_of_plain_ascii_is_enough_for_any_letters(town: Path) -> None:
    """Names of folders and of what is written into them may have letters that the locale does not know."""
    (town / "town").rename(town / "\u6771\u4eac")
    plain = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    arguments = (
        "compare",
        "--place",
        "./\u6771\u4eac",
        "--routes",
        "none",
        "blended",
        "--replicates",
        "2",
        "--months",
        "3",
    )
    few = ("--no-pressures", "--no-structures", "--out", "out")
    done = shell("", *arguments, *few, cwd=town, **plain, MPLBACKEND="nonsense")
    assert done.returncode == 0, done.stderr
    assert b"Traceback" not in done.stderr
    assert done.stdout.decode("ascii").startswith(r"\u6771\u4eac - ")
    assert (town / "out" / "figures" / "routes-over-time-\u6771\u4eac.svg").is_file()


def test_a_stream_keeps_its_first_error_and_drops_the_rest(tmp_path: Path) -> None:
    with open("/dev/full", "w", encoding="utf-8") as full:
        stream = Stream(full)
        for _ in range(3):
            assert stream.write("x" * 100_000) == 100_000
            stream.flush()
        assert stream.error is not None
        assert not stream.isatty()


# No home


def test_who_has_no_home_has_a_folder_of_their_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def nowhere() -> Path:
        msg = "Could not determine home directory."
        raise RuntimeError(msg)

    monkeypatch.setattr(Path, "home", nowhere)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    folder = home.home()
    assert folder.parent == tmp_path
    assert folder.stat().st_mode & 0o777 == 0o700
    assert home.home() == folder
    folder.chmod(0o777)
    assert home.home() != folder, "others could put something there that would be run"
    folder.rmdir()
    folder.symlink_to(tmp_path)
    assert home.home() != folder
