"""Lay a prediction beside what came: how far apart they are, in a sentence that is computed and never scolds."""

from typing import NamedTuple

import numpy as np

from dashboard.decisions.prediction import DRAWN, SHAPES, Prediction, curve, template
from experiments.shown import PRACTICE_MATTERS, level, number
from simulation.state import Floats

FLAT_WITHIN = 0.05
"""Practice that never moves further than this from where it began is called flat (half a point of ten)."""
NEAR = 2 * PRACTICE_MATTERS
"""A drawn line that is no further off than this on average (0.4 points of ten) is called close."""


class Judgement(NamedTuple):
    """What came of a prediction."""

    expected: str
    came: str
    """Shape that what came is nearest to; its name in SHAPES."""
    off: float
    """Mean distance of a drawn line from what came, on 0-1; nan for a chosen shape, which has no height."""
    parted: int | None
    """First month from which a drawn line lies further off than half a point, for good; None where it never does."""
    sentence: str


def judge(prediction: Prediction, practice: Floats) -> Judgement | None:
    """Compare a prediction with mean practice by month (months + 1,); None where nothing had been left to predict."""
    begin, months = prediction.month, len(practice) - 1
    if begin >= months:
        return None
    came = nearest_shape(practice[begin:])
    if prediction.shape != DRAWN:
        return Judgement(
            prediction.shape, came, float("nan"), None, _shape_sentence(prediction.shape, came, practice[begin:])
        )
    expected = curve(prediction, float(practice[begin]), months)
    apart = expected[begin:] - practice[begin:]
    off = float(np.abs(apart[1:]).mean())
    parted = _parted(apart, begin)
    sentence = _drawn_sentence(expected, practice, off=off, parted=parted, mean=float(apart[1:].mean()))
    return Judgement(DRAWN, came, off, parted, sentence)


def nearest_shape(practice: Floats) -> str:
    """Return the shape that practice (months + 1,) is nearest to when each may have any height of its own.

    >>> nearest_shape(np.linspace(0.1, 0.5, 61))
    'slow-rise'
    """
    moved = practice - practice[0]
    if float(np.abs(moved).max()) <= FLAT_WITHIN:
        return "flat"
    misses = {shape: _miss(moved, template(shape, len(moved) - 1)) for shape in SHAPES if shape != "flat"}
    best = min(misses, key=lambda shape: misses[shape])
    return best if misses[best] < float((moved**2).sum()) else "flat"


def _miss(moved: Floats, shape: Floats) -> float:
    """Return the smallest sum of squares between what moved and a shape of any height above nothing."""
    height = max(float(moved @ shape) / float(shape @ shape), 0.0)
    return float(((moved - height * shape) ** 2).sum())


def _parted(apart: Floats, begin: int) -> int | None:
    far = np.abs(apart) > FLAT_WITHIN
    if not far[-1]:
        return None
    close = np.flatnonzero(~far)
    return begin + (int(close[-1]) + 1 if len(close) else 0)


def _shape_sentence(expected: str, came: str, practice: Floats) -> str:
    ends = f"from {level('practice', float(practice[0]))} to {level('practice', float(practice[-1]))} of 10"
    if expected == came:
        return f"Practice went as you expected: it {_past(came)}. In all it went {ends}."
    return f"You expected that practice {SHAPES[expected].sentence}. Here it {_past(came)}; in all it went {ends}."


def _past(shape: str) -> str:
    return {
        "flat": "stayed flat", "slow-rise": "rose slowly", "fast-rise": "rose fast, then levelled off",
        "fall": "fell", "rise-and-fall": "rose, then fell", "worse-first": "got worse before it got better",
    }[shape]  # fmt: skip


def _drawn_sentence(expected: Floats, practice: Floats, *, off: float, parted: int | None, mean: float) -> str:
    end, drawn = level("practice", float(practice[-1])), level("practice", float(expected[-1]))
    by = number(10 * off, 1)
    ending = f"At month {len(practice) - 1} it is at {end} of 10; you drew {drawn}."
    if off <= NEAR:
        return f"Your line was close: {by} points of 10 off on average. {ending}"
    side = "above" if mean > 0 else "below"
    how = f"{side} what came" if abs(mean) > off / 2 else "now above, now below what came"
    apart = f" From month {parted} on they go apart." if parted is not None else " They come together at the end."
    return f"Your line was {by} points of 10 off on average, {how}.{apart} {ending}"
