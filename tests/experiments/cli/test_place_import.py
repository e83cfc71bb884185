"""`behaviours place import` as a person meets it: real files, real processes."""

from pathlib import Path

import pytest

from experiments.cli.main import main
from simulation.scenario import load_place
from tests.experiments.command import behaviours
from tests.simulation.importers.maps import CONNECTIONS, ELEMENTS, rows, workbook

pytestmark = pytest.mark.process


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "elements.csv").write_text(ELEMENTS + "Jane,Person,\n", encoding="utf-8")
    (tmp_path / "ties.csv").write_text(CONNECTIONS, encoding="utf-8")
    (tmp_path / "map.xlsx").write_bytes(workbook(Elements=rows(ELEMENTS), Connections=rows(CONNECTIONS)))
    return tmp_path


def test_an_import_is_shown_kept_in_the_place_and_runs(folder: Path) -> None:
    done = behaviours("place", "import", "elements.csv", "ties.csv", "--as", "leeds", cwd=folder)
    assert done.returncode == 0, done.stderr
    assert "leeds: 5 organisations, 4 relationships. It checks clean." in done.stdout
    toml = (folder / "leeds" / "place.toml").read_text(encoding="utf-8")
    said = " ".join(done.stdout.split())
    notes = [line for line in " ".join(line.lstrip("# ") for line in toml.splitlines()).split(" - ") if line]
    for words in (
        "elements left out by type: 1: Person (1)",
        "without any tie, kept: 1 of 5",
        "were not used: strength is blank",
    ):
        assert words in said
        assert any(words in note for note in notes)
    assert "Charity 2 voluntary guessed from the type" in said
    assert behaviours("place", "check", "leeds", cwd=folder).returncode == 0
    ran = behaviours("run", "--place", "./leeds", "--route", "blended", "--months", 6, cwd=folder)
    assert ran.returncode == 0, ran.stderr
    assert sorted(path.name for path in folder.iterdir()) == ["elements.csv", "leeds", "map.xlsx", "ties.csv"]


def test_a_workbook_goes_into_a_folder_of_choice(folder: Path) -> None:
    done = behaviours(
        "place", "import", "map.xlsx", "--as", "leeds", "--out", "places/north", "--kind", "Charity=community",
        "--without-type", "Health", "--weights", "0-10", "--columns", "label=Label,tie=Type", cwd=folder,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    place = load_place(folder / "places" / "north")
    assert place.title == "Leeds"
    assert place.council == "leeds-council"
    assert [one.kind for one in place.organisations] == ["council", "community", "community", "community"]
    assert {tie.strength for tie in place.relationships} == {0.3, 0.2, 0.1}
    assert [one.practice for one in place.organisations] == [None] * 4


def test_wrong_ends_are_named_with_file_and_line_and_nothing_is_written(folder: Path) -> None:
    with (folder / "ties.csv").open("a", encoding="utf-8") as stream:
        stream.write("Age UKK,Foodbank,x,1\nNobody,Foodbank,x,1\n")
    done = behaviours("place", "import", "elements.csv", "ties.csv", "--as", "leeds", cwd=folder)
    assert done.returncode == 2
    for words in ("2 problems", "ties.csv, line 6: 'Age UKK'", "did you mean 'Age UK'", "'Nobody'", "--drop-dangling"):
        assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""
    assert not (folder / "leeds").exists()
    dropped = behaviours("place", "import", "elements.csv", "ties.csv", "--as", "leeds", "--drop-dangling", cwd=folder)
    assert dropped.returncode == 0, dropped.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("nowhere.csv", "--as", "x"), "is not there"),
        ((".", "--as", "x"), "is a folder"),
        (("elements.csv", "--as", "gateshead"), "ready place"),
        (("elements.csv", "--as", "../x"), "can't be a place's name"),
        (("elements.csv", "--as", "x", "--out", "."), "there already"),
        (("elements.csv", "--as", "x", "--kind", "Charity"), "no equals sign"),
        (("elements.csv", "--as", "x", "--kind", "Charity=zoo"), "is not a kind"),
        (("elements.csv", "--as", "x", "--columns", "lable=Label"), "did you mean 'label'"),
        (("elements.csv", "--as", "x", "--columns", "label=Lable"), "did you mean 'Label'"),
        (("elements.csv", "--as", "x", "--weights", "big"), "none of the choices"),
        (("elements.csv", "--as", "x", "--encoding", "zlib_codec"), "none of the choices"),
        (("elements.csv", "--as", "x", "--drop-dangling", "--add-dangling"), "can't both be meant"),
        (("elements.csv",), "--as"),
        (("--as", "x"), "FILE"),
    ],
)
def test_what_can_not_be_meant_is_said(
    folder: Path,
    words: tuple[str, ...],
    said: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(folder)
    assert main(["place", "import", *words]) == 2
    assert said in capsys.readouterr().err
    assert not (folder / "x").exists()


def test_where_nothing_can_be_written_the_status_is_one(folder: Path) -> None:
    done = behaviours("place", "import", "map.xlsx", "--as", "x", "--out", "ties.csv/below", cwd=folder)
    assert done.returncode == 1, done.stderr
    assert "can't be written" in done.stderr
    assert "Traceback" not in done.stderr


def test_workbooks_without_their_reader_are_a_message(folder: Path) -> None:
    (folder / "openpyxl.py").write_text("raise ImportError('hidden')\n", encoding="utf-8")
    path = f"{folder}:{Path(__file__).parents[3]}"
    done = behaviours("place", "import", "map.xlsx", "--as", "x", cwd=folder, PYTHONPATH=path)
    assert done.returncode == 2
    assert "pip install 'system-behaviours[import]'" in done.stderr
