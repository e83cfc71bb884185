import pytest

from simulation.parameters import BY_SYMBOL
from simulation.scenario import ProblemError, Scenario, load_scenario, with_settings


def test_settings_reach_the_numbers():
    scenario = with_settings(load_scenario("gateshead"), ["trust_gain=0.1", "P0 = 0.9", "parameters.threshold=.25"])
    assert scenario.numbers.trust_gain == 0.1
    assert scenario.numbers.initial_pressure == 0.9
    assert scenario.numbers.threshold == 0.25


@pytest.mark.parametrize("symbol", BY_SYMBOL)
def test_every_symbol_sets_its_parameter(symbol):
    parameter = BY_SYMBOL[symbol]
    scenario = with_settings(Scenario(), [f"{symbol}={parameter.default!r}"])
    assert scenario.settings == {parameter.name: parameter.default}


def test_a_setting_stands_over_place_scenario_profile_and_switches():
    scenario = load_scenario("gateshead").changed(profile="lean", without=("evidence",), parameters={"partner_days": 5})
    changed = with_settings(scenario, ["days=9", "behaviour_balance=0.4", "evidence_on_threshold=0.3"])
    assert changed.numbers.partner_days == 9
    assert changed.numbers.behaviour_balance == 0.4
    assert changed.numbers.evidence_on_threshold == 0.3


def test_structure_route_months_and_place_can_be_set():
    scenario = with_settings(
        Scenario(),
        [
            "structure.influence=linear",
            "structure.burn_in_months=0",
            "route.number_of_sites=3",
            "route.open_talk=never",
            "months=24",
            "profile=lean",
            "place.days=7",
            "place.generated.organisations=12",
            "place.network.kind=random",
            "place.network.join_isolated=false",
        ],
    )
    assert scenario.structure.influence == "linear"
    assert scenario.structure.burn_in_months == 0
    assert (scenario.route.number_of_sites, scenario.route.open_talk) == (3, "never")
    assert (scenario.months, scenario.profile, scenario.numbers.partner_days) == (24, "lean", 7)
    assert scenario.place.generated.organisations == 12
    assert scenario.place.generated.network.kind == "random"
    assert scenario.place.generated.network.join_isolated is False


def test_the_last_of_two_settings_stands():
    assert with_settings(Scenario(), ["months=5", "months=6"]).months == 6


def test_the_scenario_itself_stays_as_it_was():
    scenario = Scenario()
    before = scenario.content_hash()
    with_settings(scenario, ["trust_gain=0.1"])
    assert scenario.content_hash() == before


FAULTS = {
    "unknown": ("trst_gain=0.1", ["'trst_gain'", "'trust_gain'?"]),
    "unknown structure": ("structure.influense=linear", ["'structure.influense'", "'structure.influence'?"]),
    "misspelt choice": ("structure.influence=liner", ["structure.influence", "'liner'", "hill", "'linear'?"]),
    "no value": ("months", ["'months'", "key=value"]),
    "blank value": ("months=", ["'months='", "key=value"]),
    "blank": ("", ["key=value"]),
    "decimal comma": ("trust_gain=0,1", ["trust_gain", "'0,1'", "decimal comma: write 0.1"]),
    "not a number": ("trust_gain=lots", ["trust_gain", "'lots'", "not a number", "0 to 1"]),
    "out of range": ("T0=2", ["T0", "'2'", "0 to 1"]),
    "numbers that do not fit": ("slip_back=0.9", ["slip_back *", "at most 1"]),
    "half a month": ("months=1.5", ["months", "'1.5'", "whole number"]),
    "too long": ("months=99999", ["months", "'99999'", "at most 1200"]),
    "unknown profile": ("profile=leen", ["profile", "'leen'", "'lean'?"]),
    "half a site": ("route.number_of_sites=2.5", ["route.number_of_sites", "'2.5'", "whole number"]),
    "derived": ("v0=0.5", ["'v0'", "nothing that can be set"]),
    "too many relationships": ("place.generated.organisations=999999999", ["organisations", "at most 1000000"]),
}


@pytest.mark.parametrize(("text", "said"), FAULTS.values(), ids=FAULTS)
def test_a_fault_of_a_setting_is_named(text, said):
    with pytest.raises(ProblemError) as caught:
        with_settings(Scenario(), [text])
    message = str(caught.value)
    assert [part for part in ["--set", *said] if part not in message] == [], message


def test_settings_of_a_generated_place_are_refused_for_one_from_files():
    with pytest.raises(ProblemError, match="place\\.generated\\.organisations' is for a generated place"):
        with_settings(load_scenario("gateshead"), ["place.generated.organisations=3"])


def test_all_faults_come_together():
    with pytest.raises(ProblemError) as caught:
        with_settings(Scenario(), ["a=1", "trust_gain=x", "months=1", "structure.noise=loud"])
    assert len(caught.value.problems) == 3


def test_an_implausible_setting_is_a_note():
    notes = []
    with_settings(Scenario(), ["trust_gain=0.5", "trust_decay=0.01"], notes=notes)
    assert notes == ["--set: trust_gain = 0.5 lies outside its plausible range, 0.04 to 0.12"]
