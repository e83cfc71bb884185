"""Find plausible sets of parameters for a person's observations, and say how much the data tell.

A pilot runs the model all over the prior; populations come nearer step by step (ABC-SMC, pyabc); the sets of the last
one predict the observations anew. All steps are kept in a folder, and the same fit goes on from there.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from experiments.fitting.apart import Apart, Here
from experiments.fitting.fit_plan import FitPlan
from experiments.fitting.kept import load_pilot, save_pilot
from experiments.fitting.pilot import Pilot, Statistic, learn_statistic, run_pilot
from experiments.fitting.populations import Population, Task
from experiments.fitting.posterior import Told, TradeOff, told, trade_offs
from experiments.fitting.predictive import Agreement, Predictions, agreement, predict
from experiments.fitting.summaries import summed_up
from simulation.scenario.problems import Problem, ProblemError

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
