"""The page Sweep in a browser: choose, look, run again, map, a sweep that grows, an example, bad names, a phone."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from experiments.executors import Serial
from experiments.output_folder import locked
from experiments.runner import sweep
from tests.dashboard.browsers import (
    DESKTOP,
    PHONE,
    Visitor,
    apart,
    check_accessible,
    check_width,
    path_and_query,
    settled,
    show,
)
from tests.dashboard.conftest import browsing, complaints_of
from tests.dashboard.controls import use
from tests.dashboard.server_process import COMMAND, Served, serving
from tests.dashboard.sweeps import made, mapped, steps_work, work

pytestmark = pytest.mark.browser
expect.set_options(timeout=60_000)  # analyses wait for one another, on a machine that may be busy
SUBJECT = "generated-none-prototype-led"


class Enough(Exception):
    """A sweep has come as far as a test wants it."""


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("shown")
    made(folder / "sobol", work("sobol"))
    made(folder / "steps", steps_work())
    mapped(folder / "map")
    begun(folder / "growing")
    return folder


def begun(folder: Path) -> None:
    """Begin a sweep and leave it after sixteen runs."""

    def stop(progress: Any) -> None:
        if progress.done >= 16:
            raise Enough

    with pytest.raises(Enough):
        sweep(work(chunk=8), folder, executor=Serial(), progress=stop)


@pytest.fixture(scope="module")
def started(here: Path) -> Iterator[Served]:
    """A dashboard that was given sweeps and a map."""
    names = ("sobol", "steps", "growing")
    options = [part for name in names for part in ("--sweep", str(here / name))]
    with serving(*options, "--map", str(here / "map")) as dashboard:
        yield dashboard


@pytest.fixture(scope="module")
def reader(browser: Any, started: Served) -> Iterator[Visitor]:
    with browsing(browser, DESKTOP) as context:
        yield Visitor(context, started)


@pytest.fixture(scope="module")
def first(reader: Visitor) -> Page:
    found: Page = reader.open("/sweep?sweep=steps")
    return found


@pytest.fixture
def sheet(reader: Visitor, first: Page) -> Iterator[Page]:
    """A tab of that dashboard; a test fails if anything was asked outside or complained."""
    first.set_viewport_size({"width": DESKTOP[0], "height": DESKTOP[1]})
    yield first
    assert complaints_of([reader]) == []


def told(page: Page) -> str:
    return page.locator("main").inner_text()


@pytest.mark.parametrize(
    "address", [f"/sweep?sweep=sobol&subject={SUBJECT}", "/sweep?sweep=growing", "/sweep?sweep=map"]
)
def test_what_stays_on_the_page_is_never_made_anew(started: Served, address: str) -> None:
    apart(use(started, address, ()))


def test_points_are_chosen_by_keyboard_and_one_is_run_again(sheet: Page) -> None:
    show(sheet, f"/sweep?sweep=sobol&subject={SUBJECT}")
    expect(sheet.get_by_text("All 40 points are chosen")).to_be_visible()
    sheet.get_by_label("Choose points by").select_option("initial_trust")
    slider = sheet.get_by_role("slider", name="Initial trust, from", exact=True)
    slider.focus()
    for _ in range(3):
        sheet.keyboard.press("PageUp")
    expect(sheet.get_by_text("of 40 points are chosen. Their mean practice")).to_be_visible()
    sheet.wait_for_url("**within=*")
    told_of = sheet.get_by_text("of 40 points are chosen.")
    count = told_of.inner_text().split(" ")[0]
    sheet.get_by_label("Outcome", exact=True).select_option("trust")
    expect(sheet.get_by_text(f"{count} of 40 points are chosen. Their mean trust")).to_be_visible()
    sheet.get_by_label("Outcome", exact=True).select_option("practice")
    expect(sheet.get_by_text(f"{count} of 40 points are chosen. Their mean practice")).to_be_visible()
    chosen = sheet.locator(".b-table button").first
    name = chosen.inner_text()
    chosen.press("Enter")
    sheet.wait_for_url("**point=*")
    expect(sheet.get_by_role("heading", name=f"{name}, month by month")).to_be_visible()
    expect(sheet.get_by_text("gives the stored numbers to the last bit")).to_be_visible()
    expect(sheet.get_by_text("Stored at this point, over 2 seeds: practice (of 10)")).to_be_visible()
    expect(sheet.get_by_text("The sample is too small to tell").first).to_be_visible()
    settled(sheet)
    before, address = told(sheet), path_and_query(sheet)
    sheet.reload()
    expect(sheet.get_by_text("The sample is too small to tell").first).to_be_visible()
    settled(sheet)
    assert told(sheet) == before
    sentence = sheet.get_by_text("at the end on seed").inner_text()
    ends = sentence.split("Prototype-led ")[1].removesuffix(".").split(" of")[0]
    sheet.get_by_role("link", name="See Prototype-led at this point on the page Place").click()
    sheet.locator("h1", has_text="Place").wait_for()
    settled(sheet)
    assert "route=prototype-led" in path_and_query(sheet)
    expect(sheet.locator("main")).to_contain_text(f"This run: {ends} of 10")
    sheet.go_back()
    settled(sheet)
    assert path_and_query(sheet) == address


def test_a_map_is_read_and_a_cell_is_run_again(sheet: Page) -> None:
    show(sheet, "/sweep?sweep=map")
    expect(sheet.get_by_role("heading", name="Where each route does better")).to_be_visible()
    expect(sheet.get_by_role("img", name="Map of 3 by 3 cells")).to_be_visible()
    sheet.get_by_role("combobox", name="pressure at the start").select_option("2")
    sheet.wait_for_url("**point=*")
    sheet.get_by_role("combobox", name="mean trust at the start").select_option("0")
    sheet.wait_for_url("**point=2")
    expect(sheet.get_by_text("over 20 pairs of runs")).to_be_visible()
    expect(sheet.get_by_text("gives the stored numbers to the last bit")).to_be_visible()
    assert settled(sheet).locator("[role=alert]").count() == 0


def test_what_failed_and_what_no_address_can_say(sheet: Page) -> None:
    show(sheet, "/sweep?sweep=steps&point=3")
    expect(sheet.get_by_text("3 runs failed and are left out")).to_be_visible()
    expect(sheet.get_by_role("table", name="Runs that failed")).to_contain_text("practice_low")
    expect(sheet.get_by_text("the page Place has no settings for this run")).to_be_visible()
    show(sheet, "/sweep?sweep=steps&point=4")
    expect(sheet.get_by_text("This run can’t be carried out").first).to_be_visible()
    expect(sheet.get_by_text("Of single changes").or_(sheet.get_by_text("too small to tell")).first).to_be_visible()


def test_a_sweep_that_grows_is_read_again(sheet: Page, here: Path) -> None:
    with locked(here / "growing"):
        show(sheet, "/sweep?sweep=growing")
        expect(sheet.get_by_text("Running now: 16 of 96 runs")).to_be_visible()
        sheet.get_by_role("button", name="Work out what matters").click()
        expect(sheet.get_by_text("The sample is too small to tell").first).to_be_visible()
    sheet.get_by_role("button", name="Read again").click()
    expect(sheet.get_by_text("nothing is running it now: 16 of 96 runs")).to_be_visible()
    sweep(work(chunk=8), here / "growing", executor=Serial())
    expect(sheet.get_by_text("Finished: all 96 runs are stored; none failed.")).to_be_visible()  # by itself
    expect(sheet.get_by_role("button", name="Read again")).to_have_count(0)


def test_both_can_be_used_by_everybody_on_a_phone_and_at_a_desk(sheet: Page) -> None:
    for name in ("sobol", "map"):
        show(sheet, f"/sweep?sweep={name}")
        expect(sheet.get_by_text("Working out what moves")).to_have_count(0)
        for size in (PHONE, DESKTOP):
            sheet.set_viewport_size({"width": size[0], "height": size[1]})
            sheet.evaluate("document.querySelectorAll('details').forEach(fold => fold.open = true)")
            settled(sheet)
            check_width(sheet)
            check_accessible(sheet)


def test_a_name_that_was_not_given_is_answered_in_words(sheet: Page, here: Path) -> None:
    for bad in ("..%2Fmap", str(here / "map").replace("/", "%2F"), "sobl"):
        sheet.goto(sheet.url.split("/sweep")[0].split("/?")[0] + f"/sweep?sweep={bad}&within=nonsense&point=7")
        settled(sheet)
        expect(sheet.get_by_role("alert").first).to_contain_text("were started with")
        assert "Traceback" not in sheet.locator("body").inner_text()


def test_an_example_is_made_where_nothing_was_given(tab: Page) -> None:
    show(tab, "/sweep")
    expect(tab.get_by_text("behaviours dashboard --sweep out/first")).to_be_visible()
    tab.get_by_role("button", name="Make the example map").click()
    tab.wait_for_url("**sweep=example-map")
    expect(tab.get_by_role("heading", name="One cell, month by month")).to_be_visible()
    assert settled(tab).get_by_role("alert").count() == 0


def test_a_folder_that_holds_nothing_is_one_clear_error(tmp_path: Path) -> None:
    arguments = [*COMMAND, "dashboard", "--no-browser", "--port", "0", "--sweep", str(tmp_path)]
    done = subprocess.run(arguments, capture_output=True, text=True, timeout=60, env=os.environ | {"COLUMNS": "300"})
    assert done.returncode == 2
    assert done.stderr.startswith(f"Error: --sweep: {tmp_path} holds no sweep and no map")
    assert len(done.stderr.splitlines()) == 1
