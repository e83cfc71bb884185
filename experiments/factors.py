"""Vary anything of a scenario by its dotted name: a parameter, a part by name, or a field of a part.

`trust_gain` and `T0` are parameters; `route`, `pressure` and `place` take names of ready ones or paths; everything else
is a path into the scenario, positions counted from 1: `route.number_of_sites`, `route.phases[1].shares.help`,
`pressure.events[1].size`, `place.network.neighbours`, `structure.influence`, `months`, `without`.
"""

from collections.abc import Mapping, Sequence
from math import exp, floor, log
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, Field, ValidationError

from simulation.parameters import BY_NAME
from simulation.scenario.errors import Findings
from simulation.scenario.paths import PARTS, Value, steps_of
from simulation.scenario.place import PlaceFile
from simulation.scenario.pressure import Pressure
from simulation.scenario.route import Route
from simulation.scenario.scenario import Scenario
from simulation.scenario.toml_positions import Document
from simulation.scenario.validation import add_errors
from simulation.scenario.value_objects import Frozen


class Factor(Frozen):
    """What is varied: a range from `low` to `high`, or a list of values.

    `steps` is into how many values a design that needs values cuts the range; `whole` rounds to whole numbers.
    The parts that `route`, `pressure` or `place` name are held by name.
    """

    name: str
    low: float | None = None
    high: float | None = None
    steps: int | None = None
    scale: Literal["linear", "log"] = "linear"
    values: tuple[Value, ...] = ()
    whole: bool = False
    routes: dict[str, Route] = Field(default_factory=dict)
    pressures: dict[str, Pressure] = Field(default_factory=dict)
    places: dict[str, PlaceFile] = Field(default_factory=dict)

    def part(self, name: str) -> Route | Pressure | PlaceFile:
        """Return the part that a value names."""
        held: dict[str, Any] = {**self.routes, **self.pressures, **self.places}
        return held[name]

    def at(self, unit: float) -> Value:
        """Return the value at a place between 0 and 1: on the range, or in the list in equal stretches.

        >>> Factor(name="months", low=12, high=24, whole=True).at(0.999)
        24
        >>> Factor(name="structure.influence", values=("linear", "threshold")).at(0.5)
        'threshold'
        """
        if self.values:
            return self.values[min(floor(unit * len(self.values)), len(self.values) - 1)]
        low, high = self._ends()
        if self.whole:
            return int(low) + min(floor(unit * (int(high) - int(low) + 1)), int(high) - int(low))
        return self._along(unit)

    def along(self, units: NDArray[np.float64]) -> NDArray[Any] | list[Value]:
        """Return the values at many places between 0 and 1: those of `at`, to the last bit."""
        if self.values or self.scale == "log":
            return [self.at(unit) for unit in units.tolist()]
        low, high = self._ends()
        if self.whole:
            steps = np.minimum(np.floor(units * (int(high) - int(low) + 1)), int(high) - int(low))
            return int(low) + steps.astype(np.int64)
        inner = np.clip(low + units * (high - low), low, high)
        return np.where(units == 0, low, np.where(units == 1, high, inner))

    def levels(self) -> tuple[Value, ...]:
        """Return the values that a grid takes: the list, or `steps` of the range, each whole number once."""
        if self.values:
            return self.values
        steps = self.steps or 1
        shares = [k / (steps - 1) for k in range(steps)] if steps > 1 else [0.5]
        points = [self._along(share) for share in shares]
        return tuple(dict.fromkeys(round(point) for point in points)) if self.whole else tuple(points)

    def _along(self, share: float) -> float:
        """Return how far along the range a share of it is; its ends are met exactly."""
        low, high = self._ends()
        if share in (0, 1):
            return high if share else low
        if self.scale == "log":
            return min(max(exp(log(low) + share * (log(high) - log(low))), low), high)
        return min(max(low + share * (high - low), low), high)

    def _ends(self) -> tuple[float, float]:
        if self.low is None or self.high is None:
            msg = f"the factor {self.name} has neither a range nor a list of values"
            raise ValueError(msg)
        return self.low, self.high


def applied(scenario: Scenario, factors: Sequence[Factor], values: Sequence[Value | None]) -> Scenario:
    """Return the scenario with the factors at these values; None leaves what the scenario has.

    Raises ProblemError with all that is wrong.
    """
    tree: dict[str | int, Any] = {}
    numbers: dict[str, float] = {}
    parts: dict[str, Any] = {}
    for factor, value in zip(factors, values, strict=True):
        if value is None:
            continue
        if factor.name in BY_NAME:
            numbers[factor.name] = float(value)
        elif factor.name in PARTS:
            parts[factor.name] = factor.part(str(value))
        elif factor.name == "without":
            names = [name for name in str(value).replace(",", " ").split() if name != "nothing"]
            parts["without"] = tuple(dict.fromkeys((*scenario.without, *names)))
        else:
            _plant(tree, steps_of(factor.name), value)
    fields = dict(parts)
    findings = Findings()
    for key, change in tree.items():
        name = str(key)
        fields[name] = _rebuilt(fields.get(name, getattr(scenario, name)), change, name, findings)
    if numbers:
        fields["settings"] = scenario.settings | numbers
    return findings.settle(scenario if not fields or findings.problems else scenario.changed(**fields))


def _plant(tree: dict[str | int, Any], path: Sequence[str | int], value: Value) -> None:
    for step in path[:-1]:
        tree = tree.setdefault(step, {})
    tree[path[-1]] = value


def _rebuilt(part: Any, change: Any, key: str, findings: Findings) -> Any:
    """Return a part with the changes of a tree in it, every value object on the way validated anew."""
    if not isinstance(change, dict):
        return change
    inner = {step: _rebuilt(_below(part, step), below, f"{key}.{step}", findings) for step, below in change.items()}
    if isinstance(part, tuple):
        return tuple(inner.get(k, item) for k, item in enumerate(part))
    if isinstance(part, Mapping):
        return {**part, **inner}
    fields = {name: getattr(part, name) for name in type(part).model_fields} | inner
    try:
        return type(part)(**fields)
    except ValidationError as error:
        add_errors(error, type(part), fields, Document({}), findings, path=(key,))
        return part


def _below(part: Any, step: str | int) -> Any:
    if isinstance(part, BaseModel):
        return getattr(part, str(step))
    try:
        return part[step]
    except (LookupError, TypeError):
        return None
