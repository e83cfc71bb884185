"""Write a new place's folder: as a whole or not at all, and only where nothing else is."""

import errno
import os
import re
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from experiments.output_folder import OutputError, UnwritableError, beside, refuse_held, unwritable, usable
from simulation.scenario import Problem, ProblemError, check_place
from simulation.scenario.find import ready, windows_refuses

NAME = re.compile(r"[^\W_][\w.-]{0,79}")


def check_name(name: str) -> None:
    """Raise ProblemError where a place can't have this name: it is a folder's, and typed on command lines."""
    meant = re.sub(r"[^\w.]+", "-", name).strip("-._").lower()[:80]
    if not NAME.fullmatch(name) or name.endswith((".", ".toml")):
        allowed = "letters, digits, '-', '_' and '.', beginning with a letter or digit"
        raise ProblemError([Problem("can't be a place's name", value=name or '""', allowed=allowed, nearest=meant)])
    _refuse_windows(name)
    if name in ready("places"):
        raise ProblemError([Problem("is the name of a ready place", value=name, allowed="a name of its own")])


def _refuse_windows(name: str) -> None:
    if windows_refuses(name):
        message = "can't be the name of a place: Windows can't have a folder of that name"
        nearest = f"my-{name.strip(' .')}"
        raise ProblemError([Problem(message, value=name, allowed="another name", nearest=nearest)])


def check_free(folder: Path) -> None:
    """Raise ProblemError where something is in the way of a new folder; an empty folder is not.

    A place is never the same work again: it is a person's own from the moment it is there. Raises UnwritableError.
    """
    allowed = "a folder that is new or empty"
    if os.path.islink(folder):
        raise ProblemError([Problem("is there already, as a link", value=str(folder), allowed=allowed)])
    try:
        there = usable(folder, "place", lambda there: None)
        refuse_held(there)
        refuse_held(beside(there), of=there)
    except UnwritableError:
        raise
    except OutputError as error:
        why = str(error).removeprefix(f"--out: {folder} ")
        message = "is there already, and nothing is written over it" if os.path.exists(folder) else "can't be used"
        raise ProblemError([Problem(f"{message}: {why}", value=_short(str(folder)), allowed=allowed)]) from None
    _refuse_windows(there.name)


def write_place(files: Mapping[str, str], folder: Path) -> list[str]:
    """Write a place's files by name, check them, and return the notes of reading them.

    Raises ProblemError where the folder is taken or the files do not make a place; OutputError where they can't be
    written. Either way nothing is left behind.
    """
    check_free(folder)
    try:
        return _write(files, folder)
    except OSError as error:
        raise unwritable(folder, error) from None


def _write(files: Mapping[str, str], folder: Path) -> list[str]:
    folder.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=f".{folder.name[:40]}-", dir=folder.parent))
    try:
        for name, text in files.items():
            (draft / name).write_text(text, encoding="utf-8", newline="\n")
        if problems := check_place(draft):
            raise ProblemError(problems)
        draft.chmod(0o755)
        _put(draft, folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    notes: list[str] = []
    check_place(folder, notes=notes)
    return notes


def _put(draft: Path, folder: Path) -> None:
    """Let a folder take the place of an empty one, or of none, in one step. Raises ProblemError where it is neither."""
    try:
        draft.rename(folder)
    except OSError as error:
        if error.errno not in (errno.ENOTEMPTY, errno.EEXIST):
            raise
        check_free(folder)  # another process was quicker, and this names what is there


def _short(text: str) -> str:
    return text if len(text) <= 100 else f"{text[:100]}…"
