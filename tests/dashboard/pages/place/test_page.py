"""Place: move, let go, go back, play, choose, share, save, print."""

import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from playwright.sync_api import expect

from tests.dashboard.browsers import PHONE, check_accessible, check_width, path_and_query, settled, show

pytestmark = pytest.mark.browser
LINES = "Mean practice of all organisations"
LINE = (
    f"[...document.querySelectorAll('figure')].find(f => f.innerText.startsWith('{LINES}'))"
    ".querySelector('path[stroke=\"#0072B2\"][fill=\"none\"]').getAttribute('d')"
)
MONTH = "+/At month ([0-9]+)/.exec(document.querySelector('main').innerText)?.[1]"
FOCUSED = "document.activeElement.labels?.[0]?.textContent ?? document.activeElement.textContent"
COUNTED = """() => {
    const push = history.pushState.bind(history);
    window.pushed = 0;
    history.pushState = (...given) => { window.pushed += 1; push(...given); };
}"""
"""Count steps of the address: the browser's own count ends at 50."""


def practice(tab: Any) -> str:
    return str(tab.locator(".b-number").first.inner_text())


def chart(tab: Any, title: str) -> Any:
    return tab.locator("figure.b-chart").filter(has=tab.locator("figcaption", has_text=title))


def month_is(tab: Any, month: int) -> None:
    tab.get_by_role("heading", name=f"At month {month}", exact=True).wait_for()


