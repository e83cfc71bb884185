"""Read tables that say by rows and columns of their own who is with whom.

Adjacency lists, columns of partners by number, boxes that were ticked, parents by id, and lists of members, whose
shared membership is a tie only where somebody says so.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import combinations

from experiments.importing.columns import names_organisations, plain
from experiments.importing.evidence import Contents, pieces, sort_of
from experiments.importing.headings import GROUPS, LABEL, PARENTS, WEAK_GROUPS
from experiments.importing.limits import MOST_TIES
from experiments.importing.matrix import MARKS, is_cell, is_no_tie
from experiments.importing.tables import RefusedError, Row, Sheet, Table, folded, records_table
from simulation.scenario.problems import Findings

Records = list[tuple[int, dict[str, str]]]
ALIKE = 0.5
NEARLY_ALL = 0.9
_COLON = re.compile(r"([^:]+?)\s*(?::(?!//)|->|→|=>)\s*(.*)")
_NUMBERED = re.compile(r"(.*?)[\s_.-]*#?\(?(\d{1,3})\)?")
_OPTION = re.compile(r"(.{2,}?)\s*(?:\[(.+)\]|\((.+)\)|(?:[:/|–—_]|\s-\s)\s*([^:/|]+))")


def adjacency(sheet: Sheet, findings: Findings, *, sure: bool) -> list[Table]:
    """Return elements and ties of rows that each name an organisation and all it works with; none where they don't.

    Unless it is sure by a person's word, rows have to differ in length, hold names alone, and name one another.
    """
    rows = list(_apart(sheet))
    if not sure and not _is_adjacency(rows):
        return []
    if sure and rows and len(rows) > 1 and plain(rows[0].cells[0]) in LABEL:
        rows = rows[1:]
    findings.note("read as an adjacency list: each row an organisation and those it works with", file=sheet.file)
    spelt: dict[str, tuple[int, str]] = {}
    for row in rows:
        for name in row.cells:
            if name:
                spelt.setdefault(folded(name), (row.line, name))
    ends = [(row.line, row.cells[0], other) for row in rows for other in row.cells[1:] if other and row.cells[0]]
    ties = [(line, {"source": spelt[folded(one)][1], "target": spelt[folded(other)][1]}) for line, one, other in ends]
    elements = [(line, {"label": name}) for line, name in spelt.values()]
    return _made(sheet, elements, ties)


def _apart(sheet: Sheet) -> Iterator[Row]:
    """Yield rows; where each begins with a name and a colon, that name and what comes after it apart."""
    found = [_COLON.fullmatch(row.cells[0]) if row.cells else None for row in sheet.rows]
    colons = all(found) and len(found) > 1
    for row, parts in zip(sheet.rows, found, strict=True):
        if colons and parts:
            yield Row(row.line, (parts[1], *pieces(parts[2]), *row.cells[1:]))
        elif row.cells:
            yield Row(row.line, row.cells)


def _is_adjacency(rows: list[Row]) -> bool:
    given = [[cell for cell in row.cells if cell] for row in rows]
    widths = {len(cells) for cells in given}
    sorts = Counter(sort_of(cell) for cells in given for cell in cells)
    if len(given) < 2 or len(widths) < 2 or max(widths) < 3 or sorts["names"] < NEARLY_ALL * sorts.total():
        return False
    firsts = [folded(row.cells[0]) for row in rows]
    others = {folded(cell) for row in rows for cell in row.cells[1:]}
    gaps = any("" in row.cells[: len(cells)] for row, cells in zip(rows, given, strict=True))
    heads = {plain(cell) for cell in rows[0].cells}
    return not gaps and len(set(firsts)) == len(firsts) and bool(set(firsts[1:]) & others) and not heads & set(LABEL)


def is_partners(table: Table, label: int, at: int, cells: list[Contents]) -> bool:
    """Tell whether a column's cells name other rows: whom an organisation works with, what it is part of."""
    column = cells[at]
    if column.sort not in ("names", "prose") or not column.cells:
        return False
    labels = cells[label].parts | cells[label].values
    if len(column.parts & labels) < min(2, len(column.parts)) or column.known(labels) < ALIKE:
        return False
    rows = [row.cells for row in table.rows if len(row.cells) > max(label, at) and row.cells[at]]
    return sum(folded(row[label]) == folded(row[at]) for row in rows) < ALIKE * len(rows)


