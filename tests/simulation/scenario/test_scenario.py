"""A content hash depends on what a file says, not on where it is, how it is written, or which process reads it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import simulation
from simulation.scenario import Scenario, available, load_place, load_route, load_scenario, with_settings
from tests.simulation.scenario.conftest import Folder

CHECKOUT = Path(simulation.__file__).parent.parent

ONE = """title = "Mine"
number_of_sites = 3
open_talk = "never"

[[phases]]
months = 20
shares = { help = 0.5, convene = 0.25 }
"""
SAME = """# another comment
open_talk = 'never'   # and here
title = "Mine"
number_of_sites = 3
days_factor = 1
phases = [ { shares.convene = 0.25, shares.help = 0.50, months = 20 } ]
"""


def route(tmp_path, name, text):
    path = tmp_path / name
    path.write_text(text)
    return load_route(path)


def test_comments_order_of_keys_and_file_names_do_not_count(tmp_path):
    assert route(tmp_path, "a.toml", ONE).content_hash() == route(tmp_path, "b.toml", SAME).content_hash()


@pytest.mark.parametrize(("old", "new"), [("20", "21"), ("0.25", "0.26"), ("never", "adaptive"), ("= 3", "= 4")])
def test_what_the_file_says_counts(tmp_path, old, new):
    changed = route(tmp_path, "b.toml", ONE.replace(old, new, 1))
    assert route(tmp_path, "a.toml", ONE).content_hash() != changed.content_hash()


def test_a_place_has_the_same_hash_in_another_folder_and_saved_by_another_program(tmp_path):
    one, other = Folder(tmp_path / "one"), Folder(tmp_path / "deep" / "other")
    other.write("organisations.csv", b"\xef\xbb\xbf" + one.read("organisations.csv").replace(",", ";").encode())
    other.write("relationships.csv", one.read("relationships.csv").replace("\n", "\r\n"))
    assert load_place(one.path).content_hash() == load_place(other.path).content_hash()
    assert load_place(one.path).name != load_place(other.path).name


def test_a_scenario_has_the_same_hash_under_another_name(tmp_path):
    ready = load_scenario("early-exit")
    copy = tmp_path / "copy.toml"
    copy.write_text(
        f'title = "{ready.title}"\ndescription = "{ready.description}"\nplace = "gateshead"\nroute = "prototype-led"\n'
        '[[events]]\nnote = "the grant is not renewed"\nmonth = 24\ntype = "funder-exit"\n'
    )
    assert load_scenario(copy).content_hash() == ready.content_hash()
    assert load_scenario(copy).name == "copy"


def test_settings_change_the_hash():
    plain = Scenario()
    assert with_settings(plain, ["trust_gain=0.1"]).content_hash() != plain.content_hash()


def test_no_two_ready_scenarios_have_one_hash():
    hashes = [load_scenario(ready.name).content_hash() for ready in available("scenarios")]
    assert len(set(hashes)) == len(hashes)


@pytest.mark.process
@pytest.mark.parametrize("seed", ["0", "1"])
def test_another_process_finds_the_same_hashes(seed):
    program = "import sys; from simulation.scenario import load_scenario as load\n"
    program += "print(*[load(name).content_hash() for name in sys.argv[1:]])"
    names = ["gateshead", "vision-alone", "generated", "crisis"]
    environment = os.environ | {"PYTHONHASHSEED": seed}
    command = [sys.executable, "-c", program, *names]
    answer = subprocess.run(command, capture_output=True, text=True, check=True, env=environment, cwd=CHECKOUT)
    assert answer.stdout.split() == [load_scenario(name).content_hash() for name in names]


def test_a_hash_is_the_same_each_time_and_for_each_copy():
    scenario = load_scenario("gateshead")
    assert scenario.content_hash() == scenario.content_hash() == scenario.changed().content_hash()