def tab_to(page: Any, name: str, *, most: int = 80) -> None:
    """Press Tab until what has a name is reached."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if str(page.evaluate(FOCUSED)).startswith(name):
            return
    msg = f"{name} is not reached by {most} presses of Tab"
    raise AssertionError(msg)


def test_a_slider_redraws_at_once_and_writes_the_address_once_let_go(tab: Any) -> None:
    show(tab, "/")
    drawn = tab.evaluate(LINE)
    tab.evaluate(COUNTED)
    seed = tab.get_by_label("Luck: seed", exact=True)
    seed.focus()
    for _ in range(3):
        tab.keyboard.press("ArrowRight")
    tab.wait_for_function(f"before => {LINE} !== before", arg=drawn)
    tab.wait_for_function("location.search.includes('seed=1000003')")
    assert tab.evaluate("window.pushed") == 1
    moved = settled(tab).evaluate(LINE)
    tab.go_back()
    tab.wait_for_function(f"before => {LINE} === before", arg=drawn)
    expect(seed).to_have_value("1000000")
    tab.go_forward()
    tab.wait_for_function(f"after => {LINE} === after", arg=moved)
    tab.get_by_role("button", name="Reset Luck: seed to 1,000,000").click()
    tab.wait_for_function(f"before => {LINE} === before", arg=drawn)
    assert path_and_query(tab) == "/"


def test_an_exact_number_and_a_choice_are_taken(tab: Any) -> None:
    show(tab, "/")
    exact = tab.get_by_label("Month, exact value")
    exact.fill("24")
    exact.press("Enter")
    month_is(tab, 24)
    exact.fill("900")
    exact.press("Enter")
    month_is(tab, 120)
    tab.get_by_label("Route").select_option("prototype-led")
    expect(tab.locator("figcaption", has_text=LINES)).to_contain_text("prototype-led")
    tab.wait_for_function("location.search.includes('route=prototype-led')")


def test_two_visitors_do_not_disturb_one_another(tab: Any, new_visitor: Any) -> None:
    one, other = new_visitor().open("/"), show(tab, "/?seed=1000005&month=60&organisation=police")
    before = other.locator("main").inner_text()
    one.get_by_label("Scenario").select_option("gateshead")
    expect(one.locator("figcaption", has_text=LINES)).to_contain_text("Gateshead")
    assert settled(other).locator("main").inner_text() == before


@pytest.mark.parametrize("size", [None, PHONE], ids=["desk", "phone"])
def test_why_an_organisation_moved_is_seen_by_keyboard_alone(tab: Any, size: tuple[int, int] | None) -> None:
    show(tab, "/words")
    if size:
        tab.set_viewport_size({"width": size[0], "height": size[1]})
    show(tab, "/?route=prototype-led&month=30")
    tab.evaluate("document.querySelector('#main').focus()")
    tab_to(tab, "Month")
    for _ in range(3):
        tab.keyboard.press("ArrowRight")
    month_is(tab, 33)
    tab_to(tab, "Organisation")
    tab.keyboard.type("Borough pol")
    told = tab.get_by_role("status").filter(has_text="In month 33 practice at Borough police")
    expect(told).to_be_visible()
    tab.wait_for_function("location.search.includes('organisation=police') && location.search.includes('month=33')")
    tab_to(tab, "Table: Borough police: what moved")
    tab.keyboard.press("Enter")
    rows = chart(tab, "Borough police: what moved practice in month 33").locator("tbody tr")
    expect(rows).to_have_count(9)
    *parts, together = [float(row.split("\t")[1]) for row in rows.all_inner_texts()]
    assert sum(parts) == pytest.approx(together, abs=5e-6)
    said = re.search(r"(rose|fell) by (\S+) of 10", told.inner_text())
    assert said is not None
    assert abs(together) == pytest.approx(float(said[2]), abs=5.1e-4)
    assert (together > 0) == (said[1] == "rose")
    check_width(tab)


def test_a_link_brings_back_month_organisation_behaviour_and_colour(tab: Any, visitor: Any) -> None:
    show(tab, "/?month=48")
    tab.get_by_label("Colour says").select_option("pressure")
    tab.wait_for_function("location.search.includes('colour=pressure')")
    tab.get_by_label("Behaviour", exact=True).select_option("shared_power")
    tab.wait_for_function("location.search.includes('behaviour=')")
    works_with = tab.get_by_role("region", name="Table: Whom Council, corporate centre works with")
    works_with.get_by_role("button", name="Borough police").click()
    tab.get_by_role("heading", name="Borough police: its story").wait_for()
    tab.wait_for_function("location.search.includes('organisation=police')")
    expect(chart(tab, "Organisations and their relationships").locator(".b-canvas")).to_contain_text("Borough police")
    before, there = settled(tab).locator("main").inner_text(), path_and_query(tab)
    other = visitor.open(there)
    assert other.locator("main").inner_text() == before
    assert other.get_by_label("Colour says").input_value() == "pressure"
    assert "practice of behaviour 4 at Borough police" in before
    tab.go_back()
    tab.get_by_role("heading", name="Council, corporate centre: its story").wait_for()


def test_a_click_on_a_mark_chooses_its_organisation(tab: Any) -> None:
    show(tab, "/?month=24")
    canvas = chart(tab, "Organisations and their relationships").locator(".b-canvas")
    canvas.scroll_into_view_if_needed()
    mark = canvas.locator("path[stroke='#1a1a1a'][transform^='matrix(1']").last
    mark.click(force=True)
    tab.wait_for_function("location.search.includes('organisation=')")
    identity = path_and_query(settled(tab)).split("organisation=")[1].split("&")[0]
    expect(tab.get_by_label("Organisation", exact=True)).to_have_value(identity)
    assert identity != "council"


def test_play_moves_on_by_itself_and_is_stopped_by_keyboard(tab: Any) -> None:
    show(tab, "/?month=100")
    play = tab.get_by_role("button", name="Play")
    play.focus()
    tab.keyboard.press("Enter")
    tab.wait_for_function(f"{MONTH} >= 102")  # looked at in each frame: a month is on screen for a sixth of a second
    tab.keyboard.press("Escape")
    expect(play).to_be_visible()
    tab.wait_for_function("location.search !== '?month=100'")
    stopped = path_and_query(settled(tab))
    month = int(stopped.split("month=")[1])
    assert 102 <= month < 120
    assert tab.evaluate(MONTH) == month
    tab.get_by_role("button", name="Month: one back").press("Enter")
    month_is(tab, month - 1)


def test_less_motion_is_offered_steps_alone(tab: Any) -> None:
    tab.emulate_media(reduced_motion="reduce")
    try:
        show(tab, "/?month=10")
        expect(tab.get_by_role("button", name="Play")).to_have_count(0)
        expect(tab.get_by_text("Your browser asks for less motion")).to_be_visible()
        tab.get_by_role("button", name="Month: one on").press("Enter")
        month_is(tab, 11)
    finally:
        tab.emulate_media(reduced_motion=None)


def test_it_is_printed_on_one_page(tab: Any) -> None:
    show(tab, "/?month=36")
    printed = tab.pdf(prefer_css_page_size=True, print_background=True)
    assert len(re.findall(rb"/Type\s*/Page\b(?!s)", printed)) == 1


def test_a_word_is_found_by_its_address(tab: Any, visitor: Any) -> None:
    page = visitor.open("/words#slip-back")
    expect(page.locator("#slip-back")).to_be_focused()
    page.get_by_role("navigation", name="Groups of words").get_by_role("link", name="Luck and doubt").press("Enter")
    expect(page.locator("#luck-and-doubt")).to_be_focused()
    assert page.evaluate("location.hash") == "#luck-and-doubt"


def test_a_chart_can_be_read_as_a_table_and_saved(tab: Any, tmp_path: Path) -> None:
    show(tab, "/?month=24")
    lines = chart(tab, LINES)
    lines.get_by_text("Table: ").click()
    expect(lines.locator("tbody tr")).to_have_count(11)
    lines.get_by_role("button", name="Show all 121 rows").click()
    cells = lines.locator("tbody tr").nth(24).inner_text().split()
    head = [name.strip() for name in lines.locator("thead th").all_inner_texts()]
    assert round(float(cells[head.index("This run")]), 1) == float(practice(tab))
    lines.get_by_text("Save this chart").click()
    check_accessible(tab)
    found = {}
    for ending in ("SVG", "PNG", "CSV"):
        with tab.expect_download() as waiting:
            lines.get_by_role("button", name=ending, exact=True).click()
        path = tmp_path / waiting.value.suggested_filename
        waiting.value.save_as(path)
        found[ending] = path.read_bytes()
        assert path.suffix == f".{ending.lower()}"
    assert found["PNG"].startswith(b"\x89PNG")
    svg = "".join(ElementTree.fromstring(found["SVG"]).itertext())
    for words in (LINES, "seed 1000000", "Illustrative, not predictive", "month 24"):
        assert svg.count(words) == 1
    parts = ElementTree.fromstring(found["SVG"]).findall(".//{*}text")
    tops = [float(one.get("transform", "").split()[-1].strip(")")) for one in parts if one.get("transform")]
    assert len(tops) == len(set(tops)) or tops
    rows = found["CSV"].decode("utf-8-sig").split("\r\n")
    assert rows[0].startswith("Month,")
    assert rows[25] == ",".join(cells)
