"""Take elements and ties out of tables, saying which column was read as what."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from experiments.importing.choices import Choices
from experiments.importing.columns import ID, LABEL, NETWORK, ROLE, TIE, TYPE, WEIGHT, find, find_pair
from experiments.importing.tables import Row, Table, folded
from simulation.scenario.problems import Findings

MOST_NAMED = 8


@dataclass(frozen=True)
class Element:
    """An element as its file gives it; `other` holds further columns, where ends of ties may find their codes."""

    label: str
    id: str = ""
    type: str = ""
    role: str = ""
    size: str = ""
    other: tuple[tuple[str, str], ...] = ()
    file: str = ""
    line: int = 0
    table: int = 0


@dataclass(frozen=True)
class Tie:
    """A connection as its file gives it: ends are still text."""

    source: str
    target: str
    type: str
    weight: str
    network: str
    file: str
    line: int


def positions(table: Table, words: Mapping[str, Sequence[str]], choices: Choices) -> dict[str, int]:
    """Return the positions of columns by what they are read as: as chosen, or else as guessed."""
    found: dict[str, int] = {}
    for role in words:
        asked = choices.columns.get(role)
        if asked is not None:
            at = _asked(table.header, asked)
            if at is not None:
                found[role] = at
    taken = tuple(found.values())
    pair = find_pair(table.header) if "from" in words and not {"from", "to"} & set(found) else None
    if pair is not None:
        found |= {"from": pair[0], "to": pair[1]}
        taken = tuple(found.values())
    for role, names in words.items():
        if role not in found and names:
            at = find(table.header, names, without=taken)
            if at is not None:
                found[role] = at
                taken = (*taken, at)
    return found


def _asked(header: tuple[str, ...], name: str) -> int | None:
    """Return the position of a column by its name, or by its number from 1."""
    names = [folded(one) for one in header]
    if folded(name) in names:
        return names.index(folded(name))
    return int(name) - 1 if name.isdecimal() and len(name) < 6 and 1 <= int(name) <= len(header) else None


def read_elements(table: Table, number: int, choices: Choices, findings: Findings) -> list[Element]:
    """Return a table's elements; `number` is the table's own. Rows without a name or id are named by their line."""
    words = {"label": LABEL, "id": ID, "type": TYPE, "role": ROLE, "size": ()}
    at = positions(table, words, choices)
    _say_columns(table, at, findings)
    elements, unnamed = [], []
    for row in table.rows:
        cells = {role: _cell(row, position) for role, position in at.items()}
        label = cells.get("label") or cells.get("id") or ""
        if not any(row.cells):
            continue
        if not label:
            label = f"Unnamed, line {row.line}"
            unnamed.append(str(row.line))
        other = tuple(
            (name, cell)
            for position, (name, cell) in enumerate(zip(table.header, row.cells, strict=False))
            if cell and name and position not in at.values()
        )
        given = {role: cells.get(role, "") for role in ("id", "type", "role", "size")}
        elements.append(Element(label, **given, other=other, file=table.file, line=row.line, table=number))
    if unnamed:
        shown = ", ".join(unnamed[:MOST_NAMED])
        findings.note(f"elements without a name, named by their line: {len(unnamed)} (line {shown})", file=table.file)
    return elements


def read_ties(table: Table, choices: Choices, findings: Findings) -> list[Tie]:
    """Return a table's ties."""
    words = {"from": (), "to": (), "tie": TIE, "weight": WEIGHT, "network": NETWORK}
    at = positions(table, words, choices)
    if not table.rows:
        return []
    if "from" not in at or "to" not in at:
        findings.add("a column of ends is missing", file=table.file, key="columns", allowed="--columns from=...,to=...")
        return []
    if "tie" in at and "tie" not in choices.columns and all(_is_direction(row, at["tie"]) for row in table.rows):
        del at["tie"]  # Gephi calls a tie's direction its type
    _say_columns(table, at, findings)
    ties = []
    for row in table.rows:
        cells = {role: _cell(row, position) for role, position in at.items()}
        if any(row.cells):
            network = cells.get("network") or table.network
            kind, weight = cells.get("tie", ""), cells.get("weight", "")
            ties.append(Tie(cells["from"], cells["to"], kind, weight, network, table.file, row.line))
    return ties


