"""Small stakeholder maps in every form that is read: the same five organisations and four ties."""

import base64
import io
import json
import zipfile
import zlib
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote
from xml.sax.saxutils import escape

from openpyxl import Workbook

from simulation.importers import Choices, Imported, Upload, import_map

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

GML = (
    'Creator "igraph"\ngraph\n[\n  directed 1\n'
    + "".join(f'  node [ id {k} label "{name}" sector "{TYPES[k]}" ]\n' for k, name in enumerate(NAMES))
    + "".join(f"  edge [ source {a} target {b} weight {weight} ]\n" for a, b, _, weight in TIES)
    + "]\n"
)
VNA = (
    '*Node data\n"ID" type\n'
    + "".join(f'"{name}" "{TYPES[k]}"\n' for k, name in enumerate(NAMES))
    + "*Node properties\nID x y\n"
    + "*Tie data\nfrom to strength\n"
    + "".join(f'"{NAMES[a]}" "{NAMES[b]}" {weight}\n' for a, b, _, weight in TIES)
)
TGF = (
    "".join(f"{k} {name}\n" for k, name in enumerate(NAMES))
    + "#\n"
    + "".join(f"{a} {b} {kind}\n" for a, b, kind, _ in TIES)
)
SIF = "".join(f"{NAMES[a]}\t{kind}\t{NAMES[b]}\n" for a, b, kind, _ in TIES) + "Quiet Trust\n"
JSON_GRAPH = json.dumps(
    {
        "graph": {
            "nodes": {f"n{k}": {"label": name, "metadata": {"type": TYPES[k]}} for k, name in enumerate(NAMES)},
            "edges": [{"source": f"n{a}", "target": f"n{b}", "relation": kind} for a, b, kind, _ in TIES],
        }
    }
)
_CARD = {"x": 0, "y": 0, "width": 9, "height": 9}
CANVAS = json.dumps(
    {
        "nodes": [
            {"id": "n0", "type": "file", "file": f"Who/{NAMES[0]}.md"} | _CARD,
            *({"id": f"n{k}", "type": "text", "text": f"## {NAMES[k]}\n{TYPES[k]}"} | _CARD for k in range(1, 5)),
        ],
        "edges": [
            {"id": f"e{a}{b}", "fromNode": f"n{a}", "toNode": f"n{b}", "label": kind} for a, b, kind, _ in TIES
        ],
    }
)  # fmt: skip
NEO4J_NODES = "orgId:ID(Org),name:string,:LABEL\n" + "".join(
    f"{k},{name},Org;{TYPES[k]}\n" for k, name in enumerate(NAMES)
)
NEO4J_TIES = ":START_ID(Org),:END_ID(Org),:TYPE\n" + "".join(f"{a},{b},{kind.upper()}\n" for a, b, kind, _ in TIES)
APOC = (
    '"_id","_labels","name","_start","_end","_type"\n'
    + "".join(f'"{k}",":{TYPES[k]}:Org","{name}",,,\n' for k, name in enumerate(NAMES))
    + "".join(f',,,"{a}","{b}","{kind.upper()}"\n' for a, b, kind, _ in TIES)
)


def draw_io(*, packed: bool) -> str:
    """Return a drawing whose boxes hold formatted names, one of them with data, and whose lines have labels."""
    boxes = f'<object label="{NAMES[0]}" Sector="{TYPES[0]}" id="b0"><mxCell vertex="1" parent="1"/></object>'
    for k, name in list(enumerate(NAMES))[1:]:
        value = escape(f"<b>{escape(name)}</b><br>", {'"': "&quot;"})
        boxes += f'<mxCell id="b{k}" value="{value}" style="rounded=1;html=1" vertex="1" parent="1"/>'
    lines = "".join(
        f'<mxCell id="l{k}" edge="1" parent="1" source="b{a}" target="b{b}"/>'
        f'<mxCell id="w{k}" value="{kind}" style="edgeLabel;html=1" vertex="1" connectable="0" parent="l{k}"/>'
        for k, (a, b, kind, _) in enumerate(TIES)
    )
    title = '<mxCell id="t" value="Who knows whom" style="text;html=1" vertex="1" parent="1"/>'
    model = (
        f'<mxGraphModel><root><mxCell id="0"/><mxCell id="1" parent="0"/>{boxes}{lines}{title}</root></mxGraphModel>'
    )
    return f'<mxfile host="x"><diagram id="d" name="Page-1">{deflated(model) if packed else model}</diagram></mxfile>'


def deflated(text: str) -> str:
    """Return a page of a drawing as draw.io packs it."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    return base64.b64encode(packer.compress(quote(text).encode()) + packer.flush()).decode()


def open_document(body: str) -> bytes:
    """Return an OpenDocument spreadsheet with these tables."""
    spaces = "".join(
        f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text", "style")
    )
    hidden = (
        '<office:automatic-styles><style:style style:name="hidden" style:family="table">'
        '<style:table-properties table:display="false"/></style:style></office:automatic-styles>'
    )
    content = (
        f"<office:document-content{spaces}>{hidden}<office:body><office:spreadsheet>{body}</office:spreadsheet>"
        "</office:body></office:document-content>"
    )
    media = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = (
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{media}"/></manifest:manifest>'
    )
    return archive({"mimetype": media, "content.xml": content, "META-INF/manifest.xml": manifest})


def open_table(name: str, rows: list[list[Any]], style: str = "") -> str:
    """Return a table of an OpenDocument spreadsheet; a cell that begins with < is taken as it stands."""
    text = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
    lines = ""
    for row in rows:
        given = [str(cell) for cell in row]
        cells = [cell if cell.startswith("<") or not cell else text.format(escape(cell)) for cell in given]
        made = [cell or "<table:table-cell/>" for cell in cells]
        lines += f"<table:table-row>{''.join(made)}</table:table-row>"
    return f'<table:table table:name="{name}" table:style-name="{style}">{lines}</table:table>'


def archive(members: Mapping[str, str | bytes]) -> bytes:
    """Return a zip archive."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in members.items():
            packed.writestr(name, content)
    return stream.getvalue()


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
