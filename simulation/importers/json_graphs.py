"""Read JSON: a Kumu project or blueprint, nodes and links as D3, networkx and Cytoscape write them, or other lists."""

import json
from bisect import bisect
from collections.abc import Iterator
from json.decoder import JSONObject  # type: ignore[attr-defined]
from json.scanner import py_make_scanner  # type: ignore[attr-defined]
from typing import Any

from simulation.importers.choices import Choices
from simulation.importers.columns import NAMED, pairs_of
from simulation.importers.tables import Role, Table, check_networks, clean, quoted, records_table
from simulation.importers.text_graphs import json_graphs
from simulation.importers.xml_graphs import of_canvas
from simulation.scenario.errors import Findings

ELEMENTS = ("elements", "nodes", "vertices", "organisations", "organizations", "actors")
CONNECTIONS = ("connections", "links", "edges", "ties", "relationships")
HOLDERS = ("attributes", "data", "fields", "properties", "metadata")
"""Tables within an entry whose keys are the entry's own."""
DEEPEST = 4
"""Levels of tables within one another in which lists are looked for."""
ALIKE = 0.5
"""Share of the ends of ties that a list must hold to be taken for the elements."""


def read_json(text: str, choices: Choices, findings: Findings, *, file: str) -> list[Table]:
    """Return the lists in a file as tables; of a Kumu project with several maps, the connections of each map.

    What a list is follows from its name where that is a usual one, or else from what its entries hold: those of a
    list that holds elements and ties together, as Cytoscape writes it, are told apart by their ends.
    """
    data = _parsed(text, findings, file=file)
    graphs = json_graphs(data, file=file)
    if graphs is not None:
        return graphs
    data = of_canvas(data) or data
    lists = {} if findings.problems else dict(_lists(data, ""))
    if not lists and not findings.problems:
        allowed = '"elements" and "connections", or "nodes" and "links", each a list'
        findings.add("there are no elements and connections in this JSON file", file=file, allowed=allowed)
    found: dict[Role, list[dict[str, Any]]] = {"elements": [], "connections": []}
    others: dict[str, list[dict[str, Any]]] = {}
    for name, entries in lists.items():
        role = _role(name)
        kept = _entries(entries, findings if role or len(lists) == 1 else Findings(), file=file)
        ties = kept if role == "connections" else [entry for entry in kept if _has_ends(entry)]
        rest = [] if role == "connections" else [entry for entry in kept if not _has_ends(entry)]
        found["connections"] += ties
        if role or (ties and rest):
            found["elements"] += rest
        elif rest:
            others[name] = rest
    if findings.problems:
        return []
    tables = [] if found["elements"] else _others(others, found["connections"], findings, file=file)
    if found["elements"] or found["connections"] or not tables:
        tables += _with_maps(data, found["elements"], found["connections"], findings, file=file)
    return tables


def _others(
    others: dict[str, list[dict[str, Any]]], ties: list[dict[str, Any]], findings: Findings, *, file: str
) -> list[Table]:
    """Return lists under names that say nothing: those that hold the ends of the ties, where any does."""
    ends = {text for entry in ties for text in _ends(entry)}
    held = [name for name, entries in others.items() if _share(ends, entries) >= ALIKE]
    if held and len(held) < len(others):
        out = quoted(clean(name) for name in others if name not in held)
        findings.note(f"lists that hold no end of a tie, left out: {out}", file=file)
    return [
        _table(entries, "elements" if name in held else "", file=f"{file}, list {clean(name)}" if name else file)
        for name, entries in others.items()
        if name in held or not held
    ]


def _share(ends: set[str], entries: list[dict[str, Any]]) -> float:
    values = {value for entry in entries for value in _record(entry).values()}
    return len(ends & values) / len(ends) if ends else 0.0


class _Entry(dict[str, Any]):
    """A table of JSON that knows the line on which it begins."""

    line = 0


