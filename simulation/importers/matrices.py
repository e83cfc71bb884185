"""Tables that say by rows and columns of their own who is with whom: matrices, lists of partners, memberships."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Any

from simulation.importers.choices import Choices
from simulation.importers.columns import (
    GROUPS,
    LABEL,
    PARENTS,
    WEAK_GROUPS,
    Contents,
    names_organisations,
    pieces,
    plain,
    sort_of,
)
from simulation.importers.tables import (
    MOST_TIES,
    RefusedError,
    Row,
    Sheet,
    Table,
    folded,
    graph_tables,
    quoted,
)
from simulation.scenario.errors import Findings
from simulation.text import counted

NO_TIE = frozenset({"", "0", "na", "n/a", "#n/a", "nan", "no", "none", "-", "–", ".", "false", "null", "n"})
"""How people write that there is no tie. It is not "no answer": a map does not tell the two apart."""
MARKS = frozenset({"x", "yes", "y", "true", "✓", "✔", "•", "+", "1"})
UNANSWERED = frozenset({"", "na", "n/a", "#n/a", "nan", "?", "dk", "don't know", "no answer", "missing"})
_NUMBER = re.compile(r"[+-]?(\d+([.,]\d*)?|[.,]\d+)([eE][+-]?\d{1,3})?%?|\d+/\d+")
_ZERO = re.compile(r"[+-]?0{0,20}([.,]0{0,20})?")
ALIKE = 0.5
"""Share of the shorter side's names that must stand on the other side too."""


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


def is_unnamed(sheet: Sheet) -> bool:
    """Tell whether all that stands below a sheet's first row are cells of a matrix: its rows have no names."""
    cells = [cell for row in sheet.rows[1:] for cell in row.cells if cell]
    firsts = [row.cells[0] for row in sheet.rows[1:]]
    return bool(cells) and all(map(is_cell, cells)) and len(set(firsts)) < len(firsts)


def headed_square(sheet: Sheet, *, sure: bool = False) -> bool:
    """Tell whether a sheet is a matrix whose columns have names and whose rows have none.

    Ratings by as many people as questions look alike; a matrix has one and the same in its diagonal, or is the same
    both ways round, unless it is sure by a person's word.
    """
    if len(sheet.rows) < (3 if sure else 4):
        return False
    header, *rows = sheet.rows
    size = len(rows)
    if len(header.cells) != size or any(len(row.cells) > size for row in rows):
        return False
    names = {folded(name) for name in header.cells}
    cells = [[folded(cell) for cell in (*row.cells, *[""] * (size - len(row.cells)))] for row in rows]
    if len(names) < size or "" in names or any(sort_of(name) != "names" for name in header.cells):
        return False
    if not all(is_cell(cell) for row in cells for cell in row):
        return False
    if sure:
        return is_unnamed(sheet)
    alike = len({cells[at][at] if not is_no_tie(cells[at][at]) else "" for at in range(size)}) == 1
    turned = all(cells[a][b] == cells[b][a] for a in range(size) for b in range(a))
    return turned or (alike and any(not is_no_tie(cell) for row in cells for cell in row))


def beside(sheet: Sheet) -> tuple[Sheet, Sheet] | None:
    """Return what columns say of a matrix's rows, and the matrix itself; None where nothing stands beside one.

    The columns may hold a type, or the names of what the matrix calls by codes.
    """
    for position, row in enumerate(sheet.rows[:8]):
        if len([cell for cell in row.cells if cell]) < 4:
            continue
        rows = sheet.rows[position + 1 :]
        columns = [[one.cells[at] for one in rows if at < len(one.cells)] for at in range(len(row.cells))]
        top = {folded(cell) for cell in row.cells if not is_cell(cell)}
        for at, cells in enumerate(columns[:6]):
            names = {folded(cell) for cell in cells if not is_cell(cell)}
            named = [one for one, cell in enumerate(row.cells) if folded(cell) in names and one != at]
            body = [
                one for one in range(min(named, default=at), len(row.cells)) if one in named or _fit(columns, [one])
            ]
            if len(names & top) < max(ALIKE * min(len(names), len(top)), 2) or not _fit(columns, body):
                continue
            others = [one for one in range(len(row.cells)) if one not in body]
            if others == [at] and at == 0:
                return None
            return _picked(sheet, position, others), _picked(sheet, position, [at, *body])
        return None
    return None


