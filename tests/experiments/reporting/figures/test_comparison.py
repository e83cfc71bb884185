"""Figures: every file is there, says where it comes from, is the same every time, and says no more than was found."""

import hashlib
import io
import pickle
import subprocess
import sys
import warnings
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import matplotlib
import numpy as np
import polars as pl
import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from matplotlib.font_manager import FontProperties, fontManager
from matplotlib.text import Text
from PIL import Image

from experiments.compare import compare
from experiments.comparison import Comparison, level, path_band
from experiments.reporting.figures import fonts
from experiments.reporting.figures.comparison import draw_figures, write_figures
from experiments.reporting.figures.fonts import FAMILY, LettersWarning
from experiments.reporting.figures.layout import positions
from experiments.reporting.figures.sheet import TEXT_WIDTH, TITLE_SIZE, Picture, png_bytes, wrapped
from experiments.reporting.figures.style import GROUP_LINES, KIND_MARKERS, darker, route_line, spread
from experiments.reporting.phrases import CAVEAT
from simulation.vocabulary import GROUPS, KIND_IDS
from tests.experiments.comparisons import (
    FIRST_SEED,
    exchanged,
    judged_again,
    small,
    small_pictures,
    two_places,
    two_places_pictures,
    undecided_pictures,
)
from tests.experiments.reporting.test_phrases import WINNING

ROOT = Path(__file__).parents[4]
NAMES = (
    "routes-over-time", "difference-over-time", "pressures", "groups-over-time", "organisations-and-behaviours",
    "network",
)  # fmt: skip
DC = "{http://purl.org/dc/elements/1.1/}"
SVG = "{http://www.w3.org/2000/svg}"


def by_name(drawn: tuple[Picture, ...]) -> dict[str, Picture]:
    return {picture.name: picture for picture in drawn}


@pytest.mark.slow
def test_every_figure_is_written_as_svg_and_png(tmp_path: Path) -> None:
    paths = write_figures(small(), tmp_path / "figures", pictures=small_pictures())
    assert [path.name for path in paths] == [f"{name}-generated.{end}" for name in NAMES for end in ("svg", "png")]
    assert sorted(path.name for path in (tmp_path / "figures").iterdir()) == sorted(path.name for path in paths)
    assert all(path.stat().st_size > 5_000 for path in paths)


@pytest.mark.parametrize("name", NAMES)
def test_an_svg_says_where_it_comes_from_and_what_is_to_be_seen(name: str) -> None:
    picture = by_name(small_pictures())[name]
    tree = ET.fromstring(picture.svg)
    said = {tag: "".join(tree.find(f".//{DC}{tag}").itertext()).strip() for tag in ("title", "source", "description")}  # type: ignore[union-attr]
    assert said["title"] == picture.title
    assert said["description"].startswith(CAVEAT)
    assert said["source"] == picture.provenance
    assert f"seeds {FIRST_SEED}\u2013{FIRST_SEED + 19}" in said["source"]
    assert "scenario generated" in said["source"]
    assert tree.find(f".//{DC}date") is None
    assert tree.get("role") == "img"
    assert tree.find(f"{SVG}title").text == picture.title  # type: ignore[union-attr]
    assert tree.find(f"{SVG}desc").text == picture.alt  # type: ignore[union-attr]


@pytest.mark.parametrize("name", NAMES)
def test_a_png_says_where_it_comes_from(name: str) -> None:
    picture = by_name(small_pictures())[name]
    with Image.open(io.BytesIO(png_bytes(picture))) as image:
        assert image.text["Title"] == picture.title  # type: ignore[attr-defined]
        assert image.text["Source"] == picture.provenance  # type: ignore[attr-defined]
        assert image.text["Description"].startswith(CAVEAT)  # type: ignore[attr-defined]
        assert image.width >= 1000


def test_the_caveat_and_the_provenance_are_visible_in_every_figure() -> None:
    for picture in small_pictures():
        words = " ".join(text.get_text() for text in picture.figure.texts).replace("\n", " ")
        assert CAVEAT in words
        assert picture.provenance in words
        assert picture.title in words


@pytest.mark.slow
def test_every_figure_has_words_and_numbers_that_stand_for_it() -> None:
    for picture in (*small_pictures(), *two_places_pictures()):
        assert len(picture.alt) > 60
        assert picture.caption.endswith(".")
        assert picture.table.height > 0
        assert all(cell for row in picture.table.iter_rows() for cell in row)


@pytest.mark.slow
def test_figures_are_the_same_bytes_again_whatever_the_settings_of_the_person() -> None:
    with matplotlib.rc_context({"font.size": 30, "svg.fonttype": "none", "savefig.dpi": 40, "axes.facecolor": "red"}):
        again = draw_figures(small())
        for before, after in zip(small_pictures(), again, strict=True):
            assert after.svg == before.svg
            assert png_bytes(after) == png_bytes(before)
        assert matplotlib.rcParams["font.size"] == 30


