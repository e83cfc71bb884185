"""Tell what tables are: lists of elements, lists of ties, matrices, notes. Where that is not sure, ask.

Headings and contents both count. A table is first looked at by itself, then beside the others: do its cells name
elements that another table lists? What is still open is not guessed: it is a `Question`, whose answers are options
that work as they are printed.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from simulation.importers import matrices
from simulation.importers.choices import CONNECTION_COLUMNS, ELEMENT_COLUMNS, Choices, goes_by, option
from simulation.importers.columns import (
    CODEBOOK,
    ID,
    LABEL,
    MEANING,
    NAMED,
    NAMING,
    NETWORK,
    QUALIFIED,
    ROLE,
    TIE,
    TYPE,
    WEAK,
    WEAK_ID,
    WEIGHT,
    Contents,
    Pair,
    contents,
    find,
    names_organisations,
    overlap,
    pairs_of,
    plain,
    sort_of,
)
from simulation.importers.headers import SEARCHED, below, in_numbers, is_data, outlined
from simulation.importers.questions import question, short_name
from simulation.importers.tables import Row, Sheet, Table, folded
from simulation.scenario.errors import Findings

ANY_NAME = ("label", "name", "node", "node label", "node name", "vertex", "element", "actor")
"""Headings below which numbers may be names."""
COLUMN_NAMES = (
    frozenset({*LABEL, *ID, *TYPE, *ROLE, *TIE, *WEIGHT, *NETWORK, "from", "to", "source", "target"}) - NAMING
)
"""What a codebook explains; words for organisations are not among them."""
_INTERACTION = re.compile(r"(.+?) \(([^()]+)\) (.+)")
NEARLY_ALL = 0.8
ALIKE = 0.5
"""Share of a column's values that must be names known already for it to be one of ends."""


def recognised(parts: Sequence[Sheet | Table], choices: Choices, findings: Findings) -> list[Table]:
    """Return the tables of what was read, each with its role and columns; adds a question for each that is not sure."""
    parts = _chosen_sheets(parts, choices, findings)
    parts = _without_dictionaries(parts, choices, findings)
    alone = len(parts) == 1
    found: list[list[Table] | None] = []
    open_tables: dict[int, Sheet | Table] = {}
    for part in parts:
        for table in _outlined(part, choices, findings, alone=alone):
            tables = _by_headings(table, choices, findings, alone=alone) if isinstance(table, Table) else None
            if tables is None:
                open_tables[len(found)] = table
            found.append(tables)
    _without_codebooks(found, open_tables, choices, findings)
    known = _known([table for tables in found if tables for table in tables])
    for place, part in list(open_tables.items()):
        tables = _by_contents(part, known, choices, findings)
        if tables is not None:
            found[place] = tables
            del open_tables[place]
    _beside_one_another(found, open_tables, choices, findings)
    decided = [table for tables in found if tables for table in tables]
    _settle(open_tables, decided, choices, findings, alone=alone)
    return decided


def _chosen_sheets(parts: Sequence[Sheet | Table], choices: Choices, findings: Findings) -> list[Sheet | Table]:
    for key, given in (("--sheet", choices.sheets), ("--form", choices.forms)):
        for name in given:
            if not any(goes_by(part, name) for part in parts):
                names = list(dict.fromkeys(short_name(part) for part in parts))
                findings.add("is no sheet, list or file here", key=key, value=name or '""', allowed=names, like=names)
    kept = []
    for part in parts:
        if choices.sheets and not any(goes_by(part, name) for name in choices.sheets):
            continue
        if choices.form_of(part) == "none":
            findings.note("left out, as chosen", file=part.file)
            continue
        kept.append(part)
    if choices.sheets:
        findings.note(f"read alone, as chosen: {', '.join(choices.sheets)}")
    return kept


def _outlined(part: Sheet | Table, choices: Choices, findings: Findings, *, alone: bool) -> Sequence[Sheet | Table]:
    if isinstance(part, Table):
        return [part]
    form = choices.form_of(part) or (choices.form if alone else "")
    if form in ("", "adjacency") and not choices.columns_of(part):
        listed = matrices.adjacency(part, findings, sure=form == "adjacency")
        if listed:
            return listed
    tables = outlined(part, choices, findings, alone=alone)
    return [part] if tables is None else tables


# What headings say


