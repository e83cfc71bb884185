"""Compile mechanisms with Numba, cached in a folder that knows the sources.

Numba's own cache does not notice an edit in a function that a cached one calls. The folder is therefore named after a
hash of all kernel sources, Numba, Python and the processor, and set while a function is being decorated only.
"""

import hashlib
import os
import platform
import sys
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import llvmlite.binding
import numba
from numba import config

SOURCES = ("vocabulary.py", "compilation.py", "state.py", "months.py", "recording.py", "parameters.py")
"""Files that kernels are made of, beside the folder `mechanisms`."""


def kernel_sources() -> list[Path]:
    """Return the files whose text decides what the kernels compute."""
    here = Path(__file__).parent
    return [here / name for name in SOURCES if (here / name).exists()] + sorted((here / "mechanisms").glob("*.py"))


@cache
def kernel_hash() -> str:
    """Return a hash of the kernels' sources and of what compiles them (16 hexadecimal digits)."""
    digest = hashlib.sha256()
    for part in (numba.__version__, sys.version, platform.machine(), llvmlite.binding.get_host_cpu_name()):
        digest.update(part.encode())
    for path in kernel_sources():
        digest.update(path.name.encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


@cache
def cache_folder() -> Path:
    """Return the folder for compiled kernels, made if missing; `BEHAVIOURS_CACHE` names another place for it.

    Where it cannot be written, a new private folder is used for this process alone.
    """
    home = os.environ.get("BEHAVIOURS_CACHE") or os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    folder = Path(home) / "system-behaviours" / f"kernels-{kernel_hash()}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return Path(tempfile.mkdtemp(prefix="system-behaviours-"))
    return folder if os.access(folder, os.W_OK) else Path(tempfile.mkdtemp(prefix="system-behaviours-"))


def is_warm() -> bool:
    """Tell whether compiled kernels are already in the cache folder."""
    return any(cache_folder().glob("**/*.nbc"))


def compiled(function: Callable[..., Any], **more: Any) -> Any:
    """Compile a function to machine code: exact arithmetic, no global lock, cached on disk."""
    settings: Any = config
    before = settings.CACHE_DIR
    settings.CACHE_DIR = str(cache_folder())
    options: dict[str, Any] = {
        "cache": True,
        "nogil": True,
        "error_model": "numpy",
        "no_cfunc_wrapper": True,
        "_nrt": True,
    } | more
    try:
        return numba.njit(**options)(function)
    finally:
        settings.CACHE_DIR = before


def inlined(function: Callable[..., Any]) -> Any:
    """Compile a function whose text is put where it is called: handing over a whole state is dear."""
    return compiled(function, inline="always")


def borrowing(function: Callable[..., Any]) -> Any:
    """Compile a function that makes no array and only borrows its caller's: references need not be counted.

    Counting takes a quarter of the time of a loop over months. Numba refuses to compile one that makes arrays; what it
    calls may make them, since `compiled` asks for counting by name and so does not inherit this.
    """
    return compiled(function, _nrt=False)
