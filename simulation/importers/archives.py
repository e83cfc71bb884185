"""Tell what an archive is by its members, and take its maps out, never more than there is room for."""

import io
import re
import zipfile
from collections.abc import Collection
from typing import Any, NamedTuple

from simulation.importers.tables import MOST_BYTES, MOST_MEMBERS, MOST_PARTS, MOST_UNPACKED, Upload, clean, quoted
from simulation.scenario.errors import Findings

ZIP = (b"PK\x03\x04", b"PK\x05\x06")
WORKBOOK, OPENDOCUMENT = "an Excel workbook", "an OpenDocument spreadsheet"
_TABLES = "save it as .xlsx, or each sheet as CSV"


class Unread(NamedTuple):
    """A form of file that is not read, and what gives one that is."""

    name: str
    remedy: str

    def refuse(self, findings: Findings, *, file: str) -> list[Any]:
        """Add a problem that says so; return that nothing was read."""
        findings.add(f"this is {self.name}, which is not read", file=file, allowed=self.remedy)
        return []


_OTHERS = {
    "xl/workbook.bin": Unread("a binary Excel workbook (.xlsb)", _TABLES),
    "word/document.xml": Unread("a Word document", "copy its table into a spreadsheet, and save that as .xlsx or CSV"),
    "ppt/presentation.xml": Unread("a PowerPoint presentation", "write what it shows as a table: From and To"),
    "visio/document.xml": Unread("a Visio drawing", "open it in draw.io and save it as .drawio"),
    "Index/Document.iwa": Unread("an Apple Numbers, Pages or Keynote file", "export it as Excel or CSV"),
    "content.json": Unread("an XMind map", "export it as CSV, or write it as a table: From and To"),
}
"""Members by which an archive of another program is known."""
_BESIDE = re.compile(r"(^|/)(__MACOSX/|\.|(read[ _-]?me|licen[cs]e|thumbs\.db|desktop\.ini)[^/]*$)", re.IGNORECASE)
PLACE = {"place.toml", "organisations.csv"}


def workbook_of(names: list[str]) -> str:
    """Return which kind of workbook an archive is by the names of its members; "" where it is none.

    >>> workbook_of(["[Content_Types].xml", "xl/workbook.xml"]), workbook_of(["map/ties.csv"])
    ('an Excel workbook', '')
    """
    if "xl/workbook.xml" in names:
        return WORKBOOK
    return OPENDOCUMENT if "content.xml" in names and "mimetype" in names else ""


def opened(content: bytes, findings: Findings, *, file: str) -> zipfile.ZipFile | None:
    """Return an archive; None with a problem added where it is broken, locked, or unpacks to too much."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        entries = archive.infolist()
    except Exception as error:  # a broken archive: zipfile has many ways to say so
        findings.add(f"this is not a workbook or archive that can be read ({clean(error)[:100]})", file=file)
        return None
    if len(entries) > MOST_PARTS or sum(entry.file_size for entry in entries) > MOST_UNPACKED:
        allowed = f"up to {MOST_PARTS:,} files and {MOST_UNPACKED:,} bytes unpacked"
        findings.add("what it unpacks to is too large", file=file, allowed=allowed)
        return None
    if any(entry.flag_bits & 1 for entry in entries):
        findings.add("the archive is locked with a password", file=file, allowed="the files without a password")
        return None
    return archive


def member(archive: zipfile.ZipFile, name: str, findings: Findings, *, file: str) -> bytes | None:
    """Return a member's bytes; None with a problem added where it is broken."""
    try:
        return archive.read(name)
    except Exception as error:  # a broken member: zipfile and zlib have many ways to say so
        findings.add(f"the part '{clean(name)[:60]}' can't be read ({clean(error)[:100]})", file=file)
        return None


def maps_in(archive: zipfile.ZipFile, endings: Collection[str], findings: Findings, *, file: str) -> list[Upload]:
    """Return the files of an archive that may hold a map by their endings, under the archive's name and their own."""
    names = [entry.filename for entry in archive.infolist() if not entry.is_dir()]
    other = next((form for member, form in _OTHERS.items() if member in names), None)
    if other is not None:
        return other.refuse(findings, file=file)
    if {name.rpartition("/")[2] for name in names} >= PLACE:
        allowed = "unpack it, then: behaviours run --place FOLDER"
        findings.add("this is the archive of a place's own folder, not a map", file=file, allowed=allowed)
        return []
    beside = [name for name in names if _BESIDE.search(name)]
    wanted = [name for name in names if name not in beside and name.rpartition(".")[2].casefold() in endings]
    rest = [name for name in names if name not in beside and name not in wanted]
    if not wanted or len(wanted) > MOST_MEMBERS:
        message = "is the number of files in the archive that could be a map"
        allowed = f"1 to {MOST_MEMBERS} of the forms {', '.join(endings)}"
        findings.add(message, file=file, value=str(len(wanted)), allowed=allowed)
        return []
    if rest:
        shown = quoted(map(clean, rest))
        findings.note(f"files of the archive that are no map, left out: {len(rest)} ({shown})", file=file)
    if any(archive.getinfo(name).file_size > MOST_BYTES for name in wanted):
        findings.add("a file of the archive is too large", file=file, allowed=f"up to {MOST_BYTES:,} bytes")
        return []
    contents = [(name, member(archive, name, findings, file=file)) for name in wanted]
    return [Upload(f"{file}, {clean(name)}", content) for name, content in contents if content is not None]
