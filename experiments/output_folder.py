"""A folder that holds the old complete set or the new."""

import ctypes
import errno
import fcntl
import json
import os
import shutil
import stat
import sys
from collections.abc import Callable, Collection
from contextlib import suppress
from pathlib import Path
from typing import Any, Self

from experiments.errors import ClearError, MachineError
from experiments.manifest import MANIFEST, read_manifest, write_manifest

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


# Exchange two folders so that at every moment the name holds either the one or the other, whole.


_AT_FDCWD = -100
_RENAME_EXCHANGE = 2
_UNSUPPORTED = (errno.ENOSYS, errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP)


def exchange(new: Path, old: Path) -> bool:
    """Exchange two folders in one step of the file system; False where the system can't do that.

    Raises OSError for any other failure.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    names = os.fsencode(new), os.fsencode(old)
    if sys.platform == "darwin" and hasattr(libc, "renamex_np"):
        result = libc.renamex_np(*names, _RENAME_EXCHANGE)
    elif hasattr(libc, "renameat2"):
        result = libc.renameat2(_AT_FDCWD, names[0], _AT_FDCWD, names[1], _RENAME_EXCHANGE)
    else:
        return False
    if result == 0:
        return True
    code = ctypes.get_errno()
    if code in _UNSUPPORTED:
        return False
    raise OSError(code, os.strerror(code), str(old))


def put_in_place(new: Path, old: Path, aside: Path) -> None:
    """Let `new` take the place of `old`, which ends up at `new` or `aside`, or never was.

    Where the system can't exchange folders, `old` is gone for a moment; a kill just then is mended by `recover`.
    """
    if not old.exists():
        os.rename(new, old)
    elif not exchange(new, old):
        os.rename(old, aside)
        os.rename(new, old)


def recover(old: Path, aside: Path) -> None:
    """Put the old folder back where a kill came between the two renames of `put_in_place`."""
    if aside.is_dir() and not old.exists():
        os.rename(aside, old)


# Hold the files of a sweep's folder safely: names, whole writes, and the journal with a line a part.


def write_whole(path: Path, write: Callable[[Path], object]) -> None:
    """Write a file beside its place, bring it safely to disk, and put it in place. Raises OSError."""
    unfinished = path.with_suffix(".tmp")
    try:
        write(unfinished)
        with unfinished.open("rb") as file:
            os.fsync(file.fileno())
        os.replace(unfinished, path)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise


def write_bytes(path: Path, content: bytes) -> None:
    """Write a file whole or not at all. Raises OSError."""
    write_whole(path, lambda unfinished: unfinished.write_bytes(content))


# Prepare an output folder: work beside it, so that it holds either the old complete set of results or the new one.
#
# For `--out results/demo` the work is kept in `results/demo.unfinished`: finished runs in `parts`, what they are for
# in
# `work.json`, the set that is being written in `new`. The folder is removed when the new set is in place.


WORK = "work.json"
Compare = Callable[[dict[str, Any], dict[str, Any]], list[str]]
"""Says in what the work of a manifest, or of unfinished work, differs from what is to be done."""


class Workplace:
    """Where an output folder's next set of results is made; a context that one process at a time can enter."""

    def __init__(self, out: Path) -> None:
        """Check the output folder. Raises OutputError where it can't be one; nothing is written yet."""
        self.said, self.out = out, real(out)
        self._begun: tuple[dict[str, Any], Compare] | None = None
        self._refuse_others()
        self.folder = beside(self.out)
        self.parts, self.new, self.aside, self.done = (self.folder / name for name in ("parts", "new", "old", "done"))
        self._lock = locked(self.folder, of=self.out)

    def __enter__(self) -> Self:
        """Take the workplace; raise OutputError where another process has it, or the folder can't be written."""
        refuse_held(self.out)
        try:
            self._lock.__enter__()
            recover(self.out, self.aside)
            for folder in (self.new, self.done):
                shutil.rmtree(folder, ignore_errors=True)
        except OSError as error:
            raise self.unwritable(error) from None
        return self

    def __exit__(self, *_: object) -> None:
        """Let the workplace go; one in which nothing was kept is removed."""
        if not self._is_begun():
            shutil.rmtree(self.folder, ignore_errors=True)
        self._lock.__exit__()

    def _is_begun(self) -> bool:
        """Tell whether any work is kept."""
        return any(self.parts.glob("*.npz")) or any(self.parts.glob("*/runs/*.parquet"))

    def check(self, work: dict[str, Any], compare: Compare | None = None) -> None:
        """Compare the folder, and the unfinished work beside it, with what is to be done.

        `compare` says in what two pieces of work differ. Raises OutputError where they do, saying in what.
        """
        self._begun = work, compare or differences
        self._refuse_others()
        before = read_said(self.folder / WORK)
        if self._is_begun() and (said := self._differs(before or {})):
            raise other_work(self.said, f"unfinished work ({self.folder})", said)

    def begin(self, work: dict[str, Any], compare: Compare | None = None) -> None:
        """Note what is being worked on, for who goes on with it. Raises OutputError as `check` does."""
        self.check(work, compare)
        try:
            write_bytes(self.folder / WORK, json.dumps(work, ensure_ascii=False).encode())
        except OSError as error:
            raise self.unwritable(error) from None

    def _refuse_others(self) -> None:
        """Raise OutputError where something else is in the way of the results."""
        kind = "results" if self._begun is None else str(self._begun[0]["kind"])
        usable(self.said, kind, self._held)

    def _held(self, folder: Path) -> list[str] | None:
        """Say in what the set that a folder holds differs from the work; None where it holds none."""
        manifest = read_manifest(folder)
        if manifest is None or manifest.get("kind") in GROWN:
            return None
        return [] if self._begun is None else self._differs(manifest)

    def _differs(self, before: dict[str, Any]) -> list[str]:
        if self._begun is None:
            return []
        work, compare = self._begun
        if before.get("kind") != work.get("kind"):
            return [f"it is {one(before)}, and this is {one(work)}"]
        return compare(before, work)

    def unwritable(self, error: OSError | UnwritableError) -> UnwritableError:
        """Return the error of a folder that can't be written, or of runs in it: the old results are as they were."""
        if isinstance(error, UnwritableError):
            if not isinstance(error.__cause__, OSError):
                return error
            error = error.__cause__
        kept = f"the results that {self.out} held are as they were" if read_manifest(self.out) else ""
        return unwritable(self.out, error, kept)

    def publish(self, write: Callable[[Path], None], manifest: dict[str, Any], *, adds: bool = False) -> None:
        """Write a complete set, its manifest last, and put it in place of the old one, or beside it where it `adds`.

        Raises OutputError where it can't be written; the old set is then as it was, and finished runs are kept.
        """
        self._refuse_others()
        try:
            self.new.mkdir()
            write(self.new)
            foreign = own_files(self.out)
            if taken := [name for name in foreign if os.path.lexists(self.new / name)]:
                raise in_the_way(self.said, "results", taken)
            _bring_along(self.out, self.new, foreign)
            if adds and (before := read_manifest(self.out)):
                missing = [name for name in before["files"] if not (self.new / name).exists()]
                _bring_along(self.out, self.new, [name for name in missing if (self.out / name).exists()])
            write_manifest(self.new, manifest, foreign=foreign)
            put_in_place(self.new, self.out, self.aside)
        except OutputError:
            shutil.rmtree(self.new, ignore_errors=True)
            raise
        except OSError as error:
            shutil.rmtree(self.new, ignore_errors=True)
            raise self.unwritable(error) from None
        if self.parts.exists():
            os.rename(self.parts, self.done)  # in one step: a kill leaves no parts without what they are for
        shutil.rmtree(self.folder, ignore_errors=True)


