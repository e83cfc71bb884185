"""Headline numbers are what they were, unless somebody moved them on purpose."""

import pytest

from experiments.baseline import (
    HEADLINES_FILE,
    READINGS,
    SEEDS,
    headlines,
    main,
    moved,
    read_headlines,
    write_headlines,
)
from simulation.scenario import available


def test_no_headline_number_has_moved():
    lines = moved(read_headlines(), headlines())
    assert not lines, "\n".join(
        [
            "Headline numbers of the model moved:",
            *lines,
            "If that is meant: run `make baseline`, and add a line to CHANGELOG.md under Model numbers that says why.",
        ]
    )


def test_every_ready_place_and_route_is_in_the_file():
    rows = {(place.name, route.name) for place in available("places") for route in available("routes")}
    assert set(read_headlines()) == rows
    assert all(values.keys() == READINGS.keys() for values in read_headlines().values())


def test_a_moved_number_is_named_with_both_values():
    before = read_headlines()
    place, route = next(iter(before))
    now = {key: dict(values) for key, values in before.items()}
    now[place, route]["trust at 120"] += 2e-6
    (line,) = moved(before, now)
    assert line.startswith(f"{place}, {route}, trust at 120: was ")
    now[place, route]["trust at 120"] -= 1.5e-6
    assert moved(before, now) == []
    now[place, route]["trust at 120"] = float("nan")
    assert len(moved(before, now)) == 1


def test_rows_that_come_and_go_are_named():
    before = read_headlines()
    key = next(iter(before))
    less = {other: values for other, values in before.items() if other != key}
    assert moved(before, less) == [f"{key[0]}, {key[1]}: gone"]
    assert moved(less, before) == [f"{key[0]}, {key[1]}: new"]


def test_the_file_says_again_what_was_written(tmp_path):
    write_headlines(read_headlines(), tmp_path / "again.csv")
    assert (tmp_path / "again.csv").read_bytes() == HEADLINES_FILE.read_bytes()


def test_the_command_fails_where_numbers_moved_and_mends_when_told_to(tmp_path, monkeypatch, capsys):
    numbers = read_headlines()
    monkeypatch.setattr("experiments.baseline.headlines", lambda: numbers)
    other = tmp_path / "headlines.csv"
    assert main(["--file", str(other)]) == 1
    assert main(["--file", str(other), "--write"]) == 0
    assert "CHANGELOG" in capsys.readouterr().out
    assert main(["--file", str(other)]) == 0


@pytest.mark.parametrize("other", [range(200), range(10_000, 10_200), range(20_000, 20_040)])
def test_seeds_are_its_own(other):
    assert not set(SEEDS) & set(other)