def _by_headings(table: Table, choices: Choices, findings: Findings, *, alone: bool) -> list[Table] | None:
    """Return what a table is where its headings leave no doubt and its contents agree; None where they do."""
    asked = asked_columns(table, choices, alone=alone)
    form = choices.form_of(table) or (choices.form if alone else "")
    cells = contents(table)
    if table.made:
        return [replace(table, columns={name: at for at, name in enumerate(_roles_of_made(table))})]
    if form == "memberships":
        return _memberships(table, asked, cells, findings)
    if table.role == "connections" or {"from", "to"} <= set(asked):
        return [_ties(table, asked, cells)]
    if table.role == "elements" or form == "elements" or (matrices.numbered_columns(table, cells) and form == ""):
        return _elements(table, asked, cells, choices)
    if alone and not table.role and not asked and form == "" and matrices.is_membership(table, cells, sure=True):
        return None
    pair = next((one for one in pairs_of(table.header) if _agrees(one, table, cells, set())), None)
    if form == "edges" or (pair is not None and {"from", "to"} & set(asked)):
        return [_ties(table, asked, cells)]
    if pair is not None and (pair.rank <= NAMED or not set(ELEMENT_COLUMNS) & set(asked)):
        return [_ties(table, {"from": pair.source, "to": pair.target} | asked, cells)]
    if set(ELEMENT_COLUMNS) & set(asked):
        return _elements(table, asked, cells, choices)
    interactions = _interactions(table)
    if interactions is not None:
        return [interactions]
    label = _label(table, cells)
    if label is None and find(table.header, LABEL) is None and _id(table, cells, ()) is not None:
        names = [at for at in range(len(cells)) if cells[at].sort == "names"]
        return _elements(table, asked, cells, choices) if len(names) < 2 and not _is_plain_list(table) else None
    return None if label is None else _elements(table, {"label": label} | asked, cells, choices)


def _memberships(table: Table, asked: dict[str, int], cells: list[Contents], findings: Findings) -> list[Table]:
    """Return organisations and the ties that shared membership makes, since somebody asked for it."""
    found = matrices.is_membership(table, cells)
    names = [at for at, column in enumerate(cells) if column.sort in ("names", "prose")]
    label = asked.get("from", asked.get("label", found[0] if found else names[0] if names else 0))
    group = asked.get("to", found[1] if found else next((at for at in names if at != label), label))
    made = matrices.memberships(table, (label, group), findings)
    columns = {"label": 0} | {role: at for role, words in (("type", TYPE), ("role", ROLE))
                              if (at := find(made[0].header, words)) is not None}  # fmt: skip
    return [replace(made[0], columns=columns), replace(made[1], columns={"from": 0, "to": 1, "tie": 2})]


def _is_plain_list(table: Table) -> bool:
    return len(table.header) < 2


def _roles_of_made(table: Table) -> list[str]:
    names = {"source": "from", "target": "to", "label": "label", "type": "type", "weight": "weight", "relation": "tie"}
    return [names.get(name, name) for name in table.header]


def asked_columns(table: Table, choices: Choices, *, alone: bool) -> dict[str, int]:
    """Return the positions of the columns that were chosen for a table and that it has.

    A number chosen for all tables is meant for the one that is alone, or that has no column names.
    """
    found: dict[str, int] = {}
    names = [folded(one) for one in table.header]
    general = {role for role in choices.columns if ":" not in role}
    for role, name in choices.columns_of(table).items():
        if folded(name) in names:
            found[role] = names.index(folded(name))
        elif name.isdecimal() and len(name) < 6 and (alone or not choices.header or role not in general):
            found |= {role: int(name) - 1} if 1 <= int(name) <= len(names) else {}
    return {role: at for role, at in found.items() if role in (*ELEMENT_COLUMNS, *CONNECTION_COLUMNS)}


def _agrees(pair: Pair, table: Table, cells: list[Contents], known: set[str]) -> bool:
    """Tell whether what stands in two columns agrees with their headings, that they hold a tie's ends."""
    ends = (cells[pair.source], cells[pair.target])
    if not any(end.cells for end in ends):
        return pair.rank <= NAMED
    if known and all(end.known(known) >= ALIKE for end in ends):
        return True
    sorts = {end.sort for end in ends} - {"blank"}
    named = any(
        at not in pair[:2] and cells[at].sort == "names" and cells[at].distinct > 0.8
        and (plain(name) in LABEL or names_organisations(name))
        for at, name in enumerate(table.header)
    )  # fmt: skip
    if "dates" in sorts or (named and all(end.years or not end.cells for end in ends)):
        return False
    if pair.rank <= NAMED:
        return not sorts & {"prose"} and (pair.rank == 0 or not (named and "numbers" in sorts and not known))
    others = [at for at in range(len(cells)) if at not in pair[:2] and cells[at].sort == "names"]
    if sorts - {"names"} and others:
        return False
    if pair.rank == QUALIFIED:
        return sorts <= {"names"}
    return pair.rank == WEAK and sorts <= {"names", "numbers"} and not named


