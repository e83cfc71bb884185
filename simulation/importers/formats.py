"""Tell what a file is by what is in it, whatever its name says, and read it into tables."""

import re
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from simulation.importers.archives import ZIP, Unread, maps_in, opened, workbook_of
from simulation.importers.choices import Choices
from simulation.importers.delimited import decode, read_delimited
from simulation.importers.headers import neo4j_tables
from simulation.importers.json_graphs import read_json
from simulation.importers.tables import MOST_BYTES, RefusedError, Sheet, Table, Upload, clean
from simulation.importers.text_graphs import (
    is_gml,
    is_pajek,
    is_tgf,
    is_vna,
    read_gml,
    read_pajek,
    read_sif,
    read_tgf,
    read_vna,
)
from simulation.importers.workbook import read_workbook
from simulation.importers.xml_graphs import DRAWINGS, read_draw_io, read_gexf, read_graphml, read_xml
from simulation.scenario.errors import Findings

READ = (
    "an Excel or OpenDocument workbook, CSV, a zip of them, JSON of Kumu and others, GraphML, GEXF, GML, Pajek, VNA, "
    "TGF, SIF, a draw.io drawing, an Obsidian canvas, an edge list or a matrix"
)
_GEPHI = "open it in Gephi (File, Open), then File, Export, Graph file, and choose GraphML"
_TABLE = "write its arrows as a table with the columns From and To, a row an arrow"
_WORKBOOK = "save it as .xlsx without a password, or each sheet as CSV"


_BYTES = (
    (b"\xd0\xcf\x11\xe0", Unread("an old or a locked Excel workbook", _WORKBOOK)),
    (b"%PDF", Unread("a PDF", _TABLE)),
    (b"{\\rtf", Unread("an RTF text", _TABLE)),
    (b"\x89PNG", Unread("a picture (PNG)", _TABLE)),
    (b"\xff\xd8\xff", Unread("a picture (JPEG)", _TABLE)),
    (b"GIF8", Unread("a picture (GIF)", _TABLE)),
    (b"SQLite format 3\0", Unread("an SQLite database", "export its tables as CSV")),
    (b"PAR1", Unread("a Parquet table", "save it as CSV")),
    (b"\x1f\x8b", Unread("a file packed by gzip", "unpack it, or pack it as .zip")),
    (b"7z\xbc\xaf\x27\x1c", Unread("a file packed by 7-Zip", "unpack it, or pack it as .zip")),
    (b"Rar!", Unread("a file packed by RAR", "unpack it, or pack it as .zip")),
)
_MERMAID = r"(flowchart|graph)\s+(TB|TD|BT|RL|LR)\b|(mindmap|(sequence|er|class|state)Diagram(-v2)?)\s"
_TEXTS = (
    (
        r"(%%[^\n]*\n\s*|---\n.*?\n---\n\s*|```\s*mermaid\s*\n\s*)*(" + _MERMAID + ")",
        Unread("a Mermaid drawing", _TABLE),
    ),
    (r"@start\w+", Unread("a PlantUML drawing", _TABLE)),
    (r"((//|#)[^\n]*\n\s*|/\*.*?\*/\s*)*(strict\s+)?(di)?graph\b[^\n{]*\{", Unread("a Graphviz drawing (DOT)", _GEPHI)),
    (r"dl\s+(n|nr|nc|nm)\s*=|dl\s*\n", Unread("UCINET's DL", _GEPHI)),
    (r"nodedef\s*>", Unread("GUESS's GDF", _GEPHI)),
)
_COMPILED = tuple((re.compile(rf"\A\s*({text})", re.IGNORECASE | re.DOTALL), form) for text, form in _TEXTS)
_XML = {
    "html": Unread("a web page", "save the table in it as CSV"),
    "svg": Unread("a picture (SVG)", _TABLE),
    "graph": Unread("XGMML", "in Cytoscape: File, Export, Network to File, and choose GraphML"),
    "cmap": Unread("a CmapTools map", "in CmapTools: File, Export, Cmap Outline or CXL; then " + _TABLE),
    "LW-MAP": Unread("a VUE map", "in VUE: File, Export, as CSV; or " + _TABLE),
    "map": Unread("a FreeMind or Freeplane map", _TABLE),
    "opml": Unread("an OPML outline", _TABLE),
    "RDF": Unread("RDF", "export it as CSV, or " + _TABLE),
    "Workbook": Unread("an Excel 2003 XML workbook", _WORKBOOK),
    "document": Unread("an OpenDocument file without its archive", _WORKBOOK),
    "DynamicNetwork": Unread("ORA's DyNetML", "in ORA: File, Data export, as CSV or GraphML"),
    "MetaNetwork": Unread("ORA's DyNetML", "in ORA: File, Data export, as CSV or GraphML"),
}


