"""Hypothesis strategies that tests share: numbers over their full hard ranges, choices, routes, events, scenarios."""

from typing import Any

from hypothesis import strategies as st

from simulation.parameters import BY_NAME, PARAMETERS, Parameter
from simulation.scenario import Phase, PlaceFile, Route, Scenario, Shares, Structure
from simulation.scenario import events as happen
from simulation.scenario.place import Generated, Network
from simulation.scenario.route import COUNCIL_RULES, OPEN_TALKS, SITE_RULES
from simulation.scenario.structure import BURN_INS, CONVENINGS, INFLUENCES, NOISES, RATIONINGS, SPEED_LIMITS, UPDATES

MOST_ORGANISATIONS = 9
MOST_MONTHS = 30


def values(parameter: Parameter) -> st.SearchStrategy[float]:
    """Return values over a parameter's hard range, its ends and its default often among them."""
    marked = [parameter.hard_low, parameter.hard_high, parameter.default]
    return st.sampled_from([float(value) for value in marked]) | st.floats(parameter.hard_low, parameter.hard_high)


def within_bounds(numbers: dict[str, float]) -> dict[str, float]:
    """Return the numbers made to keep the bounds across parameters, where more would be lost than there is."""
    get = lambda name: numbers.get(name, BY_NAME[name].default)  # noqa: E731
    slip = get("slip_back") * (1 + get("slip_back_rigidity") * get("rigidity_limit"))
    trust = get("trust_gain") + get("trust_decay")
    if slip > 1:
        numbers = {**numbers, "slip_back": get("slip_back") / (slip * (1 + 1e-12))}
    if trust > 1:
        numbers |= {name: get(name) / (trust * (1 + 1e-12)) for name in ("trust_gain", "trust_decay")}
    return numbers


def numbers() -> st.SearchStrategy[dict[str, float]]:
    """Return settings of any parameters over their full hard ranges; those left out keep their default."""
    return st.fixed_dictionaries({}, optional={p.name: values(p) for p in PARAMETERS}).map(within_bounds)


def structures(**given: Any) -> st.SearchStrategy[Structure]:
    """Return structural choices; those given as keywords are strategies of their own."""
    free = {
        "influence": st.sampled_from(INFLUENCES),
        "speed_limit": st.sampled_from(SPEED_LIMITS),
        "convening": st.sampled_from(CONVENINGS),
        "update": st.sampled_from(UPDATES),
        "noise": st.sampled_from(NOISES),
        "rationing": st.sampled_from(RATIONINGS),
        "burn_in": st.none() | st.sampled_from(BURN_INS),
        "burn_in_months": st.sampled_from([0, 1, 12]),
    }
    return st.builds(Structure, **{**free, **given})


def shares() -> st.SearchStrategy[Shares]:
    """Return shares of days that leave none or some unspent; any may be nothing."""
    weights = st.lists(st.integers(0, 10), min_size=7, max_size=7)
    parts = weights.map(lambda w: [part / (sum(w) or 1) for part in w])
    names = tuple(Shares.model_fields)
    return parts.map(lambda p: Shares(**dict(zip(names, p[:6], strict=True))))


def phases(ids: tuple[str, ...]) -> st.SearchStrategy[Phase]:
    """Return phases of a few months for a place whose organisations have these ids."""
    named = st.lists(st.sampled_from(ids), unique=True, max_size=3).map(tuple)
    return st.builds(
        Phase,
        months=st.integers(1, 12),
        shares=shares(),
        sites=st.sampled_from(["choose", "keep"]) | named,
        open_talk=st.none() | st.sampled_from(OPEN_TALKS),
    )


