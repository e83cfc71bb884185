"""Where each of two routes does better over two factors."""

import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from functools import cached_property
from math import isfinite
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import numpy as np
import polars as pl

from experiments.arms import FIRST_SEED, PRIMARY
from experiments.axes import read_axis, try_corners
from experiments.callable_module import call_as
from experiments.chunks import OK
from experiments.contrast import PairedExperiment, route_contrast
from experiments.design import Row, Table
from experiments.executors import Executor, Serial
from experiments.factors import Factor
from experiments.inference import FEWEST_TO_RANK, Floats, median_band
from experiments.manifest import MANIFEST, faults, read_manifest
from experiments.output_folder import locked, real, unwritable, usable, write_whole
from experiments.plan import Plan
from experiments.results import load
from experiments.runner import Tell, sweep
from experiments.sequential import NOT_RUN, Decision, Rule, decide, planned_looks
from experiments.store import SweepError, anew, damaged
from experiments.structures import Repeat, at_points
from experiments.work import KEYS, Arm, Work, changes
from simulation import MODEL_VERSION
from simulation.limits import SEEDS_ALLOWED, seeds_problem
from simulation.outcomes import READ_AT, RUN_COLUMNS, Outcome, shown
from simulation.own_outcome import MeasuringMore, described
from simulation.scenario import ProblemError, Route, Scenario, load_route, load_scenario
from simulation.scenario.errors import Findings
from simulation.text import counted

SCENARIO = "generated"
X, Y = "initial_pressure", "initial_trust"
STEPS, MOST_STEPS, MOST_PAIRS = 9, 100, 100_000
WIDEST = 1_000_000
MOST = 320
"""Pairs of runs at which a cell ends, decided or not, unless told."""
OUTCOMES = tuple(name for name in RUN_COLUMNS if name not in ("take_off", *(f"practice_{at}" for at in READ_AT)))
"""Outcomes of which every run has a number at the month that is read."""


class MapPlan(MeasuringMore):
    """All that decides a map: `arms` are the first route and the second, `looks` the pairs at which a cell is judged.

    A cell is one value of each factor; cells are numbered row by row, the first factor (x) running quickest.
    `precision` is a half-width in the model's own scale. The outcome is read at the scenario's last month.
    """

    arms: tuple[Arm, Arm]
    x: Factor
    y: Factor
    outcome: str = "practice"
    looks: tuple[int, ...]
    precision: float | None = None
    first_seed: int = FIRST_SEED
    model_version: int = MODEL_VERSION

    @property
    def routes(self) -> tuple[str, str]:
        """Names of the two routes; a difference is the first minus the second."""
        return self.arms[0].route, self.arms[1].route

    @property
    def experiment(self) -> PairedExperiment:
        """The experiment that is repeated in every cell: the first route less the second, on the same seeds.

        An outcome without a smallest difference worth a word is judged against zero.
        """
        sides = {arm.route: arm.what for arm in self.arms}
        return replace(route_contrast(*self.routes, self.outcome, self.month), arms=sides)

    @property
    def repeats(self) -> tuple[Repeat, ...]:
        """Every cell, as a place where the experiment is repeated."""
        return at_points((self.x, self.y), self.points)

    @property
    def month(self) -> int:
        """Programme month at which the outcome is read: the last that is run."""
        return self.arms[0].what.months

    @property
    def points(self) -> tuple[Row, ...]:
        """Values (x, y) of every cell."""
        return tuple((x, y) for y in self.y.levels() for x in self.x.levels())

    @property
    def shape(self) -> tuple[int, int]:
        """Rows (values of y) and columns (values of x)."""
        return len(self.y.levels()), len(self.x.levels())

    @property
    def cells(self) -> int:
        """Number of cells."""
        return len(self.points)

    @property
    def fewest_runs(self) -> int:
        """Runs where every cell stops at the first look."""
        return 2 * self.cells * self.looks[0]

    @property
    def most_runs(self) -> int:
        """Runs where every cell goes on to the last look: what a fixed design of as many pairs takes."""
        return 2 * self.cells * self.looks[-1]

    def round(self, number: int, cells: Sequence[int]) -> Plan:
        """Return the sweep that brings cells from one look to the next; rounds are counted from 0."""
        before = (0, *self.looks)[number]
        rows = tuple(self.points[cell] for cell in cells)
        work = Work(
            title=f"A map's runs {before + 1} to {self.looks[number]} in each of {len(cells)} cells",
            arms=self.arms, factors=(_ranged(self.x), _ranged(self.y)), design=Table(file=""),
            table=hashlib.sha256(json.dumps([rows]).encode()).hexdigest(), points=len(rows),
            replicates=self.looks[number] - before, first_seed=self.first_seed + before,
            model_version=self.model_version, own=self.own,
        )  # fmt: skip
        return Plan(work, rows)


