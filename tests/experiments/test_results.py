"""A sweep that version 0.1.0 wrote is read, analysed, exported and gone on with."""

import json
import shutil
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from experiments import load
from experiments.cli.main import main
from experiments.merge import merge
from experiments.runner import resume
from experiments.sensitivity.data import question_of
from experiments.store import SweepError, file_sha, status
from simulation.outcomes import RUN_COLUMNS
from simulation.scenario import ProblemError

WRITTEN = Path(__file__).parents[1] / "data" / "sweep-0.1.0"
LATER = tuple(name for name in RUN_COLUMNS if name not in pl.read_parquet_schema(WRITTEN / "runs" / "000000.parquet"))
"""Outcomes that have been measured since."""


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
    """In the columns that the sweep was begun with; what has been measured since is named."""
    before = load(folder)
    tables = before.runs, before.months
    for kind in ("runs", "months"):
        (folder / kind / "000001.parquet").unlink()
    done = resume(folder)
    assert done.done == 8
    assert f"this sweep was begun without {', '.join(LATER)}, and goes on without" in done.notes
    for old, new in zip(tables, (load(folder).runs, load(folder).months), strict=True):
        assert old.schema == new.schema
        for name, dtype in old.schema.items():
            if dtype.is_float():
                near = 1e-9 if dtype == pl.Float64 else 1e-6
                np.testing.assert_allclose(new[name].to_numpy(), old[name].to_numpy(), rtol=near, atol=near)
            else:
                assert new[name].equals(old[name])


def test_a_run_that_gives_other_numbers_now_is_noticed(folder: Path) -> None:
    path = folder / "runs" / "000000.parquet"
    pl.read_parquet(path).with_columns(pl.col("practice") + 1e-6).write_parquet(path)
    journal = folder / "parts.jsonl"
    lines = [json.loads(line) for line in journal.read_text(encoding="utf-8").splitlines()]
    next(line for line in lines if line["number"] == 0)["sha256"] = file_sha(path)
    journal.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    with pytest.raises(SweepError, match="gives other numbers now"):
        resume(folder)


def test_what_it_lacks_is_named_where_it_is_asked_for(folder: Path) -> None:
    assert {"inequality", "lost"} <= {*LATER}
    results = load(folder)
    assert results.outcomes == tuple(name for name in RUN_COLUMNS if name not in LATER)
    assert set(results.dictionary.filter(pl.col("table") == "runs")["column"]) == set(results.runs.columns)
    with pytest.raises(ProblemError, match="was not measured yet when this sweep was begun"):
        question_of(results.work, outcome="inequality", outcomes=results.outcomes)
    assert not (results.dataset().data_vars.keys() & {*LATER})


def test_parts_with_other_outcomes_are_not_merged(folder: Path, tmp_path: Path) -> None:
    other = Path(shutil.copytree(folder, tmp_path / "other"))
    said = json.loads((other / "sweep.json").read_text(encoding="utf-8"))
    (other / "sweep.json").write_text(json.dumps(said | {"outcomes": RUN_COLUMNS}), encoding="utf-8")
    with pytest.raises(SweepError, match=f"that the other does not: {', '.join(LATER)}"):
        merge([folder, other], tmp_path / "both")


def test_a_sweep_with_an_outcome_that_this_version_does_not_measure_is_not_gone_on_with(folder: Path) -> None:
    said = json.loads((folder / "sweep.json").read_text(encoding="utf-8"))
    (folder / "sweep.json").write_text(json.dumps(said | {"outcomes": [*RUN_COLUMNS, "joy"]}), encoding="utf-8")
    with pytest.raises(SweepError, match="keeps joy of each run, which this version does not measure"):
        resume(folder)


@pytest.mark.parametrize("words", [("status",), ("analyse", "--no-report", "--out", "new"), ("export", "--out", "new")])
def test_the_command_takes_it(
    words: Sequence[str], folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main([words[0], str(folder), *words[1:]]) == 0
    assert (tmp_path / "new").is_dir() == ("new" in words)
