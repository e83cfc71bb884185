"""What would have to be true."""

from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from itertools import combinations
from statistics import median
from time import perf_counter
from typing import Any, NamedTuple

import solara

from dashboard.components import Box, Button, Message, Section, Text
from dashboard.pages.decide.desk import Desk
from dashboard.pages.decide.timeline import Run
from experiments.reporting.numbers import capital
from simulation.outcomes import COLLABORATIVE, level
from simulation.parameters import BY_NAME, Parameter
from simulation.run import simulate
from simulation.scenario import ProblemError, Route, Scenario, available, load_route

SEEDS = (1_000_000, 1_000_001, 1_000_002)
SECONDS = 1.0
HALVINGS = 3
MOST_PAIRED = 5
ENOUGH_ALONE = 3
"""Where so many numbers are each enough alone, pairs of others are not looked for."""
NUMBERS = (
    "partner_days", "cut_absorbed", "demand_growth", "budget_cut", "initial_pressure", "failure_demand_share",
    "failure_demand_reduction", "initial_trust", "trust_gain", "trust_decay", "breach_under_rigidity",
    "rigidity_limit", "threshold", "adoption_rate", "slip_back", "prototype_effect", "rewire_gain", "ceiling_base",
)  # fmt: skip
"""What is tried, in this order: first what people could work on, then how people and organisations may be."""


class Move(NamedTuple):
    """A number of the model, from where it stands to where it would have to be."""

    name: str
    now: float
    needed: float


class Finding(NamedTuple):
    """One thing, or two together, that would have to be true; `reached` is practice at the end of the middle run."""

    moves: tuple[Move, ...]
    reached: float
    share: float
    """Share of the seeds on which practice ends collaborative."""


@dataclass(frozen=True)
class Progress:
    """How far the search is; the last one is `finished`, and says whether time ran out before all was tried."""

    done: int
    planned: int
    flat: bool = True
    levels: Mapping[str, float] = field(default_factory=dict)
    """Practice at the end by route, in the middle run of the seeds."""
    route: str = ""
    """Title of the route that came furthest, on which numbers are moved."""
    findings: tuple[Finding, ...] = ()
    closest: Finding | None = None
    """What came nearest, where nothing is enough."""
    seeds: int = len(SEEDS)
    finished: bool = False
    out_of_time: bool = False


@dataclass
class _Trial:
    """Runs of one route with some numbers moved, on the same seeds."""

    base: Scenario
    seeds: Sequence[int]
    run: Run

    def __call__(self, moved: Mapping[str, float]) -> tuple[float, float]:
        """Return practice at the end of the middle run, and the share of seeds that end collaborative."""
        try:
            scenario = self.base.changed(settings=self.base.settings | dict(moved)) if moved else self.base
        except ProblemError:  # two numbers whose sum the model can't have
            return 0.0, 0.0
        ends = [float(self.run(scenario, seed)["practice"][-1]) for seed in self.seeds]
        return median(ends), sum(end > COLLABORATIVE for end in ends) / len(ends)

    @cached_property
    def numbers(self) -> Mapping[str, float]:
        """Return every number as it stands."""
        return dict(self.base.numbers._asdict())


def search(
    base: Scenario,
    routes: Sequence[Route],
    *,
    seeds: Sequence[int] = SEEDS,
    seconds: float = SECONDS,
    clock: Callable[[], float] = perf_counter,
    run: Run = simulate,
) -> Generator[Progress, None, None]:
    """Yield progress, the answer last; stop asking to cancel. Where a route does not stay flat, nothing is searched."""
    until = clock() + seconds
    trials = {(route.title or route.name): _Trial(base.changed(route=route), seeds, run) for route in routes}
    levels: dict[str, float] = {}
    planned = len(trials) + 2 * len(NUMBERS)
    for name, trial in trials.items():
        levels[name] = trial({})[0]
        yield Progress(len(levels), planned, levels=levels, seeds=len(seeds))
    best = max(levels, key=lambda name: levels[name])
    if levels[best] > COLLABORATIVE:
        yield Progress(planned, planned, flat=False, levels=levels, seeds=len(seeds), finished=True)
        return
    looking = _Looking(trials[best], until, clock)
    for done in looking.steps():
        yield Progress(
            min(len(levels) + done, planned),
            planned,
            levels=levels,
            route=best,
            findings=tuple(looking.findings),
            seeds=len(seeds),
        )
    yield Progress(
        planned, planned, levels=levels, route=best, findings=tuple(looking.findings), closest=looking.closest,
        seeds=len(seeds), finished=True, out_of_time=looking.out_of_time,
    )  # fmt: skip


