"""R11: everything stays finite and in its range at random points of the whole parameter space.

Four hundred points of the plausible ranges and four hundred of the hard ones, each with its own route, network, size of
place, events and structural choices. Points of the hard ranges lie at an end, next to it, or anywhere between, on a
plain or a logarithmic scale, so that extremes meet.
"""

from functools import cache
from typing import Any

import numpy as np
import pytest

from simulation.outcomes import SERIES
from simulation.parameters import PARAMETERS, Parameter
from simulation.recorder import BY_ORGANISATION
from simulation.run import Course
from simulation.scenario import PlaceFile, Pressure, Route, Scenario, Structure, available, load_route
from simulation.scenario.events import (
    BudgetChange,
    ChampionLeaves,
    Closure,
    DemandShock,
    ElectionWindow,
    FunderExit,
    Merger,
    Restructure,
)
from simulation.scenario.place import Generated, Network, Organisation, Relationship
from simulation.scenario.pressure import Budget
from simulation.scenario.structure import BURN_INS, CONVENINGS, INFLUENCES, NOISES, RATIONINGS, SPEED_LIMITS, UPDATES
from simulation.vocabulary import KIND_IDS

POINTS, BLOCKS = 400, 8
NETWORKS = ("small-world", "random", "scale-free", "clustered", "complete", "none")
SHARES = (
    "practice", "trust", "learning", "evidence", "partner_trust", "infrastructure", "effort", "rigidity", "headroom",
    "maturity", "failure_share", "help", "convene", "prototype", "reflect", "work", "place_doses", "readiness",
    "open_share", "capped", "rationed", "disruption", "mean_practice", "joint_effect", "trust_around", "size",
)  # fmt: skip
NOT_NEGATIVE = (
    "failure_demand", "felt_pressure", "pressure", "value_demand", "capacity", "backlog", "unmet_need", "returned",
    "lost_demand",
)  # fmt: skip
SERIES_ABOVE_ONE = ("pressure", "felt_pressure", "value_demand", "unmet_need", "lost_demand", "living")
ROUNDING = 1e-9


def plausible(parameter: Parameter, rng: np.random.Generator) -> float:
    """Return a value of the plausible range, or the default of a number that has none."""
    if parameter.low is None or parameter.high is None:
        return parameter.default
    return float(rng.uniform(parameter.low, parameter.high))


def possible(parameter: Parameter, rng: np.random.Generator) -> float:
    """Return a value of the hard range: an end, near one, anywhere, or the default."""
    low, high = parameter.hard_low, parameter.hard_high
    way = rng.integers(6)
    if way < 2:
        return (low, high)[way]
    if way == 2:
        return float(low + (high - low) * 10 ** rng.uniform(-9, 0))
    if way == 3:
        return float(high - (high - low) * 10 ** rng.uniform(-9, 0))
    return float(rng.uniform(low, high)) if way == 4 else parameter.default


def any_structure(rng: np.random.Generator) -> Structure:
    """Return structural choices, every option alike likely."""
    return Structure(
        influence=str(rng.choice(INFLUENCES)), speed_limit=str(rng.choice(SPEED_LIMITS)),
        convening=str(rng.choice(CONVENINGS)), update=str(rng.choice(UPDATES)), noise=str(rng.choice(NOISES)),
        rationing=str(rng.choice(RATIONINGS)), burn_in=(None, *BURN_INS)[rng.integers(3)],
        burn_in_months=int(rng.choice([0, 12])),
    )  # fmt: skip


def any_place(rng: np.random.Generator) -> PlaceFile:
    """Return a place of one to fifteen organisations: generated on any network, or as a file might give it."""
    n = int(rng.integers(1, 16))
    if rng.random() < 0.3:
        return given_place(rng, n)
    network = Network(
        kind=str(rng.choice(NETWORKS)), neighbours=float(rng.choice([1, 2, 6])), rewiring=float(rng.random()),
        council_ties=float(rng.choice([0, 0.6, 1])), join_isolated=bool(rng.integers(2)),
    )  # fmt: skip
    return PlaceFile(
        name="anywhere", generated=Generated(organisations=n, network=network, practice_high=float(rng.random()))
    )


def given_place(rng: np.random.Generator, n: int) -> PlaceFile:
    """Return a place with organisations and relationships of its own, extremes of what a file may say among them."""
    ids = [f"organisation-{i}" for i in range(n)]
    organisations = tuple(
        Organisation(
            id=one, kind=str(rng.choice(KIND_IDS)), size=float(10 ** rng.uniform(-6, 6)),
            practice=(None, (0.0,), (1.0,), tuple(rng.random(9)))[rng.integers(4)],
            threshold=(None, 1e-6, 1.0)[rng.integers(3)], budget_exposure=float(rng.choice([0, 1, 10, rng.random()])),
        )
        for one in ids
    )  # fmt: skip
    relationships = tuple(
        Relationship(source=ids[i], target=ids[j], trust=(None, 0.0, 1.0)[rng.integers(3)])
        for i in range(n)
        for j in range(i)
        if rng.random() < 0.3
    )
    council = ids[0] if rng.random() < 0.8 else None
    return PlaceFile(name="anywhere", organisations=organisations, relationships=relationships, council=council)


