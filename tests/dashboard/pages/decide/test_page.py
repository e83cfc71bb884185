"""Decide: stop, choose, fork, go on; undo; predict; share; take the files along."""

import io
import json
import re
import zipfile
from pathlib import Path
from typing import Any

import psutil
import pytest
from playwright.sync_api import expect

from dashboard.pages.decide.branches import MOST_BRANCHES, Decision, Prediction, Tree
from dashboard.pages.decide.serialisation import BRANCHES
from dashboard.pages.decide.timeline import scenario_of
from simulation.run import simulate
from simulation.scenario import Shares, load_scenario
from simulation.scenario.events import Closure, DemandShock
from tests.dashboard.browsers import (
    DESKTOP,
    PHONE,
    Visitor,
    check_accessible,
    check_width,
    path_and_query,
    settled,
    show,
)
from tests.dashboard.conftest import browsing
from tests.dashboard.server_process import start, stop

pytestmark = pytest.mark.browser
SEED = 1_000_000
DAYS = Shares(help=0.15, convene=0.15, prototype=0.45, reflect=0.15, rewire=0.1)
FORK = Tree().forked(0, 24, "More prototypes from 24").decided(1, Decision(month=24, shares=DAYS))
START = "/decide?scenario=gateshead"
FORKED = f"{START}&decisions={BRANCHES.to_text(FORK)}&branch=1"
NAME = """e => (e.getAttribute("aria-label") || (e.labels && e.labels.length ? e.labels[0].textContent : e.textContent))
    .trim()"""


def focused(tab: Any) -> str:
    return str(tab.evaluate(f"({NAME})(document.activeElement)"))


def tab_to(tab: Any, name: str) -> None:
    """Press Tab until what is called so has the focus; nothing else finds it."""
    for _ in range(120):
        if focused(tab) == name:
            return
        tab.keyboard.press("Tab")
    msg = f"nothing called {name!r} is reached by Tab"
    raise AssertionError(msg)


def type_number(tab: Any, name: str, value: str) -> None:
    tab_to(tab, name)
    tab.keyboard.press("Control+A")
    tab.keyboard.type(value)
    tab.keyboard.press("Enter")
    settled(tab)


def press(tab: Any, name: str) -> None:
    tab_to(tab, name)
    tab.keyboard.press("Enter")
    settled(tab)


def branches(tab: Any) -> Tree:
    """Return what the address says."""
    return BRANCHES.from_text(str(tab.evaluate("new URLSearchParams(location.search).get('decisions') || ''")))


def rows(tab: Any) -> list[list[str]]:
    """Return the table behind the chart."""
    if not tab.locator(".b-table table").count():
        tab.locator(".b-under summary").first.click()
    tab.locator(".b-table tr").first.wait_for()
    lines = tab.locator(".b-table tr").all_inner_texts()
    return [line.split("\t") for line in lines]


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desk", "phone"])
def test_stop_at_month_24_change_the_days_and_fork_by_keyboard_alone(tab: Any, size: tuple[int, int]) -> None:
    show(tab, START)
    tab.set_viewport_size({"width": size[0], "height": size[1]})
    tab.locator("main").focus()
    type_number(tab, "Run to month, exact value", "24")
    tab.get_by_role("heading", name="Decide at month 24").wait_for()
    type_number(tab, "Convening, exact value", "15")
    type_number(tab, "Prototypes, exact value", "45")
    expect(tab.get_by_text("Together 135%: take 35% away")).to_be_visible()
    expect(tab.get_by_role("button", name="Fork: try it in a new branch")).to_be_disabled()
    type_number(tab, "Vision, exact value", "0")
    expect(tab.get_by_text("Together 100% of 27 days a month")).to_be_visible()
    expect(tab.get_by_text("From month 24: more prototypes (45% of days, before none)")).to_be_visible()
    press(tab, "Fork: try it in a new branch")
    expect(tab.get_by_label("Branch in hand")).to_have_value("1")
    press(tab, "Go on to the end")
    expect(tab.get_by_role("heading", name="More prototypes from 24, at month 120")).to_be_visible()
    check_width(tab)
    tree = branches(tab)
    assert tree == FORK
    head, *_, last = rows(tab)
    assert head == ["Month", "As planned", "More prototypes from 24"]
    shown = simulate(scenario_of(load_scenario("gateshead"), tree.path(1), seed=SEED), SEED)["practice"][-1]
    assert float(last[2]) == round(10 * shown, 3)