@dataclass
class _Looking:
    """The search itself: each number alone, then smaller steps of what is enough, then pairs of the rest."""

    trial: _Trial
    until: float
    clock: Callable[[], float]
    findings: list[Finding] = field(default_factory=list)
    tried: list[Finding] = field(default_factory=list)
    """What is not enough, at the end of the range that helps more."""
    out_of_time: bool = False

    @property
    def closest(self) -> Finding | None:
        return max(self.tried, key=lambda one: one.reached, default=None)

    def steps(self) -> Iterator[int]:
        """Yield how many things have been tried."""
        for done, work in enumerate(self._work()):
            if self.clock() > self.until:
                self.out_of_time = True
                return
            work()
            yield done + 1

    def _work(self) -> Iterator[Callable[[], None]]:
        for name in NUMBERS:
            yield partial(self._alone, BY_NAME[name])
        for position in range(len(self.findings)):
            yield partial(self._smaller, position)
        if len(self.findings) >= ENOUGH_ALONE:
            return
        helpful = sorted(self.tried, key=lambda one: -one.reached)[:MOST_PAIRED]
        for one, two in sorted(combinations(helpful, 2), key=lambda pair: -pair[0].reached - pair[1].reached):
            yield partial(self._together, one.moves + two.moves)

    def _alone(self, parameter: Parameter) -> None:
        """Try both ends of a number's plausible range, and keep the one that helps more."""
        now = self.trial.numbers[parameter.name]
        ends = [end for end in (parameter.low, parameter.high) if end is not None and end != now]
        found = [self._at((Move(parameter.name, now, end),), 1) for end in ends]
        if found:
            best = max(found, key=lambda one: one.reached)
            (self.findings if best.reached > COLLABORATIVE else self.tried).append(best)

    def _together(self, moves: tuple[Move, ...]) -> None:
        """Try two numbers at the ends of their ranges, and keep what is enough as small as it can be."""
        found = self._at(moves, 1)
        if found.reached > COLLABORATIVE:
            self.findings.append(found)
            self._smaller(len(self.findings) - 1)
        else:
            self.tried.append(found)

    def _smaller(self, position: int) -> None:
        """Make the moves of a finding as small as they can be, halving the way a few times."""
        whole = self.findings[position].moves
        low, high = 0.0, 1.0
        for _ in range(HALVINGS):
            middle = (low + high) / 2
            found = self._at(whole, middle)
            if found.reached > COLLABORATIVE:
                self.findings[position], high = found, middle
            else:
                low = middle

    def _at(self, moves: tuple[Move, ...], part: float) -> Finding:
        """Return what comes of going a part of the way."""
        there = tuple(
            one if part == 1 else one._replace(needed=one.now + part * (one.needed - one.now)) for one in moves
        )
        return Finding(there, *self.trial({one.name: one.needed for one in there}))


def _partly(move: Move, part: float) -> Move:
    return move._replace(needed=move.now + part * (move.needed - move.now))


class NeededWords(NamedTuple):
    """What a finished search found: where the routes end, what would do (or comes closest), and how little it is."""

    ends: str
    lead: str
    findings: tuple[str, ...]
    limits: tuple[str, ...]


