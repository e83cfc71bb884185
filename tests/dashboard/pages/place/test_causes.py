"""What the page Place says is what the run recorded: causes add up, conditions stand where they acted, luck shows."""

import doctest
import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import dashboard.memo
import experiments.reporting.numbers
from dashboard.address import Settings
from dashboard.components import About
from dashboard.glossary import anchor_of
from dashboard.pages import place
from dashboard.pages.decide import choice, desk, picture, prediction
from dashboard.pages.decide.picture import OUTCOMES
from dashboard.pages.place import network, overview
from dashboard.pages.place import organisation as organisation_page
from dashboard.pages.place.causes import (
    CONDITIONS,
    MEANINGS,
    TITLES,
    Move,
    Part,
    ceiling_of,
    conditions_of,
    move_of,
    move_sentence,
    neighbours_of,
    trust_around,
)
from dashboard.pages.place.network import why_chart
from dashboard.pages.place.notes import notes_of
from dashboard.pages.place.organisation import LEVELS, STRAIN
from dashboard.pages.place.view import View, people_of, usual_choice, view_of, where_of
from dashboard.pages.words import word_groups
from dashboard.runs import (
    HALF,
    NINE_TENTHS,
    RUNS,
    SERIES,
    Spread,
    among,
    baseline_of,
    practice_sentence,
    run,
    spread_of,
)
from dashboard.session import Session, Visitor
from experiments.reporting.numbers import adding_up
from simulation.mechanisms.behaviours import support_from_infrastructure
from simulation.outcomes import shown
from simulation.run import Course, simulate
from simulation.scenario import load_route, load_scenario
from simulation.scenario.events import Closure, Merger
from simulation.state import CAUSES
from simulation.vocabulary import BEHAVIOUR_IDS


def read(text: str) -> float:
    """Return a number as it is written on the pages."""
    return float(text.replace("\u2212", "-"))


SCENARIO = load_scenario("a-champion-leaves").changed(months=48)
FULL = run(SCENARIO, 7, detail="full", explain=True)
WHO = people_of(SCENARIO, 7)
CLOSES, MERGES, INTO = WHO.ids[3], WHO.ids[5], WHO.ids[6]
SHRINKING = SCENARIO.changed(
    events=(
        Closure(type="closure", month=10, organisation=CLOSES),
        Merger(type="merger", month=20, organisation=MERGES, into=INTO),
    )
)
organisations = st.integers(0, len(WHO.ids) - 1)
months = st.integers(1, SCENARIO.months)
behaviours = st.sampled_from(("", *BEHAVIOUR_IDS))


def session(**changes: object) -> Session:
    """Return a session that nothing is drawn for."""
    return Session(Settings().changed(**changes), (), "/", "/", Visitor(), lambda: None, lambda _: None)


@settings(max_examples=80, deadline=None)
@given(organisations, months, behaviours)
def test_what_each_cause_gave_adds_up_to_the_change(organisation: int, month: int, behaviour: str) -> None:
    move = move_of(FULL, organisation, month, behaviour)
    assert move is not None
    row, which = FULL.burn_in + month - 1, slice(None) if not behaviour else BEHAVIOUR_IDS.index(behaviour)
    change = FULL.practice[row, organisation, which] - FULL.practice[row - 1, organisation, which]
    assert move.change == pytest.approx(float(np.mean(change)), abs=1e-15)
    assert move.total == pytest.approx(move.change, abs=4 * np.finfo(float).eps)
    assert tuple(part.cause for part in move.parts) == CAUSES


