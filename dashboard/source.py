"""Say where the numbers of a page come from: scenario, route, seed, model version."""

from functools import lru_cache

from dashboard.settings import Settings
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
    what = scenario.title or scenario.name
    route = scenario.route.title or scenario.route.name
    luck = runs or f"one run, seed {settings.seed}"
    return f"{what}, {route}{by_hand}; {luck}; system-behaviours {_version()}, model {MODEL_VERSION}."
