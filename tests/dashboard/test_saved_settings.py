"""What is saved comes back as it was, and any text at all gives settings or words."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.address import KINDS, SCHEMA, History, Settings, from_query, key
from dashboard.pages import PAGES
from dashboard.runs import chosen
from dashboard.saved_settings import MARK, MOST_BYTES, WHAT, loaded, saved
from simulation import MODEL_VERSION
from simulation.parameters import BY_NAME
from tests.dashboard.test_address import few, settings

PATHS = [page.PATH for page in PAGES]


def file_of(given: Any, **more: Any) -> str:
    return json.dumps({MARK: WHAT, "schema": SCHEMA, "model": MODEL_VERSION, "settings": given} | more)


@few
@given(settings(), st.sampled_from(PATHS))
def test_settings_come_back_from_a_file(found: Settings, path: str) -> None:
    assert loaded(saved(found, path), PATHS) == loaded(saved(found, path).encode().decode(), PATHS)
    read = loaded(saved(found, path), PATHS)
    assert (read.settings, read.path, read.notes) == (found, path, ())


def test_a_file_says_its_versions_and_only_what_differs() -> None:
    found = Settings().changed(seed=7, compare=("blended", "none")).with_parameter("trust_gain", 0.1)
    assert json.loads(saved(found, "/decide")) == {
        "system-behaviours": "settings", "schema": SCHEMA, "model": MODEL_VERSION, "page": "/decide",
        "settings": {"seed": 7, "compare": "blended,none", "trust-gain": 0.1},
    }  # fmt: skip


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)
keys = st.sampled_from([*map(key, KINDS), *map(key, BY_NAME), "v", "model"]) | st.text(max_size=12)


def check_usable(text: str) -> None:
    """Fail unless a text is refused in words, or gives settings that an address holds and a run can be made of."""
    read = loaded(text, PATHS)
    told = "\n".join(read.notes)
    told.encode()
    if read.settings is None:
        assert told.endswith("Nothing was changed.")
        return
    assert from_query(read.settings.to_query(whole=True)) == (read.settings, ())
    assert read.path in ("", *PATHS)
    chosen(read.settings)


@few
@given(st.text(st.characters(), max_size=60))
def test_any_text_is_answered(text: str) -> None:
    check_usable(text)


@few
@given(anything, st.dictionaries(keys, anything, max_size=5), st.integers(-3, 9) | anything)
def test_any_json_is_answered(content: Any, given: dict, schema: Any) -> None:
    check_usable(json.dumps(content))
    check_usable(file_of(given, schema=schema, page=content))
    check_usable(file_of(given))
    check_usable(file_of(content))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "There is no text."),
        ('{"seed": 1,\n "x" 2}', "it can’t be read on from line 2, character 6"),
        ("[1, 2]", "no file of settings"),
        ('{"settings": {}}', "no file of settings"),
        (file_of({}, schema=None), "does not say which version"),
        (file_of({}, schema=SCHEMA + 8), "saved by newer pages"),
        (200_000 * "[", f"larger than {MOST_BYTES // 1024} kB"),
        (30_000 * "[", "nests too deeply"),
        (f'{{"a": {5000 * "1"}}}', "too long a number"),
        (file_of({f"k{k}": 1 for k in range(501)}), "more than 500"),
    ],
)
def test_what_can_t_be_read_is_refused_in_words(text: str, words: str) -> None:
    read = loaded(text, PATHS)
    assert read.settings is None
    assert words in read.notes[0]
    assert read.notes[0].endswith("Nothing was changed.")


def test_what_is_wrong_in_a_file_is_said_and_set_to_what_works() -> None:
    given = {"sead": 1, "seed": -4, "route": "prototypeled", "trust-gain": 7, "partner-days": "many", "month": [1]}
    read = loaded(file_of(given, page="/nowhere"), PATHS)
    assert read.settings == Settings().changed(seed=0).with_parameter("trust_gain", 1.0)
    told = " ".join(read.notes)
    parts = ("“sead” is nothing that can be set here; seed is", "seed was “-4”", "perhaps prototype-led",
             "a number from 0 to 1. It was set to 1", "partner-days was “many”", "“[1]”", "/nowhere")  # fmt: skip
    assert [part for part in parts if part not in told] == []
    assert read.path == ""


def test_a_file_of_an_older_model_says_what_changed() -> None:
    history = History(schema=3, model=4, renamed={2: {"luck": "seed"}}, said={4: "trust decays slower"})
    read = loaded(file_of({"luck": 5}, schema=1, model=3), PATHS, history=history)
    assert read.settings == Settings().changed(seed=5)
    assert read.notes == (
        "This file was made with version 3 of the model; this is 4. The model has changed since: trust decays slower.",
    )
