"""Decisions, expectations and their tree, frozen."""

from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Annotated, Any, Literal, NamedTuple, Self

import numpy as np
from pydantic import Field, SerializerFunctionWrapHandler, ValidationError, model_serializer, model_validator

from simulation.scenario import Problem, ProblemError, Shares
from simulation.scenario.errors import Path_
from simulation.scenario.events import Event
from simulation.scenario.validation import problem_error
from simulation.scenario.value_objects import Frozen, refuse
from simulation.state import Floats

LAST_MONTH = 1200
MOST_EVENTS, MOST_SITES = 10, 200
Sites = Literal["keep", "choose"] | Annotated[tuple[str, ...], Field(max_length=MOST_SITES)]
Talk = Literal["never", "from-month", "adaptive"]


class Decision(Frozen):
    """What changes from a month on; what is not said stays as it was.

    `shares` replaces all that the route had planned from that month on; `open_talk` "from-month" means from this one.
    `until` is the month in which the learning partner leaves: this month means at once. Days that begin after the
    partner had left last until the run ends, unless `until` says otherwise.
    """

    month: int = Field(ge=0, le=LAST_MONTH)
    shares: Shares | None = None
    sites: Sites | None = None
    open_talk: Talk | None = None
    until: int | None = Field(None, ge=0, le=LAST_MONTH)
    events: tuple[Event, ...] = Field((), max_length=MOST_EVENTS)

    @model_validator(mode="after")
    def _check_months(self) -> Self:
        said: list[tuple[Path_, int]] = [(("events", row, "month"), one.month) for row, one in enumerate(self.events)]
        if self.until is not None:
            said.append((("until",), self.until))
        message, allowed = "comes before the month of the decision", f"{self.month} or later"
        refuse(
            Problem(message, path=path, value=str(month), allowed=allowed) for path, month in said if month < self.month
        )
        return self

    @model_serializer(mode="wrap")
    def _with_types(self, write: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Write each event with its type, also where all that is as usual is left out."""
        data: dict[str, Any] = write(self)
        if self.events:
            data["events"] = [event_data(event) for event in self.events]
        return data

    @property
    def changes_route(self) -> bool:
        """Whether the partner works otherwise than before; an event alone changes nothing of its work."""
        said = (self.shares, self.sites, self.open_talk, self.until)
        return any(part is not None for part in said)

    @property
    def is_empty(self) -> bool:
        """Whether nothing is decided."""
        return not self.changes_route and not self.events


def event_data(event: Event) -> dict[str, Any]:
    """Return an event as plain data: its type, and what is not as usual."""
    return {"type": event.type} | event.model_dump(mode="json", exclude_defaults=True)


LONGEST_NAME = 40


def free_name(wanted: str, taken: set[str]) -> str:
    """Return the wanted name, or the first with a number that is not taken.

    >>> free_name("Early", {"Early", "Early 2"})
    'Early 3'
    """
    name, number = wanted, 2
    while name in taken:
        name = f"{wanted[: LONGEST_NAME - len(str(number)) - 1].rstrip()} {number}"
        number += 1
    return name


def tidy(name: str) -> str:
    """Return a name on one line, single blanks between words, not too long; what can't be shown is left out."""
    shown = "".join(sign if sign.isprintable() else " " for sign in name[: 10 * LONGEST_NAME])
    return " ".join(shown.split())[:LONGEST_NAME].rstrip()


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


FIRST_NAME = "As planned"
MOST_BRANCHES = 6
MOST_DECISIONS = 24


class Branch(Frozen):
    """One course of events: it goes as its parent until `month`, then by its own decisions; the first has no parent."""

    name: str = Field(FIRST_NAME, min_length=1, max_length=LONGEST_NAME)
    parent: int | None = Field(None, ge=0)
    month: int = Field(0, ge=0, le=LAST_MONTH)
    decisions: tuple[Decision, ...] = Field((), max_length=MOST_DECISIONS)
    prediction: Prediction | None = None

    @model_validator(mode="after")
    def _check_decisions(self) -> Self:
        refuse([*_wrong_name(self.name), *_wrong_months(self)])
        return self

    def decision_at(self, month: int) -> Decision:
        """Return the branch's own decision of a month; an empty one where there is none."""
        return next((decision for decision in self.decisions if decision.month == month), Decision(month=month))


def _wrong_name(name: str) -> list[Problem]:
    if name != tidy(name):
        allowed = "letters, digits and signs, with single blanks between words"
        return [Problem("can't be a name", path=("name",), value=name, allowed=allowed)]
    return []


def _wrong_months(branch: Branch) -> list[Problem]:
    problems, before = [], branch.month - 1
    for row, decision in enumerate(branch.decisions):
        if decision.month <= before:
            message = "comes before the branch begins, or again, or out of order"
            path: Path_ = ("decisions", row, "month")
            problems.append(Problem(message, path=path, value=str(decision.month), allowed=f"{before + 1} or later"))
        before = max(before, decision.month)
    return problems


class Tree(Frozen):
    """All branches, a parent before its children; `Tree()` is the scenario as it is planned, with nothing decided."""

    branches: tuple[Branch, ...] = Field((Branch(),), min_length=1, max_length=MOST_BRANCHES)

    @model_validator(mode="after")
    def _check_whole(self) -> Self:
        problems, names = [], set()
        for row, branch in enumerate(self.branches):
            if (branch.parent is None) != (row == 0) or (branch.parent is not None and branch.parent >= row):
                allowed = "none for the first, an earlier branch for the others"
                path: Path_ = ("branches", row, "parent")
                problems.append(Problem("can't be a parent", path=path, value=str(branch.parent), allowed=allowed))
            if branch.name in names:
                path = ("branches", row, "name")
                problems.append(Problem("is the name of two branches", path=path, value=branch.name))
            names.add(branch.name)
        if self.branches[0].month:
            problems.append(Problem("the first branch begins at month 0", path=("branches", 0, "month")))
        refuse(problems)
        return self

    def path(self, index: int) -> tuple[Decision, ...]:
        """Return every decision that a branch lives by, in order: inherited ones first, then its own."""
        branch = self.branches[index]
        if branch.parent is None:
            return branch.decisions
        inherited = [decision for decision in self.path(branch.parent) if decision.month < branch.month]
        return (*inherited, *branch.decisions)

    def forked(self, parent: int, month: int, name: str = "") -> "Tree":
        """Return a tree with a new last branch, which goes as `parent` until a month. Raises ProblemError when full."""
        if len(self.branches) >= MOST_BRANCHES:
            allowed = f"{MOST_BRANCHES}: take one away first"
            raise ProblemError([Problem("is as many branches as there can be", value="another", allowed=allowed)])
        branch = Branch(name=self.free_name(name or f"From month {month}"), parent=parent, month=month)
        return built(branches=(*self.branches, branch))

    def decided(self, index: int, decision: Decision) -> "Tree":
        """Return a tree in which a branch takes this decision, in place of its own of the same month; empty: none."""
        others = [one for one in self.branches[index].decisions if one.month != decision.month]
        kept = others if decision.is_empty else [*others, decision]
        return self.changed(index, decisions=tuple(sorted(kept, key=lambda one: one.month)))

    def renamed(self, index: int, name: str) -> "Tree":
        """Return a tree in which a branch has another name, made different from the others'."""
        wanted = tidy(name)
        if not wanted or wanted == self.branches[index].name:
            return self
        return self.changed(index, name=self.free_name(wanted, but=index))

    def predicted(self, index: int, prediction: Prediction | None) -> "Tree":
        """Return a tree in which a prediction is kept with a branch; None takes it away."""
        return self.changed(index, prediction=prediction)

    def without(self, index: int) -> "Tree":
        """Return a tree without a branch and what grew from it; the first one stays, its decisions are taken away."""
        if index == 0:
            return self.changed(0, decisions=(), prediction=None)
        gone = {index}
        for row, branch in enumerate(self.branches):
            if branch.parent in gone:
                gone.add(row)
        kept = [row for row in range(len(self.branches)) if row not in gone]
        place = {row: position for position, row in enumerate(kept)}
        return built(branches=tuple(_moved(self.branches[row], place) for row in kept))

    def changed(self, index: int, **changes: Any) -> "Tree":
        """Return a tree with one branch changed. Raises ProblemError where that can't be."""
        fields = {name: getattr(self.branches[index], name) for name in Branch.model_fields}
        try:
            branch = Branch(**(fields | changes))
        except ValidationError as error:
            raise problem_error(error, Branch, fields | changes) from None
        return built(branches=(*self.branches[:index], branch, *self.branches[index + 1 :]))

    def free_name(self, wanted: str, *, but: int | None = None) -> str:
        """Return a name that no branch has, apart from the one at `but`: the wanted one, or with a number after it."""
        taken = {branch.name for row, branch in enumerate(self.branches) if row != but}
        return free_name(tidy(wanted) or FIRST_NAME, taken)


def built(**fields: Any) -> Tree:
    """Return a tree. Raises ProblemError with all that is wrong."""
    try:
        return Tree(**fields)
    except ValidationError as error:
        raise problem_error(error, Tree, fields) from None


def _moved(branch: Branch, place: dict[int, int]) -> Branch:
    return branch if branch.parent is None else branch.model_copy(update={"parent": place[branch.parent]})


MOST_STEPS = 100


class Step(NamedTuple):
    """The branches after a change, and the change in a sentence."""

    tree: Tree
    words: str = ""


class Change(NamedTuple):
    """The last change, to be looked at once more: the branches before and after it."""

    before: Tree
    after: Tree
    words: str


@dataclass(frozen=True)
class History:
    """Where one stands among the changes made; `past` and `future` are nearest last."""

    now: Step = field(default_factory=lambda: Step(Tree()))
    past: tuple[Step, ...] = ()
    future: tuple[Step, ...] = ()

    @property
    def tree(self) -> Tree:
        """The branches as they are."""
        return self.now.tree

    @property
    def last(self) -> Change | None:
        """The last change, where there is one."""
        return Change(self.past[-1].tree, self.tree, self.now.words) if self.past else None

    def changed(self, tree: Tree, words: str) -> "History":
        """Return the history after a change; what was undone before is gone. No change is no step."""
        if tree == self.tree:
            return self
        return History(Step(tree, words), (*self.past, self.now)[-MOST_STEPS:])

    def undone(self) -> "History":
        """Return the history before the last change; the same where there is none."""
        if not self.past:
            return self
        return replace(self, now=self.past[-1], past=self.past[:-1], future=(*self.future, self.now))

    def redone(self) -> "History":
        """Return the history with the change that was undone last; the same where there is none."""
        if not self.future:
            return self
        return replace(self, now=self.future[-1], past=(*self.past, self.now), future=self.future[:-1])

    def arrived(self, tree: Tree, words: str) -> "History":
        """Return the history after the branches came from elsewhere, an address say; Back and Forward are known."""
        if self.past and tree == self.past[-1].tree:
            return self.undone()
        if self.future and tree == self.future[-1].tree:
            return self.redone()
        return self.changed(tree, words)