def plan_map(
    scenario: Scenario | str = SCENARIO,
    routes: Sequence[Route | str] = PRIMARY,
    *,
    x: str = X,
    y: str = Y,
    steps: int = STEPS,
    outcome: str | Outcome = "practice",
    month: int | None = None,
    precision: float | None = None,
    most: int = MOST,
    first_seed: int = FIRST_SEED,
    notes: list[str] | None = None,
) -> MapPlan:
    """Return a map's plan, everything loaded and tried at the corners. Raises ProblemError with all that is wrong.

    `x` and `y` are factors by their dotted names, over their plausible ranges or as `name=low..high`; `precision` is a
    half-width in shown points (practice: 0-10); `outcome` is a name, or an outcome of one's own; `month` is the
    programme month to read, the last unless told.
    """
    findings = Findings()
    own = () if isinstance(outcome, str) else described([outcome], taken=KEYS)
    name = outcome if isinstance(outcome, str) else outcome.name
    what = load_scenario(scenario, notes=notes) if isinstance(scenario, str) else scenario
    _check_numbers(findings, steps, most, first_seed, precision, name, (*OUTCOMES, *(one.name for one in own)))
    arms = _arms(_read_at(what, month, findings), routes, findings, notes)
    if len(arms) != 2 or findings.problems:
        raise ProblemError(findings.problems)
    across = read_axis(x, "--x", steps, arms, findings)
    up = read_axis(y, "--y", steps, arms, findings)
    if across is None or up is None:
        raise ProblemError(findings.problems)
    if across.name == up.name:
        findings.add("is on both axes: a map needs two factors", key="--y", value=y)
    elif not findings.problems:
        try_corners(across, up, arms, findings)
    if month is not None and "months" in (across.name, up.name):
        findings.add("can't be chosen where a factor is the number of months", key="--month", value=month)
    return findings.settle(
        None
        if findings.problems
        else MapPlan(
            arms=(arms[0], arms[1]), x=across, y=up, outcome=name, looks=planned_looks(most), first_seed=first_seed,
            precision=None if precision is None else precision / shown(name).factor, own=own,
        ),
        notes,
    )  # fmt: skip


def _ranged(factor: Factor) -> Factor:
    return factor.model_copy(update={"steps": None})


def _arms(
    what: Scenario, routes: Sequence[Route | str], findings: Findings, notes: list[str] | None
) -> tuple[Arm, ...]:
    ways = [load_route(route, notes=notes) if isinstance(route, str) else route for route in routes]
    names = [way.name for way in ways]
    if len(ways) != 2:
        findings.add("is how many routes were named", key="--routes", value=len(ways), allowed="two")
    elif names[0] == names[1]:
        findings.add("is given twice as a route: a map compares two", key="--routes", value=names[0])
    return tuple(
        Arm(scenario=what.name, route=way.name, pressure=what.pressure.name, what=what.changed(route=way))
        for way in ways
    )


def _read_at(what: Scenario, month: int | None, findings: Findings) -> Scenario:
    """Return the scenario that ends at the month to read: what comes later can't change what was before."""
    if month is None or month == what.months:
        return what
    if not 1 <= month <= what.months:
        findings.add("is not a month of the programme", key="--month", value=month, allowed=f"1 to {what.months}")
        return what
    return what.changed(months=month)


