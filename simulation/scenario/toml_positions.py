"""TOML with the line of each key."""

import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from simulation.limits import MOST_DEPTH, is_too_deep
from simulation.scenario import errors
from simulation.scenario.errors import Findings
from simulation.scenario.text import TOML_LIMIT, read_text

Path_ = tuple[str | int, ...]

_KEY = re.compile(r"""\s*("(?:[^"\\\n]|\\.)*"|'[^'\n]*'|[A-Za-z0-9_-]+)\s*""")
_PART = r"""(?:[A-Za-z0-9_-]++|"(?:[^"\\\n]|\\[^\n])*+(?:"|(?=\n)|\Z)|'[^'\n]*+(?:'|(?=\n)|\Z))"""
_PARTS = re.compile(_PART)
_TOKENS = re.compile(
    r'''"""(?:[^"\\]|\\.|"(?!""))*+(?:"{3,5}|\Z)|'''
    r"""'''(?:[^']|'(?!''))*+(?:'{3,5}|\Z)|#[^\n]*+|"""
    rf"(?P<key>{_PART}(?:[ \t]*\.[ \t]*{_PART})*+)|[\[\]{{}}]",
    re.DOTALL,
)
_STRINGS = ('"""', "'''", '"', "'")


def key_lines(text: str) -> dict[Path_, int]:
    """Return line numbers (from 1) by path; what is within an inline table or a list has its key's line.

    The text is one that a TOML parser has accepted; of any other text it finds what it can.

    >>> key_lines("months = 3\\n[shares]\\nhelp = 1")
    {('months',): 1, ('shares',): 2, ('shares', 'help'): 3}
    """
    lines: dict[Path_, int] = {}
    table: Path_ = ()
    counts: dict[Path_, int] = {}
    for line, statement in _statements(text):
        if statement.startswith("["):
            repeated = statement.startswith("[[")
            table = _resolved(_keys(statement.lstrip("[")), counts, repeated=repeated)
            lines.setdefault(table, line)
            if repeated:
                lines.setdefault(table[:-1], line)
        else:
            path = table
            for key in _keys(statement):
                path = (*path, key)
                lines.setdefault(path, line)
    return lines


def deep_line(text: str) -> int | None:
    """Return the first line on which a dotted key or brackets go deeper than MOST_DEPTH; None where none does.

    Any text is read once through, whatever it holds.

    >>> deep_line("a.b = [1.5, [2]]"), deep_line("x = 1\\n" + "a." * 40 + "b = 1")
    (None, 2)
    """
    depth = 0
    for found in _TOKENS.finditer(text):
        mark = found[0]
        depth = max(0, depth + (mark in "[{") - (mark in "]}"))
        if depth > MOST_DEPTH or (
            mark.count(".") >= MOST_DEPTH and len(_PARTS.findall(found["key"] or "")) > MOST_DEPTH
        ):
            return text.count("\n", 0, found.start()) + 1
    return None


def line_of(path: Path_, lines: dict[Path_, int]) -> int | None:
    """Return the line of a path, or of the nearest path above it that has one."""
    for length in range(len(path), 0, -1):
        if path[:length] in lines:
            return lines[path[:length]]
    return None


def _resolved(keys: list[str], counts: dict[Path_, int], *, repeated: bool) -> Path_:
    """Return a table's path, with the position of the newest entry after each repeated table's name."""
    path: Path_ = ()
    for position, key in enumerate(keys):
        path = (*path, key)
        if repeated and position == len(keys) - 1:
            counts[path] = counts.get(path, -1) + 1
        if path in counts:
            path = (*path, counts[path])
    return path


def _keys(text: str) -> list[str]:
    """Return the parts of the dotted key that the text begins with."""
    keys: list[str] = []
    position = 0
    while match := _KEY.match(text, position):
        key = match.group(1)
        keys.append(key[1:-1] if key[0] in "\"'" else key)
        position = match.end()
        if text[position : position + 1] != ".":
            break
        position += 1
    return keys


def _statements(text: str) -> list[tuple[int, str]]:
    """Return each table header and each `key = value` with the line that it begins on."""
    statements = []
    position, line = 0, 1
    while position < len(text):
        end = _end(text, position)
        statement = text[position:end]
        stripped = statement.strip()
        if stripped and not stripped.startswith("#"):
            statements.append((line, stripped))
        line += statement.count("\n") + 1
        position = end + 1
    return statements


def _end(text: str, position: int) -> int:
    """Return the position of the line end that ends the statement: not one within a string or brackets."""
    depth = 0
    while position < len(text):
        character = text[position]
        if character == "\n" and depth <= 0:
            return position
        if character == "#":
            position = _found(text, "\n", position)
            continue
        if character in "\"'":
            position = _after_string(text, position)
            continue
        depth += (character in "[{") - (character in "]}")
        position += 1
    return position


def _after_string(text: str, position: int) -> int:
    quote = next(mark for mark in _STRINGS if text.startswith(mark, position))
    position += len(quote)
    while position < len(text) and not text.startswith(quote, position):
        position += 2 if quote[0] == '"' and text[position] == "\\" else 1
    position += len(quote)
    while len(quote) == 3 and text.startswith(quote[0], position):
        position += 1  # a quotation mark just before the closing three belongs to the string
    return position


def _found(text: str, what: str, position: int) -> int:
    found = text.find(what, position)
    return len(text) if found < 0 else found


_POSITION = re.compile(r"\(at line (\d+), column (\d+)\)|\(at end of document\)")


@dataclass(frozen=True)
class Document:
    """What a file says, with the line of each key; without a file, what a command line says."""

    data: dict[str, Any]
    file: str = ""
    lines: dict[errors.Path_, int] = field(default_factory=dict)

    def line(self, path: errors.Path_) -> int | None:
        """Return the line of a key, or of what holds it."""
        return line_of(path, self.lines)

    def add(self, findings: Findings, message: str, path: errors.Path_, **more: Any) -> None:
        """Add a problem with what stands at a path; `more` as `Findings.add` takes it."""
        findings.add(message, file=self.file, line=self.line(path), path=path, **more)


def toml_data(text: str, findings: Findings, *, file: str) -> dict[str, Any] | None:
    """Return what a TOML text says, or None with a problem added; too deep a nesting is found before it costs time."""
    line = deep_line(text)
    try:
        data = None if line else tomllib.loads(text)
    except RecursionError:
        data = None
    except ValueError as error:
        position = _POSITION.search(str(error))
        line = int(position.group(1)) if position and position.group(1) else None
        message = _POSITION.sub("", str(error)).strip()
        column = f"column {position.group(2)}" if position and position.group(2) else ""
        allowed = 'lines like key = "value"'
        findings.add(f"this is not TOML: {message}", file=file, line=line, key=column, allowed=allowed)
        return None
    if data is None or is_too_deep(data):
        findings.add("lists or tables are nested too deeply", file=file, line=line, allowed=f"up to {MOST_DEPTH} steps")
        return None
    return data


def read_toml(path: Path, findings: Findings) -> Document | None:
    """Return a TOML file's content, or None with a problem added."""
    text = read_text(path, findings, limit=TOML_LIMIT)
    if text is None:
        return None
    data = toml_data(text, findings, file=str(path))
    return None if data is None else Document(data, str(path), key_lines(text))