def _label(table: Table, cells: list[Contents]) -> int | None:
    """Return the one column that holds names of elements; None where there is none, or more than one that may."""
    usual = [at for at, name in enumerate(table.header) if plain(name) in LABEL and _may_name(name, cells[at])]
    usual.sort(key=lambda at: LABEL.index(plain(table.header[at])))
    firsts = {plain(table.header[at]): at for at in reversed(usual)}
    usual = [at for at in usual if firsts[plain(table.header[at])] == at]
    others = [
        at
        for at, name in enumerate(table.header)
        if at not in usual and names_organisations(name) and _may_name(name, cells[at])
    ]
    candidates = [*usual, *others]
    if not candidates:
        return None
    if len(candidates) == 1 or plain(table.header[candidates[0]]) in ("label", "node label"):
        at = candidates[0]
        return at if at in usual or cells[at].distinct > ALIKE else None
    rivals = [at for at in candidates[1:] if _is_rival(table, candidates[0], at, cells)]
    return None if rivals else candidates[0]


def _may_name(heading: str, column: Contents) -> bool:
    if column.sort in ("names", "blank", "prose"):
        return True
    return plain(heading) in ANY_NAME and column.sort in ("numbers", "marks") and column.distinct == 1


def _is_rival(table: Table, at: int, other: int, cells: list[Contents]) -> bool:
    """Tell whether two columns may each hold the names of the organisations: Name and Organisation, say."""
    if cells[other].sort != "names" or plain(table.header[other]) in ("title", "group name", "display name", "body"):
        return False
    if cells[at].values == cells[other].values or matrices.is_partners(table, at, other, cells):
        return False
    return not cells[other].cells or len(cells[other].cells) > 0.3 * cells[other].rows


def _id(table: Table, cells: list[Contents], taken: Sequence[int]) -> int | None:
    """Return the column that holds ids: one whose name says so, and whose cells tell rows apart where it may not."""
    for word in ID:
        at = find(table.header, (word,), without=taken)
        if at is None:
            continue
        column = cells[at]
        if word not in WEAK_ID or not column.cells:
            return at
        if column.distinct == 1 and len(column.cells) >= 0.9 * column.rows and column.sort != "prose":
            return at
    return None


def _elements(table: Table, asked: dict[str, int], cells: list[Contents], choices: Choices) -> list[Table]:
    """Return a list of elements, and the ties that its columns of partners make."""
    found = {role: at for role, at in asked.items() if role in ELEMENT_COLUMNS}
    if "label" not in found:
        label = _label(table, cells)
        usual = find(table.header, LABEL, without=tuple(found.values()))
        at = label if label is not None and label not in found.values() else usual
        if at is not None:
            found = {"label": at} | found
    if "id" not in found:
        at = _id(table, cells, tuple(found.values()))
        if at is not None:
            found["id"] = at
    for role, words in (("type", TYPE), ("role", ROLE)):
        at = find(table.header, words, without=tuple(found.values())) if role not in found else None
        if at is not None:
            found[role] = at
    label_at = found.get("label")
    if label_at is None or table.role:
        return [replace(table, role="elements", columns=found)]
    boxes = matrices.ticked(table, label_at, cells)
    in_numbers = matrices.numbered_columns(table, cells)
    ids = cells[found["id"]] if "id" in found else None
    partners = [
        at for at in range(len(cells))
        if at not in found.values() and at not in boxes
        and (at in in_numbers or matrices.is_partners(table, label_at, at, cells)
             or (ids is not None and matrices.is_parent(table.header[at], cells[at], ids)))
    ]  # fmt: skip
    columns = found | {_partner_role(number): at for number, at in enumerate((*partners, *boxes))}
    ties = [matrices.partner_ties(table, label_at, at, in_numbers.get(at, table.header[at])) for at in partners]
    ties += [matrices.ties_of_boxes(table, label_at, boxes)] if boxes else []
    return [replace(table, role="elements", columns=columns), *ties]


def _partner_role(number: int) -> str:
    return "partners" if not number else f"partners {number + 1}"


