"""The how-to on a place of one's own shows what the command does."""

import re
from pathlib import Path

import pytest

from experiments.cli.main import main
from simulation.importers.choices import COLUMNS, WEIGHTS
from simulation.importers.tables import MOST_BYTES, MOST_ELEMENTS, MOST_TIES
from simulation.scenario import tables
from simulation.vocabulary import BEHAVIOUR_IDS, KIND_IDS

PAGE = (Path(__file__).parents[2] / "docs" / "your-own-place.md").read_text(encoding="utf-8")


def test_the_example_gives_what_the_page_shows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    tables = re.findall(r"```csv\n(.*?)```", PAGE, re.DOTALL)
    for name, text in zip(("elements.csv", "ties.csv"), tables, strict=True):
        (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert main(["place", "import", "elements.csv", "ties.csv", "--as", "my-town"]) == 0
    printed = capsys.readouterr().out
    assert f"```\n{printed}```" in PAGE


def test_every_option_is_on_the_page_and_the_other_way_round(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["place", "import", "--help"]) == 0
    options = set(re.findall(r"--[a-z-]+", capsys.readouterr().out.replace("--header/", ""))) - {"--help", "--header"}
    told = set(re.findall(r"--[a-z][a-z-]+", PAGE)) - {"--place", "--route"}  # those of `behaviours run`
    assert options == told


def test_columns_kinds_and_limits_are_those_of_the_code() -> None:
    first = {name for row in re.findall(r"^\| (`.*?) \|", PAGE, re.MULTILINE) for name in re.findall(r"`(\w+)`", row)}
    known = {*tables.ORGANISATION_COLUMNS.all, *tables.RELATIONSHIP_COLUMNS.all} - set(BEHAVIOUR_IDS)
    assert first == known
    for word in (*COLUMNS, *(scale for scale in WEIGHTS)):
        assert f"`{word}`" in PAGE
    for kind in KIND_IDS:
        assert kind in PAGE
    assert f"{MOST_BYTES // 1_000_000} MB, a map {MOST_ELEMENTS:,} elements and {MOST_TIES:,} ties" in PAGE
