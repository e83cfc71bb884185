"""A scenario that was fitted is written so that what is read again runs the same."""

import pytest

from simulation.run import simulate
from simulation.scenario import load_place, load_pressure, load_route, load_scenario, with_settings
from simulation.scenario.events import Closure
from simulation.scenario.files import write_scenario
from simulation.scenario.library import library_root


@pytest.mark.parametrize("name", ["generated", "gateshead-austerity", "crisis"])
def test_a_ready_scenario_goes_by_its_name_and_a_changed_one_by_its_file(name, tmp_path):
    ready = load_scenario(name)
    assert write_scenario(ready, tmp_path) == name
    assert list(tmp_path.iterdir()) == []
    changed = with_settings(ready, ["trust_gain=0.1", "structure.influence=linear", "months=6"])
    assert write_scenario(changed, tmp_path) == "./scenario.toml"
    again = load_scenario(tmp_path / "scenario.toml")
    assert simulate(again, 3)["practice"].tolist() == simulate(changed, 3)["practice"].tolist()


def test_a_place_of_one_s_own_is_written_beside_it(tmp_path):
    own = load_place(library_root() / "places" / "gateshead").model_copy(
        update={"title": 'A "town"\nof mine', "practice_high": 0.3, "name": "mine"}
    )
    what = load_scenario("gateshead").changed(
        place=own, pressure=load_pressure("crisis"), route=load_route("diagnostic-first-depth"), without=("windows",),
        months=30, events=(Closure(month=4, organisation="adult-social-care"),),
    )  # fmt: skip
    assert write_scenario(what, tmp_path) == "./scenario.toml"
    again = load_scenario(tmp_path / "scenario.toml")
    assert again.place.content_hash() == own.content_hash()
    assert simulate(again, 3)["practice"].tolist() == simulate(what, 3)["practice"].tolist()
