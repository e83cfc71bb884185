"""Find a sheet's column names, and what sort of table it is."""

from experiments.importing.choices import CONNECTION_COLUMNS, ELEMENT_COLUMNS, Choices
from experiments.importing.columns import ID, LABEL, TYPE, WEIGHT, find, find_pair, plain
from experiments.importing.matrix import find_matrix, is_nameless, numbered, read_matrix
from experiments.importing.tables import Role, Row, Sheet, Table, check_size, folded
from simulation.scenario.problems import Findings

SEARCHED = 20
"""Rows in which column names are looked for: above them stand titles and remarks."""


def read_sheet(sheet: Sheet, choices: Choices, findings: Findings) -> list[Table]:
    """Return a sheet's tables; none, without a problem, where it is neither elements nor ties nor a matrix.

    Raises RefusedError where it is too large.
    """
    check_size(1, max((len(row.cells) for row in sheet.rows), default=0))
    if is_nameless(sheet) and choices.form != "edges":
        findings.note("a square of numbers without names: they were named by their numbers", file=sheet.file)
        return read_matrix(numbered(sheet), 0, findings)
    if choices.form == "matrix":
        sheet = sheet if choices.header else numbered(sheet)
        position = find_matrix(sheet, sure=True)
        return [] if position is None else read_matrix(sheet, position, findings)
    if choices.header and choices.form != "edges" and not _chosen(sheet.rows, choices):
        position = find_matrix(sheet)
        if position is not None:
            return read_matrix(sheet, position, findings)
    if not choices.header:
        return [_numbered(sheet, "", findings)]
    position = _header_position(sheet.rows, choices)
    if position is not None:
        return [_table(sheet, position, findings)]
    return _edge_list(sheet, choices, findings)


def _score(cells: tuple[str, ...]) -> int:
    """Return how much a row looks like column names."""
    pair = find_pair(cells)
    if pair is not None:
        return 4 if pair[2] else 3
    return 2 * (find(cells, LABEL) is not None) + sum(find(cells, words) is not None for words in (ID, TYPE))


def _chosen(rows: tuple[Row, ...], choices: Choices) -> int | None:
    """Return the position of the first row that holds a column that was named, and has company."""
    named = {folded(name) for name in choices.columns.values() if not name.isdecimal()}
    for position, row in enumerate(rows[:SEARCHED]):
        if named & {folded(cell) for cell in row.cells}:
            return position + 1
    return None


def _header_position(rows: tuple[Row, ...], choices: Choices) -> int | None:
    chosen = _chosen(rows, choices)
    if chosen is not None:
        return chosen - 1
    scores = [0 if _is_data(row, rows) else _score(row.cells) for row in rows[:SEARCHED]]
    if not scores or max(scores) < 2:
        return None
    return scores.index(max(scores))


def _is_data(row: Row, rows: tuple[Row, ...]) -> bool:
    """Tell whether what could name two ends by chance (a and b, 1 and 2) is named as ends by other rows too."""
    pair = find_pair(row.cells)
    if pair is None or pair[2]:
        return False
    ends = {folded(row.cells[at]) for at in pair[:2]}
    others = (folded(other.cells[at]) for other in rows if other is not row for at in pair[:2] if at < len(other.cells))
    return any(end.isdecimal() for end in ends) or any(other in ends for other in others)


def _table(sheet: Sheet, position: int, findings: Findings, *, role: Role = "") -> Table:
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
        shown = ", ".join(f"'{name}'" for name in twice[:8])
        findings.note(f"columns with one name, of which the first is read: {shown}", file=sheet.file)
    return Table(sheet.file, header, tuple(rows), role, sheet.name)


def _numbered(sheet: Sheet, role: Role, findings: Findings) -> Table:
    """Return a table whose columns go by their numbers."""
    width = max(len(row.cells) for row in sheet.rows)
    findings.note("read without column names: columns go by their numbers", file=sheet.file)
    return Table(sheet.file, tuple(str(number) for number in range(1, width + 1)), sheet.rows, role, sheet.name)


def _edge_list(sheet: Sheet, choices: Choices, findings: Findings) -> list[Table]:
    """Return two columns of names, and perhaps a number, as ties; whether the first row is names is guessed."""
    width = max((sum(1 for cell in row.cells if cell) for row in sheet.rows), default=0)
    positions = [number.isdecimal() for key, number in choices.columns.items() if key in ("from", "to")]
    if width < 2 or (width > 4 and not any(positions) and choices.form != "edges"):
        return []
    first, rest = sheet.rows[0], sheet.rows[1:]
    ends = {folded(cell) for row in rest for cell in row.cells[:2]}
    if len(rest) and not any(folded(cell) in ends for cell in first.cells[:2]):
        names = ", ".join(f"'{cell}'" for cell in first.cells)
        findings.note(f"the first row ({names}) was taken as column names, the first two for the ends", file=sheet.file)
        header = ("from", "to", *first.cells[2:])
        rows = rest
    else:
        findings.note("no column names: the first two columns were taken as the ends of ties", file=sheet.file)
        header, rows = ("from", "to"), sheet.rows
    more = max(len(row.cells) for row in sheet.rows) - len(header)
    header += tuple(f"column {len(header) + number}" for number in range(1, more + 1))
    if len(header) > 2 and find(header[2:], WEIGHT) is None and all(_is_number(row, 2) for row in rows):
        header = (*header[:2], "weight", *header[3:])
    return [Table(sheet.file, header, rows, "connections", sheet.name)]


def _is_number(row: Row, position: int) -> bool:
    if position >= len(row.cells) or not row.cells[position]:
        return True
    try:
        float(row.cells[position].replace(",", "."))
    except ValueError:
        return False
    return True


def role_of(table: Table, choices: Choices) -> Role:
    """Return whether a table holds elements or ties; "" where it holds neither."""
    if table.role:
        return table.role
    named = {folded(name) for name in table.header} | {str(number + 1) for number in range(len(table.header))}
    asked = {key for key, name in choices.columns.items() if folded(name) in named and not name.isdecimal()}
    if {"from", "to"} & asked or (not choices.header and {"from", "to"} <= set(choices.columns)):
        return "connections"
    pair = find_pair(table.header)
    if pair is not None and (pair[2] or not set(ELEMENT_COLUMNS) & asked):
        return "connections"
    if set(ELEMENT_COLUMNS) & asked or find(table.header, (*LABEL, *ID)) is not None:
        return "elements"
    if not choices.header:
        return "connections" if len(table.header) > 1 else "elements"
    return "connections" if set(CONNECTION_COLUMNS) & asked and plain("from") in table.header else ""