@settings(max_examples=30, deadline=None)
@given(organisations, months, behaviours)
def test_the_numbers_on_the_page_add_up_too(organisation: int, month: int, behaviour: str) -> None:
    view = View(session(behaviour=behaviour), SCENARIO, FULL, WHO, month, organisation)
    move = move_of(FULL, organisation, month, behaviour)
    assert move is not None
    *parts, together = [float(str(row[1])) for row in why_chart(view, move, "T").rows]
    chart = why_chart(view, move, "T")
    assert together == pytest.approx(10 * move.change, abs=5e-7)
    assert round(sum(parts), 6) == together
    *labels, last = [read(bar["label"]["formatter"]) for bar in chart.moving["series"][0]["data"]]
    assert round(sum(labels), 3) == last == round(10 * move.change, 3)
    assert all(abs(shown - value) < 1.01e-3 for shown, value in zip(labels, parts, strict=True))
    said = re.search(r"(rose|fell) by (\S+) of 10, from (\S+) to (\S+)\.", move_sentence(move, "N", month))
    if said is not None:
        _, by, start, end = said.groups()
        assert abs(last) == float(by) == round(abs(float(end) - float(start)), 3)


@given(st.lists(st.floats(-5, 5), min_size=1, max_size=12), st.integers(0, 6))
@example([2.675], 2)  # 100 times it is just above 267.5, and it itself just below 2.675
@example([0.285, 0.0], 2)
def test_rounded_parts_add_up_and_stay_close(parts: list[float], decimals: int) -> None:
    found, unit = adding_up(parts, sum(parts), decimals), 10.0**-decimals
    assert round(sum(found), decimals) == pytest.approx(round(sum(parts), decimals), abs=1e-9)
    assert all(abs(a - b) < unit * 1.001 for a, b in zip(found, parts, strict=True))
    assert all(a == 0 for a, b in zip(found, parts, strict=True) if b == 0)


def test_an_event_is_a_part_of_its_own() -> None:
    organisation = WHO.ids.index("public-service-reform")
    events = {part.cause: part.value for part in move_of(FULL, organisation, 31).parts}["events"]  # type: ignore[union-attr]
    before = {part.cause: part.value for part in move_of(FULL, organisation, 30).parts}["events"]  # type: ignore[union-attr]
    assert min(events, before) < 0 == max(events, before)


def test_nothing_moves_before_the_first_month_or_where_nobody_is_left() -> None:
    found = run(SHRINKING, 7, detail="full", explain=True)
    gone = WHO.ids.index(CLOSES)
    assert move_of(FULL, 0, 0) is None
    assert move_of(found, gone, 5) is not None
    assert move_of(found, gone, 30) is None
    assert neighbours_of(found, people_of(SHRINKING, 7, 30), gone, 30) == []


def test_a_move_is_told_by_what_gave_and_took_most() -> None:
    given = {"social": 0.05, "prototype": 0.01, "ceiling": -0.02, "slip_back": -0.01}
    move = Move(0.2, 0.23, tuple(Part(cause, value) for cause, value in given.items()))
    told = move_sentence(move, "Police", 12)
    assert told.startswith("In month 12 practice at Police rose by 0.300 of 10, from 2.000 to 2.300.")
    assert "Most came from neighbours’ example (+0.500); most was lost to what infrastructure does not support" in told
    assert "fell by 0.300" in move_sentence(Move(0.23, 0.2, (Part("slip_back", -0.03),)), "Police", 12)
    assert "stayed at 2.000 of 10." in move_sentence(Move(0.2, 0.2, (Part("social", 0.0),)), "Police", 12)
    assert set(TITLES) == set(MEANINGS) == set(CAUSES)


def test_conditions_stand_where_they_acted() -> None:
    organisation, month = WHO.ids.index("council"), 24
    row = FULL.burn_in + month - 1
    found = {one.title: one for one in conditions_of(FULL, SCENARIO, WHO, organisation, month)}
    own = FULL.by_organisation
    assert found["Rigidity"].now == f"{100 * own['rigidity'][row, organisation]:.0f}%"
    assert found["Learning"].now == f"{10 * own['learning'][row - 1, organisation]:.1f}"
    assert found["Learning"].before == f"{10 * own['learning'][row - 2, organisation]:.1f}"
    assert found["Energy"].now == ("open" if own["energy"][row, organisation] else "shut")
    around = trust_around(FULL, WHO, organisation)[row - 1]
    assert found["Trust around it"].now == f"{10 * around:.1f}"
    course = Course(SCENARIO, 7).run(row + 1)
    assert course.state.trust_around[organisation] == pytest.approx(around, abs=1e-12)


