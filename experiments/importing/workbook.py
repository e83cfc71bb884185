"""Read an Excel workbook's sheets as they were last saved. No formula, macro or link is run or followed."""

import io
import re
import warnings
import zipfile
from datetime import date, datetime, time
from typing import Any

from experiments.importing.limits import MOST_CELLS, MOST_ROWS, MOST_UNPACKED
from experiments.importing.tables import RefusedError, Row, Sheet, check_networks, clean
from simulation.scenario.problems import Findings

_FORMULA = re.compile(rb"<(\w+:)?f[ >/]")
_DOCTYPE = re.compile(rb"<!\s*(DOCTYPE|ENTITY)", re.IGNORECASE)


def read_workbook(content: bytes, findings: Findings, *, file: str) -> list[Sheet]:
    """Return a workbook's sheets; none with a problem added where it can't be read."""
    formulas = _looked_over(content, findings, file=file)
    if formulas is None:
        return []
    try:
        from openpyxl import load_workbook
    except ImportError:
        allowed = "pip install 'system-behaviours[import]', or save each sheet as CSV"
        findings.add("reading Excel workbooks needs openpyxl, which is not installed", file=file, allowed=allowed)
        return []
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            options = {"read_only": True, "keep_links": False}
            values = load_workbook(io.BytesIO(content), data_only=True, **options)
            texts = load_workbook(io.BytesIO(content), **options) if formulas else None
            return _sheets(values, texts, findings, file=file)
    except RefusedError:
        raise
    except Exception as error:  # openpyxl lets whatever its parsers meet in a broken file through
        findings.add(f"this is not a workbook that can be read ({clean(error)[:100]})", file=file)
        return []


def _looked_over(content: bytes, findings: Findings, *, file: str) -> bool | None:
    """Return whether there are formulas; None with a problem added where the parts are too large or unsafe."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            names = parts.namelist()
            if "xl/workbook.xml" not in names:
                what = "an OpenDocument file" if "content.xml" in names else "not an Excel workbook"
                findings.add(f"this is {what}", file=file, allowed="save it as .xlsx, or each sheet as CSV")
                return None
            if sum(part.file_size for part in parts.infolist()) > MOST_UNPACKED:
                allowed = f"up to {MOST_UNPACKED:,} bytes unpacked"
                findings.add("the workbook is too large", file=file, allowed=allowed)
                return None
            formulas = False
            for name in names:
                if name.endswith((".xml", ".rels")):
                    part = parts.read(name)
                    if _DOCTYPE.search(part) or _DOCTYPE.search(part.replace(b"\0", b"")):
                        findings.add("the workbook holds a document type, which is not read", file=file)
                        return None
                    formulas = formulas or ("worksheets/" in name and _FORMULA.search(part) is not None)
            return formulas
    except Exception as error:  # a broken archive: zipfile and zlib have many ways to say so
        findings.add(f"this is not a workbook that can be read ({clean(error)[:100]})", file=file)
        return None


def _sheets(values: Any, texts: Any, findings: Findings, *, file: str) -> list[Sheet]:
    check_networks(len(values.worksheets))
    sheets, cells = [], 0
    for sheet in values.worksheets:
        where = f"{file}, sheet {clean(sheet.title)}"
        sheet.reset_dimensions()
        rows = []
        for number, row in enumerate(sheet.iter_rows(values_only=True), start=1):
            text = tuple(_text(value) for value in row)
            while text and not text[-1]:
                text = text[:-1]
            if text:
                rows.append(Row(number, text))
                cells += len(text)
            if len(rows) > MOST_ROWS or cells > MOST_CELLS:
                findings.add("the sheet is too large", file=where, allowed=f"up to {MOST_ROWS:,} rows")
                return []
        if rows and rows[-1].line - len(rows) > 0:
            findings.note(f"empty rows skipped: {rows[-1].line - len(rows)}", file=where)
        if texts is not None:
            _note_formulas(texts[sheet.title], {row.line: row.cells for row in rows}, findings, where=where)
        if rows:
            sheets.append(Sheet(where, clean(sheet.title), tuple(rows)))
    if not sheets:
        findings.add("the workbook has no cells", file=file)
    return sheets


def _note_formulas(sheet: Any, values: dict[int, tuple[str, ...]], findings: Findings, *, where: str) -> None:
    """Say how many cells hold formulas, and which of them were saved without a value."""
    sheet.reset_dimensions()
    found, blank = 0, []
    for number, row in enumerate(sheet.iter_rows(), start=1):
        for cell in row:
            if getattr(cell, "data_type", "") == "f":
                found += 1
                cells = values.get(number, ())
                if cell.column > len(cells) or not cells[cell.column - 1]:
                    blank.append(cell.coordinate)
    if found:
        text = f"cells with formulas, read as the values last saved: {found}"
        if blank:
            text += f"; without a saved value, so read as blank: {len(blank)} (first {blank[0]})"
        findings.note(text, file=where)


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    return clean(value)
