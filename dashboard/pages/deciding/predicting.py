"""Ask what somebody expects before the run goes on."""

import solara

from dashboard.charts import Drawing
from dashboard.charts.branches import LOOKS, BranchLine, branch_chart
from dashboard.components import About, Box, Button, Chart, Choice, Controls, NumberSlider, Perhaps, Section, Text
from dashboard.decisions.draft import Intent
from dashboard.decisions.prediction import DRAWN, MOST_POINTS, SHAPES, Prediction, curve
from dashboard.decisions.sentences import prediction_sentence
from dashboard.pages.deciding.desk import Desk
from dashboard.source import source_of

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
