"""Ask what is expected; lay it beside what came."""

from typing import NamedTuple

import numpy as np
import solara

from dashboard.charts import Drawing
from dashboard.charts.branches import LOOKS, BranchLine, branch_chart
from dashboard.components import About, Box, Button, Chart, Choice, Controls, NumberSlider, Perhaps, Section, Text
from dashboard.pages.decide.branches import DRAWN, MOST_POINTS, SHAPES, Prediction, curve, template
from dashboard.pages.decide.desk import Desk
from dashboard.pages.decide.draft import Intent
from dashboard.pages.decide.sentences import prediction_sentence
from dashboard.runs import source_of
from simulation.outcomes import PRACTICE_MATTERS, level, number
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


POINTS = 4
ABOUT = About(
    what="What you expect of mean practice from this month on, before you see it.",
    why="Saying it aloud first makes the difference between what came and what you thought worth talking about.",
    notice="A chosen shape has no height: only its shape is compared. A drawn line is compared month by month.",
    words=("Prediction",),
)
ABOUT_POINT = About(
    what="Mean practice that you expect in this month; between the months the line runs straight.", unit="0 to 10"
)
ABOUT_SKETCH = About(
    what="Practice so far, and the line that you are drawing. Nothing of what is to come is in it.", unit="0 to 10",
    notice="A chosen shape is drawn at a height of its own: only its shape is compared.", words=("Prediction",),
)  # fmt: skip


def Predicting(desk: Desk) -> solara.Element:
    """Return the choice of a shape or a line, and what has been kept."""
    kept, intent = desk.branch.prediction, desk.intent
    if kept is not None:
        away = Button("Remove the prediction", lambda: desk.change(desk.tree.predicted(desk.index, None)))
        return Section("Your prediction", Text(prediction_sentence(kept)), Box(away, tag="p", kind="b-buttons"))
    if desk.at_end or desk.index not in desk.shown:
        return Box()
    shapes = {"": "Nothing yet"} | {name: f"It {shape.title}" for name, shape in SHAPES.items()} | {
        DRAWN: "I give values at a few months"
    }  # fmt: skip
    points = _points(desk)
    choice = Choice(
        "What will practice do from here?", intent.shape, shapes, about=ABOUT,
        on_choose=lambda shape: desk.set(intent.changed(shape=shape, points=_level(desk) if shape == DRAWN else ())),
    )  # fmt: skip
    sliders = [_slider(desk, month, value) for month, value in points]
    prediction = _prediction(desk, points) if intent.shape else None
    sketch = [Chart(sketch_of(desk, prediction), about=ABOUT_SKETCH)] if prediction is not None else []
    keep = Button(
        "Keep this prediction", disabled=prediction is None,
        on_click=lambda: desk.change(
            desk.tree.predicted(desk.index, prediction), intent=intent.changed(shape="", points=())
        ),
    )  # fmt: skip
    return Section(
        "Before you go on: what do you expect?",
        Controls(choice, *sliders, label="Prediction"),
        Perhaps(*sketch),
        Box(keep, tag="p", kind="b-buttons"),
    )


Points = tuple[tuple[int, float], ...]
"""Months and values 0-10 of a drawn line."""


def _points(desk: Desk) -> Points:
    """Return the points of a drawn line that are still to come."""
    if desk.intent.shape != DRAWN:
        return ()
    return tuple(point for point in desk.intent.points if desk.now < point[0] <= desk.months) or _level(desk)


def _level(desk: Desk) -> Points:
    """Return a few months up to the end, at the practice of the month reached."""
    level = round(10 * float(desk.series(desk.index, "practice")[desk.now]), 1)
    left = desk.months - desk.now
    months = sorted({desk.now + max(1, round(left * step / POINTS)) for step in range(1, POINTS + 1)})
    return tuple((month, level) for month in months)


def _slider(desk: Desk, month: int, value: float) -> solara.Element:
    def moved(new: float) -> Intent:
        given = dict(desk.intent.points) | dict(_points(desk)) | {month: new}
        return desk.intent.changed(points=tuple(sorted(given.items()))[-MOST_POINTS:])

    return NumberSlider(
        f"Practice at month {month}", value, low=0, high=10, step=0.1, decimals=1, unit="of 10", about=ABOUT_POINT,
        on_move=lambda new: desk.move(moved(new)), on_choose=lambda new: desk.set(moved(new)),
    )  # fmt: skip


def sketch_of(desk: Desk, prediction: Prediction) -> Drawing:
    """Return how practice came to where it is, and how it would go on as is expected."""
    practice = desk.series(desk.index, "practice")
    line = BranchLine(desk.branch.name, practice, LOOKS[desk.index % len(LOOKS)])
    expected = curve(prediction, float(practice[desk.now]), desk.months)
    return branch_chart(
        [line], "practice", now=desk.now, months=desk.months, expected=expected, file="prediction",
        title=f"What you expect from month {desk.now}", source=source_of(desk.session.settings, desk.base),
        height=300,
    )  # fmt: skip


def _prediction(desk: Desk, points: Points) -> Prediction:
    drawn = tuple((month, round(value / 10, 4)) for month, value in points)
    return Prediction(month=desk.now, shape=desk.intent.shape, points=drawn)  # type: ignore[arg-type]
