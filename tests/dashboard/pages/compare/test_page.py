"""Compare: choose, run, cancel, read, take ingredients away, name, share."""

from typing import Any

import psutil
import pytest
from playwright.sync_api import expect

from tests.dashboard.browsers import PHONE, check_accessible, check_width, path_and_query, settled, show

pytestmark = pytest.mark.browser
SMALL = "/compare?v=1&model=1&months=24&paired=20"
LONG = "/compare?v=1&model=1&months=200&paired=200"


def compare(page: Any) -> None:
    page.get_by_role("button", name="Compare:").click()
    page.get_by_role("heading", name="What came out at month").wait_for()
    settled(page)


def begin_long(page: Any) -> None:
    page.get_by_role("button", name="Take each away: 6,400 runs").click()
    page.get_by_text("of 6,400 runs").wait_for()


def lines(text: str) -> list[str]:
    """Return what a page says, but for how long the runs took."""
    return [line for line in text.split("\n") if line.strip() and not line.startswith(("Done", "Nothing runs"))]


def stands_still(tab: Any, served: Any) -> None:
    """Fail if the server is still at work: its own and its threads' processor time over a second."""
    process = psutil.Process(served.process.pid)
    before = sum(process.cpu_times()[:2])
    tab.wait_for_timeout(1_000)
    assert sum(process.cpu_times()[:2]) - before < 0.5


def test_routes_are_chosen_compared_read_and_shared(tab: Any, visitor: Any) -> None:
    show(tab, f"{SMALL}&seed=11")
    routes = tab.get_by_role("group", name="Routes compared")
    routes.get_by_role("button", name="Blended").click()
    tab.wait_for_function("location.search.includes('blended')")
    expect(routes.get_by_role("button", name="Opportunistic")).to_be_disabled()
    routes.get_by_role("button", name="No learning partner").press("Enter")
    tab.wait_for_function("!location.search.includes('none')")
    expect(routes.get_by_role("button", name="Opportunistic")).to_be_enabled()
    read, taken = tab.get_by_label("Difference", exact=True), tab.get_by_label("Taken away from", exact=True)
    read.select_option("blended,prototype-led")
    taken.select_option("blended")
    routes.get_by_role("button", name="Opportunistic").click()
    tab.wait_for_function("location.search.includes('opportunistic')")
    routes.get_by_role("button", name="Opportunistic").click()
    tab.wait_for_function("!location.search.includes('opportunistic')")
    expect(read).to_have_value("blended,prototype-led")  # what was set for the routes that stay stands
    expect(taken).to_have_value("blended")
    read.select_option("prototype-led,manifesto-led")
    expect(tab.get_by_role("heading", name="What came out")).to_have_count(0)
    compare(tab)
    expect(tab.get_by_role("status").filter(has_text="Done: 60 runs on seeds 11 to 30")).to_be_visible()
    table = tab.get_by_role("region", name="Table: Paired differences at month 24")
    expect(table.locator("tbody tr")).to_have_count(3)
    tab.get_by_label("Difference", exact=True).select_option("blended,manifesto-led")
    expect(tab.locator("figcaption", has_text="blended minus manifesto-led")).to_be_visible()
    tab.get_by_label("Outcome", exact=True).select_option("trust")
    tab.get_by_label("Month read", exact=True).press("ArrowLeft")
    tab.get_by_role("heading", name="What came out at month 23").wait_for()
    tab.wait_for_function("location.search.includes('month=23') && location.search.includes('outcome=trust')")
    expect(tab.get_by_role("region", name="Table: Paired differences at month 23: trust")).to_be_visible()
    told = settled(tab).locator("main").inner_text()
    assert (
        "behaviours compare barking-and-dagenham --routes manifesto-led prototype-led blended --replicates 20" in told
    )
    assert "--seed 11" in told
    other = visitor.open(path_and_query(tab))
    assert lines(other.locator("main").inner_text()) == lines(told)
    tab.go_back()
    tab.get_by_role("heading", name="What came out at month 24").wait_for()


def test_a_cancel_stops_the_work(tab: Any, served: Any) -> None:
    show(tab, LONG)
    begin_long(tab)
    expect(tab.get_by_role("progressbar", name="Runs done")).to_be_visible()
    tab.get_by_role("button", name="Cancel").click()
    expect(tab.get_by_text("Stopped after")).to_be_visible()
    tab.wait_for_timeout(500)
    stands_still(tab, served)
    expect(tab.locator("figcaption", has_text="what each ingredient adds or takes")).to_have_count(0)
    expect(tab.get_by_role("button", name="Take each away: 6,400 runs")).to_be_enabled()


