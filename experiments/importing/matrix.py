"""Read a matrix: a row and a column an organisation, in each cell whether, or how much, they work together."""

import re

from experiments.importing.tables import Row, Sheet, Table, folded, records_table
from simulation.scenario.problems import Findings

NO_TIE = frozenset({"", "0", "na", "n/a", "#n/a", "nan", "no", "none", "-", "–", ".", "false", "null", "n"})
"""How people write that there is no tie. It is not "no answer": a map does not tell the two apart."""
MARKS = frozenset({"x", "yes", "y", "true", "✓", "✔", "•", "+", "1"})
_NUMBER = re.compile(r"[+-]?(\d+([.,]\d*)?|[.,]\d+)([eE][+-]?\d{1,3})?%?|\d+/\d+")
_ZERO = re.compile(r"[+-]?0{0,20}([.,]0{0,20})?")
ALIKE = 0.5
"""Share of the shorter side's names that must stand on the other side too."""
MOST_NAMED = 8


def is_no_tie(text: str) -> bool:
    """Tell whether a cell says that there is no tie.

    >>> [is_no_tie(text) for text in ("", "0", "0,0", "NA", "0.5", "x")]
    [True, True, True, True, False, False]
    """
    return folded(text) in NO_TIE or _ZERO.fullmatch(text.strip()) is not None


def find_matrix(sheet: Sheet, *, sure: bool = False) -> int | None:
    """Return the position of the row that names a matrix's columns; None where the sheet is no matrix."""
    for position, row in enumerate(sheet.rows[:8]):
        if len([cell for cell in row.cells[1:] if cell]) >= 2:
            return position if _is_matrix(row, sheet.rows[position + 1 :], sure=sure) else None
    return None


def numbered(sheet: Sheet) -> Sheet:
    """Return a matrix without names with its rows and columns named by their numbers."""
    width = max(len(row.cells) for row in sheet.rows)
    header = Row(sheet.rows[0].line, ("", *(str(number) for number in range(1, width + 1))))
    rows = (Row(row.line, (str(number), *row.cells)) for number, row in enumerate(sheet.rows, start=1))
    return Sheet(sheet.file, sheet.name, (header, *rows))


def is_nameless(sheet: Sheet) -> bool:
    """Tell whether a sheet is a square of numbers; three edges with weights, which have no 0, are not one."""
    size = len(sheet.rows)
    cells = [cell for row in sheet.rows for cell in row.cells]
    return (
        size >= 3
        and all(len(row.cells) == size for row in sheet.rows)
        and all(_NUMBER.fullmatch(cell) or (cell and is_no_tie(cell)) for cell in cells)
        and (size > 4 or any(is_no_tie(cell) for cell in cells))
    )


def _is_matrix(header: Row, rows: tuple[Row, ...], *, sure: bool) -> bool:
    body = [row for row in rows if row.cells[0]]
    cells = [cell for row in body for cell in row.cells[1:] if cell]
    if len(body) < 2 or not cells:
        return False
    fitting = sum(_is_cell(cell) for cell in cells)
    if sure:
        return True
    if fitting < 0.95 * len(cells) or any(_NUMBER.fullmatch(cell) for cell in header.cells[1:2]):
        return False
    across = {folded(cell) for cell in header.cells[1:] if cell}
    down = {folded(row.cells[0]) for row in body}
    return len(across & down) >= ALIKE * min(len(across), len(down)) or not header.cells[0]


def _is_cell(text: str) -> bool:
    return is_no_tie(text) or folded(text) in MARKS or _NUMBER.fullmatch(text) is not None


def read_matrix(sheet: Sheet, header: int, findings: Findings) -> list[Table]:
    """Return a matrix's elements and ties; names that stand on one side only are kept and said."""
    across = list(sheet.rows[header].cells[1:])
    rows = [row for row in sheet.rows[header + 1 :] if row.cells[0]]
    down = {folded(row.cells[0]): row for row in rows}
    top = {folded(name): name for name in across if name}
    only_down = [row.cells[0] for key, row in down.items() if key not in top]
    only_across = [name for key, name in top.items() if key not in down]
    two_sorts = len(down) - len(only_down) < ALIKE * min(len(down), len(top))
    _say(sheet, len(rows), len(top), only_down, only_across, findings, two_sorts=two_sorts)
    line = sheet.rows[header].line
    elements = [(row.line, {"label": row.cells[0], "type": "row" if two_sorts else ""}) for row in rows]
    elements += [(line, {"label": name, "type": "column" if two_sorts else ""}) for name in only_across]
    own = {key: row.cells[0] for key, row in down.items()}
    ties, none = [], 0
    for row in rows:
        for name, cell in zip(across, row.cells[1:], strict=False):
            if name and not is_no_tie(cell):
                target = own.get(folded(name), name)
                weight = "" if folded(cell) in MARKS - {"1"} else cell
                ties.append((row.line, {"source": row.cells[0], "target": target, "weight": weight}))
            elif cell:
                none += 1
    findings.note(f"cells with 0, NA, no and the like, read as no tie: {none}; blank cells too", file=sheet.file)
    first = ("source", "target", "weight")
    return [
        records_table(
            elements, file=sheet.file, role="elements", network=sheet.name, first=("label", "type"), made=True
        ),
        records_table(ties, file=sheet.file, role="connections", network=sheet.name, first=first, made=True),
    ]


def _say(
    sheet: Sheet, rows: int, columns: int, down: list[str], across: list[str], findings: Findings, *, two_sorts: bool
) -> None:
    findings.note(f"read as a matrix of {rows} rows and {columns} columns", file=sheet.file)
    if two_sorts:
        text = "its rows and columns are two sorts of element: they were given the types 'row' and 'column'"
        findings.note(text, file=sheet.file)
        return
    for names, side in ((down, "row"), (across, "column")):
        if names:
            shown = ", ".join(f"'{name}'" for name in names[:MOST_NAMED])
            more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
            findings.note(f"names of a {side} only, kept as elements: {shown}{more}", file=sheet.file)
