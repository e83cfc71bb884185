"""One run: simulate, save, fork, explain; Trajectory and its outcomes."""

from collections import OrderedDict
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from operator import index
from typing import TYPE_CHECKING, Any, NoReturn, SupportsIndex

import numpy as np

from simulation.conditions import Conditions, build_conditions
from simulation.events import apply_event, changes_state
from simulation.initial import Roster, Start, begin, roster
from simulation.limits import MOST_SEED
from simulation.mechanisms.behaviours import EVENTS
from simulation.month import Held, hold, record_held, run_held, run_months
from simulation.outcomes import MONTH_COLUMNS, OUTCOMES, SERIES
from simulation.own_mechanism import Mechanism, by_point, kits, run_month_in_pieces
from simulation.parameters import initial_failure_ratio, initial_value_demand
from simulation.partner_plan import Plan, build_plan
from simulation.policy import Decision, Policy, PolicyError, name_of
from simulation.random_streams import GivenLuck, Luck, Streams
from simulation.recorder import BY_ORGANISATION, Record, new_record
from simulation.scenario.errors import Problem, ProblemError, nearest, shown
from simulation.scenario.events import FunderExit, Merger
from simulation.scenario.scenario import Scenario
from simulation.scenario.structure import Codes
from simulation.state import CAUSES, Floats, State, build_state, copy_state

if TYPE_CHECKING:
    import pandas
    import polars


@dataclass(frozen=True)
class Trajectory:
    """What one run showed, month by month; row t is month t, the burn-in first."""

    record: Record
    burn_in: int
    exit_month: int | None
    """Programme month at which the partner has left (None: it never came)."""

    @property
    def months(self) -> int:
        """Programme months recorded."""
        return len(self.record.series) - self.burn_in

    @property
    def series(self) -> dict[str, Floats]:
        """Series of the place by name, each (burn-in + months,)."""
        return {name: self.record.series[:, k] for k, name in enumerate(SERIES)}

    def __getitem__(self, name: str) -> Floats:
        """Return one series of the place, (burn-in + months,). Raises ProblemError where there is no such series."""
        if name not in SERIES:
            _refuse("is not a series", name, ", ".join(SERIES), nearest(name, SERIES))
        return self.record.series[:, SERIES.index(name)]

    @property
    def behaviours(self) -> Floats:
        """Mean practice by behaviour, (burn-in + months, 9)."""
        return self.record.behaviours

    @property
    def elements(self) -> Floats:
        """Infrastructure by element, (burn-in + months, 4)."""
        return self.record.elements

    @property
    def practice(self) -> Floats:
        """Practice (burn-in + months, N, 9); no rows unless recorded in full."""
        return self.record.practice

    @property
    def trust(self) -> Floats:
        """Trust (burn-in + months, L); no rows unless recorded in full."""
        return self.record.trust

    @property
    def by_organisation(self) -> dict[str, Floats]:
        """Series by organisation, each (burn-in + months, N); no rows unless recorded."""
        return {name: self.record.by_organisation[:, k] for k, name in enumerate(BY_ORGANISATION)}

    @property
    def causes(self) -> dict[str, Floats]:
        """What each cause contributed to the change of practice, each (burn-in + months, N, 9), where explained."""
        return {name: self.record.causes[:, k] for k, name in enumerate(CAUSES)}

    def to_polars(self) -> "polars.DataFrame":
        """Return a row a programme month (0: before the first), a column for each outcome that is kept by month."""
        import polars  # late: a run needs none

        values = month_values(self)
        return polars.DataFrame({"month": range(len(values))}).hstack(polars.DataFrame(values, schema=MONTH_COLUMNS))

    def to_pandas(self) -> "pandas.DataFrame":
        """Return the same as pandas has it; pyarrow is not needed."""
        import pandas  # late: a run needs none

        values = month_values(self)
        return pandas.DataFrame({"month": range(len(values))} | dict(zip(MONTH_COLUMNS, values.T, strict=True)))

    def until(self, month: SupportsIndex) -> "Trajectory":
        """Return what the run had shown by the end of a programme month. Raises ProblemError where none is recorded."""
        record = Record(*(array[: self.row(month) + 1] for array in self.record))
        return replace(self, record=record)

    def at(self, name: str, month: SupportsIndex) -> float:
        """Return a series at the end of the `month`-th programme month (0: before the first).

        Raises ProblemError where there is no such series, or the month is not recorded.
        """
        return float(self[name][self.row(month)])

    def row(self, month: SupportsIndex) -> int:
        """Return where the end of a programme month (0: before the first) stands. Raises ProblemError."""
        first = 0 if self.burn_in else 1
        found = whole(month, least=first)
        if found is None or found > self.months:
            there = f"{first} to {self.months}" if first <= self.months else "none, since no month has been run"
            _refuse("is not a recorded programme month", month, there)
        return self.burn_in + found - 1


