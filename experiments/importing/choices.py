"""Hold what a person may settle about an import, where the guess is not right."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

ELEMENT_COLUMNS = ("label", "id", "type", "role", "size")
CONNECTION_COLUMNS = ("from", "to", "tie", "weight", "network")
COLUMNS = (*ELEMENT_COLUMNS, *CONNECTION_COLUMNS)
"""What a column can be read as."""

Weights = Literal["", "0-1", "0-10", "1-10", "percent", "largest"]
WEIGHTS: tuple[Weights, ...] = ("0-1", "0-10", "1-10", "percent", "largest")
ENCODINGS = ("utf-8", "windows-1252", "latin-1", "iso-8859-15", "windows-1250", "mac-roman", "utf-16")
LEFT_OUT = "none"
"""Stands for a kind where a type is to be left out."""


@dataclass(frozen=True)
class Choices:
    """What was chosen. Every field left as it is means: guess, and say what was guessed.

    `columns` says by what it is read as which column (its name, or its number from 1); `kinds` gives a kind of
    organisation, or "none", by type or by name; `only` and `without_types` choose elements by type;
    `networks` are the maps, sheets or networks to take; `weights` says what the numbers on ties mean.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    kinds: Mapping[str, str] = field(default_factory=dict)
    only: tuple[str, ...] = ()
    without_types: tuple[str, ...] = ()
    networks: tuple[str, ...] = ()
    drop_dangling: bool = False
    add_dangling: bool = False
    merge_same_name: bool = False
    weights: Weights = ""
    encoding: str = ""
    header: bool = True
    form: Literal["", "matrix", "edges"] = ""
