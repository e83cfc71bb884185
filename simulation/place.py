"""Show a place as a Mesa model: organisations and the learning partner as agents, a month as a step."""

import inspect
from collections.abc import Callable
from functools import cache
from operator import itemgetter
from typing import Any

import mesa
from mesa.agent import AgentSet

from simulation.agents import LearningPartner, Organisation
from simulation.initial import Roster, Start
from simulation.mechanisms.behaviours import update_practice
from simulation.mechanisms.demand import update_demand
from simulation.mechanisms.disruption import update_disruption
from simulation.mechanisms.doses import update_doses, update_open_talk
from simulation.mechanisms.failure_demand import update_failure_demand
from simulation.mechanisms.infrastructure import update_infrastructure
from simulation.mechanisms.learning import update_evidence, update_learning
from simulation.mechanisms.maturity import update_maturity
from simulation.mechanisms.month_end import turn_month
from simulation.mechanisms.noise import update_noise
from simulation.mechanisms.partner import choose_phase, choose_sites
from simulation.mechanisms.partner_trust import update_partner_trust
from simulation.mechanisms.pressure import update_pressure, update_rigidity
from simulation.mechanisms.rationing import return_unmet_need, update_rationing
from simulation.mechanisms.relationships import update_trust
from simulation.mechanisms.summaries import update_summaries
from simulation.mechanisms.windows import update_windows
from simulation.random_streams import Luck
from simulation.recorder import record_month, shown
from simulation.run import Course, Trajectory
from simulation.scenario.scenario import Scenario
from simulation.state import State


@cache
def _arguments(mechanism: Callable[..., None]) -> Callable[[dict[str, Any]], tuple[Any, ...]]:
    """Return what picks a mechanism's arguments, by name, out of everything a month knows."""
    return itemgetter(*inspect.signature(mechanism.py_func).parameters)  # type: ignore[attr-defined]


