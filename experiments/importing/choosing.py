"""Take the columns and networks that were chosen, and say which names are not there."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from experiments.importing.choices import COLUMNS, POSITIONS, Choices, goes_by
from experiments.importing.headers import SEARCHED
from experiments.importing.tables import Sheet, Table, folded
from simulation.scenario.problems import Findings
from simulation.text import counted

MOST_NAMED = 8


def check_columns(parts: Sequence[Sheet | Table], choices: Choices, findings: Findings) -> None:
    """Add a problem for each column that was named and is in no table."""
    for key, name in choices.columns.items():
        table, colon, role = key.rpartition(":")
        role = role.strip()
        named = [part for part in parts if not colon or goes_by(part, table)]
        headers = list(dict.fromkeys(cell for part in named for cell in _headings(part) if cell))
        cells = {folded(cell) for part in named for cell in _cells(part)} | {folded(cell) for cell in headers}
        widest = max((_width(part) for part in named), default=0)
        number = name.isdecimal() and len(name) < 6 and 1 <= int(name) <= widest
        if role not in COLUMNS:
            findings.add("is nothing a column is read as", key="--columns", value=role, allowed=COLUMNS, like=COLUMNS)
        elif not named:
            names = list(dict.fromkeys(part.file for part in parts))
            findings.add("is no sheet, list or file here", key="--columns", value=table, allowed=names, like=names)
        elif (role, name) in (("id", one) for one in POSITIONS):
            continue
        elif not number and (not name or folded(name) not in cells):
            findings.add("is no column here", key="--columns", value=name or '""', allowed=headers, like=headers)


def _headings(part: Sheet | Table) -> tuple[str, ...]:
    """Return what a table's columns may be called: of a sheet, the row among the first with the most cells."""
    if isinstance(part, Table):
        return part.header
    rows = [row.cells for row in part.rows[:SEARCHED]]
    return max(rows, key=lambda cells: sum(1 for cell in cells if cell), default=())


def _cells(part: Sheet | Table) -> Iterator[str]:
    return iter(()) if isinstance(part, Table) else (cell for row in part.rows[:SEARCHED] for cell in row.cells)


def _width(part: Sheet | Table) -> int:
    return len(part.header) if isinstance(part, Table) else max((len(row.cells) for row in part.rows), default=0)


def chosen_networks(tables: list[Table], choices: Choices, findings: Findings) -> list[Table]:
    """Return the tables of the networks that were chosen; all, with a word about it, where none was.

    A network is a map, a sheet, or what a column of networks says of a tie. What only the others' tables hold goes
    with them, elements too.
    """
    sized: dict[str, int] = {}
    for table in tables:
        for name in _networks(table):
            sized[name] = sized.get(name, 0) + 1
        if table.role == "connections" and table.network and not table.rows:
            sized.setdefault(table.network, 0)
    wanted = {folded(name) for name in choices.networks}
    for name in choices.networks:
        if folded(name) not in {folded(one) for one in sized}:
            message = "is no map, sheet or network with ties here"
            findings.add(message, key="--network", value=name or '""', allowed=list(sized), like=list(sized))
    if not wanted:
        if len(sized) > 1:
            shown = ", ".join(f"'{name}' ({counted(count, 'tie')})" for name, count in list(sized.items())[:MOST_NAMED])
            findings.note(f"several networks were read as one: {shown}; --network takes some of them")
        return tables
    findings.note(f"networks taken, as chosen: {', '.join(choices.networks)}")
    out = {folded(name) for name in sized} - wanted
    return [_of_networks(table, wanted) for table in tables if folded(table.network) not in out or _networks(table)]


def _networks(table: Table) -> list[str]:
    """Return the network of each tie."""
    if table.role != "connections":
        return []
    at = table.columns.get("network", len(table.header))
    names = ((row.cells[at] if at < len(row.cells) else "") or table.network for row in table.rows if any(row.cells))
    return [name for name in names if name]


def _of_networks(table: Table, wanted: set[str]) -> Table:
    """Return the ties of some networks; a list of elements as it is."""
    if not _networks(table):
        return table
    at = table.columns.get("network", len(table.header))
    rows = (
        row for row in table.rows if folded((row.cells[at] if at < len(row.cells) else "") or table.network) in wanted
    )
    return replace(table, rows=tuple(rows))