def _ties(table: Table, asked: dict[str, int], cells: list[Contents], known: set[str] | None = None) -> Table:
    """Return a list of ties with its columns; the ends are the best pair where they were not asked for."""
    found = {role: at for role, at in asked.items() if role in CONNECTION_COLUMNS}
    if not {"from", "to"} <= set(found):
        pair = next((one for one in pairs_of(table.header) if _agrees(one, table, cells, known or set())), None)
        pair = pair or next(iter(pairs_of(table.header)), None)
        if pair is None and not {"from", "to"} & set(found):
            named = [at for at in range(len(cells)) if cells[at].sort in ("names", "numbers", "marks")]
            pair = Pair(named[0], named[1], WEAK) if len(named) > 1 else None
        if pair is not None:
            found = {"from": pair.source, "to": pair.target} | found
    taken = tuple(found.values())
    for role, words in (("tie", TIE), ("weight", WEIGHT), ("network", NETWORK)):
        at = find(table.header, words, without=taken) if role not in found else None
        if at is not None:
            found[role] = at
            taken = (*taken, at)
    if table.role != "connections" and "weight" not in found and len(table.header) == 3:
        rest = next(at for at in range(3) if at not in taken) if len(set(taken)) == 2 else None
        if rest is not None and cells[rest].sort == "numbers" and plain(table.header[rest]).isdecimal():
            found["weight"] = rest
    found |= {role: at for role, at in _end_types(table, found).items() if at not in found.values()}
    return replace(table, role="connections", columns=found)


def _end_types(table: Table, found: dict[str, int]) -> dict[str, int]:
    """Return the columns that give the types of a tie's ends, as source_type and target_type do."""
    names = [plain(name) for name in table.header]
    types: dict[str, int] = {}
    for role in ("from", "to"):
        if role in found:
            end = names[found[role]].split()
            for at, name in enumerate(names):
                words = name.split()
                if words and words[-1] in ("type", "sector", "category", "kind") and words[0] == (end or [""])[0]:
                    types.setdefault(f"{role} type", at)
    return types if len(types) == 2 else {}


def _interactions(table: Table) -> Table | None:
    """Return ties that are written as one text, "A (funds) B", as Cytoscape writes them; None where there are none."""
    by = find(table.header, ("interaction", "shared interaction"))
    for at, name in enumerate(table.header):
        if plain(name) not in ("shared name", "name", "label", "edge", "interaction name") or not table.rows:
            continue
        rows = [_interaction(row, at, by) for row in table.rows]
        found = [row for row in rows if row is not None]
        few = 2 * len({row.cells[2] for row in found}) <= len(found)
        if len(found) == len(rows) and (by is not None or few or plain(name) == "shared name"):
            columns = {"from": 0, "to": 1, "tie": 2}
            header = ("from", "to", "interaction")
            return Table(table.file, header, tuple(found), "connections", table.network, columns=columns)
    return None


def _interaction(row: Row, at: int, by: int | None) -> Row | None:
    text = row.at(at)
    kind = row.cells[by] if by is not None and by < len(row.cells) else ""
    found = _INTERACTION.fullmatch(text) if not kind else None
    before, mark, after = text.partition(f" ({kind}) ") if kind else found.groups() if found else ("", "", "")
    return Row(row.line, (before.strip(), after.strip(), kind or mark)) if before and mark and after else None


# What is no map


def _without_dictionaries(parts: Sequence[Sheet | Table], choices: Choices, findings: Findings) -> list[Sheet | Table]:
    """Leave out sheets whose first column holds the others' headings, whatever their own are."""
    kept = []
    for part in parts:
        others = {folded(cell) for other in parts if other is not part for cell in _first_row(other)}
        cells = {folded(row.cells[0]) for row in part.rows if row.cells and row.cells[0]}
        chosen = choices.sheets or choices.form_of(part) or choices.columns_of(part)
        if isinstance(part, Sheet) and not chosen and len(parts) > 1 and _are_headings(cells, others):
            _say_left_out(part, "it explains the other sheets", findings)
        else:
            kept.append(part)
    return kept if kept else list(parts)


def _say_left_out(part: Sheet | Table, why: str, findings: Findings) -> None:
    """Say that a sheet is left out; where its name doesn't say that it is no part of the map, it may be a mistake."""
    hint = f"{option('--form', f'{short_name(part)}: elements')} reads it"
    if plain(short_name(part)) in CODEBOOK:
        findings.note(f"left out: {why}; {hint}", file=part.file)
    else:
        findings.doubt(f"left out: {why}", hint=hint, file=part.file)


