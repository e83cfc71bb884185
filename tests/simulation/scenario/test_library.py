"""What comes ready: everything loads, routes are comparable, places follow one set of rules."""

import tomllib
from collections import Counter
from typing import Any

import pytest

from simulation.scenario import Route, available, load_place, load_pressure, load_route, load_scenario
from simulation.scenario.library import library_root
from simulation.vocabulary import KIND_IDS

LOADERS: dict[Any, Any] = {
    "places": load_place,
    "routes": load_route,
    "pressures": load_pressure,
    "scenarios": load_scenario,
}
READY = [(kind, ready.name) for kind in LOADERS for ready in available(kind)]
REAL_PLACES = ("barking-and-dagenham", "gateshead")
BREADTH = (0.15, 0.25, 0.00, 0.35, 0.15, 0.10)
DEPTH = (0.15, 0.10, 0.45, 0.00, 0.20, 0.10)
APPROACH = (0.10, 0.20, 0.10, 0.10, 0.25, 0.25)
DIAGNOSTIC = (0.25, 0.35, 0.00, 0.00, 0.40, 0.00)
BLEND = tuple((a + b) / 2 for a, b in zip(BREADTH, DEPTH, strict=True))
ROUTES = {
    "none": [],
    "manifesto-led": [(20, BREADTH), (20, DEPTH), (20, APPROACH)],
    "prototype-led": [(20, DEPTH), (20, BREADTH), (20, APPROACH)],
    "diagnostic-first": [(6, DIAGNOSTIC), (18, BREADTH), (18, DEPTH), (18, APPROACH)],
    "diagnostic-first-depth": [(6, DIAGNOSTIC), (18, DEPTH), (18, BREADTH), (18, APPROACH)],
    "opportunistic": [(20, BREADTH), (20, DEPTH), (20, APPROACH)],
    "blended": [(20, BLEND), (20, BLEND), (20, APPROACH)],
}


@pytest.mark.parametrize(("kind", "name"), READY)
def test_what_is_ready_loads_and_says_what_it_is(kind, name):
    part = LOADERS[kind](name)
    assert part.name == name
    assert part.title
    assert part.description


def test_there_is_what_people_expect():
    assert {ready.name for ready in available("routes")} >= set(ROUTES)
    assert {ready.name for ready in available("places")} >= {*REAL_PLACES, "generated"}
    assert {"austerity", "steady", "recovery", "crisis"} <= {ready.name for ready in available("pressures")}
    assert {*REAL_PLACES, "generated"} <= {ready.name for ready in available("scenarios")}


@pytest.mark.parametrize(("name", "phases"), ROUTES.items())
def test_routes_share_their_days_as_they_should(name, phases):
    route = load_route(name)
    assert [phase.months for phase in route.phases] == [months for months, _ in phases]
    for phase, (_, shares) in zip(route.phases, phases, strict=True):
        assert phase.shares.as_tuple() == pytest.approx(shares)
    assert route.order == ("opportunistic" if name == "opportunistic" else "sequence")
    assert route.site_rule == ("energy" if name == "opportunistic" else "standing")
    assert (route.number_of_sites, route.council, route.open_talk) == (5, "first", "adaptive")


def days_unlike(routes: list[Route]) -> list[str]:
    """Return the routes that spend other days than the first, and do not say so by their days factor."""
    return [
        route.name for route in routes if abs(route.days_spent - routes[0].days_spent) > 1e-9 and route.days_factor == 1
    ]


def test_routes_that_are_compared_spend_the_same_days():
    routes = [load_route(ready.name) for ready in available("routes") if ready.name != "none"]
    assert days_unlike(routes) == []
    assert routes[0].days_spent == pytest.approx(60)
    assert load_route("none").days_spent == 0


def test_a_route_of_other_days_is_noticed():
    longer = load_route("blended").model_copy(update={"name": "longer", "phases": load_route("blended").phases * 2})
    doubled = load_route("blended").model_copy(update={"days_factor": 2.0})
    assert days_unlike([load_route("manifesto-led"), longer, doubled]) == ["longer"]
    assert doubled.days_spent == pytest.approx(120)


@pytest.mark.parametrize("name", REAL_PLACES)
def test_a_place_has_the_size_and_density_of_service_networks(name):
    place = load_place(name)
    n, ties = len(place.organisations), len(place.relationships)
    assert 30 <= n <= 60
    assert 0.15 <= ties / (n * (n - 1) / 2) <= 0.50
    assert {organisation.kind for organisation in place.organisations} == set(KIND_IDS)


@pytest.mark.parametrize("name", REAL_PLACES)
def test_a_place_looks_like_a_place(name):
    place = load_place(name)
    degree = Counter(end for tie in place.relationships for end in (tie.source, tie.target))
    assert degree.most_common(1)[0][0] == place.council == "council"
    assert min(degree[organisation.id] for organisation in place.organisations) >= 2
    reached, frontier = {"council"}, ["council"]
    while frontier:
        here = frontier.pop()
        for tie in place.relationships:
            for end, other in ((tie.source, tie.target), (tie.target, tie.source)):
                if end == here and other not in reached:
                    reached.add(other)
                    frontier.append(other)
    assert len(reached) == len(place.organisations)


