"""Your place: bring it, mend it, explore it, take it along, find it again, forget it."""

import json
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from dashboard.pages.your_place.draft import MOST_UPLOADED
from dashboard.pages.your_place.faults import check
from dashboard.pages.your_place.start import example
from simulation.scenario import load_place
from tests.dashboard.browsers import PHONE, Visitor, check_accessible, check_width, path_and_query, settled
from tests.dashboard.conftest import NewVisitor, browsing
from tests.dashboard.pages.your_place.test_draft import ORGANISATIONS, RELATIONSHIPS
from tests.dashboard.server_process import COMMAND, start, stop
from tests.simulation.importers.maps import workbook

pytestmark = pytest.mark.browser
PATH = "/your-place"
THREE = "id,name,kind,size\ncouncil,Council,council,6\nfoodbank,Foodbank,comunity,0.3\nage-uk,Age UK,voluntary,big\n"
TIES = "from,to,strength\ncouncil,foodbank,0.4\ncouncil,age-ukk,0.5\n"
NAMES = ["Age UK", "Council", "Foodbank"]
NAMED = "e => e.getAttribute('aria-label') || e.labels?.[0]?.textContent || e.textContent"


def file(name: str, content: str | bytes) -> dict[str, Any]:
    return {
        "name": name,
        "mimeType": "text/csv",
        "buffer": content.encode() if isinstance(content, str) else content,
    }


def bring(tab: Any, *files: dict[str, Any]) -> None:
    tab.get_by_label("Files", exact=True).set_input_files(list(files))


def wrongs(tab: Any) -> Any:
    return tab.locator(".b-wrongs li")


def cell(tab: Any, table: str, name: str) -> Any:
    return tab.get_by_role("region", name=table, exact=True).get_by_label(name, exact=True)


def focused(tab: Any) -> str:
    return str(tab.evaluate(f"({NAMED})(document.activeElement)")).strip()


def tab_to(tab: Any, name: str, *, most: int = 90) -> None:
    for _ in range(most):
        if focused(tab) == name:
            return
        tab.keyboard.press("Tab")
    msg = f"nothing called {name!r} is reached by Tab"
    raise AssertionError(msg)


def kept(tab: Any) -> list[str]:
    return sorted(tab.evaluate("Object.keys(localStorage).filter(key => key.startsWith('behaviours.place.'))"))


@pytest.mark.parametrize("size", [(1280, 900), PHONE], ids=["desk", "phone"])
def test_a_place_with_three_faults_is_mended_by_keyboard_and_explored(
    new_visitor: NewVisitor, size: tuple[int, int]
) -> None:
    tab = new_visitor(size=size).open(PATH)
    bring(tab, file("organisations.csv", THREE), file("relationships.csv", TIES))
    expect(wrongs(tab)).to_have_count(3)
    expect(wrongs(tab).first).to_contain_text("organisations.csv, line 3, column kind")
    beside = tab.locator(".b-faults li").all_inner_texts()
    assert any("“comunity” is not a kind of organisation" in words for words in beside)
    assert any("Did you mean “community”?" in words for words in beside)
    check_accessible(tab)
    check_width(tab)
    assert focused(tab) == "My place: 3 things are wrong (3 organisations, 2 relationships)."
    tab_to(tab, "organisations.csv, line 3, column kind")
    tab.keyboard.press("Enter")
    expect(cell(tab, "Organisations", "Kind, line 3")).to_be_focused()
    tab.keyboard.type("Community")
    tab.keyboard.press("Tab")
    expect(wrongs(tab)).to_have_count(2)
    tab_to(tab, "Size, line 4")
    tab.keyboard.press("Control+A")
    tab.keyboard.type("2")
    tab.keyboard.press("Enter")
    expect(wrongs(tab)).to_have_count(1)
    tab_to(tab, "Use “age-uk” in line 3")
    tab.keyboard.press("Enter")
    expect(tab.get_by_text("nothing is wrong (3 organisations, 2 relationships)")).to_be_visible()
    expect(cell(tab, "Relationships", "To, line 3")).to_have_value("age-uk")
    tab.locator("main").focus()
    tab_to(tab, "See it on Place")
    tab.keyboard.press("Enter")
    tab.get_by_role("heading", name="Place", exact=True, level=1).wait_for()
    settled(tab)
    assert sorted(tab.get_by_label("Organisation", exact=True).locator("option").all_inner_texts()) == NAMES
    assert "sha-" in path_and_query(tab)
    assert "foodbank" not in path_and_query(tab)
    check_accessible(tab)


