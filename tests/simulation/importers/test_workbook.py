"""A workbook gives what it shows: percentages, merged cells, and no hidden sheet; and never more than there is room."""

import io
import sys
import time
import zipfile
from datetime import datetime
from typing import Any

import pytest
from openpyxl import load_workbook

from simulation.scenario import ProblemError
from tests.simulation.importers.maps import (
    CONNECTIONS,
    ELEMENTS,
    archive,
    deflated,
    open_document,
    open_table,
    pairs,
    rows,
    said,
    taken,
    workbook,
)

PAIR: dict[str, list[list[Any]]] = {"Who": [["Name", "Type"], ["A", "Council"], ["B", "Charity"], ["C", "Charity"]]}
ROW = "<table:table-row>"
TIES: list[list[Any]] = [["From", "To", "Strength"], ["A", "B", 0.5], ["B", "C", 0.25]]


def changed(change: Any, **sheets: list[list[object]]) -> bytes:
    """Return a workbook after `change` of it by openpyxl."""
    book = load_workbook(io.BytesIO(workbook(**sheets)))
    change(book)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def refused(content: bytes, **choices: Any) -> str:
    with pytest.raises(ProblemError) as caught:
        taken(content, **choices)
    return str(caught.value)


def cell(value: object, shown: str, more: str = "") -> str:
    """Return a cell of OpenDocument: a percentage where it has a value, or else a text."""
    kind = f'"percentage" office:value="{value}"' if value else '"string"'
    return f"<table:table-cell office:value-type={kind} {more}><text:p>{shown}</text:p></table:table-cell>"


@pytest.mark.parametrize("form", ["0%", "0.0%", "[Red]0%", "0.00%;-0.00%"])
def test_a_share_shown_as_percent_is_percent(form: str) -> None:
    def shown(book: Any) -> None:
        for row in (2, 3):
            book["Ties"].cell(row=row, column=3).number_format = form

    imported = taken(changed(shown, **PAIR, Ties=TIES), weights="percent")
    assert [tie.strength for tie in imported.relationships] == [0.5, 0.25]
    assert [tie.strength for tie in taken(workbook(**PAIR, Ties=TIES), weights="0-1").relationships] == [0.5, 0.25]


def test_a_percent_sign_written_after_a_number_is_not_counted_twice() -> None:
    def shown(book: Any) -> None:
        book["Ties"]["C2"].number_format = '0"%"'
        book["Ties"]["C3"].number_format = "0\\%"

    ties = [TIES[0], ["A", "B", 50], ["B", "C", 25]]
    imported = taken(changed(shown, **PAIR, Ties=ties), weights="percent")
    assert [tie.strength for tie in imported.relationships] == [0.5, 0.25]


def test_percent_of_opendocument_is_percent() -> None:
    ties: list[list[Any]] = [["From", "To", "Strength"], ["A", "B", cell(0.5, "50%")], ["B", "C", cell(0.25, "25%")]]
    content = open_document(open_table("Who", PAIR["Who"]) + open_table("Ties", ties))
    assert [tie.strength for tie in taken(content, weights="percent").relationships] == [0.5, 0.25]


def merged_excel() -> bytes:
    def merge(book: Any) -> None:
        book["Who"].merge_cells("B3:B4")
        book["Ties"].merge_cells("A2:A3")

    return changed(merge, **PAIR, Ties=[["From", "To"], ["A", "B"], ["", "C"]])


def merged_open_document() -> bytes:
    who = [*PAIR["Who"][:2], ["B", cell("", "Charity", 'table:number-rows-spanned="2"')], ["C", ""]]
    ties = [["From", "To"], [cell("", "A", 'table:number-rows-spanned="2"'), "B"], ["", "C"]]
    return open_document(open_table("Who", who) + open_table("Ties", ties))


@pytest.mark.parametrize("content", [merged_excel(), merged_open_document()], ids=["xlsx", "ods"])
def test_merged_cells_stand_in_each_of_their_rows_and_are_named(content: bytes) -> None:
    imported = taken(content)
    assert pairs(imported) == {frozenset("ab"), frozenset("ac")}
    assert [one.role for one in imported.organisations] == ["Council", "Charity", "Charity"]
    assert "merged cells, read as if each of their rows held the value: A2:A3" in said(imported)


def hidden_excel() -> bytes:
    def hide(book: Any) -> None:
        book["Old"].sheet_state = "hidden"
        book["Ties"].row_dimensions[3].hidden = True

    return changed(hide, **PAIR, Ties=TIES, Old=[["From", "To"], ["A", "C"], ["C", "Z"]])