def test_practice_possible_is_the_ceiling_of_the_model() -> None:
    unlimited = SCENARIO.changed(settings={"ceiling_base": 1.0})
    assert ceiling_of(run(unlimited, 7, detail="full"), unlimited).tolist() == [1.0] * (FULL.burn_in + FULL.months)
    base, support = SCENARIO.numbers.ceiling_base, support_from_infrastructure(FULL.elements[-1].copy())
    for k, name in enumerate(BEHAVIOUR_IDS):
        assert ceiling_of(FULL, SCENARIO, name)[-1] == pytest.approx(base + (1 - base) * support[k])


def test_neighbours_are_those_of_the_ties_and_ordered_by_trust() -> None:
    organisation = WHO.ids.index("council")
    found = neighbours_of(FULL, WHO, organisation, 24)
    ties = [e for e in range(len(WHO.tie_from)) if organisation in (WHO.tie_from[e], WHO.tie_to[e])]
    row = FULL.burn_in + 23
    assert sorted(one.trust for one in found) == sorted(FULL.trust[row, ties].tolist())
    assert [one.trust for one in found] == sorted((one.trust for one in found), reverse=True)
    assert found[0].trust_change == pytest.approx(
        found[0].trust - next(FULL.trust[row - 12, e] for e in ties if FULL.trust[row, e] == found[0].trust)
    )


def test_a_merger_hands_relationships_over() -> None:
    found, late = run(SHRINKING, 7, detail="full", explain=True), people_of(SHRINKING, 7, 30)
    assert people_of(SHRINKING, 7, 9) is people_of(SHRINKING, 7)
    before = {one.id for one in neighbours_of(found, WHO, WHO.ids.index(MERGES), 19)}
    after = {one.id for one in neighbours_of(found, late, late.ids.index(INTO), 30)}
    assert before - {INTO, CLOSES} <= after
    assert neighbours_of(found, late, late.ids.index(MERGES), 30) == []


def test_positions_are_the_places_own_whatever_is_run() -> None:
    other = load_scenario("a-champion-leaves").changed(route=load_route("none"))
    assert where_of(other.place) is where_of(SCENARIO.place)
    assert not where_of(SCENARIO.place).flags.writeable
    generated = load_scenario("generated")
    assert not np.array_equal(people_of(generated, 1).tie_to, people_of(generated, 2).tie_to)
    assert len(where_of(generated.place)) == len(people_of(generated, 1).ids)


def test_the_council_is_looked_at_unless_somebody_else_is_chosen() -> None:
    assert usual_choice(WHO) == "council"
    assert usual_choice(replace(WHO, kinds=("health",) * len(WHO.ids))) == WHO.ids[int(np.argmax(WHO.size))]
    assert view_of(session(organisation="nobody", month=5)).id == "council"
    assert view_of(session(organisation="police", month=5)).id == "police"


def test_a_run_is_shown_among_runs_with_other_luck() -> None:
    spread = spread_of(SCENARIO)
    assert spread_of(SCENARIO) is spread
    assert len(spread.seeds) == RUNS
    alone = simulate(SCENARIO, spread.seeds[3])
    for name in SERIES:
        assert spread.at(name, 30)[3] == alone.at(name, 30)
        (low, high), (lowest, highest) = (spread.between(name, 30, ends) for ends in (HALF, NINE_TENTHS))
        assert lowest <= low <= high <= highest
        assert np.mean((spread.at(name, 30) >= low) & (spread.at(name, 30) <= high)) >= 0.5


def spread_at(values: list[float]) -> Spread:
    rows = np.tile(np.array(values)[:, None], (len(SERIES), 1, 49))
    return Spread(tuple(range(len(values))), rows, np.quantile(rows, (*HALF, *NINE_TENTHS, 0.5), axis=1))