def test_a_reload_and_another_tab_of_this_browser_bring_it_back_and_nobody_else_sees_it(
    new_visitor: NewVisitor,
) -> None:
    visitor = new_visitor()
    tab = visitor.open(PATH)
    tab.get_by_role("button", name="Start from a worked example").click()
    expect(tab.get_by_text("Worked example: nothing is wrong")).to_be_visible()
    tab.get_by_role("button", name="Decide with it").click()
    tab.get_by_role("heading", name="Decide", exact=True, level=1).wait_for()
    settled(tab)
    link = path_and_query(tab)
    own = tab.get_by_text("You are looking at a place of your own: Worked example.")
    expect(own).to_be_visible()
    tab.reload()
    expect(own).to_be_visible()
    second = visitor.open(link)
    expect(second.get_by_text("You are looking at a place of your own: Worked example.")).to_be_visible()
    tab.get_by_role("button", name="Back to the start").click()
    tab.get_by_label("Prototypes, exact value").fill("30")
    tab.get_by_role("button", name="Change it").click()
    tab.get_by_label("Title", exact=True).fill("Ours")
    tab.get_by_label("Title", exact=True).press("Enter")
    expect(tab.get_by_text("Ours: nothing is wrong")).to_be_visible()
    tab.get_by_role("button", name="Decide with it").click()
    expect(tab.get_by_label("Prototypes, exact value")).to_have_value("30")  # what was set stands in what it became
    tab.goto(visitor.served.at(PATH))
    expect(tab.get_by_text("Ours: nothing is wrong")).to_be_visible()

    other = new_visitor().open(link)
    alert = other.get_by_role("alert").filter(has_text="stays in the browser where it was made")
    expect(alert).to_be_visible()
    assert "Residents" not in other.locator("body").inner_text()
    check_accessible(other)
    alert.get_by_role("button", name="Open Your place").click()
    expect(other.get_by_label("Files", exact=True)).to_be_visible()
    # Whoever has the same files has the same place, and the link works.
    other.get_by_role("button", name="Start from a worked example").click()
    expect(other.get_by_text("nothing is wrong")).to_be_visible()


NAMED_OTHERWISE = """() => {
    const walker = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT), found = [];
    while (walker.nextNode()) {
        const { parentElement: at, textContent: text } = walker.currentNode;
        const is_offered = at.tagName === "OPTION" && !at.selected;  // what else can be chosen
        if (/Barking|Gateshead/.test(text) && !is_offered) found.push(`${at.tagName}: ${text}`);
    }
    for (const e of document.querySelectorAll("main [aria-label]"))
        if (/Barking|Gateshead/.test(e.getAttribute("aria-label"))) found.push(e.getAttribute("aria-label"));
    return found;
}"""


def test_no_page_that_shows_a_place_of_ones_own_names_another(new_visitor: NewVisitor) -> None:
    tab = new_visitor().open(PATH)
    tab.get_by_role("button", name="Start from a worked example").click()
    tab.get_by_role("button", name="See it on Place").click()
    tab.get_by_role("heading", name="Place", exact=True, level=1).wait_for()
    for page in ("Place", "Decide", "Compare", "Assumptions"):
        tab.get_by_role("link", name=page, exact=True).click()
        tab.get_by_role("heading", name=page, exact=True, level=1).wait_for()
        settled(tab)
        assert "Worked example" in tab.locator("main").inner_text()
        assert tab.evaluate(NAMED_OTHERWISE) == [], page
    choice = tab.get_by_label("Scenario", exact=True)
    assert choice.locator("option:checked").inner_text() == "Worked example"
    choice.select_option("barking-and-dagenham")
    tab.wait_for_function("!location.search.includes('sha-')")
    assert choice.locator("option:checked").inner_text() == "Barking and Dagenham"


