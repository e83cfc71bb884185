"""Hold the files of a sweep's folder safely: names, whole writes, and the journal with a line a part."""

import hashlib
import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from experiments.output_folder import OutputError, short, what_is_in

SWEEP, DESIGN, JOURNAL = "sweep.json", "design.parquet", "parts.jsonl"
RUNS, MONTHS = "runs", "months"


class SweepError(OutputError):
    """A sweep's folder can't be read, or its results don't hold; the text says why and what is kept."""


class DamagedError(SweepError):
    """A file of a sweep or a map is missing or is not what was written; the text names it, and what helps."""


def damaged(path: Path, what: str, helps: str) -> DamagedError:
    """Return the error of a file, saying what is wrong with it and what helps."""
    return DamagedError(f"{path} {what}: {helps}")


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


def read_sweep(folder: Path) -> dict[str, Any] | None:
    """Return what a folder's `sweep.json` says, or None where there is none. Raises DamagedError."""
    path = folder / SWEEP
    try:
        content = path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError) as error:
        if not is_there(folder):
            return None
        raise damaged(path, f"can't be read ({error})", anew(folder)) from None
    try:
        said = json.loads(content)
    except (ValueError, RecursionError):
        said = None
    if not isinstance(said, dict) or not isinstance(said.get("work"), dict):
        raise damaged(path, "is not what was written", anew(folder))
    return said


def no_sweep(folder: Path, sought: str = "sweep") -> SweepError:
    """Return the error of a folder that holds no sweep, saying what it is instead, or what is missing in it.

    `sought` are the words for all that it might have held.
    """
    if not is_there(folder):
        what = "it is no folder" if os.path.exists(folder) else "it is not there"
    elif any((folder / name).exists() for name in (JOURNAL, DESIGN)):
        return damaged(folder / SWEEP, "is missing, so this holds no sweep", anew(folder))
    else:
        what = what_is_in(folder)
    return SweepError(f"{short(folder)} holds no {sought}" + (f": {what}" if what else ""))


def anew(folder: Path) -> str:
    """Say what helps where that by which a folder's results could be read is lost."""
    return f"put it back from a copy, or remove {folder} and give the same command again"


def is_there(folder: Path) -> bool:
    """Tell whether a folder is there."""
    return os.path.isdir(folder)


def journal(folder: Path) -> Iterator[Entry]:
    """Yield the journal's entries, of a part noted twice both; a line that is not whole is passed over."""
    try:
        with (folder / JOURNAL).open("rb") as file:
            for line in file:
                try:
                    said = json.loads(line)
                    entry = Entry(**said | {"origin": (str(said["origin"][0]), str(said["origin"][1]))})
                except (ValueError, TypeError, LookupError, RecursionError):
                    continue
                if all(type(value) is int and value >= 0 for value in entry[:3]) and isinstance(entry.seconds, float):
                    yield entry
    except OSError:
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
    except BaseException:
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
