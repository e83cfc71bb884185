"""What the page Decide stands on, without a page: decisions, branches, what they become and how they are kept."""

import io
import json
import re
import zipfile
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import quote

import numpy as np
import polars as pl
import pytest
from hypothesis import assume, given, reject, settings
from hypothesis import strategies as st

from dashboard.pages.decide.branches import (
    FIRST_NAME,
    MOST_BRANCHES,
    MOST_STEPS,
    SHAPES,
    Decision,
    History,
    Prediction,
    Tree,
    curve,
    template,
)
from dashboard.pages.decide.export import archive_of, files_of
from dashboard.pages.decide.preconditions import SEEDS, needed_words, search
from dashboard.pages.decide.prediction import judge, nearest_shape
from dashboard.pages.decide.sentences import change_sentence, decision_sentence
from dashboard.pages.decide.serialisation import (
    BRANCHES,
    MOST_KEPT,
    from_json,
    history_from_text,
    history_to_text,
    to_json,
)
from dashboard.pages.decide.timeline import (
    band,
    decided_route,
    in_sequence,
    pooled_months,
    problems_of,
    scenario_of,
)
from dashboard.runs import by_month
from experiments.reporting.result_files import run_once
from simulation.initial import roster
from simulation.outcomes import COLLABORATIVE
from simulation.parameters import BY_NAME
from simulation.place import Place
from simulation.run import Course, Trajectory, simulate
from simulation.scenario import (
    PlaceFile,
    ProblemError,
    Scenario,
    Shares,
    available,
    load_place,
    load_route,
    load_scenario,
    with_settings,
)
from simulation.scenario.events import Closure, DemandShock
from simulation.scenario.files import place_files
from simulation.scenario.place import Generated, Network
from simulation.scenario.route import OPEN_TALKS
from tests import strategies as draw
from tests.experiments.command import behaviours

ROUTES = tuple(ready.name for ready in available("routes"))
FORGOTTEN = ("partner_memory", "site_score", "site_allowed")
"""What a fork may remember otherwise: the number of a phase that is over, and how sites were ranked when one began."""


def decisions(ids: tuple[str, ...], *, last: int = draw.MOST_MONTHS) -> st.SearchStrategy[tuple[Decision, ...]]:
    """Return lists of decisions in order of month, events of every type among them."""

    @st.composite
    def one(pick: st.DrawFn) -> Decision:
        month = pick(st.integers(0, last))
        happens = pick(st.lists(draw.events(ids, last=last + 6), max_size=2).map(draw.once_gone))
        named = st.lists(st.sampled_from(ids), unique=True, max_size=3).map(tuple)
        return Decision(
            month=month,
            shares=pick(st.none() | draw.shares()),
            sites=pick(st.none() | st.sampled_from(["choose", "keep"]) | named),
            open_talk=pick(st.none() | st.sampled_from(OPEN_TALKS)),
            until=pick(st.none() | st.integers(month, last + 12)),
            events=tuple(event for event in happens if event.month >= month),
        )

    in_order = lambda found: tuple(sorted(found, key=lambda decision: decision.month))  # noqa: E731
    return st.lists(one(), max_size=4, unique_by=lambda decision: decision.month).map(in_order)


def decided(scenario: Scenario, made: tuple[Decision, ...], *, seed: int) -> Scenario:
    """Return what decisions make of a scenario; what a place can't live through (two ends of one body) is not drawn."""
    try:
        return scenario_of(scenario, made, seed=seed)
    except ProblemError as error:
        if any("gone since" not in problem.message for problem in error.problems):
            raise
        reject()


def written_down(scenario: Scenario, seed: int) -> Scenario:
    """Return the scenario with its opportunistic route as the sequence that it is on this seed; others as they are."""
    return scenario.changed(route=in_sequence(scenario, seed)) if scenario.route.order == "opportunistic" else scenario


