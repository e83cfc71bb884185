"""Hand a sweep's results over in the form another program opens: CSV, a spreadsheet, DuckDB, netCDF.

A data dictionary goes with each. A file is written whole or not at all.
"""

import os
from collections.abc import Callable
from pathlib import Path

import polars as pl

from experiments.loading import Results
from experiments.provenance import CAVEAT
from experiments.sweep_files import SweepError

FORMATS = ("csv", "xlsx", "duckdb", "netcdf")
EXCEL_ROWS = 1_048_576
"""Rows of a sheet, its header included."""


def export(results: Results, form: str, folder: Path) -> list[Path]:
    """Write results into a folder in one of `FORMATS`, with `dictionary.csv`; return the files.

    Raises SweepError where the form can't hold them, or its library is not installed; OSError.
    """
    if form not in FORMATS:
        msg = f"there is no form {form!r}; allowed: {', '.join(FORMATS)}"
        raise SweepError(msg)
    folder.mkdir(parents=True, exist_ok=True)
    try:
        files = _WRITERS[form](results, folder)
    except ImportError as error:
        msg = f"{error.name} is not installed: pip install 'system-behaviours[export,analysis]'"
        raise SweepError(msg) from None
    return [*files, _whole(folder / "dictionary.csv", results.dictionary.write_csv)]


def _csv(results: Results, folder: Path) -> list[Path]:
    files = [_whole(folder / "runs.csv", lambda path: results.scan_runs().sink_csv(path))]
    files += [_whole(folder / "design.csv", results.design.write_csv)]
    if results.work.keep == "months":
        files += [_whole(folder / "months.csv", lambda path: results.scan_months().sink_csv(path))]
    return files


def _xlsx(results: Results, folder: Path) -> list[Path]:
    """Write runs, design and dictionary as sheets; months are too many for a spreadsheet."""
    from xlsxwriter import Workbook

    count = results.scan_runs().select(pl.len()).collect().item()
    if count + 1 > EXCEL_ROWS:
        msg = f"a sheet holds {EXCEL_ROWS - 1:,} runs and these are {count:,}: export them --to duckdb or csv"
        raise SweepError(msg)

    def write(path: Path) -> None:
        with Workbook(
            path, {"nan_inf_to_errors": True, "strings_to_formulas": False, "strings_to_urls": False}
        ) as book:
            book.add_worksheet("read me").write(0, 0, CAVEAT)
            for name, table in (("runs", results.runs), ("design", results.design), ("dictionary", results.dictionary)):
                table.write_excel(book, worksheet=name, autofit=False)

    return [_whole(folder / "results.xlsx", write)]


def _duckdb(results: Results, folder: Path) -> list[Path]:
    import duckdb

    def write(path: Path) -> None:
        path.unlink(missing_ok=True)
        with duckdb.connect(str(path)) as database:
            for name in ("runs", "months") if results.work.keep == "months" else ("runs",):
                parts = [str(part) for part in results.parts(name)]
                database.execute(f"CREATE TABLE {name} AS SELECT * FROM read_parquet(?)", [parts])
            design = str(results.folder / "design.parquet")
            database.execute("CREATE TABLE design AS SELECT * FROM read_parquet(?)", [design])
            database.execute('CREATE TABLE dictionary ("table" TEXT, "column" TEXT, unit TEXT, meaning TEXT)')
            database.executemany("INSERT INTO dictionary VALUES (?, ?, ?, ?)", results.dictionary.rows())

    return [_whole(folder / "results.duckdb", write)]


def _netcdf(results: Results, folder: Path) -> list[Path]:
    import netCDF4  # noqa: F401  (says that it is missing before anything is computed)

    return [_whole(folder / "results.nc", lambda path: results.dataset().to_netcdf(path, engine="netcdf4"))]


_WRITERS: dict[str, Callable[[Results, Path], list[Path]]] = {
    "csv": _csv, "xlsx": _xlsx, "duckdb": _duckdb, "netcdf": _netcdf,
}  # fmt: skip


def _whole(path: Path, write: Callable[[Path], object]) -> Path:
    """Write a file beside its place and put it in place."""
    unfinished = path.with_name(f"unfinished-{path.name}")
    try:
        write(unfinished)
        os.replace(unfinished, path)
    finally:
        unfinished.unlink(missing_ok=True)
    return path
