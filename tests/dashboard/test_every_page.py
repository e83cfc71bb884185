"""What every page keeps to, at a desk and on a phone."""

from typing import Any

import pytest
from playwright.sync_api import expect

from dashboard.pages import PAGES
from tests.dashboard.browsing import DESKTOP, PHONE, check_accessible, check_width, path_and_query, settled, show

PATHS = [page.PATH for page in PAGES]
SETTINGS = "v=1&model=1&scenario=gateshead&route=blended&seed=1000003&month=24"
BAD = "seed=-4&route=prototypeled&trust-gain=7&nonsense=1&months=lots"
pytestmark = pytest.mark.browser


@pytest.mark.parametrize("page", PAGES, ids=PATHS)
def test_a_page_can_be_used_by_everybody_and_comes_back_on_reload(page: Any, tab: Any) -> None:
    show(tab, f"{page.PATH}?{SETTINGS}")
    before = tab.locator("main").text_content()
    assert path_and_query(tab) == f"{page.PATH}?{SETTINGS}"
    assert tab.locator("[role=alert]").count() == 0
    assert tab.locator("h1").all_inner_texts() == [page.TITLE]
    assert tab.evaluate("document.documentElement.lang") == "en"
    assert tab.title().startswith(page.TITLE)
    assert "Illustrative, not predictive" in before
    for size in (DESKTOP, PHONE):
        tab.set_viewport_size({"width": size[0], "height": size[1]})
        tab.evaluate("document.querySelectorAll('details').forEach(fold => fold.open = true)")
        settled(tab)
        check_accessible(tab)
        check_width(tab)
    tab.set_viewport_size({"width": DESKTOP[0], "height": DESKTOP[1]})
    tab.reload()
    assert settled(tab).locator("main").text_content() == before


def test_the_last_month_is_named_within_a_phones_width(tab: Any) -> None:
    show(tab, "/?v=1&model=1&month=120")
    tab.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    expect(settled(tab).locator(".b-mark").first).to_be_visible()
    check_width(tab)


def test_a_bad_address_is_answered_in_words(tab: Any) -> None:
    parts = ("seed was “-4”", "set to 0", "perhaps prototype-led", "trust-gain was “7”", "“nonsense”", "months was")
    for path in PATHS:
        show(tab, f"{path}?{BAD}")
        told = " ".join(tab.locator("[role=alert]").all_inner_texts())
        assert [part for part in parts if part not in told] == []
        assert "Traceback" not in tab.locator("body").inner_text()


def test_the_pages_are_reached_by_keyboard(tab: Any) -> None:
    show(tab, f"/?{SETTINGS}")
    tab.reload()
    settled(tab)
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.textContent") == "Skip to the page"
    for page in PAGES:
        tab.keyboard.press("Tab")
        assert tab.evaluate("document.activeElement.textContent") == page.TITLE
    tab.keyboard.press("Enter")
    tab.locator("h1", has_text=PAGES[-1].TITLE).wait_for()
    assert path_and_query(tab) == f"{PAGES[-1].PATH}?{SETTINGS}"
    assert tab.evaluate("document.activeElement.id") == "main"
    tab.go_back()
    tab.locator("h1", has_text=PAGES[0].TITLE).wait_for()
    assert path_and_query(tab) == f"/?{SETTINGS}"


def test_an_unknown_page_is_not_found(visitor: Any) -> None:
    answer = visitor.context.request.get(visitor.served.at("/no-such-page"))
    assert answer.status == 404
    assert "Traceback" not in answer.text()
