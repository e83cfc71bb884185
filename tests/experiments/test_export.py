"""Results open in polars, xarray, a spreadsheet, DuckDB and netCDF, and every column is explained."""

import shutil
import sys
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import openpyxl
import pandas
import polars as pl
import pytest
from polars.testing import assert_frame_equal

import experiments
from experiments import export as exporting
from experiments.cli.main import main
from experiments.compare import compare
from experiments.export import FORMATS, export
from experiments.output_folder import Workplace
from experiments.reporting.comparison import write_comparison
from experiments.reporting.result_files import run_once, write_run
from experiments.runner import sweep
from experiments.store import SweepError
from simulation.outcomes import MONTH_COLUMNS, RUN_COLUMNS
from simulation.scenario import Scenario
from tests.experiments.command import behaviours
from tests.experiments.plans import small_work

ONE = run_once(Scenario(months=12), seed=3)
COMPARED = compare(["generated"], ["none", "blended", "opportunistic"], replicates=2, months=6, structures=False)


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


@pytest.mark.parametrize("form", FORMATS)
def test_the_command_says_which_files_there_are_and_nothing_else(form, results, tmp_path, capfd):
    assert main(["export", str(results.folder), "--to", form, "--out", str(tmp_path / "out")]) == 0
    said = capfd.readouterr()
    assert {Path(line) for line in said.out.split()} == set((tmp_path / "out").iterdir())
    assert said.err == f"Writing {form} ...\n"


def test_a_spreadsheet_refuses_too_many_runs(results, tmp_path, monkeypatch):
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


@pytest.mark.process
def test_the_command_writes_beside_the_results(results):
    found = behaviours("export", results.folder, "--to", "csv", cwd=results.folder.parent)
    assert found.returncode == 0, found.stderr
    assert (results.folder / "export" / "runs.csv").is_file()
    missing = behaviours("export", results.folder.parent, "--to", "csv", cwd=results.folder.parent)
    assert missing.returncode == 2
    assert "holds no sweep" in missing.stderr


# Spreadsheets


def sheets(path) -> dict[str, list[dict]]:
    """Return every sheet of a workbook as rows by the names of its header."""
    book = openpyxl.load_workbook(path)
    found = {}
    for sheet in book:
        rows = [list(row) for row in sheet.iter_rows()]
        assert not any(cell.data_type in ("f", "e") for row in rows for cell in row), "a formula or an error"
        names = [cell.value for cell in rows[0]]
        found[sheet.title] = [dict(zip(names, (cell.value for cell in row), strict=True)) for row in rows[1:]]
    return found


def test_a_spreadsheet_says_what_was_not_reached_and_holds_every_number(results, tmp_path):
    notes = []
    export(results, "xlsx", tmp_path, notes=notes)
    found = sheets(tmp_path / "results.xlsx")
    assert not notes
    assert list(found) == ["read me", "runs", "design", "months", "dictionary"]
    assert "not reached" in str(found["read me"])
    assert any("not reached" in row["meaning"] for row in found["dictionary"] if row["column"] == "take_off")
    for name in ("runs", "months"):
        stored = results.tables[name].collect()
        for row, was in zip(found[name], stored.iter_rows(named=True), strict=True):
            for column, value in was.items():
                if isinstance(value, float) and not np.isfinite(value):
                    value = "not reached" if np.isinf(value) else None
                wanted = pytest.approx(value, rel=1e-15) if isinstance(value, float) else value
                assert row[column] == (wanted or None if isinstance(value, str) else wanted), column
    assert "not reached" in {row["take_off"] for row in found["runs"]}


def test_months_that_do_not_fit_a_sheet_are_named(results, tmp_path, monkeypatch):
    monkeypatch.setattr(exporting, "EXCEL_ROWS", 100)
    notes = []
    export(results, "xlsx", tmp_path, notes=notes)
    found = sheets(tmp_path / "results.xlsx")
    assert list(found) == ["read me", "runs", "design", "dictionary"]
    (note,) = notes
    assert f"{len(results.months):,}" in note
    assert note in str(found["read me"])


@pytest.mark.parametrize(
    "first", ["=1+1", "+1", "-1", "@SUM(A1)", "{=1}", "http://x", "1e5", "007", "\x01", "x" * 40_000]
)
def test_a_text_is_never_a_formula_a_link_or_a_number(first, tmp_path):
    import xlsxwriter

    with xlsxwriter.Workbook(tmp_path / "book.xlsx", {"constant_memory": True}) as book:
        exporting._write_sheet(book, "texts", pl.LazyFrame({first[:9]: [first], "number": [float("nan")]}))
    (sheet,) = openpyxl.load_workbook(tmp_path / "book.xlsx")
    text, number = sheet[2]
    assert (text.data_type, text.hyperlink, number.value) == ("s", None, None)
    assert text.value in (first, first[:32_767], "_x0001_")


# A comparison and a run


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """Return the folders of a comparison with all its tables and of a run."""
    folder = tmp_path_factory.mktemp("written")
    comparison, alone = folder / "comparison", folder / "run"
    for out, write, manifest in (
        (comparison, lambda new: write_comparison(COMPARED, new, scenarios={}, report=False), COMPARED.manifest),
        (alone, lambda new: write_run(ONE, new), ONE.manifest),
    ):
        with Workplace(out) as workplace:
            workplace.publish(write, manifest)
    return {"comparison": comparison, "run": alone}


