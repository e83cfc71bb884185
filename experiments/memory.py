"""Tell whether this machine's memory can hold what is asked for, before anything is run."""

import os
from pathlib import Path

from simulation.scenario.errors import Problem

GIGABYTE = 1 << 30
_CONTAINER = Path("/sys/fs/cgroup/memory.max")


def machine_memory() -> int:
    """Return the bytes of memory that there are: the machine's, or fewer where a container allows fewer."""
    whole = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    try:
        return min(whole, int(_CONTAINER.read_text()))
    except (OSError, ValueError):
        return whole


def memory_problems(needed: float, *, key: str, value: int, each: float, fixed: str = "") -> list[Problem]:
    """Return a problem where `value` of something, at `each` bytes, needs more memory than there is.

    `needed` is all of it; `fixed` says what else might be made smaller.
    """
    there = machine_memory()
    if needed <= there:
        return []
    most = max(1, int((there - (needed - value * each)) / each))
    allowed = f"about {most:,} at most{fixed}"
    message = f"takes about {needed / GIGABYTE:,.0f} GB of memory, and there are {there / GIGABYTE:,.1f}"
    return [Problem(message, key=key, value=f"{value:,}", allowed=allowed)]
