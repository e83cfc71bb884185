"""Read the tables that Neo4j and its APOC library write: column names such as orgId:ID, :LABEL, :START_ID, _labels."""

import re

from experiments.importing.choices import Choices
from experiments.importing.tables import Sheet, Table, folded, records_table

Records = list[tuple[int, dict[str, str]]]
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
