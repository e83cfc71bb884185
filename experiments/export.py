"""CSV, Parquet, JSON, spreadsheet, DuckDB, netCDF."""

import io
import json
from collections.abc import Callable
from math import isinf, isnan
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from experiments.errors import MissingError
from experiments.manifest import CAVEAT, MANIFEST, provenance
from experiments.output_folder import Workplace
from experiments.results import NOT_REACHED, Results, Tables
from experiments.store import SweepError
from simulation.outcomes import shown
from simulation.scenario.tables import FORMULA, NUMBER

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet


DICTIONARY = "dictionary.csv"
FORMATS = ("csv", "parquet", "xlsx", "duckdb", "netcdf")
EXCEL_ROWS = 1_048_576
"""Rows of a sheet, its header included."""
LONGEST_CELL = 32_767
ROWS_AT_ONCE = 50_000
HOW_TO_READ = (
    "A blank is a number that was not measured. {not_reached!r} is one that never came to be, such as the month of a "
    "take-off where there was none: a spreadsheet leaves both out of its means. The sheet dictionary says what every "
    "column is."
)


def export(results: Results | Tables, form: str, folder: Path, *, notes: list[str] | None = None) -> list[Path]:
    """Write results into a folder in one of `FORMATS`, with `dictionary.csv`; return the files.

    `notes` are told what the form leaves out.
    Raises SweepError where the form can't hold them, or its library is not installed; OutputError where the folder
    holds other things or can't be written.
    """
    if form not in FORMATS:
        msg = f"there is no form {form!r}; allowed: {', '.join(FORMATS)}"
        raise SweepError(msg)
    results.refuse_damage()
    files: list[str] = []
    left_out: list[str] = [] if notes is None else notes

    def write(new: Path) -> None:
        files.extend(path.name for path in _WRITERS[form](results, new, left_out))
        results.dictionary.write_csv(new / DICTIONARY)

    with Workplace(folder) as workplace:
        workplace.begin(work_of(results), compare)
        try:
            workplace.publish(write, provenance() | work_of(results), adds=True)
        except ImportError as error:
            msg = f"{error.name} is not installed: pip install 'system-behaviours[export,analysis]'"
            raise MissingError(msg) from None
    return [folder / name for name in (*files, DICTIONARY, MANIFEST)]


def work_of(results: Results | Tables) -> dict[str, Any]:
    """Return what an export is of; a sweep may have gone on since, and files in other forms may stand beside."""
    return {"kind": "export", "of": {"title": results.title, "hash": results.identity}}


def compare(held: dict[str, Any], work: dict[str, Any]) -> list[str]:
    """Say in what the export of a manifest differs from another."""
    before, now = held.get("of") or {}, work["of"]
    return (
        [] if before.get("hash") == now["hash"] else [f"it is of other results ({before.get('title') or 'untitled'})"]
    )


def _csv(results: Results | Tables, folder: Path, notes: list[str]) -> list[Path]:
    return [_written(folder / f"{name}.csv", table.sink_csv) for name, table in results.tables.items()]


def _parquet(results: Results | Tables, folder: Path, notes: list[str]) -> list[Path]:
    return [_written(folder / f"{name}.parquet", table.sink_parquet) for name, table in results.tables.items()]


def _xlsx(results: Results | Tables, folder: Path, notes: list[str]) -> list[Path]:
    """Write every table as a sheet, but for one with more rows than a sheet holds; without the runs there is none."""
    from xlsxwriter import Workbook

    counts = {name: _count(table) for name, table in results.tables.items()}
    if counts["runs"] + 1 > EXCEL_ROWS:
        msg = (
            f"a sheet holds {EXCEL_ROWS - 1:,} runs and these are {counts['runs']:,}: export them --to parquet, duckdb "
            "or csv"
        )
        raise SweepError(msg)
    too_long = [
        f"{name} has {count:,} rows, and a sheet holds {EXCEL_ROWS - 1:,}: it is left out; export it --to parquet, "
        "duckdb or csv"
        for name, count in counts.items()
        if count + 1 > EXCEL_ROWS
    ]
    notes += too_long

    def write(path: Path) -> None:
        how = {
            "constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "tmpdir": str(folder),
        }  # fmt: skip
        with Workbook(path, how) as book:
            cover = book.add_worksheet("read me")
            for row, words in enumerate([CAVEAT, HOW_TO_READ.format(not_reached=NOT_REACHED), *too_long]):
                cover.write_string(row, 0, words)
            for name, table in results.tables.items():
                if counts[name] < EXCEL_ROWS:
                    _write_sheet(book, name, table)
            _write_sheet(book, "dictionary", results.dictionary.lazy())

    return [_written(folder / "results.xlsx", write)]


