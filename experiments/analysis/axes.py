"""Read a design's columns as the axes of a space: numbers, or one of several choices, with no cell empty."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from experiments.factors import PARTS, Factor, steps_of
from experiments.statistics import Floats
from experiments.sweep_runs import column
from experiments.sweep_work import Arm, Work
from simulation.parameters import BY_NAME
from simulation.scenario.scenario import Scenario


@dataclass(frozen=True)
class Axis:
    """A factor at every point; `numbers` (points,) where it is a number, else `choices`."""

    name: str
    numbers: Floats | None = field(repr=False, compare=False)
    choices: tuple[str, ...] = field(default=(), repr=False, compare=False)

    @property
    def label(self) -> str:
        """Return the factor's name for people."""
        return label(self.name)

    @property
    def column(self) -> str:
        """Return the column of the sweep's tables that holds it."""
        return column(self.name)

    @property
    def meaning(self) -> str:
        """Return what the factor is, where the model's tables say it."""
        parameter = BY_NAME.get(self.name)
        return parameter.meaning if parameter else ""

    @property
    def unit(self) -> str:
        """Return the factor's unit, where the model's tables say it."""
        parameter = BY_NAME.get(self.name)
        return parameter.unit if parameter else ""

    @property
    def levels(self) -> tuple[Any, ...]:
        """Return its different values."""
        return tuple(np.unique(self.numbers).tolist()) if self.numbers is not None else tuple(sorted(set(self.choices)))

    @property
    def span(self) -> str:
        """Return its range, or its choices, in words."""
        levels = self.levels
        if self.numbers is None:
            return ", ".join(levels)
        return f"{plain(levels[0])} to {plain(levels[-1])}" if len(levels) > 1 else plain(levels[0])

    def at(self, rows: NDArray[Any]) -> "Axis":
        """Return the axis at some of the points."""
        if self.numbers is not None:
            return Axis(self.name, self.numbers[rows])
        return Axis(self.name, None, tuple(np.array(self.choices, dtype=object)[rows].tolist()))


def axes_of(work: Work, design: pl.DataFrame, arm: Arm) -> list[Axis]:
    """Return the factors that vary, each at every point; where a cell is empty the arm's own value stands."""
    axes = [_axis(factor, design[column(factor.name)], arm) for factor in work.factors]
    return [axis for axis in axes if len(axis.levels) > 1]


def _axis(factor: Factor, values: pl.Series, arm: Arm) -> Axis:
    own = own_value(arm.what, factor.name) if values.null_count() else None
    if values.dtype.is_numeric() and (not values.null_count() or _is_number(own)):
        numbers = values.cast(pl.Float64).fill_null(float("nan")).to_numpy()
        return Axis(factor.name, np.where(np.isnan(numbers), np.nan if own is None else float(own), numbers))
    words = "as it is" if own is None else choice(own)
    return Axis(factor.name, None, tuple(words if value is None else choice(value) for value in values))


def choice(value: Any) -> str:
    """Return a value that is no number as plans and tables write it.

    >>> choice(True), choice("linear")
    ('true', 'linear')
    """
    return str(value).lower() if isinstance(value, bool) else str(value)


def first_of_each(axes: Sequence[Axis], points: int) -> NDArray[np.bool_]:
    """Return which of so many points repeat no earlier one: on the same seeds a repeated point has the same runs.

    >>> first_of_each([Axis("x", np.array([1.0, 2.0, 1.0])), Axis("y", None, ("a", "a", "a"))], 3).tolist()
    [True, True, False]
    """
    values = [axis.choices if axis.numbers is None else axis.numbers for axis in axes]
    codes = np.column_stack([np.zeros(points), *(np.unique(one, return_inverse=True)[1] for one in values)])
    first = np.zeros(points, dtype=bool)
    first[np.unique(codes, axis=0, return_index=True)[1]] = True
    return first


def own_value(scenario: Scenario, name: str) -> Any:
    """Return what a scenario has where a factor leaves it alone; None where that is nothing to name.

    >>> own_value(Scenario(), "trust_gain"), own_value(Scenario(), "route.number_of_sites")
    (0.08, 5)
    """
    if name in BY_NAME:
        return float(getattr(scenario.numbers, name))
    if name == "without":
        return " ".join(scenario.without) or "nothing"
    part: Any = scenario
    for step in steps_of(name):
        try:
            part = part[step] if isinstance(step, int) or isinstance(part, dict) else getattr(part, step)
        except (AttributeError, LookupError, TypeError):
            return None
    return part.name if name in PARTS else part


def label(name: str) -> str:
    """Return a factor's name for people.

    >>> label("initial_trust"), label("place.generated.network.kind"), label("route.phases[1].shares.help")
    ('initial trust', 'place: network kind', 'route: phase 1 help')
    """
    path = [step for step in name.replace("[", ".").replace("]", "").split(".") if step not in ("generated", "shares")]
    words = " ".join(path[1:] if len(path) > 1 else path).replace("phases", "phase").replace("_", " ")
    return f"{path[0]}: {words}" if len(path) > 1 else words


def plain(value: float) -> str:
    """Return a factor's value with three figures: "0.125", "40"."""
    return f"{value:.3g}" if abs(value) < 1000 else f"{value:,.0f}"


def frame(axes: Sequence[Axis]) -> Any:
    """Return the axes as the table that EMA Workbench takes; choices are categories."""
    import pandas as pd  # type: ignore[import-untyped]

    return pd.DataFrame(
        {axis.name: pd.Categorical(axis.choices) if axis.numbers is None else axis.numbers for axis in axes}
    )


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
