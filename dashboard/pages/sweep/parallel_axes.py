"""Show a sweep's points as lines over parallel axes, and choose among them by ranges."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import solara

from dashboard.charts.drawing import Drawing
from dashboard.charts.parallel import parallel
from dashboard.components import (
    About,
    Box,
    Button,
    Chart,
    Choice,
    Controls,
    NumberSlider,
    Perhaps,
    Section,
    Table,
    Text,
)
from dashboard.pages.sweep.points import MOST_DRAWN, OUTCOME, Range, Scale, selection_sentence
from dashboard.pages.sweep.view import View

MOST_LISTED = 10
ABOUT_LINES = About(
    what="Each line is one point of the sweep: it crosses every axis at that point’s number. Colour says the outcome, "
    "the last axis: the lighter, the more. For a difference between routes, blue is below zero and orange above.",
    why="What has to be true for the outcome to be high? Narrow the last axis, and see where the lines gather.",
    basis="Computed by the model; the ranges of most numbers are assumed.",
    notice="Drag along an axis with the mouse to choose a range, or use the two sliders above. Where chosen lines "
    "still spread over a whole axis, that number does not decide.",
)
ABOUT_AXIS = About(what="Which axis the two sliders below stand for.", notice="Ranges on several axes hold together.")
ABOUT_FROM = About(what="The lowest value that a chosen point has on this axis.")
ABOUT_TO = About(what="The highest value that a chosen point has on this axis.")


@solara.component
def PointsOf(view: View) -> solara.Element:
    """Show the points, and the controls that choose among them."""
    scales = {scale.name: scale for scale in view.points.scales}
    scale = scales.get(view.session.settings.axis) or view.points.scales[-1]
    drawing = solara.use_memo(
        lambda: points_chart(view),
        [view.found.mark, view.outcome, view.key, view.session.settings.within, view.point, view.source],
    )
    choice = Choice("Choose points by", scale.name, {name: one.title for name, one in scales.items()},
                    about=ABOUT_AXIS,
                    on_choose=lambda name: view.session.commit(axis="" if name == OUTCOME else name))  # fmt: skip
    low, high = view.ranges.get(scale.name, (scale.low, scale.high))
    return Section(
        "All points",
        Controls(choice, *_sliders(view, scale, low, high), label="Which points are chosen"),
        Box(*_chosen_ranges(view, scales), tag="p", kind="b-buttons"),
        Box(selection_sentence(view.points, view.inside), tag="p", kind="b-told", role="status"),
        Perhaps(*([Text(words)] if (words := sampled(view)) else [])),
        Text(colours(view), kind="b-hint"),
        Chart(drawing, about=ABOUT_LINES, on_click=lambda mark: heard(view, mark)),
        _listed(view),
    )


def _sliders(view: View, scale: Scale, low: float, high: float) -> list[solara.Element]:
    if scale.high <= scale.low:
        return [Text("All points have the same value on this axis.")]
    span = scale.high - scale.low
    step = 1.0 if scale.levels or (scale.decimals == 0 and span > 4) else span / 100
    names = {float(k): name for k, name in enumerate(scale.levels)}

    def changed(which: int, value: float) -> str:
        ends = (value, max(value, high)) if which == 0 else (min(value, low), value)
        return view.with_ranges(view.ranges | {scale.name: ends})

    unit = "" if scale.levels else scale.unit
    common: dict[str, Any] = {"low": scale.low, "high": scale.high, "step": round(step, 10), "names": names,
                              "decimals": scale.decimals, "unit": unit}  # fmt: skip

    def slider(which: int, label: str) -> solara.Element:
        return NumberSlider(
            f"{scale.title}, {label}", (low, high)[which], about=(ABOUT_FROM, ABOUT_TO)[which], **common,
            on_move=lambda value: view.session.show(within=changed(which, value)),
            on_choose=lambda value: view.session.commit(within=changed(which, value)),
        ).key(f"{scale.name} {which}")  # fmt: skip

    return [slider(0, "from"), slider(1, "to")]


def _chosen_ranges(view: View, scales: Mapping[str, Scale]) -> list[solara.Element]:
    """Return a button for each range that is set, which takes it away, and one for all."""

    def without(name: str) -> str:
        return view.with_ranges({key: value for key, value in view.ranges.items() if key != name})

    buttons = [
        Button(f"{scales[name].title} {range_words(scales[name], ends)} ✕",
               lambda name=name: view.session.commit(within=without(name)), kind="b-plain")
        for name, ends in view.ranges.items()
    ]  # fmt: skip
    return [*buttons, *([Button("Choose all points", lambda: view.session.commit(within=""))] if buttons else [])]


def range_words(scale: Scale, ends: Range) -> str:
    """Write a range: "0.2 to 0.4"."""
    low, high = (scale.words(end) for end in ends)
    return low if low == high else f"{low} to {high}"


def points_chart(view: View) -> Drawing:
    """Return the lines: all points, or a fixed random choice of very many, the point looked at among them."""
    points = view.points
    rows = points.drawn()
    looked = np.flatnonzero(points.which == view.point)
    rows = np.union1d(rows, looked)
    scales = points.scales
    told = selection_sentence(points, view.inside)
    ends = [f"{scale.title} from {scale.words(scale.low)} to {scale.words(scale.high)}" for scale in scales]
    return parallel(
        points.numbers[rows], names=[scale.title for scale in scales], ends=[(s.low, s.high) for s in scales],
        levels=[scale.levels for scale in scales], ids=points.which[rows].tolist(), inside=view.inside[rows],
        chosen=view.point, decimals=[scale.decimals for scale in scales], signed=view.is_difference,
        title=f"{len(rows):,} points, each a line over {len(scales)} axes", source=view.source,
        description=f"Parallel coordinates. Axes: {'; '.join(ends)}. {told}",
    )  # fmt: skip


def colours(view: View) -> str:
    """Say what the lines' colours mean."""
    last = view.points.scales[-1].title
    scale = (
        "blue where it is below zero, grey near zero, orange above" if view.is_difference else "the lighter, the more"
    )
    return (
        f"Colour: {last[:1].lower()}{last[1:]}, {scale}. Pale grey: not chosen. Thick pink: point {view.point}, below."
    )