def form_of_bytes(content: bytes) -> Unread | None:
    """Return the form that is known by its first bytes and not read.

    >>> form_of_bytes(b"%PDF-1.7").name
    'a PDF'
    """
    return next((form for start, form in _BYTES if content.startswith(start)), None)


def form_of_text(text: str) -> Unread | None:
    """Return the form that is known by its first words and not read.

    >>> form_of_text("graph LR\\n A --> B").name, form_of_text("strict graph {").name, form_of_text("graph [")
    ('a Mermaid drawing', 'a Graphviz drawing (DOT)', None)
    """
    return next((form for pattern, form in _COMPILED if pattern.match(text[:10_000])), None)


def form_of_xml(tag: str) -> Unread:
    """Return the form of an XML file by its outermost element.

    >>> form_of_xml("html").name, form_of_xml("zebra").name
    ('a web page', 'XML of another form (<zebra>)')
    """
    plain = {name.casefold(): form for name, form in _XML.items()}
    return plain.get(tag.casefold(), Unread(f"XML of another form (<{tag[:40]}>)", READ))


Parts = Sequence[Sheet | Table]


class Format(NamedTuple):
    """A form of file that is read: what it is called, its usual endings, how it is known, and what reads it.

    `fits` takes a text or the outermost XML element, and the file's name; `read` takes it with the choices, the
    findings and the file's name.
    """

    name: str
    endings: tuple[str, ...]
    fits: Callable[[Any, str], bool]
    read: Callable[..., Parts]


WORKBOOKS = Format("a workbook", ("xlsx", "xlsm", "ods"), lambda names, _: bool(workbook_of(names)), read_workbook)
XML_FORMATS = (
    Format("GraphML", ("graphml", "xml"), lambda root, _: root.tag == "graphml", read_graphml),
    Format("GEXF", ("gexf", "xml"), lambda root, _: root.tag == "gexf", read_gexf),
    Format("a draw.io drawing", ("drawio", "xml", "dio"), lambda root, _: root.tag in DRAWINGS, read_draw_io),
)
TEXT_FORMATS = (
    Format("GML", ("gml",), lambda text, _: is_gml(text), read_gml),
    Format("VNA", ("vna",), lambda text, _: is_vna(text), read_vna),
    Format("TGF", ("tgf",), lambda text, _: is_tgf(text), read_tgf),
    # nothing in it tells three words from an edge list with a weight
    Format("SIF", ("sif",), lambda _, file: file.casefold().endswith(".sif"), read_sif),
    Format("JSON", ("json", "canvas"), lambda text, _: text.lstrip()[:1] in ("{", "["), read_json),
    Format("Pajek", ("net", "paj"), lambda text, _: is_pajek(text), read_pajek),
)
"""The forms of text that are known by what is in them; any other text is a table."""
_OF_FORMATS = (ending for form in (WORKBOOKS, *XML_FORMATS, *TEXT_FORMATS) for ending in form.endings)
ENDINGS = tuple(dict.fromkeys(("csv", "tsv", "tab", "txt", *_OF_FORMATS)))
"""Endings of files that may hold a map."""


