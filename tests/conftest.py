"""Choose how Hypothesis draws, and which files of tests begin."""

import os
from collections import Counter

import pytest
from hypothesis import settings

# On a test machine (`CI` set) every run draws the same examples; none is timed.

settings.register_profile("here", deadline=None, max_examples=25)
settings.register_profile("ci", deadline=None, max_examples=25, derandomize=True, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "here")

LONG = ("browser", "cluster", "kills", "memory", "process", "slow")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the files that have most long tests, those with a browser and the others by turns.

    Workers take whole files, and the last one is waited for; two browsers at once wait for each other.
    """
    long = Counter(item.path for item in items for name in LONG if item.get_closest_marker(name))
    browser = {item.path for item in items if item.get_closest_marker("browser")}
    files = sorted(dict.fromkeys(item.path for item in items), key=lambda path: -long[path])
    turn = {
        path: number
        for some in ([path for path in files if path in browser], [path for path in files if path not in browser])
        for number, path in enumerate(some)
    }
    items.sort(key=lambda item: (turn[item.path], item.path in browser))
