"""Say where results come from: version, commit, platform, libraries, command."""

import platform
import subprocess
import sys
import tomllib
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

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
    from experiments.engine import engine
    from simulation.fingerprint import fingerprint
    from simulation.scenario.find import as_text

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
