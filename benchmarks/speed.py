"""Time the same model written five ways, in turn, in one process; report ratios, which a noisy machine spares most.

Each round runs every way once, so that slow minutes hit all of them. Every way builds the place and runs 12 months of
burn-in and 120 programme months of the prototype-led route, and records the place's series each month.
"""

import statistics
import time
from collections.abc import Callable
from typing import NamedTuple

from benchmarks.idiomatic_mesa import IdiomaticPlace
from simulation.month import run_months
from simulation.place import Place
from simulation.run import Course
from simulation.scenario import PlaceFile, Scenario
from simulation.scenario.files import load_route
from simulation.scenario.place import Generated

MONTHS = 132
PEER = "idiomatic Mesa (objects, DataCollector)"
STEPPED = "Place, stepped: a call a month"
RUN = "Place, run: Mesa shell around one compiled loop"
COURSE = "Course, run: the same without Mesa, as sweeps use it"
KERNEL = "the compiled loop alone, place and luck already there"


class Timing(NamedTuple):
    """Seconds of one way of running, round by round."""

    way: str
    seconds: list[float]

    @property
    def median(self) -> float:
        """Return the median in milliseconds."""
        return 1000 * statistics.median(self.seconds)


def scenario(organisations: int) -> Scenario:
    """Return the generated place of a size on the prototype-led route."""
    place = PlaceFile(name="generated", generated=Generated(organisations=organisations))
    return Scenario(place=place, route=load_route("prototype-led"))


def idiomatic(organisations: int, seed: int) -> None:
    """Run the peer."""
    place = IdiomaticPlace(organisations=organisations, seed=seed)
    for _ in range(MONTHS):
        place.step()


def stepped(what: Scenario, seed: int) -> None:
    """Run a place step by step."""
    place = Place(what, seed)
    for _ in range(MONTHS):
        place.step()


def kernel_seconds(what: Scenario, seed: int) -> float:
    """Return the seconds of the compiled loop alone."""
    course = Course(what, seed)
    luck = course.luck.draw(MONTHS)
    begin = time.perf_counter()
    run_months(
        course.state, course.numbers, course.codes, course.plan, course.conditions, luck, course.record,
        0, MONTHS, 0, course.burn_in, course.failure_ratio,
    )  # fmt: skip
    return time.perf_counter() - begin


LOOP = "in the compiled loop, one of many"
STEP = "by a step"
OWN = "with a mechanism of one's own that does nothing"
POLICY = "with a policy that repeats one decision"


def month_microseconds(organisations: int, rounds: int) -> dict[str, Timing]:
    """Return what a programme month takes by each way in turn, places already there: a round's is the least of 15."""
    from simulation.own_mechanism import Mechanism
    from simulation.policy import Decision, route_for
    from simulation.scenario.route import Shares

    what = scenario(organisations)
    decision = Decision(shares=Shares(help=0.5, prototype=0.5))
    policy = lambda view: decision  # noqa: E731
    nothing = Mechanism(lambda: None, after="update_trust", name="nothing")
    own = {OWN: (what, {"mechanisms": [nothing]}), POLICY: (what.changed(route=route_for(policy)), {"policy": policy})}

    def seconds(way: str, seed: int) -> float:
        scenario_, options = own.get(way, (what, {}))
        course = Course(scenario_, seed, **options).run(what.structure.burn_in_months)  # type: ignore[arg-type]
        begin = time.perf_counter()
        if way == STEP:
            for _ in range(what.months):
                course.step()
        else:
            course.run()
        return (time.perf_counter() - begin) / what.months

    timings: dict[str, list[float]] = {way: [] for way in (LOOP, STEP, OWN, POLICY)}
    for seed in range(rounds + 1):
        for way, taken in timings.items():
            once = min(seconds(way, seed) for _ in range(15))
            if seed:
                taken.append(once)
    return {way: Timing(way, taken) for way, taken in timings.items()}


def seconds_of(action: Callable[[], object]) -> float:
    """Return the seconds an action takes."""
    begin = time.perf_counter()
    action()
    return time.perf_counter() - begin


def time_all(organisations: int, rounds: int, *, with_peer: bool = True) -> list[Timing]:
    """Return the timings of every way for a place of a size; the first, uncounted round compiles and warms."""
    what = scenario(organisations)
    ways: dict[str, Callable[[int], float]] = {
        STEPPED: lambda seed: seconds_of(lambda: stepped(what, seed)),
        RUN: lambda seed: seconds_of(lambda: Place(what, seed).run()),
        COURSE: lambda seed: seconds_of(lambda: Course(what, seed).run()),
        KERNEL: lambda seed: kernel_seconds(what, seed),
    }
    if with_peer:
        ways = {PEER: lambda seed: seconds_of(lambda: idiomatic(organisations, seed)), **ways}
    for way in ways:
        ways[way](0)
    timings: dict[str, list[float]] = {way: [] for way in ways}
    for seed in range(1, rounds + 1):
        for way, run in ways.items():
            timings[way].append(run(seed) if way == PEER else statistics.median(run(seed) for _ in range(3)))
    return [Timing(way, seconds) for way, seconds in timings.items()]


def ratios(slow: Timing, fast: Timing) -> list[float]:
    """Return how many times faster one way is than another, round by round, sorted."""
    return sorted(a / b for a, b in zip(slow.seconds, fast.seconds, strict=True))
