"""Read how much memory this process has in use, and the most it has had."""

import resource
import sys
from pathlib import Path

STATUS = Path("/proc/self/status")


def _from_status(entry: str) -> int:
    """Return an entry of Linux's account of this process, in bytes; where there is none, the most ever in use."""
    if STATUS.exists():
        return 1024 * int(STATUS.read_text().split(f"{entry}:")[1].split()[0])
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def resident_bytes() -> int:
    """Return the memory in use."""
    return _from_status("VmRSS")


def peak_bytes() -> int:
    """Return the most memory that this process, and not the one that began it, has had in use."""
    return _from_status("VmHWM")
