"""What every page keeps to: at a desk and on a phone, on paper, and in colours that the browser chooses."""

import json
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from dashboard.pages import PAGES
from dashboard.pages.decide.branches import Decision, Tree
from dashboard.pages.decide.serialisation import BRANCHES
from simulation.scenario import Shares
from tests.dashboard.browsers import DESKTOP, PHONE, check_accessible, check_width, path_and_query, settled, show
from tests.dashboard.conftest import NewVisitor

PATHS = [page.PATH for page in PAGES]
SETTINGS = "v=1&model=1&scenario=gateshead&route=blended&seed=1000003&month=24"
FORKED = BRANCHES.to_text(Tree().forked(0, 24, "Reflect").decided(1, Decision(month=24, shares=Shares(reflect=0.9))))
LINKS = json.loads((Path(__file__).parents[1] / "links.json").read_text(encoding="utf-8"))["links"]
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


def test_links_of_version_1_open(tab: Any) -> None:
    """A few of those that `test_address.py` holds whole: what they name is there, and nothing is complained of."""
    stored = {part: [row for row in LINKS if row.get(part)] for part in ("decisions", "intent", "named")}
    branches, named = stored["decisions"][16], stored["named"][-4]
    for row in (LINKS[6], stored["intent"][12], branches, named):
        show(tab, row["link"])
        assert tab.locator("[role=alert]").all_inner_texts() == []
        assert path_and_query(tab).partition("?")[0] == row["link"].partition("?")[0]
        for branch in row.get("decisions", {}).get("branches", [])[1:]:
            expect(tab.get_by_role("button", name=f"Remove “{branch['name']}”")).to_be_visible()
        for name, _ in row.get("named", []):
            expect(tab.get_by_role("button", name=f"Remove “{name}”")).to_be_visible()
        if talk := row.get("intent", {}).get("talk"):
            expect(tab.get_by_label("Talk about behaviours", exact=True)).to_have_value(talk)


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


CONTRAST = """(element, over) => {
    const seen = colour => (colour.match(/[\\d.]+/g) || []).slice(0, 3).map(Number)
        .map(part => part / 255).map(part => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
    const light = colour => seen(colour).reduce((sum, part, k) => sum + part * [0.2126, 0.7152, 0.0722][k], 0);
    let under = over || element;
    while (under && /rgba\\(.*, 0\\)/.test(getComputedStyle(under).backgroundColor)) under = under.parentElement;
    const look = getComputedStyle(element), text = element instanceof SVGElement ? look.fill : look.color;
    const [high, low] = [light(text), light(under ? getComputedStyle(under).backgroundColor : "rgb(0, 0, 0)")]
        .sort((a, b) => b - a);
    return (high + 0.05) / (low + 0.05);
}"""
"""How far the colour of a text is from what lies under it, as WCAG counts it."""


def look(found: Any, *names: str) -> tuple[str, ...]:
    """Return how something is drawn."""
    return tuple(found.evaluate("(e, names) => names.map(name => getComputedStyle(e)[name])", list(names)))


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_colours_that_the_browser_chooses_leave_charts_readable_and_show_what_is_pressed(
    new_visitor: NewVisitor, scheme: str
) -> None:
    visitor = new_visitor(forced_colors="active", color_scheme=scheme)
    tab = visitor.open("/compare?compare=manifesto-led,prototype-led,blended")
    pressed, other = (tab.get_by_role("button", name=name, exact=True) for name in ("Blended", "Opportunistic"))
    cancel, compare = tab.get_by_role("button", name="Cancel"), tab.get_by_role("button", name="Compare:")
    assert look(pressed, "backgroundColor", "color") != look(other, "backgroundColor", "color")
    assert look(cancel, "color") != look(compare, "color")
    bars = [look(link, "borderBottomColor") for link in tab.locator(".b-header nav a").all()]
    assert bars.count(look(tab.locator(".b-header nav a[aria-current]"), "borderBottomColor")) == 1
    assert pressed.evaluate(CONTRAST) >= 4.5
    for address in (f"/decide?decisions={FORKED}&month=30&repeats=5", "/"):
        page = visitor.open(address)
        assert len(page.locator(".b-canvas svg text").all()) > 10
        texts = page.locator(".b-canvas svg text").evaluate_all(f"texts => texts.map(text => ({CONTRAST})(text))")
        assert min(texts) >= 4.5
        assert page.locator(".b-mark span").evaluate_all(f"texts => texts.every(text => ({CONTRAST})(text) >= 4.5)")
    tab = visitor.open("/assumptions?trust-gain=0.1&mechanism=all")
    rows = tab.locator(".b-numbers li")
    assert look(rows.first, "borderLeftColor") != look(tab.locator(".b-numbers li.b-changed"), "borderLeftColor")


def test_what_is_chosen_looks_chosen_where_it_can_t_be_given_up(tab: Any) -> None:
    show(tab, "/compare?compare=manifesto-led,prototype-led,blended")
    routes = tab.get_by_role("group", name="Routes compared")
    free = {
        button.inner_text(): look(button, "backgroundColor", "color") for button in routes.get_by_role("button").all()
    }
    routes.get_by_role("button", name="Blended").click()
    expect(routes.get_by_role("button", name="Manifesto-led")).to_be_disabled()
    tab.mouse.move(0, 0)
    settled(tab)
    for button in routes.get_by_role("button").all():
        name, is_chosen = button.inner_text(), button.get_attribute("aria-pressed") == "true"
        assert look(button, "backgroundColor", "color") == free["Manifesto-led" if is_chosen else "Opportunistic"], name


PAPER = (725, 1050)
"""Pixels of A4 within its margins."""
AT = """mark => { const all = mark.parentElement.querySelector("svg, canvas").getBoundingClientRect();
    return all.width ? (mark.getBoundingClientRect().x - all.x) / all.width : null; }"""


@pytest.mark.parametrize(
    "address", ["/decide?month=100&repeats=5", "/compare?months=6&paired=20&seed=77001", "/assumptions", "/"]
)
def test_charts_and_their_line_of_the_month_are_printed_whole(new_visitor: NewVisitor, address: str) -> None:
    visitor = new_visitor()
    # Paper is narrower than the screen that charts were drawn for, and nothing tells them so.
    visitor.context.add_init_script("window.ResizeObserver = class { observe() {} unobserve() {} disconnect() {} };")
    tab = visitor.open(address)
    if "compare" in address:
        tab.get_by_role("button", name="Compare:").click()
        tab.get_by_role("heading", name="What came out at month").wait_for()
        settled(tab)
    before = [mark.evaluate(AT) for mark in tab.locator(".b-mark").all()]
    tab.emulate_media(media="print")
    tab.set_viewport_size({"width": PAPER[0], "height": PAPER[1]})
    drawn = tab.locator(".b-canvas :is(svg, canvas)").evaluate_all(
        """all => all.filter(e => e.getClientRects().length).map(e => e.getBoundingClientRect())
            .map(box => [box.left, box.right, box.height])"""
    )
    assert drawn
    assert all(left >= 0 and right <= PAPER[0] + 1 and high > 50 for left, right, high in drawn), drawn
    for at, mark in zip(before, tab.locator(".b-mark").all(), strict=True):
        assert mark.evaluate(AT) in (None, pytest.approx(at, abs=0.01))
    check_width(tab)
