"""Write a new place's folder: as a whole or not at all, and only where nothing else is."""

import re
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from simulation.scenario import Problem, ProblemError, check_place
from simulation.scenario.find import ready

NAME = re.compile(r"[^\W_][\w.-]{0,79}")


def check_name(name: str) -> None:
    """Raise ProblemError where a place can't have this name: it is a folder's, and typed on command lines."""
    meant = re.sub(r"[^\w.]+", "-", name).strip("-._").lower()[:80]
    if not NAME.fullmatch(name) or name.endswith((".", ".toml")):
        allowed = "letters, digits, '-', '_' and '.', beginning with a letter or digit"
        raise ProblemError([Problem("can't be a place's name", value=name or '""', allowed=allowed, nearest=meant)])
    if name in ready("places"):
        raise ProblemError([Problem("is the name of a ready place", value=name, allowed="a name of its own")])


def check_free(folder: Path) -> None:
    """Raise ProblemError where something is in the way of a new folder; an empty folder is not."""
    try:
        taken = folder.is_symlink() or (folder.exists() and (not folder.is_dir() or any(folder.iterdir())))
    except (OSError, ValueError) as error:
        raise ProblemError([Problem(f"can't be looked at ({error})", value=str(folder))]) from None
    if taken:
        message = "is there already: nothing is written over it"
        raise ProblemError([Problem(message, value=str(folder), allowed="a folder that is new or empty")])


def write_place(files: Mapping[str, str], folder: Path) -> list[str]:
    """Write a place's files by name, check them, and return the notes of reading them.

    Raises ProblemError where the folder is taken or the files do not make a place; OSError where they can't be
    written. Either way nothing is left behind.
    """
    check_free(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        for name, text in files.items():
            (draft / name).write_text(text, encoding="utf-8", newline="\n")
        if problems := check_place(draft):
            raise ProblemError(problems)
        draft.chmod(0o755)
        if folder.exists():
            folder.rmdir()
        draft.rename(folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    notes: list[str] = []
    check_place(folder, notes=notes)
    return notes