def _first_row(part: Sheet | Table) -> tuple[str, ...]:
    """Return a table's column names; of a sheet, its fullest row where words for columns stand in it."""
    if isinstance(part, Table):
        return part.header
    row = max((row.cells for row in part.rows[:SEARCHED]), key=lambda cells: sum(map(bool, cells)), default=())
    return row if sum(plain(cell) in COLUMN_NAMES or plain(cell) in LABEL for cell in row) > 1 else ()


def _are_headings(values: set[str], headings: set[str]) -> bool:
    """Tell whether values are columns' names rather than organisations'."""
    told = {value for value in values if value in headings or plain(value) in COLUMN_NAMES}
    return len(told) >= max(ALIKE * len(values), 2)


def _without_codebooks(
    found: list[list[Table] | None],
    open_tables: dict[int, Sheet | Table],
    choices: Choices,
    findings: Findings,
) -> None:
    """Take out what looks like a list of elements and explains the other sheets' columns and codes."""
    for place, tables in enumerate(found):
        if not tables or tables[0].role != "elements" or tables[0].made or choices.sheets:
            continue
        others = [table for other in found if other and other is not tables for table in other]
        others += [part for part in open_tables.values() if isinstance(part, Table)]
        table = tables[0]
        if choices.form_of(table) or asked_columns(table, choices, alone=True):
            continue
        if any(other.role for other in others) and _is_codebook(table, others):
            found[place] = []
            text = (
                f"left out: it explains the other sheets; {option('--form', short_name(table) + ': elements')} reads it"
            )
            findings.doubt(text, file=table.file)


def _is_codebook(table: Table, others: list[Table]) -> bool:
    if plain(short_name(table)) in CODEBOOK:
        return True
    at = table.columns.get("label", table.columns.get("id", 0))
    values = {folded(row.cells[at]) for row in table.rows if at < len(row.cells) and row.cells[at]}
    headings = {folded(name) for other in others for name in other.header}
    if _are_headings(values, headings):
        return True
    explains = any(plain(name) in MEANING for name in table.header) and "type" not in table.columns
    return explains and bool(values) and _are_codes(values, others)


def _are_codes(values: set[str], others: list[Table]) -> bool:
    """Tell whether values stand in the other tables' columns, and not where elements are named."""
    used: set[str] = set()
    named: set[str] = set()
    for other in others:
        ends = {other.columns.get(role) for role in ("label", "id", "from", "to")}
        for at, column in enumerate(contents(other)):
            (named if at in ends else used).update(column.values)
    return len(values & used - named) >= ALIKE * len(values)


# What stands beside what


def _known(tables: list[Table]) -> set[str]:
    """Return what the elements of tables are called: names, ids, and what else may be their codes."""
    known: set[str] = set()
    for table in tables:
        if table.role == "elements":
            for at, column in enumerate(contents(table)):
                role = next((role for role, position in table.columns.items() if position == at), "")
                if role in ("label", "id") or (not role and column.distinct > 0.9 and column.sort == "names"):
                    known |= column.values
    return known


def _by_contents(part: Sheet | Table, known: set[str], choices: Choices, findings: Findings) -> list[Table] | None:
    """Return what a table is by what stands in it, and in the others; None where that is not sure."""
    if (
        not isinstance(part, Table)
        and max((len([one for one in row.cells if one]) for row in part.rows), default=0) < 2
    ):
        return None
    told = Findings()
    table = _guessed(part, known, told)
    asked = asked_columns(table, choices, alone=True)
    cells = contents(table)
    found: list[Table] | None = None
    if {"from", "to"} <= set(asked) or choices.form == "edges" or choices.form_of(part) == "edges":
        found = [_ties(table, asked, cells, known)]
    elif {"label", "id"} & set(asked) or choices.form == "elements" or choices.form_of(part) == "elements":
        found = _elements(table, asked if "label" in asked else {"label": _first_name(cells)} | asked, cells, choices)
    elif not choices.header and len(table.header) > 1:
        found = [_ties(table, asked, cells, known)]
    else:
        pair = _ends(table, cells, known)
        found = None if pair is None else [_ties(table, {"from": pair.source, "to": pair.target} | asked, cells, known)]
    if found is not None:
        findings.take(told)
    return found


