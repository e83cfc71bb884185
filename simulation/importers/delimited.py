"""Text with cells apart by commas, semicolons, tabs, bars or blanks; bytes of any encoding into text."""

import codecs
import csv
import io
import re
import unicodedata
from collections import Counter
from itertools import islice
from typing import NamedTuple

from simulation.importers.choices import ENCODINGS
from simulation.importers.tables import MOST_CELLS, MOST_ROWS, Row, Sheet, clean
from simulation.scenario.errors import Findings
from simulation.scenario.tables import csv_rows, unguarded

EXAMPLES = 3
SAMPLE = 40_000
"""Bytes of the lines with letters beyond ASCII by which an encoding is guessed."""
USUAL = "windows-1252"
WIDE = ("utf-16-le", "utf-16-be")
MARGIN = 0.05
"""Difference in disorder, a share of the letters, from which one encoding is likelier than another."""
COHERENCE = 0.1
"""Difference in likeness to a language from which one of two encodings in equal order is likelier."""
MOST_NAMED = 4
_CODECS = {"shift-jis": "cp932", "big5": "cp950", "euc-kr": "cp949"}
"""What programs write under a name, where Python's codec of that name is narrower."""
_AFTER_LETTERS = frozenset("’‘”“»…™®°ªº·–—‐′″")
_DOUBTFUL = re.compile(r"[ÞþÝýÐð]|(?<=[^\W\d_])[–—](?=[^\W\d_])")
"""What few maps hold and another encoding reads as usual letters: Turkish in the place of Icelandic, Le—n for León."""


class _Reading(NamedTuple):
    """A text as it reads in an encoding; `disorder` says how odd its letters stand, `coherence` how like a language."""

    encoding: str
    text: str
    sample: str
    """Lines with letters beyond ASCII."""
    disorder: float
    coherence: float


def known_encoding(name: str) -> str:
    """Return the name among ENCODINGS of an encoding by any of its names; "" where it is none of them.

    >>> known_encoding("CP1251"), known_encoding("sjis"), known_encoding("Macintosh"), known_encoding("zlib_codec")
    ('windows-1251', 'shift-jis', 'mac-roman', '')
    """
    if name.casefold() in ENCODINGS:
        return name.casefold()
    try:
        codec = codecs.lookup(name).name
    except (LookupError, ValueError, UnicodeError):
        return ""
    by_codec = {codecs.lookup(one).name: one for one in ENCODINGS}
    by_codec |= {codecs.lookup(_CODECS[one]).name: one for one in _CODECS}
    return by_codec.get(codec, "")


