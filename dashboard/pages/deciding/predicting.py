"""Ask what somebody expects before the run goes on."""

from dataclasses import dataclass, replace

import solara

from dashboard.charts import Drawing
from dashboard.charts.branches import LOOKS, BranchLine, branch_chart
from dashboard.components import About, Box, Button, Chart, Choice, Controls, NumberSlider, Perhaps, Section, Text
from dashboard.decisions.prediction import DRAWN, SHAPES, Prediction, curve
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


@dataclass(frozen=True)
class Expecting:
    """What the controls show: a shape, and values 0-10 at months for a drawn line."""

    shape: str = ""
    values: tuple[tuple[int, float], ...] = ()


@solara.component
def Predicting(desk: Desk) -> solara.Element:
    """Show the choice of a shape or a line, and what has been kept."""
    key = (desk.tree, desk.index, desk.now)
    held, hold = solara.use_state((key, Expecting()), key="expecting")
    expecting = held[1] if held[0] == key else Expecting()
    kept = desk.branch.prediction
    if kept is not None:
        away = Button("Remove the prediction", lambda: desk.change(desk.tree.predicted(desk.index, None)))
        return Section("Your prediction", Text(prediction_sentence(kept)), Box(away, tag="p", kind="b-buttons"))
    if desk.at_end or desk.index not in desk.shown:
        return Box()
    shapes = {"": "Nothing yet"} | {name: f"It {shape.title}" for name, shape in SHAPES.items()} | {
        DRAWN: "I give values at a few months"
    }  # fmt: skip

    def choose(shape: str) -> None:
        hold((key, Expecting(shape, _points(desk) if shape == DRAWN else ())))

    parts = [Choice("What will practice do from here?", expecting.shape, shapes, about=ABOUT, on_choose=choose)]
    parts += [_slider(expecting, row, lambda new: hold((key, new))) for row in range(len(expecting.values))]
    sketch = [Chart(sketch_of(desk, _prediction(desk, expecting)), about=ABOUT_SKETCH)] if expecting.shape else []
    keep = Button(
        "Keep this prediction", lambda: desk.change(desk.tree.predicted(desk.index, _prediction(desk, expecting))),
        disabled=not expecting.shape,
    )  # fmt: skip
    return Section(
        "Before you go on: what do you expect?",
        Controls(*parts, label="Prediction"),
        Perhaps(*sketch),
        Box(keep, tag="p", kind="b-buttons"),
    )


def _points(desk: Desk) -> tuple[tuple[int, float], ...]:
    """Return a few months up to the end, at the practice of the month reached."""
    level = round(10 * float(desk.series(desk.index, "practice")[desk.now]), 1)
    left = desk.months - desk.now
    months = sorted({desk.now + max(1, round(left * step / POINTS)) for step in range(1, POINTS + 1)})
    return tuple((month, level) for month in months)


def _slider(expecting: Expecting, row: int, hold: object) -> solara.Element:
    month, value = expecting.values[row]

    def moved(new: float) -> None:
        values = (*expecting.values[:row], (month, new), *expecting.values[row + 1 :])
        hold(replace(expecting, values=values))  # type: ignore[operator]

    return NumberSlider(
        f"Practice at month {month}", value, low=0, high=10, step=0.1, decimals=1, unit="of 10", about=ABOUT_POINT,
        on_move=moved, on_choose=moved,
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


def _prediction(desk: Desk, expecting: Expecting) -> Prediction:
    points = tuple((month, round(value / 10, 4)) for month, value in expecting.values)
    return Prediction(month=desk.now, shape=expecting.shape, points=points)  # type: ignore[arg-type]