def _check_numbers(
    findings: Findings, steps: int, most: int, first_seed: int, precision: float | None, outcome: str,
    outcomes: Sequence[str],
) -> None:  # fmt: skip
    def check(good: bool, message: str, key: str, value: Any, allowed: str | Iterable[str], like: Any = ()) -> None:
        if not good:
            findings.add(message, key=key, value=value, allowed=allowed, like=like)

    check(2 <= steps <= MOST_STEPS, "is the number of steps", "--steps", steps, f"2 to {MOST_STEPS}")
    check(most >= FEWEST_TO_RANK, "is too few to rank anything", "--most", most, f"{FEWEST_TO_RANK} or more")
    wrong = seeds_problem(first_seed, max(most, 1))
    check(not wrong, wrong, "--seed", first_seed, SEEDS_ALLOWED)
    check(most <= MOST_PAIRS, "is more than a cell needs", "--most", most, f"up to {MOST_PAIRS:,}")
    check(outcome in outcomes, "is no outcome that a map shows", "--outcome", outcome, outcomes, outcomes)
    if precision is not None:
        good = isfinite(precision) and 0 < precision <= WIDEST
        allowed = f"a half-width above 0 and up to {WIDEST:,}, such as 0.2"
        check(good, "is not a precision", "--precision", f"{precision:g}", allowed)


def rule_of(plan: MapPlan) -> Rule:
    """Return the rule by which each cell is judged, by its own runs alone."""
    return Rule(plan.looks, plan.experiment.matters, plan.precision or 0.0)


_NONE = np.empty((2, 0))
NUMBERS = ("x", "y", "difference", "low", "high", "half_width")
SIDES = ("first", "second")
LEVELS = tuple(f"{side}_{what}" for side in SIDES for what in ("median", "low", "high", "mean", "practice"))


class Taken(NamedTuple):
    """What was read of one route's runs in a cell (replicates,): the outcome, at the month that is mapped."""

    values: Floats

    def at(self, name: str, month: int) -> Floats:
        """Return what was read."""
        return self.values


class Found(NamedTuple):
    """A round's runs: outcome and practice (cells, 2 routes, replicates), nan where a run failed; who failed."""

    outcome: Floats
    practice: Floats
    failed: Any


@dataclass(frozen=True)
class Cell:
    """One cell's runs, (2 routes, replicates), and what is decided on them."""

    outcome: Floats = field(default_factory=lambda: _NONE)
    practice: Floats = field(default_factory=lambda: _NONE)
    failed: int = 0
    decision: Decision = NOT_RUN


def fresh(plan: MapPlan) -> tuple[Cell, ...]:
    """Return every cell before its first run."""
    return (Cell(),) * plan.cells


def going_on(cells: Sequence[Cell]) -> tuple[int, ...]:
    """Return the numbers of the cells that get more runs."""
    return tuple(k for k, cell in enumerate(cells) if cell.decision.goes_on)


def grown(plan: MapPlan, cells: Sequence[Cell], found: Found) -> tuple[Cell, ...]:
    """Return the cells after one more round, in which those that went on got more runs and were judged anew."""
    rule, experiment, result = rule_of(plan), plan.experiment, list(cells)
    for row, k in enumerate(going_on(cells)):
        before = cells[k]
        outcome = np.concatenate([before.outcome, found.outcome[row]], axis=1)
        practice = np.concatenate([before.practice, found.practice[row]], axis=1)
        failed = before.failed + int(found.failed[row].sum())
        differences = experiment.effect(dict(zip(plan.routes, map(Taken, outcome), strict=True)))
        result[k] = Cell(outcome, practice, failed, decide(rule, differences))
    return tuple(result)


def table(plan: MapPlan, cells: Sequence[Cell]) -> pl.DataFrame:
    """Return a row a cell, in the model's own scale; its data dictionary says what every column means."""
    rows = [_row(point, cell) for point, cell in zip(plan.points, cells, strict=True)]
    schema: dict[str, Any] = dict.fromkeys(NUMBERS, pl.Float64)
    schema |= {"replicates": pl.Int64, "verdict": pl.String, "stopped": pl.String}
    schema |= dict.fromkeys(LEVELS, pl.Float64)
    schema["failed"] = pl.Int64
    return pl.DataFrame(rows, schema=schema)


