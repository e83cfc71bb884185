"""Write and read a set's manifest: where results come from, and a hash of every file; it is written last."""

import hashlib
import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

MANIFEST = "manifest.json"
_BYTES = 1 << 20


def write_manifest(folder: Path, manifest: dict[str, Any], *, foreign: Iterable[str] = ()) -> None:
    """Add the hash of every file in the folder to the manifest and write it, all of it safe on disk.

    `foreign` are files and folders, as seen from the folder, that are not part of the set. Raises OSError.
    """
    others = {Path(name) for name in foreign}
    ours = [path for path in _files(folder) if others.isdisjoint((path, *path.parents))]
    files = {path.as_posix(): _entry(folder / path) for path in ours}
    text = json.dumps(manifest | {"files": files}, indent=2, ensure_ascii=False, allow_nan=False) + "\n"
    with (folder / MANIFEST).open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def read_manifest(folder: Path) -> dict[str, Any] | None:
    """Return the manifest of a set of results, or None where there is none."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    return manifest if isinstance(manifest, dict) and isinstance(manifest.get("files"), dict) else None


def faults(folder: Path) -> list[str]:
    """Return what is wrong with a set of results: files that are missing or are not what the manifest says."""
    manifest = read_manifest(folder)
    if manifest is None:
        return [f"{folder} has no manifest"]
    found = []
    for name, entry in manifest["files"].items():
        path = folder / name
        if not path.is_file():
            found.append(f"{name} is missing")
        elif _hash(path) != entry["sha256"]:
            found.append(f"{name} is not what was written")
    return found


def _files(folder: Path) -> list[Path]:
    """Return all files of a folder, as seen from it."""
    return [path.relative_to(folder) for path in sorted(folder.rglob("*")) if path.is_file()]


def _entry(path: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        os.fsync(file.fileno())
    return {"sha256": _hash(path), "bytes": path.stat().st_size}


def _hash(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BYTES):
            digest.update(block)
    return digest.hexdigest()
