"""Read JSON: a Kumu project or blueprint, nodes and links as D3, networkx and Cytoscape write them."""

import json
from typing import Any

from experiments.importing.tables import Role, Table, check_networks, clean, records_table
from simulation.scenario.problems import Findings

ELEMENTS = ("elements", "nodes", "vertices", "organisations", "organizations", "actors")
CONNECTIONS = ("connections", "links", "edges", "ties", "relationships")
HOLDERS = ("attributes", "data", "fields")
"""Tables within an entry whose keys are the entry's own."""


def read_json(text: str, findings: Findings, *, file: str) -> list[Table]:
    """Return elements and connections; of a Kumu project with several maps, the connections of each map."""
    try:
        data = json.loads(text)
    except RecursionError:
        findings.add("the JSON is nested too deeply", file=file)
        return []
    except json.JSONDecodeError as error:
        before = text[: error.pos].rstrip()
        hint = ": there is a comma too many before it" if before.endswith(",") else ""
        message = f"this is not JSON: {error.msg}{hint}"
        findings.add(message, file=file, line=error.lineno, key=f"column {error.colno}")
        return []
    except ValueError as error:
        findings.add(f"the JSON can't be read ({clean(error)[:100]})", file=file)
        return []
    if isinstance(data, dict) and isinstance(data.get("elements"), dict):
        data = data["elements"]  # Cytoscape
    if isinstance(data, list) and all(isinstance(entry, dict) for entry in data) and data:
        return [_table(data, "", file=file)]
    if not isinstance(data, dict):
        findings.add("there are no elements and connections in this JSON file", file=file)
        return []
    elements = next((data[key] for key in ELEMENTS if isinstance(data.get(key), list)), None)
    ties = next((data[key] for key in CONNECTIONS if isinstance(data.get(key), list)), None)
    if elements is None and ties is None:
        allowed = '"elements" and "connections", or "nodes" and "links"'
        findings.add("there are no elements and connections in this JSON file", file=file, allowed=allowed)
        return []
    elements, ties = _entries(elements, findings, file=file), _entries(ties, findings, file=file)
    if not any(_has_id(entry) for entry in elements):
        elements = [{"position": str(number), **entry} for number, entry in enumerate(elements)]
    return _with_maps(data, elements, ties, findings, file=file)


def _entries(value: Any, findings: Findings, *, file: str) -> list[dict[str, Any]]:
    entries = value if isinstance(value, list) else []
    kept = [entry for entry in entries if isinstance(entry, dict)]
    if len(kept) < len(entries):
        findings.note(
            f"entries that are neither elements nor connections, skipped: {len(entries) - len(kept)}", file=file
        )
    return kept


def _with_maps(
    data: dict[str, Any], elements: list[dict[str, Any]], ties: list[dict[str, Any]], findings: Findings, *, file: str
) -> list[Table]:
    """Return one table of elements and one of connections, or where there are several maps a pair for each."""
    maps = [one for one in data.get("maps", []) if isinstance(one, dict)] if isinstance(data.get("maps"), list) else []
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
    records = [(number, _record(entry)) for number, entry in enumerate(entries, start=1)]
    return records_table(records, file=file, role=role, network=network)


def _record(entry: dict[str, Any]) -> dict[str, str]:
    """Return an entry's simple values, those of the tables within it too."""
    record: dict[str, str] = {}
    for holder in ("", *HOLDERS):
        values = entry if not holder else entry.get(holder)
        if isinstance(values, dict):
            for key, value in values.items():
                text = _text(value)
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


def _has_id(entry: dict[str, Any]) -> bool:
    return any(_text(part.get(key)) for part in _parts(entry) for key in ("_id", "id", "key"))


def _parts(entry: dict[str, Any]) -> list[dict[str, Any]]:
    return [entry, *(entry[holder] for holder in HOLDERS if isinstance(entry.get(holder), dict))]
