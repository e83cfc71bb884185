"""Names that mean something to HTML, figures or spreadsheets are names and no more, in everything that is written."""

import csv
import re
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import polars as pl
import pytest

from experiments.compare import compare
from experiments.comparison import Comparison
from experiments.export import write_csv
from experiments.reporting.comparison import report_page
from experiments.reporting.figures.comparison import draw_figures
from experiments.reporting.figures.sheet import Picture
from simulation.scenario import load_place, load_scenario
from tests.hostile import HOSTILE, place_folder, text

ROOT = Path(__file__).parents[3]
EVIL = HOSTILE[0]
HANDLER = re.compile(r"on[a-z]+")


@pytest.fixture(scope="module")
def scenario(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A scenario whose every text is hostile: its own, its route's, its pressure's and its place's."""
    folder = tmp_path_factory.mktemp("hostile")
    place_folder(folder / "town")
    for kind, name in {"routes": "blended", "pressures": "austerity"}.items():
        ready = (ROOT / "scenarios" / kind / f"{name}.toml").read_text(encoding="utf-8")
        said = re.sub(r"(?m)^(title|description|name) = .*$", lambda found: f"{found[1]} = {text(EVIL)}", ready)
        (folder / f"{kind}.toml").write_text(said, encoding="utf-8")
    path = folder / "scenario.toml"
    path.write_text(
        f'title = {text(EVIL)}\nplace = "./town"\nroute = "./routes.toml"\npressure = "./pressures.toml"\n', "utf-8"
    )
    return path


@pytest.fixture(scope="module")
def compared(scenario: Path) -> tuple[Comparison, tuple[Picture, ...]]:
    loaded = load_scenario(scenario)
    found = compare([loaded], [loaded.route, "prototype-led"], replicates=3, months=12, pressures=False,
                    structures=False)  # fmt: skip
    return found, draw_figures(found)


class Handlers(HTMLParser):
    """Collects what could run."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [f"{tag} {name}" for name, _ in attrs if HANDLER.fullmatch(name)]
        self.found += [f"{tag} {value}" for name, value in attrs if name == "href" and not str(value).startswith("#")]
        self.found += [
            f"{tag} {value}" for name, value in attrs if name == "src" and not str(value).startswith("data:")
        ]
        self.found += [tag] if tag == "script" else []

    def handle_data(self, data: str) -> None:
        self.text += data


def test_every_name_is_read_whole(scenario: Path) -> None:
    place = load_place(scenario.parent / "town")
    assert [one.name for one in place.organisations] == [name.removeprefix("'") for name in HOSTILE]
    assert {tie.kind for tie in place.relationships} == {name.removeprefix("'") for name in HOSTILE}


def test_a_report_shows_names_and_runs_none(compared: tuple[Comparison, tuple[Picture, ...]]) -> None:
    page = Handlers(report_page(*compared))
    assert page.found == []
    assert EVIL in page.text


def test_a_figure_draws_a_dollar_as_a_dollar(compared: tuple[Comparison, tuple[Picture, ...]]) -> None:
    for picture in compared[1]:
        tree = ElementTree.fromstring(picture.svg)
        assert [one.tag for one in tree.iter() if any(HANDLER.fullmatch(name) for name in one.attrib)] == []
        assert not any(one.tag.endswith(("script", "foreignObject")) for one in tree.iter())


def test_no_text_of_a_table_is_a_formula_and_every_number_stays_one(tmp_path: Path) -> None:
    frame = pl.DataFrame({"name": [*HOSTILE, "-0.5", "+1e-3", None], "value": [-1.5] * (len(HOSTILE) + 3)})
    write_csv(frame, tmp_path / "table.csv")
    rows = list(csv.reader((tmp_path / "table.csv").read_text(encoding="utf-8").splitlines()))[1:]
    assert [row for row in rows if row[0][:1] in "=@" and row[0]] == []
    assert [row[0] for row in rows if row[0][:1] in ("-", "+")] == ["-0.5", "+1e-3"]
    assert {row[1] for row in rows} == {"-1.5"}
