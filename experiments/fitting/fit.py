"""Find plausible sets of parameters for a person's observations, and say how much the data tell.

A pilot runs the model all over the prior; populations come nearer step by step (ABC-SMC, pyabc); the sets of the last
one predict the observations anew. All steps are kept in a folder, and the same fit goes on from there.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from experiments.fitting.apart import Apart
from experiments.fitting.chosen import Chosen
from experiments.fitting.kept import load_pilot, save_pilot
from experiments.fitting.pilot import Pilot, Statistic, learn_statistic, run_pilot
from experiments.fitting.populations import Population, Task
from experiments.fitting.posterior import Told, TradeOff, told, trade_offs
from experiments.fitting.predictive import Agreement, Predictions, agreement, predict
from experiments.fitting.summaries import Summary, summaries, summed_up
from experiments.fitting.targets import Targets
from experiments.fitting.world import World, world
from simulation.scenario.problems import Problem, ProblemError
from simulation.scenario.scenario import Scenario
from simulation.state import Floats

SETS, PARTICLES, POPULATIONS, FIRST_SEED = 400, 250, 8, 1_000_000
FIRST_SHARE = 0.3
"""Share of the pilot's runs that come as near as the first population's sets have to."""
FEW = 0.06
"""Share of simulations accepted below which no further population is begun: each takes twice as long as the last."""
FEWEST_SETS = 50
_PREDICTIONS = 500_000
"""Predictions use seeds that begin so far after the first."""

Progress = Callable[[str, int, int], None]
"""Called with what is being done, how much of it is done, and how much there is (0: not known)."""


@dataclass(frozen=True)
class FitPlan:
    """All that decides a fit. `sets` are the pilot's, `particles` those of each population, `populations` the most."""

    targets: Targets
    scenario: Scenario
    chosen: Chosen
    sets: int = SETS
    particles: int = PARTICLES
    populations: int = POPULATIONS
    first_seed: int = FIRST_SEED

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


@dataclass(frozen=True)
class Fit:
    """What a fit found."""

    plan: FitPlan
    pilot: Pilot
    statistic: Statistic
    populations: tuple[Population, ...]
    predictions: Predictions
    agreement: Agreement
    told: tuple[Told, ...]
    trade_offs: tuple[TradeOff, ...]
    why_ended: str

    @property
    def last(self) -> Population:
        """Return the population whose sets count."""
        return self.populations[-1]

    @property
    def simulations(self) -> int:
        """Return how many runs there were in all."""
        return (
            self.pilot.scores.shape[0] * 2
            + sum(population.simulations for population in self.populations)
            + len(self.predictions.scores)
        )


def fit(plan: FitPlan, folder: Path, *, progress: Progress | None = None) -> Fit:
    """Carry a fit out, keeping finished steps in a folder.

    The same plan gives the same fit to the last bit, also where it was interrupted. Raises ProblemError where too few
    of the prior's sets can be run, FitError where the process that fits is lost.
    """

    def say(what: str) -> Callable[[int, int], None]:
        return lambda done, total: progress(what, done, total) if progress is not None else None

    folder.mkdir(parents=True, exist_ok=True)
    pilot = load_pilot(folder)
    if pilot is None:
        pilot = run_pilot(
            plan.world, sets=plan.sets, first_seed=plan.first_seed, progress=say("runs all over the prior")
        )
        save_pilot(pilot, folder)
    if len(pilot.values) < FEWEST_SETS:
        text = "too few sets of these ranges can be run together"
        raise ProblemError([Problem(text, key="--parameters", value=f"{len(pilot.values)} of {plan.sets}")])
    statistic = learn_statistic(pilot, plan.how, lows=plan.chosen.lows, highs=plan.chosen.highs)
    found, why = _populations(plan, pilot, statistic, folder, progress)
    predictions = predict(
        plan.world, found[-1], first_seed=plan.first_seed + _PREDICTIONS, progress=say("predictions with new luck")
    )
    agrees = agreement(predictions, pilot, plan.how, plan.scores)
    return Fit(
        plan=plan, pilot=pilot, statistic=statistic, populations=tuple(found), predictions=predictions,
        agreement=agrees, why_ended=why,
        told=told(plan.chosen, found[-1], statistic.explained, reproduces=agrees.reproduces),
        trade_offs=trade_offs(plan.chosen, found[-1]),
    )  # fmt: skip


def _populations(
    plan: FitPlan, pilot: Pilot, statistic: Statistic, folder: Path, progress: Progress | None
) -> tuple[list[Population], str]:
    """Return the populations, and why there are no more."""
    observed = statistic.of(summed_up(plan.scores, plan.how))
    made = statistic.of(summed_up(pilot.scores, plan.how)).reshape(-1, len(observed))
    first = float(np.quantile(Statistic.distance(made, observed), FIRST_SHARE))
    task = Task(plan.world, statistic, plan.how, observed, first, plan.particles, plan.first_seed)

    def tell(number: int, accepted: int, simulations: int) -> None:
        if progress is not None:
            text = f"population {number + 1}: {simulations:,} runs, sets near enough"
            progress(text, min(accepted, plan.particles), plan.particles)

    with Apart(task, folder) as apart:
        found = apart.kept()
        while not (why := _why_end(found, plan, statistic)):
            another = apart.next(tell)
            if another is None:
                why = "hardly any sets came nearer"
                break
            found.append(another)
    if not found:
        text = "no sets came near enough to the observations to begin with"
        raise ProblemError([Problem(text, file=plan.targets.file)])
    return found, why


def _why_end(found: list[Population], plan: FitPlan, statistic: Statistic) -> str:
    """Return why no further population is begun, or "" where one is."""
    if not found:
        return ""
    if found[-1].distance <= statistic.floor:
        return "sets are as near as one run of a set is to another run of it"
    if found[-1].accepted < FEW:
        return f"fewer than {100 * FEW:.0f} in 100 runs were near enough"
    return f"{plan.populations} populations were asked for" if len(found) >= plan.populations else ""


def work_of(plan: FitPlan) -> dict[str, Any]:
    """Return all that decides a fit as plain data: what a folder's unfinished or finished fit is compared by."""
    from importlib.metadata import version

    from experiments.parts import engine

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
            said.append(_SAID.get(key) or f"{key.replace('_', ' ')} {old} there, {new} here")
    return said


def _unknowns(old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    said = [f"{name} is not fitted there" for name in new if name not in old]
    said += [f"{name} is fitted there" for name in old if name not in new]
    moved = [name for name in new if name in old and old[name] != new[name]]
    return said + [
        f"{name} from {old[name][0]:g} to {old[name][1]:g} there, {new[name][0]:g} to {new[name][1]:g} here"
        for name in moved
    ]