def test_what_is_half_mended_comes_back_on_reload_and_after_the_server_was_started_again(browser: Any) -> None:
    served = start()
    port = int(served.url.rstrip("/").rpartition(":")[2])
    with browsing(browser, (1280, 900)) as context:
        tab = Visitor(context, served).open(PATH)
        bring(tab, file("o.csv", ORGANISATIONS), file("r.csv", RELATIONSHIPS))
        expect(wrongs(tab)).to_have_count(7)
        cell(tab, "Organisations", "Name, line 3").fill("Our foodbank")
        cell(tab, "Organisations", "Kind, line 3").select_option("community")
        expect(wrongs(tab)).to_have_count(6)
        expect(cell(tab, "Organisations", "Name, line 3")).to_have_value("Our foodbank")  # typed, not yet left
        cell(tab, "Organisations", "Name, line 3").blur()
        settled(tab)
        stop(served)
        served = start(port=port)
        try:
            tab.reload()
            expect(wrongs(tab)).to_have_count(6)
            expect(cell(tab, "Organisations", "Name, line 3")).to_have_value("Our foodbank")
            tab.get_by_text("Begin again, or bring the other table").click()
            tab.get_by_role("button", name="Start from a worked example").click()
            tab.get_by_role("button", name="See it on Place").click()
            tab.get_by_role("heading", name="Place", exact=True, level=1).wait_for()
            stop(served)
            served = start(port=port)
            tab.reload()
            expect(tab.get_by_text("You are looking at a place of your own: Worked example.")).to_be_visible()
        finally:
            stop(served)