def test_where_a_run_stands_is_computed_from_the_runs() -> None:
    value = FULL.at("practice", 30)
    low, high = spread_at([value / 2] * 10), spread_at([value * 2] * 10)
    assert "; 10 of them are below this one." in practice_sentence(FULL, low, None, 30)
    assert "; 0 of them are below this one." in practice_sentence(FULL, high, None, 30)
    assert "No learning partner comes in this run." in practice_sentence(FULL, low, None, 30)
    assert among("practice", spread_at([0.2] * 10), 5) == "half of 10 runs: 2.0"
    assert among("practice", spread_at([0.2, 0.4]), 5) == "half of 2 runs: 2.5 to 3.5"


def test_the_black_line_is_the_same_luck_without_a_partner() -> None:
    baseline = baseline_of(SCENARIO, 7)
    assert baseline is not None
    plain = SCENARIO.changed(route=load_route("none"))
    assert np.array_equal(baseline["practice"], simulate(plain, 7)["practice"])
    assert baseline_of(plain, 7) is None
    gap = 10 * (FULL.at("practice", 30) - baseline.at("practice", 30))
    assert f"(this run {gap:+.1f})" in practice_sentence(FULL, spread_of(SCENARIO), baseline, 30)


def test_notes_are_those_of_the_places_file() -> None:
    place, notes = SCENARIO.place, notes_of(SCENARIO)
    assert [fact[1] for fact in notes.facts] == [fact.value for fact in place.facts]
    assert {fact[3] for fact in notes.facts} == {"yes", "no"}
    assert "no row stands for a named body" in notes.assumed[0]
    assert any(f"{place.days:g}" in text for text in notes.assumed)
    assert len(notes.numbers) == len(place.parameters)
    own = SCENARIO.changed(place=place.model_copy(update={"name": "mine", "facts": ()}))
    assert "named body" not in " ".join(notes_of(own).assumed)
    assert notes_of(own).facts == ()
    assert "rules" in notes_of(load_scenario("generated")).assumed[0]


def test_every_word_is_listed_once_with_an_address_of_its_own() -> None:
    groups = word_groups()
    entries = [entry for group in groups for entry in group.entries]
    anchors = [entry.anchor for entry in entries] + [group.anchor for group in groups]
    assert len(anchors) == len(set(anchors))
    terms = {entry.term for entry in entries}
    assert {*CONDITIONS, *TITLES.values()} <= terms
    for title, *_ in (*LEVELS, *STRAIN):
        assert title in terms or title.split(",")[0].removesuffix(" of the place") in terms
    assert {shown(name).title for name in (*OUTCOMES, *SERIES)} <= terms
    assert all(entry.meaning.endswith(".") for entry in entries)


def test_what_an_about_refers_to_is_a_word_with_that_address() -> None:
    anchors = {entry.anchor: entry.term for group in word_groups() for entry in group.entries}
    abouts = [value for module in (place, network, overview, organisation_page, choice, desk, choice, picture,
              prediction) for value in vars(module).values() if isinstance(value, About)]  # fmt: skip
    referred = {word for about in abouts for word in about.words}
    assert len(referred) > 15
    assert {word: anchors.get(anchor_of(word)) for word in referred} == {word: word for word in referred}
    assert 'href="words#slip-back"' in network.ABOUT_WHY.html()


def test_what_is_remembered_is_bounded() -> None:
    assert doctest.testmod(dashboard.memo).failed == doctest.testmod(experiments.reporting.numbers).failed == 0
    calls: list[int] = []
    numbers = [1]

    @dashboard.memo.remembered(2)
    def first(_: list[int], k: int) -> int:
        calls.append(k)
        return k

    assert [first(numbers, k) for k in (1, 2, 3, 1)] == [1, 2, 3, 1]
    assert calls == [1, 2, 3, 1]
