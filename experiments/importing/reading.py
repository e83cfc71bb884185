"""Tell what a file is by what is in it, whatever its name says, and read it into tables."""

import re
from collections.abc import Sequence

from experiments.importing.choices import Choices
from experiments.importing.decoding import decode
from experiments.importing.delimited import read_delimited
from experiments.importing.gexf import read_gexf
from experiments.importing.graphml import read_graphml
from experiments.importing.json_map import read_json
from experiments.importing.limits import MOST_BYTES
from experiments.importing.pajek import read_pajek
from experiments.importing.tables import RefusedError, Sheet, Table, Upload, clean
from experiments.importing.workbook import read_workbook
from experiments.importing.xml_tree import read_xml
from simulation.scenario.problems import Findings

_PAJEK = re.compile(r"^\s*\*(network|vertices|partition|arcs|edges|matrix)\b", re.IGNORECASE | re.MULTILINE)
_OTHERS = (
    (re.compile(r"\A\s*(#[^\n]*\n\s*|creator\s[^\n]*\n\s*|version\s[^\n]*\n\s*)*graph\s*\[", re.IGNORECASE), "GML"),
    (re.compile(r"\A\s*dl\s+(n|nr|nm)\s*=", re.IGNORECASE), "UCINET's DL"),
    (re.compile(r"\A\s*(strict\s+)?(di)?graph\b[^\n]*\{", re.IGNORECASE), "Graphviz's DOT"),
    (re.compile(r"\A%PDF"), "PDF"),
    (re.compile(r"\A\{\\rtf"), "RTF"),
)
READ = "an Excel workbook (.xlsx), CSV, Kumu's JSON, GraphML, GEXF, Pajek, an edge list or a matrix"
USUAL = {
    "Excel": (".xlsx", ".xlsm"), "GraphML": (".graphml", ".xml"), "GEXF": (".gexf", ".xml"), "JSON": (".json",),
    "Pajek": (".net", ".paj"),
}  # fmt: skip


def read_upload(upload: Upload, choices: Choices, findings: Findings) -> list[Sheet | Table]:
    """Return a file's sheets and tables; none with a problem added where it can't be read."""
    file = clean(upload.name) or "file"
    try:
        return _read(upload.content, choices, findings, file=file)
    except RefusedError as error:
        findings.add(str(error), file=file)
        return []


def _read(content: bytes, choices: Choices, findings: Findings, *, file: str) -> list[Sheet | Table]:
    if len(content) > MOST_BYTES:
        findings.add("the file is too large", file=file, allowed=f"up to {MOST_BYTES:,} bytes")
        return []
    if content.startswith(b"PK\x03\x04"):
        _say_wrong_name("Excel", file, findings)
        return _something(read_workbook(content, findings, file=file), findings, file=file)
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        allowed = "save it as .xlsx without a password, or each sheet as CSV"
        findings.add("this is an old or a locked Excel workbook", file=file, allowed=allowed)
        return []
    text = decode(content, findings, file=file, encoding=choices.encoding)
    return [] if text is None else _read_text(text, content, choices, findings, file=file)


def _read_text(text: str, content: bytes, choices: Choices, findings: Findings, *, file: str) -> list[Sheet | Table]:
    start = text.lstrip()[:1]
    if start == "<":
        return _read_xml(content.lstrip(b" \t\r\n"), findings, file=file)
    for pattern, name in _OTHERS:
        if pattern.search(text[:10_000]):
            findings.add(f"this is a file of the form {name}, which is not read", file=file, allowed=READ)
            return []
    if start in "{[":
        _say_wrong_name("JSON", file, findings)
        return _something(read_json(text, findings, file=file), findings, file=file)
    if _PAJEK.search(text[:10_000]):
        _say_wrong_name("Pajek", file, findings)
        return _something(read_pajek(text, findings, file=file), findings, file=file)
    return _something(read_delimited(text, findings, file=file), findings, file=file)


def _read_xml(content: bytes, findings: Findings, *, file: str) -> list[Sheet | Table]:
    root = read_xml(content, findings, file=file)
    if root is None:
        return []
    if root.tag not in ("graphml", "gexf"):
        what = "a web page" if root.tag.casefold() == "html" else f"XML of another form (<{clean(root.tag)[:40]}>)"
        findings.add(f"this is {what}", file=file, allowed=READ)
        return []
    if root.tag == "graphml":
        _say_wrong_name("GraphML", file, findings)
        return _something(read_graphml(root, findings, file=file), findings, file=file)
    _say_wrong_name("GEXF", file, findings)
    return _something(read_gexf(root, findings, file=file), findings, file=file)


def _something(tables: Sequence[Sheet | Table], findings: Findings, *, file: str) -> list[Sheet | Table]:
    """Return the tables; add a problem where there are none and no reason was given."""
    if not tables and not findings.problems:
        findings.add("there is no table in this file", file=file, allowed=READ)
    return list(tables)


def _say_wrong_name(form: str, file: str, findings: Findings) -> None:
    ending = "." + file.rpartition(".")[2].casefold() if "." in file else ""
    if ending not in USUAL[form]:
        findings.note(f"whatever its name says, this is {form}, and was read so", file=file)
