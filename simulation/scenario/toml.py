"""Read a TOML file, knowing the line of each key."""

import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from simulation.limits import MOST_DEPTH, is_too_deep
from simulation.scenario.problems import Findings, Path_
from simulation.scenario.text import TOML_LIMIT, read_text
from simulation.scenario.toml_lines import deep_line, key_lines, line_of

_POSITION = re.compile(r"\(at line (\d+), column (\d+)\)|\(at end of document\)")


@dataclass(frozen=True)
class Document:
    """What a file says, with the line of each key; without a file, what a command line says."""

    data: dict[str, Any]
    file: str = ""
    lines: dict[Path_, int] = field(default_factory=dict)

    def line(self, path: Path_) -> int | None:
        """Return the line of a key, or of what holds it."""
        return line_of(path, self.lines)


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
