"""One rule for every folder that results are written into, and a lock for who writes.

A folder is new, or empty, or it holds the same work, which then goes on or is written again. Anything else is in the
way: it is named, and nothing is touched. The lock is the system's (flock): it ends with the process, however that ends.
"""

import errno
import fcntl
import json
import os
import stat
from collections.abc import Callable, Collection
from contextlib import suppress
from pathlib import Path
from typing import Any, Self

from experiments.errors import ClearError, MachineError
from experiments.manifest import MANIFEST, read_manifest

LOCK, ENDING = "lock", ".unfinished"
MARKERS = {"sweep.json": "a sweep", "map.json": "a map", "place.toml": "a place"}
"""Files that say by their names what a folder holds, where no manifest does."""
KINDS = {
    "run": "a run", "comparison": "a comparison", "analysis": "an analysis", "claims": "claims", "fit": "a fit",
    "map": "a map", "sweep": "a sweep", "export": "an export", "results": "results", "place": "a place",
}  # fmt: skip
"""What is written, with the words for one of it."""
GROWN = ("sweep", "map", "claims")
"""What grows in its folder, where other kinds are written as a whole."""
GONE = "the folder you are in is not there any more: change to another one, or name a whole path"
ANOTHER = "name an empty or a new folder"
_SAID, _NAMED = 8, 3
"""Differences and files that an error names before it only counts them."""
_LONGEST_LOCK, _LONGEST_SAID = 32, 200
_NO_NAME = (errno.ENAMETOOLONG, errno.ELOOP, errno.EINVAL)


class OutputError(ClearError):
    """A folder of results can't be used; the text says why and what is kept."""


class TakenError(OutputError):
    """Something else is in an output folder's way: another name helps."""


class UnwritableError(OutputError, MachineError):
    """The system does not let a folder be written; the text says why and what is kept."""


Differs = Callable[[Path], list[str] | None]
"""Says in what the work that a folder holds differs from what is to be written: nothing, or None where it has none."""


def usable(out: Path | str, kind: str, differs: Differs, *, leftovers: Collection[str] = ()) -> Path:
    """Return an output folder's own path where it is new, empty or holds the same work; else raise OutputError.

    `leftovers` are names that a kill may leave before work of this kind has said what it is.
    """
    said, folder = str(out), real(out)
    _refuse_around(folder, said)
    try:
        there = _nearest(folder, said)
        differences, held = ([], []) if there != folder else (differs(folder), sorted(os.listdir(folder)))
    except OSError as error:
        if error.errno in _NO_NAME:
            raise _no_name(said, error) from None
        raise unwritable(folder, error) from None
    if differences is None:
        ours = {LOCK, *leftovers} if _is_lock(folder / LOCK) else set()
        if others := [name for name in held if name not in ours]:
            raise in_the_way(said, kind, others, what_is_in(folder))
    elif differences:
        what = "other" if kind in ("claims", "results") else "another"
        raise other_work(said, f"{what} {_noun(kind)}", differences)
    if not os.access(there, os.W_OK | os.X_OK):
        raise unwritable(folder, PermissionError(errno.EACCES, os.strerror(errno.EACCES)))
    return folder


def other_work(said: Path | str, what: str, differences: Collection[str]) -> TakenError:
    """Return the error of a folder that holds other work, naming it and in what it differs."""
    listed = list(differences)
    more = f", and {len(listed) - _SAID} more" if len(listed) > _SAID else ""
    why = "; ".join(listed[:_SAID]) + more
    return TakenError(
        f"--out: {said} holds {what}, and nothing is written over: {why}. Name another folder, or remove it"
    )


def in_the_way(said: Path | str, kind: str, others: list[str], found: str = "") -> TakenError:
    """Return the error of a folder in which other things are in the way, naming them, or what they are together."""
    if found:
        return TakenError(f"--out: {said} holds {found}, and nothing is written over it; {ANOTHER}")
    more = f" and {len(others) - _NAMED} more" if len(others) > _NAMED else ""
    listed = f"{', '.join(others[:_NAMED])}{more}"
    return TakenError(f"--out: {said} holds other files ({listed}), and no {_noun(kind)}; {ANOTHER}")


def one(what: dict[str, Any]) -> str:
    """Return the words for what a manifest or a piece of work is of."""
    kind = what.get("kind")
    return KINDS.get(str(kind), f"of another kind ({kind})" if kind else "of a kind that can't be read")


def short(path: Path | str) -> str:
    """Return a path as it is said: its beginning where it is overlong."""
    said = str(path)
    return said if len(said) <= _LONGEST_SAID else f"{said[:_LONGEST_SAID]}…"


def what_is_in(folder: Path) -> str:
    """Say what kind of thing a folder holds, or nothing where that can't be told."""
    manifest = read_manifest(folder)
    if manifest is not None:
        return one(manifest)
    if (folder / MANIFEST).is_file():
        return f"results whose {MANIFEST} can't be read"
    return next((words for name, words in MARKERS.items() if (folder / name).is_file()), "")