def test_a_link_restores_every_branch_to_be_renamed_and_taken_along(tab: Any, tmp_path: Path) -> None:
    show(tab, f"{FORKED}&month=36")
    found = rows(tab)
    assert found[0] == ["Month", "As planned", "More prototypes from 24"]
    assert found[-1][0] == "36"
    assert [row[2] for row in found[1:25]] == ["–"] * 24
    assert found[25][1] == found[25][2]
    assert all(row[1] != row[2] for row in found[28:])
    assert "month 36" in tab.locator(".b-canvas").get_attribute("aria-label")
    tab.get_by_role("button", name="Go on one year").first.click()
    tab.wait_for_function("location.search.includes('month=48')")
    tab.get_by_role("button", name="Back to the start").click()
    tab.get_by_role("heading", name="Decide at month 0").wait_for()
    assert branches(tab) == FORK
    name = tab.get_by_label("Name of branch 2")
    name.fill("  Depth\tearly ")
    name.press("Enter")
    tab.get_by_role("button", name="Remove “Depth early”").wait_for()
    with tab.expect_download() as waiting:
        tab.get_by_role("button", name="Files of “Depth early” for the command line").click()
    assert waiting.value.suggested_filename == "depth-early.zip"
    waiting.value.save_as(tmp_path / "files.zip")
    with zipfile.ZipFile(io.BytesIO((tmp_path / "files.zip").read_bytes())) as archive:
        archive.extractall(tmp_path)
        assert json.loads(archive.read("manifest.json"))["command"] == f"behaviours run ./scenario.toml --seed {SEED}"
    assert (
        load_scenario(tmp_path / "scenario.toml").route.phases
        == scenario_of(load_scenario("gateshead"), FORK.path(1), seed=SEED).route.phases
    )


def test_changes_are_undone_redone_replayed_and_gone_back_from(tab: Any) -> None:
    show(tab, f"{START}&month=24")
    stays = tab.get_by_label("The learning partner", exact=True)
    stays.select_option("now")
    expect(tab.get_by_text("From month 24: the learning partner leaves.")).to_be_visible()
    tab.get_by_role("button", name="Decide it in “As planned”").click()
    tab.wait_for_function("location.search.includes('decisions=')")
    left = path_and_query(settled(tab))
    assert branches(tab).path(0) == (Decision(month=24, until=24),)
    expect(tab.get_by_text("Last change: “As planned”: from month 24: the learning partner leaves.")).to_be_visible()
    tab.get_by_role("button", name="Undo").click()
    tab.wait_for_function("!location.search.includes('decisions=')")
    tab.get_by_role("button", name="Redo").click()
    tab.wait_for_function("location.search.includes('decisions=')")
    assert path_and_query(settled(tab)) == left
    tab.get_by_role("button", name="Go on to the end").first.click()
    replay = tab.get_by_role("button", name="Replay the last change")
    replay.click()
    expect(replay).to_have_attribute("aria-pressed", "true")
    expect(tab.get_by_text("With the change, practice at month 120 is at")).to_be_visible()
    assert rows(settled(tab))[0] == ["Month", "As planned", "Before the last change"]
    for _ in range(4):
        tab.go_back()
    tab.wait_for_function("!location.search.includes('decisions=')")
    expect(tab.get_by_role("button", name="Redo")).to_be_enabled()


def test_what_can_be_undone_outlasts_a_reload_and_belongs_to_its_branches(visitor: Any) -> None:
    page = visitor.open(f"{START}&month=24")
    page.get_by_label("The learning partner", exact=True).select_option("now")
    page.get_by_role("button", name="Decide it in “As planned”").click()
    page.wait_for_function("location.search.includes('decisions=')")
    left = path_and_query(settled(page))
    page.reload()
    undo = page.get_by_role("button", name="Undo")
    expect(undo).to_be_enabled()
    expect(page.get_by_text("Last change: “As planned”: from month 24: the learning partner leaves.")).to_be_visible()
    undo.click()
    page.wait_for_function("!location.search.includes('decisions=')")
    settled(page).reload()
    redo = page.get_by_role("button", name="Redo")
    expect(redo).to_be_enabled()
    redo.click()
    page.wait_for_function("location.search.includes('decisions=')")
    assert path_and_query(settled(page)) == left
    page.goto(visitor.served.at(FORKED))  # somebody else's branches: what was done to one's own is not theirs
    expect(settled(page).get_by_role("button", name="Undo")).to_be_disabled()


def set_of(tab: Any) -> dict[str, str]:
    """Return what the controls of a decision show, but for the name that follows from it."""
    labels = ("Convening, exact value", "Prototypes, exact value", "Vision, exact value", "Talk about behaviours",
              "Sites", "Event", "By how much, exact value", "Where")  # fmt: skip
    return {label: tab.get_by_label(label, exact=True).input_value() for label in labels}


