"""Hold the files of a sweep's folder safely: names, lock, whole writes, and the journal with a line a part."""

import fcntl
import hashlib
import json
import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple, Self

SWEEP, DESIGN, JOURNAL, LOCK = "sweep.json", "design.parquet", "parts.jsonl", "lock"
RUNS, MONTHS = "runs", "months"


class SweepError(Exception):
    """A sweep's folder can't be used or written, or its results don't hold; the text says why and what is kept."""


class Entry(NamedTuple):
    """What the journal says of a part."""

    number: int
    runs: int
    failed: int
    seconds: float
    at: float
    sha256: str
    months_sha256: str | None
    origin: tuple[str, str]


class locked:
    """Hold a sweep's folder under a name; raise SweepError where another process does.

    `left_by` is the name of the one before, if it ended without letting go: it was killed, or one of its runs ended it.
    """

    def __init__(self, folder: Path, name: str = "one") -> None:
        """Name the folder, and who holds it."""
        self.folder, self.name, self.left_by = folder, name, ""

    def __enter__(self) -> Self:
        """Take the lock."""
        self._file = (self.folder / LOCK).open("a+")
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._file.close()
            msg = f"another process is writing {self.folder}"
            raise SweepError(msg) from None
        self._file.seek(0)
        self.left_by = self._file.read(100).strip()
        self._say(self.name)
        return self

    def __exit__(self, *_: object) -> None:
        """Let it go."""
        self._say("")
        self._file.close()

    def _say(self, name: str) -> None:
        with suppress(OSError):  # on a full disk the lock still holds, without a name
            self._file.truncate(0)
            self._file.write(name)
            self._file.flush()


def is_held(folder: Path) -> bool:
    """Tell whether a process is writing a sweep's folder."""
    try:
        with (folder / LOCK).open("r") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False


def read_sweep(folder: Path) -> dict[str, Any] | None:
    """Return what a folder's `sweep.json` says, or None where there is none."""
    try:
        said = json.loads((folder / SWEEP).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return said if isinstance(said, dict) and "work" in said else None


def journal(folder: Path) -> Iterator[Entry]:
    """Yield the journal's entries, of a part noted twice both; a line that is not whole is passed over."""
    try:
        with (folder / JOURNAL).open("rb") as file:
            for line in file:
                try:
                    said = json.loads(line)
                    yield Entry(**said | {"origin": tuple(said["origin"])})
                except (ValueError, TypeError, KeyError):
                    continue
    except FileNotFoundError:
        return


def mend_journal(path: Path) -> None:
    """Cut off a last line that a kill or a full disk left half-written."""
    if not path.is_file():
        return
    with path.open("r+b") as file:
        content = file.read()
        if content and not content.endswith(b"\n"):
            file.truncate(content.rfind(b"\n") + 1)


def write_whole(path: Path, write: Callable[[Path], object]) -> None:
    """Write a file beside its place, bring it safely to disk, and put it in place. Raises OSError."""
    unfinished = path.with_suffix(".tmp")
    try:
        write(unfinished)
        with unfinished.open("rb") as file:
            os.fsync(file.fileno())
        os.replace(unfinished, path)
    except OSError:
        unfinished.unlink(missing_ok=True)
        raise


def write_bytes(path: Path, content: bytes) -> None:
    """Write a file whole or not at all. Raises OSError."""
    write_whole(path, lambda unfinished: unfinished.write_bytes(content))


def sha(content: bytes) -> str:
    """Return a hash of what a file holds."""
    return hashlib.sha256(content).hexdigest()


def file_sha(path: Path) -> str:
    """Return a hash of a file. Raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
