"""Run a scenario on twenty seeds, so that one run is seen among others, and without a partner on the same luck."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from dashboard.decisions.repeats import by_month
from dashboard.remembered import remembered
from dashboard.runs import run
from dashboard.settings import Settings
from experiments.shown import band, level, number, shown
from simulation.course import simulate
from simulation.observation import Trajectory
from simulation.scenario import ProblemError, Scenario, load_route
from simulation.state import Floats

RUNS = 20
SERIES = ("practice", "reach", "trust", "pressure", "infrastructure")
"""What the headlines show, and therefore what is kept of each run."""
OF = {"reach": "of organisations, above 3 of 10", "pressure": "of capacity", "failure_demand_share": "of all demand"}
"""What a percentage is of."""
HALF, NINE_TENTHS = (0.25, 0.75), (0.05, 0.95)
MIDDLE = 0.5
SHARES = (*HALF, *NINE_TENTHS, MIDDLE)
NO_PARTNER = "none"


@dataclass(frozen=True)
class Spread:
    """Series of several runs of one scenario that differ in luck alone."""

    seeds: Sequence[int]
    values: Floats  # (len(SERIES), runs, months + 1), in the model's scale
    quantiles: Floats  # (len(SHARES), len(SERIES), months + 1)

    def at(self, name: str, month: int) -> Floats:
        """Return a series of every run at the end of a month, (runs,)."""
        found: Floats = self.values[SERIES.index(name), :, month]
        return found

    def path(self, name: str, share: float) -> Floats:
        """Return a quantile of a series by month, (months + 1,); `share` is one of SHARES."""
        found: Floats = self.quantiles[SHARES.index(share), SERIES.index(name)]
        return found

    def between(self, name: str, month: int, ends: tuple[float, float] = HALF) -> tuple[float, float]:
        """Return between what part of the runs lies at the end of a month."""
        return float(self.path(name, ends[0])[month]), float(self.path(name, ends[1])[month])


@remembered(64)
def spread_of(scenario: Scenario) -> Spread:
    """Return the spread of a scenario over the first twenty published seeds."""
    seeds = tuple(range(Settings().seed, Settings().seed + RUNS))
    found = [simulate(scenario, seed) for seed in seeds]
    values = np.array([[by_month(trajectory, name) for trajectory in found] for name in SERIES])
    return Spread(seeds, values, np.quantile(values, SHARES, axis=1))


@remembered(64)
def without_partner(scenario: Scenario) -> Scenario | None:
    """Return the scenario without a learning partner; None where it has none, or can't do without."""
    if not scenario.route.phases:
        return None
    try:
        return scenario.changed(route=load_route(NO_PARTNER))
    except ProblemError:
        return None


def baseline_of(scenario: Scenario, seed: int) -> Trajectory | None:
    """Return the run without a partner that meets the same luck; None where there is nothing to compare."""
    plain = without_partner(scenario)
    return None if plain is None else run(plain, seed)


def among(name: str, spread: Spread, month: int) -> str:
    """Say between what half of the runs lie: "half of 20 runs: 2.1 to 3.9"."""
    return f"half of {len(spread.seeds)} runs: {band_words(name, spread.between(name, month))}"


def unit_of(name: str) -> str:
    """Say what a number of the strip is counted in: "0–10", "of all demand"."""
    return OF.get(name, shown(name).unit)


def band_words(name: str, ends: tuple[float, float]) -> str:
    """Write a range as it is shown; one whose ends read the same as one number."""
    words = [level(name, end) for end in ends]
    return words[0] if words[0] == words[1] else band(name, *ends)


def practice_sentence(found: Trajectory, spread: Spread, baseline: Trajectory | None, month: int) -> str:
    """Say where this run stands among runs with other luck, and where it would stand without a partner."""
    value = found.at("practice", month)
    others = spread.at("practice", month)
    below = int(np.sum(others < value))
    told = (
        f"This run: {level('practice', value)} of 10. Half of {len(others)} runs with other luck lie between "
        f"{_and('practice', spread.between('practice', month))}, nine in ten between "
        f"{_and('practice', spread.between('practice', month, NINE_TENTHS))}; {below} of them are below this one."
    )
    if baseline is None:
        return f"{told} No learning partner comes in this run."
    without = baseline.at("practice", month)
    gap = number(10 * (value - without), 1, signed=True)
    return f"{told} Without a learning partner, on the same luck: {level('practice', without)} (this run {gap})."


def _and(name: str, ends: tuple[float, float]) -> str:
    low, high = (level(name, end) for end in ends)
    return f"{low} and {high}"
