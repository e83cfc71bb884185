"""The scenarios that experiments compare on shared seeds: which pair comes first, and arms on the generated place."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from simulation.scenario import Phase, PlaceFile, Route, Scenario, Shares, Structure, load_place, load_route
from simulation.vocabulary import ACTIVITY_IDS

FIRST_SEED = 1_000_000
"""Published comparisons use the seeds from here on; none of them was used while choosing defaults or tuning code."""
REPLICATES = 200
PRIMARY = ("prototype-led", "manifesto-led")
"""The contrast named before any run: the first minus the second, mean practice at the last month, in each scenario."""
UNDER_PRESSURE, UNDER_STRUCTURE = 4, 8
"""The contrast takes a quarter of the replicates under other pressures and an eighth under other structures, of which
there are more, but not fewer than can rank anything."""
NO_PARTNER = "none"


def main_pair(routes: Sequence[str]) -> tuple[str, str] | None:
    """Return the two routes that matter first: the primary pair, else the second with a partner, then the first.

    >>> main_pair(["none", "blended", "opportunistic"])
    ('opportunistic', 'blended')
    """
    if all(route in routes for route in PRIMARY):
        return PRIMARY
    entered = [route for route in routes if route != NO_PARTNER]
    return (entered[1], entered[0]) if len(entered) > 1 else None


# Make the arms of checks: scenarios on the generated place at the defaults, each with what is different about it.


STAY = 60
"""Months that the learning partner stays in every ready route."""


def under(
    arm: Scenario, *, profile: str = "full", settings: Mapping[str, float] | None = None, **structure: Any
) -> Scenario:
    """Return an arm under a profile, with numbers set by hand and structural choices added."""
    return arm.changed(
        profile=profile,
        settings={**arm.settings, **(settings or {})},
        structure=Structure(**(arm.structure.model_dump() | structure)),
    )


@cache
def generated_place() -> PlaceFile:
    """Return the generated place of 30 organisations."""
    return load_place("generated")


@cache
def route(name: str) -> Route:
    """Return a ready route."""
    return load_route(name)


def arm(entry: Route | str = "blended", **parts: Any) -> Scenario:
    """Return an arm on the generated place by a route; other keywords are parts of the scenario."""
    chosen = route(entry) if isinstance(entry, str) else entry
    return Scenario(**{"place": generated_place(), "route": chosen, **parts})


def one_phase(shares: Shares) -> Route:
    """Return a route with one sharing of days for all its months."""
    return Route(name="one-phase", phases=(Phase(months=STAY, shares=shares),))


def changed_route(name: str, **fields: Any) -> Route:
    """Return a ready route with fields replaced, validated."""
    before = route(name)
    return Route(**({field: getattr(before, field) for field in Route.model_fields} | fields))


def with_share(name: str, activity: str, share: float) -> Route:
    """Return a ready route that spends a share of its days on an activity in every phase, the rest in proportion."""
    phases = []
    for phase in route(name).phases:
        shares = dict(zip(ACTIVITY_IDS, phase.shares.as_tuple(), strict=True))
        others = sum(shares.values()) - shares[activity]
        scaled = {other: value * (1 - share) / others for other, value in shares.items() if other != activity}
        phases.append(Phase(months=phase.months, shares=Shares(**scaled, **{activity: share})))
    return changed_route(name, phases=tuple(phases))


def by_share(name: str, activity: str, grid: Sequence[float], **parts: Any) -> dict[str, Scenario]:
    """Return an arm for each share of days on an activity, named by the share."""
    return {f"{share:g}": arm(with_share(name, activity, share), **parts) for share in grid}


def collaborative_start(place: PlaceFile | None = None) -> PlaceFile:
    """Return the generated place started with practice at 0.65 everywhere (set trust and infrastructure beside it)."""
    before = place or generated_place()
    if before.generated is None:
        msg = "only a generated place can be started elsewhere"
        raise ValueError(msg)
    started = before.generated.model_copy(update={"practice_low": 0.65, "practice_high": 0.65})
    return before.model_copy(update={"generated": started})
