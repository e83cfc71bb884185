"""Whole tasks done with the keyboard alone, at a desk and on a phone: a person who uses no mouse can do all of it."""

import json
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import TimeoutError, expect

from dashboard.pages.decide.serialisation import BRANCHES
from dashboard.pages.decide.timeline import scenario_of
from simulation.run import simulate
from simulation.scenario import load_route, load_scenario
from tests.dashboard.browsers import DESKTOP, PHONE, check_width, path_and_query, settled, show

pytestmark = pytest.mark.browser
NAME = """e => (e.getAttribute("aria-label") || (e.labels && e.labels.length ? e.labels[0].textContent : e.textContent))
    .trim()"""
IN_SIGHT = """() => { const here = document.activeElement, box = here.getBoundingClientRect();
    const top = document.elementFromPoint(box.x + Math.min(box.width / 2, 20), box.y + box.height / 2);
    return !!top && (here.contains(top) || top.contains(here)); }"""
HIDING = """() => { const here = document.activeElement, box = here.getBoundingClientRect();
    const top = document.elementFromPoint(box.x + Math.min(box.width / 2, 20), box.y + box.height / 2);
    const brief = e => e ? e.outerHTML.slice(0, 200) : "nothing";
    return `focus on ${brief(here)} at ${box.y} of ${innerHeight}, ${brief(top)} on top`; }"""


class Keyboard:
    """A tab that is moved by keys alone: what is not reached by them is not there."""

    def __init__(self, tab: Any) -> None:
        self.tab = tab

    def to(self, name: str, *, most: int = 150) -> None:
        """Press Tab until what has this name is reached, and see that nothing hides it."""
        for _ in range(most):
            if self.here() == name:
                self.seen(name)
                return
            self.tab.keyboard.press("Tab")
        msg = f"nothing called {name!r} is reached by {most} presses of Tab"
        raise AssertionError(msg)

    def seen(self, name: str) -> None:
        """Wait until what is reached is in sight; say what hides it.

        The browser scrolls there in its own time, and leaves off half-way where a chart above is drawn meanwhile: then
        go back and forth once, as a person would.
        """
        for patience in (3_000, 10_000):
            try:
                self.tab.wait_for_function(IN_SIGHT, timeout=patience)
            except TimeoutError:
                hidden = str(self.tab.evaluate(HIDING))
                self.tab.keyboard.press("Shift+Tab")
                self.tab.keyboard.press("Tab")
            else:
                return
        msg = f"{name!r} is reached and not in sight: {hidden}"
        raise AssertionError(msg)

    def here(self) -> str:
        """Return what has the focus."""
        return str(self.tab.evaluate(f"({NAME})(document.activeElement)"))

    def press(self, name: str, key: str = "Enter") -> None:
        self.to(name)
        self.tab.keyboard.press(key)
        settled(self.tab)

    def set(self, name: str, value: str) -> None:
        """Type a number, or the beginning of what is to be chosen."""
        self.to(name)
        if self.tab.evaluate("document.activeElement.tagName") == "SELECT":
            self.tab.keyboard.type(value)
        else:
            self.tab.keyboard.press("Control+A")
            self.tab.keyboard.type(value)
            self.tab.keyboard.press("Enter")
        settled(self.tab)

    def anew(self) -> None:
        """Begin at the top of the page."""
        self.tab.evaluate("document.querySelector('#main').focus()")


@pytest.fixture(params=[DESKTOP, PHONE], ids=["desk", "phone"])
def keyboard(tab: Any, request: Any) -> Iterator[Keyboard]:
    width, height = request.param
    tab.set_viewport_size({"width": width, "height": height})
    yield Keyboard(tab)
    check_width(tab)


def test_another_route_is_chosen_and_its_headline_read(keyboard: Keyboard) -> None:
    tab = keyboard.tab
    show(tab, "/?scenario=gateshead")
    keyboard.anew()
    keyboard.set("Route", "Manif")
    keyboard.set("Month, exact value", "36")
    expect(tab.get_by_role("heading", name="At month 36", exact=True)).to_be_visible()
    tab.wait_for_function("location.search.includes('route=manifesto-led')")
    scenario = load_scenario("gateshead")
    found = simulate(scenario.changed(route=load_route("manifesto-led")), 1_000_000).at("practice", 36)
    expect(tab.locator(".b-number").first).to_have_text(f"{10 * found:.1f}")