def test_the_two_places_follow_one_set_of_rules():
    one, other = (load_place(name) for name in REAL_PLACES)
    assert one.budget == other.budget
    assert one.parameters == other.parameters
    assert (one.practice_low, one.practice_high) == (other.practice_low, other.practice_high)
    strengths = {(tie.kind, tie.strength) for place in (one, other) for tie in place.relationships}
    assert len({kind for kind, _ in strengths}) == len(strengths), "a kind of tie has one strength in both places"
    for place in (one, other):
        assert all(organisation.practice is None for organisation in place.organisations)
        assert all(organisation.threshold is None for organisation in place.organisations)
        assert all(tie.trust is None for tie in place.relationships)
        assert place.days == round(len(place.organisations) * 20 / 30)
    same = {organisation.name: organisation for organisation in one.organisations}
    for organisation in other.organisations:
        twin = same.get(organisation.name, organisation)
        assert (twin.kind, twin.size, twin.budget_exposure) == (
            organisation.kind,
            organisation.size,
            organisation.budget_exposure,
        )


def test_no_starting_value_of_a_place_leans_to_a_route():
    """What matters to routes is alike: strength of ties, the council's weight and ties, ties per possible pair."""

    def measures(place):
        n, ties = len(place.organisations), place.relationships
        council = sum("council" in (tie.source, tie.target) for tie in ties)
        weight = sum(organisation.size for organisation in place.organisations)
        return (
            sum(tie.strength for tie in ties) / len(ties),
            6 / weight,
            council / (n - 1),
            2 * len(ties) / n / (n - 1),
        )

    strength, weight, council, density = zip(*(measures(load_place(name)) for name in REAL_PLACES), strict=True)
    assert strength == pytest.approx((0.5, 0.5), abs=0.02)
    assert abs(weight[0] - weight[1]) < 0.01
    assert abs(council[0] - council[1]) < 0.1
    assert abs(density[0] - density[1]) < 0.02


@pytest.mark.parametrize("name", [ready.name for ready in available("places")])
def test_every_figure_of_a_place_has_its_source(name):
    place = load_place(name)
    assert place.facts
    assert all(fact.quantity and fact.value and fact.source for fact in place.facts)
    assert place.need
    assert place.days_reason


@pytest.mark.parametrize("name", REAL_PLACES)
def test_cuts_of_a_place_are_the_measured_rates_for_three_years_and_level_thereafter(name):
    budget = load_place(name).budget
    rates = {kind: [budget.yearly(kind, year) for year in range(10)] for kind in KIND_IDS}
    sourced = {"council": -0.047, "social-care": -0.005, "council-services": -0.064}
    assumed = {"police": -0.02, "justice": -0.02, "voluntary": -0.01, "community": -0.01}
    for kind, path in rates.items():
        rate = (sourced | assumed).get(kind, 0.0)
        assert path == [rate] * 3 + [0.0] * 7
    assert load_scenario(name).numbers.cut_absorbed == 0.5


def test_austerity_keeps_the_same_rates_for_ten_years():
    default = load_place("gateshead").budget
    for name in ("austerity", "austerity-unabsorbed"):
        budget = load_pressure(name).budget
        assert all(budget.yearly(kind, year) == default.yearly(kind, 0) for kind in KIND_IDS for year in range(10))
    assert load_pressure("austerity").parameters["cut_absorbed"] == 0.5
    assert load_pressure("austerity-unabsorbed").parameters["cut_absorbed"] == 0.0


@pytest.mark.parametrize("name", [ready.name for ready in available("pressures") if ready.name != "none"])
def test_every_pressure_says_where_its_figures_come_from(name):
    assert load_pressure(name).sources


@pytest.mark.parametrize("pressure", [ready.name for ready in available("pressures")])
@pytest.mark.parametrize("place", [ready.name for ready in available("places")])
def test_every_pressure_fits_every_place_and_route(place, pressure):
    scenario = load_scenario("generated").changed(place=load_place(place), pressure=load_pressure(pressure))
    for ready in available("routes"):
        changed = scenario.changed(route=load_route(ready.name))
        assert changed.numbers.partner_days == load_place(place).days


def test_the_route_written_out_differs_from_the_ready_one_in_its_talk_alone():
    written, ready = load_scenario("open-talk-too-early").route, load_route("prototype-led")
    unlike = {name for name in Route.model_fields if getattr(written, name) != getattr(ready, name)}
    assert unlike == {"name", "title", "description", "open_talk"}


def test_what_is_assumed_says_so_in_the_file():
    for name in REAL_PLACES:
        text = (library_root() / "places" / name / "place.toml").read_text(encoding="utf-8")
        assert "change nothing in the model" in text
        for key in tomllib.loads(text)["parameters"]:
            line = next(line for line in text.splitlines() if line.startswith(key))
            assert "assumed" in line
