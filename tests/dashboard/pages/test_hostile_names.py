"""Names that mean something to HTML, charts or spreadsheets are names and no more, on every page and in what it saves.

The policy of the pages would stop a script that got in: so what is looked for is what a name has become of itself.
"""

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from playwright.sync_api import TimeoutError, expect

from dashboard.pages import PAGES
from dashboard.pages.decide.branches import tidy
from experiments.work import Arm
from tests.dashboard.browsers import REST, Visitor, settled, show
from tests.dashboard.conftest import NewVisitor
from tests.dashboard.pages.compare.test_page import SMALL, compare
from tests.dashboard.server_process import Served, serving
from tests.dashboard.sweeps import made, work
from tests.hostile import HOSTILE, organisations, place_toml, relationships

pytestmark = pytest.mark.browser
EVIL = HOSTILE[0]
SHOWN = [name.removeprefix("'") for name in HOSTILE]
INJECTED = """() => [window.hacked, ...Object.keys(Object.prototype), ...[...document.querySelectorAll(
    "img[src='x'], [onerror], [onload], [onmouseover], [href^='javascript'], main script")].map(e => e.outerHTML)]"""
MIDDLES = """e => [...e.querySelectorAll("svg path, svg text")].map(one => {
    const box = one.getBoundingClientRect();
    return [box.x + box.width / 2, box.y + box.height / 2];
})"""
TOLD = "e => [...e.children].filter(one => one.tagName === 'DIV').slice(1).map(one => one.innerText).join(' ')"
UNCOVERED = "e => e.scrollIntoView({ block: 'end', behavior: 'instant' })"
"""What stays at the top of the window lies over a chart that begins there."""
EACH_TIP = """(figure, [count, told]) => [...Array(count).keys()].map(dataIndex => {
    figure.__vue__.chart.dispatchAction({ type: "showTip", seriesIndex: 0, dataIndex });
    return eval(told)(figure.querySelector(".b-canvas"));
})"""
"""Some marks lie under others, where no mouse reaches them."""
MOST_MARKS = 20


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A dashboard with a sweep whose title, arms and factors have hostile names."""
    plan = work()
    arms = tuple(
        Arm(scenario=EVIL, route=HOSTILE[k + 1], pressure=HOSTILE[k + 3], what=one.what)
        for k, one in enumerate(plan.arms)
    )
    folder = made(tmp_path_factory.mktemp("sweeps") / "s", plan.model_copy(update={"title": EVIL, "arms": arms}))
    with serving("--sweep", str(folder)) as one:
        yield one


def is_clean(tab: Any) -> None:
    assert tab.evaluate(INJECTED) == [None]


def look_at(tab: Any) -> set[str]:
    """Unfold what is folded, hover over each chart's marks, save each chart and print; return all tooltips."""
    tab.evaluate("document.querySelectorAll('details').forEach(fold => fold.open = true)")
    settled(tab)
    told = {words for canvas in tab.locator(".b-canvas:visible").all() for words in hover(canvas)}
    is_clean(tab)
    for figure in tab.locator("figure.b-chart:visible").all():
        ElementTree.fromstring(saved(figure, "SVG"))
        rows = csv.reader(io.StringIO(saved(figure, "CSV").decode("utf-8-sig")))
        assert [cell for row in rows for cell in row if cell[:1] in ("=", "@")] == []
    tab.pdf()
    is_clean(tab)
    return told


def hover(canvas: Any) -> set[str]:
    """Move over a chart's marks; return what tooltips say."""
    canvas.evaluate(UNCOVERED)
    canvas.page.evaluate(REST)
    told = set()
    for x, y in canvas.evaluate(MIDDLES)[:MOST_MARKS]:
        canvas.page.mouse.move(x, y)
        told.add(canvas.evaluate(TOLD))
    return told


def saved(figure: Any, ending: str) -> bytes:
    """Save a chart; Chromium drops one file after ten in quick succession, and then it is asked for once more."""
    button = figure.get_by_role("button", name=ending, exact=True)
    try:
        with figure.page.expect_download(timeout=5_000) as waiting:
            button.click()
    except TimeoutError:
        with figure.page.expect_download() as waiting:
            button.click()
    return Path(waiting.value.path()).read_bytes()


def own_place(visitor: Visitor) -> Any:
    """Open the page Place with a place of hostile names, as somebody brings it."""
    tab = visitor.open("/your-place")
    files = {"place.toml": place_toml(), "organisations.csv": organisations(), "relationships.csv": relationships()}
    tab.get_by_label("Files", exact=True).set_input_files(
        [{"name": name, "mimeType": "text/plain", "buffer": text.encode()} for name, text in files.items()]
    )
    expect(tab.get_by_text("nothing is wrong")).to_be_visible()
    is_clean(tab)
    tab.get_by_role("button", name="See it on Place").click()
    tab.get_by_role("heading", name="Place", exact=True, level=1).wait_for()
    return settled(tab)


def test_a_place_of_hostile_names_is_shown_as_it_is_named_on_every_page(
    hostile: Served, new_visitor: NewVisitor
) -> None:
    tab = own_place(new_visitor(to=hostile))
    options = tab.get_by_label("Organisation", exact=True).locator("option").all_inner_texts()
    assert sorted(options) == sorted(" ".join(name.split()) for name in SHOWN)
    network = tab.locator("figure").filter(has_text="Organisations and their relationships").first
    tips = network.evaluate(EACH_TIP, [len(SHOWN), TOLD])
    assert [words.rpartition(": practice")[0] for words in tips] == SHOWN
    tie = f"{SHOWN[0]} – {SHOWN[1]}: trust"
    assert any(words.startswith(tie) for words in look_at(tab))
    query = tab.evaluate("location.search")
    for page in PAGES[1:]:
        show(tab, f"{page.PATH}{query}")
        look_at(tab)


def test_a_sweep_of_hostile_names_is_shown_as_it_is_named(hostile: Served, new_visitor: NewVisitor) -> None:
    tab = new_visitor(to=hostile).open("/sweep?sweep=s")
    expect(tab.locator("main")).to_contain_text(EVIL)
    look_at(tab)


def test_names_that_people_type_are_shown_as_they_are_typed(served: Served, new_visitor: NewVisitor) -> None:
    tab = new_visitor().open("/decide?month=36")
    for name in HOSTILE[::3]:
        field = tab.get_by_label("Name of branch 1")
        field.fill(name)
        field.press("Enter")
        settled(tab)
        expect(tab.locator(".b-canvas svg").first).to_contain_text(tidy(name)[:12])
        is_clean(tab)
    look_at(tab)
    show(tab, f"{SMALL}&seed=88001")
    compare(tab)
    tab.get_by_label("Name this comparison").fill(EVIL)
    tab.keyboard.press("Enter")
    expect(tab.get_by_role("region", name="Table: Named comparisons")).to_contain_text(EVIL)
    look_at(tab)


def test_saved_settings_of_hostile_names_are_refused_in_their_own_words(
    served: Served, new_visitor: NewVisitor
) -> None:
    tab = new_visitor().open("/")
    tab.get_by_role("button", name="Save, load, share").click()
    with tab.expect_download() as waiting:
        tab.get_by_role("button", name="Save as a file").click()
    file = json.loads(Path(waiting.value.path()).read_text(encoding="utf-8"))
    for evil in (dict.fromkeys(file, EVIL), {**file, "settings": EVIL}, {**file, EVIL: EVIL}):
        tab.get_by_label("or paste its text").fill(json.dumps(evil))
        tab.get_by_role("button", name="Load this text").click()
        tab.locator(".b-answers p").first.wait_for()
        is_clean(tab)
