"""Join the folders of a sweep that several machines ran in parts into one."""

import json
import shutil
from collections.abc import Sequence
from pathlib import Path

import polars as pl

from experiments.output_folder import (
    locked,
    real,
    unwritable,
    usable,
    write_whole,
)
from experiments.store import DESIGN, JOURNAL, LEFTOVERS, SWEEP, Store, SweepError, read_sweep
from experiments.work import RUNS, changes


def merge(folders: Sequence[Path | str], out: Path | str) -> Store:
    """Join folders of one plan in a new folder, every chunk once; return it. What is missing, `resume` runs.

    Raises OutputError where they are not parts of one plan, or hold different results for the same runs, or where
    something else is in the way.
    """
    sources = [Store.opened(Path(folder)) for folder in folders]
    if not sources:
        msg = "name the folders to merge"
        raise SweepError(msg)
    for source in sources[1:]:
        _refuse_other(sources[0], source)
    target = real(out)
    if any(source.folder == target for source in sources):
        msg = f"--out: {target} is one of the folders to merge"
        raise SweepError(msg)
    try:
        with sources[0]:
            pass  # its design, which is copied, is made whole where it was not
        store = _begun(sources[0], target, out)
        with store:
            for source in sources:
                with source:
                    _take(store, source)
            store.finish()
    except OSError as error:
        raise unwritable(target, error, "the folders to merge are as they were") from error
    origins = {entry.origin[0] for entry in store.entries.values()} - {""}
    if len(origins) > 1:
        store.notes.append("the parts were made where arithmetic differs: results agree to about 1e-9, not to the bit")
    return store


def _differences(first: Store, other: Store) -> list[str]:
    said = changes(other.said["work"], first.said["work"])
    if first.said["design"] != other.said["design"]:
        said.append("the points of the design differ")
    if first.outcomes != other.outcomes:
        names = sorted({*first.outcomes} ^ {*other.outcomes})
        said.append(f"one keeps outcomes of each run that the other does not: {', '.join(names)}")
    return said


def _refuse_other(first: Store, other: Store) -> None:
    if said := _differences(other, first):
        msg = f"{first.folder} and {other.folder} are not parts of one plan: {'; '.join(said[:8])}"
        raise SweepError(msg)


def _begun(source: Store, target: Path, out: Path | str) -> Store:
    """Return the target's store, made from the first part's. Raises OutputError where anything else is in the way."""

    def differs(there: Path) -> list[str] | None:
        begun = read_sweep(there) is not None or (there / JOURNAL).is_file()
        return _differences(source, Store.opened(there)) if begun else None

    usable(out, "sweep", differs, leftovers=LEFTOVERS)
    if read_sweep(target) is None:
        with locked(target):
            usable(out, "sweep", differs, leftovers=LEFTOVERS)  # another process may have begun just now
            for name in source.work.kinds:
                (target / name).mkdir(parents=True, exist_ok=True)
            write_whole(target / DESIGN, lambda path: shutil.copyfile(source.folder / DESIGN, path))
            text = json.dumps(source.said | {"part": [1, 1]}, ensure_ascii=False)
            write_whole(target / SWEEP, lambda path: path.write_text(text, encoding="utf-8"))
    return Store.opened(target)


def _take(store: Store, source: Store) -> None:
    """Take over what the source has; a part that both have must be the same."""
    for number, entry in sorted(source.entries.items()):
        if store.done[number]:
            _refuse_unlike(store, source, number)
            continue
        for kind in reversed(source.work.kinds):
            path = source.path(kind, number)
            if path.is_file():
                write_whole(store.path(kind, number), lambda unfinished, path=path: shutil.copyfile(path, unfinished))  # type: ignore[misc]
        store.note(entry)


def _refuse_unlike(store: Store, source: Store, number: int) -> None:
    mine, theirs = store.entries[number], source.entries[number]
    if mine.sha256 == theirs.sha256 or (
        mine.origin[0] != theirs.origin[0] and "" not in (mine.origin[0], theirs.origin[0])
    ):
        return
    first, second = (pl.read_parquet(each.path(RUNS, number)) for each in (store, source))
    if not first.equals(second):
        msg = f"{source.folder} holds other results than another folder for the same runs (part {number})"
        raise SweepError(msg)
