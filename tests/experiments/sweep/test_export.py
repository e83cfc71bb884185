"""Results open in polars, xarray, a spreadsheet, DuckDB and netCDF, and every column is explained."""

import numpy as np
import polars as pl
import pytest

import experiments
from experiments import export as exporting
from experiments.export import FORMATS, export
from experiments.measures import MONTH_COLUMNS, RUN_COLUMNS
from experiments.sweep import sweep
from experiments.sweep_files import SweepError
from tests.experiments.command import behaviours
from tests.experiments.sweep.plans import assert_same, runs_of, small_work


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    folder = tmp_path_factory.mktemp("results") / "sweep"
    sweep(small_work(), folder)
    return experiments.load(folder)


def test_every_column_has_a_unit_and_a_meaning(results):
    said = {(row["table"], row["column"]): row for row in results.dictionary.iter_rows(named=True)}
    for name, table in (("runs", results.runs), ("months", results.months), ("design", results.design)):
        assert {(name, column) for column in table.columns} == {key for key in said if key[0] == name}
    assert all(row["unit"] and len(row["meaning"]) > 5 for row in said.values())


def test_the_dataset_holds_each_run_at_its_place(results):
    found = results.dataset()
    assert found["practice"].shape == (6, 2, 3)
    for row in results.runs.iter_rows(named=True):
        arm = ["none", "prototype-led"].index(row["route"])
        at = {"point": row["point"], "arm": arm, "replicate": row["replicate"]}
        assert float(found["trust"].isel(at)) == row["trust"]
        assert float(found["trust_gain"].isel(point=row["point"])) == row["trust_gain"]
        months = results.months.filter(pl.col("run") == row["run"])["trust"].to_numpy()
        assert np.array_equal(found["monthly_trust"].isel(at).to_numpy(), months)


def test_what_is_not_run_yet_is_not_a_number(tmp_path):
    def stop(progress):
        if progress.done >= 10:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sweep(small_work(), tmp_path / "sweep", progress=stop)
    found = experiments.load(tmp_path / "sweep").dataset()
    assert int(found["practice"].notnull().sum()) == 10


def test_csv_gives_the_runs_back(results, tmp_path):
    export(results, "csv", tmp_path)
    back = pl.read_csv(tmp_path / "runs.csv", schema=results.runs.schema)
    assert_same(back, runs_of(results.folder))
    assert len(pl.read_csv(tmp_path / "months.csv")) == len(results.months)


def test_duckdb_answers_questions(results, tmp_path):
    import duckdb

    export(results, "duckdb", tmp_path)
    with duckdb.connect(str(tmp_path / "results.duckdb"), read_only=True) as database:
        ((mean,),) = database.execute("SELECT avg(practice) FROM runs WHERE route = 'prototype-led'").fetchall()
        tables = {row[0] for row in database.execute("SHOW TABLES").fetchall()}
    assert mean == pytest.approx(results.runs.filter(pl.col("route") == "prototype-led")["practice"].mean())
    assert tables == {"runs", "months", "design", "dictionary"}


@pytest.mark.parametrize("form", ["csv", "xlsx", "duckdb", "netcdf"])
def test_the_command_says_which_files_there_are_and_nothing_else(form, results, tmp_path):
    done = behaviours("export", results.folder, "--to", form, "--out", tmp_path / "out", cwd=tmp_path)
    assert done.returncode == 0
    assert {tmp_path / line for line in done.stdout.split()} == set((tmp_path / "out").iterdir())
    assert done.stderr == f"Writing {form} ...\n"


def test_netcdf_gives_the_arrays_back(results, tmp_path):
    import xarray

    export(results, "netcdf", tmp_path)
    with xarray.open_dataset(tmp_path / "results.nc") as back:
        assert np.array_equal(back["practice"], results.dataset()["practice"])
        assert back["trust"].attrs["units"] == "0-1"
        assert "not predictive" in back.attrs["caveat"]


def test_a_spreadsheet_holds_the_runs_and_refuses_too_many(results, tmp_path, monkeypatch):
    import zipfile

    export(results, "xlsx", tmp_path)
    with zipfile.ZipFile(tmp_path / "results.xlsx") as book:
        sheet = book.read("xl/worksheets/sheet2.xml").decode()
    assert sheet.count("<row ") == len(results.runs) + 1
    monkeypatch.setattr(exporting, "EXCEL_ROWS", 30)
    with pytest.raises(SweepError, match="29 runs and these are 36"):
        export(results, "xlsx", tmp_path / "other")


@pytest.mark.parametrize("form", FORMATS)
def test_a_dictionary_goes_with_every_form(results, tmp_path, form):
    files = export(results, form, tmp_path)
    assert all(path.stat().st_size for path in files)
    columns = set(pl.read_csv(tmp_path / "dictionary.csv")["column"])
    assert {*RUN_COLUMNS, *MONTH_COLUMNS} <= columns
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(path.name for path in files)


def test_the_command_writes_beside_the_results(results):
    found = behaviours("export", results.folder, "--to", "csv", cwd=results.folder.parent)
    assert found.returncode == 0, found.stderr
    assert (results.folder / "export" / "runs.csv").is_file()
    missing = behaviours("export", results.folder.parent, "--to", "csv", cwd=results.folder.parent)
    assert missing.returncode == 2
    assert "holds no sweep" in missing.stderr
