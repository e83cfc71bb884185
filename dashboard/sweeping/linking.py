"""Say a sweep's scenario in the settings of an address, where they can express it: proved by the content's hash."""

from functools import lru_cache
from typing import Any

from dashboard.runs import STRUCTURE, chosen
from dashboard.settings import Settings, from_query, ready
from simulation.scenario import ProblemError, Scenario, load_scenario


def settings_for(scenario: Scenario, seed: int, *, first: str = "") -> Settings | None:
    """Return settings that give this very scenario and seed, None where no address can; `first` is tried first."""
    return _settings(scenario.content_hash(), seed, first, _Held(scenario))


class _Held:
    """Carry a scenario past a cache that knows it by its hash alone."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Held)

    def __hash__(self) -> int:
        return 0


@lru_cache(maxsize=256)
def _settings(content: str, seed: int, first: str, held: _Held) -> Settings | None:
    names = sorted(ready("scenarios"), key=lambda name: name != first)
    for name in names:
        base = load_scenario(name)
        if base.place.content_hash() != held.scenario.place.content_hash():
            continue
        settings = Settings(scenario=name, seed=seed, **_changes(base, held.scenario)).changed(
            parameters=held.scenario.settings.items()
        )
        read = from_query(settings.to_query())
        try:
            found = chosen(read.settings)
        except ProblemError:
            continue
        if not read.notes and not found.notes and found.scenario.content_hash() == content:
            return read.settings
    return None


def _changes(base: Scenario, wanted: Scenario) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    for name, kind in (("route", "routes"), ("pressure", "pressures")):
        own, other = getattr(base, name), getattr(wanted, name)
        if other.content_hash() != own.content_hash() and other.name in ready(kind):
            changes[name] = other.name
    if wanted.months != base.months:
        changes["months"] = wanted.months
    if wanted.profile != base.profile:
        changes["profile"] = wanted.profile
    pairs = {name: (getattr(base.structure, name), getattr(wanted.structure, name)) for name in STRUCTURE}
    return changes | {name: now for name, (before, now) in pairs.items() if now != before and isinstance(now, str)}
