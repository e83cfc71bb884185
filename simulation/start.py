"""Lay out how a place begins: who is there, who works with whom, what they start from."""

from dataclasses import dataclass

import numpy as np

from simulation.networks import generated_ties
from simulation.randomness import stream
from simulation.scenario.places import Generated, PlaceFile
from simulation.scenario.scenario import Scenario
from simulation.state import NUMBER_OF_BEHAVIOURS, Floats, Integers

THRESHOLD_DRAW_LIMIT = 2.5
THRESHOLD_LOWEST, THRESHOLD_HIGHEST = 0.04, 0.9


@dataclass(frozen=True)
class Roster:
    """Who is in a place: what does not depend on the seed."""

    ids: tuple[str, ...]
    names: tuple[str, ...]
    kinds: tuple[str, ...]
    roles: tuple[str, ...]
    size: Floats
    exposure: Floats
    council: int


@dataclass(frozen=True)
class Start:
    """How one run begins: arrays for N organisations and L relationships."""

    practice: Floats  # (N, 9)
    thresholds: Floats  # (N,)
    threshold_luck: Floats  # (N,)
    site_luck: Floats  # (N,)
    tie_from: Integers  # (L,)
    tie_to: Integers  # (L,)
    trust: Floats  # (L,)


def roster(place: PlaceFile) -> Roster:
    """Return who is in a place."""
    if place.generated is not None:
        return _generated_roster(place.generated)
    ids = tuple(organisation.id for organisation in place.organisations)
    return Roster(
        ids=ids,
        names=tuple(organisation.name or organisation.id for organisation in place.organisations),
        kinds=tuple(organisation.kind for organisation in place.organisations),
        roles=tuple(organisation.role for organisation in place.organisations),
        size=np.array([organisation.size for organisation in place.organisations], dtype=np.float64),
        exposure=np.array([organisation.budget_exposure for organisation in place.organisations], dtype=np.float64),
        council=ids.index(place.council) if place.council is not None else -1,
    )


def _generated_roster(spec: Generated) -> Roster:
    n = spec.organisations
    size = np.full(n, spec.small_size)
    size[: n // 3] = spec.large_size
    size[0] = spec.council_size
    ids = tuple(f"organisation-{i}" for i in range(n))
    kinds = tuple("council" if i == 0 else "voluntary" for i in range(n))
    return Roster(ids, ids, kinds, ("",) * n, size, np.ones(n), 0)


def begin(scenario: Scenario, seed: int) -> Start:
    """Return how a run of a scenario begins for a seed; every stream is drawn in full, used or not."""
    place, numbers = scenario.place, scenario.numbers
    n = place.generated.organisations if place.generated is not None else len(place.organisations)
    tie_from, tie_to = ties_of(place, n, seed)
    values = stream(seed, "values")
    low, high = (
        (place.practice_low, place.practice_high)
        if place.generated is None
        else (place.generated.practice_low, place.generated.practice_high)
    )
    practice = values.uniform(low, high, (n, NUMBER_OF_BEHAVIOURS))
    strength = values.beta(6, 6, len(tie_from))
    draw = np.clip(stream(seed, "traits").standard_normal(n), -THRESHOLD_DRAW_LIMIT, THRESHOLD_DRAW_LIMIT)
    thresholds = np.clip(numbers.threshold + numbers.threshold_spread * draw, THRESHOLD_LOWEST, THRESHOLD_HIGHEST)
    trust = np.clip(numbers.initial_trust * 2 * strength, 0, 1)
    for i, organisation in enumerate(place.organisations):
        if organisation.practice is not None:
            practice[i] = organisation.practice
        if organisation.threshold is not None:
            thresholds[i] = organisation.threshold
    for e, tie in enumerate(place.relationships):
        if tie.trust is not None:
            trust[e] = tie.trust
        elif tie.strength is not None:
            trust[e] = min(1.0, numbers.initial_trust * 2 * tie.strength)
    return Start(practice, thresholds, draw, stream(seed, "sites").random(n), tie_from, tie_to, trust)


def ties_of(place: PlaceFile, n: int, seed: int) -> tuple[Integers, Integers]:
    """Return the ends of a place's ties as rows of its organisations."""
    if place.generated is not None:
        return generated_ties(place.generated.network, n, seed)
    row = {organisation.id: i for i, organisation in enumerate(place.organisations)}
    ends = [(row[tie.source], row[tie.target]) for tie in place.relationships]
    array = np.array(ends, dtype=np.int64).reshape(-1, 2)
    return array[:, 0], array[:, 1]
