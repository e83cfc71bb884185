"""Open a map's report in a real Chromium without a network, at desktop and phone width."""

import pytest

from tests.browser import chromium
from tests.experiments.mapping.maps import small_map
from tests.experiments.test_report_in_browser import DECODE_ALL, DESKTOP, PHONE, open_page


@pytest.mark.browser
def test_the_report_fits_both_widths_and_asks_for_nothing():
    report = small_map()[1] / "report.html"
    with chromium() as browser:
        for size in (DESKTOP, PHONE):
            page, requests, complaints = open_page(browser, report, size)
            page.evaluate("document.querySelectorAll('details').forEach(fold => fold.open = true)")
            assert [url for url in requests if not url.startswith(("file:", "data:"))] == []
            assert complaints == []
            assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
            assert page.evaluate(DECODE_ALL) == []
            page.keyboard.press("Tab")
            assert page.evaluate("document.activeElement.tagName") == "A"