def test_two_visitors_have_a_job_each_and_nobody_two(tab: Any, visitor: Any, new_visitor: Any) -> None:
    show(tab, f"{LONG}&seed=5000")
    begin_long(tab)
    second = visitor.open(SMALL + "&seed=41")
    second.get_by_role("button", name="Compare: 60 runs").click()
    expect(second.get_by_role("alert").filter(has_text="one runs at a time")).to_be_visible()
    other = new_visitor(size=PHONE).open(SMALL + "&seed=41")
    compare(other)
    expect(other.get_by_text("Done: 60 runs")).to_be_visible()
    tab.get_by_role("button", name="Cancel").click()
    expect(tab.get_by_text("Stopped after")).to_be_visible()
    expect(other.get_by_text("Stopped after")).to_have_count(0)
    check_width(other)
    check_accessible(other)


def test_a_visitor_who_leaves_leaves_no_work_behind(tab: Any, new_visitor: Any, served: Any) -> None:
    page = new_visitor().open(f"{LONG}&seed=9000")
    begin_long(page)
    page.goto("about:blank")
    tab.wait_for_timeout(1_000)
    stands_still(tab, served)


def test_ingredients_are_taken_away_on_the_same_seeds(tab: Any) -> None:
    show(tab, "/compare?v=1&model=1&months=6&paired=20&taken-from=manifesto-led")
    tab.get_by_role("button", name="Take each away: 640 runs").click()
    chart = tab.locator("figure.b-chart").filter(
        has=tab.locator("figcaption", has_text="what each ingredient adds or takes")
    )
    chart.wait_for()
    settled(tab)
    chart.get_by_text("Table: ").click()
    expect(chart.locator("thead th")).to_have_count(5)
    expect(chart.locator("tbody tr")).to_have_count(31)
    expect(chart.locator("tbody th", has_text="Neighbours’ example")).to_be_visible()
    expect(tab.get_by_text("intervals hold for all of them together")).to_be_attached()
    check_accessible(tab)
    tab.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    check_width(settled(tab))


def test_a_comparison_gets_a_name_is_opened_again_and_removed(tab: Any, visitor: Any) -> None:
    show(tab, SMALL)
    expect(tab.get_by_label("Name this comparison")).to_be_disabled()
    compare(tab)
    for name in ("Calm years", "Under austerity"):
        tab.get_by_label("Name this comparison").fill(name)
        tab.keyboard.press("Enter")
        tab.get_by_role("button", name=f"Remove “{name}”").wait_for()
        if name == "Calm years":
            tab.get_by_label("Pressure", exact=True).select_option("austerity")
            expect(tab.get_by_role("heading", name="What came out")).to_have_count(0)
            compare(tab)
    table = tab.get_by_role("region", name="Table: Named comparisons")
    rows = table.locator("tbody tr")
    expect(rows).to_have_count(2)
    assert "not run" not in rows.first.inner_text()
    before = rows.all_inner_texts()
    assert before[0].split("\t")[-1] != before[1].split("\t")[-1]
    table.get_by_role("button", name="Calm years").click()
    tab.wait_for_function("!location.search.includes('pressure')")
    expect(tab.get_by_role("heading", name="What came out")).to_be_visible()
    other = visitor.open(path_and_query(settled(tab)))
    assert other.get_by_role("region", name="Table: Named").locator("tbody tr").all_inner_texts() == before
    tab.get_by_role("button", name="Remove “Calm years”").click()
    expect(rows).to_have_count(1)


def test_a_bad_address_is_answered_in_words(tab: Any) -> None:
    show(tab, "/compare?compare=blended,nothing&paired=9000&pair=a,b&taken-from=me&named=1.AAAA")
    told = " ".join(tab.get_by_role("alert").all_inner_texts())
    for words in ("compare was “blended,nothing”", "paired was “9000”", "pair was", "taken-from was", "can't be read"):
        assert words in told
    expect(tab.get_by_text("Choose at least two routes.")).to_be_visible()
    expect(tab.get_by_role("button", name="Compare:")).to_be_disabled()
    assert "Traceback" not in tab.locator("body").inner_text()
