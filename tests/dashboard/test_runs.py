"""Settings become the scenario that the command line would run, and runs are kept, bounded and unchangeable."""

import numpy as np
import pytest

from dashboard.address import Settings
from dashboard.runs import Kept, chosen, place_name, run
from simulation.run import simulate
from simulation.scenario import load_place, load_route, load_scenario, with_settings


def test_settings_make_the_scenario_of_the_command_line() -> None:
    settings = Settings().changed(scenario="gateshead", route="blended", months=36, influence="linear")
    expected = load_scenario("gateshead").changed(route=load_route("blended"))
    expected = with_settings(expected, ["months=36", "structure.influence=linear", "trust_gain=0.1"])
    found = chosen(settings.with_parameter("trust_gain", 0.1))
    assert found.notes == ()
    assert found.scenario.content_hash() == expected.content_hash()
    assert np.array_equal(run(found.scenario, 3)["practice"], simulate(expected, 3)["practice"])


def test_what_only_says_where_one_looks_makes_no_other_scenario() -> None:
    looking = Settings().changed(seed=9, month=4, organisation="x", behaviour="shared_power", compare=("none",))
    assert chosen(looking) is chosen(Settings())


def test_a_place_of_ones_own_is_used_where_the_visitor_has_it() -> None:
    place = load_place("gateshead").model_copy(update={"title": "Mine"})
    settings = Settings().changed(place=place_name(place))
    assert chosen(settings, {place_name(place): place}).scenario.place.title == "Mine"
    without = chosen(settings)
    assert without.missing == settings.place
    assert "open its file" in without.notes[0]


def test_numbers_that_do_not_fit_together_are_left_out_and_said() -> None:
    found = chosen(Settings().with_parameter("slip_back", 1).with_parameter("slip_back_rigidity", 50))
    assert "The numbers set by hand could not be used" in found.notes[0]
    assert found.scenario.settings == {}


def test_runs_are_kept_once_within_their_bounds_and_cannot_be_changed() -> None:
    scenario = load_scenario("generated").changed(months=12)
    one = Kept().run(scenario, 1, detail="full", explain=True)
    size = sum(array.nbytes for array in one.record)
    kept = Kept(most_bytes=3 * size + size // 2)
    first = kept.run(scenario, 1, detail="full", explain=True)
    assert kept.run(scenario.changed(), 1, detail="full", explain=True) is first
    for seed in range(2, 12):
        kept.run(scenario, seed, detail="full", explain=True)
    assert len(kept) == 3
    assert kept.bytes <= 3.5 * size
    with pytest.raises(ValueError, match="read-only"):
        first.record.series[0, 0] = 1
