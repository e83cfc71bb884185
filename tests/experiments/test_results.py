"""A sweep that version 0.1.0 wrote is read, analysed, exported and gone on with."""

import shutil
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from experiments import load
from experiments.cli.main import main
from experiments.runner import resume
from experiments.store import status

WRITTEN = Path(__file__).parents[1] / "data" / "sweep-0.1.0"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(WRITTEN, tmp_path / "sweep"))


def test_what_is_stored_is_all_there(folder: Path) -> None:
    found = load(folder)
    assert status(folder).done == len(found.runs) == 8
    assert len(found.months) == 8 * 25
    ends = found.months.filter(pl.col("month") == 24)["practice"].to_numpy()
    np.testing.assert_allclose(ends, found.runs["practice"].to_numpy(), rtol=1e-6)


def test_a_part_that_is_gone_is_run_again_to_the_same_numbers(folder: Path) -> None:
    before = load(folder).runs
    for kind in ("runs", "months"):
        (folder / kind / "000001.parquet").unlink()
    assert resume(folder).done == 8
    after = load(folder).runs
    assert after.select("run", "id", "seed").equals(before.select("run", "id", "seed"))
    practice = (table["practice"].to_numpy() for table in (before, after))
    np.testing.assert_allclose(*practice, rtol=0, atol=1e-9)


@pytest.mark.parametrize("words", [("status",), ("analyse", "--no-report", "--out", "new"), ("export", "--out", "new")])
def test_the_command_takes_it(
    words: Sequence[str], folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main([words[0], str(folder), *words[1:]]) == 0
    assert (tmp_path / "new").is_dir() == ("new" in words)