class Place(mesa.Model):
    """A place: a Mesa model whose step is a month.

    >>> from simulation.scenario import Scenario
    >>> place = Place(Scenario(), seed=1)
    >>> place.run(12)
    >>> len(place.organisations)
    30
    """

    def __init__(
        self,
        scenario: Scenario | None = None,
        seed: int = 0,
        *,
        detail: str = "months",
        explain: bool = False,
        start: Start | None = None,
        luck: Luck | None = None,
    ) -> None:
        """Begin a run of a scenario on a seed; see `Course` for what the options mean."""
        scenario = scenario or Scenario()
        self._begin(Course(scenario, seed, detail=detail, explain=explain, start=start, luck=luck))

    def _begin(self, course: Course) -> None:
        super().__init__(rng=course.seed)
        self.course = course
        self._people: tuple[list[Organisation], LearningPartner] | None = None
        self._closed: set[int] = set()
        self._known: dict[str, Any] = {}
        self._known_of: Any = None
        self._shown = shown(course.state)

    # Agents: made when first looked at, since a run needs none

    @property
    def organisations(self) -> list[Organisation]:
        """Every organisation, in the order of the place's file; those that have closed stay in this list."""
        return self._introduced()[0]

    @property
    def partner(self) -> LearningPartner:
        """The learning partner."""
        return self._introduced()[1]

    @property
    def agents(self) -> AgentSet:
        """Mesa's agents: the living organisations and the learning partner."""
        self._introduced()
        return super().agents

    @property
    def agents_by_type(self) -> dict[type[mesa.Agent], AgentSet]:
        """Mesa's agents by class."""
        self._introduced()
        return super().agents_by_type  # type: ignore[no-any-return]

    @property
    def agent_types(self) -> list[type]:
        """The classes of Mesa's agents."""
        self._introduced()
        return super().agent_types

    def _introduced(self) -> tuple[list[Organisation], LearningPartner]:
        if self._people is None:
            rows = range(len(self.course.state.alive))
            self._people = [Organisation(self, row) for row in rows], LearningPartner(self)
            _forget(self)
            self._remove_closed()
        return self._people

    # What the agents and a reader look at

    @property
    def scenario(self) -> Scenario:
        """The scenario that is being run."""
        return self.course.scenario

    @scenario.setter
    def scenario(self, value: object) -> None:
        """Ignore the scenario that Mesa 3.5 makes for itself: the course holds ours."""

    @property
    def seed(self) -> int:
        """The seed that decides all luck."""
        return self.course.seed

    @property
    def state(self) -> State:
        """The arrays that hold the place."""
        return self.course.state

    @property
    def roster(self) -> Roster:
        """Who is in the place: ids, names, kinds, sizes as given."""
        return self.course.roster

    @property
    def conditions(self) -> Any:
        """What comes from outside, month by month."""
        return self.course.conditions

    @property
    def month(self) -> int:
        """Months that have ended, burn-in included."""
        return self.course.month

    @property
    def programme_month(self) -> int:
        """Programme months that have ended; negative during the burn-in."""
        return self.course.programme_month

    @property
    def steps(self) -> int:
        """Mesa's count of steps: months that have ended, burn-in included, however they were run."""
        return self.course.month

    @steps.setter
    def steps(self, value: object) -> None:
        """Ignore what Mesa counts for itself: it sees those months alone that were stepped."""

    @property
    def running(self) -> bool:
        """Whether there are months to run: not at the scenario's end, nor where it was set to False."""
        return self._running and self.course.month < self.course.last_month

    @running.setter
    def running(self, value: bool) -> None:
        self._running = value

    @property
    def edited(self) -> bool:
        """Whether anything was written outside an event."""
        return self.course.edited

    @edited.setter
    def edited(self, value: bool) -> None:
        self.course.edited = value

    @property
    def trajectory(self) -> Trajectory:
        """What has been recorded so far."""
        return self.course.trajectory

    # Running

    def step(self) -> None:
        """Let a month pass: a line a mechanism."""
        do = self._open_month()
        # what comes from outside
        do(update_windows)
        do(update_noise)
        do(update_disruption)
        do(update_demand)
        # demand, pressure, rigidity
        do(update_summaries)
        do(update_failure_demand)
        do(return_unmet_need)
        do(update_pressure)
        do(update_rationing)
        do(update_rigidity)
        do(update_maturity)
        # the learning partner's month
        do(choose_phase)
        do(choose_sites)
        do(update_doses)
        do(update_open_talk)
        # relationships, learning, behaviours, infrastructure
        do(update_trust)
        do(update_partner_trust)
        do(update_learning)
        do(update_evidence)
        do(update_practice)
        do(update_infrastructure)
        do(turn_month)
        self._close_month()

    def run(self, months: int | None = None) -> None:
        """Run some months in one compiled loop (default: to the scenario's end), to the same bits as `step`.

        Raises ValueError where that is not a number of months.
        """
        self.course.run(months)
        self._remove_closed()

    def _open_month(self) -> Callable[[Callable[..., None]], None]:
        """Draw the month's luck, let its events happen, and return what calls a mechanism on this month."""
        course = self.course
        course.extend(course.month + 1)
        course.enter_month()
        month, luck, conditions = course.month, course.luck.draw(1), course.conditions
        known = self._names()
        known["month"] = month
        known["programme_month"] = course.programme_month
        known["demand_luck"], known["place_luck"] = luck.demand[0], float(luck.place[0])
        known["breach_luck"], known["order"] = luck.breach[0], luck.order[0]
        known["energy_luck"], known["strategic_luck"] = luck.energy[0], float(luck.strategic[0])
        known["restructure_luck"] = luck.restructure[0]
        known["demand_level"], known["budget_left"] = (
            conditions.demand_level[month],
            conditions.budget_left[month],
        )
        known["event_disruption"] = conditions.event_disruption[month]
        known["strategic_hold"], known["days"] = int(conditions.strategic_hold[month]), float(conditions.days[month])

        def do(mechanism: Callable[..., None]) -> None:
            mechanism(*_arguments(mechanism)(known))

        return do

    def _names(self) -> dict[str, Any]:
        """Return what mechanisms may ask for by name, apart from what changes with the month."""
        course = self.course
        if self._known_of is not course.plan or not self._known:
            self._known_of = course.plan
            self._known = {
                **course.numbers._asdict(),
                **course.codes._asdict(),
                **course.plan._asdict(),
                **course.state._asdict(),
                "failure_ratio": course.failure_ratio,
            }
        return self._known

    def _close_month(self) -> None:
        record_month(self.course.record, self._shown, self.course.month)
        self.course.month += 1
        self._remove_closed()

    def _remove_closed(self) -> None:
        """Take organisations that have closed out of Mesa's agents; their rows stay."""
        if self._people is None or self.course.state.alive.all():
            return
        for row, organisation in enumerate(self._people[0]):
            if not self.course.state.alive[row] and row not in self._closed:
                self._closed.add(row)
                organisation.remove()

    # Saving, restoring, forking

    def fork(self, scenario: Scenario | None = None) -> "Place":
        """Return an independent place at this month with the same luck ahead, under another scenario if given."""
        return Place._around(self.course.fork(scenario))

    def save(self) -> Course:
        """Return the place as it is now, with its luck: what `Place.of` continues from; it can be pickled."""
        return self.course.fork()

    @classmethod
    def of(cls, course: Course) -> "Place":
        """Return a place that continues a course to the same bits; the course stays as it is."""
        return cls._around(course.fork())

    @classmethod
    def _around(cls, course: Course) -> "Place":
        place = object.__new__(cls)
        place._begin(course)
        return place

    def __reduce__(self) -> tuple[Any, ...]:
        return Place._around, (self.course.fork(),)

    def __deepcopy__(self, memo: dict[int, Any]) -> "Place":
        return self.fork()

    def __copy__(self) -> "Place":
        return self.fork()


def _forget(model: mesa.Model) -> None:
    """Let go of a model that Mesa 3.3 would keep alive in a dictionary of its class, once its agents have their ids."""
    ids = getattr(mesa.Agent, "_ids", None)
    if isinstance(ids, dict):
        ids.pop(model, None)
