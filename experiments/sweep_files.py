"""Hold the files of a sweep's folder safely: names, whole writes, and the journal with a line a part."""

import hashlib
import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from experiments.output_folder import OutputError

SWEEP, DESIGN, JOURNAL = "sweep.json", "design.parquet", "parts.jsonl"
RUNS, MONTHS = "runs", "months"


class SweepError(OutputError):
    """A sweep's folder can't be read, or its results don't hold; the text says why and what is kept."""


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