def test_an_organisation_is_chosen_by_its_neighbour_and_its_story_read(keyboard: Keyboard) -> None:
    tab = keyboard.tab
    show(tab, "/?month=48")
    keyboard.anew()
    keyboard.set("Organisation", "Borough pol")
    expect(tab.get_by_role("heading", name="Borough police: its story")).to_be_visible()
    keyboard.press("Mental health trust")
    expect(tab.get_by_role("heading", name="Mental health trust: its story")).to_be_visible()
    keyboard.anew()
    told = tab.get_by_role("status").filter(has_text="In month 48 practice at Mental health trust")
    said = re.search(r"(rose|fell) by (\S+) of 10", told.inner_text())
    assert said is not None
    keyboard.press("Table: Mental health trust: what moved practice in month 48")
    rows = tab.locator("figure", has_text="what moved practice in month 48").locator("tbody tr")
    expect(rows).to_have_count(9)
    *parts, together = [float(row.split("\t")[1]) for row in rows.all_inner_texts()]
    assert sum(parts) == pytest.approx(together, abs=5e-6)
    assert abs(together) == pytest.approx(float(said[2]), abs=5.1e-4)


def test_days_are_changed_at_a_month_and_the_branch_seen(keyboard: Keyboard) -> None:
    tab = keyboard.tab
    show(tab, "/decide?scenario=gateshead")
    keyboard.anew()
    keyboard.press("Stop at month 24")
    keyboard.anew()
    keyboard.set("Prototypes, exact value", "50")
    keyboard.press("Make it 100%")
    keyboard.press("Fork: try it in a new branch")
    keyboard.anew()
    keyboard.press("Go on to the end")
    tree = BRANCHES.from_text(str(tab.evaluate("new URLSearchParams(location.search).get('decisions')")))
    assert tree.branches[1].month == 24
    expect(tab.get_by_label("Branch in hand")).to_have_value("1")
    expect(tab.get_by_role("heading", name=f"{tree.branches[1].name}, at month 120")).to_be_visible()
    keyboard.press("Undo")
    tab.wait_for_function("!location.search.includes('decisions=')")
    assert keyboard.here() == "Undo"  # what is pressed keeps the focus, whatever comes and goes around it
    keyboard.anew()
    keyboard.press("Redo")
    tab.wait_for_function("location.search.includes('decisions=')")


def test_a_branch_is_taken_along_and_the_command_line_runs_it(keyboard: Keyboard, tmp_path: Path) -> None:
    tab = keyboard.tab
    show(tab, "/decide?scenario=gateshead&month=24")
    keyboard.anew()
    keyboard.set("The learning partner", "Leaves")
    keyboard.press("Decide it in “As planned”")
    tab.wait_for_function("location.search.includes('decisions=')")
    keyboard.to("Files of “As planned” for the command line")
    with tab.expect_download() as waiting:
        tab.keyboard.press("Enter")
    waiting.value.save_as(tmp_path / "files.zip")
    with zipfile.ZipFile(tmp_path / "files.zip") as archive:
        archive.extractall(tmp_path)
    run_of = json.loads((tmp_path / "manifest.json").read_text())["command"].split()[1:]
    assert run_of[:2] == ["run", "./scenario.toml"]
    tree = BRANCHES.from_text(str(tab.evaluate("new URLSearchParams(location.search).get('decisions')")))
    planned = load_scenario("gateshead")
    shown = simulate(scenario_of(planned, tree.path(0), seed=1_000_000), 1_000_000)["practice"][-1]
    saved = simulate(load_scenario(tmp_path / "scenario.toml"), 1_000_000)["practice"][-1]
    assert saved == shown != simulate(planned, 1_000_000)["practice"][-1]


def test_a_word_is_found_from_the_chart_that_uses_it(keyboard: Keyboard) -> None:
    tab = keyboard.tab
    show(tab, "/?month=48&organisation=police")
    keyboard.anew()
    keyboard.press("About this chart: Borough police: what moved practice in month 48")
    keyboard.to("Slip-back (in a new tab)")
    with tab.context.expect_page() as opened:
        tab.keyboard.press("Enter")
    words = opened.value
    settled(words)
    expect(words.locator("#slip-back")).to_be_focused()
    assert path_and_query(words) == "/words"
    words.close()