def assert_same(a: Course, b: Course, *, but: tuple[str, ...] = FORGOTTEN) -> None:
    for name in a.state._fields:
        if name not in but:
            assert getattr(a.state, name).tobytes() == getattr(b.state, name).tobytes(), name
    for name, ours, theirs in zip(a.record._fields, a.record, b.record, strict=True):
        rows = slice(0, a.month)
        np.testing.assert_array_equal(ours[rows], theirs[rows], err_msg=name)


@given(data=st.data(), seed=st.integers(0, 99))
def test_deciding_on_the_way_is_the_same_as_knowing_from_the_start(data: Any, seed: int) -> None:
    """Run to each decision, fork into the scenario that it makes, go on: the bits are those of one run from month 0."""
    base = data.draw(draw.scenarios(wild=False))
    made = data.draw(decisions(roster(base.place).ids))
    whole = decided(base, made, seed=seed)
    stepwise = Course(written_down(base, seed), seed, detail="full")
    for position, decision in enumerate(made):
        if stepwise.last_month < decision.month + stepwise.burn_in:
            break
        stepwise.run(decision.month + stepwise.burn_in - stepwise.month)
        stepwise = stepwise.fork(written_down(decided(base, made[: position + 1], seed=seed), seed))
    at_once = Course(whole, seed, detail="full")
    assert_same(stepwise.run(whole.months + at_once.burn_in - stepwise.month), at_once.run())


@settings(max_examples=15)
@given(scenario=draw.scenarios(wild=False), seed=st.integers(0, 99))
def test_an_opportunistic_route_is_written_down_to_the_bit(scenario: Scenario, seed: int) -> None:
    assume(scenario.route.order == "opportunistic")
    written = written_down(scenario, seed)
    assert written.route.order == "sequence"
    assert_same(Course(scenario, seed, detail="full").run(), Course(written, seed, detail="full").run())


@pytest.mark.parametrize("route", ROUTES)
@pytest.mark.parametrize("month", [0, 24, 75])
def test_every_ready_route_can_be_left_at_any_month(route: str, month: int) -> None:
    """As a person does it: a place is run to a month, forked with other days, and goes on."""
    seed = 1_000_003
    base = load_scenario("gateshead").changed(route=load_route(route))
    days = Decision(month=month, shares=Shares(prototype=0.45, vision=0.25, help=0.3))
    whole = scenario_of(base, [days], seed=seed)
    start = written_down(base, seed) if pooled_months(base.route) > month else base
    place = Place(start, seed, detail="organisations")
    place.run(month + place.course.burn_in)
    branch = place.fork(whole)
    branch.run()
    again = Place(whole, seed, detail="organisations")
    again.run()
    place.run()
    assert_same(branch.course, again.course)
    moved = branch.trajectory["practice"] != place.trajectory["practice"]
    assert not moved[: month + place.course.burn_in].any()
    assert moved[month + place.course.burn_in :].any()


@pytest.mark.parametrize("route", ROUTES)
def test_nothing_decided_is_the_scenario_itself(route: str) -> None:
    base = load_scenario("gateshead").changed(route=load_route(route))
    assert scenario_of(base, (), seed=1) is base
    assert decided_route(base.route, Decision(month=24), months=120) is base.route


# Branches


@st.composite
def trees(pick: st.DrawFn, ids: tuple[str, ...] = ("organisation-0", "café & Söhne")) -> Tree:
    """Return trees of branches grown as on the page: forks, decisions, names as people type them, predictions."""
    tree = Tree()
    for _ in range(pick(st.integers(0, MOST_BRANCHES - 1))):
        parent, month = pick(st.integers(0, len(tree.branches) - 1)), pick(st.integers(0, 60))
        tree = tree.forked(parent, month, pick(st.text(max_size=60)))
    for index, branch in enumerate(tree.branches):
        for decision in pick(decisions(ids, last=60)):
            if decision.month >= branch.month:
                tree = tree.decided(index, decision)
        tree = tree.predicted(index, pick(st.none() | predictions(branch.month)))
    return tree


