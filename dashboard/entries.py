"""Read and write the values that an address can hold: a function a kind of value, clamped or refused in words."""

import math
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from simulation.scenario.nearest import nearest

T = TypeVar("T")
LONGEST_SHOWN = 40
MOST_ITEMS = 50


class UnusableError(ValueError):
    """A text that is no value of its kind: what is allowed, and what it was set to instead (default: the default)."""

    def __init__(self, allowed: str, instead: Any = None) -> None:
        super().__init__(allowed)
        self.allowed, self.instead = allowed, instead


@dataclass(frozen=True)
class Kind(Generic[T]):
    """How one kind of value is read from a text and written to one; `read` raises UnusableError."""

    read: Callable[[str], T]
    write: Callable[[T], str] = str


def entry(default: T, kind: Kind[T]) -> T:
    """Declare a field of `Settings`: its default, and how it is read and written."""
    return field(default=default, metadata={"kind": kind})  # type: ignore[return-value]


def whole(low: int, high: int) -> Kind[int]:
    """Return the kind of whole numbers; one out of range is set to the nearest allowed."""

    def read(text: str) -> int:
        allowed = f"a whole number from {low:,} to {high:,}"
        try:
            value = int(text) if len(text) <= LONGEST_SHOWN else None
        except ValueError:
            value = None
        if value is None:
            raise UnusableError(allowed)
        if not low <= value <= high:
            raise UnusableError(allowed, min(max(value, low), high))
        return value

    return Kind(read)


def number(low: float, high: float) -> Kind[float]:
    """Return the kind of numbers; one out of range is set to the nearest allowed."""

    def read(text: str) -> float:
        allowed = f"a number from {low:g} to {high:g}"
        try:
            value = float(text) if len(text) <= LONGEST_SHOWN else math.nan
        except ValueError:
            value = math.nan
        if math.isnan(value):
            raise UnusableError(allowed)
        if not low <= value <= high:
            raise UnusableError(allowed, float(min(max(value, low), high)))
        return value

    return Kind(read, short)


def short(value: float) -> str:
    """Write a number as briefly as reads back to the same bits."""
    text = f"{value:g}"
    return text if float(text) == value else repr(float(value))


def one_of(allowed: Callable[[], Collection[str]], what: str) -> Kind[str]:
    """Return the kind of one name out of several; `what` names them for people: "a route"."""

    def read(text: str) -> str:
        names = allowed()
        if text in names:
            return text
        raise UnusableError(_among(text, names, what))

    return Kind(read)


def some_of(allowed: Callable[[], Collection[str]], what: str, *, most: int) -> Kind[tuple[str, ...]]:
    """Return the kind of several different names with commas between them, in the order given."""

    def read(text: str) -> tuple[str, ...]:
        names, given = allowed(), tuple(dict.fromkeys(text[:4000].split(",")[:MOST_ITEMS]))
        known = tuple(name for name in given if name in names)
        if len(known) < len(given):
            raise UnusableError(_among(next(name for name in given if name not in names), names, what), known[:most])
        if len(known) > most:
            msg = f"at most {most} of them"
            raise UnusableError(msg, known[:most])
        return known

    return Kind(read, ",".join)


def words(allowed: Callable[[str], bool], what: str) -> Kind[str]:
    """Return the kind of free texts that pass a check; `what` says which: "the name of a place"."""

    def read(text: str) -> str:
        if not allowed(text):
            raise UnusableError(what)
        return text

    return Kind(read)


def _among(text: str, names: Collection[str], what: str) -> str:
    like = nearest(text, names)
    return f"{what}, perhaps {like}" if like else what


def quoted(text: str) -> str:
    """Show a text from outside, cut where it is long."""
    return f"“{text}”" if len(text) <= LONGEST_SHOWN else f"“{text[:LONGEST_SHOWN]}…”"
