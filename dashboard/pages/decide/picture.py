"""Lay the branches over one another, with what was expected, and say what came of it."""

from typing import Any

import solara

from dashboard.charts.branches import LOOKS, BranchLine, branch_chart
from dashboard.components import About, Box, Button, Chart, Choice, Headlines, Message, Perhaps, Section, Text
from dashboard.pages.decide.branches import Tree, curve
from dashboard.pages.decide.desk import Desk, Steps
from dashboard.pages.decide.prediction import judge
from dashboard.pages.decide.timeline import REPEATS, Band, band
from dashboard.runs import band_words, run, source_of, unit_of
from experiments.reporting.figures.style import Line as Look
from simulation.limits import MOST_SEED
from simulation.outcomes import difference, level, shown, shown_in

OUTCOMES = shown_in("pages")
ABOUT = About(
    what="Each line is one branch under the same luck. A dot marks a month in which something was decided.",
    why="What lies between two lines is what the decisions did on this luck: branches differ by nothing else.",
    basis="Computed by the model; almost every rate is assumed.",
    notice="One throw of luck is one story. Draw the spread to see how far other luck carries the same decisions.",
    words=("Branch", "Spread", "Replay"),
)
ABOUT_OUTCOME = About(
    what="What the lines show.", notice="Practice is what predictions are about; the others tell why."
)
STRIP = shown_in("strip")

Bands = dict[int, Band]


@solara.component
def Picture(desk: Desk) -> solara.Element:
    """Show the chart of all branches, the last change, and numbers of the branch in hand."""
    replaying, set_replaying = solara.use_state(None, key="replaying")
    settings = desk.session.settings
    bands: Any = solara.lab.use_task(
        lambda: _bands(desk), dependencies=[id(desk.base), settings.decisions, settings.seed, settings.repeats,
                                            settings.outcome],
    )  # fmt: skip
    last = desk.history.last
    replayed = last is not None and replaying == desk.history.now
    before = last.before if last is not None and replayed else None
    outcome = Choice(
        "Lines show", settings.outcome if settings.outcome in OUTCOMES else "practice",
        {name: shown(name).title for name in OUTCOMES}, about=ABOUT_OUTCOME,
        on_choose=lambda name: desk.session.commit(outcome=name),
    )  # fmt: skip
    spread = Button(
        f"Spread over {REPEATS} runs with other luck", pressed=settings.repeats > 0,
        on_click=lambda: desk.session.commit(repeats=0 if settings.repeats else REPEATS),
    )  # fmt: skip
    told = [Message(f"{desk.tree.branches[index].name} can’t be run here: {words}", kind="wrong")
            for index, words in desk.problems.items()]  # fmt: skip
    spreads: Bands = bands.value if bands.finished and bands.value else {}
    drawn = chart_of(desk, bands=spreads, before=before)
    return Section(
        "What follows",
        Perhaps(*told),
        Chart(drawn, about=ABOUT) if drawn is not None else Text("No branch can be drawn."),
        Box(outcome, Box(spread, tag="p", kind="b-buttons"), kind="b-beneath"),
        Message(f"Running {settings.repeats} runs of each branch.") if bands.pending and settings.repeats else Box(),
        Perhaps(*[Message(words) for words in _judged(desk)]),
        Steps(desk, replaying=replayed, on_replay=lambda: set_replaying(None if replayed else desk.history.now)),
        Perhaps(*([Text(words)] if (words := effect_words(desk, before)) else [])),
        _strip(desk, spreads),
    )  # fmt: skip


def _bands(desk: Desk) -> Bands:
    """Return the band of each branch, over as many seeds as asked, the one at hand among them."""
    settings = desk.session.settings
    first = min(settings.seed, MOST_SEED - settings.repeats + 1)
    seeds = range(first, first + settings.repeats)
    return {
        index: band(desk.base, desk.tree.path(index), seeds, outcome=settings.outcome, run=run)
        for index in desk.shown if settings.repeats
    }  # fmt: skip