def partner_ties(table: Table, label: int, at: int, kind: str) -> Table:
    """Return the ties of a sort that a column of partners makes."""
    rows = tuple(
        Row(row.line, (row.cells[label], row.cells[at], kind))
        for row in table.rows
        if len(row.cells) > max(label, at) and not is_no_tie(row.cells[at])
    )
    columns = {"from": 0, "to": 1, "tie": 2}
    return Table(
        table.file, ("from", "to", "relation"), rows, "connections", table.network, made=True, columns=columns,
        adds=True,
    )  # fmt: skip


def numbered(table: Table, cells: Sequence[Contents]) -> dict[int, str]:
    """Return columns of partners by position, as Partner 1, Partner 2 and on, and what they are called together."""
    stems: dict[str, list[int]] = {}
    for at, name in enumerate(table.header):
        found = _NUMBERED.fullmatch(name.strip())
        if found and found[1].strip():
            stems.setdefault(plain(found[1]), []).append(at)
    for stem, places in stems.items():
        labels = [
            at for at, name in enumerate(table.header)
            if at not in places and cells[at].sort == "names" and cells[at].distinct > NEARLY_ALL
            and (plain(name) in LABEL or names_organisations(name))
        ]  # fmt: skip
        named = all(cells[at].sort in ("names", "blank") for at in places) and cells[places[0]].sort == "names"
        if len(places) < 2 or len(labels) != 1 or not named:
            continue
        partners = set().union(*(cells[at].values for at in places))
        if partners & cells[labels[0]].values and not _is_address(stem):
            return {at: table.header[at][: len(stem)].strip() or stem for at in places}
    return {}


def _is_address(stem: str) -> bool:
    return bool(set(stem.split()) & {"address", "phone", "email", "line", "contact", "tag", "keyword", "note"})


def ticked(table: Table, label: int, cells: Sequence[Contents]) -> dict[int, tuple[str, str]]:
    """Return columns of boxes by position: the question that they share, and the organisation that each is about.

    Half of the organisations, or of the rows, have to be known on the other side: boxes are ticked for services, too.
    """
    found: dict[str, dict[int, str]] = {}
    for at, name in enumerate(table.header):
        parts = _OPTION.fullmatch(name) if at != label else None
        option = next((part for part in parts.groups()[1:] if part), "") if parts else ""
        if parts and option:
            found.setdefault(plain(parts[1]), {})[at] = option.strip()
    known = cells[label].values
    for options in found.values():
        about = {folded(option) for option in options.values()}
        both = len(about & known)
        fits = all(_fits(cell, option) for at, option in options.items() for cell in cells[at].cells)
        if len(options) > 1 and fits and both >= max(ALIKE * min(len(about), len(known)), 1):
            stems = {at: _OPTION.fullmatch(table.header[at]) for at in options}
            return {at: (stem[1] if stem else "", options[at]) for at, stem in stems.items()}
    return {}


def _fits(cell: str, option: str) -> bool:
    return is_cell(cell) or folded(cell) == folded(option)


def ties_of_boxes(table: Table, label: int, boxes: dict[int, tuple[str, str]]) -> Table:
    """Return the ties of boxes that were ticked, or that hold how much."""
    rows = []
    for row in table.rows:
        for at, (stem, option) in boxes.items():
            cell = row.cells[at] if at < len(row.cells) else ""
            if cell and not is_no_tie(cell):
                is_mark = folded(cell) in MARKS or folded(cell) == folded(option)
                rows.append(Row(row.line, (row.cells[label], option, stem, "" if is_mark else cell)))
    columns = {"from": 0, "to": 1, "tie": 2, "weight": 3}
    header = ("from", "to", "relation", "weight")
    return Table(table.file, header, tuple(rows), "connections", table.network, made=True, columns=columns, adds=True)