def read_upload(upload: Upload, choices: Choices, findings: Findings) -> list[Sheet | Table]:
    """Return a file's sheets and tables; none with a problem added where it can't be read."""
    file = clean(upload.name) or "file"
    try:
        tables = _read(upload.content, choices, findings, file=file)
    except RefusedError as error:
        findings.add(str(error), file=file)
        return []
    if not tables and not findings.problems:
        findings.add("there is no table in this file", file=file, allowed=READ)
    return list(tables)


def _read(content: bytes, choices: Choices, findings: Findings, *, file: str, is_packed: bool = False) -> Parts:
    if len(content) > MOST_BYTES:
        findings.add("the file is too large", file=file, allowed=f"up to {MOST_BYTES:,} bytes")
        return []
    if content.startswith(ZIP):
        return _read_archive(content, choices, findings, file=file, is_packed=is_packed)
    form = form_of_bytes(content)
    if form is not None:
        return form.refuse(findings, file=file)
    if content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<" or content[:4] in (b"\xff\xfe<\0", b"\xfe\xff\0<"):
        root = read_xml(content.lstrip(b" \t\r\n"), findings, file=file, encoding=choices.encoding)
        if root is None:
            return []
        _refuse_date(choices if root.tag != "gexf" else Choices(), findings, file=file)
        tables = _known(root, XML_FORMATS, choices, findings, file=file)
        return form_of_xml(clean(root.tag)).refuse(findings, file=file) if tables is None else tables
    _refuse_date(choices, findings, file=file)
    text = decode(content, findings, file=file, encoding=choices.encoding)
    return [] if text is None else _read_text(text, choices, findings, file=file)


def _read_archive(content: bytes, choices: Choices, findings: Findings, *, file: str, is_packed: bool) -> Parts:
    """Return the tables of a workbook, or of each file in an archive of other files."""
    archive = opened(content, findings, file=file)
    if archive is None:
        return []
    with archive:
        if WORKBOOKS.fits(archive.namelist(), file):
            _say_wrong_name(WORKBOOKS, file, findings)
            _refuse_date(choices, findings, file=file)
            return read_workbook(archive, content, choices, findings, file=file)
        if is_packed:
            findings.add("an archive within an archive is not opened", file=file, allowed="the files themselves")
            return []
        members = maps_in(archive, ENDINGS, findings, file=file)
    return [table for one in members for table in _read(one.content, choices, findings, file=one.name, is_packed=True)]


def _read_text(text: str, choices: Choices, findings: Findings, *, file: str) -> Parts:
    form = form_of_text(text)
    if form is not None:
        return form.refuse(findings, file=file)
    tables = _known(text, TEXT_FORMATS, choices, findings, file=file)
    if tables is not None:
        return tables
    parts: list[Sheet | Table] = []
    for sheet in read_delimited(text, findings, file=file):
        parts += neo4j_tables(sheet, choices) or [sheet]
    return parts


def _known(given: Any, formats: Sequence[Format], choices: Choices, findings: Findings, *, file: str) -> Parts | None:
    """Return what the first of the formats that fits reads; None where none does."""
    found = next((one for one in formats if one.fits(given, file)), None)
    if found is None:
        return None
    _say_wrong_name(found, file, findings)
    return found.read(given, choices, findings, file=file)


def _refuse_date(choices: Choices, findings: Findings, *, file: str) -> None:
    if choices.at:
        message = "is a date, and of the forms that are read GEXF alone says when its elements and ties stand"
        findings.add(message, file=file, key="--at", value=choices.at)


def _say_wrong_name(form: Format, file: str, findings: Findings) -> None:
    if "." not in file or file.rpartition(".")[2].casefold() not in form.endings:
        findings.note(f"whatever its name says, this is {form.name}, and was read so", file=file)
