"""Bands, what was changed, and what the change does, without a browser."""

import json
from dataclasses import replace
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from dashboard.address import Settings, from_query, key, titles
from dashboard.pages.assumptions.bands import BEYOND, HIGH, LOW, USUAL, bands_of, reach_of, word_of
from dashboard.pages.assumptions.changes import RULES, changes_of, own_numbers, put_back, set_number, usual
from dashboard.pages.assumptions.effect import CHANGED_LINE, drawing_of, effect_of, judged, long_words, short_words
from dashboard.pages.assumptions.numbers import PRIMARY_WORDS, listing, matters, number_in
from dashboard.runs import chosen, run, source_of, spread_of
from experiments.baseline import measured
from simulation.parameters import BY_NAME, PARAMETERS, Parameter
from simulation.scenario import Structure, load_scenario
from tests.dashboard.test_address import few, settings

ids = [parameter.name for parameter in PARAMETERS]


@pytest.mark.parametrize("parameter", PARAMETERS, ids=ids)
def test_every_number_has_words_a_slider_and_a_place_in_links(parameter: Parameter) -> None:
    reach = reach_of(parameter)
    assert parameter.hard_low <= reach.low < reach.high <= parameter.hard_high
    assert reach.low <= parameter.default <= reach.high
    if parameter.low is not None and parameter.high is not None:
        assert reach.low <= parameter.low < parameter.high <= reach.high
        inside = parameter.low <= parameter.default <= parameter.high
        assert word_of(parameter, parameter.default) == (USUAL if inside else BEYOND)
        assert word_of(parameter, parameter.high) in (HIGH, USUAL)
        assert word_of(parameter, parameter.low) in (LOW, USUAL)
        assert word_of(parameter, parameter.high + 1e-6) == word_of(parameter, parameter.low - 1e-6) == BEYOND
    ends = (parameter.low, parameter.high, 0.9 * parameter.default)
    wanted = next(value for value in ends if value is not None and value != parameter.default)
    read = from_query(f"{key(parameter.name)}={wanted!r}")
    found = chosen(read.settings)
    assert (read.notes, found.notes) == ((), ())
    assert getattr(found.scenario.numbers, parameter.name) == wanted
    assert "1 number set by hand" in source_of(read.settings, found.scenario)


@few
@given(st.sampled_from([p for p in PARAMETERS if p.low is not None]), st.floats(-2, 70))
def test_a_word_is_beyond_plausible_exactly_where_the_table_says_so(parameter: Parameter, value: float) -> None:
    assert (word_of(parameter, value) == BEYOND) == (not parameter.is_plausible(value))
    bands = bands_of(parameter)
    assert bands is not None
    assert bands.low <= bands.low_ends <= bands.high_begins <= bands.high


def test_every_number_is_listed_once_with_its_source() -> None:
    rows = [row for group in json.loads(listing()) for row in group["rows"]]
    assert sorted(row["name"] for row in rows) == sorted(BY_NAME)
    for row in rows:
        about, parameter = dict(row["about"]), BY_NAME[row["name"]]
        assert row["assumed"] or parameter.basis.lower() in about["Source"].lower()
        assert {"Unit", "The table’s default", "Plausible", "Possible", "Source"} <= set(about)
        assert json.dumps(row).count("Infinity") == 0


def test_every_rule_of_the_model_can_be_chosen() -> None:
    fields = Structure.model_fields
    options = {
        name: {option for part in (field.annotation, *get_args(field.annotation)) for option in get_args(part)}
        for name, field in fields.items()
        if name != "burn_in_months"
    }
    assert {rule.name for rule in RULES} == set(options)
    for rule in RULES:
        assert set(rule.options) - {""} == {option for option in options[rule.name] if isinstance(option, str)}
        for option in rule.options:
            found = chosen(from_query(f"{key(rule.name)}={option}" if option else "").settings)
            assert found.notes == ()
            assert (getattr(found.scenario.structure, rule.name) or "") == option


def test_what_was_changed_is_said_of_every_chart() -> None:
    found = Settings().changed(pressure="austerity", noise="none", profile="lean").with_parameter("partner_days", 45)
    told = source_of(found, chosen(found).scenario)
    assert f"{titles('pressures')['austerity']}, 1 number set by hand, 2 rules changed; one run" in told
    assert "changed" not in source_of(Settings(), chosen(Settings()).scenario)


