"""Ask of each subject what the design allows; results held."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.design import LatinHypercube, Morris, OneAtATime, Sobol, Table, columns
from experiments.errors import MissingError
from experiments.inference import Floats
from experiments.manifest import provenance
from experiments.results import Results
from experiments.sensitivity import feature_scoring, morris, scenario_discovery, sobol
from experiments.sensitivity.adequacy import FEWEST_SIDES, Check, Luck, is_enough, luck_of
from experiments.sensitivity.data import (
    Axis,
    Cube,
    Question,
    Subject,
    axes_of,
    block_size,
    first_of_each,
    other_pairs,
    plain,
    question_of,
    read_cube,
    subjects_of,
    workbench,
)
from experiments.sensitivity.feature_scoring import Scores
from experiments.sensitivity.morris import Screening, screening
from experiments.sensitivity.one_at_a_time import Steps, steps_of
from experiments.sensitivity.scenario_discovery import Line, Region, line_of, near
from experiments.sensitivity.sobol import Indices, indices
from experiments.store import SweepError, design_frame, design_hash
from experiments.work import Work
from simulation.scenario.errors import Findings


@dataclass(frozen=True)
class Search:
    """A region that was sought: the line, what the sample was held to, and the region where it could be sought.

    `sought` of the `points` lie on the side sought. `near` is the share of points that luck might have put on the
    other side of the line, nan where that is unknown.
    """

    line: Line
    points: int
    sought: int
    checks: tuple[Check, ...]
    near: float
    region: Region | None


@dataclass(frozen=True)
class Finding:
    """What was found of one subject; None where the design does not ask it, or nothing could be told."""

    subject: Subject
    axes: tuple[Axis, ...]
    points: int
    luck: Luck | None
    varies: bool
    indices: Indices | None = None
    screening: Screening | None = None
    steps: Steps | None = None
    search: Search | None = None
    scores: Scores | None = None

    @property
    def checks(self) -> list[Check]:
        """Return all that the sample was held to."""
        checks = [] if self.indices is None else sobol.checks(self.indices)
        checks += [] if self.screening is None else morris.checks(self.screening)
        return checks

    @property
    def all_checks(self) -> list[tuple[str, Check]]:
        """Return everything the sample was held to, with what it was for."""
        found = [("Sobol’ indices" if self.indices is not None else "Morris screening", check) for check in self.checks]
        found += [("region", check) for check in self.search.checks] if self.search is not None else []
        found += [("scores", check) for check in feature_scoring.checks(self.scores)] if self.scores is not None else []
        return found


@dataclass(frozen=True)
class Basis:
    """How much of a sweep an analysis rests on."""

    runs: int
    done: int
    failed: int
    running: bool
    part: tuple[int, int]


@dataclass(frozen=True)
class Analysis:
    """All that an analysis found, differences between routes first, with its provenance."""

    work: Work
    question: Question
    basis: Basis
    findings: tuple[Finding, ...]
    failures: tuple[dict[str, Any], ...]
    notes: tuple[str, ...]
    manifest: dict[str, Any]

    @property
    def design(self) -> str:
        """Return the design's name."""
        return self.work.design.type

    @property
    def axes(self) -> tuple[Axis, ...]:
        """Return the factors that vary."""
        return self.findings[0].axes


# Analyse a sweep: read what is stored, and ask of each subject what the sweep's design allows.


MOST_POINTS = 20_000
"""Points above which regions are sought and factors scored on a random choice of them."""
SEED = 59
LIBRARIES = ("SALib", "ema-workbench", "scikit-learn")
Progress = Callable[[str], None]


def analyse(
    results: Results,
    question: Question | None = None,
    *,
    halves: int = scenario_discovery.HALVES,
    times: int = feature_scoring.TIMES,
    command: Sequence[str] | None = None,
    progress: Progress | None = None,
) -> Analysis:
    """Return what a sweep says of a question, also while it runs.

    `halves` and `times` are how often a region is sought again and factors are scored. Without EMA Workbench these two
    are left out with a note. Raises ProblemError where there is nothing to ask, SweepError where nothing is stored,
    MissingError where all that the design asks takes EMA Workbench.
    """
    tell = progress or (lambda text: None)
    work, asked = results.work, question or question_of(results.work)
    now = results.status
    cube = read_cube(results, asked)
    subjects, notes = subjects_of(work, cube, asked.pair)
    _refuse_nothing(results, asked, cube, subjects, notes)
    notes += other_pairs(subjects) if asked.pair is None else []
    searches = not isinstance(work.design, OneAtATime)
    if searches:
        try:
            workbench("prim")
        except MissingError as error:
            if not isinstance(work.design, Sobol | Morris):
                raise
            notes.append(str(error))
            searches = False
    found = []
    for subject in subjects:
        tell(subject.title)
        axes = axes_of(work, results.design, subject.arm)
        found.append(_finding(results, asked, subject, axes, searches=searches, halves=halves, times=times))
    if repeated := _repeated(found):
        notes.append(f"{repeated:,} of the {work.points:,} points repeat others, and are counted once: the same runs")
    if not any(finding.varies for finding in found):
        problems = Findings()
        problems.add(f"nothing varies: {asked.outcome} is the same at every point that is stored")
        problems.settle(None)
    basis = Basis(cube.runs, cube.done, len(cube.failures), now.running, now.part)
    return Analysis(
        work, asked, basis, tuple(found), tuple(cube.failures.to_dicts()), tuple(notes),
        _manifest(results, asked, cube, command, halves),
    )  # fmt: skip


