"""Name the folder of compiled kernels: it knows the sources, and can be asked without waiting for Numba."""

import hashlib
import os
import platform
import sys
from functools import cache
from importlib.metadata import version
from pathlib import Path

import llvmlite.binding

from simulation.home import home, private_folder

SOURCES = (
    "vocabulary.py", "compilation.py", "state.py", "months.py", "record.py", "recording.py", "parameters.py",
    "small_world.py",
)  # fmt: skip
"""Files that kernels are made of, beside the folder `mechanisms`."""


def kernel_sources() -> list[Path]:
    """Return the files whose text decides what the kernels compute."""
    here = Path(__file__).parent
    return [here / name for name in SOURCES if (here / name).exists()] + sorted((here / "mechanisms").glob("*.py"))


@cache
def kernel_hash() -> str:
    """Return a hash of the kernels' sources and of what compiles them (16 hexadecimal digits)."""
    digest = hashlib.sha256()
    for part in (version("numba"), sys.version, platform.machine(), llvmlite.binding.get_host_cpu_name()):
        digest.update(part.encode())
    for path in kernel_sources():
        digest.update(path.name.encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


@cache
def cache_folder() -> Path:
    """Return the folder for compiled kernels, made if missing; `BEHAVIOURS_CACHE` names another place for it.

    Where that can't be written, or the user has no home, it is a folder of the user's own among the temporary files.
    """
    given = os.environ.get("BEHAVIOURS_CACHE") or os.environ.get("XDG_CACHE_HOME")
    try:
        folder = _ours(Path(given) if given else home() / ".cache")
        if os.access(folder, os.W_OK):
            return folder
    except OSError:
        pass
    return _ours(private_folder())


def _ours(folder: Path) -> Path:
    found = folder / "system-behaviours" / f"kernels-{kernel_hash()}"
    found.mkdir(parents=True, exist_ok=True)
    return found
