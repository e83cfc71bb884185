"""Draw the line that parts the points of a sweep: above or below which value is an outcome sought."""

from dataclasses import dataclass
from math import floor, log10

import numpy as np
from numpy.typing import NDArray

from experiments.analysis.question import OUTCOME, Question
from experiments.shown import shown
from experiments.statistics import Floats, normal_factor

COLLABORATIVE = 0.25
"""Mean practice above which a place is called collaborative (docs/odd.md)."""
FEW = 0.1
"""The usual line is taken where at least this share of the points lies on either side."""
UPPER = 0.75
ASKED = "what was asked for"


@dataclass(frozen=True)
class Line:
    """A line in the model's scale, the side sought, and in words why it is drawn there."""

    value: float
    above: bool
    why: str

    def sought(self, means: Floats) -> NDArray[np.bool_]:
        """Tell which points lie on the side sought."""
        return means > self.value if self.above else means < self.value


def line_of(means: Floats, question: Question, *, difference: bool) -> Line:
    """Return the line for levels, or for the difference between two routes, at points that all have a mean."""
    if difference:
        asked = question.ahead_by
        why = ASKED if question.ahead is not None else "the smallest difference that matters"
        if question.ahead is None and question.matters is None:
            why = "zero: any difference at all"
        return Line(asked, asked >= 0, why)
    if question.above is not None:
        return Line(question.above, True, ASKED)
    if question.below is not None:
        return Line(question.below, False, ASKED)
    if question.outcome == OUTCOME and FEW <= (means > COLLABORATIVE).mean() <= 1 - FEW:
        return Line(COLLABORATIVE, True, "the practice from which a place is called collaborative")
    return Line(
        _rounded(float(np.quantile(means, UPPER)), question), True, "about where the upper quarter of the points begins"
    )


def near(values: Floats, line: Line) -> float:
    """Return the share of points (points, replicates) that luck might have put on the other side; nan if unknown."""
    there = np.isfinite(values)
    n = there.sum(axis=1)
    enough = n >= 2
    if not enough.any():
        return float("nan")
    some, count = np.where(there, values, 0.0)[enough], n[enough]
    mean = some.sum(axis=1) / count
    apart = np.where(there[enough], values[enough] - mean[:, None], 0.0)
    error = np.sqrt((apart**2).sum(axis=1) / (count - 1) / count)
    return float((np.abs(mean - line.value) < normal_factor() * error).mean())


def _rounded(value: float, question: Question) -> float:
    """Return a line with no more figures than its outcome is shown with, where those tell it from nothing."""
    how = shown(question.outcome)
    text = round(value * how.factor, how.decimals) / how.factor
    if text != 0 or value == 0:
        return text
    return round(value, 1 - floor(log10(abs(value))))