def predictions(month: int) -> st.SearchStrategy[Prediction]:
    months = st.lists(st.integers(month + 1, month + 120), min_size=1, max_size=5, unique=True).map(sorted)
    points = months.flatmap(lambda when: st.tuples(*(st.tuples(st.just(m), st.floats(0, 1)) for m in when)))
    drawn = points.map(lambda found: Prediction(month=month, shape="drawn", points=found))
    return drawn | st.builds(Prediction, month=st.just(month), shape=st.sampled_from(tuple(SHAPES)))


@settings(max_examples=12)
@given(tree=trees())
def test_branches_come_back_from_an_address_and_from_a_file(tree: Tree) -> None:
    text = BRANCHES.to_text(tree)
    assert BRANCHES.from_text(text) == tree == from_json(to_json(tree))
    assert quote(text, safe="") == text
    assert (text == "") == (tree == Tree())


def test_a_fork_with_other_days_takes_forty_letters() -> None:
    assert len(BRANCHES.to_text(two_branches())) <= 40


def two_branches() -> Tree:
    days = Shares(help=0.1, convene=0.2, prototype=0.45, reflect=0.25)
    return Tree().forked(0, 24).decided(1, Decision(month=24, shares=days))


@pytest.mark.parametrize(
    ("branches", "said"),
    [
        ([{"decisions": [{"month": 24, "shares": {"help": 0.8, "vision": 0.4}}]}], "'1.2' is the sum of the shares"),
        ([{"decisions": [{"month": 24, "until": 12}]}], "'12' comes before the month of the decision"),
        ([{"decisions": [{"month": 24}, {"month": 6}]}], r"branches\[1\].decisions\[2\].month: '6' comes before"),
        ([{"decisions": [{"month": 2, "events": [{"type": "closre"}]}]}], "did you mean 'closure'"),
        ([{}, {"name": "A", "parent": 1}], "'1' can't be a parent"),
        ([{}, {"name": "A", "parent": 0}, {"name": "A", "parent": 0}], "'A' is the name of two branches"),
        ([{"prediction": {"shape": "drawn", "points": [[12, 0.2], [6, 0.3]]}}], "'12, 6' are the months of the points"),
        ([{"colour": 1}], "'colour' is not a known key"),
        ([{}] * 9, "is the name of two branches|has the wrong length"),
        ("none", "is not a list"),
    ],
)
def test_what_is_wrong_with_a_file_is_said(branches: Any, said: str) -> None:
    with pytest.raises(ProblemError, match=said):
        from_json(json.dumps({"system-behaviours": "decisions", "v": 1, "branches": branches}))


@pytest.mark.parametrize("text", ["", "[]", "{}", "{" * 100_000, '{"system-behaviours": "settings"}', "x" * 300_000])
def test_other_files_are_refused(text: str) -> None:
    with pytest.raises(ProblemError, match="no file of decisions"):
        from_json(text)


def test_a_branch_inherits_what_was_decided_before_it_began() -> None:
    first, second, late = (
        Decision(month=12, open_talk="never"),
        Decision(month=24, until=60),
        Decision(month=36, until=36),
    )
    tree = Tree().decided(0, first).decided(0, second).decided(0, late).forked(0, 24).forked(1, 48)
    own = Decision(month=50, sites="choose")
    assert tree.path(1) == (first,)
    assert tree.decided(1, own).path(2) == (first,)
    assert tree.decided(2, own).path(2) == (first, own)
    assert tree.decided(0, Decision(month=24)).path(0) == (first, late)


def test_taking_a_branch_away_takes_what_grew_from_it() -> None:
    tree = Tree().forked(0, 12, "A").forked(1, 24, "B").forked(0, 36, "C").forked(3, 48, "D")
    assert [(branch.name, branch.parent) for branch in tree.without(1).branches] == [
        (FIRST_NAME, None), ("C", 0), ("D", 1),
    ]  # fmt: skip
    assert Tree().decided(0, Decision(month=3, until=3)).without(0) == Tree()


