"""Tell what a file is by what is in it, whatever its name says, and read it into tables."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from simulation.importers.archives import SPREADSHEETS, ZIP, form_of, maps_in, opened
from simulation.importers.choices import Choices
from simulation.importers.delimited import decode, read_delimited
from simulation.importers.headers import neo4j_tables
from simulation.importers.json_graphs import read_json
from simulation.importers.tables import MOST_BYTES, RefusedError, Sheet, Table, Upload, clean
from simulation.importers.text_graphs import read_pajek, reader_of
from simulation.importers.workbook import read_workbook
from simulation.importers.xml_graphs import read_draw_io, read_gexf, read_graphml, read_xml
from simulation.scenario.errors import Findings

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


# Tell what a file is by what is in it, whatever its name says, and read it into tables.


_PAJEK = re.compile(r"^\s*\*(network|vertices|partition|arcs|edges|matrix)\b", re.IGNORECASE | re.MULTILINE)
USUAL = {
    "a workbook": (".xlsx", ".xlsm", ".ods"), "a zip archive": (".zip",), "GraphML": (".graphml", ".xml"),
    "GEXF": (".gexf", ".xml"), "JSON": (".json", ".canvas"), "Pajek": (".net", ".paj"), "GML": (".gml",),
    "VNA": (".vna",), "TGF": (".tgf",), "SIF": (".sif",), "a draw.io drawing": (".drawio", ".xml", ".dio"),
}  # fmt: skip

NO_TIMES = "is a date, and of the forms that are read GEXF alone says when its elements and ties stand"
Parts = Sequence[Sheet | Table]


def read_upload(upload: Upload, choices: Choices, findings: Findings) -> list[Sheet | Table]:
    """Return a file's sheets and tables; none with a problem added where it can't be read."""
    file = clean(upload.name) or "file"
    try:
        return _something(_read(upload.content, choices, findings, file=file), findings, file=file)
    except RefusedError as error:
        findings.add(str(error), file=file)
        return []


def _read(content: bytes, choices: Choices, findings: Findings, *, file: str, is_packed: bool = False) -> Parts:
    if len(content) > MOST_BYTES:
        findings.add("the file is too large", file=file, allowed=f"up to {MOST_BYTES:,} bytes")
        return []
    if content.startswith(ZIP):
        return _read_archive(content, choices, findings, file=file, is_packed=is_packed)
    form = form_of_bytes(content)
    if form is not None:
        findings.add(f"this is {form.name}, which is not read", file=file, allowed=form.remedy)
        return []
    if content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<" or content[:4] in (b"\xff\xfe<\0", b"\xfe\xff\0<"):
        return _read_xml(content.lstrip(b" \t\r\n"), choices, findings, file=file)
    if choices.at:
        findings.add(NO_TIMES, file=file, key="--at", value=choices.at)
    text = decode(content, findings, file=file, encoding=choices.encoding)
    return [] if text is None else _read_text(text, choices, findings, file=file)


def _read_archive(content: bytes, choices: Choices, findings: Findings, *, file: str, is_packed: bool) -> Parts:
    """Return the tables of a workbook, or of each file in an archive of other files."""
    archive = opened(content, findings, file=file)
    if archive is None:
        return []
    with archive:
        form = form_of(archive.namelist())
        if form in SPREADSHEETS:
            _say_wrong_name("a workbook", file, findings)
            if choices.at:
                findings.add(NO_TIMES, file=file, key="--at", value=choices.at)
            sheets = read_workbook(archive, content, form, choices, findings, file=file)
            return sheets
        if is_packed:
            findings.add("an archive within an archive is not opened", file=file, allowed="the files themselves")
            return []
        members = maps_in(archive, findings, file=file)
    return [table for one in members for table in _read(one.content, choices, findings, file=one.name, is_packed=True)]


def _read_text(text: str, choices: Choices, findings: Findings, *, file: str) -> Parts:
    form = form_of_text(text)
    if form is not None:
        findings.add(f"this is {form.name}, which is not read", file=file, allowed=form.remedy)
        return []
    found = reader_of(text, file)
    if found is not None:
        name, read = found
        _say_wrong_name(name, file, findings)
        return read(text, findings, file=file)
    if text.lstrip()[:1] in ("{", "["):
        _say_wrong_name("JSON", file, findings)
        return read_json(text, findings, file=file)
    if _PAJEK.search(text[:10_000]):
        _say_wrong_name("Pajek", file, findings)
        return read_pajek(text, findings, file=file)
    found_parts: list[Sheet | Table] = []
    for sheet in read_delimited(text, findings, file=file):
        found_parts += neo4j_tables(sheet, choices) or [sheet]
    return found_parts


def _read_xml(content: bytes, choices: Choices, findings: Findings, *, file: str) -> Parts:
    root = read_xml(content, findings, file=file, encoding=choices.encoding)
    if root is None:
        return []
    if choices.at and root.tag != "gexf":
        findings.add(NO_TIMES, file=file, key="--at", value=choices.at)
    if root.tag == "graphml":
        _say_wrong_name("GraphML", file, findings)
        return read_graphml(root, findings, file=file)
    if root.tag == "gexf":
        _say_wrong_name("GEXF", file, findings)
        return read_gexf(root, choices, findings, file=file)
    if root.tag in ("mxfile", "mxGraphModel"):
        _say_wrong_name("a draw.io drawing", file, findings)
        return read_draw_io(root, findings, file=file)
    form = form_of_xml(clean(root.tag))
    findings.add(f"this is {form.name}, which is not read", file=file, allowed=form.remedy)
    return []


def _something(tables: Parts, findings: Findings, *, file: str) -> list[Sheet | Table]:
    """Return the tables; add a problem where there are none and no reason was given."""
    if not tables and not findings.problems:
        findings.add("there is no table in this file", file=file, allowed=READ)
    return list(tables)


def _say_wrong_name(form: str, file: str, findings: Findings) -> None:
    ending = "." + file.rpartition(".")[2].casefold() if "." in file else ""
    if ending not in USUAL[form]:
        findings.note(f"whatever its name says, this is {form}, and was read so", file=file)