def _finding(
    results: Results,
    question: Question,
    subject: Subject,
    axes: list[Axis],
    *,
    searches: bool,
    halves: int,
    times: int,
) -> Finding:
    work = results.work
    own = once(work, subject.values, axes)
    means = replace(subject, values=own).means
    there = np.isfinite(means)
    names = [factor.name for factor in work.factors]
    held: dict[str, Any] = {}
    varies = bool(there.sum() > 1 and np.ptp(means[there]) > 1e-12)
    if varies:
        if isinstance(work.design, Sobol):
            held["indices"] = indices(means, names, work.design)
        elif isinstance(work.design, Morris):
            _check_walks(results)
            held["screening"] = screening(means, names, work.design, matters=question.matters)
        elif isinstance(work.design, OneAtATime):
            held["steps"] = steps_of(subject.values, work, matters=question.matters)
        if searches:
            chosen = _chosen(there)
            here = [axis for axis in (axis.at(chosen) for axis in axes) if len(axis.levels) > 1]
            groups = chosen // block_size(work.design, len(work.factors))
            held["search"] = _search(question, subject, here, chosen, groups, halves)
            held["scores"] = (
                feature_scoring.scores(here, means[chosen], times=times) if _can_score(here, chosen) else None
            )
    return Finding(subject, tuple(axes), int(there.sum()), luck_of(own), varies, **held)


def _repeated(found: Sequence[Finding]) -> int:
    """Return how many points repeat others."""
    finding = found[0]
    return int((np.isfinite(finding.subject.means).sum()) - finding.points)


def once(work: Work, values: Floats, axes: Sequence[Axis]) -> Floats:
    """Return outcomes (points, replicates) with nan at points that repeat an earlier one: it counts once.

    Schemes that compare points with one another, and grids, keep all of theirs.
    """
    if not isinstance(work.design, LatinHypercube | Table):
        return values
    return np.where(first_of_each(axes, len(values))[:, None], values, np.nan)


def _search(
    question: Question,
    subject: Subject,
    axes: list[Axis],
    chosen: NDArray[np.int64],
    groups: NDArray[np.int64],
    halves: int,
) -> Search:
    means = subject.means[chosen]
    line = line_of(means, question, difference=subject.is_difference)
    sought = line.sought(means)
    held = tuple(scenario_discovery.enough_to_seek(sought, max(1, len(axes))))
    able = is_enough(held) and bool(axes)
    region = scenario_discovery.region(axes, sought, groups=groups, halves=halves) if able else None
    return Search(line, len(sought), int(sought.sum()), held, near(subject.values[chosen], line), region)


def _can_score(axes: list[Axis], chosen: NDArray[np.int64]) -> bool:
    return bool(axes) and len(chosen) >= FEWEST_SIDES


def _chosen(there: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return the points to seek regions at: all that are there, or a fixed random choice of very many."""
    points = np.flatnonzero(there)
    if len(points) <= MOST_POINTS:
        return points
    return np.sort(np.random.default_rng(SEED).choice(points, MOST_POINTS, replace=False))


def _refuse_nothing(
    results: Results, question: Question, cube: Cube, subjects: list[Subject], notes: list[str]
) -> None:
    """Raise ProblemError where there is nothing to ask: no factor that varies, no run, no outcome."""
    work, problems = results.work, Findings()
    varied = axes_of(work, results.design, work.arms[0])
    if not varied:
        problems.add("nothing varies: the plan has no factor with two values; `behaviours compare` compares routes")
    elif not cube.ended.any():
        problems.add(f"{results.folder} holds no run that came to its end")
    elif not subjects:
        problems.add(f"no route has that outcome in every run ({'; '.join(notes)})", value=question.outcome)
    if problems.problems:
        problems.settle(None)


def _check_walks(results: Results) -> None:
    """Raise SweepError where the library here draws other walks than the ones that were run."""
    work = results.work
    if design_hash(design_frame(work, columns(work.design, work.factors))) != design_hash(results.design):
        msg = f"{results.folder}: another version of SALib drew its walks, so that they can't be told apart here"
        raise SweepError(msg)


def _manifest(
    results: Results, question: Question, cube: Cube, command: Sequence[str] | None, halves: int
) -> dict[str, Any]:
    """Return where an analysis comes from: the sweep, what of it was there, what was asked, program and machine."""
    work = results.work
    origin = provenance(command=command)
    return origin | {
        "libraries": origin["libraries"] | {name: found for name in LIBRARIES if (found := _installed(name))},
        "kind": "analysis",
        "sweep": {
            "folder": Path(results.folder).name,
            "title": work.title,
            "hash": work.content_hash(),
            "design": work.design.model_dump(mode="json"),
            "design_hash": design_hash(results.design),
            "model_version": work.model_version,
            "runs": cube.runs,
            "done": cube.done,
            "failed": len(cube.failures),
        },
        "seeds": {"first": work.first_seed, "last": work.first_seed + work.replicates - 1},
        "replicates": work.replicates,
        "question": plain(question),
        "halves": halves,
    }  # fmt: skip


def _installed(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None
