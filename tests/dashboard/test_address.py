"""What an address holds is read back as it was, and nothing that stands in one breaks a page."""

import json
import string
import zlib
from base64 import urlsafe_b64encode
from contextlib import suppress
from dataclasses import fields, replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from dashboard.address import (
    DEFAULTS,
    HISTORY,
    KINDS,
    LONGEST_PACKED,
    SCHEMA,
    VERSION_KEYS,
    CutError,
    History,
    LinkError,
    OtherPagesError,
    Packed,
    Settings,
    from_query,
    key,
    ready,
)
from dashboard.pages.compare.collection import NAMED, Named
from dashboard.pages.decide.branches import Tree
from dashboard.pages.decide.draft import Intent
from dashboard.pages.decide.serialisation import BRANCHES, INTENTS
from dashboard.pages.sweep.points import Scale, read_ranges
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


# Packed texts, as pages keep their own values in


FORKED = Tree().forked(0, 24, "Ä “quoted” name")
OF_PAGES = (
    (BRANCHES, FORKED), (INTENTS, Intent(talk="never", name="Depth")), (NAMED, (Named("Calm", Settings(seed=3)),)),
)  # fmt: skip
PLAIN: Packed[Any] = Packed("The values", None, lambda value: value, json.loads)


@few
@given(
    st.recursive(st.booleans() | st.integers() | texts, lambda inner: st.lists(inner) | st.dictionaries(texts, inner))
)
def test_what_is_packed_comes_back_and_what_is_mangled_is_refused_by_type(value: Any) -> None:
    text = PLAIN.to_text(value)
    assert quote(text, safe="") == text
    assert PLAIN.from_text(text) == value
    for where in range(0, len(text), 7):
        for mangled in (text[:where], text[:where] + "é" + text[where:], text[:where] + text[where + 3 :]):
            with suppress(LinkError):
                PLAIN.from_text(mangled)


@pytest.mark.parametrize(("codec", "value"), OF_PAGES, ids=["branches", "intent", "named"])
def test_a_page_s_part_of_a_link_that_can_t_be_read_is_said_by_type_and_in_words(codec: Packed, value: Any) -> None:
    assert (codec.to_text(codec.empty), codec.from_text("")) == ("", codec.empty)
    text = codec.to_text(value)
    assert codec.from_text(text) == value
    for cut in (text[:-3], "1.AAAA", "x", "nonsense", "1.", "1.é", "1." + "A" * LONGEST_PACKED):
        with pytest.raises(CutError, match=f"{codec.what} in this link can't be read: perhaps a part of it was cut"):
            codec.from_text(cut)
    with pytest.raises(OtherPagesError, match="made with other pages than these"):
        codec.from_text("2.AAAA")


def test_a_packed_bomb_is_refused() -> None:
    packer = zlib.compressobj(9, wbits=-15)
    bomb = packer.compress(b" " * 10_000_000) + packer.flush()
    assert len(bomb) < 10_000
    with pytest.raises(CutError):
        PLAIN.from_text("1." + urlsafe_b64encode(b"00" + bomb).decode()[:LONGEST_PACKED])


# Links as version 1 of the pages wrote them


STORED = json.loads((Path(__file__).parent / "links.json").read_text(encoding="utf-8"))
SCALES = [Scale(name, name, "", "", low, high, tuple(levels)) for name, low, high, levels in STORED["scales"]]


def plain(value: Any) -> Any:
    return [plain(part) for part in value] if isinstance(value, tuple) else value


def differing(found: Settings) -> dict[str, Any]:
    """Return what a link says, but for what is packed in it."""
    names = [f.name for f in fields(Settings) if f.name not in ("decisions", "intent", "named")]
    return {name: plain(getattr(found, name)) for name in names if getattr(found, name) != DEFAULTS[name]}


def unpacked(codec: Packed, text: str) -> Any:
    try:
        value = codec.from_text(text)
    except LinkError as error:
        return {"refused": {CutError: "cut off", OtherPagesError: "other pages"}[type(error)]}
    return [[one.name, differing(one.settings)] for one in value] if codec is NAMED else codec.write(value)


@pytest.mark.parametrize("stored", STORED["links"], ids=lambda row: row["link"][:60])
def test_every_link_of_version_1_says_what_it_did(stored: dict[str, Any]) -> None:
    read = from_query(stored["link"].partition("?")[2], history=replace(HISTORY, model=1))
    found: dict[str, Any] = {"link": stored["link"], "settings": differing(read.settings)}
    for name, codec in (("decisions", BRANCHES), ("intent", INTENTS), ("named", NAMED)):
        if text := getattr(read.settings, name):
            found[name] = unpacked(codec, text)
    if read.settings.within:
        found["within"] = {name: list(ends) for name, ends in read_ranges(read.settings.within, SCALES).items()}
    said = {"notes": list(read.notes)} if read.notes else {}
    assert {name: value for name, value in (found | said).items() if value or name == "settings"} == stored
