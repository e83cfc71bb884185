"""Axes of a map: a factor as a person types it, cut into steps and tried at its ends."""

from collections.abc import Sequence
from dataclasses import replace

from experiments.design import Table
from experiments.factors import Factor, applied
from experiments.plan import PLAUSIBLE, read_factor
from experiments.work import Arm
from simulation.parameters import BY_NAME
from simulation.scenario import ProblemError
from simulation.scenario.errors import Findings
from simulation.scenario.paths import canonical, find_field
from simulation.scenario.tables import range_from
from simulation.scenario.toml_positions import Document

RANGE = "{}=LOW..HIGH, such as initial_trust=0.1..0.5"


def read_axis(said: str, key: str, steps: int, arms: Sequence[Arm], findings: Findings) -> Factor | None:
    """Return the factor of an axis cut into steps, tried at both ends in every arm, or None with problems added.

    `said` is a dotted name, or `name=low..high`; `key` is the option that says it.
    """
    own = Findings()
    factor = _factor(said, arms, own)
    own.problems = [replace(problem, key=key, path=()) for problem in own.problems]
    if factor is not None and not own.problems:
        factor = factor.model_copy(update={"steps": steps})
        if len(factor.levels()) < 2:
            own.add("has one value only between its ends", key=key, value=said)
    findings.take(own)
    return None if own.problems else factor


def _factor(said: str, arms: Sequence[Arm], findings: Findings) -> Factor | None:
    name, given, text = said.partition("=")
    key, name = canonical(name), name.strip()
    kinds = {find_field(arm.what, key, findings) for arm in arms[:1]}
    if None in kinds:
        return None
    if object in kinds:
        findings.add("is not a number: an axis needs a range of numbers", value=name)
        return None
    parameter = BY_NAME.get(key)
    if not given and (parameter is None or not parameter.swept):
        findings.add("has no plausible range", value=name, allowed=RANGE.format(name))
        return None
    span = _span(text, findings, said, name) if given else PLAUSIBLE
    return None if span is None else read_factor(name, span, Table(file=""), arms, Document({}), findings)


def _span(text: str, findings: Findings, said: str, name: str) -> dict[str, float] | None:
    ends = range_from(text)
    if ends is None:
        findings.add("is no range", value=said, allowed=RANGE.format(name))
        return None
    return {"low": ends[0], "high": ends[1]}


def try_corners(across: Factor, up: Factor, arms: Sequence[Arm], findings: Findings) -> None:
    """Add what is wrong where both factors are at an end; each alone was tried before."""
    for x in (across.at(0), across.at(1)):
        for y in (up.at(0), up.at(1)):
            for arm in arms:
                try:
                    applied(arm.what, (across, up), (x, y))
                except ProblemError as error:
                    findings.add(f"do not go together: {error}", value=f"{across.name} {x:g} and {up.name} {y:g}")
                    return
