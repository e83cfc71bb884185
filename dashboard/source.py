"""Say where the numbers of a page come from: scenario, route, seed, model version."""

from functools import lru_cache

from dashboard.runs import STRUCTURE
from dashboard.settings import DEFAULTS, Settings
from experiments.provenance import our_version
from simulation.scenario import Scenario
from simulation.version import MODEL_VERSION


@lru_cache
def _version() -> str:
    return str(our_version())


def source_of(settings: Settings, scenario: Scenario, *, runs: str = "") -> str:
    """Return one line of provenance; `runs` stands for the seed where there are several: "seeds 0 to 39"."""
    changed = len(settings.parameters)
    by_hand = f", {changed} number{'s' * (changed > 1)} set by hand" if changed else ""
    rules = sum(getattr(settings, name) != DEFAULTS[name] for name in (*STRUCTURE, "profile"))
    other = f", {rules} rule{'s' * (rules > 1)} changed" if rules else ""
    under = f", {scenario.pressure.title or scenario.pressure.name}" if settings.pressure else ""
    what = scenario.title or scenario.name
    route = scenario.route.title or scenario.route.name
    luck = runs or f"one run, seed {settings.seed}"
    return f"{what}, {route}{under}{by_hand}{other}; {luck}; system-behaviours {_version()}, model {MODEL_VERSION}."
