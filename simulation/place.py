"""Show a place as a Mesa model: organisations and the learning partner as agents, a month as a step."""

from collections.abc import Sequence
from typing import Any

import mesa
from mesa.agent import AgentSet

from simulation.agents import LearningPartner, Organisation
from simulation.initial import Roster, Start
from simulation.own_mechanism import Mechanism
from simulation.policy import Policy
from simulation.random_streams import Luck
from simulation.run import Course, Trajectory
from simulation.scenario.scenario import Scenario
from simulation.state import State


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
        policy: Policy | None = None,
        mechanisms: Sequence[Mechanism] = (),
    ) -> None:
        """Begin a run of a scenario on a seed; see `Course` for what the options mean."""
        self._begin(
            Course(
                scenario or Scenario(),
                seed,
                detail=detail,
                explain=explain,
                start=start,
                luck=luck,
                policy=policy,
                mechanisms=mechanisms,
            )
        )

    def _begin(self, course: Course) -> None:
        super().__init__(rng=course.seed)
        self.course = course
        self._people: tuple[list[Organisation], LearningPartner] | None = None
        self._closed: set[int] = set()

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
        """Let a month pass: the mechanisms of `simulation.month`, in their order."""
        self.course.step()
        self._remove_closed()

    def run(self, months: int | None = None) -> None:
        """Run some months in one compiled loop (default: to the scenario's end), to the same bits as `step`.

        Raises ValueError where that is not a number of months.
        """
        self.course.run(months)
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
