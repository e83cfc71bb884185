"""Hand a sweep's results over in the form another program opens: CSV, a spreadsheet, DuckDB, netCDF.

A data dictionary goes with each. All files of an export are written, or none.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl

from experiments.errors import MissingError
from experiments.loading import Results
from experiments.manifest import MANIFEST
from experiments.provenance import CAVEAT, provenance
from experiments.sweep_files import SweepError
from experiments.workplace import Workplace

DICTIONARY = "dictionary.csv"
FORMATS = ("csv", "xlsx", "duckdb", "netcdf")
EXCEL_ROWS = 1_048_576
"""Rows of a sheet, its header included."""


def export(results: Results, form: str, folder: Path) -> list[Path]:
    """Write results into a folder in one of `FORMATS`, with `dictionary.csv`; return the files.

    Raises SweepError where the form can't hold them, or its library is not installed; OutputError where the folder
    holds other things or can't be written.
    """
    if form not in FORMATS:
        msg = f"there is no form {form!r}; allowed: {', '.join(FORMATS)}"
        raise SweepError(msg)
    results.refuse_damage()
    files: list[str] = []

    def write(new: Path) -> None:
        files.extend(path.name for path in _WRITERS[form](results, new))
        results.dictionary.write_csv(new / DICTIONARY)

    with Workplace(folder) as workplace:
        workplace.begin(work_of(results), compare)
        try:
            workplace.publish(write, provenance() | work_of(results), adds=True)
        except ImportError as error:
            msg = f"{error.name} is not installed: pip install 'system-behaviours[export,analysis]'"
            raise MissingError(msg) from None
    return [folder / name for name in (*files, DICTIONARY, MANIFEST)]


def work_of(results: Results) -> dict[str, Any]:
    """Return what an export is of; its sweep may have gone on since, and files in other forms may stand beside."""
    return {"kind": "export", "of": {"title": results.work.title, "hash": results.work.content_hash()}}


def compare(held: dict[str, Any], work: dict[str, Any]) -> list[str]:
    """Say in what the export of a manifest differs from another."""
    before, now = held.get("of") or {}, work["of"]
    return (
        [] if before.get("hash") == now["hash"] else [f"it is of another sweep ({before.get('title') or 'untitled'})"]
    )


def _csv(results: Results, folder: Path) -> list[Path]:
    files = [_written(folder / "runs.csv", lambda path: results.scan_runs().sink_csv(path))]
    files += [_written(folder / "design.csv", results.design.write_csv)]
    if results.work.keep == "months":
        files += [_written(folder / "months.csv", lambda path: results.scan_months().sink_csv(path))]
    return files


def _xlsx(results: Results, folder: Path) -> list[Path]:
    """Write runs, design and dictionary as sheets; months are too many for a spreadsheet."""
    from xlsxwriter import Workbook

    count = results.scan_runs().select(pl.len()).collect().item()
    if count + 1 > EXCEL_ROWS:
        msg = f"a sheet holds {EXCEL_ROWS - 1:,} runs and these are {count:,}: export them --to duckdb or csv"
        raise SweepError(msg)

    def write(path: Path) -> None:
        how = {
            "nan_inf_to_errors": True, "strings_to_formulas": False, "strings_to_urls": False, "tmpdir": str(folder),
        }  # fmt: skip
        with Workbook(path, how) as book:
            book.add_worksheet("read me").write(0, 0, CAVEAT)
            for name, table in (("runs", results.runs), ("design", results.design), ("dictionary", results.dictionary)):
                table.write_excel(book, worksheet=name, autofit=False)

    return [_written(folder / "results.xlsx", write)]


def _duckdb(results: Results, folder: Path) -> list[Path]:
    import duckdb

    def write(path: Path) -> None:
        with duckdb.connect(str(path)) as database:
            for name in ("runs", "months") if results.work.keep == "months" else ("runs",):
                parts = [str(part) for part in results.parts(name)]
                database.execute(f"CREATE TABLE {name} AS SELECT * FROM read_parquet(?)", [parts])
            design = str(results.folder / "design.parquet")
            database.execute("CREATE TABLE design AS SELECT * FROM read_parquet(?)", [design])
            database.execute('CREATE TABLE dictionary ("table" TEXT, "column" TEXT, unit TEXT, meaning TEXT)')
            database.executemany("INSERT INTO dictionary VALUES (?, ?, ?, ?)", results.dictionary.rows())

    return [_written(folder / "results.duckdb", write)]


def _netcdf(results: Results, folder: Path) -> list[Path]:
    import netCDF4  # noqa: F401  (says that it is missing before anything is computed)

    return [_written(folder / "results.nc", lambda path: results.dataset().to_netcdf(path, engine="netcdf4"))]


_WRITERS: dict[str, Callable[[Results, Path], list[Path]]] = {
    "csv": _csv, "xlsx": _xlsx, "duckdb": _duckdb, "netcdf": _netcdf,
}  # fmt: skip


def _written(path: Path, write: Callable[[Path], object]) -> Path:
    """Write a file. Raises OSError, whatever its library calls a disk that takes no more."""
    try:
        write(path)
    except (OSError, ImportError):
        raise
    except Exception as error:
        theirs = type(error).__module__.split(".")[0].strip("_") in ("duckdb", "xlsxwriter", "polars")
        if not theirs and type(error) is not RuntimeError:  # as netCDF4 says it
            raise
        raise OSError(" ".join(str(error).split())) from error
    return path
