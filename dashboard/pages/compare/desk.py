"""Hold what the page Compare shows at one moment, and the one job a visitor may have."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import solara
from solara.server import kernel_context

from dashboard.address import Settings
from dashboard.jobs import BusyError, Job
from dashboard.pages.compare import question
from dashboard.pages.compare.question import Asked, in_text, pair_of, routes_of
from dashboard.pages.compare.results import JOBS, OUTCOMES, Found, kept_found, work_of
from dashboard.runs import source_of
from dashboard.session import Session
from experiments.reporting.numbers import joined
from simulation.scenario import ProblemError, Route, Scenario

KEPT = "/compare"
"""Under which name the visit holds its job."""
FEWEST_ROUTES = 2


class Bench:
    """The job a visitor began last, and why another could not begin. It stops when the visitor leaves."""

    def __init__(self) -> None:
        """Begin with none."""
        self.job: Job[Found] | None = None
        self.problem = ""
        self.known = False

    def leave(self) -> None:
        """Stop: nobody is there any more."""
        if self.job is not None:
            self.job.cancel()


@dataclass(frozen=True)
class Desk:
    """One moment of the page; made anew at each render, from the address."""

    session: Session
    bench: Bench
    redraw: Callable[[], None] = field(compare=False)
    state: tuple[int, bool, str] = (0, True, "")
    """Number of the job begun last, whether it has ended, what is wrong: a part is drawn anew where these differ."""

    @property
    def settings(self) -> Settings:
        """What the address says."""
        return self.session.settings

    @cached_property
    def scenario(self) -> Scenario:
        """The scenario, whatever its route."""
        return self.session.chosen.scenario

    @property
    def routes(self) -> tuple[str, ...]:
        """The routes compared."""
        return routes_of(self.settings)

    @property
    def pair(self) -> tuple[str, str] | None:
        """The two routes whose difference is read, first minus second."""
        return pair_of(self.settings)

    @cached_property
    def asked(self) -> Asked:
        """The comparison of routes that is asked for."""
        return question.asked(self.settings, self.scenario)

    @property
    def outcome(self) -> str:
        """What is read."""
        return self.settings.outcome if self.settings.outcome in OUTCOMES else OUTCOMES[0]

    @property
    def month(self) -> int:
        """The month read."""
        return self.session.month

    @property
    def place(self) -> str:
        """The scenario as charts name it."""
        return self.scenario.title or self.scenario.name

    @property
    def running(self) -> Job[Found] | None:
        """The job that runs, if one does."""
        job = self.bench.job
        return job if job is not None and not job.ended.is_set() else None

    def state_of(self, asked_for: Asked) -> tuple[Any, ...]:
        """Return what decides whether a comparison's results are there: for `use_memo`."""
        return asked_for, *self.state

    def found(self, asked_for: Asked) -> Found | None:
        """Return a comparison's results, from the job or from what is kept for everybody."""
        job = self.bench.job
        if job is not None and job.found is not None and job.asked == asked_for:
            return job.found
        return kept_found(asked_for)

    def start(self, asked_for: Asked) -> None:
        """Begin a job, or say why that can't be."""
        self.bench.problem = ""
        if not self.bench.known and kernel_context.has_current_context():
            kernel_context.get_current_context().on_close(self.bench.leave)
            self.bench.known = True
        try:
            self.bench.job = JOBS.start(work_of(asked_for), owner=_owner(self.bench))
        except BusyError as error:
            self.bench.problem = str(error)
        except ProblemError as error:
            self.bench.problem = " ".join(_plain(problem) for problem in error.problems[:3])
        self.redraw()

    def cancel(self) -> None:
        """Stop the job that runs."""
        self.bench.leave()
        self.redraw()

    def source(self, asked_for: Asked, routes: tuple[str, ...]) -> str:
        """Return one line on where the numbers come from."""
        named = self.scenario.model_copy(update={"route": Route(title=joined([in_text(name) for name in routes]))})
        seeds = asked_for.seeds
        return source_of(self.settings, named, runs=f"{len(seeds)} paired seeds, {seeds[0]} to {seeds[-1]}")


def desk_of(session: Session, redraw: Callable[[], None]) -> Desk:
    """Return what the page shows."""
    bench = session.visitor.kept.setdefault(KEPT, Bench())
    job = bench.job
    state = (0, True) if job is None else (job.number, job.ended.is_set())
    return Desk(session, bench, redraw, (*state, bench.problem))


def _owner(bench: Bench) -> object:
    """Return whose job it is: one browser, however many tabs."""
    return solara.get_session_id() if kernel_context.has_current_context() else id(bench)


def _plain(problem: Any) -> str:
    value = f" ({problem.value})" if problem.value else ""
    return f"{problem.message[:1].upper()}{problem.message[1:]}{value}."
