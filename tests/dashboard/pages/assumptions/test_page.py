"""Assumptions: move a number, see it listed and drawn, put it back, go back; save, load and share."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from dashboard.address import SCHEMA
from dashboard.saved_settings import FILE, MARK, MOST_BYTES, WHAT
from tests.dashboard.browsers import PHONE, check_accessible, check_width, path_and_query, settled, show
from tests.dashboard.pages.place.test_page import tab_to

pytestmark = pytest.mark.browser
QUIET = "Nothing: every number and rule is as the scenario says."
STATE = "route=prototype-led&seed=1000003&noise=none&partner-days=45&trust-gain=0.2"


def strip(page: Any) -> Any:
    return page.locator(".b-strip [role=status]")


def changes(page: Any) -> Any:
    return page.locator(".b-changes li")


def open_panel(page: Any) -> Any:
    button = page.get_by_role("button", name="Save, load, share")
    if button.get_attribute("aria-expanded") == "false":
        button.click()
    page.get_by_label("Link to what you see").wait_for()
    return page.locator("#b-keeping")


def test_a_number_is_moved_seen_listed_put_back_and_undone_by_keyboard(tab: Any) -> None:
    show(tab, "/assumptions")
    expect(strip(tab)).to_contain_text("Nothing is changed yet")
    tab.evaluate("document.querySelector('#main').focus()")
    tab_to(tab, "Partner days")
    for _ in range(3):
        tab.keyboard.press("ArrowRight")
    expect(strip(tab)).to_contain_text("with your changes")
    expect(changes(tab)).to_have_count(1)
    tab.wait_for_function("/partner-days=3\\d/.test(location.search)")
    expect(tab.get_by_text(re.compile(r"On 20 seeds, each run with the changes and without"))).to_be_visible()
    expect(tab.locator("figure .b-source")).to_contain_text("1 number set by hand")
    moved = settled(tab).locator("main").text_content()
    address = path_and_query(tab)
    tab.go_back()
    expect(tab.get_by_text(QUIET)).to_be_visible()
    tab.go_forward()
    expect(changes(tab)).to_have_count(1)
    assert settled(tab).locator("main").text_content() == moved
    tab.evaluate("document.querySelector('#main').focus()")
    tab_to(tab, "Put back")
    tab.keyboard.press("Enter")
    expect(tab.get_by_text(QUIET)).to_be_visible()
    assert tab.evaluate("document.activeElement.textContent") == QUIET
    show(tab, address)
    assert settled(tab).locator("main").text_content() == moved


def test_all_is_put_back_at_once_and_rules_count(tab: Any) -> None:
    show(tab, f"/assumptions?{STATE}")
    expect(changes(tab)).to_have_count(3)
    expect(changes(tab).filter(has_text="Trust gain")).to_contain_text("beyond plausible: 0.04 to 0.12")
    tab.get_by_label("Pressure on the place").select_option("austerity")
    expect(changes(tab)).to_have_count(4)
    tab.get_by_role("button", name=re.compile("^Put back Ups and downs of demand to Normal")).click()
    expect(changes(tab)).to_have_count(3)
    tab.get_by_role("button", name="Reset Partner days to 29").click()
    expect(changes(tab)).to_have_count(2)
    tab.get_by_role("button", name="Put back all").click()
    expect(tab.get_by_text(QUIET)).to_be_visible()
    assert path_and_query(tab) == "/assumptions?v=1&model=1&route=prototype-led&seed=1000003"


def test_numbers_are_found_by_word_and_mechanism_and_taken_exactly(tab: Any) -> None:
    show(tab, "/assumptions")
    field = tab.get_by_label("Find a number", exact=True)
    field.fill("trust at the start")
    expect(tab.locator(".b-numbers li label")).to_have_text(["Initial trust", "Initial partner trust"])
    field.press("Enter")
    tab.wait_for_function("location.search.includes('find=trust+at+the+start')")
    settled(tab)
    field.fill("no such thing")
    expect(tab.get_by_text("No number matches")).to_be_visible()
    tab.go_back()
    expect(field).to_have_value("")
    tab.get_by_label("Mechanism").select_option("demand")
    exact = tab.get_by_label("Place noise, exact value")
    for typed, kept in (("0.08", "0.08"), ("-3", "0"), ("", "0")):
        exact.fill(typed)
        exact.press("Tab")
        expect(exact).to_have_value(kept)
    expect(changes(tab)).to_contain_text("0.05 → to 0 (log, standard deviation), low")
    words = tab.locator(".b-numbers li").filter(has_text="Place noise").locator("output").first
    expect(words).to_have_text("0 (log, standard deviation), low")


def test_by_hand_holds_on_the_other_pages(tab: Any) -> None:
    show(tab, f"/assumptions?{STATE}")
    said = re.search(r"ends at (\S+) of 10 with", strip(tab).inner_text())
    assert said is not None
    tab.get_by_role("link", name="Place", exact=True).click()
    expect(tab.locator(".b-number").first).to_have_text(said[1])
    expect(tab.locator("figure .b-source").first).to_contain_text("2 numbers set by hand")


def test_saved_and_loaded_it_is_the_same_page(tab: Any, visitor: Any, tmp_path: Path) -> None:
    show(tab, f"/assumptions?v=1&model=1&{STATE}")
    before = settled(tab).locator("main").text_content()
    panel = open_panel(tab)
    with tab.expect_download() as download:
        panel.get_by_role("button", name="Save as a file").click()
    assert download.value.suggested_filename == FILE
    kept = tmp_path / FILE
    download.value.save_as(kept)
    assert json.loads(kept.read_text())["settings"]["partner-days"] == 45
    show(tab, "/words")
    open_panel(tab).get_by_label("Load a saved file").set_input_files(kept)
    tab.locator("h1", has_text="Assumptions").wait_for()
    expect(tab.locator(".b-answers")).to_have_text("Loaded.")
    assert settled(tab).locator("main").text_content() == before
    assert path_and_query(tab) == f"/assumptions?v=1&model=1&{STATE}"
    tab.go_back()
    tab.locator("h1", has_text="Words").wait_for()
    expect(tab.locator(".b-answers")).to_have_text("")


@pytest.mark.parametrize("size", [None, PHONE], ids=["desk", "phone"])
def test_a_bad_file_is_answered_in_words(tab: Any, size: tuple[int, int] | None, tmp_path: Path) -> None:
    if size:
        tab.set_viewport_size({"width": size[0], "height": size[1]})
    show(tab, "/words?v=1&model=1&seed=1000007")
    panel, before = open_panel(tab), path_and_query(tab)
    pasted, answer = panel.get_by_label("or paste its text"), panel.locator(".b-answers")
    load = panel.get_by_role("button", name="Load this text")
    newer = json.dumps({MARK: WHAT, "schema": SCHEMA + 1, "settings": {}})
    for text, words in {"{oops": "line 1, character 2", newer: "newer pages", "<script>1</script>": "no JSON"}.items():
        pasted.fill(text)
        load.click()
        expect(answer).to_contain_text(words)
        assert answer.get_attribute("role") == "alert"
    large = tmp_path / "large.json"
    large.write_text((MOST_BYTES + 1) * " ")
    panel.get_by_label("Load a saved file").set_input_files(large)
    expect(answer).to_contain_text("large.json is larger than 64 kB")
    assert path_and_query(tab) == before
    check_accessible(tab)
    check_width(tab)
    pasted.fill(json.dumps({MARK: WHAT, "schema": SCHEMA, "settings": {"sead": 3, "trust-gain": 9}}))
    load.click()
    expect(answer).to_contain_text("“sead” is nothing that can be set here; seed is")
    expect(answer).to_contain_text("It was set to 1.")
    tab.wait_for_function("location.search === '?v=1&model=1&trust-gain=1'")
    check_accessible(tab)
    check_width(tab)


def test_a_link_is_shared_by_keyboard_with_the_clipboard_and_without(new_visitor: Any, tab: Any) -> None:
    sender = new_visitor(size=PHONE, permissions=["clipboard-read", "clipboard-write"])
    page = sender.open(f"/assumptions?{STATE}")
    page.get_by_role("button", name="Save, load, share").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".b-answers")).to_contain_text("Copied")
    link = page.evaluate("navigator.clipboard.readText()")
    assert link == page.get_by_label("Link to what you see").input_value()
    assert "v=1&model=1&" in link
    check_accessible(page)
    check_width(page)
    show(tab, link.removeprefix(sender.served.url.rstrip("/")))
    assert strip(tab).inner_text() == strip(page).inner_text()
    sender.context.clear_permissions()
    sender.context.grant_permissions(["geolocation"])  # and no others
    page.get_by_role("button", name="Copy the link").click()
    expect(page.locator(".b-answers")).to_contain_text("The link is selected")
    assert page.evaluate("(e => e.value.slice(e.selectionStart, e.selectionEnd))(document.activeElement)") == link
    page.keyboard.press("Escape")
    assert page.get_by_role("button", name="Save, load, share").get_attribute("aria-expanded") == "false"


def test_an_ordinary_page_shares_its_versions_too(tab: Any) -> None:
    show(tab, "/words")
    open_panel(tab)
    assert tab.get_by_label("Link to what you see").input_value().endswith("/words?v=1&model=1")