def test_names_stay_different_and_short() -> None:
    tree = Tree().forked(0, 12, "A").forked(0, 12, "A").renamed(2, "  a\nname \u202e" + "x" * 99)
    assert [branch.name for branch in tree.branches[:2]] == [FIRST_NAME, "A"]
    assert tree.branches[2].name == ("a name " + "x" * 99)[:40]
    assert tree.renamed(2, "A").branches[2].name == "A 2"
    assert tree.renamed(2, " \n").branches == tree.branches
    while len(tree.branches) < MOST_BRANCHES:
        tree = tree.forked(0, 1)
    with pytest.raises(ProblemError, match="as many branches as there can be"):
        tree.forked(0, 1)


def test_a_decision_about_someone_who_is_not_there_is_said() -> None:
    tree = Tree().decided(0, Decision(month=3, events=(Closure(month=3, organisation="counciil"),)))
    (problem,) = problems_of(load_scenario("gateshead"), tree, 0, seed=1)
    assert "'counciil' is not an organisation of this place" in problem
    assert problems_of(load_scenario("gateshead"), Tree(), 0, seed=1) == ()


def test_the_partner_can_leave_stay_longer_and_come_back() -> None:
    base = load_scenario("gateshead")
    assert base.route.months == 60

    def months(*made: Decision) -> list[int]:
        return [phase.months for phase in scenario_of(base, made, seed=1).route.phases]

    days = Shares(help=1)
    assert months(Decision(month=30, until=30)) == [20, 10]
    assert months(Decision(month=30, until=50)) == [20, 10, 10, 10]
    assert months(Decision(month=30, until=90)) == [20, 10, 10, 50]
    assert months(Decision(month=60, until=90)) == [20, 20, 20, 30]
    assert months(Decision(month=70, until=90)) == [20, 20, 20]
    assert months(Decision(month=30, shares=days)) == [20, 10, 30]
    assert months(Decision(month=70, shares=days)) == [20, 20, 20, 10, 50]
    assert months(Decision(month=30, until=30), Decision(month=40, shares=days, until=50)) == [20, 10, 10, 10]


# Undo, redo, replay


@given(steps=st.lists(st.sampled_from(["change", "undo", "redo", "back", "forward"]), max_size=30))
def test_undo_and_redo_walk_the_same_path(steps: list[str]) -> None:
    """Beside a plain list of trees and a place in it."""
    history, trees, at = History(), [Tree()], 0
    for number, step in enumerate(steps):
        if step == "change":
            tree = Tree().decided(0, Decision(month=number, until=number))
            history, trees = history.changed(tree, f"change {number}"), [*trees[: at + 1], tree]
            at += 1
        elif step in ("undo", "back"):
            at = max(at - 1, 0)
            history = history.undone() if step == "undo" else history.arrived(trees[at], "")
        else:
            at = min(at + 1, len(trees) - 1)
            history = history.redone() if step == "redo" else history.arrived(trees[at], "")
        assert history.tree == trees[at]
        assert (len(history.past), len(history.future)) == (at, len(trees) - 1 - at)
        assert (history.last is None) == (at == 0)
        if history.last:
            assert (history.last.before, history.last.after) == (trees[at - 1], trees[at])


def test_history_forgets_the_oldest_steps() -> None:
    history = History()
    for month in range(MOST_STEPS + 20):
        history = history.changed(Tree().decided(0, Decision(month=month, until=month)), "")
    assert len(history.past) == MOST_STEPS
    assert history.changed(history.tree, "nothing") is history


def test_changes_are_said_in_plain_words() -> None:
    before = Shares(help=0.15, convene=0.25, vision=0.35, reflect=0.15, rewire=0.1)
    now = Shares(help=0.15, convene=0.1, prototype=0.45, vision=0.05, reflect=0.15, rewire=0.1)
    tree = Tree().forked(0, 24, "Depth now")
    decided_ = tree.decided(1, Decision(month=24, shares=now))
    assert change_sentence(tree, decided_, shares={24: before}) == (
        "“Depth now”: from month 24: more prototypes (45% of days, before none), "
        "less convening (10% of days, before 25%), less vision (5% of days, before 35%)."
    )
    assert change_sentence(decided_, tree) == "“Depth now”: what was decided at month 24 is taken back."
    assert change_sentence(Tree(), tree) == "New branch “Depth now”, as “As planned” until month 24."
    assert change_sentence(tree, Tree()) == "Taken away: “Depth now”."
    assert change_sentence(tree, tree.renamed(1, "B")) == "“Depth now” is now called “B”."
    assert decision_sentence(Decision(month=3, until=3, shares=now)) == "From month 3: the learning partner leaves."
    assert decision_sentence(Decision(month=3, shares=before), before=before) == (
        "From month 3: days go where they went before."
    )