class _Decoder(json.JSONDecoder):
    """Decode JSON as usual, by the parser that says where it is."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ends = [position for position, sign in enumerate(text) if sign == "\n"]
        self.parse_object = self._object
        self.scan_once = py_make_scanner(self)

    def _object(self, text_and_end: tuple[str, int], *rest: Any) -> tuple[_Entry, int]:
        value, end = JSONObject(text_and_end, *rest)
        entry = _Entry(value)
        entry.line = bisect(self.ends, text_and_end[1] - 1) + 1
        return entry, end


def _parsed(text: str, findings: Findings, *, file: str) -> Any:
    try:
        return _Decoder(text).decode(text)
    except RecursionError:
        findings.add("the JSON is nested too deeply", file=file)
    except json.JSONDecodeError as error:
        before = text[: error.pos].rstrip()
        hint = ": there is a comma too many before it" if before.endswith(",") else ""
        message = f"this is not JSON: {error.msg}{hint}"
        findings.add(message, file=file, line=error.lineno, key=f"column {error.colno}")
    except ValueError as error:
        findings.add(f"the JSON can't be read ({clean(error)[:100]})", file=file)
    return None


def _lists(data: Any, name: str, depth: int = 0) -> Iterator[tuple[str, list[Any]]]:
    """Yield the lists of entries by name, however deep they stand; tables of entries as lists with their keys."""
    if isinstance(data, list):
        if _role(name) or any(isinstance(entry, dict) for entry in data):
            yield name, data
    elif isinstance(data, dict) and depth <= DEEPEST:
        values = list(data.values())
        listed = [key for value in values if isinstance(value, dict) for key in value if isinstance(value[key], list)]
        if _role(name) and values and all(isinstance(one, dict) for one in values) and not any(map(_role, listed)):
            yield name, [{"id": key} | value for key, value in data.items()]
            return
        for key, value in data.items():
            if key != "maps":
                yield from _lists(value, key, depth + 1)


def _role(name: str) -> Role:
    return "elements" if name in ELEMENTS else "connections" if name in CONNECTIONS else ""


def _ends(entry: dict[str, Any]) -> tuple[str, ...]:
    """Return the two ends that an entry names; none where it is no tie."""
    for part in _parts(entry):
        keys = [str(key) for key in part]
        for pair in pairs_of(keys):
            ends = (_text(part[keys[pair.source]]), _text(part[keys[pair.target]]))
            if pair.rank <= NAMED and all(ends):
                return ends
    return ()


def _has_ends(entry: dict[str, Any]) -> bool:
    return bool(_ends(entry))


def _entries(value: Any, findings: Findings, *, file: str) -> list[dict[str, Any]]:
    entries = [_as_table(entry) for entry in value] if isinstance(value, list) else []
    kept = [entry for entry in entries if isinstance(entry, dict)]
    if len(kept) < len(entries):
        findings.note(
            f"entries that are neither elements nor connections, skipped: {len(entries) - len(kept)}", file=file
        )
    return kept


def _as_table(entry: Any) -> Any:
    """Return a bare name as an element, and a bare pair of names or numbers as a tie."""
    if isinstance(entry, str) and entry.strip():
        return {"label": entry}
    if isinstance(entry, list) and len(entry) in (2, 3) and all(isinstance(one, str | int) for one in entry):
        return dict(zip(("source", "target", "weight"), entry, strict=False))
    return entry


def _with_maps(
    data: Any, elements: list[dict[str, Any]], ties: list[dict[str, Any]], findings: Findings, *, file: str
) -> list[Table]:
    """Return one table of elements and one of connections, or where there are several maps a pair for each."""
    listed = data.get("maps") if isinstance(data, dict) else None
    maps = [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
    if len(maps) < 2:
        return [_table(elements, "elements", file=file), _table(ties, "connections", file=file)]
    check_networks(len(maps))
    tables, held = [], set()
    for number, one in enumerate(maps, start=1):
        name = clean(one.get("name") or number)
        for role, entries, key in (("elements", elements, "element"), ("connections", ties, "connection")):
            ids = {clean(item.get(key, "")) for item in _entries(one.get(f"{key}s"), findings, file=file)} - {""}
            there = [entry for entry in entries if clean(entry.get("_id", "")) in ids]
            held |= ids
            tables.append(_table(there, role, file=file, network=name))  # type: ignore[arg-type]
    for role, entries in (("elements", elements), ("connections", ties)):
        rest = [entry for entry in entries if clean(entry.get("_id", "")) not in held]
        if rest:
            tables.append(_table(rest, role, file=file, network="in no map"))  # type: ignore[arg-type]
    return tables


def _table(entries: list[dict[str, Any]], role: Role, *, file: str, network: str = "") -> Table:
    records = [(getattr(entry, "line", number), _record(entry)) for number, entry in enumerate(entries, start=1)]
    return records_table(records, file=file, role=role, network=network)


def _record(entry: dict[str, Any]) -> dict[str, str]:
    """Return an entry's simple values, those of the tables within it too."""
    record: dict[str, str] = {}
    for holder in ("", *HOLDERS):
        values = entry if not holder else entry.get(holder)
        if isinstance(values, dict):
            for key, value in values.items():
                text = _text(value)
                if key == "group" and text in ("nodes", "edges"):
                    continue  # Cytoscape says so what an entry is
                if text and not record.get(clean(key)):
                    record[clean(key)] = text
    return record


def _text(value: Any) -> str:
    if isinstance(value, bool) or value is None:
        return "" if value is None else str(value).lower()
    if isinstance(value, list):
        return "|".join(clean(item) for item in value if isinstance(item, str | int | float))
    if isinstance(value, dict):  # D3 leaves the whole node in place of its id
        return next((_text(value[key]) for key in ("_id", "id", "name", "label") if key in value), "")
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return clean(value) if isinstance(value, str | int | float) else ""


def _parts(entry: dict[str, Any]) -> list[dict[str, Any]]:
    return [entry, *(entry[holder] for holder in HOLDERS if isinstance(entry.get(holder), dict))]
