"""Memory stays flat over ten thousand runs in one process, no model is kept alive, and a large place fits."""

import copy
import gc
import pickle
import subprocess
import sys
import weakref
from collections.abc import Callable
from pathlib import Path

import mesa
import numpy as np
import pytest

from simulation.place import Place
from tests.simulation.memory_runs import small_scenario

pytestmark = pytest.mark.memory

ROOT = Path(__file__).parents[2]
FLAT = 200
"""Bytes that a run may leave behind: less than one small dictionary."""
LIMIT = 2_000_000_000
Memory = tuple[np.ndarray, np.ndarray]


def printed(*numbers: int) -> str:
    """Return what the program of runs prints."""
    command = [sys.executable, "-m", "tests.simulation.memory_runs", *map(str, numbers)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout


@pytest.fixture(scope="module")
def memory() -> Memory:
    """Return runs and the bytes in use after them: 10,000 runs that are let go, then 500 that are kept."""
    runs, resident = np.array([line.split() for line in printed(10_000, 500, 500).splitlines()], dtype=float).T
    return runs, resident


def bytes_a_run(memory: Memory, first: int, last: int) -> float:
    """Return the slope of memory between two numbers of runs."""
    runs, resident = memory
    chosen = (runs >= first) & (runs <= last)
    assert chosen.sum() >= 5
    return float(np.polyfit(runs[chosen], resident[chosen], 1)[0])


@pytest.mark.slow
def test_memory_is_flat_over_ten_thousand_runs(memory: Memory) -> None:
    assert bytes_a_run(memory, 2_000, 10_000) < FLAT


@pytest.mark.slow
def test_memory_that_is_kept_is_seen(memory: Memory) -> None:
    assert bytes_a_run(memory, 10_100, 10_500) > 10 * FLAT


def stepped() -> Place:
    place = Place(small_scenario(), seed=3)
    place.step()
    return place


WAYS: dict[str, Callable[[Place], Place]] = {
    "made": lambda place: place,
    "forked": lambda place: place.fork(),
    "restored": lambda place: Place.of(place.save()),
    "copied": copy.copy,
    "copied deeply": copy.deepcopy,
    "unpickled": lambda place: pickle.loads(pickle.dumps(place)),
}


@pytest.mark.parametrize("way", WAYS)
def test_nothing_keeps_a_place_alive(way: str) -> None:
    first = stepped()
    place = WAYS[way](first)
    place.step()
    place.agents.shuffle_do("__repr__")
    references = [weakref.ref(one) for one in (first, place, place.organisations[0], place.partner)]
    del first, place
    gc.collect()
    assert [reference() for reference in references] == [None] * 4


def test_mesa_remembers_no_place() -> None:
    stepped().fork().step()
    gc.collect()
    remembered = getattr(mesa.Agent, "_ids", {})
    assert not any(isinstance(model, Place) for model in remembered)


@pytest.mark.slow
def test_ten_thousand_organisations_within_two_gigabytes() -> None:
    peak, practice = printed(10_000, 120).split()
    assert 10_000 * 9 * 8 < int(peak) < LIMIT
    assert 0 < float(practice) < 1
