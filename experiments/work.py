"""What a sweep runs, frozen and complete: arms, factors, points and seeds, as runs that are numbered and cut."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar, Literal, NamedTuple

from pydantic import Field

from experiments.design import Design, Grid, OneAtATime, Row, Table, size
from experiments.factors import Factor, applied
from simulation import MODEL_VERSION
from simulation.limits import SEEDS_ALLOWED, seeds_problem
from simulation.outcomes import Outcome
from simulation.own_outcome import MeasuringMore, described
from simulation.policy import Policy, check_travels, route_for, source_hash
from simulation.policy import name_of as policy_name
from simulation.scenario import Problem, load_pressure, load_route
from simulation.scenario.errors import ProblemError
from simulation.scenario.paths import PARTS, Value
from simulation.scenario.route import Route
from simulation.scenario.scenario import Scenario
from simulation.scenario.value_objects import Extended

KEYS = ("run", "id", "point", "replicate", "seed", "scenario", "route", "under_pressure", "months", "status", "error",
        "traceback", "month")  # fmt: skip
"""Columns of runs and months that are no outcomes."""
VARIED = "varied"
"""What an arm's route or pressure is called where a factor sets it at every point."""
SECONDS_A_CHUNK, SHORTEST_CHUNK = 1.0, 0.2
MOST_RUNS_A_CHUNK = 1_000
SHARES = 64
"""Chunks that a small sweep is cut into where none gets shorter than it may be, so that workers end together."""
KINDS = RUNS, MONTHS, PORTRAITS = "runs", "months", "portraits"
"""What may be kept of runs: each kind with those before it, a folder each."""
SECONDS_A_RUN, SECONDS_AN_ORGANISATION_MONTH = 0.001, 5e-7
"""Roughly what a run costs; decides the size of chunks and nothing else."""


class Arm(Extended):
    """One scenario with one route and pressure, under the names by which people know them.

    Where a `policy` stands in place of the route, `source` is the hash of what it is; the policy itself is not stored.
    """

    scenario: str
    route: str
    pressure: str
    what: Scenario
    source: str = ""
    policy: Any = Field(None, exclude=True, repr=False)

    LATER: ClassVar[tuple[str, ...]] = ("source",)

    @classmethod
    def of(cls, scenario: Scenario, way: Route | Policy) -> "Arm":
        """Return a scenario's arm with a route, or with a policy in place of one. Raises ProblemError."""
        if isinstance(way, Route):
            what, source, policy = scenario.changed(route=way), "", None
        else:
            check_travels(way)
            what, source, policy = scenario.changed(route=route_for(way)), source_hash(way), way
        return cls(
            scenario=scenario.name, route=what.route.name, pressure=scenario.pressure.name, what=what, source=source,
            policy=policy,
        )  # fmt: skip

    @cached_property
    def hash(self) -> str:
        """Hash the content, once."""
        return self.what.content_hash() + self.source


def name_of(way: Route | Policy) -> str:
    """Return the name of a route, or of a policy in place of one."""
    return way.name if isinstance(way, Route) else policy_name(way)


class Place(NamedTuple):
    """Where a run stands in a sweep."""

    run: int
    point: int
    arm: int
    replicate: int


class Chunk(NamedTuple):
    """Runs that are carried out and stored together: `size` of them from `first` on."""

    number: int
    first: int
    size: int


