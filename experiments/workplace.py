"""Prepare an output folder: work beside it, so that it holds either the old complete set of results or the new one.

For `--out results/demo` the work is kept in `results/demo.unfinished`: finished runs in `parts`, what they are for in
`work.json`, the set that is being written in `new`. The folder is removed when the new set is in place.
"""

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self

from experiments.manifest import MANIFEST, read_manifest, write_manifest
from experiments.output_folder import (
    GROWN,
    UnwritableError,
    beside,
    in_the_way,
    locked,
    one,
    other_work,
    read_said,
    real,
    refuse_held,
    unwritable,
    usable,
)
from experiments.output_folder import OutputError as OutputError
from experiments.swap import put_in_place, recover
from experiments.sweep_files import write_bytes

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
        if not any(self.parts.glob("*.npz")):
            shutil.rmtree(self.folder, ignore_errors=True)
        self._lock.__exit__()

    def check(self, work: dict[str, Any], compare: Compare | None = None) -> None:
        """Compare the folder, and the unfinished work beside it, with what is to be done.

        `compare` says in what two pieces of work differ. Raises OutputError where they do, saying in what.
        """
        self._begun = work, compare or differences
        self._refuse_others()
        before = read_said(self.folder / WORK)
        if any(self.parts.glob("*.npz")) and (said := self._differs(before or {})):
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

    def unwritable(self, error: OSError) -> UnwritableError:
        """Return the error of a folder that can't be written, saying that the old results are as they were."""
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