@cache
def ready_routes() -> list[Route]:
    """Return all ready routes."""
    return [load_route(one.name) for one in available("routes")]


def any_route(rng: np.random.Generator) -> Route:
    """Return a ready route with its site rule, number of sites, council and open talk drawn anew."""
    routes = ready_routes()
    route = routes[rng.integers(len(routes))]
    return route.model_copy(
        update={
            "site_rule": str(rng.choice(["standing", "energy", "scattered", "clustered"])),
            "number_of_sites": int(rng.choice([0, 1, 5, 20])),
            "council": str(rng.choice(["first", "ranked", "out"])),
            "open_talk": str(rng.choice(["never", "from-month", "adaptive"])),
        }
    )


def any_events(rng: np.random.Generator, organisations: int) -> list[Any]:
    """Return up to three events of any kind."""
    month = lambda: int(rng.integers(0, 50))  # noqa: E731
    last = f"organisation-{organisations - 1}"
    events = [
        BudgetChange(month=month(), size=float(rng.uniform(-0.6, 0.6))),
        DemandShock(month=month(), size=float(rng.uniform(-0.6, 2))),
        Restructure(month=month()), ChampionLeaves(month=month()), FunderExit(month=month()),
        ElectionWindow(month=month(), open=bool(rng.integers(2))), Closure(month=month(), organisation=last),
    ]  # fmt: skip
    if organisations > 2:
        events.append(Merger(month=month(), organisation="organisation-1", into="organisation-0"))
    return [events[k] for k in rng.choice(len(events), rng.integers(4), replace=False)]


def any_scenario(rng: np.random.Generator, draw: Any) -> Scenario:
    """Return a scenario at a random point; points whose numbers rule each other out are drawn again."""
    place = any_place(rng)
    organisations = place.generated.organisations if place.generated else len(place.organisations)
    rates = tuple(float(rate) for rate in rng.uniform(-0.2, 0.1, 5))
    for _ in range(200):
        try:
            return Scenario(
                place=place,
                pressure=Pressure(name="any", budget=Budget(default=rates) if rng.random() < 0.3 else None),
                route=any_route(rng),
                structure=any_structure(rng),
                settings={parameter.name: draw(parameter, rng) for parameter in PARAMETERS},
                events=any_events(rng, organisations),
                months=60,
            )
        except ValueError as error:
            if "too large: more would be lost" not in str(error):
                raise
    pytest.fail("no point of the ranges fits together")


def faults(course: Course) -> list[str]:
    """Return what is not finite, or not in its range, in the state and in all that was recorded."""
    found = []
    for name, array in course.state._asdict().items():
        if not np.isfinite(array).all():
            found.append(f"{name} is not finite")
        elif name in SHARES and array.size and not -ROUNDING <= array.min() <= array.max() <= 1 + ROUNDING:
            found.append(f"{name} leaves 0-1")
        elif name in NOT_NEGATIVE and array.size and array.min() < 0:
            found.append(f"{name} is negative")
    recorded = [(name, course.record.series[:, k]) for k, name in enumerate(SERIES)]
    recorded += [(name, course.record.by_organisation[:, k]) for k, name in enumerate(BY_ORGANISATION)]
    recorded += [("practice", course.record.practice), ("trust", course.record.trust)]
    for name, array in recorded:
        top = np.inf if name in SERIES_ABOVE_ONE else 1 + ROUNDING
        if not np.isfinite(array).all() or (array.size and not -ROUNDING <= array.min() <= array.max() <= top):
            found.append(f"recorded {name} leaves its range")
    return found


@pytest.mark.parametrize("draw", [plausible, possible])
@pytest.mark.parametrize("block", range(BLOCKS))
def test_bounded_and_finite(draw: Any, block: int) -> None:
    for point in range(block, POINTS, BLOCKS):
        rng = np.random.default_rng([point, draw is possible])
        course = Course(any_scenario(rng, draw), seed=point, detail="full").run()
        assert faults(course) == [], f"point {point}: {course.scenario.model_dump_json()}"


def test_a_fault_is_found() -> None:
    course = Course(Scenario(months=3), seed=1, detail="full").run()
    assert faults(course) == []
    course.state.trust[2], course.state.pressure[0] = 1.5, np.nan
    assert set(faults(course)) == {"trust leaves 0-1", "pressure is not finite"}
