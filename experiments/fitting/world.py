"""Make observations by the model: a set of parameters, chance, how people see it, and who happens to answer."""

from dataclasses import dataclass

import numpy as np

from experiments.fitting.chosen import Chosen
from experiments.fitting.seeing import Seeing, seeing, seen
from experiments.fitting.targets import Targets
from simulation.course import Course
from simulation.scenario.problems import Findings
from simulation.scenario.scenario import Scenario
from simulation.start import roster
from simulation.state import Floats

_ANSWERS = 7_041
"""Keeps the luck of who answers apart from the luck of what happens."""


@dataclass(frozen=True)
class World:
    """What turns a set of values and a seed into observations; values are those of `chosen.free`, in order."""

    scenario: Scenario
    chosen: Chosen
    where: Seeing
    errors: Floats  # (K,) standard errors of the observations
    last_month: int

    def practice(self, values: Floats, seed: int) -> Floats:
        """Return enacted practice for each observation (K,): nobody's perception is in it. Raises ProblemError."""
        course = Course(self.chosen.scenario(self.scenario, values.tolist()), seed, detail=self.where.detail)
        course.run(course.burn_in + self.last_month)
        return seen(course.trajectory, self.where)

    def perceived(self, practice: Floats, values: Floats) -> Floats:
        """Return practice as people score it on average: with the perception offset."""
        return practice + self.chosen.offset(values.tolist())

    def scores(self, practice: Floats, values: Floats, seed: int) -> Floats:
        """Return scores as a survey would find them: practice, offset, and the chance of who answers."""
        luck = np.random.default_rng([seed, _ANSWERS]).standard_normal(len(practice))
        return self.perceived(practice, values) + self.errors * luck


def world(targets: Targets, scenario: Scenario, chosen: Chosen) -> World:
    """Return the world of some observations. Raises ProblemError where a month can't be run."""
    last = max(1, targets.months[-1])
    findings = Findings()
    if targets.months[0] == 0 and scenario.structure.burn_in_months == 0:
        message = "is observed before the programme, and the scenario has no months before it"
        findings.add(message, file=targets.file, value="month 0", allowed="structure.burn_in_months above 0")
    base = findings.settle(scenario)
    if last > base.months:
        base = base.changed(months=last)
    return World(
        scenario=base,
        chosen=chosen,
        where=seeing(targets, roster(base.place).ids),
        errors=np.array([one.error for one in targets.observations]),
        last_month=last,
    )
