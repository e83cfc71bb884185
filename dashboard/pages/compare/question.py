"""What is compared, on which seeds, by what names."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby

from dashboard.address import FEWEST_PAIRED, MOST_PAIRED, Settings, titles
from dashboard.memo import remembered
from experiments.arms import NO_PARTNER, PRIMARY, main_pair
from simulation.ablations import WITHOUT
from simulation.limits import MOST_SEED
from simulation.scenario import Route, Scenario, load_route

USUAL = (NO_PARTNER, *reversed(PRIMARY))
"""Routes compared where nobody has chosen any."""
DIFFERENCE = "difference"
"""Ingredients are taken away from the difference between the two routes, and not from one route."""
INGREDIENTS = tuple(WITHOUT)
SEEDS_A_BLOCK = 20


@dataclass(frozen=True)
class Arm:
    """One way of running a scenario: under a ready route, perhaps with one mechanism switched off."""

    route: str
    without: str = ""

    @property
    def name(self) -> str:
        """The route, with what is switched off."""
        return f"{self.route} without {self.without}" if self.without else self.route


@dataclass(frozen=True)
class Asked:
    """Arms of one scenario on the same seeds. Two that are equal give the same numbers."""

    base: Scenario = field(compare=False, repr=False)
    identity: str
    """Hash of the scenario without its route."""
    arms: tuple[Arm, ...]
    first_seed: int
    paired: int
    """Seeds, the same for every arm."""

    @property
    def seeds(self) -> range:
        """Seeds of every arm."""
        first = min(self.first_seed, MOST_SEED - self.paired + 1)
        return range(first, first + self.paired)

    @property
    def blocks(self) -> list[range]:
        """Seeds of each block of work."""
        return [self.seeds[k : k + SEEDS_A_BLOCK] for k in range(0, self.paired, SEEDS_A_BLOCK)]

    @property
    def runs(self) -> int:
        """Runs in all."""
        return len(self.arms) * self.paired

    @property
    def months(self) -> int:
        """Programme months of each run."""
        return int(self.base.months)

    def groups(self) -> Iterator[tuple[Arm, ...]]:
        """Yield the arms that differ in their route alone: they share each seed's start."""
        for _, arms in groupby(self.arms, key=lambda arm: arm.without):
            yield tuple(arms)

    def scenario(self, arm: Arm) -> Scenario:
        """Return what is run for an arm. Raises ProblemError where the route does not fit the place."""
        without = (*self.base.without, arm.without) if arm.without else self.base.without
        return self.base.changed(route=load_route(arm.route), without=tuple(dict.fromkeys(without)))


@remembered(64)
def _identity(scenario: Scenario) -> str:
    return scenario.changed(route=Route()).content_hash()


def routes_of(settings: Settings) -> tuple[str, ...]:
    """Return the routes that are compared."""
    return settings.compare or USUAL


def asked(settings: Settings, scenario: Scenario) -> Asked:
    """Return the comparison that settings ask for, in a scenario."""
    arms = tuple(Arm(route) for route in routes_of(settings))
    return _asked(settings, scenario, arms)


def asked_of_ingredients(settings: Settings, scenario: Scenario) -> Asked:
    """Return each ingredient taken away in turn, from one route or from the difference between two, and none."""
    routes = ingredient_routes(settings)
    arms = tuple(Arm(route, name) for name in ("", *INGREDIENTS) for route in routes)
    return _asked(settings, scenario, arms)


def _asked(settings: Settings, scenario: Scenario, arms: tuple[Arm, ...]) -> Asked:
    paired = min(max(settings.paired, FEWEST_PAIRED), MOST_PAIRED)
    return Asked(scenario, _identity(scenario), arms, settings.seed, paired)


def pairs_to_read(routes: tuple[str, ...]) -> list[tuple[str, str]]:
    """Return every pair of routes, first minus second: the main one first, then the later minus the earlier."""
    from experiments.contrast import pairs_of

    pairs, main = pairs_of(routes), main_pair(routes)
    return sorted(pairs, key=lambda pair: set(pair) != set(main or ()))


def pair_of(settings: Settings) -> tuple[str, str] | None:
    """Return the two routes whose difference is read, first minus second; None where there is one route."""
    pairs = pairs_to_read(routes_of(settings))
    if not pairs:
        return None
    return next((pair for pair in pairs if set(pair) == set(settings.pair)), pairs[0])


def ingredient_routes(settings: Settings) -> tuple[str, ...]:
    """Return the routes from which ingredients are taken away: one, or the two of the pair, first minus second."""
    routes, pair = routes_of(settings), pair_of(settings)
    if settings.taken_from == DIFFERENCE and pair is not None:
        return pair
    if settings.taken_from in routes:
        return (settings.taken_from,)
    return (pair[0],) if pair is not None else routes[:1]


def route_title(name: str) -> str:
    """Return a route's title, or its name where it has none."""
    return titles("routes").get(name) or name


def in_text(name: str) -> str:
    """Return a route's title as it reads inside a sentence: "prototype-led"."""
    title = route_title(name)
    return title[:1].lower() + title[1:]


def ingredient_title(name: str) -> str:
    """Return what an ingredient is called, in plain words: "Trust gained by contact"."""
    return WITHOUT[name].title


def ingredient_meaning(name: str) -> str:
    """Return what is so once an ingredient is taken away: "contact builds no trust"."""
    return WITHOUT[name].meaning
