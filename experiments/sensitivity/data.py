"""Axes, question, subjects, blocks and cube of a sweep."""

import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from math import isfinite
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from experiments import chunks
from experiments.arms import main_pair
from experiments.chunks import FAILED, OK, column
from experiments.design import Morris, Sobol
from experiments.errors import MissingError
from experiments.factors import Factor
from experiments.inference import Floats
from experiments.results import Results
from experiments.work import Arm, Work
from simulation.outcomes import MONTH_COLUMNS, READ_AT, RUN_COLUMNS, shown
from simulation.parameters import BY_NAME
from simulation.scenario.errors import Findings
from simulation.scenario.paths import PARTS, steps_of
from simulation.scenario.scenario import Scenario


@dataclass(frozen=True)
class Axis:
    """A factor at every point; `numbers` (points,) where it is a number, else `choices`."""

    name: str
    numbers: Floats | None = field(repr=False, compare=False)
    choices: tuple[str, ...] = field(default=(), repr=False, compare=False)

    @property
    def label(self) -> str:
        """Return the factor's name for people."""
        return label(self.name)

    @property
    def column(self) -> str:
        """Return the column of the sweep's tables that holds it."""
        return chunks.column(self.name)

    @property
    def meaning(self) -> str:
        """Return what the factor is, where the model's tables say it."""
        parameter = BY_NAME.get(self.name)
        return parameter.meaning if parameter else ""

    @property
    def unit(self) -> str:
        """Return the factor's unit, where the model's tables say it."""
        parameter = BY_NAME.get(self.name)
        return parameter.unit if parameter else ""

    @property
    def levels(self) -> tuple[Any, ...]:
        """Return its different values."""
        return tuple(np.unique(self.numbers).tolist()) if self.numbers is not None else tuple(sorted(set(self.choices)))

    @property
    def span(self) -> str:
        """Return its range, or its choices, in words."""
        levels = self.levels
        if self.numbers is None:
            return ", ".join(levels)
        return f"{plain_axis(levels[0])} to {plain_axis(levels[-1])}" if len(levels) > 1 else plain_axis(levels[0])

    def at(self, rows: NDArray[Any]) -> "Axis":
        """Return the axis at some of the points."""
        if self.numbers is not None:
            return Axis(self.name, self.numbers[rows])
        return Axis(self.name, None, tuple(np.array(self.choices, dtype=object)[rows].tolist()))


def axes_of(work: Work, design: pl.DataFrame, arm: Arm) -> list[Axis]:
    """Return the factors that vary, each at every point; where a cell is empty the arm's own value stands."""
    axes = [_axis(factor, design[column(factor.name)], arm) for factor in work.factors]
    return [axis for axis in axes if len(axis.levels) > 1]


def _axis(factor: Factor, values: pl.Series, arm: Arm) -> Axis:
    own = own_value(arm.what, factor.name) if values.null_count() else None
    if values.dtype.is_numeric() and (not values.null_count() or _is_number(own)):
        numbers = values.cast(pl.Float64).fill_null(float("nan")).to_numpy()
        return Axis(factor.name, np.where(np.isnan(numbers), np.nan if own is None else float(own), numbers))
    words = "as it is" if own is None else choice(own)
    return Axis(factor.name, None, tuple(words if value is None else choice(value) for value in values))


def choice(value: Any) -> str:
    """Return a value that is no number as plans and tables write it.

    >>> choice(True), choice("linear")
    ('true', 'linear')
    """
    return str(value).lower() if isinstance(value, bool) else str(value)


def first_of_each(axes: Sequence[Axis], points: int) -> NDArray[np.bool_]:
    """Return which of so many points repeat no earlier one: on the same seeds a repeated point has the same runs.

    >>> first_of_each([Axis("x", np.array([1.0, 2.0, 1.0])), Axis("y", None, ("a", "a", "a"))], 3).tolist()
    [True, True, False]
    """
    values = [axis.choices if axis.numbers is None else axis.numbers for axis in axes]
    codes = np.column_stack([np.zeros(points), *(np.unique(one, return_inverse=True)[1] for one in values)])
    first = np.zeros(points, dtype=bool)
    first[np.unique(codes, axis=0, return_index=True)[1]] = True
    return first