@settings(max_examples=10)
@given(data=st.data())
def test_every_decision_has_a_sentence(data: Any) -> None:
    for decision in data.draw(decisions(("organisation-0", "b"))):
        sentence = decision_sentence(decision, before=data.draw(st.none() | draw.shares()), names={"b": "The Bee"})
        assert sentence.startswith(f"From month {decision.month}: ")
        assert sentence.endswith(".")
        assert not re.search(r"\bb\b|None|\bnan\b|;;|  ", sentence)


# Predictions


@pytest.mark.parametrize("shape", SHAPES)
def test_a_shape_is_known_again_whatever_its_height(shape: str) -> None:
    for height in (0.1, 0.3):
        practice = 0.4 + height * template(shape, 96)
        assert nearest_shape(practice) == shape
        noisy = practice + 0.005 * np.random.default_rng(1).standard_normal(97)
        assert nearest_shape(noisy) == shape


@given(prediction=predictions(24), start=st.floats(0, 1), months=st.integers(1, 150))
def test_a_prediction_is_a_line_from_its_month_on(prediction: Prediction, start: float, months: int) -> None:
    values = curve(prediction, start, months)
    assert len(values) == months + 1
    assert np.isnan(values[: min(24, months + 1)]).all()
    if months > 24:
        assert values[24] == start
        assert ((values[24:] >= 0) & (values[24:] <= 1)).all()


def test_how_far_off_a_drawn_line_was_is_computed() -> None:
    practice = np.concatenate([np.full(25, 0.1), np.linspace(0.1, 0.4, 36)])
    exact = Prediction(month=24, shape="drawn", points=((60, 0.4),))
    found = judge(exact, practice)
    assert found.off < 0.01
    assert found.parted is None
    assert found.sentence.startswith("Your line was close: 0.0 points of 10 off")
    high = judge(Prediction(month=24, shape="drawn", points=((25, 0.3), (60, 0.6))), practice)
    assert high.off == pytest.approx(0.2, abs=0.01)
    assert "2.0 points of 10 off on average, above what came. From month 25 on they go apart." in high.sentence
    assert "At month 60 it is at 4.0 of 10; you drew 6.0." in high.sentence
    low = judge(Prediction(month=24, shape="drawn", points=((60, 0.1),)), practice)
    assert "below what came" in low.sentence
    assert judge(exact, practice[:20]) is None


def test_a_shape_is_compared_with_the_shape_that_came() -> None:
    rising = np.linspace(0.05, 0.4, 121)
    assert judge(Prediction(shape="slow-rise"), rising).sentence == (
        "Practice went as you expected: it rose slowly. In all it went from 0.5 to 4.0 of 10."
    )
    assert judge(Prediction(shape="flat"), rising).sentence == (
        "You expected that practice would stay flat. Here it rose slowly; in all it went from 0.5 to 4.0 of 10."
    )
    assert judge(Prediction(shape="flat"), rising[::-1]).came == "fall"
    late = judge(Prediction(month=60, shape="flat"), rising).sentence
    assert late.endswith("Here it rose slowly; in all it went from 2.3 to 4.0 of 10.")


# Other luck


@pytest.mark.parametrize("route", ["blended", "opportunistic"])
def test_a_band_is_of_runs_of_the_same_branch(route: str) -> None:
    base = load_scenario("generated").changed(route=load_route(route))
    made = two_branches().path(1)
    seeds = range(5)
    found = band(base, made, seeds)
    runs = [by_month(simulate(scenario_of(base, made, seed=seed), seed), "practice") for seed in seeds]
    np.testing.assert_array_equal(found.middle, np.median(runs, axis=0))
    assert (found.low <= found.middle).all()
    assert (found.middle <= found.high).all()
    assert found.runs == 5
    assert len(found.low) == base.months + 1


