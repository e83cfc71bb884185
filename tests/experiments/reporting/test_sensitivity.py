"""The report is one page that needs nothing else, says what it rests on, and fits both widths."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from experiments.reporting.figures.sensitivity import draw_figures
from experiments.reporting.sensitivity import report_page
from experiments.results import load
from experiments.sensitivity.analysis import Analysis, analyse
from tests.browser import chromium
from tests.experiments.reporting.test_in_browser import DECODE_ALL, DESKTOP, PHONE, open_page
from tests.experiments.sensitivity.samples import BOTH, ONE, swept


@pytest.fixture(scope="module")
def analyses(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Analysis]:
    folder = tmp_path_factory.mktemp("swept")
    return {
        name: analyse(
            load(swept(folder, name, routes=routes)), halves=1, times=1, command=["behaviours", "analyse", name]
        )
        for name, routes in (("sobol", ONE), ("morris", ONE), ("one-at-a-time", BOTH))
    }


@pytest.fixture(scope="module")
def pages(analyses, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("pages")
    found = {}
    for name, analysis in analyses.items():
        found[name] = folder / f"{name}.html"
        found[name].write_text(report_page(analysis, draw_figures(analysis)), encoding="utf-8")
    return found


class Ids(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.ids += [given["id"]] if "id" in given else []
        self.links += [given["href"]] if tag == "a" else []


def test_a_page_has_its_parts_its_links_and_no_address_outside(pages, analyses):
    for name, path in pages.items():
        text = path.read_text(encoding="utf-8")
        seen = Ids()
        seen.feed(text)
        assert len(seen.ids) == len(set(seen.ids))
        assert {link.removeprefix("#") for link in seen.links} <= set(seen.ids)
        assert not re.search(r'(src|href)="https?:', text)
        assert "Illustrative, not predictive" in text
        assert f"behaviours analyse {name}" in text
        assert analyses[name].work.content_hash()[:16] in text
        assert "How much of the variance is luck" in text


def test_figures_are_the_same_every_time_and_say_where_they_come_from(analyses):
    first, again = (draw_figures(analyses["morris"]) for _ in range(2))
    assert {picture.name for picture in first} >= {"walks"}
    assert [picture.svg for picture in first] == [picture.svg for picture in again]
    for picture in first:
        assert "seeds 1000000" in picture.provenance
        assert picture.alt
        assert picture.table.height > 0


@pytest.mark.browser
def test_the_pages_in_a_browser(pages):
    with chromium() as browser:
        for path in pages.values():
            for size in (DESKTOP, PHONE) if path.stem == "sobol" else (PHONE,):
                page, requests, complaints = open_page(browser, path, size)
                for fold in page.query_selector_all("details"):
                    fold.evaluate("fold => fold.open = true")
                assert [url for url in requests if not url.startswith(("file:", "data:"))] == []
                assert complaints == []
                assert page.evaluate("document.documentElement.scrollWidth") <= size[0], f"{path.stem} at {size[0]}"
                assert page.evaluate(DECODE_ALL) == []