def sampled(view: View) -> str:
    """Say how many points are drawn where not all are, and how many have no outcome yet."""
    there, planned = len(view.points.numbers), view.points.planned
    said = []
    if there < planned:
        have = "has too few finished runs and is" if planned - there == 1 else "have too few finished runs and are"
        said.append(f"{planned - there:,} of {planned:,} points {have} left out.")
    if there > MOST_DRAWN:
        said.append(f"The chart draws {MOST_DRAWN:,} of {there:,} points, a random choice that stays the same; "
                    "everything counted here is of all.")  # fmt: skip
    return " ".join(said)


def heard(view: View, mark: dict[str, Any]) -> None:
    """Follow a click on a line, or a range drawn on an axis with the mouse."""
    brushed = mark.get("brushed")
    if isinstance(brushed, list):
        ranges = {}
        for scale, ends in zip(view.points.scales, brushed, strict=False):
            if isinstance(ends, list) and len(ends) == 2 and all(isinstance(end, int | float) for end in ends):
                low, high = sorted(float(end) for end in ends)
                ranges[scale.name] = (max(low, scale.low), min(high, scale.high))
        view.session.commit(within=view.with_ranges(view.ranges | ranges))
        return
    kind, _, number = str(mark.get("id")).partition("-")
    if kind == "point" and number.isdecimal() and int(number) < view.found.work.points:
        view.session.commit(point=int(number))


def _head(scale: Scale) -> str:
    return f"{scale.title}, {scale.unit}" if scale.unit else scale.title


def _listed(view: View) -> solara.Element:
    """Return the chosen points with the highest outcome, each a button that looks at it."""
    order, scales = view.order[:MOST_LISTED], view.points.scales
    if not order:
        return Text("No point is chosen: widen a range.")
    row_of = {int(number): row for row, number in enumerate(view.points.which)}
    by_outcome = (len(scales) - 1, *range(len(scales) - 1))
    rows = []
    for number in order:
        values = view.points.numbers[row_of[number]]
        rows.append([f"Point {number}", *(scales[k].words(float(values[k])) for k in by_outcome)])
    count = len(view.order)
    which = f"The {len(order)} highest of {count:,} chosen points" if count > len(order) else "The chosen points"
    return Table(
        f"{which}; a point’s name shows its runs below", ("Point", *(_head(scales[k]) for k in by_outcome)), rows,
        ids=[str(number) for number in order], captioned=True,
        on_choose=lambda given: view.session.commit(point=int(given)),
    )  # fmt: skip