def whole(value: SupportsIndex, *, least: int) -> int | None:
    """Return a whole number, or None where it is none or too small."""
    try:
        number = index(value)
    except TypeError:
        return None
    return number if number >= least else None


def _refuse(message: str, value: object, allowed: str, meant: str = "") -> NoReturn:
    raise ProblemError([Problem(message, value=shown(value), allowed=allowed, nearest=meant)])


def outcomes(trajectory: Trajectory, month: int | None = None) -> dict[str, float]:
    """Return the outcomes of a run at the end of a programme month (default: the last), in the order of `RUN_COLUMNS`.

    What the run had not shown by then is nan, what it had not reached infinity. Raises ProblemError where the month is
    not recorded.
    """
    until = trajectory if month is None else trajectory.until(month)
    last = until.record.series[-1], until.record.behaviours[-1], until.record.elements[-1]
    ends = dict(zip(MONTH_COLUMNS, np.concatenate(last).tolist(), strict=True))
    return {one.name: ends[one.name] if one.function is None else one.function(until) for one in OUTCOMES}


DETAILS = ("months", "organisations", "full")
STEPS_AHEAD = 24
"""Months of luck drawn at once where months are stepped."""
BLOCK_VALUES = 4_000_000
"""Random numbers drawn at once, at most: what bounds memory for large places."""


@dataclass(frozen=True)
class Prepared:
    """What a scenario decides without a seed."""

    scenario: Scenario
    roster: Roster
    numbers: Any
    codes: Codes
    plan: Plan
    conditions: Conditions
    failure_ratio: float


_prepared: "OrderedDict[int, Prepared]" = OrderedDict()
_KEPT = 32


def prepare(scenario: Scenario) -> Prepared:
    """Return what a scenario decides without a seed, kept for the scenarios used last."""
    known = _prepared.get(id(scenario))
    if known is not None and known.scenario is scenario:
        return known
    people = roster(scenario.place)
    numbers = scenario.numbers
    prepared = Prepared(
        scenario=scenario,
        roster=people,
        numbers=numbers,
        codes=scenario.structure.codes(from_file=scenario.place.from_file),
        plan=build_plan(scenario.route, people.ids),
        conditions=build_conditions(
            scenario,
            months=scenario.structure.burn_in_months + scenario.months,
            ids=people.ids,
            kinds=people.kinds,
            exposure=people.exposure,
        ),
        failure_ratio=initial_failure_ratio(numbers),
    )
    _prepared[id(scenario)] = prepared
    while len(_prepared) > _KEPT:
        _prepared.popitem(last=False)
    return prepared


