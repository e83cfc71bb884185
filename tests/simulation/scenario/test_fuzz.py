"""Whatever the bytes, cells and words, reading gives a value object or the one error, and nothing else.

Spoilt routes, pressures, scenarios, places and settings are put to their readers by `tests/fuzz`.
"""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulation.scenario import (
    PlaceFile,
    Pressure,
    ProblemError,
    Route,
    Scenario,
    check_place,
    load_place,
    load_pressure,
    load_route,
    load_scenario,
    with_settings,
)
from tests.simulation.scenario.conftest import Folder

QUICK = settings(max_examples=120, deadline=None)
CELLS = st.sampled_from(["", "a", "b", "c", "0.5", "2", "council", "id", "kind"])
TABLES = st.lists(st.lists(CELLS, max_size=7).map(",".join), max_size=6).map("\n".join)
SETTINGS = st.builds("{}={}".format, st.sampled_from(["nu", "months", "structure.noise"]), st.text(max_size=8))


def outcome(load: Any, source: Any) -> Any:
    """Return what a loader gives: a value object, or the one error, whose text can be shown."""
    try:
        return load(source)
    except ProblemError as error:
        result = error
    assert result.problems
    assert str(result).strip()
    return result


@pytest.mark.parametrize(("load", "kind"), [(load_route, Route), (load_pressure, Pressure), (load_scenario, Scenario)])
@QUICK
@given(content=st.binary(max_size=200))
def test_any_bytes(load: Any, kind: type, content: bytes) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "file.toml"
        path.write_bytes(content)
        assert isinstance(outcome(load, path), kind | ProblemError)


@pytest.mark.parametrize("name", ["organisations.csv", "relationships.csv", "place.toml"])
@QUICK
@given(content=st.binary(max_size=200) | TABLES.map(lambda rows: f"id,kind,size,practice\n{rows}".encode()))
def test_any_file_of_a_place(name: str, content: bytes) -> None:
    with TemporaryDirectory() as path:
        folder = Folder(Path(path) / "mine")
        folder.write(name, content)
        result = outcome(load_place, folder.path)
        assert isinstance(result, PlaceFile | ProblemError)
        assert bool(check_place(folder.path)) == isinstance(result, ProblemError)


@QUICK
@given(st.lists(st.text(max_size=12) | SETTINGS, max_size=4), st.text(max_size=20))
def test_any_settings_and_any_name(texts: list[str], name: str) -> None:
    assert isinstance(outcome(lambda given: with_settings(Scenario(), given), texts), Scenario | ProblemError)
    assert isinstance(outcome(load_route, name), Route | ProblemError)
