"""What is set on Decide and not decided yet: kept whole, whatever month, branch and place it is looked at in."""

import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.pages.decide.branches import DRAWN, SHAPES, Decision
from dashboard.pages.decide.draft import EVERYWHERE, NAMED, SIZED, EventDraft, Intent, decision_of
from dashboard.pages.decide.serialisation import INTENTS
from simulation.scenario import Phase, Shares
from simulation.scenario.events import DemandShock
from simulation.vocabulary import ACTIVITY_IDS

IDS = {"a": "Age UK", "b": "Borough Council", "c": "Citizens’ Advice"}
KINDS = ("council", "voluntary")
PHASE = Phase(months=24, shares=Shares(help=0.5, vision=0.5))
ALL = Intent(
    shares=(10, 20, 30, 0, 0, 40), sites=NAMED, named=("b", "a"), talk="never", leaving=50,
    adding=EventDraft(type="demand-shock", size=-20, months=6, where="kind:council"), name="Depth",
    shape=DRAWN, points=((48, 2.5), (96, 4.0)),
)  # fmt: skip

intents = st.builds(
    Intent,
    shares=st.none() | st.tuples(*[st.integers(0, 40).map(lambda step: 2.5 * step)] * len(ACTIVITY_IDS)),
    sites=st.sampled_from([None, "", "keep", "choose", NAMED]),
    named=st.none() | st.lists(st.text(min_size=1, max_size=40), max_size=5, unique=True).map(tuple),
    talk=st.sampled_from([None, "", "never", "from-month", "adaptive"]),
    leaving=st.none() | st.integers(-1, 200),
    removed=st.lists(st.builds(DemandShock, month=st.integers(0, 90), size=st.just(0.1)), max_size=2).map(tuple),
    adding=st.builds(EventDraft, type=st.sampled_from(["", *SIZED, "merger"]), size=st.integers(-50, 50),
                     organisation=st.text(max_size=20), where=st.sampled_from([EVERYWHERE, "a", "kind:council"])),
    name=st.text(max_size=40),
    shape=st.sampled_from(["", *SHAPES, DRAWN]),
    points=st.dictionaries(st.integers(1, 600), st.floats(0, 10), max_size=4).map(lambda found: tuple(found.items())),
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(intent=intents)
def test_what_is_set_comes_back_from_an_address_to_the_last_digit(intent: Intent) -> None:
    text = INTENTS.to_text(intent)
    assert re.fullmatch(r"[\w.-]*", text, re.ASCII)
    assert INTENTS.from_text(text) == intent
    assert (text == "") == (intent == Intent())


def shown(intent: Intent, month: int, **more: Any) -> Any:
    return intent.shown(more.pop("decision", Decision(month=month)), PHASE, ids=IDS, kinds=KINDS)


@pytest.mark.parametrize("month", [0, 24, 49])
def test_it_means_the_same_decision_at_every_month(month: int) -> None:
    decision = decision_of(shown(ALL, month), month, PHASE)
    assert decision.shares == Shares(**dict(zip(ACTIVITY_IDS, (0.1, 0.2, 0.3, 0, 0, 0.4), strict=True)))
    assert (decision.sites, decision.open_talk, decision.until) == (("b", "a"), "never", 50)
    assert decision.events == (DemandShock(month=month, size=-0.2, months=6, kinds=("council",)),)


def test_a_month_of_leaving_that_has_gone_by_means_at_once_and_nothing_is_lost_by_going_on_and_back() -> None:
    assert (shown(ALL, 60).leaving, shown(ALL, 30).leaving) == (60, 50)
    at_once = Intent().following(shown(Intent(), 24), replace(shown(Intent(), 24), leaving=24), shown(Intent(), 24), 24)
    assert (shown(at_once, 36).leaving, shown(at_once, 12).leaving) == (36, 12)


@settings(max_examples=60, deadline=None)
@given(intent=intents, month=st.integers(0, 100))
def test_what_is_put_back_is_set_no_more_and_the_rest_stands(intent: Intent, month: int) -> None:
    before, plain = shown(intent, month), shown(Intent(), month)
    assert intent.following(before, before, plain, month) == intent
    back = intent.following(before, replace(before, talk=plain.talk), plain, month)
    assert back.talk is None or before.talk == plain.talk
    assert back.changed(talk=intent.talk) == intent
    asked = replace(before, sites="keep")
    assert shown(intent.following(before, asked, plain, month), month) == asked


def test_an_event_taken_away_is_that_of_its_month_alone() -> None:
    first, later = DemandShock(month=24, size=0.1), DemandShock(month=36, size=0.1)
    own = {month: Decision(month=month, events=(event,)) for month, event in ((24, first), (36, later))}
    before = shown(Intent(), 24, decision=own[24])
    intent = Intent().following(before, replace(before, events=()), before, 24)
    assert decision_of(shown(intent, 24, decision=own[24]), 24, PHASE).is_empty
    assert shown(intent, 36, decision=own[36]).events == (later,)


def test_whom_another_place_does_not_have_is_not_named_there_and_is_again_at_home() -> None:
    away = ALL.shown(Decision(month=24), PHASE, ids={"a": "Age UK"}, kinds=("voluntary",))
    assert (away.named, away.adding.where) == (("a",), EVERYWHERE)
    assert decision_of(shown(ALL, 24), 24, PHASE).sites == ("b", "a")


def test_what_is_taken_leaves_the_prediction_and_an_event_that_is_not_all_there() -> None:
    assert ALL.taken(24) == Intent(shape=DRAWN, points=ALL.points)
    half = Intent(talk="never", adding=EventDraft(type="merger", organisation="a"))
    assert half.taken(24) == Intent(adding=half.adding)
