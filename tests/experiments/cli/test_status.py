"""Every command ends in the same few ways: a status for each kind of error, --json and --quiet, one or several."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import typer

from experiments import errors
from experiments.cli.main import app, main
from experiments.errors import BAD_INPUT, CAN_NOT, DONE, INTERRUPTED, status_of
from experiments.executors import WorkersError
from experiments.output_folder import OutputError, UnwritableError
from experiments.store import SweepError
from simulation.scenario import ProblemError
from tests.experiments.command import QUICK, ROOT

pytestmark = pytest.mark.process

SURVEY = ROOT / "docs" / "how-to" / "survey.csv"
ABOUT = ("--scenario", "gateshead", "--scale", "0-10", "--starts", "2024-01")
PLAN = 'title = "Two"\nscenarios = ["generated"]\nmonths = 3\n[factors]\ninitial_trust = [0.2, 0.4]\n'
MAP = "Label,Type\nTown Council,Council\nAge UK,Charity\n"
COMMANDS: dict[str, tuple[tuple[object, ...] | None, tuple[object, ...]]] = {
    # what it is given to end well (None: it does not end), and what it is given to be refused
    "list": (("outcomes",), ("rutes",)),
    "run": (("gateshead", "--months", 2, "--out", "new"), ("gatehead",)),
    "compare": (
        ("gateshead", "--routes", "none", "blended", "--replicates", 2, *QUICK, "--out", "new"), ("--replicates", 0)
    ),
    "claims": (("route-in", "--list"), ("rute-in",)),
    "map": (("--dry-run", "--steps", 3), ("--x", "zebra")),
    "fit": ((SURVEY, *ABOUT, "--dry-run"), ("nowhere.csv", "--scenario", "gateshead")),
    "sweep": (("plan.toml", "--out", "new"), ("nowhere.toml",)),
    "status": (("swept",), ("nowhere",)),
    "resume": (("swept",), ("nowhere",)),
    "merge": (("swept", "--out", "new"), ("nowhere", "--out", "new")),
    "export": (("swept", "--out", "new"), ("nowhere",)),
    "analyse": (("swept", "--no-report", "--out", "new"), ("nowhere",)),
    "dashboard": (None, ("--sweep", "nowhere")),
    "place new": (("new",), ("swept",)),
    "place check": (("town",), ("nowhere",)),
    "place import": (("map.csv", "--as", "new"), ("nowhere.csv", "--as", "new")),
    "check": (("plan.toml",), ("nowhere",)),
    "schema": (("route",), ("rute",)),
    "warm": ((), ("--bogus",)),
}  # fmt: skip


def registered(commands: typer.Typer, before: str = "") -> Iterator[tuple[str, typer.models.CommandInfo]]:
    """Yield every command there is, by what is typed."""
    for one in commands.registered_commands:
        yield before + (one.name or one.callback.__name__), one
    for group in commands.registered_groups:
        assert group.typer_instance is not None
        yield from registered(group.typer_instance, f"{before}{group.name} ")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a plan, a map, a place and a sweep that was run."""
    folder = tmp_path_factory.mktemp("desk")
    (folder / "plan.toml").write_text(PLAN, encoding="utf-8")
    (folder / "map.csv").write_text(MAP, encoding="utf-8")
    assert main(["place", "new", "town", "--in", str(folder), "--quiet"]) == DONE
    assert main(["sweep", str(folder / "plan.toml"), "--out", str(folder / "swept"), "--quiet"]) == DONE
    return folder


@pytest.fixture
def said(
    desk: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, str, str]]:
    """Run a command in a folder of its own with the desk's things in it; return status, stdout and stderr."""
    for one in desk.iterdir():
        (tmp_path / one.name).symlink_to(one)
    monkeypatch.chdir(tmp_path)

    def run(*words: object) -> tuple[int, str, str]:
        capfd.readouterr()
        status = main([str(word) for word in words])
        return (status, *capfd.readouterr())

    return run


def test_every_command_is_in_the_table_and_has_both_options() -> None:
    found = dict(registered(app))
    assert set(found) == set(COMMANDS)
    for name in found:
        assert main([*name.split(), "--json", "--quiet", "--help"]) == DONE


@pytest.mark.parametrize("name", COMMANDS)
def test_json_is_one_document_and_quiet_says_where(name: str, said: Callable[..., tuple[int, str, str]]) -> None:
    good, bad = COMMANDS[name]
    status, out, err = said(*name.split(), *bad, "--json")
    assert status == BAD_INPUT
    error = json.loads(out)["error"]
    assert error["status"] == BAD_INPUT
    assert error["text"] in err
    assert said(*name.split(), *bad, "--quiet") == (BAD_INPUT, "", f"Error: {error['text']}\n")
    if good is None:
        return
    status, out, err = said(*name.split(), *good, "--quiet")
    assert (status, err) == (DONE, "")
    if "new" in good:
        assert all(Path(line).exists() for line in out.splitlines())
        assert "new" in out
    again = ["newer" if word == "new" else word for word in good]
    status, out, err = said(*name.split(), *again, "--json")
    assert status == DONE, err
    assert json.loads(out)