# What would have to be true


def flat_place() -> Scenario:
    generated = Generated(organisations=12, network=Network(neighbours=4))
    numbers = {"partner_days": 8.0, "threshold": 0.28, "initial_pressure": 1.03, "adoption_rate": 0.11}
    return Scenario(place=PlaceFile(generated=generated), settings=numbers, months=72)


PARTNERED = [load_route("blended"), load_route("prototype-led")]


def test_what_would_have_to_be_true_is_found_and_holds() -> None:
    base = flat_place()
    *earlier, last = search(base, PARTNERED, seconds=60)
    assert [one.done for one in earlier] == sorted(one.done for one in earlier)
    assert last.finished
    assert not last.out_of_time
    assert max(last.levels.values()) < COLLABORATIVE
    assert last.findings
    route = next(route for route in PARTNERED if route.title == last.route)
    for found in last.findings:
        moved = {move.name: move.needed for move in found.moves}
        assert all(BY_NAME[name].is_plausible(value) for name, value in moved.items())
        changed = base.changed(route=route, settings=base.settings | moved)
        ends = sorted(simulate(changed, seed)["practice"][-1] for seed in SEEDS)
        assert ends[1] == found.reached > COLLABORATIVE
    said = needed_words(last)
    assert said.ends.startswith("Every route ends below 2.5 of 10")
    assert len(said.findings) == len(last.findings)
    assert "first look at 3 throws of luck" in said.limits[-1]


def test_nothing_is_searched_where_a_route_rises() -> None:
    base = flat_place().changed(settings={"threshold": 0.1})
    *_, last = search(base, PARTNERED)
    assert not last.flat
    assert last.findings == ()
    assert needed_words(last).ends.startswith("Not every route stays flat here.")


def test_a_search_keeps_to_its_time_and_can_be_left() -> None:
    seconds = iter(range(1_000))
    *_, last = search(flat_place(), PARTNERED, seconds=8, clock=lambda: float(next(seconds)))
    assert last.finished
    assert last.out_of_time
    assert "Time ran out" in needed_words(last).limits[0]
    runs: list[int] = []

    def counted(scenario: Scenario, seed: int) -> Trajectory:
        runs.append(seed)
        return simulate(scenario, seed)

    with closing(search(flat_place(), PARTNERED, run=counted)) as asked:
        next(asked)
        before = len(runs)
    assert len(runs) == before == len(SEEDS)


def test_a_history_goes_through_the_browser_and_back_and_nothing_else_does() -> None:
    one = Tree().decided(0, Decision(month=24, until=24))
    two = one.forked(0, 30, "Ä “quoted” name")
    history = History().changed(one, "One.").changed(two, "Two.").undone()
    text = history_to_text(history)
    assert history_from_text(text) == history
    assert history_to_text(History()) == ""
    long = History()
    for month in range(1, 90):
        long = long.changed(Tree().decided(0, Decision(month=month, until=month)), "")
    back = history_from_text(history_to_text(long))
    assert back is not None
    assert (back.now, back.past) == (long.now, long.past[-MOST_KEPT:])
    cut = text.replace(BRANCHES.to_text(one), BRANCHES.to_text(one)[:-3])
    for bad in ("", "{", "[]", "7", '{"v":2}', '{"v":1,"past":[],"now":[7,7],"future":[]}', "[" * 100_000, cut):
        assert history_from_text(bad) is None


def test_hopeless_is_said() -> None:
    base = flat_place().changed(months=6)
    *_, last = search(base, PARTNERED, seconds=60)
    assert last.findings == ()
    assert needed_words(last).lead.startswith("Nothing that was tried would do")


# Files for the command line


