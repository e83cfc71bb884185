"""Read a file of text that people made with any editor or spreadsheet: as UTF-8, with plain line ends."""

import codecs
from pathlib import Path

from simulation.scenario.errors import Findings

TOML_LIMIT = 2_000_000
TABLE_LIMIT = 50_000_000
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def read_text(path: Path, findings: Findings, *, limit: int) -> str | None:
    """Return the file's text with "\\n" line ends, or None with a problem added.

    A byte-order mark and the line ends of other systems are read, with a note. What is not UTF-8 is refused:
    guessing the encoding would change names silently. `limit` is in bytes.
    """
    content = _bytes(path, findings, limit=limit)
    if content is None:
        return None
    return decoded(content, findings, file=str(path))


def decoded(content: bytes, findings: Findings, *, file: str) -> str | None:
    """Return bytes as text with "\\n" line ends, or None with a problem added."""
    if content.startswith(_UTF16):
        findings.add("the file is saved as UTF-16", file=file, allowed="UTF-8 (in Excel: 'CSV UTF-8')")
        return None
    if content.startswith(codecs.BOM_UTF8):
        content = content[len(codecs.BOM_UTF8) :]
        findings.note("a byte-order mark at the start was skipped", file=file)
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        _say_not_utf8(content, error.start, findings, file=file)
        return None
    if not text.strip():
        findings.add("the file is empty", file=file)
        return None
    if "\0" in text:
        line = _lines_before(text[: text.index("\0")]) + 1
        findings.add("the file holds a zero byte, so it is not a text file", file=file, line=line)
        return None
    if "\r" in text:
        text = text.replace("\r\n", "\n")
        other = "\r" in text
        text = text.replace("\r", "\n")
        findings.note(f"line ends {'of an old Mac (CR)' if other else 'of Windows (CRLF)'} were read", file=file)
    return text


def _bytes(path: Path, findings: Findings, *, limit: int) -> bytes | None:
    file = str(path)
    try:
        if path.is_dir():
            findings.add("this is a folder where a file is needed", file=file)
            return None
        if not path.exists():
            siblings = [other.name for other in path.parent.iterdir()] if path.parent.is_dir() else []
            findings.add("the file is missing", file=file, value=path.name, like=siblings)
            return None
        if not path.is_file():
            findings.add("this is not an ordinary file", file=file)
            return None
        with path.open("rb") as stream:
            content = stream.read(limit + 1)
    except (OSError, ValueError) as error:
        findings.add(f"the file can't be read ({error})", file=file)
        return None
    if len(content) > limit:
        findings.add(f"the file is larger than {limit / 1e6:g} MB", file=file, allowed=f"up to {limit:,} bytes")
        return None
    return content


def _say_not_utf8(content: bytes, position: int, findings: Findings, *, file: str) -> None:
    before = content[:position].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    byte = content[position : position + 1]
    guess = byte.decode("cp1252", errors="replace")
    findings.add(
        f"the byte 0x{byte.hex().upper()} is not UTF-8 (saved as Windows-1252 it would be '{guess}')",
        file=file,
        line=before.count(b"\n") + 1,
        allowed="UTF-8 (in Excel: 'CSV UTF-8')",
    )


def _lines_before(text: str) -> int:
    return text.replace("\r\n", "\n").replace("\r", "\n").count("\n")