def test_a_status_belongs_to_a_type() -> None:
    kinds = {
        ProblemError([]): BAD_INPUT, SweepError(): BAD_INPUT, OutputError(): BAD_INPUT,
        errors.MissingError(): BAD_INPUT, UnwritableError(): CAN_NOT, errors.FailedRunsError(): CAN_NOT,
        WorkersError(): CAN_NOT, OSError(): CAN_NOT, KeyboardInterrupt(): INTERRUPTED, ZeroDivisionError(): None,
    }  # fmt: skip
    assert {error: status_of(error) for error in kinds} == kinds
    page = (ROOT / "docs" / "reliability.md").read_text(encoding="utf-8")
    said = [line for line in str(errors.__doc__).splitlines() if line.startswith("|")]
    assert [line.split("|")[1].strip() for line in said[2:]] == [
        str(s) for s in (DONE, CAN_NOT, BAD_INPUT, INTERRUPTED)
    ]
    assert "\n".join(said) in page


def test_nothing_is_resumed_where_nothing_was_begun(said: Callable[..., tuple[int, str, str]], tmp_path: Path) -> None:
    (tmp_path / "closed").mkdir(mode=0o555)
    status, _, err = said("sweep", "plan.toml", "--out", "/proc/none/x")
    assert status == CAN_NOT
    assert "resume" not in err
    assert "runs are kept" not in err


@pytest.mark.parametrize(
    ("name", "text", "kind"),
    [
        ("route.toml", 'title = "Mine"\n[[phases]]\nmonths = 6\nshares = { help = 0.5 }\n', "route"),
        ("pressure.toml", "[parameters]\ndemand_growth = 0.01\n", "pressure"),
        ("scenario.toml", 'place = "generated"\nmonths = 12\n', "scenario"),
        ("plan.toml", PLAN, "plan"),
        ("town/place.toml", None, "place"),
        ("town", None, "place"),
        ("survey.csv", SURVEY.read_text(encoding="utf-8"), "survey"),
    ],
)
def test_check_takes_any_file(
    name: str, text: str | None, kind: str, said: Callable[..., tuple[int, str, str]], tmp_path: Path
) -> None:
    own = tmp_path / name
    if text is not None:
        own.unlink(missing_ok=True)
        own.write_text(text, encoding="utf-8")
    status, out, err = said("check", name, "--json")
    assert status == DONE, err
    assert json.loads(out)["kind"] == kind
    if text is not None:
        own.write_text(text.replace("months", "monhts").replace("demand_growth", "demand_groth"), encoding="utf-8")
        status, out, err = said("check", name)
        if text != own.read_text(encoding="utf-8"):
            assert status == BAD_INPUT
            assert "did you mean" in err


def test_check_asks_where_it_can_not_tell(said: Callable[..., tuple[int, str, str]], tmp_path: Path) -> None:
    (tmp_path / "odd.toml").write_text("zebra = 1\n", encoding="utf-8")
    status, _, err = said("check", "odd.toml")
    assert status == BAD_INPUT
    assert "--as" in err
    assert said("check", "odd.toml", "--as", "route")[0] == BAD_INPUT
    assert "a stakeholder map" in said("check", ROOT / "README.md")[2]
    assert "looked over together" in said("check", "town/organisations.csv")[2]
    own = "organisation,month,score\nnobody,3,2\n"
    (tmp_path / "own.csv").write_text(own, encoding="utf-8")
    assert said("check", "own.csv", "--scale", "0-10")[0] == DONE
    assert "is not an organisation" in said("check", "own.csv", "--scale", "0-10", "--scenario", "gateshead")[2]


@pytest.mark.parametrize("kind", ["mechanisms", "outcomes", "structures"])
def test_what_is_listed_can_be_typed(kind: str, said: Callable[..., tuple[int, str, str]]) -> None:
    for row in json.loads(said("list", kind, "--json")[1]):
        if kind == "mechanisms":
            words: tuple[object, ...] = ("--without", row["name"])
        elif kind == "structures":
            words = ("--set", f"{row['name']}={row['options'][-1]}")
        else:
            assert row["title"]
            continue
        assert said("run", "generated", "--months", 1, *words, "--quiet")[0] == DONE


def test_one_is_not_said_as_several(said: Callable[..., tuple[int, str, str]]) -> None:
    for words in (
        ("compare", "gateshead", "--routes", "blended", "--replicates", 1, "--months", 1, "--no-structures",
         "--no-pressures", "--out", "one"),
        ("run", "gateshead", "--months", 1),
        ("sweep", "routes-and-seeds", "--dry-run", "--workers", 1),
        ("check", "plan.toml"),
        ("place", "import", "map.csv", "--as", "new", "--without-type", "Charity"),
        ("merge", "swept", "--out", "merged"),
    ):  # fmt: skip
        status, out, err = said(*words)
        assert status == DONE, err
        assert re.findall(r"(?<![\d.,])1 (?:\w+ )?(?:routes|replicates|months|runs|organisations|relationships|workers"
                          r"|parts|points|seeds|folders|scenarios|places)\b", out + err) == []  # fmt: skip


def test_a_list_that_was_cut_says_at_least(said: Callable[..., tuple[int, str, str]], tmp_path: Path) -> None:
    rows = "".join(f"o{k},zoo,{k}\n" for k in range(1, 3_000))
    (tmp_path / "many").mkdir()
    (tmp_path / "many" / "place.toml").write_text("", encoding="utf-8")
    (tmp_path / "many" / "organisations.csv").write_text(f"id,kind,size\n{rows}", encoding="utf-8")
    err = said("check", "many")[2]
    assert err.startswith("Error: at least 1,000 problems:")
    assert "or more" in err
