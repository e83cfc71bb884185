"""Join the folders of a sweep that several machines ran in parts into one."""

import json
import os
import shutil
from collections.abc import Sequence
from pathlib import Path

import polars as pl

from experiments.sweep_files import DESIGN, MONTHS, RUNS, SWEEP, SweepError, read_sweep, write_whole
from experiments.sweep_store import Store
from experiments.sweep_work import changes


def merge(folders: Sequence[Path | str], out: Path | str) -> Store:
    """Join folders of one plan in a new folder, every chunk once; return it. What is missing, `resume` runs.

    Raises SweepError where they are not parts of one plan, or hold different results for the same runs.
    """
    sources = [Store.opened(Path(folder)) for folder in folders]
    if not sources:
        msg = "name the folders to merge"
        raise SweepError(msg)
    for source in sources[1:]:
        _refuse_other(sources[0], source)
    target = Path(os.path.realpath(out))
    if any(source.folder == target for source in sources):
        msg = f"--out: {target} is one of the folders to merge"
        raise SweepError(msg)
    try:
        store = _begun(sources[0], target)
        with store:
            for source in sources:
                with source:
                    _take(store, source)
            store.finish()
    except OSError as error:
        msg = f"{target} can't be written: {error.strerror or error}; the folders to merge are as they were"
        raise SweepError(msg) from error
    origins = {entry.origin[0] for entry in store.entries.values()} - {""}
    if len(origins) > 1:
        store.notes.append("the parts were made where arithmetic differs: results agree to about 1e-9, not to the bit")
    return store


def _refuse_other(first: Store, other: Store) -> None:
    said = changes(first.said["work"], other.said["work"])
    if first.said["design"] != other.said["design"]:
        said.append("the points of the design differ")
    if said:
        msg = f"{first.folder} and {other.folder} are not parts of one plan: {'; '.join(said[:8])}"
        raise SweepError(msg)


def _begun(source: Store, target: Path) -> Store:
    """Return the target's store, made from the first part's."""
    if (held := read_sweep(target)) is not None:
        store = Store.opened(target)
        if held["hash"] != source.said["hash"] or held["design"] != source.said["design"]:
            msg = f"--out: {target} holds a sweep of another plan"
            raise SweepError(msg)
        return store
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        msg = f"--out: {target} holds other files, and no sweep; name an empty or a new folder"
        raise SweepError(msg)
    for name in (RUNS, *((MONTHS,) if source.work.keep == "months" else ())):
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
        for kind in (MONTHS, RUNS):
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