class Work(MeasuringMore):
    """All that decides a sweep's results; `table` is the hash of a table's rows.

    Run `r` of R = points x arms x replicates is replicate `r % replicates` of arm `r // replicates % arms` at point
    `r // (replicates x arms)`. Replicate k has seed `first_seed + k` everywhere, so that all points and arms share
    luck. `together` is how many arms, one after the other, are run seed by seed, so that a chunk holds all of them.
    `chunk_size` is how many runs make a chunk (0: about a second's work). "portraits" keeps months too, and of each
    arm where its organisations stood before and after.
    """

    title: str = ""
    description: str = ""
    arms: tuple[Arm, ...] = Field(min_length=1)
    factors: tuple[Factor, ...] = ()
    design: Design
    table: str = ""
    points: int
    replicates: int
    first_seed: int
    keep: Literal["runs", "months", "portraits"] = "runs"
    together: int = Field(1, ge=1)
    chunk_size: int = Field(0, ge=0)
    model_version: int = MODEL_VERSION

    NOT_HASHED: ClassVar[dict[str, Any]] = {"title": True, "description": True}
    LATER: ClassVar[tuple[str, ...]] = ("own", "together")

    def measuring(self, outcomes: Iterable[Outcome]) -> "Work":
        """Return the work with outcomes of one's own. Raises ProblemError with all that is wrong with them."""
        taken = {*KEYS, *(factor.name for factor in self.factors)}
        return self.model_copy(update={"own": described(outcomes, taken=taken)})

    @property
    def kinds(self) -> tuple[str, ...]:
        """What is kept of each chunk, a file each: runs first."""
        return KINDS[: KINDS.index(self.keep) + 1]

    @property
    def sources(self) -> dict[str, str]:
        """Hashes of the policies that stand in place of routes, by name."""
        return {arm.route: arm.source for arm in self.arms if arm.source}

    @property
    def policies(self) -> tuple[Any, ...]:
        """What stands in place of each arm's route, or None."""
        return tuple(arm.policy for arm in self.arms)

    def with_policies(self, policies: Sequence[Any]) -> "Work":
        """Return the work with the policies that its arms name. Raises RuntimeError where one is another here."""
        arms = []
        for arm, policy in zip(self.arms, policies, strict=True):
            if policy is not None and source_hash(policy) != arm.source:
                msg = f"the policy {arm.route} has another source here"
                raise RuntimeError(msg)
            arms.append(arm.model_copy(update={"policy": policy}))
        return self.model_copy(update={"arms": tuple(arms)})

    @property
    def varied(self) -> frozenset[str]:
        """Names of what the factors set."""
        return frozenset(factor.name for factor in self.factors)

    def named(self, arm: Arm) -> Arm:
        """Return an arm under the names that hold at every point: a route or pressure that a factor sets is varied."""

        def called(part: str) -> str:
            own = str(getattr(arm, part))
            if part not in self.varied:
                return own
            return f"{own} unless varied" if isinstance(self.design, OneAtATime | Table) else VARIED

        return arm.model_copy(update={"route": called("route"), "pressure": called("pressure")})

    @property
    def runs(self) -> int:
        """Number of runs in all."""
        return self.points * len(self.arms) * self.replicates

    @cached_property
    def runs_a_chunk(self) -> int:
        """Runs in a chunk: a second's work, less in a small sweep; by the plan alone, so every machine cuts alike."""
        if self.chunk_size:
            return self.chunk_size
        second = 1 / max(_seconds(arm, self.factors) for arm in self.arms)
        most = min(MOST_RUNS_A_CHUNK, SECONDS_A_CHUNK * second)
        count = max(1, int(min(most, max(SHORTEST_CHUNK * second, -(-self.runs // SHARES)))))
        return max(1, count // self.together) * self.together

    @property
    def chunks(self) -> int:
        """Number of chunks."""
        return -(-self.runs // self.runs_a_chunk)

    def chunk(self, number: int) -> Chunk:
        """Return a chunk by its number."""
        first = number * self.runs_a_chunk
        return Chunk(number, first, min(self.runs_a_chunk, self.runs - first))

    def point_range(self, chunk: Chunk) -> tuple[int, int]:
        """Return the first point that a chunk's runs are at, and the one after the last."""
        each = len(self.arms) * self.replicates
        return chunk.first // each, (chunk.first + chunk.size - 1) // each + 1

    def places(self, chunk: Chunk) -> Iterator[Place]:
        """Yield where each run of a chunk stands."""
        for run in range(chunk.first, chunk.first + chunk.size):
            rest, arm = divmod(run, self.together)
            rest, replicate = divmod(rest, self.replicates)
            point, group = divmod(rest, len(self.arms) // self.together)
            yield Place(run, point, group * self.together + arm, replicate)

    def scenario(self, arm: int, row: Sequence[Value | None]) -> Scenario:
        """Return the scenario of an arm at a point. Raises ProblemError where the values do not go together."""
        return applied(self.arms[arm].what, self.factors, row)

    def identities(self, arm: int, row: Row) -> "Identities":
        """Return what names the runs of an arm at a point."""
        return Identities(self, arm, row)

    @cached_property
    def part_hashes(self) -> dict[tuple[str, str], str]:
        """Hash the parts that values name, once: by factor and name."""
        held = [(factor, name) for factor in self.factors if factor.name in PARTS for name in map(str, factor.values)]
        return {(factor.name, name): factor.part(name).content_hash() for factor, name in held}


class Identities:
    """Name the runs of one arm at one point: a hash of scenario, settings, seed and model version."""

    def __init__(self, work: Work, arm: int, row: Row) -> None:
        """Hash all but the seed."""
        settings = {
            factor.name: work.part_hashes.get((factor.name, str(value)), value)
            for factor, value in zip(work.factors, row, strict=True)
            if value is not None
        }
        said = json.dumps([work.model_version, work.arms[arm].hash, settings], sort_keys=True, ensure_ascii=False)
        self._hash = hashlib.sha256(said.encode())

    def of(self, seed: int) -> str:
        """Return a run's identity (32 hexadecimal digits)."""
        whole = self._hash.copy()
        whole.update(f" {seed}".encode())
        return whole.hexdigest()[:32]


def _seconds(arm: Arm, factors: Sequence[Factor]) -> float:
    """Return roughly what a run costs at the largest place and the longest time that the factors ask for."""
    places = [arm.what.place, *(place for factor in factors for place in factor.places.values())]
    organisations = max(
        place.generated.organisations if place.generated is not None else len(place.organisations) for place in places
    )
    organisations = _most(factors, "place.generated.organisations", organisations)
    months = arm.what.structure.burn_in_months + _most(factors, "months", arm.what.months)
    return SECONDS_A_RUN + SECONDS_AN_ORGANISATION_MONTH * organisations * months


def _most(factors: Sequence[Factor], name: str, own: int) -> int:
    """Return the largest number that a factor takes, else the scenario's own."""
    given = [number for factor in factors if factor.name == name for number in (*factor.values, factor.high)]
    return int(max((float(number) for number in given if number is not None), default=own))


def changes(before: Any, now: Any, key: str = "") -> list[str]:
    """Say in what two pieces of work differ, key by key.

    >>> changes({"design": {"points": 4}}, {"design": {"points": 8}})
    ['design.points: 4 there, 8 here']
    """
    if isinstance(before, dict) and isinstance(now, dict):
        keys = list(dict.fromkeys([*before, *now]))
        return [text for k in keys for text in changes(before.get(k), now.get(k), f"{key}.{k}" if key else str(k))]
    if isinstance(before, list) and isinstance(now, list) and len(before) == len(now):
        pairs = enumerate(zip(before, now, strict=True))
        return [text for k, (old, new) in pairs for text in changes(old, new, f"{key}[{k + 1}]")]
    return [] if before == now else [f"{key}: {_short(before)} there, {_short(now)} here"]


def _short(value: Any) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, list):
        return f"{len(value)} of them" if len(str(value)) > 60 else ", ".join(map(_short, value))
    text = json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else str(value)
    return text if len(text) <= 60 else text[:59] + "…"


def work_of(
    scenarios: Sequence[Scenario],
    factors: Sequence[Factor] = (),
    *,
    routes: Sequence[Route | Policy | str | Path] = (),
    pressures: Sequence[str | Path] = (),
    design: Any = None,
    replicates: int = 1,
    first_seed: int = 1_000_000,
    keep: Literal["runs", "months"] = "runs",
    outcomes: Sequence[Outcome] = (),
) -> Work:
    """Return work put together in Python rather than read from a plan file.

    `routes` are names, paths, routes, or policies in code in place of one (see `simulation.policy`); `outcomes` are
    those of one's own that are measured besides the model's. Raises ProblemError, for a policy or outcome that other
    processes can't be given too.

    >>> work_of([Scenario()], [Factor(name="trust_gain", values=(0.05, 0.1))], replicates=3).runs
    6
    """
    if wrong := seeds_problem(first_seed, replicates):
        raise ProblemError([Problem(wrong, key="first_seed", value=str(first_seed), allowed=SEEDS_ALLOWED)])
    ways = [load_route(route) if isinstance(route, str | Path) else route for route in routes]
    kinds = [load_pressure(pressure) for pressure in pressures]
    arms = [
        Arm.of(scenario.changed(pressure=pressure), way)
        for scenario in scenarios
        for way in ways or [scenario.route]
        for pressure in kinds or [scenario.pressure]
    ]
    set_ = [factor.name for factor in factors if factor.name.partition(".")[0] == "route"]
    if set_ and any(arm.source for arm in arms):
        message = "is a factor, and a policy stands in place of the route"
        raise ProblemError([Problem(message, key="factors", value=name) for name in set_])
    design = design or Grid()
    work = Work(
        arms=tuple(arms), factors=tuple(factors), design=design, points=size(design, factors),
        replicates=replicates, first_seed=first_seed, keep=keep,
    )  # fmt: skip
    return work.measuring(outcomes)