def test_which_numbers_matter_is_what_the_packaged_results_say() -> None:
    content = measured().content
    assert content is not None
    named = {
        leaning["parameter"]
        for finding in content["findings"]
        if finding["name"] == "route-in"
        for leaning in finding["space"]["leanings"]
    }
    assert named
    assert {name for name, told in matters().items() if told[0].startswith(PRIMARY_WORDS)} == named
    assert {row["name"] for group in json.loads(listing()) for row in group["rows"] if row["matters"]} == named


def test_what_was_changed_is_listed_with_old_and_new_value_and_put_back() -> None:
    found = Settings().changed(pressure="austerity", influence="threshold", seed=5, burn_in="free")
    found = found.with_parameter("partner_days", 45).with_parameter("trust_gain", 0.2)
    listed = changes_of(found, titles("pressures"))
    own = load_scenario(found.scenario).numbers
    days = next(change for change in listed if change.key == "partner_days")
    assert [change.key for change in listed] == ["pressure", "influence", "burn_in", "trust_gain", "partner_days"]
    assert (float(days.old), days.new, days.note) == (own.partner_days, "45", "high")
    assert "beyond plausible: 0.04 to 0.12" in listed[3].note
    assert changes_of(usual(found), titles("pressures")) == []
    for change in listed:
        found = put_back(found, change.key)
    assert found == Settings().changed(seed=5)
    assert put_back(found, "seed") == put_back(found, "nonsense") == found


@hypothesis_settings(max_examples=12, deadline=None)
@given(settings())
def test_a_list_is_empty_where_nothing_was_changed(found: Settings) -> None:
    listed = changes_of(found, titles("pressures"))
    assert usual(usual(found)) == usual(found)
    for change in listed:
        found = put_back(found, change.key)
    assert changes_of(found, titles("pressures")) == []
    assert chosen(found).scenario == chosen(usual(found)).scenario


def test_a_number_moved_to_where_it_was_is_no_change() -> None:
    own = own_numbers(Settings()).numbers
    moved = set_number(Settings(), "partner_days", 33, own)
    assert dict(moved.parameters) == {"partner_days": 33}
    assert set_number(moved, "partner_days", own.partner_days, own) == Settings()
    assert own_numbers(moved).numbers == own


@pytest.mark.parametrize(
    "given",
    [None, 3, {}, {"name": "x", "value": 1}, {"name": ["trust_gain"], "value": 1}, {"name": "trust_gain"},
     {"name": "trust_gain", "value": "0.1"}, {"name": "trust_gain", "value": float("nan")},
     {"name": "trust_gain", "value": True}],
)  # fmt: skip
def test_what_a_browser_sends_is_a_number_of_the_model_or_nothing(given: object) -> None:
    assert number_in(given) is None


def test_the_effect_is_told_from_the_runs() -> None:
    plain = chosen(Settings()).scenario
    now = chosen(Settings().with_parameter("partner_days", 60)).scenario
    base, other = run(plain, 1_000_000), run(now, 1_000_000)
    quiet = effect_of(base, None, spread_of(plain), None)
    assert "Nothing is changed" in short_words(quiet)
    assert len(drawing_of(quiet, "").columns) == 4
    effect = effect_of(base, other, spread_of(plain), spread_of(now))
    gap = 10 * (other.at("practice", 120) - base.at("practice", 120))
    assert f"{gap:+.2f}" in short_words(effect).replace("\u2212", "-")
    apart = 10 * (spread_of(now).at("practice", -1) - spread_of(plain).at("practice", -1)).mean()
    assert f"{apart:+.2f} of 10 on average" in long_words(effect).replace("\u2212", "-")
    assert CHANGED_LINE in drawing_of(effect, "").columns
    moving = replace(effect, changed_spread=None)
    assert "Let go" in long_words(moving)
    assert len(drawing_of(moving, "").columns) == 5


def test_words_for_an_interval() -> None:
    assert judged(0.03, 0.05, 20) == "more practice, by a difference that matters"
    assert judged(-0.05, -0.03, 20) == "less practice, by a difference that matters"
    assert judged(-0.01, 0.01, 20) == "too small to matter"
    assert judged(-0.05, 0.06, 20) == "these runs can’t tell which way"
    assert "perhaps too little" in judged(0.01, 0.06, 20)
