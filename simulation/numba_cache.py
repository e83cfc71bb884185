"""Compile kernels, and cache them in a folder named after a hash of their sources, Numba, Python and the processor.

Numba's own cache does not notice an edit in a function that a cached one calls. The folder is set while a function is
being decorated only.
"""

import ast
import hashlib
import os
import platform
import sys
from collections.abc import Callable, Iterator
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import llvmlite.binding
import numba
from numba import config

from simulation.home import home, private_folder
from simulation.outcomes import SERIES

SOURCES = ("vocabulary", "numba_cache", "state", "month", "recorder", "parameters", "initial")
"""Modules that kernels are made of, beside the folder `mechanisms`; of `outcomes` they know the names of the series."""


def kernel_sources() -> list[Path]:
    """Return the files that define what the kernels compute. Raises FileNotFoundError where one is gone."""
    here = Path(__file__).parent
    found = [here / f"{name}.py" for name in SOURCES] + sorted((here / "mechanisms").glob("*.py"))
    if missing := [path.name for path in found if not path.is_file()]:
        msg = f"a source of the kernels is missing: {', '.join(missing)}; correct SOURCES in {Path(__file__).name}"
        raise FileNotFoundError(msg)
    return found


@cache
def kernels_hash() -> str:
    """Return a hash of what the kernels' sources define (64 hexadecimal digits).

    Comments, docstrings, imports and the files that a definition stands in do not count.
    """
    defined = sorted(text for path in kernel_sources() for text in _definitions(path.read_text(encoding="utf-8")))
    return hashlib.sha256("\n".join([*defined, *SERIES]).encode()).hexdigest()


def _definitions(source: str) -> Iterator[str]:
    """Yield each definition of a module as bare code."""
    for node in ast.parse(source).body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            continue
        for part in ast.walk(node):
            for body in (part.body,) if isinstance(part, ast.FunctionDef | ast.ClassDef) else ():
                body[:] = [line for line in body if not _is_text(line)] or [ast.Pass()]
        if not _is_text(node):
            yield ast.unparse(node)


def _is_text(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


@cache
def kernel_hash() -> str:
    """Return a hash of the kernels and of what compiles them (16 hexadecimal digits)."""
    compiler = (version("numba"), sys.version, platform.machine(), llvmlite.binding.get_host_cpu_name())
    return hashlib.sha256("".join((*compiler, kernels_hash())).encode()).hexdigest()[:16]


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
    return compiled(function, inline="always", cache=False)


def borrowing(function: Callable[..., Any]) -> Any:
    """Compile a function that makes no array and only borrows its caller's: references need not be counted.

    Counting takes a quarter of the time of a loop over months. Numba refuses to compile one that makes arrays; what it
    calls may make them, since `compiled` asks for counting by name and so does not inherit this.
    """
    return compiled(function, _nrt=False)