def own_value(scenario: Scenario, name: str) -> Any:
    """Return what a scenario has where a factor leaves it alone; None where that is nothing to name.

    >>> own_value(Scenario(), "trust_gain"), own_value(Scenario(), "route.number_of_sites")
    (0.08, 5)
    """
    if name in BY_NAME:
        return float(getattr(scenario.numbers, name))
    if name == "without":
        return " ".join(scenario.without) or "nothing"
    part: Any = scenario
    for step in steps_of(name):
        try:
            part = part[step] if isinstance(step, int) or isinstance(part, dict) else getattr(part, step)
        except (AttributeError, LookupError, TypeError):
            return None
    return part.name if name in PARTS else part


def label(name: str) -> str:
    """Return a factor's name for people.

    >>> label("initial_trust"), label("place.generated.network.kind"), label("route.phases[1].shares.help")
    ('initial trust', 'place: network kind', 'route: phase 1 help')
    """
    path = [step for step in name.replace("[", ".").replace("]", "").split(".") if step not in ("generated", "shares")]
    words = " ".join(path[1:] if len(path) > 1 else path).replace("phases", "phase").replace("_", " ")
    return f"{path[0]}: {words}" if len(path) > 1 else words


def plain_axis(value: float) -> str:
    """Return a factor's value with three figures: "0.125", "40"."""
    return f"{value:.3g}" if abs(value) < 1000 else f"{value:,.0f}"


def frame(axes: Sequence[Axis]) -> Any:
    """Return the axes as the table that EMA Workbench takes; choices are categories."""
    import pandas as pd  # type: ignore[import-untyped]

    return pd.DataFrame(
        {axis.name: pd.Categorical(axis.choices) if axis.numbers is None else axis.numbers for axis in axes}
    )


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


# Keep the whole blocks of a drawn design: what Saltelli's scheme or a Morris walk compares belongs together.


LOOKS = (4, 2, 1)
"""Indices are taken anew on the first quarter and the first half of the blocks, to see whether they still move."""


def block_size(design: Any, factors: int) -> int:
    """Return how many points of a design belong together: 1 where each stands alone.

    >>> block_size(Sobol(points=8), 3), block_size(Morris(trajectories=4), 3)
    (5, 4)
    """
    if isinstance(design, Sobol):
        return 2 * factors + 2 if design.second_order else factors + 2
    return factors + 1 if isinstance(design, Morris) else 1


def whole_blocks(means: Floats, size: int) -> tuple[Floats, NDArray[np.bool_]]:
    """Return the outcomes of blocks that have all their points (blocks, size), and which of all blocks those are."""
    table = means.reshape(-1, size)
    kept = np.asarray(np.isfinite(table).all(axis=1))
    return table[kept], kept


