"""Tell what a file is by what is in it, whatever its name says, and read it into tables."""

import re
from collections.abc import Sequence

from experiments.importing.archives import SPREADSHEETS, ZIP, form_of, maps_in, opened
from experiments.importing.choices import Choices
from experiments.importing.decoding import decode
from experiments.importing.delimited import read_delimited
from experiments.importing.diagrams import read_draw_io
from experiments.importing.forms import READ, form_of_bytes, form_of_text, form_of_xml
from experiments.importing.gexf import read_gexf
from experiments.importing.graph_texts import reader_of
from experiments.importing.graphml import read_graphml
from experiments.importing.json_map import read_json
from experiments.importing.limits import MOST_BYTES
from experiments.importing.neo4j import neo4j_tables
from experiments.importing.pajek import read_pajek
from experiments.importing.tables import RefusedError, Sheet, Table, Upload, clean
from experiments.importing.workbook import read_workbook
from experiments.importing.xml_tree import read_xml
from simulation.scenario.problems import Findings

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
