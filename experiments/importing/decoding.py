"""Turn bytes into text: as UTF-8 where they are, as Windows-1252 with a word about it where they are not."""

import codecs
import re

from simulation.scenario.problems import Findings

EXAMPLES = 3


def decode(content: bytes, findings: Findings, *, file: str, encoding: str = "") -> str | None:
    """Return text with "\\n" line ends, or None with a problem added.

    UTF-8 and UTF-16 with a byte-order mark, UTF-8 without; anything else is read as Windows-1252, which gives
    every letter of Latin-1 too, and the note shows words by which to tell whether that is right.
    """
    if encoding:
        text = _as(content, encoding, findings, file=file)
    elif content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        text = _as(content, "utf-16", findings, file=file)
    else:
        text = _guessed(content, findings, file=file)
    if text is None:
        return None
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        findings.add("the file is empty", file=file)
        return None
    if "\0" in text:
        line = text[: text.index("\0")].count("\n") + 1
        message = "the file holds a zero byte: it is neither text nor a kind of file that can be read"
        findings.add(message, file=file, line=line)
        return None
    return text


def _as(content: bytes, encoding: str, findings: Findings, *, file: str) -> str | None:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        findings.add(f"the file is not in {encoding}", file=file, line=line, allowed="another --encoding")
        return None


def _guessed(content: bytes, findings: Findings, *, file: str) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        pass
    text = content.decode("windows-1252", errors="replace")
    if "\ufffd" in text:
        text = content.decode("latin-1")
    words = dict.fromkeys(word[:30] for word in re.findall(r"\w+", text) if not word.isascii())
    shown = ", ".join(list(words)[:EXAMPLES])
    findings.note(f"not UTF-8: read as Windows-1252 (such as: {shown}); --encoding reads it otherwise", file=file)
    return text
