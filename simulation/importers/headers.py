"""A sheet's column names and the rows below them; the names that Neo4j writes."""

import re

from simulation.importers.choices import Choices
from simulation.importers.columns import ID, LABEL, NAMED, TYPE, Pair, find, names_organisations, pairs_of, sort_of
from simulation.importers.matrices import (
    beside,
    find_matrix,
    headed_square,
    is_nameless,
    is_unnamed,
    numbered,
    read_matrix,
)
from simulation.importers.tables import Records, Row, Sheet, Table, check_size, folded, quoted, records_table
from simulation.scenario.errors import Findings

SEARCHED = 20
"""Rows in which column names are looked for: above them stand titles and remarks."""


def outlined(sheet: Sheet, choices: Choices, findings: Findings, *, alone: bool) -> list[Table] | None:
    """Return a sheet's tables, which may be neither elements nor ties yet; None where no row looks like column names.

    `alone` says that nothing else was brought: then what was chosen for all tables is meant for this one. Raises
    RefusedError where it is too large.
    """
    check_size(1, sheet.width)
    own, general = choices.form_of(sheet), choices.form
    form = own or (general if alone or not _is_headed(sheet) else "")
    if not sheet.rows:
        return []
    if form == "matrix":
        return _matrix_as_chosen(sheet, choices, findings)
    if form in ("", "none") and not choices.columns_of(sheet):
        found = _matrix(sheet, choices, findings)
        if found:
            return found
    if not choices.header:
        return [in_numbers(sheet, findings)]
    position = _header_position(sheet.rows, choices.columns_of(sheet))
    return None if position is None else [below(sheet, position, findings)]


def _matrix_as_chosen(sheet: Sheet, choices: Choices, findings: Findings) -> list[Table]:
    if choices.header and headed_square(sheet, sure=True):
        return read_matrix(_row_names(sheet, findings), 0, choices, findings)
    if choices.header and is_unnamed(sheet):
        message = f"a matrix of {len(sheet.rows) - 1} rows without names and {len(sheet.rows[0].cells)} columns"
        findings.add(
            message, file=sheet.file, allowed="a first column with the rows' names, or as many rows as columns"
        )
        return []
    named = sheet if choices.header else numbered(sheet)
    at = find_matrix(named, sure=True)
    if at is None:
        findings.add("this can't be read as a matrix", file=sheet.file, allowed="a row and a column an organisation")
        return []
    return read_matrix(named, at, choices, findings)


def _matrix(sheet: Sheet, choices: Choices, findings: Findings) -> list[Table]:
    if is_nameless(sheet):
        findings.doubt("a square of numbers without names: they were named by their numbers", file=sheet.file)
        return read_matrix(numbered(sheet), 0, choices, findings)
    if not choices.header:
        return []
    if headed_square(sheet):
        return read_matrix(_row_names(sheet, findings), 0, choices, findings)
    parts = beside(sheet)
    if parts is not None:
        about, matrix = parts
        return [below(about, 0, findings), *read_matrix(matrix, 0, choices, findings)]
    position = find_matrix(sheet)
    return [] if position is None else read_matrix(sheet, position, choices, findings)


def _row_names(sheet: Sheet, findings: Findings) -> Sheet:
    """Return a matrix whose rows have no names with those of its columns, in their order."""
    header, *rows = sheet.rows
    text = f"the rows have no names: they were taken to stand in the order of the columns, '{header.cells[0]}' first"
    findings.doubt(text, file=sheet.file)
    named = (Row(row.line, (name, *row.cells)) for name, row in zip(header.cells, rows, strict=True))
    return Sheet(sheet.file, sheet.name, (Row(header.line, ("", *header.cells)), *named))


def _is_headed(sheet: Sheet) -> bool:
    """Tell whether column names leave no doubt what a sheet is, so that a form chosen for others is not its own."""
    return any(_score(row.cells) >= 3 for row in sheet.rows[:SEARCHED]) and find_matrix(sheet) is None


def _score(cells: tuple[str, ...]) -> int:
    """Return how much a row looks like column names."""
    pairs = pairs_of(cells)
    if pairs and pairs[0].rank <= NAMED:
        return 4
    named = find(cells, LABEL) is not None or any(names_organisations(cell) for cell in cells if _is_heading(cell))
    return 2 * (named or bool(pairs)) + sum(find(cells, words) is not None for words in (ID, TYPE))


def _is_heading(cell: str) -> bool:
    return 0 < len(cell) < 60


def _header_position(rows: tuple[Row, ...], columns: dict[str, str]) -> int | None:
    named = {folded(name) for name in columns.values() if not name.isdecimal()}
    for position, row in enumerate(rows[:SEARCHED]):
        if named & {folded(cell) for cell in row.cells if cell}:
            return position
    usual = max((row.filled for row in rows), default=0)
    wide = [row if 2 * row.filled >= usual else None for row in rows[:SEARCHED]]
    scores = [0 if row is None or is_data(row, rows) else _score(row.cells) for row in wide]
    if not scores or max(scores) < 2:
        return None
    return scores.index(max(scores))


def is_data(row: Row, rows: tuple[Row, ...]) -> bool:
    """Tell whether a row that could be column names by chance ("a" and "b", "Mind charity") is one of the others."""
    if any(sort_of(cell) == "dates" or "@" in cell for cell in row.cells):
        return True
    pairs = pairs_of(row.cells)
    if pairs and pairs[0].rank > NAMED:
        return _names_ends(row, rows, pairs[0])
    known = not pairs and not any(find(row.cells, words) is not None for words in (LABEL, ID, TYPE))
    return known and _stands_again(row, rows)


