"""Say all that decides a fit: observations, scenario, unknowns, how many sets."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from experiments.fitting.chosen import Chosen
from experiments.fitting.pilot import TWICE
from experiments.fitting.predictive import RUNS
from experiments.fitting.summaries import Summary, summaries
from experiments.fitting.targets import Targets
from experiments.fitting.world import World, world
from simulation.limits import SEEDS_ALLOWED, seeds_problem
from simulation.scenario.problems import Problem, ProblemError
from simulation.scenario.scenario import Scenario
from simulation.state import Floats

SETS, PARTICLES, POPULATIONS, FIRST_SEED = 400, 250, 8, 1_000_000
TRIED, MORE, MOST_TRIED = 2.0, 1.3, 60
"""Runs for each set kept in the first population, how many times that in each further one, and most in all (rough)."""


@dataclass(frozen=True)
class FitPlan:
    """All that decides a fit.

    `sets` are the pilot's, `particles` those of each population, `populations` the most there can be, `predictions` the
    runs with new luck at the end. Raises ProblemError where there are no such seeds.
    """

    targets: Targets
    scenario: Scenario
    chosen: Chosen
    sets: int = SETS
    particles: int = PARTICLES
    populations: int = POPULATIONS
    predictions: int = RUNS
    first_seed: int = FIRST_SEED

    def __post_init__(self) -> None:
        """Refuse seeds that there can't be."""
        if wrong := seeds_problem(self.first_seed, max(TWICE * self.sets, self.predictions)):
            raise ProblemError([Problem(wrong, key="--seed", value=str(self.first_seed), allowed=SEEDS_ALLOWED)])

    @cached_property
    def world(self) -> World:
        """Return what makes observations by the model. Raises ProblemError."""
        return world(self.targets, self.scenario, self.chosen)

    @cached_property
    def how(self) -> tuple[Summary, ...]:
        """Return how observations are summed up."""
        return summaries(self.targets.observations)

    @cached_property
    def scores(self) -> Floats:
        """Return the observed scores (K,)."""
        return np.array([one.score for one in self.targets.observations])


def about_runs(plan: FitPlan) -> int:
    """Return about how many runs a fit takes; how many sets a population tries is known only afterwards.

    A population tries a few sets for each that it keeps, and every further one more of them.
    """
    tried = sum(TRIED * MORE**k for k in range(plan.populations))
    return round(plan.sets * TWICE + plan.particles * min(tried, MOST_TRIED) + plan.predictions)


def work_of(plan: FitPlan) -> dict[str, Any]:
    """Return all that decides a fit as plain data: what a folder's unfinished or finished fit is compared by."""
    from importlib.metadata import version

    from experiments.engine import engine

    return {
        "kind": "fit",
        "observations": plan.targets.content_hash(),
        "scenario": plan.scenario.name,
        "scenario_hash": plan.scenario.content_hash(),
        "route": plan.scenario.route.name,
        "unknowns": {prior.name: [prior.low, prior.high] for prior in plan.chosen.priors},
        "particles": plan.particles,
        "populations": plan.populations,
        "pilot_sets": plan.sets,
        "predictions": plan.predictions,
        "first_seed": plan.first_seed,
        "model": engine(),
        "pyabc": version("pyabc"),
    }


_SAID = {
    "observations": "other observations",
    "scenario_hash": "the scenario has changed",
    "model": "another version of the model or its libraries",
}


def differences(before: dict[str, Any], now: dict[str, Any]) -> list[str]:
    """Say in what two fits differ.

    >>> differences({"kind": "fit", "particles": 250}, {"kind": "fit", "particles": 100})
    ['particles 250 there, 100 here']
    """
    if before.get("kind") != now.get("kind"):
        return ["it holds no fit"]
    said = []
    for key in now:
        old, new = before.get(key), now[key]
        if old == new or (key == "scenario_hash" and before.get("scenario") != now.get("scenario")):
            continue
        if key == "unknowns":
            said += _unknowns(old or {}, new)
        else:
            there = "not said" if old is None else old
            said.append(_SAID.get(key) or f"{key.replace('_', ' ')} {there} there, {new} here")
    return said


def _unknowns(old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    said = [f"{name} is not fitted there" for name in new if name not in old]
    said += [f"{name} is fitted there" for name in old if name not in new]
    moved = [name for name in new if name in old and old[name] != new[name]]
    return said + [
        f"{name} from {old[name][0]:g} to {old[name][1]:g} there, {new[name][0]:g} to {new[name][1]:g} here"
        for name in moved
    ]
