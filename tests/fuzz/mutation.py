"""Spoil an input as files and words are spoilt in earnest: cut, turned, doubled, in another encoding, out of range."""

import io
import re
import zipfile
import zlib
from collections.abc import Callable, Sequence
from random import Random

NUMBERS = (
    b"nan", b"inf", b"-inf", b"1e400", b"-1", b"0", b"1e-320", b"18446744073709551616", b"9" * 400, b"0x1F", b"1_000",
    b"0,5", b"1.2.3", b"50%", b"true", b"2020-01-01", b"=1/0",
    *(b"1", b"0.5", b"3", b"12", b"0.1", b"100", b"2024") * 2,
)  # fmt: skip
PIECES = (
    *(sign.encode() for sign in ",;\t|\"'\n\r=[]{}<>&*#%-+0é_\u200b\u2028😀"),
    b"", b"\0", b"\xff", b"\xed\xa0\x80", b"\xef\xbb\xbf", b"\xff\xfe", b"\r\n", b'"""', b"[[", b"{" * 300, b"[" * 3000,
    b"a." * 3000, b"x" * 5000, b"null", b"\\ud800", b"<!DOCTYPE x>", b"*Vertices 9", b"council", b"all",
    b"From", b"Label",
)  # fmt: skip
ENCODINGS = ("utf-16", "utf-8-sig", "latin-1", "cp1252", "utf-32", "cp1251", "shift_jis", "utf-7")
_NUMBER = re.compile(rb"(?<![\w.])-?\d+(?:\.\d+)?")
_WORD = re.compile(rb"[A-Za-z_][\w-]{2,}")


def mutated(content: bytes, chance: Random) -> bytes:
    """Return a file's bytes after one to four mutations, most often one; of a zip, mostly those of its members."""
    for _ in range(chance.choice((1, 1, 1, 2, 2, 4))):
        if content.startswith(b"PK\x03\x04") and chance.random() < 0.7:
            content = _with_member_spoilt(content, chance)
        else:
            content = chance.choice(MUTATIONS)(content, chance)
    return content


def _flipped(content: bytes, chance: Random) -> bytes:
    spoilt = bytearray(content)
    for _ in range(chance.choice((1, 1, 3, 20))):
        if spoilt:
            spoilt[chance.randrange(len(spoilt))] = chance.randrange(256)
    return bytes(spoilt)


def _cut(content: bytes, chance: Random) -> bytes:
    return content[: chance.randint(0, len(content))]


def _without(content: bytes, chance: Random) -> bytes:
    start = chance.randint(0, len(content))
    return content[:start] + content[start + chance.choice((1, 3, 20, 200)) :]


def _with_piece(content: bytes, chance: Random) -> bytes:
    start = chance.randint(0, len(content))
    return content[:start] + chance.choice(PIECES) + content[start + chance.choice((0, 0, 1, 10)) :]


def _with_number(content: bytes, chance: Random) -> bytes:
    return _replaced(content, _NUMBER, chance.choice(NUMBERS), chance)


def _with_word_renamed(content: bytes, chance: Random) -> bytes:
    words = _WORD.findall(content)
    new = (
        chance.choice(words) if words and chance.random() < 0.5 else chance.choice((b"zebra", b"", b"title", b"months"))
    )
    return _replaced(content, _WORD, new, chance)


def _with_lines_moved(content: bytes, chance: Random) -> bytes:
    lines = content.split(b"\n")
    one, other = chance.randrange(len(lines)), chance.randrange(len(lines))
    how = chance.choice(("swap", "twice", "often", "leave out"))
    if how == "swap":
        lines[one], lines[other] = lines[other], lines[one]
    elif how == "leave out":
        del lines[one]
    else:
        lines[other:other] = [lines[one]] * (1 if how == "twice" else 500)
    return b"\n".join(lines)


def _with_cells_moved(content: bytes, chance: Random) -> bytes:
    lines = content.split(b"\n")
    row = chance.randrange(len(lines))
    cells = lines[row].split(b",")
    one, other = chance.randrange(len(cells)), chance.randrange(len(cells))
    cells[one], cells[other] = chance.choice(((cells[other], cells[one]), (b"", cells[other]), (cells[other], b'"')))
    lines[row] = b",".join(cells)
    return b"\n".join(lines)


def _nested(content: bytes, chance: Random) -> bytes:
    depth = chance.choice((5, 60, 2000))
    before, after = chance.choice(((b"[", b"]"), (b'{"a":', b"}"), (b"<node>", b"</node>"), (b"(", b")")))
    place = chance.randint(0, len(content))
    return content[:place] + before * depth + b"1" + after * depth + content[place:]


def _encoded(content: bytes, chance: Random) -> bytes:
    return content.decode("utf-8", "replace").encode(chance.choice(ENCODINGS), "replace")


def _with_line_ends(content: bytes, chance: Random) -> bytes:
    return content.replace(b"\n", chance.choice((b"\r\n", b"\r", b"\n\n", b" \n")))


MUTATIONS: tuple[Callable[[bytes, Random], bytes], ...] = (
    _flipped, _cut, _without, _with_piece, _with_piece, _with_number, _with_number, _with_number, _with_word_renamed,
    _with_word_renamed, _with_lines_moved, _with_cells_moved, _nested, _encoded, _with_line_ends,
)  # fmt: skip


def _replaced(content: bytes, what: re.Pattern[bytes], new: bytes, chance: Random) -> bytes:
    found = list(what.finditer(content))
    if not found:
        return content + new
    one = chance.choice(found)
    return content[: one.start()] + new + content[one.end() :]


def _with_member_spoilt(content: bytes, chance: Random) -> bytes:
    """Return a zip whose members are whole but for one, which is spoilt, left out, or there twice."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as whole:
            members = [(name, whole.read(name)) for name in whole.namelist()]
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, OSError, ValueError, EOFError, RuntimeError):
        return _flipped(content, chance)
    if not members:
        return content
    position = chance.randrange(len(members))
    name, inner = members[position]
    how = chance.random()
    if how < 0.15:
        del members[position]
    elif how < 0.3:
        members.append((f"copy of {len(members)}/{name}", inner))
    else:
        members[position] = name, chance.choice(MUTATIONS)(inner, chance)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as written:
        for member, inner in members:
            written.writestr(member, inner)
    return out.getvalue()


def mutated_words(words: Sequence[str], others: Sequence[str], chance: Random) -> list[str]:
    """Return a command line after one to three mutations, most often one; `others` are words that may come in."""
    line = list(words)
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        place = chance.randrange(len(line) + 1)
        how = chance.choice(("in", "out", "twice", "swap", "letters", "letters", "value", "value"))
        if how == "in" or not line:
            line.insert(place, chance.choice(others))
            continue
        place = min(place, len(line) - 1)
        if how == "out":
            del line[place]
        elif how == "twice":
            line.insert(place, line[place])
        elif how == "swap":
            other = chance.randrange(len(line))
            line[place], line[other] = line[other], line[place]
        elif how == "value":
            line[place] = chance.choice((chance.choice(NUMBERS).decode(), chance.choice(others)))
        else:
            line[place] = _garbled(line[place], chance)
    return line


def _garbled(word: str, chance: Random) -> str:
    place = chance.randint(0, len(word))
    sign = chance.choice(
        ("", "-", "=", ",", ".", " ", "\n", "é", "😀", "\u2028", "x" * 300, "nan", "[", "'", "\\", "%")
    )
    return word[:place] + sign + word[place + chance.choice((0, 1, 1, 4)) :]
