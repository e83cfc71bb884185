"""Write a draft as the text that a browser keeps, and read it back: what comes back may be anything."""

import json
from typing import Any

from dashboard.own_place.draft import COLUMNS, Draft, Row, Table, TableName, tidy
from dashboard.own_place.limits import MOST_HEAD, MOST_NOTES, MOST_ORGANISATIONS, MOST_RELATIONSHIPS, MOST_TEXT

FORM = "system-behaviours place"
VERSION = 1
LONGEST_LINE = 1_200
MOST_ROWS: dict[TableName, int] = {"organisations": 2 * MOST_ORGANISATIONS, "relationships": 2 * MOST_RELATIONSHIPS}
"""Rows of a draft that can be kept: more than a place may have, so that what is too much can be taken away."""


class UnreadableError(ValueError):
    """The text is not one that `to_json` wrote."""


def to_json(draft: Draft) -> str:
    """Return a draft as text."""
    content = {
        "form": FORM, "version": VERSION, "family": draft.family, "title": draft.title, "header": draft.header,
        "head": draft.head, "notes": draft.notes,
        "organisations": _said(draft.organisations), "relationships": _said(draft.relationships),
    }  # fmt: skip
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))


def from_json(text: Any) -> Draft:
    """Return the draft of a text. Raises UnreadableError where it is anything else."""
    if not isinstance(text, str) or len(text) > MOST_TEXT:
        raise UnreadableError
    try:
        content = json.loads(text)
        if not isinstance(content, dict) or content.get("form") != FORM or content.get("version") != VERSION:
            raise UnreadableError
        header, family = content["header"], str(content["family"])
        if not isinstance(header, dict) or not (family.isalnum() and len(family) <= 40):
            raise UnreadableError
        return Draft(
            organisations=_table("organisations", content), relationships=_table("relationships", content),
            header={str(key): _toml(value) for key, value in header.items() if value is not None},
            head=_lines(content["head"], MOST_HEAD), notes=_lines(content["notes"], MOST_NOTES), family=family,
        )  # fmt: skip
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise UnreadableError from error


def _said(table: Table) -> dict[str, Any]:
    return {"columns": table.columns, "rows": [row.cells for row in table.rows]}


def _table(name: TableName, content: dict[str, Any]) -> Table:
    columns = tuple(content[name]["columns"])
    if len(set(columns)) != len(columns) or not set(columns) <= set(COLUMNS[name]):
        raise UnreadableError
    rows = content[name]["rows"]
    if not isinstance(rows, list) or len(rows) > MOST_ROWS[name]:
        raise UnreadableError
    read = []
    for key, cells in enumerate(rows):
        if len(cells) != len(columns) or not all(isinstance(cell, str) for cell in cells):
            raise UnreadableError
        read.append(Row(key, tuple(map(tidy, cells))))
    return Table(columns, tuple(read))


def _toml(value: Any) -> Any:
    """Return a value that place.toml can hold; TOML has no null."""
    if value is None:
        raise UnreadableError
    for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        _toml(part)
    return value


def _lines(given: Any, most: int) -> tuple[str, ...]:
    if not isinstance(given, list) or not all(isinstance(line, str) for line in given):
        raise UnreadableError
    return tuple(line[:LONGEST_LINE] for line in given[:most])
