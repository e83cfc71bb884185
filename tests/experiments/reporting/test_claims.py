"""The report says all that was found, in one file; it opens in a browser without a network, at desk and on a phone."""

from pathlib import Path

import pytest

from experiments.baseline import CLAIMS_FILE, claim_findings_in, read_findings
from experiments.reporting.claims import command_of, defaults_sentence, precise_command, report_page, stopping_words
from experiments.reporting.figures.claims import draw_figures
from experiments.reporting.phrases import verdict_words
from experiments.reporting.terminal import claims_account
from tests.browser import chromium
from tests.experiments.estimates import at, finding, under
from tests.experiments.reporting.test_in_browser import DECODE_ALL, DESKTOP, PHONE, open_page

CONTENT = read_findings(CLAIMS_FILE)
MANIFEST = {"version": "0", "seeds": {"first": 1, "last": 2}, "claims": ["pace"]}


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    findings, path = claim_findings_in(CONTENT), tmp_path_factory.mktemp("report") / "report.html"
    text = report_page(findings, CONTENT["about"], MANIFEST, draw_figures(findings, "200 seeds"))
    path.write_text(text, encoding="utf-8")
    return path


def test_the_report_has_every_claim_with_its_words_and_command(report):
    text = report.read_text(encoding="utf-8")
    for one in claim_findings_in(CONTENT):
        assert f'id="{one.name}"' in text
        for words in (one.quote, one.compared, defaults_sentence(one), f"behaviours claims {one.name}"):
            assert words.replace("'", "&#x27;") in text
    assert "Illustrative, not predictive" in text


def test_titles_of_figures_follow_the_numbers():
    names = ("random", "complete", "local", "lean")
    good = finding(structures=tuple(under(0.05, name) for name in names))
    bad = finding(name="other", **at(-0.05), structures=tuple(under(-0.05, name) for name in names))
    titles = [picture.title for picture in draw_figures([good, bad], "here")]
    assert titles == [
        "At the defaults 1 of 2 claims show as claimed",
        "2 of 2 claims hold in at least 80% of the points of parameter space that can be told",
        "1 of 2 claims hold under all 4 structural alternatives",
    ]


def test_one_claim_alone_is_spoken_of_alone():
    titles = [picture.title for picture in draw_figures([finding(**at(-0.05))], "here")]
    assert titles[0] == "At the defaults: the other way round"
    assert titles[1].startswith("Of the points of parameter space that can be told it holds in 95%")
    assert titles[2] == "It holds under all 4 structural alternatives"


def test_the_account_has_a_row_and_a_command_for_every_claim():
    findings, about = claim_findings_in(CONTENT), CONTENT["about"]
    text = claims_account(findings, about)
    for one in findings:
        assert one.name in text
        assert f"\n  {command_of(about, [one.name])}" in text
        assert verdict_words(one).split(":")[0].split(" on ")[0] in text


def test_commands_repeat_what_was_asked():
    about = CONTENT["about"]
    stopping = {"precision": 0.02, "planned": [20, 40], "taken": [20], "confidence": 0.97, "too_wide": []}
    assert command_of(about, ["route-in"]) == "behaviours claims route-in"
    asked = {**about, "seeds": 20, "stopping": stopping}
    assert command_of(asked, ["route-in"]) == "behaviours claims route-in --replicates 20"
    assert precise_command(asked) == "behaviours claims --precision 0.2 --most 40"
    assert "Stopped at 20 seeds: all are that narrow" in stopping_words(asked)
    asked["stopping"] = stopping | {"too_wide": ["cuts-hurt"]}
    assert "still wider are cuts-hurt" in stopping_words(asked)


@pytest.mark.browser
def test_the_report_in_a_browser(report: Path) -> None:
    with chromium() as browser:
        for size in (DESKTOP, PHONE):
            page, requests, complaints = open_page(browser, report, size)
            for fold in page.query_selector_all("details"):
                fold.evaluate("fold => fold.open = true")
            assert [url for url in requests if not url.startswith(("file:", "data:"))] == []
            assert complaints == []
            assert page.evaluate("document.documentElement.scrollWidth") <= size[0], f"sideways scroll at {size[0]}"
            assert page.evaluate(DECODE_ALL) == []
            assert page.evaluate("document.querySelectorAll('h1').length") == 1
