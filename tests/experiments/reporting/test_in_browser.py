"""Open the report in a real Chromium without a network, at desktop and phone width."""

from pathlib import Path
from typing import Any

import pytest

from experiments.reporting.comparison import write_report
from tests.browser import chromium
from tests.experiments.comparisons import small, small_pictures
from tests.experiments.maps import small_map

DECODE_ALL = """async () => {
    const broken = [];
    for (const image of document.images) {
        image.loading = "eager";
        await image.decode().catch(() => broken.push(image.alt));
    }
    return broken;
}"""
"""Decode every picture, also those that a page leaves until they are scrolled to."""
DESKTOP, PHONE = (1280, 900), (390, 844)


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_report(small(), tmp_path_factory.mktemp("report"), pictures=small_pictures())


def open_page(browser: Any, report: Path, size: tuple[int, int]) -> tuple[Any, list[str], list[str]]:
    """Open the report with every request but the file itself refused; return the page, requests and complaints."""
    context = browser.new_context(viewport={"width": size[0], "height": size[1]}, offline=True)
    page = context.new_page()
    requests: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(report.as_uri())
    return page, requests, complaints


@pytest.mark.browser
def test_the_report_in_a_browser(report: Path) -> None:
    with chromium() as browser:
        for size in (DESKTOP, PHONE):
            page, requests, complaints = open_page(browser, report, size)
            for fold in page.query_selector_all("details"):
                fold.evaluate("fold => fold.open = true")
            outside = [url for url in requests if not url.startswith(("file:", "data:"))]
            assert outside == []
            assert complaints == []
            assert page.evaluate("document.documentElement.scrollWidth") <= size[0], f"sideways scroll at {size[0]}"
            broken = page.evaluate(DECODE_ALL)
            assert broken == []
            assert page.evaluate("document.querySelectorAll('h1').length") == 1
            page.keyboard.press("Tab")
            assert page.evaluate("document.activeElement.tagName") == "A"


# Open a map's report in a real Chromium without a network, at desktop and phone width.


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
