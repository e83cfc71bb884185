"""Prepare an output folder: work beside it, so that it holds either the old complete set of results or the new one.

For `--out results/demo` the work is kept in `results/demo.unfinished`: finished runs in `parts`, what they are for in
`work.json`, the set that is being written in `new`. The folder is removed when the new set is in place.
"""

import fcntl
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self

from experiments.manifest import MANIFEST, read_manifest, write_manifest
from experiments.swap import put_in_place, recover

ENDING = ".unfinished"


class OutputError(Exception):
    """An output folder can't be used or written; the text says why and what is kept."""


class Workplace:
    """Where an output folder's next set of results is made; a context that one process at a time can enter."""

    def __init__(self, out: Path) -> None:
        """Check the output folder. Raises OutputError where it can't be one; nothing is written yet."""
        self.out = Path(os.path.realpath(out))
        self.folder = self.out.with_name(self.out.name + ENDING)
        self.parts, self.new, self.aside = (self.folder / name for name in ("parts", "new", "old"))
        self._lock: Any = None
        _check(self.out, out)

    def __enter__(self) -> Self:
        """Take the workplace; raise OutputError where another process has it."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self._lock = (self.folder / "lock").open("w")
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            recover(self.out, self.aside)
            shutil.rmtree(self.new, ignore_errors=True)
        except BlockingIOError:
            self._lock.close()
            msg = f"another process is writing {self.out}"
            raise OutputError(msg) from None
        except OSError as error:
            raise unwritable(self.out, error) from None
        return self

    def __exit__(self, *_: object) -> None:
        """Let the workplace go; one in which nothing was kept is removed."""
        if not any(self.parts.glob("*.npz")):
            shutil.rmtree(self.folder, ignore_errors=True)
        self._lock.close()

    def begin(self, work: dict[str, Any]) -> list[str]:
        """Note what is being worked on; return how it differs from the unfinished work that was found, if any."""
        path = self.folder / "work.json"
        try:
            before = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            before = None
        try:
            path.write_text(json.dumps(work, ensure_ascii=False), encoding="utf-8")
        except OSError as error:
            raise unwritable(self.out, error) from None
        return differences(before, work) if isinstance(before, dict) else []

    def replaces(self, work: dict[str, Any]) -> list[str]:
        """Return how the complete set in the output folder differs from what is being worked on, if there is one."""
        before = read_manifest(self.out)
        return differences(before, work) if before else []

    def publish(self, write: Callable[[Path], None], manifest: dict[str, Any]) -> None:
        """Write a complete set, its manifest last, and put it in place of the old one.

        Raises OutputError where it can't be written; the old set is then as it was, and finished runs are kept.
        """
        try:
            self.new.mkdir()
            write(self.new)
            _carry_over(self.out, self.new)
            write_manifest(self.new, manifest, foreign=_foreign(self.out))
            put_in_place(self.new, self.out, self.aside)
        except OSError as error:
            shutil.rmtree(self.new, ignore_errors=True)
            raise unwritable(self.out, error) from None
        (self.folder / "work.json").unlink(missing_ok=True)
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


def _check(out: Path, said: Path) -> None:
    """Refuse what would harm a person's own files."""
    here = Path.cwd()
    if out.exists() and not out.is_dir():
        msg = f"--out: {said} is a file, and results are a folder"
        raise OutputError(msg)
    if out == here or out in here.parents:
        msg = f"--out: {said} is the folder you are in or one around it; name a folder of its own, such as results/mine"
        raise OutputError(msg)
    if out.is_dir() and any(out.iterdir()) and read_manifest(out) is None:
        msg = f"--out: {said} holds other files, and no results; name an empty or a new folder"
        raise OutputError(msg)


def _foreign(out: Path) -> list[Path]:
    """Return what lies in an output folder without being part of its set of results."""
    manifest = read_manifest(out)
    if manifest is None:
        return []
    ours = {MANIFEST, *(Path(name).parts[0] for name in manifest["files"])}
    return [path for path in out.iterdir() if path.name not in ours]


def _carry_over(out: Path, new: Path) -> None:
    """Bring a person's own files along into the new set's folder."""
    for path in _foreign(out):
        target = new / path.name
        if target.exists():
            continue
        if path.is_dir() and not path.is_symlink():
            shutil.copytree(path, target, symlinks=True)
        else:
            shutil.copy2(path, target, follow_symlinks=False)


def unwritable(out: Path, error: OSError) -> OutputError:
    """Return the error of an output folder that can't be written, saying that the old results are as they were."""
    why = error.strerror or str(error)
    kept = f"; the results that {out} held are as they were" if read_manifest(out) else ""
    return OutputError(f"{out} can't be written: {why}{kept}")
