"""Keep the page of measurements: a part is measured anew, and the others stand as they were measured."""

import os
import platform
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from importlib.metadata import version

HEADING = """# Speed and memory

Measured by `make bench`, each part in one run on one machine, peers in turn with what they are compared with; ratios
travel better than times. `python -m benchmarks sweeps` measures a part alone. No test asserts a time.
"""
_PART = re.compile(r"^<!-- part: (\w+) -->\n(.*?)(?=^<!-- part: |\Z)", re.DOTALL | re.MULTILINE)


def parts_of(page: str) -> dict[str, str]:
    """Return a page's parts by name.

    >>> parts_of("# Speed\\n\\n<!-- part: one -->\\nfast\\n\\n<!-- part: two -->\\nslow\\n")
    {'one': 'fast', 'two': 'slow'}
    """
    return {name: text.strip() for name, text in _PART.findall(page)}


def page_of(parts: Mapping[str, str], order: Iterable[str]) -> str:
    """Return the page with its parts in order; those that are missing are left out."""
    texts = [f"<!-- part: {name} -->\n{parts[name]}\n" for name in order if name in parts]
    return "\n".join([HEADING, *texts])


def surroundings() -> str:
    """Say where and when a part is measured, and how busy the machine is."""
    names = {"mesa": "Mesa", "numpy": "NumPy", "numba": "Numba", "polars": "Polars"}
    libraries = ", ".join(f"{name} {version(package)}" for package, name in names.items())
    return (
        f"{datetime.now(UTC):%Y-%m-%d}: {os.cpu_count()} processors, {platform.machine()}, Python"
        f" {platform.python_version()}, {libraries}; {load()} at the start."
    )


def load() -> str:
    """Say how busy the machine is, this process aside."""
    return f"load {os.getloadavg()[0]:.1f}"


def spread(ratios: Iterable[float], form: str = ".2f") -> str:
    """Return the median of some ratios, and between what they lay.

    >>> spread([1.8, 1.7, 1.9])
    '1.80 (1.70-1.90)'
    """
    found = sorted(ratios)
    middle = found[len(found) // 2] if len(found) % 2 else (found[len(found) // 2 - 1] + found[len(found) // 2]) / 2
    return f"{middle:{form}} ({found[0]:{form}}-{found[-1]:{form}})"
