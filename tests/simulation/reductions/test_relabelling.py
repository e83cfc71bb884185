"""R9: renaming organisations and reordering relationships changes nothing but the order of the answer.

An odd world with a partner at work is run as it is and relabelled: organisations stand in another order, relationships
too and from the other end, and everybody keeps their own luck. Sums run in another order, hence the tolerance.
"""

from typing import Any

import numpy as np
import pytest

from simulation.run import Course
from simulation.scenario import Route, Structure, load_route
from simulation.scenario.route import Phase, Shares
from tests.plain.worlds import odd_world
from tests.simulation.reductions.setting import largest_gap
from tests.worlds import luck_of, scenario_of, start_of

TOLERANCE = 1e-9
BY_ORGANISATION = ("size", "zth", "x0", "site_luck")
BY_MONTH_AND_ORGANISATION = ("zdem", "uene", "ushk")
CHOICES = [
    {}, {"influence": "threshold"}, {"influence": "degroot"}, {"speed_limit": "maturity"}, {"speed_limit": "local"},
    {"convening": "neighbours"}, {"convening": "assembly"}, {"update": "asynchronous"}, {"rationing": "on"},
]  # fmt: skip
ROUTES = ["manifesto-led", "prototype-led", "opportunistic", "blended", "diagnostic-first"]


def relabelled(world: dict[str, Any], new: np.ndarray, ties: np.ndarray) -> dict[str, Any]:
    """Return the world with organisation new[i] in row i, and relationship ties[e] in row e with its ends swapped."""
    row = np.argsort(new)
    other = dict(world)
    other |= {name: world[name][new] for name in BY_ORGANISATION}
    other |= {name: world[name][:, new] for name in BY_MONTH_AND_ORGANISATION}
    other |= {"src": row[world["dst"]][ties], "dst": row[world["src"]][ties], "T0": world["T0"][ties]}
    return other | {"ubre": world["ubre"][:, ties], "order": row[world["order"]]}


def run(world: dict[str, Any], route: Route, structure: dict[str, Any], council: str) -> Course:
    """Run a world from its written-down start and luck, with this organisation as the council."""
    scenario = scenario_of(world, {"Q": 12}, route, structure=Structure(**structure), months=60)
    scenario = scenario.changed(place=scenario.place.model_copy(update={"council": council}))
    return Course(scenario, start=start_of(world, scenario), luck=luck_of(world), detail="full").run()


def gap(route: Route, structure: dict[str, Any], seed: int) -> float:
    """Return the largest difference between a world and the same world relabelled."""
    world = odd_world(seed)
    rng = np.random.default_rng(seed)
    new, ties = rng.permutation(len(world["size"])), rng.permutation(len(world["src"]))
    one = run(world, route, structure, "o0")
    two = run(relabelled(world, new, ties), route, structure, f"o{np.argsort(new)[0]}")
    assert one.state.practice.std() > 0.01
    pairs = [(two.record.series, one.record.series), (two.record.elements, one.record.elements)]
    pairs += [(two.record.practice, one.record.practice[:, new]), (two.record.trust, one.record.trust[:, ties])]
    pairs += [(two.record.by_organisation, one.record.by_organisation[:, :, new])]
    return max(largest_gap(found, expected) for found, expected in pairs)


@pytest.mark.parametrize("structure", CHOICES, ids=str)
def test_relabelling_under_every_choice(structure: dict[str, Any]) -> None:
    assert gap(load_route("blended"), structure, seed=5) < TOLERANCE


@pytest.mark.parametrize("name", ROUTES)
def test_relabelling_under_every_route(name: str) -> None:
    assert gap(load_route(name), {}, seed=6) < TOLERANCE


@pytest.mark.parametrize("rule", ["standing", "energy", "scattered", "clustered"])
@pytest.mark.parametrize("council", ["first", "ranked", "out"])
def test_relabelling_under_every_site_rule(rule: str, council: str) -> None:
    phase = Phase(months=50, shares=Shares(help=0.2, convene=0.2, prototype=0.5, reflect=0.1))
    route = Route(phases=(phase,), site_rule=rule, council=council, number_of_sites=4)
    assert gap(route, {}, seed=7) < TOLERANCE