def _row(point: Sequence[Any], cell: Cell) -> dict[str, Any]:
    made, found = cell.decision, cell.decision.found
    row: dict[str, Any] = {
        "x": float(point[0]), "y": float(point[1]), "difference": found.effect, "low": found.low, "high": found.high,
        "half_width": (found.high - found.low) / 2, "replicates": found.seeds, "verdict": made.sided,
        "stopped": made.why, "failed": cell.failed,
    }  # fmt: skip
    for side, outcome, practice in zip(SIDES, cell.outcome, cell.practice, strict=True):
        low, median, high = median_band(outcome)
        known = outcome[~np.isnan(outcome)]
        row |= {f"{side}_median": median, f"{side}_low": low, f"{side}_high": high}
        row[f"{side}_mean"] = float(known.mean()) if len(known) else np.nan
        row[f"{side}_practice"] = median_band(practice)[1]
    return row


Lines = tuple[Floats, ...]


@dataclass(frozen=True)
class Contours:
    """Lines as arrays of points (K, 2), x and y in the factors' own units.

    `break_even` is where the mean difference, taken as straight between neighbouring cells, is zero; `low` where the
    lower end of the cells' own intervals is: beyond it the first route is ahead. `high`: the second. Between these two
    the intervals span zero. Cells in which no pair differs at all have no line: there break-even is an area.
    """

    break_even: Lines = ()
    low: Lines = ()
    high: Lines = ()


def contours(x: Floats, y: Floats, difference: Floats, low: Floats, high: Floats) -> Contours:
    """Return the zero lines of three surfaces, each (len(y), len(x)); nan where a cell has none."""
    same = (low == 0) & (high == 0)
    return Contours(*(zero_lines(x, y, np.where(same, np.nan, surface)) for surface in (difference, low, high)))


def zero_lines(x: Floats, y: Floats, surface: Floats, *, level: float = 0.0) -> Lines:
    """Return where a surface crosses a level, each line as points (K, 2); none where cells are not numbers."""
    from contourpy import contour_generator

    masked: Any = np.ma.masked_invalid(surface)
    found = contour_generator(x, y, masked, corner_mask=True).lines(level)
    return tuple(line for line in map(np.asarray, found) if np.ptp(line, axis=0).max() > 0)


FORMAT = 1
MAP, ROUNDS = "map.json", "rounds"
"""A map's folder holds its plan, complete, and its runs in rounds that are sweeps of their own."""


def begin(folder: Path, plan: MapPlan) -> None:
    """Write the plan into a new or empty folder that is held, or find the same plan there.

    Raises OutputError where the folder holds another map (and says what differs) or other files; OSError.
    """
    check(folder, plan)
    if not (folder / MAP).is_file():
        said = {"format": FORMAT, "hash": plan.content_hash(), "plan": _said(plan)}
        text = json.dumps(said, ensure_ascii=False)
        write_whole(folder / MAP, lambda path: path.write_text(text, encoding="utf-8"))


def check(out: Path | str, plan: MapPlan) -> Path:
    """Return a folder's own path. Raises OutputError where another map or anything else is in the way."""

    def differs(folder: Path) -> list[str] | None:
        return differences(folder, plan) if (folder / MAP).exists() or (folder / ROUNDS).is_dir() else None

    return usable(out, "map", differs, leftovers=("map.tmp",))


def differences(folder: Path, plan: MapPlan) -> list[str]:
    """Say in what the map of a folder differs from a plan. Raises SweepError where it can't be read."""
    return changes(_said(read_plan(folder)), _said(plan))


def read_plan(folder: Path) -> MapPlan:
    """Return the plan of a folder. Raises SweepError where there is none, or another version's."""
    path = folder / MAP
    if not path.exists():
        if (folder / ROUNDS).is_dir():
            raise damaged(path, "is missing, so this holds no map", anew(folder))
        msg = f"{folder} holds no map"
        raise SweepError(msg)
    try:
        said = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        raise damaged(path, "is not what was written", anew(folder)) from None
    try:
        plan = MapPlan.model_validate(said["plan"])
        whole = said["format"] == FORMAT and plan.content_hash() == said["hash"]
    except (ValueError, LookupError, TypeError, ArithmeticError, AttributeError, RecursionError):
        whole = False
    if not whole:
        why = "has been changed, or was written by another version of this program"
        raise damaged(path, why, anew(folder))
    return plan