def test_what_is_set_stands_until_it_is_decided_whatever_happens_meanwhile(browser: Any) -> None:
    served = start()
    port = int(served.url.rstrip("/").rpartition(":")[2])
    with browsing(browser, DESKTOP) as context:
        visitor = Visitor(context, served)
        tab = visitor.open(f"{START}&month=24")
        for name, value in (("Convening", "15"), ("Vision", "0"), ("Prototypes", "45")):
            tab.get_by_label(f"{name}, exact value").fill(value)  # each as quickly after the other as can be
        tab.get_by_label("Talk about behaviours", exact=True).select_option("never")
        tab.get_by_label("Sites", exact=True).select_option("named")
        tab.get_by_label("Work at", exact=True).select_option("public-service-reform")
        tab.get_by_label("Event", exact=True).select_option("demand-shock")
        tab.get_by_label("By how much, exact value").fill("-20")
        tab.get_by_label("Where", exact=True).select_option("kind:health")
        tab.get_by_label("Name of a new branch").fill("Depth")
        tab.get_by_label("What will practice do from here?").select_option("drawn")
        tab.get_by_label("Practice at month 120, exact value").fill("9")
        tab.get_by_role("button", name="Go on one year").first.click()
        tab.get_by_role("heading", name="Decide at month 36").wait_for()
        expected = set_of(settled(tab))
        assert expected == dict(zip(expected, ("15", "45", "0", "never", "named", "demand-shock", "-20", "kind:health"),
                                    strict=True))  # fmt: skip

        def stands() -> None:
            assert set_of(settled(tab)) == expected
            expect(tab.get_by_label("Practice at month 120, exact value")).to_have_value("9")
            expect(tab.get_by_label("Name of a new branch")).to_have_value("Depth")
            expect(tab.get_by_role("button", name="Remove Public service reform")).to_be_visible()
            expect(tab.get_by_text("From month 36: more prototypes (45% of days")).to_be_visible()
            expect(tab.get_by_text("Nothing is changed yet.")).to_have_count(0)

        stands()
        for page in ("Compare", "Place"):
            tab.get_by_role("link", name=page, exact=True).click()
            tab.get_by_role("heading", name=page, exact=True, level=1).wait_for()
        tab.get_by_role("link", name="Decide", exact=True).click()
        tab.get_by_role("heading", name="Decide at month 36").wait_for()
        stands()
        tab.reload()
        stands()
        stop(served)
        served = start(port=port)
        try:
            tab.reload()
            stands()
            tab.get_by_role("button", name="Keep this prediction").click()
            expect(tab.get_by_role("button", name="Remove the prediction")).to_be_visible()
            assert set_of(settled(tab)) == expected
            tab.get_by_role("button", name="Fork: try it in a new branch").click()
            expect(tab.get_by_label("Branch in hand")).to_have_value("1")
            tree = branches(settled(tab))
            assert "intent=" not in path_and_query(tab)
        finally:
            stop(served)
    (decision,) = tree.path(1)
    assert (tree.branches[1].name, tree.branches[0].prediction.points[-1]) == ("Depth", (120, 0.9))
    assert (decision.month, decision.sites, decision.open_talk) == (36, ("public-service-reform",), "never")
    assert decision.shares == Shares(help=0.15, convene=0.15, prototype=0.45, reflect=0.15, rewire=0.1)
    assert decision.events == (DemandShock(month=36, size=-0.2, kinds=("health",)),)


def test_a_prediction_is_kept_laid_over_and_judged(tab: Any) -> None:
    show(tab, f"{START}&month=24")
    shape = tab.get_by_label("What will practice do from here?")
    shape.select_option("drawn")
    point = tab.get_by_label("Practice at month 120, exact value")
    point.fill("9")
    point.press("Enter")
    tab.get_by_role("button", name="Keep this prediction").click()
    expect(tab.get_by_text("Your prediction is laid over the chart.")).to_be_visible()
    found = rows(settled(tab))
    assert found[0] == ["Month", "As planned", "You expected"]
    assert (found[-1][1], float(found[-1][2])) == ("–", 9.0)
    tab.get_by_role("button", name="Go on to the end").first.click()
    expect(tab.get_by_text("points of 10 off on average")).to_be_visible()
    expect(tab.get_by_text("you drew 9.0.")).to_be_visible()
    tab.get_by_role("button", name="Remove the prediction").click()
    tab.wait_for_function("!location.search.includes('decisions=')")


OVERLAPS = """texts => {
    const boxes = texts.map(text => text.getBoundingClientRect());
    return boxes.flatMap((a, i) => boxes.slice(i + 1).filter(b => a.left < b.right && b.left < a.right
        && a.top + 2 < b.bottom - 2 && b.top + 2 < a.bottom - 2).map(b => [a.top, b.top]));
}"""