def needed_words(progress: Progress) -> NeededWords:
    """Say what a finished search found."""
    ends = ", ".join(f"{name} {level('practice', value)}" for name, value in progress.levels.items())
    runs = f"of {progress.seeds} runs"
    limit = level("practice", COLLABORATIVE)
    if not progress.flat:
        return NeededWords(f"Not every route stays flat here. The middle {runs} ends at: {ends}.", "", (), ())
    said = f"Every route ends below {limit} of 10 in the middle {runs}: {ends}. {progress.route} came furthest."
    late = ("Time ran out before all was tried: smaller steps, or other things, may do as well.",)
    limits = (
        f"This is a first look at {progress.seeds} throws of luck. It says what the model would need, "
        "not what a place could bring about; most of these numbers are assumed.",
    )
    found = progress.findings or ((progress.closest,) if progress.closest is not None else ())
    lead = (
        f"With {progress.route}, any one of these would lift the middle run above {limit}:"
        if progress.findings
        else "Nothing that was tried would do, within its plausible range, neither alone nor two together. The closest:"
    )
    sentences = tuple(_finding(one, progress.seeds) for one in found)
    return NeededWords(said, lead, sentences, (*(late if progress.out_of_time else ()), *limits))


def _finding(found: Finding, seeds: int) -> str:
    moved = " and ".join(_move(one) for one in found.moves)
    return (
        f"{capital(moved)}. Practice then ends at {level('practice', found.reached)} of 10 in the middle run; "
        f"{round(found.share * seeds)} of {seeds} runs end above {level('practice', COLLABORATIVE)}."
    )


def _move(move: Move) -> str:
    parameter = BY_NAME[move.name]
    unit = f" {parameter.unit}" if parameter.unit.startswith(("days", "a ")) else ""
    plausible = f"plausible {parameter.low:g} to {parameter.high:g}"
    return f"{parameter.meaning}: {move.needed:.3g}{unit} instead of {move.now:.3g} ({plausible})"


LONGEST_SEARCH = 5.0
NO_PARTNER = "none"


def is_flat(desk: Desk) -> bool:
    """Tell whether every branch ends below what is called collaborative, once the end is reached."""
    ends = [float(desk.series(index, "practice")[-1]) for index in desk.shown]
    return desk.at_end and bool(ends) and max(ends) < COLLABORATIVE


@solara.component
def Needing(desk: Desk) -> solara.Element:
    """Show the question, the way to ask it, and what was found."""
    reached, set_reached = solara.use_state(None, key="reached")
    asked_of = (id(desk.base), desk.seed)

    def look() -> Progress | None:
        found = None
        routes = [load_route(ready.name) for ready in available("routes") if ready.name != NO_PARTNER]
        for found in search(desk.base, routes, seconds=LONGEST_SEARCH):
            if not task.is_current() or task.cancelled:
                return None
            set_reached((asked_of, found))
        return found

    task: Any = solara.lab.use_task(look, dependencies=None)
    progress: Progress | None = reached[1] if reached is not None and reached[0] == asked_of else None
    if not is_flat(desk) and progress is None:
        return Box()
    return Section(
        "What would have to be true?",
        Text("Every branch here ends below 2.5 of 10. The model can be asked which numbers, alone or two together, "
             "would have to be otherwise for practice to rise on any route."),
        Box(
            Button("Look for it", task, disabled=task.pending, kind="b-main"),
            Button("Cancel", task.cancel, disabled=not task.pending),
            tag="p", kind="b-buttons",
        ),
        *_found(progress, pending=task.pending),
    )  # fmt: skip


def _found(progress: Progress | None, *, pending: bool) -> list[solara.Element]:
    if progress is None:
        return []
    if progress.finished:
        words = needed_words(progress)
        findings = Box(*[Box(finding, tag="li") for finding in words.findings], tag="ul")
        found = [Text(words.lead), findings] if words.findings else []
        return [Message(words.ends), *found, *map(Text, words.limits)]
    if pending:
        return [Message(f"Looking: {progress.done} of about {progress.planned} things tried.")]
    return [Message("The search was stopped.")]