def chart_of(desk: Desk, *, bands: Bands, before: Tree | None = None) -> Any:
    """Return the chart of all branches up to the month reached; `before` are the branches before the last change."""
    outcome = desk.session.settings.outcome
    lines = [_line(desk, index, outcome, bands.get(index)) for index in desk.shown]
    if not lines:
        return None
    prediction = desk.branch.prediction
    expected = None
    if outcome == "practice" and prediction is not None and desk.index in desk.shown and desk.now >= prediction.month:
        start = float(desk.series(desk.index, "practice")[min(prediction.month, desk.months)])
        expected = curve(prediction, start, desk.months)
    what = desk.base.title or desk.base.name
    some = next(iter(bands.values()), None)
    runs = f"; bands: nine in ten of {some.runs} runs with other luck" if some is not None else ""
    return branch_chart(
        lines, outcome, now=desk.now, months=desk.months, expected=expected, before=_before(desk, before, outcome),
        title=f"{shown(outcome).title}: {what}, to month {desk.now}",
        source=source_of(desk.session.settings, desk.base, runs=f"one run, seed {desk.seed}{runs}"),
    )  # fmt: skip


def _line(desk: Desk, index: int, outcome: str, spread: Band | None) -> BranchLine:
    branch = desk.tree.branches[index]
    return BranchLine(
        name=branch.name, values=desk.series(index, outcome), look=LOOKS[index % len(LOOKS)], begins=branch.month,
        decided=tuple(decision.month for decision in branch.decisions),
        low=spread.low if spread is not None else None, high=spread.high if spread is not None else None,
    )  # fmt: skip


def _before(desk: Desk, before: Tree | None, outcome: str) -> BranchLine | None:
    """Return the line of the branch in hand as it was before the last change; none where that was the same."""
    index = _then(desk, before)
    if before is None or index is None:
        return None
    try:
        values = desk.series(index, outcome, before)
    except ValueError:
        return None
    if not (values[: desk.now + 1] != desk.series(desk.index, outcome)[: desk.now + 1]).any():
        return None
    begins = desk.branch.month
    return BranchLine("Before the last change", values, Look("#595959", (0, (2, 2)), ""), begins=begins)


def _then(desk: Desk, before: Tree | None) -> int | None:
    """Return which branch stood for the one in hand before a change: itself, or the one it grew from."""
    if before is None or desk.index not in desk.shown:
        return None
    return desk.index if desk.index < len(before.branches) else desk.branch.parent


def effect_words(desk: Desk, before: Tree | None) -> str:
    """Say what the last change did to the branch in hand, by the month reached."""
    index = _then(desk, before)
    if before is None or index is None:
        return ""
    try:
        then = float(desk.series(index, "practice", before)[desk.now])
    except ValueError:
        return ""
    now = float(desk.series(desk.index, "practice")[desk.now])
    if now == then:
        return f"The change has not moved practice by month {desk.now}."
    return (
        f"With the change, practice at month {desk.now} is at {level('practice', now)} of 10; without it, "
        f"{level('practice', then)} ({difference('practice', now - then)}). One throw of luck."
    )


def _judged(desk: Desk) -> list[str]:
    """Return how far off the prediction of the branch in hand was, once the run has come to its end."""
    prediction = desk.branch.prediction
    if prediction is None or desk.index not in desk.shown:
        return []
    if not desk.at_end:
        return ["Your prediction is laid over the chart. Go on to the end to see how far off it was."]
    found = judge(prediction, desk.series(desk.index, "practice"))
    return [f"{desk.branch.name}: {found.sentence}"] if found is not None else []


def _strip(desk: Desk, bands: Bands) -> solara.Element:
    if desk.index not in desk.shown:
        return Box()
    parent = desk.branch.parent if desk.branch.parent in desk.shown else None
    numbers = [_headline(desk, name, parent, bands.get(desk.index)) for name in STRIP]
    title = f"{desk.branch.name}, at month {desk.now}, on this luck"
    return Box(Box(title, tag="h3"), Headlines(numbers))


def _headline(desk: Desk, name: str, parent: int | None, spread: Band | None) -> tuple[str, str, str]:
    """Return an outcome of the branch in hand at the month reached, and how far it is from the one it grew from."""
    now = float(desk.series(desk.index, name)[desk.now])
    told = [unit_of(name)]
    if parent is not None and desk.now >= desk.branch.month:
        gap = now - float(desk.series(parent, name)[desk.now])
        told.append(f"{difference(name, gap)} against “{desk.tree.branches[parent].name}”")
    if spread is not None and name == desk.session.settings.outcome:
        low, high = float(spread.low[desk.now]), float(spread.high[desk.now])
        told.append(f"nine in ten of {spread.runs} runs: {band_words(name, (low, high))}")
    return shown(name).title, level(name, now), "; ".join(part for part in told if part)