@pytest.mark.parametrize("more", ["", "&month=60", "&outcome=trust&repeats=5", "&outcome=reach&month=13"])
def test_names_at_the_ends_of_lines_stand_apart_on_screen_and_in_what_is_saved(tab: Any, more: str) -> None:
    tree = Tree()
    for index in range(1, MOST_BRANCHES):
        tree = tree.forked(0, 12, f"Branch {index}").decided(index, Decision(month=12, shares=Shares(help=0.1 * index)))
    tree = tree.predicted(0, Prediction(month=6, shape="flat"))
    show(tab, f"{START}&decisions={BRANCHES.to_text(tree)}{more}")
    names = [branch.name for branch in tree.branches] + ["You expected"] * (not more or more == "&month=60")

    def stand_apart(svg: Any) -> None:
        texts = svg.locator("text").filter(has_text=re.compile(f"^({'|'.join(names)})$"))
        expect(texts).to_have_count(len(names))
        assert texts.evaluate_all(OVERLAPS) == []

    stand_apart(tab.locator(".b-canvas svg").first)
    tab.locator(".b-under summary").filter(has_text="Save").first.click()
    with tab.expect_download() as waiting:
        tab.get_by_role("button", name="SVG").first.click()
    saved = tab.context.new_page()
    saved.set_content(waiting.value.path().read_text(encoding="utf-8"))
    stand_apart(saved)
    saved.close()


def test_an_event_and_all_that_can_be_chosen_can_be_read_by_everybody(tab: Any) -> None:
    show(tab, f"{FORKED}&month=30&repeats=5")
    tab.get_by_label("Sites", exact=True).select_option("named")
    tab.get_by_label("Work at", exact=True).select_option("public-service-reform")
    expect(tab.get_by_role("button", name=re.compile("Remove [A-Z]"))).to_have_count(1)
    tab.get_by_label("The learning partner", exact=True).select_option("until")
    tab.get_by_label("Event", exact=True).select_option("demand-shock")
    tab.get_by_label("Where", exact=True).select_option("kind:health")
    expect(tab.get_by_text("demand rises by 10% for 12 months in health")).to_be_visible()
    tab.evaluate("document.querySelectorAll('details').forEach(fold => fold.open = true)")
    for size in (DESKTOP, PHONE):
        tab.set_viewport_size({"width": size[0], "height": size[1]})
        check_width(settled(tab))
    check_accessible(tab)
    tab.get_by_role("button", name="Decide it in “More prototypes from 24”").click()
    tab.wait_for_function(f"!location.search.includes('{BRANCHES.to_text(FORK)}')")
    (_, decision) = branches(tab).path(1)
    assert decision.sites == ("public-service-reform",)
    assert decision.until == 54
    assert decision.events == (DemandShock(month=30, size=0.1, kinds=("health",)),)
    assert rows(settled(tab))[0][1:3] == ["As planned", "As planned, low"]


def test_what_a_link_gets_wrong_is_said(tab: Any) -> None:
    show(tab, f"{START}&decisions={BRANCHES.to_text(FORK)[:-4]}")
    expect(tab.get_by_role("alert")).to_contain_text("perhaps a part of it was cut off")
    elsewhere = Tree().decided(0, Decision(month=9, events=(Closure(month=9, organisation="organisation-3"),)))
    show(tab, f"{START}&decisions={BRANCHES.to_text(elsewhere)}")
    expect(tab.get_by_role("alert")).to_contain_text("'organisation-3' is not an organisation of this place")
    assert "Traceback" not in tab.locator("body").inner_text()


def test_what_would_have_to_be_true_is_looked_for_and_a_cancel_stops_it(tab: Any, served: Any) -> None:
    show(tab, f"{START}&pressure=austerity-unabsorbed")
    tab.get_by_role("button", name="Look for it").click()
    tab.get_by_text("things tried").wait_for()
    tab.get_by_role("button", name="Cancel").click()
    expect(tab.get_by_text("The search was stopped.")).to_be_visible()
    tab.wait_for_timeout(500)
    process = psutil.Process(served.process.pid)
    before = sum(process.cpu_times()[:2])
    tab.wait_for_timeout(1_000)
    assert sum(process.cpu_times()[:2]) - before < 0.5
    show(tab, f"{START}&pressure=austerity-unabsorbed&months=24")
    tab.get_by_role("button", name="Look for it").click()
    tab.get_by_text("This is a first look at 3 throws of luck").wait_for()
    expect(tab.get_by_text("Every route ends below 2.5 of 10 in the middle of 3 runs")).to_be_visible()
