"""What is said of a map follows from its numbers and names no route where none may be; it opens without a network."""

import re
from html.parser import HTMLParser

import numpy as np
import pytest

from experiments.reporting.figures.route_map import draw_route_map
from experiments.reporting.route_map import (
    OPEN,
    SAME,
    headline,
    levels_sentence,
    line_sentence,
    outward_sentence,
    report_page,
    runs_sentence,
)
from experiments.reporting.terminal import drawing, map_account
from tests.experiments.maps import made_up, small_map, small_plan

SIDES = np.tile([-0.1, 0.0, 0.1], (3, 1))


def plan(**more):
    return small_plan(**{"precision": None, **more})


@pytest.fixture(scope="module")
def page():
    return (small_map()[1] / "report.html").read_text()


class Reader(HTMLParser):
    """Collect what a page's elements say."""

    def __init__(self, text):
        super().__init__()
        self.images, self.ids, self.links, self.outside = [], set(), [], []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        said = dict(attributes)
        self.ids |= {said["id"]} if "id" in said else set()
        self.images += [said] if tag == "img" else []
        self.links += [said["href"]] if tag == "a" else []
        addresses = [said[key] for key in ("src", "href") if key in said]
        self.outside += [address for address in addresses if not address.startswith(("#", "data:"))]


def test_the_page_is_one_file_whose_pictures_have_words(page):
    read = Reader(page)
    assert read.outside == []
    assert {link.removeprefix("#") for link in read.links} <= read.ids
    assert len(read.images) == 2
    assert all(len(image["alt"]) > 100 for image in read.images)
    assert "Illustrative, not predictive" in page
    assert page.count("The numbers behind this figure") == 2
    assert page.count('<th scope="row"') > 18


def test_the_page_says_by_which_rule_and_what_intervals_do_not_hold(page):
    found, _ = small_map()
    text = re.sub(r"<[^>]+>", " ", page)
    assert "not adjusted for there being many cells" in text
    assert "lean outward" in text or "No cell stopped early" in text
    assert f"the rule saved {found.saved:,}" in text
    assert "20 and 40 pairs of runs" in text
    assert "behaviours map" in text


def test_which_route_does_better_is_said_only_where_intervals_allow_it():
    both = made_up(plan(), SIDES)
    assert "prototype-led is ahead in 3" in headline(both)
    assert "manifesto-led is ahead in 3" in headline(both)
    turned = made_up(plan(), -SIDES)
    assert headline(turned) == headline(both)
    assert "change sides" in line_sentence(both)
    wide = made_up(plan(), 0 * SIDES, spread=0.9, seed=2)
    assert headline(wide).endswith("neither prototype-led nor manifesto-led is shown to be ahead in any cell")
    same = made_up(plan(), 0 * SIDES, spread=0.001)
    assert headline(same).endswith("no difference that matters between prototype-led and manifesto-led in any cell")
    assert "change sides" not in line_sentence(same)
    one = made_up(plan(), np.abs(SIDES) + 0.1)
    assert "manifesto-led" not in headline(one)
    assert line_sentence(one).startswith("There is no break-even line")


def test_a_line_among_open_cells_is_no_change_of_sides():
    found = made_up(plan(), [[0.1, 0.1, 0.0]] * 3, spread=0.05, seed=4)
    assert found.contours.break_even
    assert "a change of sides is not shown" in line_sentence(found)


def test_levels_say_where_both_routes_stay_flat_and_where_both_take_practice_far():
    assert "under both routes in 9 cells, and ends above 2.5 under both in 0" in levels_sentence(
        made_up(plan(), 0 * SIDES, level=0.05)
    )
    found = levels_sentence(made_up(plan(), SIDES, level=0.3))
    assert "under both routes in 0 cells, and ends above 2.5 under both in 6; above 2.5 under one route alone:" in found
    assert "manifesto-led in 3" in found


def test_what_the_rule_saved_and_which_estimates_lean_outward_is_counted():
    found = made_up(plan(), SIDES)
    assert "6 cells stopped early because the interval left zero out" in outward_sentence(found).lower()
    assert found.runs + found.saved == 2 * 9 * 40
    assert f"the rule saved {found.saved:,}" in runs_sentence(found)
    by_width = made_up(plan(precision=0.5), SIDES)
    assert "do not lean outward" in outward_sentence(by_width)
    assert outward_sentence(made_up(plan(most=20), SIDES)) == "No cell stopped early because of its sign."


def test_the_terminal_draws_the_map_with_the_highest_value_on_top():
    found = made_up(plan(), [[-0.1, -0.1, -0.1], [0, 0, 0], [0.1, 0.1, 0.1]])
    rows = [line.split("|")[1].split() for line in drawing(found).splitlines() if "|" in line]
    assert rows == [["++"] * 3, ["="] * 3, ["--"] * 3]
    assert headline(found) in " ".join(map_account(found).split())


def test_figures_are_the_same_every_time_and_tell_who_is_on_which_side():
    found = made_up(plan(), SIDES)
    (one, levels), (again, _) = draw_route_map(found), draw_route_map(found)
    assert one.svg == again.svg
    assert "Illustrative, not predictive" in one.svg
    assert (
        one.table["Verdict"].to_list()
        == ["manifesto-led ahead", "no difference that matters", "prototype-led ahead"] * 3
    )
    assert len(one.table) == len(levels.table) == found.plan.cells


@pytest.mark.parametrize(("level", "more"), [(0.3, {"outcome": "reach", "steps": 12}), (np.nan, {"outcome": "trust"})])
def test_every_kind_of_map_can_be_drawn_and_written(level, more):
    asked = plan(**more)
    found = made_up(asked, np.zeros(asked.shape), level=level, spread=0.2)
    assert "Where does each route do better?" in report_page(found, draw_route_map(found))


@pytest.mark.parametrize("means", [SIDES, np.full((3, 3), 0.2), np.zeros((3, 3))], ids=["sides", "ahead", "same"])
def test_a_caption_names_only_what_is_drawn(means):
    found = made_up(plan(), means)
    verdicts, said = set(found.cells["verdict"]), draw_route_map(found)[0].caption
    drawn = {
        "Hatched": OPEN in verdicts, "Dotted: all": SAME in verdicts, "Bold": any("ahead" in one for one in verdicts),
        "lean": any("leans" in one for one in verdicts), "line:": bool(found.contours.break_even),
        "Dashed lines": bool(found.contours.low or found.contours.high),
    }  # fmt: skip
    assert {sign: sign in said for sign in drawn} == drawn
