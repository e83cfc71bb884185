"""Name what is run: a scenario with a route, and the seeds that several of them share."""

from dataclasses import dataclass

from simulation.scenario import Scenario


@dataclass(frozen=True)
class Case:
    """One scenario with one route, under the names by which people know them."""

    scenario: str
    route: str
    pressure: str
    what: Scenario


@dataclass(frozen=True)
class Task:
    """Cases that differ in their route alone, to be run on the same seeds: `count` of them from `first_seed` on."""

    cases: tuple[Case, ...]
    first_seed: int
    count: int
    by_month: bool = True
    """Whether months and portraits are kept, besides outcomes."""
