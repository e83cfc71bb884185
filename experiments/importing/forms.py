"""Name the forms of file that are not read, and say how to get one that is."""

import re
from typing import NamedTuple

READ = (
    "an Excel or OpenDocument workbook, CSV, a zip of them, JSON of Kumu and others, GraphML, GEXF, GML, Pajek, VNA, "
    "TGF, SIF, a draw.io drawing, an Obsidian canvas, an edge list or a matrix"
)
_GEPHI = "open it in Gephi (File, Open), then File, Export, Graph file, and choose GraphML"
_TABLE = "write its arrows as a table with the columns From and To, a row an arrow"
_WORKBOOK = "save it as .xlsx without a password, or each sheet as CSV"


class Form(NamedTuple):
    """A form of file that is not read, and what gives one that is."""

    name: str
    remedy: str


_BYTES = (
    (b"\xd0\xcf\x11\xe0", Form("an old or a locked Excel workbook", _WORKBOOK)),
    (b"%PDF", Form("a PDF", _TABLE)),
    (b"{\\rtf", Form("an RTF text", _TABLE)),
    (b"\x89PNG", Form("a picture (PNG)", _TABLE)),
    (b"\xff\xd8\xff", Form("a picture (JPEG)", _TABLE)),
    (b"GIF8", Form("a picture (GIF)", _TABLE)),
    (b"SQLite format 3\0", Form("an SQLite database", "export its tables as CSV")),
    (b"PAR1", Form("a Parquet table", "save it as CSV")),
    (b"\x1f\x8b", Form("a file packed by gzip", "unpack it, or pack it as .zip")),
    (b"7z\xbc\xaf\x27\x1c", Form("a file packed by 7-Zip", "unpack it, or pack it as .zip")),
    (b"Rar!", Form("a file packed by RAR", "unpack it, or pack it as .zip")),
)
_MERMAID = r"(flowchart|graph)\s+(TB|TD|BT|RL|LR)\b|(mindmap|(sequence|er|class|state)Diagram(-v2)?)\s"
_TEXTS = (
    (r"(%%[^\n]*\n\s*|---\n.*?\n---\n\s*|```\s*mermaid\s*\n\s*)*(" + _MERMAID + ")", Form("a Mermaid drawing", _TABLE)),
    (r"@start\w+", Form("a PlantUML drawing", _TABLE)),
    (r"((//|#)[^\n]*\n\s*|/\*.*?\*/\s*)*(strict\s+)?(di)?graph\b[^\n{]*\{", Form("a Graphviz drawing (DOT)", _GEPHI)),
    (r"dl\s+(n|nr|nc|nm)\s*=|dl\s*\n", Form("UCINET's DL", _GEPHI)),
    (r"nodedef\s*>", Form("GUESS's GDF", _GEPHI)),
)
_COMPILED = tuple((re.compile(rf"\A\s*({text})", re.IGNORECASE | re.DOTALL), form) for text, form in _TEXTS)
_XML = {
    "html": Form("a web page", "save the table in it as CSV"),
    "svg": Form("a picture (SVG)", _TABLE),
    "graph": Form("XGMML", "in Cytoscape: File, Export, Network to File, and choose GraphML"),
    "cmap": Form("a CmapTools map", "in CmapTools: File, Export, Cmap Outline or CXL; then " + _TABLE),
    "LW-MAP": Form("a VUE map", "in VUE: File, Export, as CSV; or " + _TABLE),
    "map": Form("a FreeMind or Freeplane map", _TABLE),
    "opml": Form("an OPML outline", _TABLE),
    "RDF": Form("RDF", "export it as CSV, or " + _TABLE),
    "Workbook": Form("an Excel 2003 XML workbook", _WORKBOOK),
    "document": Form("an OpenDocument file without its archive", _WORKBOOK),
    "DynamicNetwork": Form("ORA's DyNetML", "in ORA: File, Data export, as CSV or GraphML"),
    "MetaNetwork": Form("ORA's DyNetML", "in ORA: File, Data export, as CSV or GraphML"),
}


def form_of_bytes(content: bytes) -> Form | None:
    """Return the form that is known by its first bytes and not read.

    >>> form_of_bytes(b"%PDF-1.7").name
    'a PDF'
    """
    return next((form for start, form in _BYTES if content.startswith(start)), None)


def form_of_text(text: str) -> Form | None:
    """Return the form that is known by its first words and not read.

    >>> form_of_text("graph LR\\n A --> B").name, form_of_text("strict graph {").name, form_of_text("graph [")
    ('a Mermaid drawing', 'a Graphviz drawing (DOT)', None)
    """
    return next((form for pattern, form in _COMPILED if pattern.match(text[:10_000])), None)


def form_of_xml(tag: str) -> Form:
    """Return the form of an XML file by its outermost element.

    >>> form_of_xml("html").name, form_of_xml("zebra").name
    ('a web page', 'XML of another form (<zebra>)')
    """
    plain = {name.casefold(): form for name, form in _XML.items()}
    return plain.get(tag.casefold(), Form(f"XML of another form (<{tag[:40]}>)", READ))
