"""Compile mechanisms with Numba, cached in a folder that knows the sources.

Numba's own cache does not notice an edit in a function that a cached one calls. The folder is therefore named after a
hash of all kernel sources, Numba, Python and the processor, and set while a function is being decorated only.
"""

from collections.abc import Callable
from typing import Any

import numba
from numba import config

from simulation.kernel_cache import cache_folder


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