def routes(ids: tuple[str, ...]) -> st.SearchStrategy[Route]:
    """Return routes, the one without a partner among them."""
    common = {
        "number_of_sites": st.integers(0, MOST_ORGANISATIONS + 2),
        "site_rule": st.sampled_from(SITE_RULES),
        "council": st.sampled_from(COUNCIL_RULES),
        "open_talk": st.sampled_from(OPEN_TALKS),
        "open_from": st.integers(0, 20),
        "days_factor": st.sampled_from([0.0, 0.5, 1.0, 100.0]),
    }
    sequence = st.builds(Route, phases=st.lists(phases(ids), max_size=4).map(tuple), **common)
    pooled = st.lists(phases(ids), min_size=2, max_size=4).map(tuple)
    return sequence | st.builds(Route, order=st.just("opportunistic"), phases=pooled, **common)


def events(ids: tuple[str, ...], *, last: int = MOST_MONTHS - 1) -> st.SearchStrategy[Any]:
    """Return events of every type, at any month up to the last."""
    month = st.integers(0, last)
    whom = {"organisations": st.just("all") | st.lists(st.sampled_from(ids), min_size=1, unique=True).map(tuple)}
    size = st.floats(-0.99, 10)
    simple: list[st.SearchStrategy[Any]] = [
        st.builds(happen.BudgetChange, month=month, size=size, months=st.integers(1, 24), **whom),
        st.builds(happen.DemandShock, month=month, size=size, months=st.integers(1, 24), **whom),
        st.builds(happen.Restructure, month=month, disruption=st.floats(0, 0.5), trust_kept=st.floats(0, 1), **whom),
        st.builds(happen.ChampionLeaves, month=month, kept=st.floats(0, 1), practice_lost=st.floats(0, 1), **whom),
        st.builds(happen.FunderExit, month=month),
        st.builds(happen.Closure, month=month, organisation=st.sampled_from(ids)),
        st.builds(happen.ElectionWindow, month=month, open=st.booleans(), months=st.integers(1, 12)),
    ]
    if len(ids) > 1:
        ends = st.lists(st.sampled_from(ids), min_size=2, max_size=2, unique=True)
        merger = st.tuples(month, ends, st.floats(0, 0.5))
        simple.append(
            merger.map(lambda m: happen.Merger(month=m[0], organisation=m[1][0], into=m[1][1], disruption=m[2]))
        )
    return st.one_of(simple)


def once_gone(drawn: list[Any]) -> tuple[Any, ...]:
    """Leave out a closure or merger of an organisation that is gone by then."""
    kept, gone = [], set()
    for event in sorted(drawn, key=lambda event: event.month):
        ends = [getattr(event, name) for name in ("organisation", "into") if hasattr(event, name)]
        if not gone.intersection(ends):
            kept.append(event)
            gone.update(ends[:1])
    return tuple(kept)


def networks() -> st.SearchStrategy[Network]:
    """Return ways to generate relationships, none at all among them."""
    return st.builds(
        Network,
        kind=st.sampled_from(["small-world", "random", "scale-free", "clustered", "complete", "none"]),
        neighbours=st.sampled_from([0, 1, 2, 3, 6]),
        council_ties=st.sampled_from([0.0, 0.6, 1.0]),
        join_isolated=st.booleans(),
    )


@st.composite
def scenarios(draw: st.DrawFn, *, wild: bool = True) -> Scenario:
    """Return small generated places with a route, events and structural choices; `wild` also draws every number."""
    count = draw(st.integers(1, MOST_ORGANISATIONS))
    ids = tuple(f"organisation-{i}" for i in range(count))
    low, high = sorted(draw(st.tuples(st.floats(0, 1), st.floats(0, 1))))
    generated = Generated(organisations=count, network=draw(networks()), practice_low=low, practice_high=high)
    return Scenario(
        place=PlaceFile(generated=generated),
        route=draw(routes(ids)),
        structure=draw(structures()),
        months=draw(st.integers(1, MOST_MONTHS)),
        settings=draw(numbers()) if wild else {},
        events=draw(st.lists(events(ids), max_size=4).map(once_gone)),
    )
