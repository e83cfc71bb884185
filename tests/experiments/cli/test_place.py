"""`behaviours place new` and `place check`: a template that is complete, and every problem at once."""

import stat
import tomllib
from pathlib import Path

import pytest

from experiments.cli.place import check_name, write_place
from simulation.scenario import ProblemError, check_place, load_place
from simulation.scenario.library import FILES, template_files
from simulation.vocabulary import BEHAVIOUR_IDS, KIND_IDS
from tests.experiments.command import behaviours

pytestmark = pytest.mark.process


def test_the_template_checks_clean_runs_and_is_never_written_over(tmp_path: Path) -> None:
    made = behaviours("place", "new", "my-town", cwd=tmp_path)
    assert made.returncode == 0, made.stderr
    assert sorted(path.name for path in (tmp_path / "my-town").iterdir()) == sorted(FILES)
    checked = behaviours("place", "check", "my-town", cwd=tmp_path)
    assert (checked.returncode, checked.stderr) == (0, "")
    assert "nothing is wrong (6 organisations, 7 relationships)" in checked.stdout
    (tmp_path / "my-town" / "place.toml").write_text("mine", encoding="utf-8")
    again = behaviours("place", "new", "my-town", cwd=tmp_path)
    assert again.returncode == 2
    assert "nothing is written over it" in again.stderr
    assert (tmp_path / "my-town" / "place.toml").read_text(encoding="utf-8") == "mine"
    assert [path.name for path in tmp_path.iterdir()] == ["my-town"]


def test_place_check_and_check_are_one(tmp_path: Path) -> None:
    assert behaviours("place", "new", "town", "--in", "places", cwd=tmp_path).returncode == 0
    folder = tmp_path / "places" / "town"
    tables = {
        "organisations.csv": ("voluntary", "voluntry"),
        "relationships.csv": ("advice,residents", "advise,residents"),
    }
    for name, (right, wrong) in tables.items():
        text = (folder / name).read_text(encoding="utf-8")
        (folder / name).write_text(text.replace(right, wrong), encoding="utf-8")
    toml = folder / "place.toml"
    toml.write_text(toml.read_text(encoding="utf-8").replace("days = 20", "days = -3"), encoding="utf-8")
    done = [behaviours(*words, "places/town", cwd=tmp_path) for words in (("place", "check"), ("check",))]
    assert done[0].returncode == done[1].returncode == 2
    assert done[0].stderr == done[1].stderr
    for part in ("3 problems", "organisations.csv, line 6", "'voluntry'", "'advise'", "did you mean 'advice'", "days"):
        assert part in done[0].stderr
    assert "Traceback" not in done[0].stderr


def test_the_template_says_what_every_column_means() -> None:
    text = template_files("my-town")["place.toml"]
    assert "@" not in text
    comments = "\n".join(line.partition("#")[2] for line in text.splitlines())
    for word in (*KIND_IDS, *BEHAVIOUR_IDS, "threshold", "budget_exposure", "strength", "trust", "percent"):
        assert word in comments
    assert max(map(len, text.splitlines())) <= 120


@pytest.mark.parametrize("name", ["my-town", "Ort_2", "łódź", "x.y"])
def test_a_name_is_the_folder_and_the_title(tmp_path: Path, name: str) -> None:
    check_name(name)
    write_place(template_files(name), tmp_path / name)
    place = load_place(tmp_path / name)
    assert place.name == name
    assert place.title == tomllib.loads((tmp_path / name / "place.toml").read_text(encoding="utf-8"))["title"]


@pytest.mark.parametrize(
    "name", ["", ".", "..", "../x", "a/b", "a\\b", "-x", "My Town", "x\n", 'a"b', "gateshead", "x.toml"]
)
def test_other_names_are_refused(name: str) -> None:
    with pytest.raises(ProblemError):
        check_name(name)


def test_files_that_make_no_place_leave_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(ProblemError, match="organisations"):
        write_place({**template_files("x"), "organisations.csv": "id\na\n"}, tmp_path / "x")
    assert list(tmp_path.iterdir()) == []


def test_an_empty_folder_is_filled_and_readable_by_others(tmp_path: Path) -> None:
    (tmp_path / "x").mkdir()
    write_place(template_files("x"), tmp_path / "x")
    assert check_place(tmp_path / "x") == []
    assert stat.S_IMODE((tmp_path / "x").stat().st_mode) & 0o055 == 0o055


def test_a_link_to_elsewhere_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "x").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(ProblemError, match="there already"):
        write_place(template_files("x"), tmp_path / "x")


def test_where_nothing_can_be_written_the_status_is_one(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    done = behaviours("place", "new", "x", "--in", "file/below", cwd=tmp_path)
    assert done.returncode == 1, done.stderr
    assert "can't be written" in done.stderr
    assert "Traceback" not in done.stderr