@pytest.mark.slow
def test_figures_are_the_same_bytes_in_another_process(tmp_path: Path) -> None:
    (tmp_path / "comparison").write_bytes(pickle.dumps(small()))
    program = (
        "import hashlib, pickle, sys\n"
        "from experiments.reporting.figures.comparison import draw_figures\n"
        "drawn = draw_figures(pickle.load(open(sys.argv[1], 'rb')))\n"
        "print(hashlib.sha256(''.join(p.svg for p in drawn).encode()).hexdigest())"
    )
    there = subprocess.run(
        [sys.executable, "-c", program, tmp_path / "comparison"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    here = hashlib.sha256("".join(picture.svg for picture in small_pictures()).encode()).hexdigest()
    assert there.stdout.strip() == here


def test_pyplot_is_not_touched() -> None:
    program = "import sys, experiments.reporting.figures.comparison; sys.exit('matplotlib.pyplot' in sys.modules)"
    subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=True)


def words_of(picture: Picture) -> list[str]:
    return [picture.title, picture.alt, *(str(cell) for row in picture.table.iter_rows() for cell in row)]


def test_no_figure_names_a_winner_where_nothing_is_decided() -> None:
    drawn = by_name(undecided_pictures())
    for picture in drawn.values():
        assert not [words for words in words_of(picture) if WINNING.search(words)]
    assert "do not decide between prototype-led and manifesto-led" in drawn["difference-over-time"].title


def test_exchanging_the_labels_exchanges_the_routes_in_a_title() -> None:
    before = by_name(small_pictures())["difference-over-time"].title
    after = by_name(draw_figures(judged_again(exchanged(small()))))["difference-over-time"].title
    assert "prototype-led ends ahead by" in before
    other = before.replace("prototype-led", "x").replace("manifesto-led", "prototype-led").replace("x", "manifesto-led")
    assert after == other


def test_the_band_over_time_ends_where_the_tables_say() -> None:
    for route in small().routes:
        ends = path_band(small(), "generated", route, "practice")[:, -1]
        found = level(small(), "generated", route, "practice")
        assert found is not None
        assert ends == pytest.approx([found.low, found.median, found.high], abs=1e-6)


def test_figures_of_a_single_route_need_no_pair() -> None:
    found: Comparison = compare(["generated"], ["blended"], replicates=2, first_seed=FIRST_SEED, months=12)
    assert [picture.name for picture in draw_figures(found)] == [
        "routes-over-time", "groups-over-time", "organisations-and-behaviours", "network",
    ]  # fmt: skip


def test_positions_are_stored_by_ties_alone_and_no_two_marks_coincide() -> None:
    who = two_places().pictures["gateshead"]
    points = positions(who)
    assert (positions(who) == points).all()
    gaps = np.sqrt(((points[:, None] - points[None]) ** 2).sum(axis=2)) + np.eye(len(points))
    assert gaps.min() > 0.03


def test_every_kind_and_group_has_a_mark_of_its_own() -> None:
    assert set(KIND_MARKERS) == set(KIND_IDS)
    assert len(set(KIND_MARKERS.values())) == len(KIND_IDS)
    assert set(GROUP_LINES) == set(GROUPS)
    routes = ("none", "manifesto-led", "prototype-led", "blended", "mine", "another")
    looks = [route_line(route, routes) for route in routes]
    assert len({(look.colour, look.dashes) for look in looks}) == len(routes)


@pytest.mark.parametrize("route", ["manifesto-led", "prototype-led", "blended", "diagnostic-first", "opportunistic"])
def test_lines_are_dark_enough_to_show_on_white_in_grey(route: str) -> None:
    red, green, blue = (part / 255 for part in bytes.fromhex(darker(route_line(route, ()).colour)[1:]))
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in (red, green, blue)]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    assert 1.05 / (luminance + 0.05) >= 3


def test_labels_at_line_ends_are_moved_apart_and_keep_their_order() -> None:
    moved = spread(np.array([0.50, 0.51, 0.10]), 0.1, 0.0, 1.0)
    assert moved[1] - moved[0] >= 0.1 - 1e-12
    assert moved[2] < moved[0] < moved[1]
    assert moved.min() >= 0
    assert moved.max() <= 1


@pytest.mark.parametrize("name", ["routes-over-time", "groups-over-time", "organisations-and-behaviours", "network"])
def test_every_route_is_drawn_and_is_in_the_numbers(name: str) -> None:
    picture = by_name(small_pictures())[name]
    drawn = " ".join(" ".join(text.get_text() for text in picture.figure.findobj(Text)).split())
    table = " ".join([*picture.table.columns, *map(str, picture.table.rows())])
    for route in small().routes:
        assert small().titles[route] in drawn
        assert small().titles[route] in table