def is_parent(heading: str, column: Contents, ids: Contents) -> bool:
    """Tell whether a column holds the ids of what each row is part of."""
    words = plain(heading)
    named = words in PARENTS or bool({"parent", "parents"} & set(words.split()))
    values = {value for value in column.values if not is_no_tie(value)}
    return named and bool(values) and values <= ids.values


def is_membership(table: Table, cells: Sequence[Contents], *, sure: bool = False) -> tuple[int, int] | None:
    """Return the columns of organisations and of what they are members of; None where a table is no list of members.

    `sure` asks for more than that it may be one: a heading that says so, or organisations that stand in several rows.
    """
    headings = [plain(name) for name in table.header]
    groups = [at for at, name in enumerate(headings) if name in GROUPS | WEAK_GROUPS and cells[at].sort == "names"]
    labels = [
        at for at, name in enumerate(headings)
        if at not in groups and cells[at].sort == "names" and (name in LABEL or names_organisations(name))
    ]  # fmt: skip
    if len(groups) != 1 or not labels:
        return None
    label, group = labels[0], groups[0]
    shared = len(cells[group].parts) < sum(len(pieces(cell)) for cell in cells[group].cells)
    if not shared or cells[label].values & cells[group].parts:
        return None
    told = headings[group] in GROUPS or (cells[label].distinct < 1 and headings[group] != "group")
    return (label, group) if told or not sure else None


def memberships(table: Table, columns: tuple[int, int], findings: Findings) -> list[Table]:
    """Return organisations, and a tie between any two that share a membership. Raises RefusedError for too many."""
    label, group = columns
    members: dict[str, dict[str, None]] = {}
    names: dict[str, str] = {}
    lines: dict[str, int] = {}
    spelt: dict[str, str] = {}
    for row in table.rows:
        name = row.cells[label] if label < len(row.cells) else ""
        if name:
            spelt.setdefault(folded(name), name)
            lines.setdefault(folded(name), row.line)
            for one in pieces(row.cells[group] if group < len(row.cells) else ""):
                names.setdefault(folded(one), one)
                members.setdefault(folded(one), {})[folded(name)] = None
    number = sum(len(one) * (len(one) - 1) // 2 for one in members.values())
    if number > MOST_TIES:
        msg = f"shared memberships would make {number:,} ties: {MOST_TIES:,} are read at most"
        raise RefusedError(msg)
    by = f"{len(members)} of '{table.header[group]}'"
    findings.note(f"a tie between any two that share a membership, as chosen: {number} by {by}", file=table.file)
    ties = [
        (lines[one], {"source": spelt[one], "target": spelt[other], "relation": names[key]})
        for key, those in members.items()
        for one, other in combinations(those, 2)
    ]
    rest = [(at, name) for at, name in enumerate(table.header) if name and at not in (label, group)]
    about = {key: {"label": name} for key, name in spelt.items()}
    for row in table.rows:
        record = about.get(folded(row.cells[label]), {}) if label < len(row.cells) else {}
        for at, name in rest:
            record.setdefault(name, row.cells[at] if at < len(row.cells) else "")
    return _made(Sheet(table.file, table.network, ()), [(lines[key], one) for key, one in about.items()], ties)


def _made(
    sheet: Sheet, elements: list[tuple[int, dict[str, str]]], ties: list[tuple[int, dict[str, str]]]
) -> list[Table]:
    about = {"file": sheet.file, "network": sheet.name}
    return [
        records_table(elements, role="elements", first=("label",), made=True, **about),
        records_table(ties, role="connections", first=("source", "target"), made=True, **about),
    ]
