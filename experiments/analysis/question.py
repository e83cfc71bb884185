"""Say what is asked of a sweep: which outcome, at which month, and beyond which line."""

from dataclasses import dataclass
from math import isfinite
from typing import Any

from experiments.measures import MONTH_COLUMNS, READ_AT, RUN_COLUMNS
from experiments.shown import shown
from experiments.sweep_work import Work
from simulation.scenario.problems import Findings

OUTCOME = "practice"


@dataclass(frozen=True)
class Question:
    """What is asked; lines are in the model's scale (practice 0-1), None where they are to be read from the data.

    `above` and `below` are about levels, `ahead` about the difference between two routes: below zero it asks where the
    second is ahead. `month` None is each run's last. `pair` are the routes of the difference, the first minus the
    second; None: the plan's main two.
    """

    outcome: str = OUTCOME
    month: int | None = None
    above: float | None = None
    below: float | None = None
    ahead: float | None = None
    pair: tuple[str, str] | None = None

    @property
    def matters(self) -> float | None:
        """Return the smallest difference in the outcome worth a word, None where none is known."""
        return shown(self.outcome).matters

    @property
    def ahead_by(self) -> float:
        """Return by how much a route is asked to be ahead."""
        return self.ahead if self.ahead is not None else self.matters or 0.0

    @property
    def column(self) -> str | None:
        """Return the column of runs that answers, or None where months must be read."""
        if self.month is None:
            return self.outcome
        return f"{self.outcome}_{self.month}" if self.outcome == OUTCOME and self.month in READ_AT else None


def plain(question: Question) -> dict[str, Any]:
    """Return a question as plain data."""
    return {
        "outcome": question.outcome, "month": question.month, "above": question.above, "below": question.below,
        "ahead": question.ahead_by,
    } | ({} if question.pair is None else {"pair": list(question.pair)})  # fmt: skip


def question_of(
    work: Work,
    *,
    outcome: str = OUTCOME,
    month: int | None = None,
    above: float | None = None,
    below: float | None = None,
    ahead: float | None = None,
    pair: tuple[str, str] | None = None,
) -> Question:
    """Return what is asked, with lines given in the scale shown to people. Raises ProblemError with all that is wrong.

    >>> from experiments.sweep_plan import work_of
    >>> from simulation.scenario import Scenario
    >>> question_of(work_of([Scenario()]), above=2.5).above
    0.25
    """
    findings = Findings()
    if outcome not in RUN_COLUMNS:
        findings.add("is no outcome of a sweep", key="--outcome", value=outcome, allowed=RUN_COLUMNS, like=RUN_COLUMNS)
    if above is not None and below is not None:
        findings.add("give --above or --below: one line at a time")
    _check_month(work, outcome, month, findings)
    _check_pair(work, pair, findings)
    for key, line in (("--above", above), ("--below", below), ("--ahead", ahead)):
        if line is not None and not isfinite(line):
            findings.add("is no line to draw", key=key, value=line, allowed="a finite number")
    scale = shown(outcome).factor
    over, under, by = (None if line is None else line / scale for line in (above, below, ahead))
    return findings.settle(Question(outcome, month, over, under, by, pair))


def _check_pair(work: Work, pair: tuple[str, str] | None, findings: Findings) -> None:
    if pair is None:
        return
    routes = list(dict.fromkeys(arm.route for arm in map(work.named, work.arms)))
    if "route" in work.varied:
        findings.add("needs arms with routes of their own: here the route is a factor", key="--pair")
        return
    for route in pair:
        if route not in routes:
            findings.add("is no route of this sweep", key="--pair", value=route, allowed=routes, like=routes)
    if pair[0] == pair[1]:
        findings.add("is given twice: a difference takes two routes", key="--pair", value=pair[0])


def _shortest(work: Work, own: int) -> int:
    """Return the fewest months that the points of a plan run."""
    given = [value for factor in work.factors if factor.name == "months" for value in (*factor.values, factor.low)]
    return min([int(value) for value in given if value is not None], default=own)


def _check_month(work: Work, outcome: str, month: int | None, findings: Findings) -> None:
    if month is None:
        return
    last = min(_shortest(work, arm.what.months) for arm in work.arms)
    if not 0 <= month <= last:
        findings.add("is not a month that every run has", key="--month", value=month, allowed=f"0 to {last}")
    elif work.keep != "months" and not (outcome == OUTCOME and month in READ_AT):
        allowed = [str(at) for at in READ_AT if at <= last] if outcome == OUTCOME else "the last month"
        message = 'was not kept: the plan has keep = "runs"'
        findings.add(message, key="--month", value=month, allowed=allowed)
    elif work.keep == "months" and outcome not in MONTH_COLUMNS and outcome in RUN_COLUMNS:
        findings.add("is not measured month by month", key="--outcome", value=outcome, allowed=MONTH_COLUMNS)
