"""Choose what is fitted: parameters with a range each, and how far scores stand above practice."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from experiments.factors import Factor, applied, canonical, find_field
from simulation.parameters import BY_NAME
from simulation.scenario.numbers import number_from, range_from
from simulation.scenario.problems import Findings, ProblemError
from simulation.scenario.scenario import Scenario
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