def looks(blocks: int) -> list[int]:
    """Return the numbers of blocks to look at: a quarter, a half, all, each once and at least two.

    >>> looks(64), looks(5)
    ([16, 32, 64], [2, 5])
    """
    return sorted({max(2, blocks // share) for share in LOOKS} - set(range(blocks + 1, 3)))


# Say what is asked of a sweep: which outcome, at which month, and beyond which line.


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
    outcomes: Sequence[str] = RUN_COLUMNS,
) -> Question:
    """Return what is asked, with lines given in the scale shown to people. Raises ProblemError with all that is wrong.

    `outcomes` are those that the sweep keeps.

    >>> from experiments.work import work_of
    >>> from simulation.scenario import Scenario
    >>> question_of(work_of([Scenario()]), above=2.5).above
    0.25
    """
    findings = Findings()
    if outcome not in outcomes:
        later = outcome in RUN_COLUMNS
        message = "was not measured yet when this sweep was begun" if later else "is no outcome of a sweep"
        findings.add(message, key="--outcome", value=outcome, allowed=outcomes, like=outcomes)
    if above is not None and below is not None:
        findings.add("give --above or --below: one line at a time")
    _check_month(work, outcome, month, outcomes, findings)
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


def _check_month(work: Work, outcome: str, month: int | None, outcomes: Sequence[str], findings: Findings) -> None:
    if month is None:
        return
    last = min(_shortest(work, arm.what.months) for arm in work.arms)
    if not 0 <= month <= last:
        findings.add("is not a month that every run has", key="--month", value=month, allowed=f"0 to {last}")
    elif work.keep != "months" and not (outcome == OUTCOME and month in READ_AT):
        allowed = [str(at) for at in READ_AT if at <= last] if outcome == OUTCOME else "the last month"
        message = 'was not kept: the plan has keep = "runs"'
        findings.add(message, key="--month", value=month, allowed=allowed)
    elif work.keep == "months" and outcome not in MONTH_COLUMNS and outcome in outcomes:
        findings.add("is not measured month by month", key="--outcome", value=outcome, allowed=MONTH_COLUMNS)


# Read a sweep's outcome as an array by point, arm and replicate; name what failed, count what is not there yet.


FAILURE_COLUMNS = ("run", "point", "scenario", "route", "under_pressure", "seed", "error")


@dataclass(frozen=True)
class Cube:
    """An outcome in the model's scale: `values` (points, arms, replicates), nan where there is none.

    `ended` tells which runs came to their end, whether or not they have the outcome; `failures` has a row a failed run.
    """

    values: Floats
    ended: NDArray[np.bool_]
    failures: pl.DataFrame

    @property
    def runs(self) -> int:
        """Runs that the plan has."""
        return self.values.size

    @property
    def done(self) -> int:
        """Runs that are stored, failed ones among them."""
        return int(self.ended.sum()) + len(self.failures)


def read_cube(results: Results, question: Question) -> Cube:
    """Read what is stored by now. Raises SweepError where nothing is."""
    work = results.work
    runs = results.scan_runs()
    failures = runs.filter(pl.col("status") == FAILED).select(FAILURE_COLUMNS).collect()
    ended = runs.filter(pl.col("status") == OK)
    if question.column is not None:
        found = ended.select("run", pl.col(question.column).alias("value")).collect()
    else:
        months = results.scan_months().filter(pl.col("month") == question.month)
        at = months.select("run", pl.col(question.outcome).cast(pl.Float64).alias("value"))
        found = ended.select("run").join(at, on="run", how="left").collect()
    shape = (work.points, len(work.arms), work.replicates)
    values, there = np.full(work.runs, np.nan), np.zeros(work.runs, dtype=bool)
    where = found["run"].to_numpy()
    values[where] = found["value"].fill_null(float("nan")).to_numpy()
    there[where] = True
    return Cube(values.reshape(shape), there.reshape(shape), failures)


# Lay out what a sweep is asked about: the difference between its main two routes, then each route by itself.


Pair = tuple[str, str]
LEAST_SHARE = 0.5
"""A point counts where at least so many of its seeds came to their end."""


@dataclass(frozen=True)
class Subject:
    """What indices are of: `values` (points, replicates) of one arm, or the paired difference of two."""

    arm: Arm
    second: Arm | None
    values: Floats
    where: str
    """Scenario and pressure in words, empty where the sweep has one of each."""
    route_varies: bool = False
    """Whether the route is a factor, so that the arm has none of its own; it is called varied then."""

    @property
    def is_difference(self) -> bool:
        """Tell whether this is a difference between two routes."""
        return self.second is not None

    @property
    def key(self) -> str:
        """Return a name for files and addresses."""
        routes = self.arm.route if self.second is None else f"{self.arm.route}-minus-{self.second.route}"
        text = "-".join((self.arm.scenario, self.arm.pressure, routes))
        return "".join(letter if letter.isalnum() else "-" for letter in text)

    @property
    def routes(self) -> str:
        """Return the route, or the first minus the second, as inside a sentence."""
        first = "every route of the plan" if self.route_varies else route_words(self.arm)
        return first if self.second is None else f"{first} minus {route_words(self.second)}"

    @property
    def title(self) -> str:
        """Return what this is, as a heading."""
        words = self.routes[:1].upper() + self.routes[1:]
        return f"{words}, {self.where}" if self.where else words

    @property
    def means(self) -> Floats:
        """Return the mean over replicates at each point, nan where too few of them are there."""
        there = np.isfinite(self.values)
        enough = there.mean(axis=1) >= LEAST_SHARE
        sums = np.where(there, self.values, 0.0).sum(axis=1)
        return np.where(enough, sums / np.maximum(1, there.sum(axis=1)), np.nan)


def subjects_of(work: Work, cube: Cube, asked: Pair | None = None) -> tuple[list[Subject], list[str]]:
    """Return what can be asked about, differences first, and what is left out with the reason.

    `asked` are the routes whose difference is taken instead of the main two's.

    An outcome that a run ended without has no mean over seeds, so its arm is left out.
    """
    arms = [work.named(arm) for arm in work.arms]
    places = {(arm.scenario, arm.pressure): _where(work, arm) for arm in arms}
    differences, levels, notes = [], [], []
    usable, varies = {}, "route" in work.varied
    for k, arm in enumerate(arms):
        subject = Subject(arm, None, cube.values[:, k], places[arm.scenario, arm.pressure], varies)
        without = int((cube.ended[:, k] & ~np.isfinite(cube.values[:, k])).sum())
        if without:
            title = subject.title
            notes.append(
                f"{title[:1].lower()}{title[1:]}: left out, as {without:,} of its runs end without that outcome"
            )
            continue
        usable[k] = arm
        levels.append(subject)
    for key, where in places.items():
        here = {arm.route: k for k, arm in usable.items() if (arm.scenario, arm.pressure) == key}
        pair = None if varies else asked or main_pair(list(here))
        if pair is not None and set(pair) <= set(here):
            first, second = (here[route] for route in pair)
            values = cube.values[:, first] - cube.values[:, second]
            differences.append(Subject(arms[first], arms[second], values, where))
    return [*differences, *levels], notes


def other_pairs(subjects: Sequence[Subject]) -> list[str]:
    """Say whose difference is taken, and how another pair's is, where there are several."""
    routes = dict.fromkeys(subject.arm.route for subject in subjects if not subject.is_difference)
    taken = [subject.routes for subject in subjects if subject.is_difference]
    if not taken or len(routes) < 3:
        return []
    return [f"the difference is {taken[0]}; --pair A B takes that of any two of {', '.join(routes)}"]


def route_words(arm: Arm) -> str:
    """Return a route's title as inside a sentence: "prototype-led"."""
    words = (arm.what.route.title if arm.route == arm.what.route.name else "") or arm.route
    return words[:1].lower() + words[1:]


def place_words(arm: Arm) -> str:
    """Return a scenario's title."""
    return arm.what.title or arm.what.place.title or arm.scenario


def pressure_words(arm: Arm) -> str:
    """Return a pressure's title, or that it is varied."""
    return (arm.what.pressure.title if arm.pressure == arm.what.pressure.name else "") or arm.pressure


def _where(work: Work, arm: Arm) -> str:
    parts = [place_words(arm)] if len({other.scenario for other in work.arms}) > 1 else []
    if len({other.pressure for other in work.arms}) > 1:
        parts.append(f"under “{pressure_words(arm)}”")
    return " ".join(parts)


# Load EMA Workbench late and quietly: it takes seconds, and warns of parts that are not used here.


HOW = "pip install 'system-behaviours[analysis]'"


@contextmanager
def quiet() -> Iterator[None]:
    """Keep back what the library warns of: parts that are not used here, and how it calls its own libraries."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def workbench(module: str) -> Any:
    """Return a module of `ema_workbench.analysis`. Raises MissingError where it can't be imported."""
    from importlib import import_module

    try:
        with quiet():
            return import_module(f"ema_workbench.analysis.{module}")
    except ImportError as error:
        name = (error.name or "ema_workbench").split(".")[0]
        msg = f"{name} is not installed, which seeking regions and scoring factors takes: {HOW}"
        raise MissingError(msg) from None
