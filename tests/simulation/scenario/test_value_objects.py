"""Scenarios that a program puts together are checked like those from files."""

import doctest
import importlib
import pkgutil

import pytest
from pydantic import ValidationError

import simulation.scenario
from simulation.scenario import Phase, PlaceFile, Pressure, ProblemError, Route, Scenario, Shares, load_scenario
from simulation.scenario.events import Closure, Merger, Restructure
from simulation.scenario.place import Generated, Network, Organisation, Relationship
from simulation.scenario.pressure import Budget

A, B = Organisation(id="a", kind="council"), Organisation(id="b", kind="health")
FAULTS = {
    "no organisations": (lambda: PlaceFile(), "needs organisations"),
    "misspelt kind": (lambda: Organisation(id="a", kind="helth"), "did you mean 'health'"),
    "eight behaviours": (lambda: Organisation(id="a", kind="health", practice=(0.1,) * 8), "one, or nine"),
    "practice above one": (lambda: Organisation(id="a", kind="health", practice=(1.1,)), "0 to 1"),
    "duplicate": (lambda: PlaceFile(organisations=(A, A)), "organisations\\[2\\].id: 'a' is the id of row 1 too"),
    "dangling": (
        lambda: PlaceFile(organisations=(A, B), relationships=(Relationship(source="a", target="c"),)),
        "relationships\\[1\\].to: 'c' is not an organisation",
    ),
    "tie to itself": (
        lambda: PlaceFile(organisations=(A, B), relationships=(Relationship(source="a", target="a"),)),
        "itself",
    ),
    "tie twice": (
        lambda: PlaceFile(
            organisations=(A, B),
            relationships=(Relationship(source="a", target="b"), Relationship(source="b", target="a")),
        ),
        "either direction",
    ),
    "no such council": (lambda: PlaceFile(organisations=(A, B), council="c"), "council: 'c'"),
    "generated and given": (lambda: PlaceFile(generated=Generated(), organisations=(A,)), "generated place has no"),
    "too large": (
        lambda: Generated(organisations=100_000, network=Network(kind="complete")),
        "number of relationships this would generate",
    ),
    "unknown kind of budget": (lambda: Budget(rates={"helth": (0.1,)}), "did you mean 'health'"),
    "shares": (lambda: Shares(help=0.6, vision=0.6), "at most 1"),
    "unknown parameter": (lambda: Pressure(parameters={"trst_gain": 1.0}), "did you mean 'trust_gain'"),
    "impossible parameter": (lambda: Pressure(parameters={"trust_gain": 2.0}), "0 to 1"),
    "unknown switch": (lambda: Scenario(without=("evidense",)), "did you mean 'evidence'"),
    "unknown setting": (lambda: Scenario(settings={"trst_gain": 1.0}), "did you mean 'trust_gain'"),
    "merger with itself": (lambda: Merger(month=1, organisation="a", into="a"), "itself"),
    "unknown kind of event": (lambda: Restructure(month=1, kinds=("helth",)), "did you mean 'health'"),
    "nobody to close": (lambda: Scenario(events=(Closure(month=1, organisation="x"),)), "not an organisation"),
}


@pytest.mark.parametrize(("make", "said"), FAULTS.values(), ids=FAULTS)
def test_a_fault_is_refused_in_words(make, said):
    with pytest.raises(ValidationError, match=said):
        make()


def test_a_change_that_does_not_fit_raises_the_one_error():
    phase = Phase(months=1, shares=Shares(), sites=("concil",))
    with pytest.raises(ProblemError, match="did you mean 'council'"):
        load_scenario("gateshead").changed(route=Route(phases=(phase,)))
    with pytest.raises(ProblemError, match="'0' is out of range"):
        Scenario().changed(months=0)


def test_shares_that_sum_to_one_with_rounding_are_fine():
    assert sum(Shares(help=0.1, convene=0.2, prototype=0.3, vision=0.4 + 1e-12).as_tuple()) > 1


def test_one_practice_number_stands_for_nine():
    assert Organisation(id="a", kind="health", practice=(0.3,)).practice == (0.3,) * 9


@pytest.mark.parametrize(
    ("identity", "there"),
    [
        ("organisation-0", True),
        ("organisation-29", True),
        ("organisation-30", False),
        ("organisation-029", False),
        ("organisation-", False),
        ("organisation-²", False),
        ("organisation-" + "9" * 100, False),
        ("council", False),
    ],
)
def test_generated_organisations_are_known_by_number(identity, there):
    assert Scenario().place.has_organisation(identity) is there


def test_examples_in_the_docstrings_hold():
    package = simulation.scenario
    tried = 0
    for module in pkgutil.iter_modules(package.__path__, package.__name__ + "."):
        tried += doctest.testmod(importlib.import_module(module.name), raise_on_error=True).attempted
    assert tried >= 8