def round_folder(folder: Path, number: int) -> Path:
    """Return the folder of a round; rounds are counted from 0, and their folders from 1."""
    return folder / ROUNDS / str(number + 1)


def found_in(round_: Path, outcome: str) -> Found:
    """Return the runs of a round that is whole."""
    results = load(round_)
    work = results.work
    columns = list(dict.fromkeys((outcome, "practice")))
    runs = results.scan_runs().select("run", "status", *columns).sort("run").collect()
    shape = (work.points, len(work.arms), work.replicates)
    values = {name: runs[name].fill_null(float("nan")).to_numpy().reshape(shape) for name in columns}
    failed = (runs["status"] != OK).to_numpy().reshape(shape)
    return Found(values[outcome], values["practice"], failed)


def _said(plan: MapPlan) -> dict[str, Any]:
    return plan.model_dump(mode="json", by_alias=True)


TABLE = "map.parquet"


@dataclass(frozen=True)
class RouteMap:
    """Where each of two routes does better; numbers in the model's own scale (practice 0-1).

    `cells`, a row a cell (y slowly, x quickly): x, y, difference (first minus second), low, high, half_width,
    replicates (pairs of runs), verdict, stopped (why the cell got no more runs, or "goes on"), of each route median,
    low, high (90% band) and mean of the outcome and its median practice, and how many runs failed.
    """

    plan: MapPlan
    cells: pl.DataFrame
    contours: Contours
    manifest: dict[str, Any] = field(default_factory=dict)

    @property
    def finished(self) -> bool:
        """Tell whether no cell goes on."""
        return not (self.cells["stopped"] == "goes on").any()

    @property
    def xs(self) -> Floats:
        """Values of the first factor, rising."""
        return np.array(self.plan.x.levels(), dtype=np.float64)

    @property
    def ys(self) -> Floats:
        """Values of the second factor, rising."""
        return np.array(self.plan.y.levels(), dtype=np.float64)

    @property
    def pairs(self) -> tuple[int, int]:
        """Fewest and most pairs of runs that a cell stands on."""
        pairs = self.cells["replicates"].to_list()
        return min(pairs), max(pairs)

    @property
    def runs(self) -> int:
        """Runs that the cells stand on."""
        return 2 * int(self.cells["replicates"].sum())

    @property
    def saved(self) -> int:
        """Runs fewer than a fixed design takes that gives every cell as many pairs as the last look has."""
        return self.plan.most_runs - self.runs

    @cached_property
    def counts(self) -> dict[str, int]:
        """How many cells have each verdict."""
        return dict(self.cells["verdict"].value_counts().sort("verdict").iter_rows())

    def count(self, *verdicts: str) -> int:
        """Return how many cells have one of these verdicts."""
        return sum(self.counts.get(verdict, 0) for verdict in verdicts)

    def grid(self, column: str) -> Floats:
        """Return a column of numbers as (values of y, values of x)."""
        return self.cells[column].cast(pl.Float64).to_numpy().reshape(self.plan.shape)

    def texts(self, column: str) -> Any:
        """Return a column of texts as an array (values of y, values of x)."""
        return np.array(self.cells[column].to_list(), dtype=object).reshape(self.plan.shape)


def read(folder: Path | str) -> RouteMap:
    """Return what a map's folder holds; of one that is being made, what its whole rounds say.

    Raises SweepError where the folder holds no map.
    """
    folder = real(folder)
    plan, manifest = read_plan(folder), read_manifest(folder)
    if manifest is not None:
        try:
            return map_of(plan, pl.read_parquet(folder / TABLE), manifest)
        except (OSError, ValueError, LookupError, pl.exceptions.PolarsError, pl.exceptions.PanicException):
            raise damaged(folder / TABLE, "is not what was written", "the same command makes it again") from None
    cells = fresh(plan)
    for number in range(len(plan.looks)):
        round_ = round_folder(folder, number)
        if not going_on(cells) or read_manifest(round_) is None:
            break
        cells = grown(plan, cells, found_in(round_, plan.outcome))
    return map_of(plan, table(plan, cells))