def test_the_download_checks_clean_on_the_command_line_and_is_the_same_place(
    new_visitor: NewVisitor, tmp_path: Path
) -> None:
    tab = new_visitor().open(PATH)
    book = workbook(
        Elements=[["Label", "Type"], ["Age UK", "Charity"], ["Town Council", "Council"], ["Sam", "Person"]],
        Connections=[["From", "To"], ["Age UK", "Town Council"], ["Sam", "Town Council"]],
    )
    bring(tab, file("our town.xlsx", book))
    expect(tab.get_by_text("Our town: nothing is wrong (2 organisations, 1 relationship)")).to_be_visible()
    expect(tab.get_by_text("elements left out by type: 1: Person (1); “Which types are")).to_be_visible()
    expect(tab.get_by_label("Type “Person” (1)")).to_be_hidden()
    tab.get_by_text("How the map is read").click()
    tab.get_by_label("Type “Person” (1)").select_option("community")
    expect(tab.get_by_text("nothing is wrong (3 organisations, 2 relationships)")).to_be_visible()
    with tab.expect_download() as coming:
        tab.get_by_role("button", name="Download as a place folder").click()
    assert coming.value.suggested_filename == "our-town.zip"
    with zipfile.ZipFile(coming.value.path()) as archive:
        archive.extractall(tmp_path)
    done = subprocess.run(
        [*COMMAND, "place", "check", "our-town"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr.count("problem")) == (0, 0), done.stderr
    assert "nothing is wrong (3 organisations, 2 relationships)" in done.stdout
    assert "imported from our town.xlsx" in (tmp_path / "our-town" / "place.toml").read_text(encoding="utf-8")
    tab.get_by_role("button", name="See it on Place").click()
    tab.get_by_role("heading", name="Place", exact=True, level=1).wait_for()
    assert f"sha-{load_place(tmp_path / 'our-town').content_hash()}" in path_and_query(tab)


def test_what_is_too_large_or_cannot_be_read_is_said_in_words(new_visitor: NewVisitor) -> None:
    tab = new_visitor().open(PATH)
    bring(tab, file("large.csv", b"x" * (MOST_UPLOADED + 1)))
    expect(tab.get_by_role("alert")).to_contain_text("Too large: 5.0 MB, of at most 5.0 MB together. Nothing was read.")
    bring(tab, file("minutes.pdf", b"%PDF-1.4"))
    expect(tab.get_by_role("alert")).to_contain_text("minutes.pdf: this is a PDF, which is not read")
    bring(tab, file("ties.csv", "Label,Type\nAge UK,Charity\n"), file("b.csv", "From,To\nAge UK,Nobody\n"))
    expect(tab.get_by_role("alert")).to_contain_text("b.csv, line 2: 'Nobody'")
    check_accessible(tab)
    tab.get_by_text("How the map is read").click()
    tab.get_by_label("A tie to what is no element").select_option("add")
    expect(tab.get_by_text("nothing is wrong (2 organisations, 1 relationship)")).to_be_visible()
    expect(tab.get_by_role("alert")).to_have_count(0)


def test_a_table_that_can_not_be_told_is_asked_about_and_doubts_come_first(new_visitor: NewVisitor) -> None:
    tab = new_visitor().open(PATH)
    bring(tab, file("who.csv", "Who we are,Where\nMind,North\nAge UK,South\n"))
    expect(tab.get_by_role("alert")).to_contain_text("can't be told what this table is")
    tab.get_by_label("“who.csv” holds").select_option(label="Organisations, named by 'Who we are'")
    expect(tab.get_by_text("nothing is wrong (2 organisations, 0 relationships)")).to_be_visible()
    first = tab.get_by_role("heading", name="Look at this first")
    expect(first).to_be_visible()
    expect(tab.get_by_text("no ties at all: 2 organisations")).to_have_count(1)
    check_accessible(tab)
    for left in (1, 0):
        tab.get_by_role("button", name="It is settled").first.click()
        expect(tab.get_by_role("button", name="It is settled")).to_have_count(left)
    expect(first).to_have_count(0)


def test_tables_are_pasted_changed_row_by_row_taken_back_and_forgotten(new_visitor: NewVisitor) -> None:
    tab = new_visitor().open(PATH)
    tab.get_by_text("Paste tables instead").click()
    tab.get_by_label("Organisations", exact=True).fill("id\tkind\na\thealth\nb\thousing\n")
    tab.get_by_label("Relationships", exact=True).fill("from,to\na,b\n")
    tab.get_by_role("button", name="Read what is pasted").click()
    expect(tab.get_by_text("nothing is wrong (2 organisations, 1 relationship)")).to_be_visible()
    tab.get_by_role("button", name="Add an organisation").click()
    expect(cell(tab, "Organisations", "Id, line 4")).to_be_focused()
    cell(tab, "Organisations", "Id, line 4").fill("=c")
    tab.keyboard.press("Tab")
    expect(wrongs(tab)).to_have_count(1)
    expect(cell(tab, "Organisations", "Id, line 4")).to_have_value("=c")
    tab.get_by_role("button", name="Remove line 4").click()
    expect(tab.get_by_role("button", name="Remove line 3")).to_have_count(1)
    expect(wrongs(tab)).to_have_count(0)
    tab.get_by_role("button", name="Undo the last change").click()
    expect(wrongs(tab)).to_have_count(1)
    tab.get_by_role("button", name="Remove line 4").click()
    expect(wrongs(tab)).to_have_count(0)
    tab.get_by_role("button", name="See it on Place").click()
    tab.get_by_role("heading", name="Place", exact=True, level=1).wait_for()
    settled(tab)
    assert len(kept(tab)) == 2
    tab.get_by_role("button", name="Change it").click()
    tab.get_by_role("button", name="Forget this place").click()
    tab.get_by_role("button", name="Keep it").click()
    assert len(kept(tab)) == 2
    tab.get_by_role("button", name="Forget this place").click()
    tab.get_by_role("button", name="Forget it for good").click()
    expect(tab.get_by_text("The place was forgotten")).to_be_visible()
    assert kept(tab) == []
    assert "sha-" not in path_and_query(tab)
    tab.go_back()
    expect(tab.get_by_role("alert")).to_contain_text("It is not in this browser")


def test_two_tabs_of_one_browser_say_so_where_one_takes_the_others_place(new_visitor: NewVisitor) -> None:
    visitor = new_visitor()
    first, second = visitor.open(PATH), visitor.open(PATH)
    for tab in (first, second):
        tab.get_by_role("button", name="Start from a worked example").click()
        expect(tab.get_by_text("Worked example: nothing is wrong")).to_be_visible()
    told = first.get_by_role("alert").filter(has_text="Another tab of this browser")
    expect(told).to_be_visible()
    expect(second.get_by_role("alert")).to_have_count(0)
    first.get_by_label("Title", exact=True).fill("Ours")
    first.get_by_label("Title", exact=True).press("Enter")
    expect(told).to_have_count(0)
    expect(second.get_by_role("alert").filter(has_text="Another tab of this browser")).to_be_visible()


def test_what_somebody_puts_into_the_browsers_store_is_no_place(new_visitor: NewVisitor) -> None:
    name = check(example()).name
    tab = new_visitor().open(PATH)
    for text in ("nonsense", json.dumps({"form": "system-behaviours place"})):
        tab.evaluate("([key, text]) => localStorage.setItem(key, text)", [f"behaviours.place.{name}", text])
        tab.evaluate("text => localStorage.setItem('behaviours.place.draft', text)", text)
        tab.goto(tab.url.partition("?")[0] + f"?place={name}")
        settled(tab)
        expect(tab.get_by_role("alert")).to_contain_text("It is not in this browser")
        expect(tab.get_by_label("Files", exact=True)).to_be_visible()