def decode(content: bytes, findings: Findings, *, file: str, encoding: str = "") -> str | None:
    """Return text with "\\n" line ends, or None with a problem added.

    UTF-8 and UTF-16 with a byte-order mark, UTF-8 without; anything else is guessed, Windows-1252 first, and the note
    shows words by which to tell whether that is right.
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
        wide = WIDE[content[::2].count(0) > content[1::2].count(0)]
        wide = wide if not encoding and "\0" not in (_strictly(content, wide) or "\0") else ""
        findings.add(message, file=file, line=line, allowed=f"text, perhaps with --encoding {wide}" if wide else "")
        return None
    return text


def _as(content: bytes, encoding: str, findings: Findings, *, file: str) -> str | None:
    try:
        return content.decode(_CODECS.get(encoding, encoding))
    except UnicodeError as error:
        start = error.start if isinstance(error, UnicodeDecodeError) else 0
        line = content[:start].count(b"\n") + 1
        findings.add(f"the file is not in {encoding}", file=file, line=line, allowed="another --encoding")
    except LookupError:
        findings.add("is no encoding that is known", file=file, value=encoding, allowed=ENCODINGS)
    return None


def _guessed(content: bytes, findings: Findings, *, file: str) -> str | None:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
    if b"\0" in content:
        return content.decode("latin-1")  # which says where it is neither text nor UTF-16 with a mark
    readings, is_named = _readings(content)
    likely = _likely(readings)
    if len(likely) == 1:
        name = "Windows-1252" if likely[0].encoding == USUAL else likely[0].encoding
        shown = ", ".join(_shown_words(likely[0].sample))
        findings.note(f"not UTF-8: read as {name} (such as: {shown}); --encoding reads it otherwise", file=file)
        return likely[0].text
    allowed = "; ".join(
        f"--encoding {one.encoding} ({', '.join(_shown_words(one.sample))})" for one in likely[:MOST_NAMED]
    )
    if not is_named:
        allowed = f"--encoding with one of {', '.join(ENCODINGS)}; or pip install 'system-behaviours[import]', by which"
        allowed += " charset-normalizer names the likely one"
    message = "the text is not UTF-8, and how it is stored can't be told for sure"
    findings.add(message, file=file, line=line, allowed=allowed or f"--encoding with one of {', '.join(ENCODINGS)}")
    return None


def _readings(content: bytes) -> tuple[list[_Reading], bool]:
    """Return how the bytes may be read, and whether charset-normalizer was there to say so."""
    telling = (line for line in io.BytesIO(content) if not line.isascii())
    sample = b"".join(islice(telling, SAMPLE // 10))[:SAMPLE]
    try:
        from charset_normalizer import from_bytes
    except ImportError:
        text = _strictly(content, USUAL)
        part = sample.decode(USUAL, errors="replace")
        is_western = text is not None and not _oddness(part) and not _is_foreign(part)
        return [_Reading(USUAL, text, part, 0.0, 0.0)] if text is not None and is_western else [], False
    codecs_of = {codecs.lookup(_CODECS.get(name, name)).name: name for name in ENCODINGS if not name.startswith("utf")}
    names = {_plain(codec): name for codec, name in codecs_of.items()}
    found = from_bytes(
        sample, cp_isolation=[_plain(codec) for codec in codecs_of], threshold=0.9, preemptive_behaviour=False
    )
    readings: dict[str, _Reading] = {}
    for match in found:
        for codec in match.could_be_from_charset:
            name = names.get(_plain(codec), "")
            text = _strictly(content, name) if name else None
            if text is not None:
                part = sample.decode(_CODECS.get(name, name), errors="ignore")
                readings[name] = _Reading(name, text, part, match.chaos + _oddness(part), match.coherence)
    return [readings[name] for name in ENCODINGS if name in readings], True


def _plain(codec: str) -> str:
    return codec.replace("-", "_")


def _strictly(content: bytes, encoding: str) -> str | None:
    try:
        return content.decode(_CODECS.get(encoding, encoding))
    except UnicodeError:
        return None


def _likely(readings: list[_Reading]) -> list[_Reading]:
    """Return the one reading to take, or those among which a person has to choose."""
    least = min((one.disorder for one in readings), default=0.0)
    close = [one for one in readings if one.disorder < least + MARGIN]
    usual = [one for one in close if one.encoding == USUAL]
    if usual and not _DOUBTFUL.search(usual[0].sample):
        return usual
    best = max((one.coherence for one in close), default=0.0)
    close = [one for one in close if one.coherence > best - COHERENCE]
    distinct: dict[str, _Reading] = {}
    for one in close:
        distinct.setdefault(one.text, one)
    return list(distinct.values())


def _oddness(text: str) -> float:
    """Return the share of the letters beyond ASCII that stand where no language puts them: CafŽ, Urz¹d, Caf‚.

    >>> _oddness("Café"), _oddness("CafŽ"), _oddness("Caf‚ 5 £"), _oddness("the charity’s")
    (0.0, 1.0, 0.5, 0.0)
    """
    odd = total = 0
    before = " "
    for sign, after in zip(text, text[1:] + " ", strict=True):
        if not sign.isascii():
            total += 1
            if sign.isalpha():
                odd += sign.isupper() and before.islower()
            elif unicodedata.category(sign) == "Cc":
                odd += 1
            else:
                between = before.isalpha() and sign not in _AFTER_LETTERS
                odd += between or (after.isalpha() and unicodedata.category(sign) in ("Sc", "No"))
        before = sign
    return odd / total if total else 0.0


def _is_foreign(text: str) -> bool:
    """Tell whether most words with letters beyond ASCII consist of them: no language of Windows-1252 has such words."""
    words = [word for word in re.findall(r"[^\W\d_]{3,}", text) if not word.isascii()]
    foreign = [word for word in words if sum(not letter.isascii() for letter in word) > 0.6 * len(word)]
    return len(foreign) > 0.5 * len(words)


def _shown_words(text: str) -> list[str]:
    words = dict.fromkeys(word[:30] for word in re.findall(r"\w+", text) if not word.isascii())
    return list(words)[:EXAMPLES] or [sign for sign in dict.fromkeys(text) if not sign.isascii()][:EXAMPLES]


SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
LOOKED_AT = 60
_WORD = re.compile(r'"((?:[^"]|"")*)"|(\S+)')
_COMMENT = re.compile(r"\s*[#%]")


def read_delimited(text: str, findings: Findings, *, file: str) -> list[Sheet]:
    """Return a text's cells as one sheet; none with a problem added where its quotation marks can't be right."""
    separator = _separator(text)
    if separator:
        rows = _parsed(text, separator, findings, file=file)
        if separator != ",":
            findings.note(f"cells are apart by {SEPARATORS[separator]}", file=file)
    else:
        rows = _words(text)
        if any(len(row.cells) > 1 for row in rows or ()):
            findings.note("cells are apart by blanks; lines that begin with # or % were taken as comments", file=file)
    return [] if rows is None else [Sheet(file, "", tuple(row for row in rows if any(row.cells)))]


def _separator(text: str) -> str:
    """Return the separator that gives the first lines most alike more than one cell; "" where none does."""
    lines = [line for line in text.split("\n", LOOKED_AT * 2) if line.strip()][:LOOKED_AT]
    sample = "\n".join(lines)
    best, best_score = "", (0.0, 0)
    for separator in SEPARATORS:
        try:
            counts = Counter(len(cells) for cells in csv.reader(io.StringIO(sample), delimiter=separator) if cells)
        except csv.Error:
            continue
        wide = {count: number for count, number in counts.items() if count > 1}
        if not wide:
            continue
        usual = max(wide, key=lambda count: (wide[count], count))
        score = (round(wide[usual] / counts.total(), 1), usual)
        if score > best_score:
            best, best_score = separator, score
    if best == "|" and best_score[0] < 0.9:
        return ","  # bars join several names in one cell
    if best and best_score[0] < 0.5 and not any(separator in lines[0] for separator in SEPARATORS):
        return ""
    return best or ("" if _has_pairs(lines) else ",")


def _has_pairs(lines: list[str]) -> bool:
    """Tell whether most lines are two to four words: an edge list with blanks between its cells, or a matrix."""
    counts = Counter(len(_WORD.findall(_without_attributes(line))) for line in lines if not _COMMENT.match(line))
    if not counts:
        return False
    usual, number = counts.most_common(1)[0]
    return usual > 1 and number >= 0.9 * counts.total() and (usual <= 4 or number > 2)


def _without_attributes(line: str) -> str:
    """Return a line of networkx's edge lists without the attributes in braces at its end."""
    return line.partition("{")[0] if line.rstrip().endswith("}") else line


def _parsed(text: str, separator: str, findings: Findings, *, file: str) -> list[Row] | None:
    before, cells_read = len(findings.problems), 0
    rows: list[Row] = []
    for line, cells in csv_rows(text, separator, findings, file=file):
        rows.append(Row(line, tuple(unguarded(clean(cell)) for cell in cells)))
        cells_read += len(cells)
        if len(rows) > MOST_ROWS or cells_read > MOST_CELLS:
            findings.add("the table is too large", file=file, allowed=f"up to {MOST_ROWS:,} rows")
            return None
    return None if len(findings.problems) > before else rows


def _words(text: str) -> list[Row]:
    rows = []
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip() and not _COMMENT.match(line):
            found = _WORD.findall(_without_attributes(line))
            rows.append(Row(number, tuple(clean(quoted or bare) for quoted, bare in found)))
    return rows[:MOST_ROWS]