def map_of(plan: MapPlan, cells: pl.DataFrame, manifest: dict[str, Any] | None = None) -> RouteMap:
    """Return a map with its lines, from its table."""
    found = RouteMap(plan, cells, Contours(), manifest or {})
    surfaces = [found.grid(column) for column in ("difference", "low", "high")]
    return RouteMap(plan, cells, contours(found.xs, found.ys, *surfaces), manifest or {})


class Round(NamedTuple):
    """A round that begins: which one of how many, cells that go on, pairs that each of them then has."""

    number: int
    of: int
    cells: int
    pairs: int


class Stopped(Exception):
    """A map was stopped by Ctrl-C or SIGTERM; what is stored is kept, and the same plan goes on."""


Watch = Callable[[Round], AbstractContextManager[Tell | None]]


def carry_out(
    plan: MapPlan,
    out: Path | str,
    *,
    write: Callable[..., None],
    executor: Callable[[], Executor] = Serial,
    watch: Watch | None = None,
    report: bool = True,
    command: Sequence[str] | None = None,
    notes: list[str] | None = None,
) -> RouteMap:
    """Make a map in a folder round by round and return it; in a folder that was begun, go on and give the same bits.

    `write` writes a finished map's files, as `experiments.reporting.result_files.write_map` does. `executor`
    makes what carries out each round's runs and changes no result; `watch` is told of each round and gives
    what is told of its runs. Raises OutputError where the folder holds another map (and says what differs), can't be
    written, or its results do not hold here; Stopped where it was stopped.
    """
    folder = check(out, plan)
    try:
        with locked(folder):
            begin(folder, plan)
            cells = _grow(plan, folder, executor, watch or (lambda round_: nullcontext()), notes)
            if _is_written(folder, report=report):
                return read(folder)
            (folder / MANIFEST).unlink(missing_ok=True)
            write(map_of(plan, table(plan, cells)), folder, report=report, command=command)
            return read(folder)
    except OSError as error:
        raise unwritable(folder, error) from error


def _grow(
    plan: MapPlan, folder: Path, executor: Callable[[], Executor], watch: Watch, notes: list[str] | None
) -> tuple[Cell, ...]:
    """Run rounds while any cell goes on."""
    cells = fresh(plan)
    for number, pairs in enumerate(plan.looks):
        on = going_on(cells)
        if not on:
            break
        here = round_folder(folder, number)
        with watch(Round(number + 1, len(plan.looks), len(on), pairs)) as tell:
            done = sweep(plan.round(number, on), here, executor=executor(), progress=tell)
        if notes is not None:
            notes.extend(done.notes)
        if done.stopped:
            msg = f"{done.done:,} of the {counted(done.total, 'run')} of round {number + 1} are stored in {folder}"
            raise Stopped(msg)
        cells = grown(plan, cells, found_in(here, plan.outcome))
    return cells


def _is_written(folder: Path, *, report: bool) -> bool:
    """Tell whether all results are there and are what the manifest says."""
    held = read_manifest(folder)
    if held is None or (report and "report.html" not in held["files"]):
        return False
    return not faults(folder)


def route_map(
    scenario: Scenario | str = SCENARIO,
    routes: Sequence[Route | str] = PRIMARY,
    *,
    out: Path | str | None = None,
    executor: Callable[[], Executor] = Serial,
    **options: Any,
) -> RouteMap:
    """Say where each of two routes does better over two factors; `options` are those of `plan_map`.

    Runs are kept in the folder `out`, if one is given, and are not run again; `behaviours map` writes tables, figures
    and a report there. Raises ProblemError for bad input; see `carry_out`.
    """
    plan = plan_map(scenario, routes, **options)
    with TemporaryDirectory() if out is None else nullcontext(out) as folder:
        return carry_out(plan, folder, write=lambda *_, **__: None, executor=executor, report=False)


call_as(__name__, route_map)
