"""The server is killed under an open page and started again: the page says so in words, and comes back as it was."""

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.dashboard.browsing import check_accessible, path_and_query, settled
from tests.dashboard.serving import start, stop

pytestmark = pytest.mark.browser


def test_a_page_whose_server_was_killed_says_so_and_comes_back_as_it_was(new_visitor: Any) -> None:
    killed = start()
    visitor = new_visitor(to=killed)
    visitor.forgives = ("ERR_CONNECTION",)  # while nothing answers, the browser can't but say so
    tab = visitor.open("/?scenario=gateshead&month=24")
    exact = tab.get_by_label("Luck: seed, exact value")
    exact.fill("1000007")
    exact.press("Enter")
    tab.wait_for_function("location.search.includes('seed=1000007')")
    before, address = settled(tab).locator("main").text_content(), path_and_query(tab)
    tab.evaluate("window.before = true")
    killed.process.kill()
    killed.process.communicate(timeout=20)
    told = tab.get_by_role("alert").filter(has_text="No answer from the dashboard")
    expect(told).to_be_visible(timeout=30_000)
    expect(told).to_contain_text(re.compile(r"comes back as it was.*behaviours dashboard.*reload the page", re.DOTALL))
    check_accessible(tab)
    again = start(port=int(killed.url.rstrip("/").rsplit(":", 1)[1]))
    try:
        tab.wait_for_function("!window.before", timeout=60_000)
        assert settled(tab).locator("main").text_content() == before
        assert path_and_query(tab) == address
        expect(told).to_have_count(0)
        exact.fill("1000008")
        exact.press("Enter")
        tab.wait_for_function("location.search.includes('seed=1000008')")
        assert settled(tab).locator("main").text_content() != before
        tab.go_back()
        tab.wait_for_function("location.search.includes('seed=1000007')")
        assert settled(tab).locator("main").text_content() == before
    finally:
        stop(again)
