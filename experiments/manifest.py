"""Where results come from; hashes of every file."""

from __future__ import annotations

import hashlib
import json
import os
import platform
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from simulation import MODEL_VERSION
from simulation.ablations import LEAN, WITHOUT
from simulation.parameters import ASSUMED, BY_NAME, ESSAY, PARAMETERS
from simulation.scenario.pressure import Pressure
from simulation.scenario.route import Route
from simulation.scenario.scenario import Scenario
from simulation.scenario.structure import Structure
from simulation.vocabulary import ACTIVITY_IDS


@cache
def fingerprint() -> str:
    """Return a hash of exp, log and pow over a fixed vector with the versions of numpy and numba.

    Same seed, same bits is promised where fingerprints agree; elsewhere results agree to about 1e-9.
    """
    import numpy as np  # late: --version needs none of it

    vector = np.linspace(0.01, 5, 257)
    values = np.concatenate([np.exp(vector), np.log(vector), vector**0.37])
    digest = hashlib.sha256(values.tobytes())
    digest.update(f"{np.__version__} {version('numba')}".encode())
    return digest.hexdigest()[:16]


# Say what was compared, as plain data for a manifest: places, routes, pressures and numbers that are not defaults.
#
# All that these functions return can be written as JSON; the report reads it from `Comparison.manifest`.


def describe_scenario(scenario: Scenario) -> dict[str, Any]:
    """Return what a scenario is, without its route: place, pressure, months, choices, changed numbers, events."""
    from simulation.initial import roster

    place, standard = scenario.place, Structure()
    people = roster(place)
    return {
        "title": scenario.title or place.title or scenario.name,
        "description": scenario.description,
        "hash": scenario.content_hash(),
        "months": scenario.months,
        "burn_in_months": scenario.structure.burn_in_months,
        "place": {
            "name": place.name,
            "title": place.title,
            "description": " ".join(place.description.split()),
            "need": " ".join(place.need.split()),
            "organisations": len(people.ids),
            "relationships": len(place.relationships),
            "days": scenario.numbers.partner_days,
            "days_reason": place.days_reason,
            "hash": place.content_hash(),
            "facts": [fact.model_dump() for fact in place.facts],
        },
        "pressure": describe_pressure(scenario.pressure),
        "budget": None if scenario.budget is None else scenario.budget.model_dump(mode="json"),
        "profile": scenario.profile,
        "without": list(scenario.without),
        "structure": {
            name: value for name, value in scenario.structure.model_dump().items() if value != getattr(standard, name)
        },
        "changed": changed_numbers(scenario),
        "events": [event.model_dump(mode="json") for event in scenario.all_events],
    }


def describe_route(route: Route, *, source: str = "") -> dict[str, Any]:
    """Return what a route is: its phases with their months and shares of days.

    Of a policy in place of a route, it is the hash of its source.
    """
    said = {
        "title": route.title,
        "description": route.description,
        "months": route.months,
        "days_factor": route.days_factor,
        "months_of_days": route.days_spent,
        "order": route.order,
        "number_of_sites": route.number_of_sites,
        "phases": [
            {"name": phase.name, "months": phase.months}
            | {name: share for name, share in zip(ACTIVITY_IDS, phase.shares.as_tuple(), strict=True) if share}
            for phase in route.phases
        ],
        "hash": route.content_hash() + source,
    }
    return said | {"policy": source} if source else said


def describe_pressure(pressure: Pressure) -> dict[str, Any]:
    """Return what a pressure is: title, description and sources."""
    return {
        "name": pressure.name,
        "title": pressure.title,
        "description": pressure.description,
        "sources": list(pressure.sources),
        "hash": pressure.content_hash(),
    }


