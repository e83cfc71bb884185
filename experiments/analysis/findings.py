"""Hold what an analysis found: what it rests on, and of each subject what its design allows to be asked."""

from dataclasses import dataclass
from typing import Any

from experiments.analysis import scoring, screening, variance
from experiments.analysis.axes import Axis
from experiments.analysis.discovery import Region
from experiments.analysis.line import Line
from experiments.analysis.luck import Luck
from experiments.analysis.question import Question
from experiments.analysis.scoring import Scores
from experiments.analysis.screening import Screening
from experiments.analysis.steps import Steps
from experiments.analysis.subjects import Subject
from experiments.analysis.telling import Check
from experiments.analysis.variance import Indices
from experiments.sweep_work import Work


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
        checks = [] if self.indices is None else variance.checks(self.indices)
        checks += [] if self.screening is None else screening.checks(self.screening)
        return checks

    @property
    def all_checks(self) -> list[tuple[str, Check]]:
        """Return everything the sample was held to, with what it was for."""
        found = [("Sobol’ indices" if self.indices is not None else "Morris screening", check) for check in self.checks]
        found += [("region", check) for check in self.search.checks] if self.search is not None else []
        found += [("scores", check) for check in scoring.checks(self.scores)] if self.scores is not None else []
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
