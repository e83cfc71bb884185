import json
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest

import simulation
from simulation.parameters import BY_NAME
from simulation.scenario.events import EVENT_TYPES, Event
from simulation.scenario.json_schema import schema_text, schemas
from simulation.scenario.library import library_root
from simulation.vocabulary import KIND_IDS

COMMITTED = Path(simulation.__file__).parent.parent / "docs" / "schemas"
FILES = {"place": "places/*/place.toml", "route": "routes/*.toml", "pressure": "pressures/*.toml", "scenario": "*.toml"}


@pytest.mark.parametrize("name", FILES)
def test_committed_schemas_are_what_is_generated(name):
    text = (COMMITTED / f"{name}.json").read_text(encoding="utf-8")
    assert text == schema_text(schemas()[name]), "run `python -m simulation.scenario.json_schema`"
    assert json.loads(text)["$schema"].startswith("https://json-schema.org/")


@pytest.mark.parametrize("name", FILES)
def test_ready_files_use_only_keys_that_the_schema_knows(name):
    schema = schemas()[name]
    files = sorted(library_root().glob(FILES[name]))
    assert files
    for file in files:
        assert set(tomllib.loads(file.read_text(encoding="utf-8"))) <= set(schema["properties"])


def test_schemas_know_every_parameter_kind_and_event():
    pressure = schemas()["pressure"]
    assert set(pressure["$defs"]["parameters"]["properties"]) == set(BY_NAME)
    assert set(pressure["$defs"]["Budget"]["properties"]["rates"]["properties"]) == set(KIND_IDS)
    assert set(pressure["properties"]["events"]["items"]["discriminator"]["mapping"]) == set(EVENT_TYPES)


def test_event_types_are_those_of_the_events():
    members = get_args(get_args(Event)[0])
    assert tuple(member.model_fields["type"].default for member in members) == EVENT_TYPES


def test_a_file_cannot_set_its_own_name():
    for name in FILES:
        assert "name" not in schemas()[name]["properties"]
        assert schemas()[name]["additionalProperties"] is False


def unbounded(node: object, path: str = "") -> Iterator[str]:
    """Yield where a schema lets a number grow without end."""
    if isinstance(node, dict):
        if node.get("type") in ("integer", "number") and not {"maximum", "exclusiveMaximum"} & set(node):
            yield path
        for key, below in node.items():
            yield from unbounded(below, f"{path}.{key}")
    for k, below in enumerate(node) if isinstance(node, list) else ():
        yield from unbounded(below, f"{path}[{k}]")


def test_every_number_that_a_file_holds_has_an_end():
    assert [path for schema in schemas().values() for path in unbounded(schema)] == []