def real(out: Path | str) -> Path:
    """Return a folder's own path. Raises OutputError where the text is none, or starts from a folder that is gone."""
    try:
        return Path(os.path.realpath(out))
    except FileNotFoundError:
        raise OutputError(GONE) from None
    except (OSError, ValueError) as error:
        raise _no_name(str(out), error) from None


def beside(folder: Path) -> Path:
    """Return the folder in which an output folder's next set of results is made."""
    return folder.with_name(folder.name + ENDING)


def free(folder: Path, is_usable: Callable[[Path], object]) -> Path:
    """Return a default folder, numbered where what it holds is in the way."""
    first, number = folder, 1
    while True:
        try:
            is_usable(folder)
        except TakenError:
            number += 1
            folder = first.with_name(f"{first.name}-{number}")
        else:
            return folder


def unwritable(folder: Path | str, error: OSError, kept: str = "") -> UnwritableError:
    """Return the error of a folder that can't be written; `kept` says what is as it was, or is kept."""
    file = str(error.filename2 or error.filename or folder)
    inside = os.path.relpath(file, folder) if file.startswith(f"{folder}{os.sep}") else file
    which = f" ({inside})" if file != str(folder) else ""
    return UnwritableError(
        f"{folder} can't be written: {error.strerror or error}{which}" + (f"; {kept}" if kept else "")
    )


class locked:
    """Hold a folder under a name; raise OutputError where another process does.

    `left_by` is the name of the one before, if it ended without letting go: it was killed, or one of its runs ended it.
    """

    def __init__(self, folder: Path, name: str = "one", *, of: Path | None = None) -> None:
        """Name the folder, who holds it, and the folder that is told of where another does."""
        self.folder, self.name, self.left_by, self.of = folder, name, "", of or folder

    def __enter__(self) -> Self:
        """Take the lock. Raises OSError where there can be none."""
        refuse_held(beside(self.folder), of=self.of)
        while not self._take():
            pass
        self._file.seek(0)
        self.left_by = self._file.read(100).strip()
        self._say(self.name)
        return self

    def __exit__(self, *_: object) -> None:
        """Let it go."""
        self._say("")
        self._file.close()

    def _take(self) -> bool:
        """Take the lock; False where the file was removed just then by the one who held it."""
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.folder / LOCK
        try:
            self._file = path.open("a+", encoding="utf-8", errors="replace")
        except FileNotFoundError:
            return False
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if path.stat().st_ino == os.fstat(self._file.fileno()).st_ino:
                return True
        except BlockingIOError:
            self._file.close()
            raise _busy(self.of) from None
        except FileNotFoundError:
            pass
        self._file.close()
        return False

    def _say(self, name: str) -> None:
        with suppress(OSError):  # on a full disk the lock still holds, without a name
            self._file.truncate(0)
            self._file.write(name)
            self._file.flush()


def is_held(folder: Path) -> bool:
    """Tell whether a process is writing a folder."""
    try:
        with (folder / LOCK).open("r") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False


def refuse_held(folder: Path, *, of: Path | None = None) -> None:
    """Raise OutputError where a process is writing a folder, or the folder that is told of."""
    if is_held(folder):
        raise _busy(of or folder)


def read_said(path: Path) -> dict[str, Any] | None:
    """Return what a file of JSON says, or None where it is missing or no such file."""
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    return said if isinstance(said, dict) else None


def _refuse_around(folder: Path, said: str) -> None:
    """Refuse the folder that this process is in, and all around it: they are not for results alone."""
    try:
        here = Path.cwd()
    except OSError:  # it is gone, and in nobody's way
        here = Path("/")
    if folder == here or folder in here.parents:
        msg = f"--out: {said} is the folder you are in or one around it; name a folder of its own, such as results/mine"
        raise OutputError(msg)


def _nearest(folder: Path, said: str) -> Path:
    """Return the folder, or the nearest around it that there is. Raises OutputError where a file is in the way."""
    for path in (folder, *folder.parents):
        if stat.S_ISDIR(mode := _mode(path)):
            return path
        if mode and path == folder:
            msg = f"--out: {said} is a file, and results are a folder"
            raise TakenError(msg)
        if mode:
            raise unwritable(folder, NotADirectoryError(errno.ENOTDIR, f"{path} is a file"))
    return folder


def _mode(path: Path) -> int:
    """Return what a path is, 0 where nothing is there. Raises OSError."""
    try:
        return path.stat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        return 0


def _is_lock(path: Path) -> bool:
    """Tell whether a file is a lock of ours, which holds one short word, and not a person's own of that name."""
    try:
        return path.is_file() and path.stat().st_size <= _LONGEST_LOCK
    except OSError:
        return False


def _busy(folder: Path) -> OutputError:
    return OutputError(f"another process is writing {folder}")


def _noun(kind: str) -> str:
    return KINDS[kind].split()[-1]


def _no_name(said: str, error: OSError | ValueError) -> OutputError:
    why = error.strerror if isinstance(error, OSError) else str(error)
    return OutputError(f"--out: {short(said)!r} can't be a folder: {why}")