def test_a_caption_names_only_what_is_drawn() -> None:
    """No dots without a run without partner, no dashes where no partner leaves, no mark of a verdict not given."""
    captions = [by_name(pictures)["routes-over-time"].caption for pictures in (small_pictures(), two_places_pictures())]
    assert "dotted" in captions[0]
    assert "dotted" not in captions[1]
    shorter = compare(["generated"], ["blended"], replicates=2, months=6)
    assert by_name(draw_figures(shorter))["routes-over-time"].caption.endswith("lie in it.")
    given = {*small().pressures["verdict"], *small().contrasts.filter(pl.col("named_beforehand"))["verdict"]}
    caption = by_name(small_pictures())["pressures"].caption
    assert {word for word in ("ahead", "leans", "undecided") if f": {word}" in caption} == given - {SMALL}
    assert ("square" in caption) == (SMALL in given)


# Letters

SMALL = "no difference that matters"

LACKED = "\u6771\u4eac"
"""Two letters that matplotlib's own fonts lack."""


def titled(title: str) -> Comparison:
    """Return the small comparison with one title for its place and all its routes."""
    names = dict.fromkeys((*small().scenarios, *small().routes), title)
    return replace(small(), titles=small().titles | names)


@pytest.fixture
def wide_font(tmp_path: Path) -> Iterator[str]:
    """Install a font for matplotlib that has the letters which its own lack; yield its family."""
    builder = FontBuilder(1000, isTTF=True)
    pen = TTGlyphPen(None)
    for k, point in enumerate([(50, 0), (50, 700), (850, 700)]):
        (pen.lineTo if k else pen.moveTo)(point)
    pen.closePath()
    names = [".notdef", *(f"u{ord(letter):04X}" for letter in LACKED)]
    builder.setupGlyphOrder(names)
    builder.setupCharacterMap({ord(letter): f"u{ord(letter):04X}" for letter in LACKED})
    builder.setupGlyf(dict.fromkeys(names, pen.glyph()))
    builder.setupHorizontalMetrics(dict.fromkeys(names, (900, 50)))
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupNameTable({"familyName": "Wide Letters", "styleName": "Regular"})
    builder.setupOS2()
    builder.setupPost()
    path = tmp_path / "wide.ttf"
    builder.save(path)
    fontManager.addfont(path)
    yield "Wide Letters"
    fontManager.ttflist = [entry for entry in fontManager.ttflist if entry.fname != str(path)]


@pytest.mark.slow
def test_letters_that_no_font_has_are_told_once_and_drawn_as_boxes() -> None:
    with pytest.warns(LettersWarning) as told:
        drawn = draw_figures(titled(f"{LACKED} \U0001fae8\ufe0f town"))
    assert len(told) == 1
    assert all(code in str(told[0].message) for code in ("U+6771", "U+4EAC", "U+1FAE8"))
    assert "FE0F" not in str(told[0].message)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for picture in drawn:
            assert LACKED in picture.title
            assert LACKED in "".join(text.get_text() for text in picture.figure.findobj(Text))
            ET.fromstring(picture.svg)
            assert len(png_bytes(picture)) > 5_000


def test_letters_that_another_font_has_are_written_in_it(wide_font: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        picture = draw_figures(titled(f"{LACKED} town"))[0]
        assert picture.svg
    families = [text.get_fontfamily() for text in picture.figure.findobj(Text) if LACKED in text.get_text()]
    assert families
    assert all(family == [FAMILY, wide_font] for family in families)
    plain = [text.get_fontfamily() for text in picture.figure.findobj(Text) if text.get_text().isascii()]
    assert all(family == [FAMILY] for family in plain)


def test_a_font_installed_after_matplotlib_made_its_list_is_found(
    wide_font: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = [entry for entry in fontManager.ttflist if entry.name != wide_font]
    (tmp_path / "damaged.ttf").write_bytes(b"no font")
    monkeypatch.setattr(fontManager, "ttflist", known)
    monkeypatch.setattr(fonts, "_has_looked", False)
    monkeypatch.setattr(fonts, "findSystemFonts", lambda: [str(path) for path in tmp_path.glob("*.ttf")])
    assert fonts.width(LACKED, FontProperties(size=10)) == pytest.approx(18, rel=0.01)
    assert wide_font in {entry.name for entry in fontManager.ttflist}


@pytest.mark.slow
def test_what_looks_like_a_formula_is_drawn_as_it_is_written() -> None:
    """A name is text: neither is a $ the beginning of a formula, nor does half a formula end the drawing."""
    title = r"Cost $x_1$ & $\frac{1}$ {%_^~#" + "\x01\u200b"
    for picture in draw_figures(titled(title)):
        assert not any(text.get_parse_math() for text in picture.figure.findobj(Text))
        ET.fromstring(picture.svg)
        assert png_bytes(picture)


@pytest.mark.slow
@pytest.mark.parametrize("title", ["\u5e02" * 200, "x" * 300, "W" * 3 + " " + "m" * 200])
def test_a_title_without_blanks_is_broken_to_the_width_of_the_figure(title: str) -> None:
    font = FontProperties(size=TITLE_SIZE, weight="bold")
    lines = list(wrapped(title, font))
    assert "".join(lines).replace(" ", "") == title.replace(" ", "")
    assert all(fonts.width(line, font) <= TEXT_WIDTH for line in lines)
