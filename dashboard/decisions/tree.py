"""Hold branches as a tree of frozen values: each begins at a month of another and has decisions of its own."""

from typing import Any, Self

from pydantic import Field, ValidationError, model_validator

from dashboard.decisions.decision import LAST_MONTH, Decision
from dashboard.decisions.names import LONGEST_NAME, free_name, tidy
from dashboard.decisions.prediction import Prediction
from simulation.scenario import Problem, ProblemError
from simulation.scenario.base import Frozen
from simulation.scenario.checks import refuse
from simulation.scenario.problems import Path_
from simulation.scenario.validation import problem_error

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