def _fit(columns: list[list[str]], body: list[int]) -> bool:
    cells = [cell for at in body for cell in columns[at] if cell]
    return bool(cells) and sum(map(is_cell, cells)) >= 0.95 * len(cells)


def _picked(sheet: Sheet, position: int, columns: list[int]) -> Sheet:
    rows = (Row(row.line, tuple(row.at(at) for at in columns)) for row in sheet.rows[position:])
    return Sheet(sheet.file, sheet.name, tuple(rows))


def _is_matrix(header: Row, rows: tuple[Row, ...], *, sure: bool) -> bool:
    body = [row for row in rows if row.cells[0]]
    cells = [cell for row in body for cell in row.cells[1:] if cell]
    if len(body) < 2 or not cells:
        return False
    fitting = sum(is_cell(cell) for cell in cells)
    if sure:
        return True
    across = {folded(cell) for cell in header.cells[1:] if cell}
    down = {folded(row.cells[0]) for row in body}
    if across == down and not _NUMBER.fullmatch(header.cells[0]) and fitting == len(cells):
        return True
    if fitting < 0.95 * len(cells) or any(_NUMBER.fullmatch(cell) for cell in header.cells[1:2]):
        return False
    return len(across & down) >= ALIKE * min(len(across), len(down)) or not header.cells[0]


def is_cell(text: str) -> bool:
    """Tell whether a text may stand in a matrix's cell: a number, a mark, or that there is no tie."""
    return is_no_tie(text) or folded(text) in MARKS or _NUMBER.fullmatch(text) is not None


def read_matrix(sheet: Sheet, header: int, choices: Choices, findings: Findings) -> list[Table]:
    """Return a matrix's elements and ties; names that stand on one side only are kept and said."""
    sheet, header = _without_totals(sheet, header, findings), 0
    across = list(sheet.rows[header].cells[1:])
    rows = [row for row in sheet.rows[header + 1 :] if row.cells[0]]
    _take_twins(across, [row.cells[0] for row in rows], sheet, choices, findings)
    down = {folded(row.cells[0]): row for row in rows}
    top = {folded(name): name for name in across if name}
    only_down = [row.cells[0] for key, row in down.items() if key not in top]
    only_across = [name for key, name in top.items() if key not in down]
    two_sorts = len(down) - len(only_down) < ALIKE * min(len(down), len(top))
    _say(sheet, len(rows), len(top), only_down, only_across, findings, two_sorts=two_sorts)
    _doubt_unanswered(across, rows, sheet, findings)
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
    about: dict[str, Any] = {"file": sheet.file, "network": sheet.name, "made": True}
    return graph_tables(elements, ties, first=("label", "type"), ends=("source", "target", "weight"), **about)


TOTALS = frozenset(
    ("total", "totals", "sum", "sums", "count", "degree", "in-degree", "out-degree", "average", "mean", "summe",
     "gesamt", "somme", "totale", "suma", "cyfanswm")
)  # fmt: skip


