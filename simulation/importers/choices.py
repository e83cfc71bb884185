"""What a person may settle about an import, where the guess is not right, and the option that says so."""

import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from simulation.importers.tables import Sheet, Table, folded

ELEMENT_COLUMNS = ("label", "id", "type", "role", "size")
CONNECTION_COLUMNS = ("from", "to", "tie", "weight", "network")
COLUMNS = (*ELEMENT_COLUMNS, *CONNECTION_COLUMNS)
"""What a column can be read as."""

Weights = Literal["", "0-1", "0-10", "1-10", "percent", "largest"]
WEIGHTS: tuple[Weights, ...] = ("0-1", "0-10", "1-10", "percent", "largest")
Form = Literal["", "matrix", "edges", "elements", "adjacency", "memberships", "none"]
FORMS: tuple[Form, ...] = ("matrix", "edges", "elements", "adjacency", "memberships", "none")
"""What a table can be read as. Rows of an organisation and all it works with are an adjacency list; rows of one and
what it is a member of are memberships, which make a tie where they are shared; "none" leaves a table out."""
SPLITS = ("comma", "semicolon", "bar", "slash", "none")
"""What stands between several names in one cell."""
POSITIONS = ("position from 0", "position from 1")
"""Stand for a column of ids where ties count the elements instead."""
ENCODINGS = (
    "utf-8", "windows-1252", "mac-roman", "windows-1251", "shift-jis", "windows-1250", "windows-1253", "windows-1254",
    "windows-1255", "windows-1256", "windows-1257", "koi8-r", "mac-cyrillic", "gb18030", "big5", "euc-jp", "euc-kr",
    "cp850", "cp437", "cp866", "iso-8859-2", "iso-8859-15", "latin-1", "utf-16", "utf-16-le", "utf-16-be",
)  # fmt: skip
"""How text may be stored, the likelier first."""
LEFT_OUT = "none"
"""Stands for a kind where a type is to be left out."""


@dataclass(frozen=True)
class Choices:
    """What was chosen. Every field left as it is means: guess, and say what was guessed.

    `columns` says by what it is read as which column (its name, or its number from 1); `kinds` gives a kind of
    organisation, or "none", by type or by name; `only` and `without_types` choose elements by type;
    `sheets` are the sheets, files or lists to read at all, `networks` the maps, sheets or networks whose ties are
    taken; `weights` says what the numbers on ties mean. `form` is of all tables that could be of it, `forms` of one
    table by its name. A key of `columns` may begin with a table's name and a colon: then it is of that table alone.
    `at` is the date of which a map that changes over time is read.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    kinds: Mapping[str, str] = field(default_factory=dict)
    only: tuple[str, ...] = ()
    without_types: tuple[str, ...] = ()
    sheets: tuple[str, ...] = ()
    networks: tuple[str, ...] = ()
    drop_dangling: bool = False
    add_dangling: bool = False
    merge_same_name: bool = False
    weights: Weights = ""
    encoding: str = ""
    at: str = ""
    header: bool = True
    form: Form = ""
    forms: Mapping[str, Form] = field(default_factory=dict)
    split: str = ""

    def columns_of(self, table: Sheet | Table) -> dict[str, str]:
        """Return the columns that were chosen for a table by what they are read as."""
        general = {role: name for role, name in self.columns.items() if ":" not in role}
        own = {
            role.strip(): name
            for table_name, colon, role, name in ((*key.rpartition(":"), name) for key, name in self.columns.items())
            if colon and goes_by(table, table_name)
        }
        return general | own

    def form_of(self, table: Sheet | Table) -> Form:
        """Return the form that was chosen for a table by its name; "" where none was."""
        return next((form for name, form in self.forms.items() if goes_by(table, name)), "")


def goes_by(table: Sheet | Table, name: str) -> bool:
    """Tell whether a table goes by a name: its sheet's or list's, its file's, or both."""
    own = table.name if isinstance(table, Sheet) else table.network
    names = {own, table.file}
    for kind in (", sheet ", ", list "):
        file, found, part = table.file.rpartition(kind)
        names |= {file, part} if found else set()
    return folded(name) in {folded(one) for one in names} - {""}


def option(name: str, value: str) -> str:
    """Return an option with its value as it is typed in a shell.

    >>> print(option("--columns", "from=Org A,to=Org B"))
    --columns "from=Org A,to=Org B"
    >>> print(option("--kind", 'The "Hub"=none'))
    --kind 'The "Hub"=none'
    """
    return f"{name} {shlex.quote(value)}" if set(value) & set('"$`\\!') else f'{name} "{value}"'