class Course:
    """One run of a scenario on a seed, at some month; `Place` shows it as a Mesa model, sweeps run it as it is."""

    def __init__(
        self,
        scenario: Scenario,
        seed: int = 0,
        *,
        detail: str = "months",
        explain: bool = False,
        start: Start | None = None,
        luck: Luck | None = None,
        policy: Policy | None = None,
        mechanisms: Sequence[Mechanism] = (),
    ) -> None:
        """Begin a run; `start` and `luck` stand in for what the seed would decide.

        `detail` says what is recorded: the place ("months"), also every organisation ("organisations"), or everything
        ("full"). A `policy` decides in place of a route, `mechanisms` of one's own are run with those of the month;
        with either a run goes in pieces, to the same bits, and takes four to ten times as long. Raises ValueError for
        an unknown detail, or a seed below 0 or above 2^53; ProblemError for a policy where the scenario has a route.
        """
        if detail not in DETAILS:
            msg = f"detail must be one of {', '.join(DETAILS)}, not {detail!r}"
            raise ValueError(msg)
        if not 0 <= seed <= MOST_SEED:
            allowed = "0 or more" if seed < 0 else f"{MOST_SEED} or less"
            msg = f"seed must be {allowed}, not {seed}"
            raise ValueError(msg)
        self.seed, self.detail, self.explain = seed, detail, explain
        self.month = 0
        self.edited = False
        self.merged: list[tuple[int, int, float]] = []
        self.policy, self.mechanisms = policy, tuple(mechanisms)
        self.own_at = by_point(mechanisms)
        self.kits = kits(mechanisms, seed) if self.in_pieces else {}
        self.known: tuple[tuple[Any, ...], dict[str, Any]] | None = None
        self.decision: Decision | None = None
        self.partner_until = 0
        self._take(prepare(scenario))
        start = start or begin(scenario, seed)
        self.state = self._first_state(start)
        structure = scenario.structure
        n, links = len(start.thresholds), len(start.trust)
        self.luck: Streams | GivenLuck = (
            GivenLuck(luck)
            if luck is not None
            else Streams(seed, n, links, noise=structure.noise, asynchronous=structure.update == "asynchronous")
        )
        self.record = new_record(len(self.conditions.days), n, links, detail=detail, explain=explain)
        self._ahead: tuple[Luck, int] | None = None
        self._held: tuple[tuple[Any, ...], Held] | None = None

    def _take(self, prepared: Prepared) -> None:
        if self.policy is not None and prepared.scenario.route.phases:
            message = "stands in place of a route, and this scenario has one: give it a route without phases"
            raise PolicyError([Problem(message, value=name_of(self.policy))])
        self.scenario, self.roster, self.numbers = prepared.scenario, prepared.roster, prepared.numbers
        self.codes, self.plan, self.conditions = prepared.codes, prepared.plan, prepared.conditions
        self.failure_ratio = prepared.failure_ratio
        self.burn_in = prepared.scenario.structure.burn_in_months
        self.state_events = [event for event in prepared.scenario.all_events if changes_state(event)]

    def _first_state(self, start: Start) -> State:
        numbers = self.numbers
        return build_state(
            practice=start.practice,
            trust=start.trust,
            tie_from=start.tie_from,
            tie_to=start.tie_to,
            size=self.roster.size,
            threshold=start.thresholds,
            threshold_luck=start.threshold_luck,
            site_luck=start.site_luck,
            council=self.roster.council,
            base_demand=initial_value_demand(numbers),
            failure_ratio=self.failure_ratio,
            initial_partner_trust=numbers.initial_partner_trust,
            initial_infrastructure=numbers.initial_infrastructure,
            explain=self.explain,
        )

    @property
    def programme_month(self) -> int:
        """Programme months that have ended; negative during the burn-in."""
        return self.month - self.burn_in

    @property
    def last_month(self) -> int:
        """Months in all that the scenario asks for, burn-in included."""
        return self.burn_in + self.scenario.months

    def run(self, months: int | None = None) -> "Course":
        """Run some months in compiled loops (default: to the scenario's end). Raises ValueError for less than none."""
        if months is not None and whole(months, least=0) is None:
            msg = f"months must be a whole number, 0 or more, not {months!r}"
            raise ValueError(msg)
        end = self.last_month if months is None else self.month + months
        self.extend(end)
        while self.month < end:
            if self.in_pieces:
                self.step()
                continue
            self.enter_month()
            luck, luck_from = self._luck(min(end - self.month, self._block()))
            until = min(end, self._next_state_event(), luck_from + len(luck.place))
            run_months(
                self.state, self.numbers, self.codes, self.plan, self.conditions, luck, self.record,
                self.month, until, luck_from, self.burn_in, self.failure_ratio,
            )  # fmt: skip
            self.month = until
        return self

    def step(self) -> None:
        """Run one month, to the same bits as `run`."""
        self.extend(self.month + 1)
        self.enter_month()
        luck, luck_from = self._luck(min(STEPS_AHEAD, self._block()))
        if self.in_pieces:
            run_month_in_pieces(self, luck, self.month - luck_from)
            record_held(self._hold(), self.month)
        else:
            run_held(self._hold(), luck, self.month, luck_from, self.burn_in, self.failure_ratio)
        self.month += 1

    @property
    def in_pieces(self) -> bool:
        """Whether a month is run mechanism by mechanism, since there are some of one's own, or a policy."""
        return self.policy is not None or bool(self.mechanisms)

    def _luck(self, months: int) -> tuple[Luck, int]:
        """Return luck that holds this month's, and the month that it begins at; draw some months where none is left."""
        if self._ahead is None or self._ahead[1] + len(self._ahead[0].place) <= self.month:
            self._ahead = self.luck.draw(months), self.month
        return self._ahead

    def _hold(self) -> Held:
        """Return all that a month reads and writes, handed over anew only where it is not what it was."""
        now = (self.state, self.numbers, self.codes, self.plan, self.conditions, self.record)
        if self._held is None or any(one is not other for one, other in zip(now, self._held[0], strict=True)):
            self._held = now, hold(*now)
        return self._held[1]

    def _block(self) -> int:
        values = 3 * len(self.state.alive) + len(self.state.trust) + 3
        return max(1, BLOCK_VALUES // values)

    def _next_state_event(self) -> int:
        months = (event.month + self.burn_in for event in self.state_events)
        return min((month for month in months if month > self.month), default=2**62)

    def enter_month(self) -> None:
        """Let this month's events change the state."""
        if self.explain:
            self.state.causes[EVENTS] = 0.0
        for event in self.state_events:
            if event.month == self.programme_month:
                self._apply(event)

    def _apply(self, event: Any) -> None:
        apply_event(
            self.state,
            event,
            ids=self.roster.ids,
            kinds=self.roster.kinds,
            held=self.numbers.slip_back_infrastructure,
            limit=self.numbers.disruption_limit,
            level_shift=self._share_conditions(event) if isinstance(event, Merger) else 1.0,
        )

    def _share_conditions(self, event: Merger) -> float:
        """Give both sides of a merger one budget and demand path; return by what ratio last month's demand moves."""
        j, i = self.roster.ids.index(event.organisation), self.roster.ids.index(event.into)
        sizes, before = self.state.size, self.conditions.demand_level
        if i == j or not (self.state.alive[i] and self.state.alive[j]):
            return 1.0
        self.merged.append((j, i, float(sizes[j] / (sizes[i] + sizes[j]))))
        self.conditions = merge_conditions(self.conditions, self.merged[-1:])
        if self.month == 0:
            return 1.0
        return float(self.conditions.demand_level[self.month - 1, i] / before[self.month - 1, i])

    def extend(self, months: int) -> None:
        """Make room for running up to a month beyond the scenario's end."""
        have = len(self.conditions.days)
        if months <= have:
            return
        self.conditions = self._conditions(self.scenario, months)
        self.record = _resized(self, months)

    def _conditions(self, scenario: Scenario, months: int) -> Conditions:
        conditions = build_conditions(
            scenario,
            months=months,
            ids=self.roster.ids,
            kinds=self.roster.kinds,
            exposure=self.roster.exposure,
        )
        return merge_conditions(conditions, self.merged)

    def fork(self, scenario: Scenario | None = None) -> "Course":
        """Return an independent course at this month with the same luck ahead, under another scenario if given.

        The other scenario must describe the same place; its route's phases up to now should be those that were taken.
        """
        other = object.__new__(Course)
        other.__dict__.update(self.__dict__)
        other.state = copy_state(self.state)
        other.luck = self.luck.fork()
        other.record = Record(*(array.copy() for array in self.record))
        other._held = other.known = None
        other.kits = deepcopy(self.kits)
        other.merged = list(self.merged)
        if scenario is not None:
            if roster(scenario.place).ids != self.roster.ids:
                msg = "a fork must keep the place's organisations"
                raise ValueError(msg)
            other._take(prepare(scenario))
            months = max(len(other.conditions.days), len(other.record.series))
            other.conditions = other._conditions(scenario, months)
            other.record = _resized(other, months)
        return other

    def __getstate__(self) -> dict[str, Any]:
        return self.__dict__ | {"_held": None, "known": None}

    @property
    def trajectory(self) -> Trajectory:
        """What has been recorded so far."""
        recorded = Record(*(array[: self.month] if len(array) else array for array in self.record))
        leaves = exit_month(self.scenario) if self.policy is None else self._policy_exit()
        return Trajectory(record=recorded, burn_in=self.burn_in, exit_month=leaves)

    def _policy_exit(self) -> int | None:
        """Return the programme month at which the partner had left, as far as the run goes."""
        gone = [self.partner_until] if self.partner_until < self.programme_month else []
        return min([*gone, *_funder_exits(self.scenario)], default=None) if self.partner_until else None


def _resized(course: Course, months: int) -> Record:
    """Return the course's record with room for so many months."""
    longer = new_record(
        months, len(course.state.alive), len(course.state.trust), detail=course.detail, explain=course.explain
    )
    for new, old in zip(longer, course.record, strict=True):
        new[: len(old)] = old[: len(new)]
    return longer


def merge_conditions(conditions: Conditions, merged: Sequence[tuple[int, int, float]]) -> Conditions:
    """Return conditions in which merged organisations share one budget and demand path, averaged by size."""
    for j, i, weight in merged:
        level, left = conditions.demand_level.copy(), conditions.budget_left.copy()
        for paths in (level, left):
            paths[:, i] += weight * (paths[:, j] - paths[:, i])
        conditions = conditions._replace(demand_level=level, budget_left=left)
    return conditions


def exit_month(scenario: Scenario) -> int | None:
    """Return the programme month at which the partner has left, or None where it never comes."""
    if not scenario.route.phases:
        return None
    return min([scenario.route.months, *_funder_exits(scenario)])


def _funder_exits(scenario: Scenario) -> list[int]:
    return [event.month for event in scenario.all_events if isinstance(event, FunderExit)]


def simulate(
    scenario: Scenario,
    seed: int = 0,
    *,
    detail: str = "months",
    explain: bool = False,
    policy: Policy | None = None,
    mechanisms: Sequence[Mechanism] = (),
) -> Trajectory:
    """Run a scenario on a seed to its end and return what it showed; see `Course` for what the options mean."""
    return Course(scenario, seed, detail=detail, explain=explain, policy=policy, mechanisms=mechanisms).run().trajectory


def simulate_all(scenarios: Sequence[Scenario], seed: int, *, detail: str = "months") -> list[Trajectory]:
    """Run several scenarios on one seed, so that they share all luck."""
    return [simulate(scenario, seed, detail=detail) for scenario in scenarios]


def run_values(trajectory: Trajectory) -> Floats:
    """Return a run's outcomes in the order of `RUN_COLUMNS`; nan where one is not measured, infinity: not reached."""
    return np.array(list(outcomes(trajectory).values()))


def month_values(trajectory: Trajectory) -> Floats:
    """Return what is kept by month, (months + 1, len(MONTH_COLUMNS)); row 0 is before the first programme month."""
    record = trajectory.record
    table = np.concatenate([record.series, record.behaviours, record.elements], axis=1)
    if trajectory.burn_in == 0:
        return np.concatenate([np.full((1, table.shape[1]), np.nan), table])
    return table[trajectory.burn_in - 1 :]
