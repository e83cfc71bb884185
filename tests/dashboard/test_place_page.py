"""Place: move, let go, go back, share, save."""

from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from playwright.sync_api import expect

from tests.dashboard.browsing import check_accessible, path_and_query, settled, show

pytestmark = pytest.mark.browser
LINE = "document.querySelector('.b-canvas path[stroke=\"#0072B2\"]').getAttribute('d')"
COUNTED = """() => {
    const push = history.pushState.bind(history);
    window.pushed = 0;
    history.pushState = (...given) => { window.pushed += 1; push(...given); };
}"""
"""Count steps of the address: the browser's own count ends at 50."""


def practice(tab: Any) -> str:
    return str(tab.locator(".b-number").first.inner_text())


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
    moved = tab.evaluate(LINE)
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
    tab.get_by_role("heading", name="At month 24").wait_for()
    exact.fill("900")
    exact.press("Enter")
    tab.get_by_role("heading", name="At month 120").wait_for()
    tab.get_by_label("Route").select_option("prototype-led")
    expect(tab.locator("figcaption")).to_contain_text("prototype-led")
    tab.wait_for_function("location.search.includes('route=prototype-led')")


def test_two_visitors_do_not_disturb_one_another(tab: Any, new_visitor: Any) -> None:
    one, other = new_visitor().open("/"), show(tab, "/?seed=1000005&month=60")
    before = other.locator("main").inner_text()
    one.get_by_label("Scenario").select_option("gateshead")
    expect(one.locator("figcaption")).to_contain_text("Gateshead")
    assert settled(other).locator("main").inner_text() == before


def test_a_chart_can_be_read_as_a_table_and_saved(tab: Any, tmp_path: Path) -> None:
    show(tab, "/?month=24")
    tab.get_by_text("Table: ").click()
    cells = tab.locator(".b-table tbody tr").nth(24).inner_text().split()
    assert round(float(cells[1]), 1) == float(practice(tab))
    tab.get_by_text("Save this chart").click()
    check_accessible(tab)
    found = {}
    for ending in ("SVG", "PNG", "CSV"):
        with tab.expect_download() as waiting:
            tab.get_by_role("button", name=ending, exact=True).click()
        path = tmp_path / waiting.value.suggested_filename
        waiting.value.save_as(path)
        found[ending] = path.read_bytes()
        assert path.suffix == f".{ending.lower()}"
    assert found["PNG"].startswith(b"\x89PNG")
    svg = "".join(ElementTree.fromstring(found["SVG"]).itertext())
    for words in ("Mean practice of all organisations", "seed 1000000", "Illustrative, not predictive"):
        assert words in svg
    lines = found["CSV"].decode("utf-8-sig").split("\r\n")
    assert lines[0].startswith("Month,")
    assert lines[25] == ",".join(cells)