def _cell(row: Row, position: int) -> str:
    return row.cells[position] if position < len(row.cells) else ""


def _is_direction(row: Row, position: int) -> bool:
    return folded(_cell(row, position)) in ("", "directed", "undirected", "mutual")


def _say_columns(table: Table, at: Mapping[str, int], findings: Findings) -> None:
    if table.made:
        return
    read = ", ".join(f"{role} = '{table.header[position]}'" for role, position in at.items())
    rest = [name for position, name in enumerate(table.header) if name and position not in at.values()]
    shown = ", ".join(f"'{name}'" for name in rest[:MOST_NAMED]) + (" and more" if len(rest) > MOST_NAMED else "")
    where = f"{table.file}{f', {table.network}' if table.network and table.network not in table.file else ''}"
    findings.note(f"columns read: {read}" + (f"; not read: {shown}" if rest else ""), file=where)


def joined(elements: list[Element], choices: Choices, findings: Findings) -> list[Element]:
    """Return elements with those of several tables joined by id or name, and identical rows of one table joined.

    Elements of one table that share a name stay apart, and are said, unless it was chosen to merge them.
    """
    kept: list[Element] = []
    by_row: dict[Element, int] = {}
    by_id: dict[str, int] = {}
    by_label: dict[str, list[int]] = {}
    same, merged = 0, 0
    for element in elements:
        row, label = replace(element, line=0), folded(element.label)
        at = by_row.get(row)
        same += at is not None
        if at is None:
            at = _earlier(element, kept, by_id, by_label.get(label, []))
        if at is None and choices.merge_same_name and label in by_label:
            at, merged = by_label[label][0], merged + 1
        if at is None:
            at = len(kept)
            kept.append(element)
            by_label.setdefault(label, []).append(at)
        elif row not in by_row:
            kept[at] = _filled(kept[at], element)
        by_row.setdefault(row, at)
        if element.id:
            by_id.setdefault(element.id, at)
    if same:
        findings.note(f"identical rows of elements, taken once: {same}")
    if merged:
        findings.note(f"elements merged into another of the same name, as chosen: {merged}")
    _say_same_names(kept, by_label, findings)
    return kept


def _earlier(element: Element, kept: list[Element], by_id: dict[str, int], alike: list[int]) -> int | None:
    """Return the position of the element of another table that this one is a second mention of."""
    at = by_id.get(element.id) if element.id else None
    if at is not None and kept[at].table != element.table:
        return at
    if len(alike) == 1 and kept[alike[0]].table != element.table and not (kept[alike[0]].id and element.id):
        return alike[0]
    return None


def _filled(one: Element, other: Element) -> Element:
    """Return the first with what it leaves blank from the second."""
    given = {name: getattr(one, name) or getattr(other, name) for name in ("id", "type", "role", "size")}
    more: tuple[tuple[str, str], ...] = () if other.label == one.label else (("name", other.label),)
    more += () if not other.id or other.id == given["id"] else (("id", other.id),)
    return replace(one, **given, other=(*one.other, *other.other, *more))


def _say_same_names(kept: list[Element], by_label: dict[str, list[int]], findings: Findings) -> None:
    twice = [places for places in by_label.values() if len(places) > 1]
    if twice:
        shown = ", ".join(
            f"'{kept[places[0]].label}' (lines {', '.join(str(kept[one].line) for one in places[:MOST_NAMED])})"
            for places in twice[:MOST_NAMED]
        )
        text = f"several elements with one name, kept apart: {shown}; --merge-same-name merges them"
        findings.note(text)
