"""Unknowns with ranges; the model as a maker of observations."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from experiments.calibration.observations import Seeing, Targets, seeing, seen
from experiments.factors import Factor, applied
from simulation.initial import roster
from simulation.parameters import BY_NAME
from simulation.run import Course
from simulation.scenario.errors import Findings, ProblemError
from simulation.scenario.paths import canonical, find_field
from simulation.scenario.scenario import Scenario
from simulation.scenario.tables import number_from, range_from
from simulation.state import Floats

DEFAULT = ("initial_pressure", "initial_trust", "trust_gain", "adoption_rate", "slip_back", "ceiling_base")
WHY_DEFAULT = (
    "Of all parameters these move mean practice most between months 12 and 60 when all are varied over their plausible "
    "ranges in the two ready places; the partner’s days move it more, but a person knows them."
)
OFFSET = "perception_offset"
OFFSET_RANGE = (-0.1, 0.3)
"""Uniform prior of scores less practice, -1 to +3 of 10: people tend to score themselves kindly (assumed)."""
MOST = 30
BETWEEN = ".."


@dataclass(frozen=True)
class Prior:
    """A uniform range of one unknown; its factor is None for the perception offset."""

    name: str
    low: float
    high: float
    factor: Factor | None = None

    @property
    def fixed(self) -> bool:
        """Tell whether there is nothing to fit."""
        return self.low == self.high


@dataclass(frozen=True)
class Chosen:
    """All that is fitted; the last prior is the perception offset's."""

    priors: tuple[Prior, ...]

    @property
    def free(self) -> tuple[Prior, ...]:
        """Return the priors that are ranges."""
        return tuple(prior for prior in self.priors if not prior.fixed)

    @property
    def lows(self) -> Floats:
        """Return the low ends of the free priors."""
        return np.array([prior.low for prior in self.free])

    @property
    def highs(self) -> Floats:
        """Return the high ends of the free priors."""
        return np.array([prior.high for prior in self.free])

    def offset(self, values: Sequence[float]) -> float:
        """Return the perception offset of a set of free values."""
        last = self.priors[-1]
        return last.low if last.fixed else float(values[-1])

    def scenario(self, base: Scenario, values: Sequence[float]) -> Scenario:
        """Return the scenario with a set of free values; the offset changes nothing in the model."""
        factors = [prior.factor for prior in self.free if prior.factor is not None]
        return applied(base, factors, [float(value) for value in values[: len(factors)]])


def chosen(
    scenario: Scenario, parameters: Sequence[str] = (), *, offset: str = "", notes: list[str] | None = None
) -> Chosen:
    """Return what is fitted: parameters as `NAME` or `NAME=LOW..HIGH`, the offset as `LOW..HIGH` in points of 10.

    Raises ProblemError with all that is wrong.
    """
    findings = Findings()
    priors = [_prior(text, scenario, findings) for text in parameters or DEFAULT]
    kept = [prior for prior in priors if prior is not None]
    names = [prior.name for prior in kept]
    for name in dict.fromkeys(name for name in names if names.count(name) > 1):
        findings.add("is named twice", key="--parameters", value=name)
    if len(names) > MOST:
        findings.add("is too many parameters to fit", key="--parameters", value=len(names), allowed=f"up to {MOST}")
    kept.append(_offset(offset, findings))
    if not findings.problems:
        _try(Chosen(tuple(kept)), scenario, findings)
    for prior in kept:
        known = BY_NAME.get(prior.name)
        if known is not None and not (known.is_plausible(prior.low) and known.is_plausible(prior.high)):
            findings.note(f"the range of {prior.name} goes beyond its plausible one, {known.low:g} to {known.high:g}"
                          if known.swept else f"{prior.name} has no plausible range of its own")  # fmt: skip
    return findings.settle(Chosen(tuple(kept)), notes)


def _prior(text: str, scenario: Scenario, findings: Findings) -> Prior | None:
    name, given, ends = (part.strip() for part in text.partition("="))
    key = canonical(name)
    where: dict[str, Any] = {"key": "--parameters"}
    if key == OFFSET:
        findings.add("is always fitted", value=name, allowed="its range by --offset LOW..HIGH", **where)
        return None
    kind = find_field(scenario, key, findings, **where)
    if kind is None:
        return None
    if kind is not float:
        findings.add("is not a number that varies smoothly", value=name, allowed="parameters, and shares", **where)
        return None
    parameter = BY_NAME.get(key)
    if not given:
        if parameter is None or parameter.low is None or parameter.high is None:
            findings.add("has no plausible range", value=name, allowed=f"a range: {name}=LOW{BETWEEN}HIGH", **where)
            return None
        low, high = parameter.low, parameter.high
    else:
        found = _range(ends, name, findings, **where)
        if found is None:
            return None
        low, high = found
        if low == high:
            findings.add("leaves nothing to fit", value=text, allowed=f"--set {name}={low:g}", **where)
            return None
    return Prior(key, low, high, Factor(name=key, low=low, high=high))


def _range(text: str, name: str, findings: Findings, **where: Any) -> tuple[float, float] | None:
    ends = range_from(text)
    if ends is not None and ends[0] <= ends[1]:
        return ends
    findings.add("is not a range", value=text or name, allowed=f"LOW{BETWEEN}HIGH, such as 0.1{BETWEEN}0.5", **where)
    return None


def _offset(text: str, findings: Findings) -> Prior:
    """Return the offset's prior; one number fixes it."""
    if not text:
        return Prior(OFFSET, *OFFSET_RANGE)
    where: dict[str, Any] = {"key": "--offset"}
    is_number = not isinstance(number_from(text), str)
    found = _range(f"{text}{BETWEEN}{text}" if is_number else text, OFFSET, findings, **where)
    if found is None:
        return Prior(OFFSET, *OFFSET_RANGE)
    if not -10 <= found[0] <= found[1] <= 10:
        findings.add("is out of range", value=text, allowed="from -10 to 10 points of 10", **where)
    return Prior(OFFSET, found[0] / 10, found[1] / 10)


def _try(what: Chosen, scenario: Scenario, findings: Findings) -> None:
    """Add what is wrong with the ranges' ends: each alone, and all low or all high together."""
    ranges = [prior for prior in what.free if prior.factor is not None]
    tries = [[(prior, end)] for prior in ranges for end in (prior.low, prior.high)]
    tries += [[(prior, prior.low) for prior in ranges], [(prior, prior.high) for prior in ranges]]
    for pairs in tries:
        try:
            applied(scenario, [prior.factor for prior, _ in pairs], [end for _, end in pairs])  # type: ignore[misc]
        except ProblemError as error:
            said = ", ".join(f"{prior.name} = {end:g}" for prior, end in pairs)
            findings.add(f"can't be run: {error.problems[0]}", key="--parameters", value=said)
            return


# Make observations by the model: a set of parameters, chance, how people see it, and who happens to answer.


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
