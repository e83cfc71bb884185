"""Hold what somebody expects before a run: a shape chosen by its name, or a line drawn through a few months."""

from itertools import pairwise
from typing import Literal, NamedTuple, Self

import numpy as np
from pydantic import Field, model_validator

from dashboard.decisions.decision import LAST_MONTH
from simulation.scenario import Problem
from simulation.scenario.base import Frozen
from simulation.scenario.checks import refuse
from simulation.state import Floats

HEIGHT = 0.25
"""How far a chosen shape rises on the chart, on 0-1: its height says nothing, only its shape is compared."""
MOST_POINTS = 12


class Shape(NamedTuple):
    """A shape that practice may take: its words, and where it passes as (share of the time, share of the height)."""

    title: str
    sentence: str
    points: tuple[tuple[float, float], ...]


SHAPES = {
    "flat": Shape("stays flat", "would stay flat", ((0, 0), (1, 0))),
    "slow-rise": Shape("rises slowly", "would rise slowly", ((0, 0), (1, 1))),
    "fast-rise": Shape(
        "rises fast, then levels off", "would rise fast, then level off",
        ((0, 0), (0.1, 0.4), (0.2, 0.68), (0.35, 0.9), (0.5, 0.98), (1, 1)),
    ),
    "fall": Shape("falls", "would fall", ((0, 0), (1, -1))),
    "rise-and-fall": Shape(
        "rises, then falls", "would rise, then fall",
        ((0, 0), (0.15, 0.45), (0.3, 0.85), (0.45, 1), (0.6, 0.85), (0.8, 0.45), (1, 0.15)),
    ),
    "worse-first": Shape(
        "gets worse before it gets better", "would get worse before it got better",
        ((0, 0), (0.1, -0.3), (0.2, -0.35), (0.35, -0.1), (0.6, 0.45), (0.8, 0.8), (1, 1)),
    ),
}  # fmt: skip
DRAWN = "drawn"


class Prediction(Frozen):
    """What is expected of mean practice from a month on; `points` are (month, practice on 0-1) of a drawn line."""

    month: int = Field(0, ge=0, le=LAST_MONTH)
    shape: Literal["flat", "slow-rise", "fast-rise", "fall", "rise-and-fall", "worse-first", "drawn"]
    points: tuple[tuple[int, float], ...] = ()

    @model_validator(mode="after")
    def _check_points(self) -> Self:
        refuse(_wrong_points(self))
        return self


def _wrong_points(prediction: Prediction) -> list[Problem]:
    points, path = prediction.points, ("points",)
    if (prediction.shape == DRAWN) != bool(points):
        return [Problem("belong to a drawn line, and to nothing else", path=path, value=f"{len(points)} points")]
    if len(points) > MOST_POINTS:
        return [Problem("is the number of points", path=path, value=str(len(points)), allowed=f"up to {MOST_POINTS}")]
    months = [prediction.month, *(month for month, _ in points)]
    if any(later <= earlier for earlier, later in pairwise(months)) or months[-1] > LAST_MONTH:
        allowed = f"after month {prediction.month}, in order, up to {LAST_MONTH}"
        return [
            Problem("are the months of the points", path=path, value=", ".join(map(str, months[1:])), allowed=allowed)
        ]
    outside = [value for _, value in points if not 0 <= value <= 1]
    return [Problem("is out of range", path=path, value=f"{value:g}", allowed="0 to 1") for value in outside[:1]]


def template(shape: str, steps: int) -> Floats:
    """Return a shape over `steps` months as (steps + 1,) values, 0 at the start."""
    when, how = zip(*SHAPES[shape].points, strict=True)
    values: Floats = np.interp(np.linspace(0, 1, steps + 1), when, how)
    return values


def curve(prediction: Prediction, start: float, months: int) -> Floats:
    """Return the expected practice (months + 1,) on 0-1, nan before the prediction's month; `start` is its value there.

    A chosen shape is drawn at a height of its own (`HEIGHT`); a drawn line is level after its last point.
    """
    values = np.full(months + 1, np.nan)
    begin = prediction.month
    if begin >= months:
        return values
    if prediction.shape == DRAWN:
        when = [begin, *(month for month, _ in prediction.points)]
        heights = [start, *(value for _, value in prediction.points)]
        values[begin:] = np.interp(np.arange(begin, months + 1), when, heights)
    else:
        values[begin:] = np.clip(start + HEIGHT * template(prediction.shape, months - begin), 0, 1)
    return values