@pytest.mark.parametrize("kind", ["comparison", "run"])
def test_comparisons_and_runs_open_as_tables_with_every_column_explained(kind, written):
    found = experiments.load_tables(written[kind])
    assert {"runs", "months", "summary"} <= set(found.tables)
    for name, table in found.tables.items():
        said = found.dictionary.filter(pl.col("table") == name)
        assert said["column"].to_list() == table.collect_schema().names()
        assert all(row["unit"] and len(row["meaning"]) > 5 for row in said.iter_rows(named=True))
    if kind == "comparison":
        assert {"contrasts", "pressures"} <= set(found.tables)


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("kind", ["comparison", "run", "sweep"])
def test_all_that_is_stored_is_exported_in_every_form(kind, form, results, written, tmp_path):
    found = results if kind == "sweep" else experiments.load_tables(written[kind])
    files = {path.name: path for path in export(found, form, tmp_path)}
    runs, months = (found.tables[name].collect() for name in ("runs", "months"))
    if form in ("parquet", "csv"):
        for name, table in (("runs", runs), ("months", months)):
            path = files[f"{name}.{form}"]
            back = pl.read_parquet(path) if form == "parquet" else pl.read_csv(path, schema=table.schema)
            assert_frame_equal(back, table, check_exact=name == "runs")
    elif form == "xlsx":
        rows = sheets(files["results.xlsx"])
        assert len(rows["months"]) == len(months)
        assert [row["practice"] for row in rows["runs"]] == pytest.approx(runs["practice"].to_list(), rel=1e-15)
    elif form == "duckdb":
        import duckdb

        with duckdb.connect(str(files["results.duckdb"]), read_only=True) as database:
            names = {row[0] for row in database.execute("SHOW TABLES").fetchall()}
            assert names == {*found.tables, "dictionary"}
            assert database.execute("SELECT practice FROM runs").fetchall() == [(x,) for x in runs["practice"]]
    else:
        import xarray

        with xarray.open_dataset(files["results.nc"]) as data:
            if kind == "sweep":
                xarray.testing.assert_equal(
                    data[["practice", "monthly_trust"]], found.dataset()[["practice", "monthly_trust"]]
                )
            for row in runs.iter_rows(named=True) if kind != "sweep" else ():
                at = data.sel({key: row[key] for key in ("scenario", "route", "seed")})
                assert float(at["trust"]) == row["trust"]
            assert {data[name].attrs["units"] for name in ("practice", "trust")} == {"0-1"}
            assert "not predictive" in data.attrs["caveat"]
            assert "monthly_trust" in data


def test_the_command_exports_a_comparison_and_names_what_it_can_not(written, tmp_path, capfd):
    assert main(["export", str(written["run"]), "--to", "parquet", "--out", str(tmp_path / "out")]) == 0
    assert pl.read_parquet(tmp_path / "out" / "runs.parquet").height == 1
    capfd.readouterr()
    assert main(["export", str(tmp_path / "out"), "--out", str(tmp_path / "more")]) == 2
    error = capfd.readouterr().err
    assert "no sweep, comparison or run: an export" in error
    assert not (tmp_path / "more").exists()


def test_a_comparison_of_one_route_has_a_table_of_contrasts_without_rows(tmp_path):
    one = compare(["generated"], ["none"], replicates=2, months=2, pressures=False, structures=False)
    with Workplace(tmp_path / "one") as workplace:
        workplace.publish(lambda new: write_comparison(one, new, scenarios={}, report=False), one.manifest)
    found = experiments.load_tables(tmp_path / "one")
    contrasts = found.tables["contrasts"].collect()
    assert contrasts.height == 0
    assert contrasts.columns == COMPARED.contrasts.columns
    assert found.dictionary.filter(pl.col("table") == "contrasts")["column"].to_list() == contrasts.columns
    assert {path.name for path in export(found, "csv", tmp_path / "out")} > {"contrasts.csv"}


@pytest.mark.parametrize("name", ["runs.parquet", "contrasts.csv"])
@pytest.mark.parametrize("how", ["missing", "damaged"])
def test_a_missing_or_damaged_table_is_named(name, how, written, tmp_path):
    folder = tmp_path / "copy"
    shutil.copytree(written["comparison"], folder)
    if how == "missing":
        (folder / name).unlink()
    else:
        (folder / name).write_bytes(b"")
    with pytest.raises(SweepError, match=name.replace(".", r"\.")):
        export(experiments.load_tables(folder), "csv", tmp_path / "out")


# pandas


def test_pandas_gets_every_table_without_pyarrow(results, written):
    """pyarrow is no requirement of ours: what polars asks it for is done without."""
    assert find_spec("pyarrow") is None or "pyarrow" not in sys.modules
    for folder in (results.folder, *written.values()):
        for table in experiments.load_tables(folder).tables.values():
            frame = table.collect()
            found = experiments.to_pandas(table)
            assert list(found.columns) == frame.columns
            assert len(found) == len(frame)
            for series in frame:
                back = [None if x is pandas.NA or x is None or x != x else x for x in found[series.name].tolist()]
                assert back == [None if x is None or x != x else x for x in series.to_list()], series.name


def test_pandas_keeps_kinds_where_there_are_gaps():
    frame = pl.DataFrame(
        {"seed": [2**53 + 1, None], "ok": [True, None], "x": [0.5, None], "name": ["=a", None], "n": [1, 2]},
    )
    found = experiments.to_pandas(frame)
    assert [str(kind) for kind in found.dtypes] == ["Int64", "boolean", "float64", "object", "int64"]
    assert found["seed"][0] == 2**53 + 1
    assert found["seed"].isna().tolist() == [False, True]
    assert experiments.to_pandas(frame.clear()).columns.tolist() == frame.columns
