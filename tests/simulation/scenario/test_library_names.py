"""A ready one's name and a path of one's own are never taken for one another."""

from pathlib import Path

import pytest

from simulation.scenario import ProblemError, available, load_place, load_route, load_scenario
from simulation.scenario.library import library_root
from tests.simulation.scenario.conftest import Folder

ROUTE = 'title = "My own"\n'


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_name_means_the_ready_one(here):
    assert load_place("gateshead").title == "Gateshead"


def test_a_name_that_is_both_is_refused(here):
    Folder(here / "gateshead")
    with pytest.raises(ProblemError, match="ready place and a folder of yours") as caught:
        load_place("gateshead")
    assert "'./gateshead'" in str(caught.value)
    assert load_place("./gateshead").title == "A small place"
    assert load_place(Path("gateshead")).title == "A small place"


def test_a_file_without_a_suffix_of_a_ready_name_is_refused(here):
    (here / "blended").write_text(ROUTE)
    with pytest.raises(ProblemError, match="ready route and a file of yours"):
        load_route("blended")


def test_a_folder_of_a_ready_scenarios_name_is_no_scenario(here):
    Folder(here / "gateshead")
    with pytest.raises(ProblemError, match="ready place and a folder of yours"):
        load_place("gateshead")
    (here / "gateshead").rename(here / "crisis")
    assert load_scenario("crisis").title == "A crisis in the third year"


def test_the_ready_one_itself_is_not_in_its_own_way(monkeypatch):
    monkeypatch.chdir(library_root() / "places")
    assert load_place("gateshead") == load_place("./gateshead")


def test_a_path_wins_where_no_ready_one_has_the_name(here):
    Folder(here / "mine")
    assert load_place("mine").title == "A small place"
    assert load_place("mine").name == "mine"
    assert load_place("./mine/place.toml") == load_place("mine")


def test_a_missing_path_says_what_is_there(here):
    (here / "my-route.toml").write_text(ROUTE)
    with pytest.raises(ProblemError, match=r"'my-rout.toml' is not there; did you mean 'my-route.toml'"):
        load_route("my-rout.toml")


def test_a_ready_name_with_a_suffix_says_so(here):
    with pytest.raises(ProblemError, match="'blended' alone is a ready route"):
        load_route("blended.toml")


@pytest.mark.parametrize("source", ["", ".", "..", "/", "a\0b", "x" * 5000, "no/such/file", "~", "blended/"])
def test_odd_sources_give_the_one_error(here, source):
    with pytest.raises(ProblemError):
        load_route(source)
    with pytest.raises(ProblemError):
        load_place(source)


def test_paths_in_a_scenario_start_from_its_folder(here, monkeypatch):
    Folder(here / "work" / "mine")
    (here / "work" / "s.toml").write_text('place = "./mine"\nroute = "./r.toml"\n')
    (here / "work" / "r.toml").write_text(ROUTE)
    scenario = load_scenario("work/s.toml")
    assert scenario.place.title == "A small place"
    assert scenario.route.title == "My own"
    assert scenario.route.name == "r"


def test_a_pipe_or_device_is_not_read(here):
    with pytest.raises(ProblemError, match="not an ordinary file"):
        load_route(Path("/dev/zero"))


def test_only_four_kinds_are_kept_ready():
    with pytest.raises(ProblemError, match=r"'route' .*did you mean 'routes'"):
        available("route")  # type: ignore[arg-type]