def _count(table: pl.LazyFrame) -> int:
    return int(table.select(pl.len()).collect().item())


def _write_sheet(book: "Workbook", name: str, table: pl.LazyFrame) -> None:
    """Write a table row by row, a header above that stays in sight."""
    sheet = book.add_worksheet(name)
    sheet.freeze_panes(1, 0)
    sheet.write_row(0, 0, table.collect_schema().names(), book.add_format({"bold": True}))
    row = 1
    for start in range(0, _count(table), ROWS_AT_ONCE):
        for values in table.slice(start, ROWS_AT_ONCE).collect().iter_rows():
            for k, value in enumerate(values):
                _write_cell(sheet, row, k, value)
            row += 1


def _write_cell(sheet: "Worksheet", row: int, column: int, value: object) -> None:
    """Write a value as what it is; a text is never a formula or a link."""
    if isinstance(value, bool):
        sheet.write_boolean(row, column, value)
    elif isinstance(value, str):
        sheet.write_string(row, column, value[:LONGEST_CELL])
    elif isinstance(value, int | float) and not isnan(value):
        if isinf(value):
            sheet.write_string(row, column, NOT_REACHED)
        else:
            sheet.write_number(row, column, value)


def _duckdb(results: Results | Tables, folder: Path, notes: list[str]) -> list[Path]:
    import duckdb

    def write(path: Path) -> None:
        with duckdb.connect(str(path)) as database:
            for name, table in results.tables.items():
                whole = folder / f"{name}.passing.parquet"
                table.sink_parquet(whole)
                database.execute(f'CREATE TABLE "{name}" AS SELECT * FROM read_parquet(?)', [str(whole)])
                whole.unlink()
            database.execute('CREATE TABLE dictionary ("table" TEXT, "column" TEXT, unit TEXT, meaning TEXT)')
            database.executemany("INSERT INTO dictionary VALUES (?, ?, ?, ?)", results.dictionary.rows())

    return [_written(folder / "results.duckdb", write)]


def _netcdf(results: Results | Tables, folder: Path, notes: list[str]) -> list[Path]:
    import netCDF4  # noqa: F401  (says that it is missing before anything is computed)

    return [_written(folder / "results.nc", lambda path: results.dataset().to_netcdf(path, engine="netcdf4"))]


_WRITERS: dict[str, Callable[[Results | Tables, Path, list[str]], list[Path]]] = {
    "csv": _csv, "parquet": _parquet, "xlsx": _xlsx, "duckdb": _duckdb, "netcdf": _netcdf,
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


# Write a comparison or a run as files that anything can open: Parquet, CSV, JSON, figures, a report.


def summary(levels: pl.DataFrame) -> pl.DataFrame:
    """Return levels with their title, and with their unit and numbers in the scale shown to people."""
    how = [shown(outcome) for outcome in levels["outcome"]]
    columns = [
        pl.Series("title", [entry.title for entry in how]),
        pl.Series("shown_unit", [entry.unit for entry in how]),
    ]
    factors = pl.Series("factor", [float(entry.factor) for entry in how])
    columns += [(levels[name] * factors).alias(f"shown_{name}") for name in ("median", "low", "high", "mean")]
    return levels.with_columns(columns)


def write_parquet(frame: pl.DataFrame, path: Path) -> None:
    """Write a table as Parquet. Raises OSError."""
    buffer = io.BytesIO()
    frame.write_parquet(buffer, compression="zstd", compression_level=1)
    path.write_bytes(buffer.getbuffer())


def write_csv(frame: pl.DataFrame, path: Path) -> None:
    """Write a table as CSV; what is not measured stays empty, what is not reached is `inf`. Raises OSError.

    A text that a spreadsheet would take for a formula is kept from being one, as in `simulation.scenario.tables`.
    """
    texts = pl.col(pl.String)
    formula = texts.str.contains(FORMULA) & ~texts.str.contains(NUMBER)
    frame = frame.with_columns(pl.when(formula).then(pl.lit("'") + texts).otherwise(texts).name.keep())
    path.write_text(frame.fill_nan(None).write_csv(), encoding="utf-8")


def write_json(data: Any, path: Path) -> None:
    """Write data as JSON. Raises OSError."""
    path.write_text(json.dumps(data, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
