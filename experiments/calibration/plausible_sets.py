"""One fit: plan, run, folder, sweep plan of its sets."""

import csv
import io
import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np

from experiments.arms import PRIMARY
from experiments.calibration import priors
from experiments.calibration.abc_smc import (
    TWICE,
    Apart,
    Here,
    Pilot,
    Population,
    Statistic,
    Task,
    learn_statistic,
    run_pilot,
)
from experiments.calibration.observations import Summary, Targets, summaries, summed_up
from experiments.calibration.posterior import (
    RUNS,
    Agreement,
    Predictions,
    Told,
    TradeOff,
    agreement,
    predict,
    resampled,
    told,
    trade_offs,
)
from experiments.calibration.priors import Chosen, World
from simulation.limits import SEEDS_ALLOWED, seeds_problem
from simulation.scenario import load_route
from simulation.scenario.errors import Problem, ProblemError
from simulation.scenario.files import toml_lines, write_scenario
from simulation.scenario.library import ready
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
        return priors.world(self.targets, self.scenario, self.chosen)

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

    from experiments.manifest import engine

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


# Keep the pilot as a file, whole or not at all.


PILOT = "pilot.npz"


def save_pilot(pilot: Pilot, folder: Path) -> None:
    """Keep a pilot in a folder."""
    draft = folder / f"{PILOT}.tmp"
    with draft.open("wb") as file:
        np.savez(file, values=pilot.values, practice=pilot.practice, scores=pilot.scores)
    os.replace(draft, folder / PILOT)


def load_pilot(folder: Path) -> Pilot | None:
    """Return the pilot that a folder keeps, or None where there is none that can be read."""
    try:
        with np.load(folder / PILOT) as kept:
            return Pilot(kept["values"], kept["practice"], kept["scores"])
    except (OSError, ValueError, KeyError, EOFError, BadZipFile):
        return None


# Find plausible sets of parameters for a person's observations, and say how much the data tell.
#
# A pilot runs the model all over the prior; populations come nearer step by step (ABC-SMC, pyabc); the sets of the
# last
# one predict the observations anew. All steps are kept in a folder, and the same fit goes on from there.


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


def fit(plan: FitPlan, folder: Path, *, progress: Progress | None = None, apart: bool = True) -> Fit:
    """Carry a fit out, keeping finished steps in a folder.

    The same plan gives the same fit to the last bit, also where it was interrupted. `apart`: in a process of its own,
    or else in this one, whose global random state is put back. Raises ProblemError where too few
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
    where = (Apart if apart else Here)(_task(plan, pilot, statistic), folder)
    found, why = _populations(plan, statistic, where, progress)
    predictions = predict(
        plan.world, found[-1], first_seed=plan.first_seed + _PREDICTIONS, runs=plan.predictions,
        progress=say("predictions with new luck"),
    )  # fmt: skip
    agrees = agreement(predictions, pilot, plan.how, plan.scores)
    return Fit(
        plan=plan, pilot=pilot, statistic=statistic, populations=tuple(found), predictions=predictions,
        agreement=agrees, why_ended=why,
        told=told(plan.chosen, found[-1], statistic.explained, reproduces=agrees.reproduces),
        trade_offs=trade_offs(plan.chosen, found[-1]),
    )  # fmt: skip


def _task(plan: FitPlan, pilot: Pilot, statistic: Statistic) -> Task:
    """Return what decides the populations."""
    observed = statistic.of(summed_up(plan.scores, plan.how))
    made = statistic.of(summed_up(pilot.scores, plan.how)).reshape(-1, len(observed))
    first = float(np.quantile(Statistic.distance(made, observed), FIRST_SHARE))
    return Task(plan.world, statistic, plan.how, observed, first, plan.particles, plan.first_seed)


def _populations(
    plan: FitPlan, statistic: Statistic, where: Apart | Here, progress: Progress | None
) -> tuple[list[Population], str]:
    """Return the populations, and why there are no more."""

    def tell(number: int, accepted: int, simulations: int) -> None:
        if progress is not None:
            text = f"population {number + 1}: {simulations:,} runs, sets near enough"
            progress(text, min(accepted, plan.particles), plan.particles)

    with where:
        found = where.kept()
        while not (why := _why_end(found, plan, statistic)):
            another = where.next(tell)
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


# Write plausible sets as a plan that `behaviours sweep` runs: routes compared on every one of them.


PLAN, POINTS = "plan.toml", "points.csv"
PLAN_SETS, REPLICATES = 60, 4
"""Sets of a plan, drawn by weight, and seeds on which each is run."""


def equal_sets(fit: Fit, number: int = PLAN_SETS) -> Floats:
    """Return sets of equal weight, drawn from the last population by weight; a heavy one stands several times."""
    return fit.last.values[resampled(fit.last.weights, number, seed=fit.plan.first_seed)]


def distinct(sets: Floats) -> int:
    """Return how many sets there are, one that stands several times counted as one."""
    return len(np.unique(sets, axis=0))


def write_plan(fit: Fit, folder: Path) -> list[Path]:
    """Write plan and points into a folder, and the scenario where it is no ready one; return what was written.

    The perception offset is no part of the model, and is left out. Raises OSError.
    """
    factors = [(k, prior) for k, prior in enumerate(fit.plan.chosen.free) if prior.factor is not None]
    sets = equal_sets(fit)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([prior.name for _, prior in factors])
    writer.writerows([[repr(float(row[k])) for k, _ in factors] for row in sets])
    (folder / POINTS).write_text(text.getvalue(), encoding="utf-8")
    scenario = write_scenario(fit.plan.scenario, folder)
    routes = list(dict.fromkeys([*PRIMARY, _own_route(fit, folder)]))
    lines = [
        f"# {distinct(sets)} plausible sets, drawn by weight from the fit beside this file: a set that",
        "# weighs much stands in several rows. Run it with: behaviours sweep THIS-FILE --out A-FOLDER",
        "# Illustrative, not predictive.",
        *toml_lines(
            {
                "title": f"Routes over sets that reproduce observations of {fit.plan.scenario.title or scenario}",
                "scenarios": [scenario],
                "routes": routes,
                "replicates": REPLICATES,
                "first_seed": fit.plan.first_seed,
                "design": {"type": "table", "file": POINTS},
            }
        ),
    ]
    (folder / PLAN).write_text("\n".join(lines) + "\n", encoding="utf-8")
    return [folder / PLAN, folder / POINTS]


def _own_route(fit: Fit, folder: Path) -> str:
    """Return the fitted route as a plan names it: a ready one's name, or a file that is written here."""
    route = fit.plan.scenario.route
    if route.name in ready("routes") and load_route(route.name).content_hash() == route.content_hash():
        return route.name
    said = route.model_dump(mode="json", by_alias=True, exclude={"name"}, exclude_none=True)
    name = f"fitted-{route.name}" if re.fullmatch(r"[\w-]+", route.name) else "fitted-route"
    lines = ["# The route that was fitted, as it was. Illustrative, not predictive.", *toml_lines(said)]
    (folder / f"{name}.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return f"./{name}.toml"
