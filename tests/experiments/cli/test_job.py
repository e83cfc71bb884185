"""Work that was killed goes on from its folder alone, and says before how far it is."""

import json
import signal
import time
from pathlib import Path

import polars as pl
import pytest

from experiments.cli.job import COMMAND
from tests.experiments.command import behaviours, started

PATIENCE = 120.0
LONG = {
    # what is typed, where its runs are, the table that it comes to
    "compare": (("compare", "gateshead", "--replicates", 40, "--months", 24, "--no-report"),
                "out.unfinished/parts/*/runs/*", "runs.parquet"),
    "map": (("map", "--month", 3, "--steps", 4, "--most", 40, "--no-report", "--workers", 1),
            "out/rounds/1/runs/*", "map.parquet"),
    "claims": (("claims", "route-in", "--replicates", 12, "--points", 2, "--point-replicates", 2,
                "--structure-replicates", 2, "--no-report", "--workers", 1),
               "out/runs/*/runs/*", "claims.csv"),
}  # fmt: skip


def killed(words: tuple[object, ...], begun: str, folder: Path) -> None:
    """Start a command and kill it once some of its runs are stored."""
    process = started(*words, "--out", "out", cwd=folder)
    end = time.monotonic() + PATIENCE
    while process.poll() is None and not list(folder.glob(begun)):
        assert time.monotonic() < end
        time.sleep(0.001)
    process.kill()
    process.communicate(timeout=PATIENCE)
    assert process.returncode == -signal.SIGKILL, "it ended before it was killed"


@pytest.mark.kills
@pytest.mark.parametrize("name", LONG)
def test_it_goes_on_from_its_folder_alone_wherever_one_is(tmp_path: Path, name: str) -> None:
    words, begun, table = LONG[name]
    (tmp_path / "here").mkdir()
    killed(words, begun, tmp_path / "here")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    said = behaviours("status", "../here/out", "--json", cwd=elsewhere)
    found = json.loads(said.stdout)
    assert said.returncode == 0
    assert found["command"][1] == name
    assert not found["complete"]
    assert not found["running"]
    assert found["runs"] is None or found["done"] < found["runs"]

    said = behaviours("resume", "../here/out", "--json", "--executor", "threads", cwd=elsewhere)
    assert said.returncode == 0, said.stderr
    assert json.loads(said.stdout)
    manifest = json.loads((tmp_path / "here/out/manifest.json").read_text())
    assert "resume" not in manifest["command"]
    for asked in ("resume", "status"):
        said = behaviours(asked, tmp_path / "here/out", "--json", cwd=elsewhere)
        assert (said.returncode, json.loads(said.stdout)["complete"]) == (0, True), said.stderr

    assert behaviours(*words, "--out", "whole", cwd=elsewhere).returncode == 0
    one, other = (folder / table for folder in (tmp_path / "here/out", elsewhere / "whole"))
    if table.endswith(".parquet"):
        assert pl.read_parquet(one).equals(pl.read_parquet(other))
    else:
        assert one.read_bytes() == other.read_bytes()


def test_what_was_typed_is_given_again_as_it_was(tmp_path: Path) -> None:
    begun = tmp_path / "out.unfinished"
    begun.mkdir()
    (begun / COMMAND).write_text(json.dumps({"command": ["list", "--", "routes"], "folder": str(tmp_path)}))
    said = behaviours("resume", tmp_path / "out", cwd=tmp_path)
    assert said.returncode == 2
    assert "No such option: --out" in said.stderr  # it stood before the end of the options
    (begun / COMMAND).write_text(json.dumps({"command": ["compare"], "folder": str(tmp_path / "gone")}))
    said = behaviours("resume", tmp_path / "out", cwd=tmp_path)
    assert said.returncode == 2
    assert "is not there any more" in said.stderr
    (begun / COMMAND).write_text("[1, 2]")
    said = behaviours("resume", tmp_path / "out", cwd=tmp_path)
    assert said.returncode == 2
    assert "holds no sweep" in said.stderr