@settings(max_examples=8)
@given(tree=trees(ids=("organisation-0",)), data=st.data())
def test_files_hold_the_scenario_that_is_shown(tree: Tree, data: Any, tmp_path_factory: Any) -> None:
    base = data.draw(draw.scenarios())
    index = data.draw(st.integers(0, len(tree.branches) - 1))
    assume(not problems_of(base, tree, index, seed=3))
    folder = tmp_path_factory.mktemp("export")
    for path, text in files_of(base, tree, index, seed=3).items():
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    shown = scenario_of(base, tree.path(index), seed=3)
    again = load_scenario(folder / "scenario.toml")
    command = json.loads((folder / "manifest.json").read_text())["command"].split()
    by_hand = [word for word in command if "=" in word]
    again = with_settings(again, by_hand) if by_hand else again
    assert repr(again.numbers) == repr(shown.numbers)
    assert (again.route.phases, again.all_events, again.structure) == (
        shown.route.phases,
        shown.all_events,
        shown.structure,
    )
    assert_same(Course(shown, 3, detail="full").run(), Course(again, 3, detail="full").run(), but=())


@pytest.mark.parametrize("name", [ready.name for ready in available("places")])
def test_a_place_is_written_and_read_back_whole(name: str, tmp_path: Path) -> None:
    place = load_place(name)
    for file, text in place_files(place).items():
        (tmp_path / file).write_text(text, encoding="utf-8")
    assert load_place(tmp_path).content_hash() == place.content_hash()


def unpacked(archive: bytes, folder: Path) -> list[str]:
    """Unpack an export as it is downloaded, and return the command that it names."""
    with zipfile.ZipFile(io.BytesIO(archive)) as files:
        files.extractall(folder)
        return str(json.loads(files.read("manifest.json"))["command"]).split()


def busy_branch() -> Tree:
    event = DemandShock(month=30, size=0.2, kinds=("health",))
    return two_branches().decided(1, Decision(month=30, events=(event,), open_talk="never"))


@pytest.mark.slow
def test_the_command_runs_an_export_to_the_same_bits(tmp_path: Path) -> None:
    """In a process of its own, on a route that had to be written down, with a number set by hand."""
    base = load_scenario("gateshead").changed(route=load_route("opportunistic"), settings={"trust_gain": 0.09})
    command = unpacked(archive_of(base, busy_branch(), 1, seed=1_000_007), tmp_path)
    done = behaviours(*command[1:], "--out", "out", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    months = pl.read_parquet(tmp_path / "out" / "months.parquet")
    shown = run_once(scenario_of(base, busy_branch().path(1), seed=1_000_007), 1_000_007).months
    assert months.select(shown.columns).equals(shown, null_equal=True)


def test_a_place_of_ones_own_goes_along_with_an_export(tmp_path: Path) -> None:
    base = load_scenario("gateshead")
    base = base.changed(place=base.place.model_copy(update={"title": "Ours", "name": "../ours"}))
    unpacked(archive_of(base, busy_branch(), 1, seed=5), tmp_path)
    again = load_scenario(tmp_path / "scenario.toml")
    assert again.place.content_hash() == base.place.content_hash()
    assert_same(Course(again, 5).run(), Course(scenario_of(base, busy_branch().path(1), seed=5), 5).run(), but=())


def test_an_export_is_the_same_each_time() -> None:
    base = load_scenario("gateshead")
    assert archive_of(base, busy_branch(), 1, seed=5) == archive_of(base, busy_branch(), 1, seed=5)


def test_the_how_to_runs_as_it_stands(capsys: Any) -> None:
    page = Path(__file__).parents[4] / "docs" / "how-to" / "decide.md"
    (code,) = re.findall(r"```python\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
    exec(compile(code, "how-to", "exec"), {})
    practice = float(capsys.readouterr().out)
    days = Shares(help=0.15, convene=0.15, prototype=0.45, reflect=0.15, rewire=0.1)
    scenario = scenario_of(load_scenario("gateshead"), [Decision(month=24, shares=days)], seed=1)
    assert practice == round(10 * simulate(scenario, 1_000_000).at("practice", 120), 1)
