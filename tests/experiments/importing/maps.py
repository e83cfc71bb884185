"""Small stakeholder maps in every form that is read: the same five organisations and four ties."""

import io
import json
from typing import Any

from openpyxl import Workbook

from experiments.importing import Choices, Imported, Upload, import_map

ELEMENTS = """Label,Type,Description
Leeds Council,Local authority,the council
St Ann's Hospital,Health,
Age UK,Charity,
Foodbank,Community group,
Quiet Trust,Charity,nobody named it
"""
CONNECTIONS = """From,To,Type,Weight
Leeds Council,Age UK,funds,3
Age UK,St Ann's Hospital,refers,1
Foodbank,Age UK,refers,2
Leeds Council,Foodbank,funds,1
"""
PAIRS = {
    frozenset(pair)
    for pair in (
        ("leeds-council", "age-uk"), ("age-uk", "st-anns-hospital"), ("foodbank", "age-uk"),
        ("leeds-council", "foodbank"),
    )
}  # fmt: skip
NAMES = ["Leeds Council", "St Ann's Hospital", "Age UK", "Foodbank", "Quiet Trust"]
TYPES = ["Local authority", "Health", "Charity", "Community group", "Charity"]
TIES = [(0, 2, "funds", 3), (2, 1, "refers", 1), (3, 2, "refers", 2), (0, 3, "funds", 1)]

GRAPHML = """<?xml version="1.0" encoding="UTF-8"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns">
<key id="d0" for="node" attr.name="label" attr.type="string"/>
<key id="d1" for="node" attr.name="sector" attr.type="string"><default>Charity</default></key>
<key id="d2" for="edge" attr.name="weight" attr.type="double"/>
<graph edgedefault="directed">
""" + "\n".join(
    f'<node id="n{k}"><data key="d0">{name}</data>'
    + ("" if type_ == "Charity" else f'<data key="d1">{type_}</data>')
    + "</node>"
    for k, (name, type_) in enumerate(zip(NAMES, TYPES, strict=True))
) + "\n".join(
    f'<edge source="n{a}" target="n{b}"><data key="d2">{weight}</data></edge>' for a, b, _, weight in TIES
) + "\n</graph></graphml>\n"  # fmt: skip

GEXF = """<?xml version="1.0" encoding="UTF-8"?>
<gexf xmlns="http://www.gexf.net/1.1draft" version="1.1"><graph defaultedgetype="undirected">
<attributes class="node"><attribute id="0" title="category" type="string"/></attributes><nodes>
""" + "\n".join(
    f'<node id="{k}" label="{name}"><attvalues><attvalue id="0" value="{type_}"/></attvalues></node>'
    for k, (name, type_) in enumerate(zip(NAMES, TYPES, strict=True))
) + "</nodes><edges>" + "\n".join(
    f'<edge id="{k}" source="{a}" target="{b}" weight="{weight}" type="directed"/>'
    for k, (a, b, _, weight) in enumerate(TIES)
) + "</edges></graph></gexf>\n"  # fmt: skip

PAJEK = (
    "*Network Leeds\n*Vertices 5\n"
    + "".join(f'{k} "{name}" 0.1 0.2 0.5\n' for k, name in enumerate(NAMES, start=1))
    + "*Arcs\n"
    + "".join(f"{a + 1} {b + 1} {weight}\n" for a, b, _, weight in TIES[:2])
    + "*Edgeslist\n"
    + "".join(f"{a + 1} {b + 1}\n" for a, b, _, _ in TIES[2:])
)


def kumu(**more: object) -> str:
    """Return a Kumu project's backup."""
    elements = [
        {"_id": f"elem-{k}", "attributes": {"label": name, "element type": type_, "tags": ["a", "b"]}}
        for k, (name, type_) in enumerate(zip(NAMES, TYPES, strict=True))
    ]
    ties = [
        {
            "_id": f"conn-{k}", "from": f"elem-{a}", "to": f"elem-{b}", "direction": "mutual",
            "attributes": {"connection type": kind},
        }
        for k, (a, b, kind, _) in enumerate(TIES)
    ]  # fmt: skip
    return json.dumps({"name": "Leeds", "elements": elements, "connections": ties, **more})


def matrix(separator: str = ",", empty: str = "0") -> str:
    """Return a square matrix with a filled diagonal."""
    lines = [separator.join(["", *NAMES])]
    cells = {(a, b): str(weight) for a, b, _, weight in TIES}
    for row, name in enumerate(NAMES):
        lines.append(separator.join([name, *(cells.get((row, k), "1" if k == row else empty) for k in range(5))]))
    return "\n".join(lines)


def workbook(**sheets: list[list[object]]) -> bytes:
    """Return a workbook with these sheets."""
    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def rows(text: str) -> list[list[object]]:
    """Return a CSV text without quotation marks as rows."""
    return [list(line.split(",")) for line in text.splitlines()]


def taken(*texts: str | bytes, names: tuple[str, ...] = (), **choices: Any) -> Imported:
    """Import texts."""
    uploads = [
        Upload(names[k] if names else f"file-{k}.csv", text.encode() if isinstance(text, str) else text)
        for k, text in enumerate(texts)
    ]
    return import_map(uploads, Choices(**choices))


def pairs(imported: Imported) -> set[frozenset[str]]:
    """Return who is tied to whom."""
    return {frozenset((tie.source, tie.target)) for tie in imported.relationships}


def said(imported: Imported) -> str:
    """Return the notes as one text."""
    return "\n".join(imported.notes)