def _names_ends(row: Row, rows: tuple[Row, ...], pair: Pair) -> bool:
    at = (pair.source, pair.target)
    ends = {folded(row.cells[one]) for one in at}
    others = (folded(other.cells[one]) for other in rows if other is not row for one in at if one < len(other.cells))
    return any(end.isdecimal() for end in ends) or any(other in ends for other in others)


def _stands_again(row: Row, rows: tuple[Row, ...]) -> bool:
    """Tell whether a cell of a row stands in another row too."""
    cells = {folded(cell) for cell in row.cells if cell}
    return any(folded(cell) in cells for other in rows if other is not row for cell in other.cells)


def below(sheet: Sheet, position: int, findings: Findings) -> Table:
    """Return the rows under the column names; later rows that repeat them are left out, and said."""
    header = sheet.rows[position].cells
    seen = [folded(cell) for cell in header]
    rows = []
    again = 0
    for row in sheet.rows[position + 1 :]:
        if [folded(cell) for cell in row.cells if cell] == [cell for cell in seen if cell]:
            again += 1
        else:
            rows.append(row)
    if again:
        findings.note(f"rows that repeat the column names, left out: {again}", file=sheet.file)
    if position:
        findings.note(f"rows above the column names, left out: {position}", file=sheet.file)
    twice = list(dict.fromkeys(name for name in header if name and seen.count(folded(name)) > 1))
    if twice:
        findings.note(f"columns with one name, of which the first is read: {quoted(twice)}", file=sheet.file)
    return Table(sheet.file, header, tuple(rows), "", sheet.name)


def in_numbers(sheet: Sheet, findings: Findings) -> Table:
    """Return a table whose columns go by their numbers."""
    width = sheet.width
    findings.note("read without column names: columns go by their numbers", file=sheet.file)
    return Table(sheet.file, tuple(str(number) for number in range(1, width + 1)), sheet.rows, "", sheet.name)


_HEADING = re.compile(
    r"(?P<name>[^:]*):(?P<field>[A-Za-z_]+)(\[\])?(\((?P<space>[^)]*)\))?(\{.*\})?", re.IGNORECASE | re.DOTALL
)
_ROLES = {
    "id": "id", "label": "type", "start_id": "source", "end_id": "target", "type": "relation", "ignore": "",
}  # fmt: skip
_APOC = {"_id": "id", "_labels": "type", "_start": "source", "_end": "target", "_type": "relation"}
_VALUES = (
    "int", "integer", "long", "float", "double", "boolean", "byte", "short", "char", "string", "point", "date",
    "localtime", "time", "localdatetime", "datetime", "duration", "vector",
)  # fmt: skip


def neo4j_tables(sheet: Sheet, choices: Choices) -> list[Table] | None:
    """Return elements and connections; None where the sheet is not Neo4j's, or one of its columns was chosen."""
    if not sheet.rows or not choices.header:
        return None
    header = [_column(cell) for cell in sheet.rows[0].cells]
    special = [cell for cell, (role, _, is_own) in zip(sheet.rows[0].cells, header, strict=True) if is_own]
    roles = {role for role, _, is_own in header if is_own}
    if not roles & {"id", "source"} or ("source" in roles) != ("target" in roles):
        return None
    if {folded(name) for name in choices.columns.values()} & {folded(cell) for cell in special}:
        return None
    elements: Records = []
    ties: Records = []
    for row in sheet.rows[1:]:
        record: dict[str, str] = {}
        for (role, space, _), cell in zip(header, row.cells, strict=False):
            if role and cell:
                record.setdefault(role, f"{cell} ({space})" if space else cell)
        (ties if record.get("source") or record.get("target") else elements).append((row.line, record))
    _shorten_types([record for _, record in elements])
    tables = []
    if elements:
        tables.append(records_table(elements, file=sheet.file, role="elements", network=sheet.name))
    if ties:
        kept = [(line, {name: value for name, value in record.items() if name != "id"}) for line, record in ties]
        first = ("source", "target")
        tables.append(records_table(kept, file=sheet.file, role="connections", network=sheet.name, first=first))
    return tables or None


def _column(cell: str) -> tuple[str, str, bool]:
    """Return as what a column is read, its space of ids, and whether its name is one that Neo4j gives.

    >>> _column("orgId:ID(Org)"), _column(":TYPE"), _column("name:string[]"), _column("_labels"), _column("Name")
    (('id', 'Org', True), ('relation', '', True), ('name', '', False), ('type', '', True), ('Name', '', False))
    """
    if cell in _APOC:
        return _APOC[cell], "", True
    found = _HEADING.fullmatch(cell)
    field = found["field"].casefold() if found else ""
    if found and field in _ROLES and (field != "label" or not found["name"]):
        return _ROLES[field], (found["space"] or "").strip() if field.endswith("id") else "", True
    return (found["name"] if found and found["name"] and field in _VALUES else cell), "", False


def _shorten_types(records: list[dict[str, str]]) -> None:
    """Leave of several labels those that not all nodes have, since those say which is which."""
    labels = [[part for part in re.split(r"[;:|]", record.get("type", "")) if part] for record in records]
    common = set.intersection(*map(set, labels)) if labels else set()
    for record, own in zip(records, labels, strict=True):
        if own:
            record["type"] = "; ".join([label for label in own if label not in common] or own)
