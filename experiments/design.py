"""Lay out which points of the factors' space a sweep runs: six designs, sampled by SciPy and SALib.

A design gives rows of values, a column a factor; None means that the scenario's own value stands. The same design and
seed give the same rows.
"""

import csv
from collections.abc import Iterator, Sequence
from math import prod
from typing import Annotated, Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from experiments.factors import Factor
from simulation.limits import MOST_SEED
from simulation.scenario.paths import Value
from simulation.scenario.value_objects import Frozen

Row = tuple[Value | None, ...]
Column = Sequence[Value | None] | NDArray[Any]
Points = Annotated[int, Field(ge=1, le=100_000_000)]


class _Sampled(Frozen):
    """A design that draws: `seed` decides the draw."""

    seed: int = Field(0, ge=0, le=MOST_SEED)


class Grid(Frozen):
    """Every combination of every factor's values."""

    type: Literal["grid"] = "grid"


class LatinHypercube(_Sampled):
    """`points` points, each factor's range cut into as many stretches and each stretch used once."""

    type: Literal["latin-hypercube"] = "latin-hypercube"
    points: Points


class Sobol(_Sampled):
    """Saltelli's scheme for Sobol' indices: base `points` (a power of two) times k + 2 (`second_order`: 2k + 2)."""

    type: Literal["sobol"] = "sobol"
    points: Points
    second_order: bool = False


class Morris(_Sampled):
    """`trajectories` walks that move one factor at a time on a grid of `levels` (an even number)."""

    type: Literal["morris"] = "morris"
    trajectories: Points
    levels: int = Field(4, ge=2, le=1000, multiple_of=2)


class Table(Frozen):
    """The rows of a CSV file, a column a factor by its dotted name; an empty cell leaves the scenario's own value."""

    type: Literal["table"] = "table"
    file: str


class OneAtATime(Frozen):
    """The scenario as it is, then each factor at each of its values while all others stay as they are."""

    type: Literal["one-at-a-time"] = "one-at-a-time"


Design = Annotated[Grid | LatinHypercube | Sobol | Morris | Table | OneAtATime, Field(discriminator="type")]
NEEDS_VALUES = (Grid, OneAtATime)
"""Designs that take values and not ranges: a range then needs `steps`."""


def size(design: Any, factors: Sequence[Factor], rows: Sequence[Row] = ()) -> int:
    """Return how many points a design has, without making them; `rows` are a table's.

    >>> size(Sobol(points=8), [Factor(name="trust_gain", low=0, high=1)] * 3)
    40
    """
    k = len(factors)
    match design:
        case Grid():
            return prod(len(factor.levels()) for factor in factors)
        case LatinHypercube():
            return design.points
        case Sobol():
            return design.points * (2 * k + 2 if design.second_order else k + 2)
        case Morris():
            return design.trajectories * (k + 1)
        case OneAtATime():
            return 1 + sum(len(factor.levels()) for factor in factors)
    return len(rows)


def columns(design: Any, factors: Sequence[Factor], rows: Sequence[Row] = ()) -> Iterator[Column]:
    """Yield the design's points a factor at a time, so that a large design is never held whole as Python's numbers."""
    match design:
        case Grid():
            yield from _grid([factor.levels() for factor in factors])
        case OneAtATime():
            yield from _turned(_one_at_a_time(factors), len(factors))
        case Table():
            yield from _turned(rows, len(factors))
        case LatinHypercube():
            for k, factor in enumerate(factors):
                yield factor.along(_stretches(design, k))
        case _:
            unit = unit_sample(design, len(factors))
            for k, factor in enumerate(factors):
                yield factor.along(unit[:, k])


def plain(value: Any) -> Value | None:
    """Return a value of a column as one of Python's own."""
    return value.item() if isinstance(value, np.generic) else value


def unit_sample(design: Any, k: int) -> NDArray[np.float64]:
    """Return a drawn design on the unit cube, (points, k)."""
    if isinstance(design, LatinHypercube):
        return np.stack([_stretches(design, j) for j in range(k)], axis=1)
    problem = {"num_vars": k, "names": [f"f{j}" for j in range(k)], "bounds": [[0.0, 1.0]] * k}
    if isinstance(design, Sobol):
        from SALib.sample import sobol

        sample = sobol.sample(problem, design.points, calc_second_order=design.second_order, seed=design.seed)
    else:
        from SALib.sample import morris

        sample = morris.sample(problem, design.trajectories, num_levels=design.levels, seed=design.seed)
    return np.asarray(sample, dtype=np.float64)


def _stretches(design: LatinHypercube, k: int) -> NDArray[np.float64]:
    """Return the k-th column of a Latin hypercube: columns are independent, so each is drawn by itself."""
    from scipy.stats import qmc

    seed = np.random.default_rng(np.random.SeedSequence(design.seed, spawn_key=(k,)))
    return np.asarray(qmc.LatinHypercube(d=1, seed=seed).random(design.points)[:, 0])


def _grid(levels: Sequence[Sequence[Value]]) -> Iterator[Column]:
    """Yield each factor's column of all combinations, the last factor changing fastest."""
    points, each = prod(map(len, levels)), prod(map(len, levels))
    for values in levels:
        each //= len(values)
        which = np.arange(points) // each % len(values)
        yield [values[index] for index in which.tolist()]


def _turned(points: Sequence[Row], k: int) -> Iterator[Column]:
    for j in range(k):
        yield [point[j] for point in points]


def read_table(text: str) -> tuple[str, list[str], list[tuple[int, list[str]]]]:
    """Return what parts a table's cells (a comma, a tab or a semicolon), its header, and its rows, each with its line.

    A row of blank cells is a row; a line with nothing on it is none.
    """
    lines = text.lstrip("\ufeff").splitlines()
    first = lines[0] if lines else ""
    parting = next((mark for mark in ",\t" if mark in first), ";")
    reader = csv.reader(lines, delimiter=parting, skipinitialspace=True)
    header = [name.strip() for name in next(reader, [])]
    return parting, header, [(reader.line_num, row) for row in reader if row]


def _one_at_a_time(factors: Sequence[Factor]) -> list[Row]:
    rows: list[Row] = [(None,) * len(factors)]
    for k, factor in enumerate(factors):
        rows += [(*(None,) * k, value, *(None,) * (len(factors) - k - 1)) for value in factor.levels()]
    return rows
