"""Keep the scenarios that branches made last: the same object each time, so that its run is found again at once."""

import threading
from collections import OrderedDict
from collections.abc import Sequence

from dashboard.decisions.decision import Decision
from dashboard.decisions.pooled import in_sequence
from dashboard.decisions.timeline import depends_on_seed, scenario_of
from simulation.scenario import Route, Scenario

MOST_KEPT = 256
_Key = tuple[int, tuple[Decision, ...], int | None]


class Timelines:
    """Scenarios and written-down routes by what they were made from; nothing in it can change."""

    def __init__(self) -> None:
        self._scenarios: OrderedDict[_Key, tuple[Scenario, Scenario]] = OrderedDict()
        self._routes: OrderedDict[tuple[int, int], tuple[Scenario, Route]] = OrderedDict()
        self._lock = threading.Lock()

    def scenario(self, base: Scenario, decisions: Sequence[Decision], *, seed: int) -> Scenario:
        """Return `scenario_of`. Raises ProblemError as it does."""
        made = tuple(decisions)
        key = (id(base), made, seed if depends_on_seed(base.route, made) else None)
        with self._lock:
            known = self._scenarios.get(key)
        if known is not None and known[0] is base:
            return known[1]
        found = scenario_of(base, made, seed=seed)
        with self._lock:
            self._scenarios[key] = base, found
            while len(self._scenarios) > MOST_KEPT:
                self._scenarios.popitem(last=False)
        return found

    def route(self, scenario: Scenario, *, seed: int) -> Route:
        """Return a scenario's route as a sequence: an opportunistic one as it comes on this seed."""
        if scenario.route.order != "opportunistic":
            return scenario.route
        with self._lock:
            known = self._routes.get((id(scenario), seed))
        if known is not None and known[0] is scenario:
            return known[1]
        found = in_sequence(scenario, seed)
        with self._lock:
            self._routes[id(scenario), seed] = scenario, found
            while len(self._routes) > MOST_KEPT:
                self._routes.popitem(last=False)
        return found


KEPT = Timelines()