def differences(before: dict[str, Any], now: dict[str, Any]) -> list[str]:
    """Say in what two pieces of work differ: what they compare, for how long, on which seeds, with which model.

    >>> differences({"replicates": 200}, {"replicates": 20})
    ['replicates 200 there, 20 here']
    """
    said = []
    for kind in ("scenarios", "routes"):
        old, new = before.get(kind) or {}, now.get(kind) or {}
        said += [f"{name} is not among its {kind}" for name in new if name not in old]
        said += [f"{name} was among its {kind}" for name in old if name not in new]
        shared = [name for name in new if name in old]
        moved = [name for name in shared if old[name].get("hash") != new[name].get("hash")]
        said += [_changed(name, old[name], new[name]) for name in moved]
    grows = before.get("rule") or now.get("rule")  # what it comes to is then not known before
    for key in ("rule", "kind") if grows else ("replicates", "seeds", "kind"):
        if before.get(key) != now.get(key):
            said.append(f"{key} {_plain(before.get(key))} there, {_plain(now.get(key))} here")
    if before.get("model") != now.get("model"):
        said.append("another version of the model or its libraries")
    return said


def _changed(name: str, old: dict[str, Any], new: dict[str, Any]) -> str:
    if old.get("months") != new.get("months"):
        return f"{name} has {old.get('months')} months there, {new.get('months')} here"
    return f"{name} has changed"


def _plain(value: Any) -> str:
    if not isinstance(value, dict):
        return "none" if value is None else str(value)
    if "precision" in value:
        return (
            f"±{10 * value['precision']:g} at {value['looks'][-1]} replicates at most, from seed {value['first_seed']}"
        )
    return f"{value['first']} to {value['last']}"


def own_files(out: Path) -> list[str]:
    """Return the files and links of a person's own that lie in an output folder beside its set of results."""
    manifest = read_manifest(out)
    if manifest is None:
        return []
    ours, found = {MANIFEST, *manifest["files"]}, []
    for folder, folders, files in os.walk(out):
        links = [name for name in folders if (Path(folder) / name).is_symlink()]
        empty = ["."] if not folders and not files and folder != str(out) else []
        found += [(Path(folder) / name).relative_to(out).as_posix() for name in (*files, *links, *empty)]
    return [name for name in found if name not in ours]


def _bring_along(out: Path, new: Path, names: list[str]) -> None:
    """Copy a person's own files into the new set's folder."""
    for name in names:
        source, target = out / name, new / name
        if source.is_dir() and not source.is_symlink():
            target.mkdir(parents=True, exist_ok=True)
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(source, target, follow_symlinks=False)