def _without_totals(sheet: Sheet, header: int, findings: Findings) -> Sheet:
    """Return the matrix from its header on, without the rows and columns that add up the others, or hold words."""
    top, *rows = sheet.rows[header:]
    body = [row for row in rows if row.cells[0] and folded(row.cells[0]) not in TOTALS]
    out = {at for at, name in enumerate(top.cells) if at and folded(name) in TOTALS}
    words = []
    for at, name in enumerate(top.cells):
        cells = [row.cells[at] for row in body if at < len(row.cells) and row.cells[at]]
        if at and name and at not in out and cells and sum(map(is_cell, cells)) < 0.5 * len(cells):
            words.append(name)
            out.add(at)
    left = [name for at, name in enumerate(top.cells) if at in out and name not in words]
    left += [row.cells[0] for row in rows if row.cells[0] and folded(row.cells[0]) in TOTALS]
    if left:
        findings.note(f"sums beside the matrix, left out: {', '.join(dict.fromkeys(left))}", file=sheet.file)
    if words:
        findings.doubt(f"columns of the matrix that hold words, left out: {quoted(words)}", file=sheet.file)
    kept = (Row(row.line, tuple(cell for at, cell in enumerate(row.cells) if at not in out)) for row in (top, *body))
    return Sheet(sheet.file, sheet.name, tuple(kept))


def _take_twins(across: list[str], down: list[str], sheet: Sheet, choices: Choices, findings: Findings) -> None:
    """Add a problem for each name that stands twice on a side, unless it was chosen to take them for one."""
    for names, side in ((across, "column"), (down, "row")):
        counts = Counter(folded(name) for name in names if name)
        twins = {folded(name): name for name in reversed(names) if counts[folded(name)] > 1}
        for name in twins.values():
            if choices.merge_same_name:
                text = f"{counts[folded(name)]} {side}s of the matrix called '{name}', taken for one as chosen"
                findings.doubt(text, file=sheet.file)
                continue
            findings.add(
                f"is the name of {counts[folded(name)]} {side}s of the matrix, so it can't be known who is meant",
                file=sheet.file, line=sheet.rows[0].line if side == "column" else None, value=name,
                allowed="names that differ; --merge-same-name takes them for one",
            )  # fmt: skip


def _doubt_unanswered(across: list[str], rows: list[Row], sheet: Sheet, findings: Findings) -> None:
    """Say which rows hold NA alone: somebody who did not answer is not somebody without ties."""
    unanswered = []
    for row in rows:
        cells = [
            cell for name, cell in zip(across, row.cells[1:], strict=False) if folded(name) != folded(row.cells[0])
        ]
        if any(cells) and all(folded(cell) in UNANSWERED for cell in cells):
            unanswered.append(row.cells[0])
    if unanswered:
        text = f"rows that hold NA alone: {len(unanswered)} ({quoted(unanswered)}); no answer was read as no tie"
        findings.doubt(text, file=sheet.file)


def _say(
    sheet: Sheet, rows: int, columns: int, down: list[str], across: list[str], findings: Findings, *, two_sorts: bool
) -> None:
    findings.note(f"read as a matrix of {counted(rows, 'row')} and {counted(columns, 'column')}", file=sheet.file)
    if two_sorts:
        text = "its rows and columns are two sorts of element: they were given the types 'row' and 'column'"
        findings.note(text, file=sheet.file)
        return
    for names, side in ((down, "row"), (across, "column")):
        if names:
            findings.note(f"names of a {side} only, kept as elements: {quoted(names)}", file=sheet.file)


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
    return graph_tables(elements, ties, file=sheet.file, network=sheet.name, first=("label",), made=True)


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


def numbered_columns(table: Table, cells: Sequence[Contents]) -> dict[int, str]:
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
            cell = row.at(at)
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
    """Return organisations, and a tie between any two that share a membership: only where somebody says so.

    Raises RefusedError for too many.
    """
    label, group = columns
    members: dict[str, dict[str, None]] = {}
    names: dict[str, str] = {}
    lines: dict[str, int] = {}
    spelt: dict[str, str] = {}
    for row in table.rows:
        name = row.at(label)
        if name:
            spelt.setdefault(folded(name), name)
            lines.setdefault(folded(name), row.line)
            for one in pieces(row.at(group)):
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
            record.setdefault(name, row.at(at))
    elements = [(lines[key], one) for key, one in about.items()]
    return graph_tables(elements, ties, file=table.file, network=table.network, first=("label",), made=True)
