"""What an address holds is read back as it was, and nothing that stands in one breaks a page."""

import string
from dataclasses import fields
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from dashboard.address import DEFAULTS, HISTORY, KINDS, SCHEMA, VERSION_KEYS, History, Settings, from_query, key, ready
from dashboard.runs import chosen
from dashboard.session import Session, Visitor
from simulation import MODEL_VERSION
from simulation.parameters import BY_NAME, PARAMETERS
from simulation.vocabulary import BEHAVIOUR_IDS

few = hypothesis_settings(max_examples=60, deadline=None)
texts = st.text(max_size=30)
numbers = st.dictionaries(
    st.sampled_from([p.name for p in PARAMETERS]), st.floats(0, 1), max_size=4
).map(lambda found: {n: min(max(v, BY_NAME[n].hard_low), BY_NAME[n].hard_high) for n, v in found.items()})  # fmt: skip


@st.composite
def settings(draw: st.DrawFn) -> Settings:
    """Any settings that a page can come to."""

    def maybe(name: str, values: st.SearchStrategy) -> dict:
        return draw(st.one_of(st.just({}), values.map(lambda value: {name: value})))

    changes = {
        **maybe("scenario", st.sampled_from(ready("scenarios"))),
        **maybe("place", st.one_of(st.sampled_from(ready("places")), st.just("sha-" + 64 * "a"))),
        **maybe("route", st.sampled_from(ready("routes"))),
        **maybe("pressure", st.sampled_from(ready("pressures"))),
        **maybe("months", st.integers(1, 600)),
        **maybe("seed", st.integers(0, 2**53 - 1)),
        **maybe("month", st.integers(0, 600)),
        **maybe("organisation", st.text(min_size=1, max_size=40)),
        **maybe("behaviour", st.sampled_from(BEHAVIOUR_IDS)),
        **maybe("profile", st.just("lean")),
        **maybe("compare", st.lists(st.sampled_from(ready("routes")), unique=True, min_size=1, max_size=4).map(tuple)),
        **maybe("influence", st.just("degroot")),
        **maybe("burn_in", st.sampled_from(["free", "held"])),
        **maybe("find", st.text(min_size=1, max_size=60)),
        **maybe("mechanism", st.sampled_from(["demand", "all"])),
        **maybe("parameters", numbers.map(dict.items)),
    }
    return Settings().changed(**changes)


@few
@given(settings())
def test_settings_come_back_from_an_address(found: Settings) -> None:
    assert from_query(found.to_query()) == (found, ())
    assert from_query("?" + found.to_query(whole=True)) == (found, ())


def test_only_what_differs_is_written() -> None:
    assert Settings().to_query() == ""
    assert Settings().to_query(whole=True) == f"v={SCHEMA}&model={MODEL_VERSION}"
    found = Settings().changed(seed=7).with_parameter("trust_gain", 0.1)
    assert found.to_query() == f"v={SCHEMA}&model={MODEL_VERSION}&seed=7&trust-gain=0.1"
    assert found.with_parameter("trust_gain", None) == Settings().changed(seed=7)


names = st.one_of(
    texts, st.text(string.printable, max_size=60), st.sampled_from([*map(key, KINDS), *map(key, BY_NAME)])
)


@few
@given(names, st.one_of(texts, st.floats().map(str), st.integers().map(str)))
def test_any_address_is_answered_with_settings_that_run(name: str, value: str) -> None:
    read = from_query(f"{quote(name)}={quote(value)}")
    assert from_query(read.settings.to_query()) == (read.settings, ())
    chosen(read.settings)


@pytest.mark.parametrize(
    ("query", "words", "name", "value"),
    [
        ("seed=-1", "seed was “-1”; it has to be a whole number from 0", "seed", 0),
        ("seed=1e9", "It was set to the default", "seed", 1_000_000),
        ("route=blendid", "perhaps blended", "route", ""),
        ("months=9999", "It was set to 600", "months", 600),
        ("trust-gain=2", "a number from 0 to 1. It was set to 1.", "parameters", (("trust_gain", 1.0),)),
        ("trust-gain=nan", "It was set to the default", "parameters", ()),
        ("compare=none,x,blended", "It was set to none,blended", "compare", ("none", "blended")),
        ("place=../../etc/passwd", "a ready place", "place", ""),
        ("sead=1", "“sead” is nothing that can be set here; seed is", "seed", 1_000_000),
        ("seed=1&seed=2", "", "seed", 2),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_and_set_to_what_works(query: str, words: str, name: str, value: object) -> None:
    read = from_query(query)
    assert words in " ".join(read.notes)
    assert bool(read.notes) == bool(words)
    assert getattr(read.settings, name) == value


def test_a_very_long_address_is_not_read() -> None:
    assert from_query("seed=" + 9000 * "1").notes[0].startswith("The address is longer")
    assert from_query("a&" * 3000).notes[0].startswith("The address holds too many")


def test_what_no_address_can_hold_is_not_set_and_what_was_set_stands() -> None:
    pushed: list[str] = []
    session = Session(Settings(seed=3), (), "/", "/?seed=3", Visitor(), lambda: pushed.append("drawn"), pushed.append)
    many = {parameter.name: parameter.hard_low + 1 / 3 for parameter in PARAMETERS}
    for changes in ({"decisions": "1." + "A" * 6_001}, {"named": "1." + "A" * 5_000, "decisions": "1." + "A" * 5_000}):
        session.commit(**changes, parameters=many.items())
        assert pushed.pop() == "drawn"
        assert session.visitor.refused == session.address
    session.commit(decisions="1." + "A" * 1_000)
    assert "decisions=1.AAA" in pushed.pop()
    assert session.visitor.refused == ""


def test_an_older_link_says_what_changed() -> None:
    history = History(
        schema=3, model=4, renamed={2: {"luck": "seed"}, 3: {"way": "route"}}, said={4: "trust decays slower"}
    )
    read = from_query("v=1&model=3&luck=5&way=blended", history=history)
    assert (read.settings.seed, read.settings.route) == (5, "blended")
    assert read.notes == (
        "This link was made with version 3 of the model; this is 4. The model has changed since: trust decays slower.",
    )
    newer = from_query("v=9&model=9", history=history).notes
    assert "newer pages" in newer[0]
    assert "version 9 of the model; this is 4" in newer[1]


def test_every_version_of_the_model_since_the_first_link_says_what_it_changed() -> None:
    assert set(range(2, MODEL_VERSION + 1)) <= set(HISTORY.said)


def test_no_key_means_two_things() -> None:
    keys = [*map(key, KINDS), *map(key, BY_NAME), *VERSION_KEYS]
    assert len(keys) == len(set(keys))


def test_every_setting_is_in_the_address() -> None:
    assert {f.name for f in fields(Settings)} - set(KINDS) == {"parameters"}
    assert DEFAULTS["seed"] == 1_000_000