def _beside_one_another(
    found: list[list[Table] | None], open_tables: dict[int, Sheet | Table], choices: Choices, findings: Findings
) -> None:
    """Take a table for elements where both ends of another, whose headings say nothing either, stand in one column."""
    tables = {place: _guessed(part, set(), Findings()) for place, part in open_tables.items()}
    for place, table in tables.items():
        for at, column in enumerate(contents(table)):
            if column.sort != "names" or column.distinct < 1 or len(column.cells) < column.rows:
                continue
            for other, ties in tables.items():
                cells = contents(ties)
                ends = [one for one, end in enumerate(cells) if end.cells and end.known(column.values) >= NEARLY_ALL]
                if other != place and len(ends) == 2 and place in open_tables and other in open_tables:
                    found[place] = _elements(table, {"label": at}, contents(table), choices)
                    found[other] = [_ties(ties, {"from": ends[0], "to": ends[1]}, cells)]
                    text = f"its columns '{ties.header[ends[0]]}' and '{ties.header[ends[1]]}' hold names of"
                    findings.doubt(f"{text} '{table.header[at]}' in {table.file}: read as ties", file=ties.file)
                    del open_tables[place], open_tables[other]


def _first_name(cells: list[Contents]) -> int:
    return next((at for at, column in enumerate(cells) if column.sort == "names"), 0)


def _guessed(part: Sheet | Table, known: set[str], findings: Findings) -> Table:
    """Return a sheet's rows under its first one, or under numbers where that is one of them."""
    if isinstance(part, Table):
        return part
    sheet = part
    usual = max(row.filled for row in sheet.rows)
    at = next(at for at, row in enumerate(sheet.rows) if row.filled >= 0.6 * usual)
    first, rest = sheet.rows[at], sheet.rows[at + 1 :]
    again = {folded(cell) for row in rest for cell in row.cells[:2] if cell}
    is_row = (
        not rest
        or any(folded(cell) in again or folded(cell) in known for cell in first.cells if cell)
        or any(sort_of(cell) not in ("names", "blank") for cell in first.cells[:2])
        or is_data(first, sheet.rows)
    )
    return in_numbers(sheet, findings) if is_row else below(sheet, at, findings)


def _ends(table: Table, cells: list[Contents], known: set[str]) -> Pair | None:
    """Return the two columns that hold ends: that name elements of other tables, or one another's rows."""
    headed = not all(name.isdecimal() for name in table.header)
    for pair in pairs_of(table.header) if headed else ():
        if _agrees(pair, table, cells, known):
            return pair
    if known:
        named = [at for at, column in enumerate(cells) if column.cells and column.known(known) >= ALIKE]
        return Pair(named[0], named[1], WEAK) if len(named) > 1 else None
    sorts = ("names", "marks") if headed else ("names", "marks", "numbers")
    able = [at for at, column in enumerate(cells) if column.sort in sorts]
    if able[:2] != [0, 1] or (len(table.header) > 4 and headed):
        return None
    if not headed and len(table.header) == 2 and cells[0].sort == cells[1].sort == "numbers":
        return Pair(0, 1, WEAK)
    both, share = overlap(cells[0], cells[1])
    return Pair(0, 1, WEAK) if both and share >= 0.3 and both >= min(2, len(cells[0].values)) else None


# What has to be asked


def _settle(
    open_tables: dict[int, Sheet | Table],
    decided: list[Table],
    choices: Choices,
    findings: Findings,
    *,
    alone: bool,
) -> None:
    """Leave out what is beside a map and no part of it; ask about the rest."""
    mapped = bool(decided)
    for part in open_tables.values():
        if mapped and _is_note(part) and not choices.sheets:
            _say_left_out(part, "it looks like a note on the others", findings)
        else:
            findings.problems.append(question(part, _guessed(part, set(), Findings()), alone=alone))


def _is_note(part: Sheet | Table) -> bool:
    """Tell whether a sheet is a cover, a remark or a list of words by its name or its look."""
    name = plain(short_name(part))
    if name in CODEBOOK or name.rstrip("0123456789 ") in CODEBOOK:
        return True
    rows = part.rows
    sorts = [sort_of(cell) for row in rows for cell in row.cells if cell]
    widths = {row.filled for row in rows}
    if not sorts or max(widths, default=0) < 2 or "prose" in sorts:
        return True
    header = part.header if isinstance(part, Table) else rows[0].cells
    labelled = len([one for one in header if one]) == 2 and not isinstance(part, Table)
    values = {sort_of(row.cells[1]) for row in rows if len(row.cells) > 1}
    return labelled and len(rows) < 30 and bool(values & {"dates", "addresses"}) and len(values) > 1