def changed_numbers(scenario: Scenario) -> list[dict[str, Any]]:
    """Return every number of a scenario that is not the model's default, with where it was changed."""
    values = scenario.numbers._asdict()
    return [
        {
            "name": parameter.name,
            "default": parameter.default,
            "value": values[parameter.name],
            "unit": parameter.unit,
            "meaning": parameter.meaning,
            "basis": parameter.basis,
            "plausible": parameter.is_plausible(values[parameter.name]),
            "changed_in": _changed_in(scenario, parameter.name),
        }
        for parameter in PARAMETERS
        if values[parameter.name] != parameter.default
    ]


def _changed_in(scenario: Scenario, name: str) -> str:
    """Return the part of a scenario that has the last word on a number."""
    parts: list[tuple[str, Any]] = [
        ("settings", scenario.settings),
        *((f"without {switch}", WITHOUT[switch].parameters) for switch in reversed(scenario.without)),
        ("the lean profile", LEAN if scenario.profile == "lean" else {}),
        ("the scenario", scenario.parameters),
        ("the pressure", scenario.pressure.parameters),
        ("the place", scenario.place.parameters),
        ("the place", {} if scenario.place.days is None else {"partner_days": scenario.place.days}),
    ]
    return next((part for part, numbers in parts if name in numbers), "the model")


def informed_numbers() -> tuple[int, int]:
    """Return how many of the model's numbers a source informs, and how many there are."""
    return sum(parameter.basis not in (ASSUMED, ESSAY) for parameter in PARAMETERS), len(BY_NAME)


# Hash what decides the numbers of a run: the model's version, its kernels, what is kept, the platform's arithmetic.


FORMAT = 1
"""Raised by hand when what is stored of a run changes its meaning."""


@cache
def engine() -> str:
    """Return the hash (64 hexadecimal digits)."""
    from simulation.numba_cache import kernels_hash
    from simulation.outcomes import MONTH_COLUMNS, RUN_COLUMNS

    said = f"{FORMAT} {MODEL_VERSION} {fingerprint()} {RUN_COLUMNS} {MONTH_COLUMNS} {kernels_hash()}"
    return hashlib.sha256(said.encode()).hexdigest()


# Write and read a set's manifest: where results come from, and a hash of every file; it is written last.


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


# Say where results come from: version, commit, platform, libraries, command.


DISTRIBUTION = "system-behaviours"
LIBRARIES = ("mesa", "numpy", "numba", "scipy", "polars", "pydantic", "matplotlib")
CAVEAT = "Illustrative, not predictive: almost every rate is assumed, and a place is not its model."


def our_version() -> str:
    """Return the version of the distribution, or of the checkout that is run without being installed."""
    found = _version(DISTRIBUTION)
    project = Path(__file__).resolve().parent.parent / "pyproject.toml"
    if found is None and project.is_file():
        found = tomllib.loads(project.read_text(encoding="utf-8")).get("project", {}).get("version")
    return found or "unknown"


def provenance(*, command: Sequence[str] | None = None) -> dict[str, Any]:
    """Return what a manifest says of the program and machine that made the results."""
    from simulation.scenario.library import as_text

    commit, changed = commit_of(Path(__file__).resolve().parent)
    return {
        "caveat": CAVEAT,
        "version": our_version(),
        "commit": commit,
        "uncommitted_changes": changed,
        "model": engine(),
        "fingerprint": fingerprint(),
        "platform": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "libraries": {name: found for name in LIBRARIES if (found := _version(name))},
        "command": [as_text(word) for word in command or ["behaviours", *sys.argv[1:]]],
        "written": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def commit_of(folder: Path) -> tuple[str | None, bool | None]:
    """Return the commit of a checkout, and whether it has changes of its own; None where that is not known."""
    if not (folder.parent / ".git").exists():
        return None, None
    try:
        commit = _git(folder, "rev-parse", "HEAD").strip()
        changed = bool(_git(folder, "status", "--porcelain", "--untracked-files=no").strip())
    except (OSError, subprocess.SubprocessError):
        return None, None
    return commit or None, changed


def _git(folder: Path, *arguments: str) -> str:
    command = ["git", "-C", str(folder), *arguments]
    return subprocess.run(command, capture_output=True, check=True, text=True, timeout=10).stdout


@cache
def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None
