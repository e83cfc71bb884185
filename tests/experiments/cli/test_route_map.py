"""The command says what it would take, what it found, and in one line why it can't."""

import json

import pytest

from experiments.cli.main import main


def test_a_dry_run_says_fewest_and_most_and_writes_nothing(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["map", "--dry-run", "--steps", "4", "--most", "80", "--month", "3"]) == 0
    said = capsys.readouterr().out
    assert "16 cells (4 by 4), two routes" in said
    assert "fewest: 640 runs" in said
    assert "most: 2,560 runs" in said
    assert list(tmp_path.iterdir()) == []


def test_a_map_goes_from_the_command_to_json(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    asked = ["map", "--steps", "2", "--most", "20", "--month", "3", "--no-report", "--json"]
    assert main([*asked, "--routes", "none", "blended"]) == 0
    printed = capsys.readouterr()
    said = json.loads(printed.out)
    assert said["routes"] == ["none", "blended"]
    assert len(said["cells"]) == 4
    assert said["folder"] == "results/map"
    assert "round 1 of at most 1: 4 cells, to 20 pairs each" in printed.err


def test_the_folder_without_a_name_is_numbered_where_it_holds_another_map(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    asked = ["map", "--steps", "2", "--most", "20", "--month", "2", "--no-report", "--executor", "serial"]
    for more in ([], ["--seed", "7"], []):
        assert main([*asked, *more]) == 0
    assert sorted(path.name for path in (tmp_path / "results").iterdir()) == ["map", "map-2"]
    assert main([*asked, "--seed", "7", "--out", "results/map"]) == 2
    assert "first_seed: 1000000 there, 7 here" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--x", "initial_presure"), "did you mean 'initial_pressure'"),
        (("--y", "initial_pressure"), "is on both axes"),
        (("--x", "initial_trust=0:2", "--y", "P0"), "--x"),
        (("--steps", "1"), "--steps"),
        (("--routes", "none", "none"), "given twice"),
        (("nowhere",), "nowhere"),
        (("--memory", "1"), "--executor processes"),
        (("--precision", "-1"), "--precision"),
    ],
)
def test_what_can_not_be_mapped_is_one_clear_error(tmp_path, monkeypatch, capsys, arguments, words):
    monkeypatch.chdir(tmp_path)
    assert main(["map", *arguments]) == 2
    said = capsys.readouterr()
    assert said.err.startswith("Error: ")
    assert words in said.err
    assert said.out == ""
    assert list(tmp_path.iterdir()) == []
