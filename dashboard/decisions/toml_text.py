"""Write plain data as TOML: values first, then a table a line group; what is nested deeper stands inline."""

import json
import re
from collections.abc import Mapping, Sequence
from textwrap import wrap
from typing import Any

WIDTH = 116
_BARE = re.compile(r"[A-Za-z0-9_-]+")


def toml_text(data: Mapping[str, Any], *, comments: Sequence[str] = ()) -> str:
    """Return data as the text of a TOML file, with comments above; keys whose value is None are left out.

    >>> print(toml_text({"title": "A", "phases": [{"months": 6, "shares": {"help": 0.5}}]}))
    title = "A"
    <BLANKLINE>
    [[phases]]
    months = 6
    shares = { help = 0.5 }
    <BLANKLINE>
    """
    data = {name: value for name, value in data.items() if value is not None}
    plain = [f"{_key(name)} = {_value(value)}" for name, value in data.items() if not _is_table(value)]
    groups = [[line for text in comments for line in _comment(text)], plain]
    for name, value in data.items():
        if isinstance(value, Mapping):
            groups.append([f"[{_key(name)}]", *_lines(value)])
        elif _is_table(value):
            groups += [[f"[[{_key(name)}]]", *_lines(row)] for row in value]
    head, *tables = ["\n".join(group) for group in groups if group]
    if comments and plain:
        head = f"{head}\n{tables.pop(0)}"
    return "\n\n".join([head, *tables]) + "\n"


def _is_table(value: Any) -> bool:
    """Tell whether a value is a table, or a list of nothing but tables."""
    rows = isinstance(value, list | tuple) and len(value) > 0 and all(isinstance(row, Mapping) for row in value)
    return isinstance(value, Mapping) or rows


def _lines(table: Mapping[str, Any]) -> list[str]:
    return [f"{_key(name)} = {_value(value)}" for name, value in table.items() if value is not None]


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, Mapping):
        return f"{{ {', '.join(_lines(value))} }}" if value else "{}"
    return f"[{', '.join(map(_value, value))}]"


def _text(text: str) -> str:
    """Return a TOML string: JSON's escapes are TOML's too, which also escapes the sign for deletion."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _key(name: str) -> str:
    return name if _BARE.fullmatch(name) else _text(name)


def _comment(text: str) -> list[str]:
    shown = " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
    return [f"# {line}" for line in wrap(shown, WIDTH, break_on_hyphens=False)] or ["#"]
