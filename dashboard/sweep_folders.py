"""Keep the list of sweeps and maps that these pages may open: given when the server starts, and nothing else.

An address names them by a short name of this list, never by a path. `fill` is called once, before the pages are served.
"""

import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

Kind = Literal["sweep", "map"]
EXAMPLE, EXAMPLE_MAP = "example", "example-map"
LONGEST = 40
MOST = 100
MARKS: dict[str, Kind] = {"sweep.json": "sweep", "map.json": "map"}


class ShelfError(ValueError):
    """A folder can't be offered; the text says why."""


@dataclass(frozen=True)
class Entry:
    """A sweep or a map: the name that an address has for it, and its folder."""

    name: str
    kind: Kind
    folder: Path
    title: str


_given: tuple[Entry, ...] = ()


def fill(folders: Iterable[Path | str]) -> tuple[Entry, ...]:
    """Offer the sweeps and maps in these folders, each checked, and no others. Raises ShelfError."""
    global _given
    entries: list[Entry] = []
    for folder in dict.fromkeys(os.path.realpath(folder) for folder in folders):
        entries.append(checked(Path(folder), taken={EXAMPLE, EXAMPLE_MAP, *(entry.name for entry in entries)}))
    if len(entries) > MOST:
        msg = f"{len(entries)} sweeps were given; at most {MOST} can be offered at once"
        raise ShelfError(msg)
    _given = tuple(entries)
    return _given


def given() -> tuple[Entry, ...]:
    """Return what was given when the server started."""
    return _given


def names() -> tuple[str, ...]:
    """Return every name that an address may hold."""
    return (*(entry.name for entry in _given), EXAMPLE, EXAMPLE_MAP)


def checked(folder: Path, *, taken: Iterable[str] = ()) -> Entry:
    """Return the sweep or map that a folder holds, under a name that is not taken. Raises ShelfError."""
    if not os.path.isdir(folder):
        what = "is a file, and a sweep is a folder" if os.path.exists(folder) else "is not there"
        msg = f"{folder} {what}"
        raise ShelfError(msg)
    if not os.access(folder, os.R_OK | os.X_OK):
        msg = f"{folder} may not be read by this user"
        raise ShelfError(msg)
    kind = next((kind for mark, kind in MARKS.items() if (folder / mark).is_file()), None)
    if kind is None:
        msg = f"{folder} holds no sweep and no map: `behaviours sweep` and `behaviours map` make them"
        raise ShelfError(msg)
    return Entry(_name(folder.name, set(taken)), kind, folder, _title(folder, kind))


def _title(folder: Path, kind: Kind) -> str:
    """Open a folder once, so that whatever is wrong with it is said before pages are served, and return its title."""
    from experiments.results import load
    from experiments.route_map import read_plan
    from experiments.store import SweepError

    try:
        return plan_title(read_plan(folder)) if kind == "map" else load(folder).work.title or folder.name
    except SweepError as error:
        raise ShelfError(str(error)) from None
    except (ValueError, LookupError, TypeError):
        msg = f"{folder} was written by another version of this program, or its files have been changed"
        raise ShelfError(msg) from None


def plan_title(plan: Any) -> str:
    """Return what a map is of: "Prototype-led against manifesto-led"."""
    first, second = (arm.what.route.title or arm.route for arm in plan.arms)
    return f"{first} against {second[:1].lower()}{second[1:]}"


def _name(text: str, taken: set[str]) -> str:
    """Return a short name in plain letters that is not taken.

    >>> _name("Première passe (2)", set()), _name("out", {"out"}), _name("...", set())
    ('premi-re-passe-2', 'out-2', 'sweep')
    """
    short = re.sub(r"[^a-z0-9]+", "-", text.lower())[:LONGEST].strip("-") or "sweep"
    numbered = (short if number == 1 else f"{short}-{number}" for number in range(1, len(taken) + 2))
    return next(name for name in numbered if name not in taken)