def hidden_open_document() -> bytes:
    old: list[list[Any]] = [["From", "To"], ["A", "C"], ["C", "Z"]]
    ties: list[list[Any]] = [list(map(str, row)) for row in TIES]
    body = open_table("Who", PAIR["Who"]) + open_table("Ties", ties) + open_table("Old", old, "hidden")
    at = body.rindex('<table:table-row><table:table-cell office:value-type="string"><text:p>B</text:p>')
    return open_document(
        body[:at] + body[at:].replace("<table:table-row>", '<table:table-row table:visibility="filter">', 1)
    )


@pytest.mark.parametrize("content", [hidden_excel(), hidden_open_document()], ids=["xlsx", "ods"])
def test_hidden_sheets_are_left_out_and_hidden_rows_said(content: bytes) -> None:
    imported = taken(content)
    assert pairs(imported) == {frozenset("ab"), frozenset("bc")}
    assert "sheets that are hidden, left out: 'Old'" in said(imported)
    assert "rows that are hidden, read like the others: 1" in said(imported)
    assert pairs(taken(content, networks=("Old",), drop_dangling=True)) == {frozenset("ac")}


def test_a_day_is_a_day_without_a_time() -> None:
    elements: list[list[Any]] = [["Name", "Role"], ["A", datetime(2026, 10, 2)], ["B", datetime(2026, 10, 2, 9, 30)]]
    assert [one.role for one in taken(workbook(Who=elements)).organisations] == ["2026-10-02", "2026-10-02 09:30"]


def test_cells_that_stand_for_a_billion_are_refused_before_they_are_written_out() -> None:
    repeated = '<table:table-row table:number-rows-repeated="1000000"'
    many = open_table("A", [[cell("", "x", 'table:number-columns-repeated="16000"')]]).replace(ROW, f"{repeated}>")
    far = open_table("A", [['<table:table-cell table:number-columns-repeated="16000"/>', "x"]])
    far = far.replace(ROW, f"{repeated}/>{ROW}")
    deep = open_table("A", [[cell("", "<text:span>" * 90 + "x" + "</text:span>" * 90)]])
    entity = '<!DOCTYPE x [<!ENTITY a "b">]>'
    began = time.perf_counter()
    for body, words in ((many, "too large"), (far, "too large"), (deep, "nested too deeply")):
        assert words in refused(open_document(body))
    content = open_document(open_table("A", [["x"]]))
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        held = {name: parts.read(name) for name in parts.namelist()}
    assert "document type" in refused(archive(held | {"content.xml": entity.encode() + held["content.xml"]}))
    assert time.perf_counter() - began < 5


def test_blank_rows_of_a_sheet_to_its_very_end_are_nothing() -> None:
    cells = '<table:table-cell table:number-columns-repeated="1024"/>'
    blank = f'<table:table-row table:number-rows-repeated="1048000">{cells}</table:table-row></table:table>'
    body = open_table("Who", rows(ELEMENTS)).replace("</table:table>", blank) + open_table("Ties", rows(CONNECTIONS))
    assert len(taken(open_document(body)).organisations) == 5


def test_comments_and_deleted_cells_of_opendocument_are_no_text() -> None:
    noted = (
        '<table:table-cell office:value-type="percentage" office:value="0.5"><office:annotation><text:p>why?</text:p>'
        "</office:annotation><text:p>50%</text:p></table:table-cell>"
    )
    ties: list[list[Any]] = [["From", "To", "Strength"], ["A", "B", noted]]
    content = open_document(open_table("Who", PAIR["Who"]) + open_table("Ties", ties))
    assert [tie.strength for tie in taken(content, weights="percent").relationships] == [0.5]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (archive({"a.csv": b"0" * 90_000_000}), "too large"),
        (archive({f"{k}.txt": "" for k in range(2_001)}), "too large"),
        (archive({f"{k}.csv": "From,To\na,b\n" for k in range(21)}), "1 to 20"),
        (archive({"a.csv": b"0" * 30_000_000}), "too large"),
        (archive({"photo.jpg": b"x"}), "'0' is the number of files"),
        (archive({}), "'0' is the number of files"),
        (archive({"mimetype": "x", "content.xml": "<office/>"}), "no spreadsheet"),
        (archive({"mimetype": "x", "content.xml": "<office"}), "not well-formed"),
        (f"<mxfile><diagram>{deflated('<a>' + '0' * 21_000_000)}</diagram></mxfile>".encode(), "too large"),
        (b"<mxfile><diagram>nonsense!</diagram></mxfile>", "can't be unpacked"),
    ],
)  # fmt: skip
def test_what_unpacks_to_too_much_or_to_nothing_is_one_message(content: bytes, words: str) -> None:
    assert words in refused(content)


@pytest.mark.parametrize("library", ["openpyxl", "python_calamine"])
def test_without_its_reader_a_workbook_is_refused_in_words(library: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    content = workbook(**PAIR) if library == "openpyxl" else open_document(open_table("Who", PAIR["Who"]))
    words = refused(content)
    assert library.replace("_", "-") in words
    assert "pip install 'system-behaviours[import]'" in words
