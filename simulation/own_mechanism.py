"""Mechanisms of one's own, and the month in pieces: mechanism by mechanism, with one's own and a policy between them.

All bits are those of the compiled month. A month in pieces takes four to ten of the loop (docs/speed.md).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from operator import itemgetter
from typing import TYPE_CHECKING, Any

import numpy as np

from simulation.mechanisms.behaviours import EVENTS, update_practice
from simulation.mechanisms.doses import update_open_talk
from simulation.mechanisms.month_end import turn_month
from simulation.mechanisms.partner import choose_phase
from simulation.month import MONTH, PLACES, WITH_THE_MONTH, arguments_of
from simulation.policy import Decision, PartnerView, Policy, PolicyError, name_of
from simulation.random_streams import Luck, stream
from simulation.scenario.errors import Problem, ProblemError, nearest, shown
from simulation.state import CHOOSE_SITES, LAST_PHASE, NO_PHASE, PHASE

if TYPE_CHECKING:
    from simulation.run import Course

POINTS = tuple(mechanism.__name__ for mechanism in MONTH)
"""The points of a month that one's own mechanisms are run before or after."""
OF_ITS_OWN = ("state", "numbers", "luck", "notes")
"""What a mechanism of one's own may ask for beside what those of the month may."""


@dataclass(frozen=True, eq=False)
class Mechanism:
    """A function, plain or compiled, that is run every month before or after one of `POINTS`.

    It is given what its arguments are called: fields of the state (arrays, to read and to write), numbers, choices and
    what comes with the month, as `simulation.month.PLACES` lists them; `state` and `numbers` as a whole; `luck`, a
    NumPy generator of the seed's luck for it alone; `notes`, a dictionary that belongs to the run and is copied with
    it.
    Arguments with a default are its own. What it writes must stay in its range.

    `name` names its stream of luck; it is the function's own unless given.
    """

    run: Callable[..., None]
    before: str = ""
    after: str = ""
    name: str = ""

    def __post_init__(self) -> None:
        """Check point and arguments. Raises ProblemError."""
        object.__setattr__(self, "name", self.name or getattr(self.run, "__name__", type(self.run).__name__))
        problems = []
        if (self.before in POINTS) + (self.after in POINTS) != 1 or "" not in (self.before, self.after):
            point = self.before or self.after
            message = "is not the one point before or after which it is to be run"
            problems.append(Problem(message, self.name, value=shown(point or "nothing"), allowed=", ".join(POINTS)))
        problems += [
            Problem(
                "is not something that a mechanism can ask for",
                self.name,
                value=argument,
                nearest=nearest(argument, [*PLACES, *OF_ITS_OWN]),
            )
            for argument in self.arguments
            if argument not in PLACES and argument not in OF_ITS_OWN
        ]
        if problems:
            raise ProblemError(problems)

    @cached_property
    def arguments(self) -> list[str]:
        """What it asks for, by name."""
        return arguments_of(self.run)

    @property
    def point(self) -> tuple[str, str]:
        """Before or after which mechanism of the month it is run."""
        return ("before", self.before) if self.before else ("after", self.after)

    @cached_property
    def changes(self) -> str:
        """The array of the state through which it changes practice where it stands."""
        side, point = self.point
        place = POINTS.index(point) + (0.5 if side == "after" else -0.5)
        within = MONTH.index(update_practice) < place < MONTH.index(turn_month)
        return "next_practice" if within else "practice"


@dataclass
class Kit:
    """What one run keeps for a mechanism of one's own or a policy."""

    luck: np.random.Generator
    notes: dict[str, Any] = field(default_factory=dict)


POLICY = ""
"""Under which a run keeps its policy's kit."""


def kits(mechanisms: Sequence[Mechanism], seed: int) -> dict[str, Kit]:
    """Return new kits for a run, by name. Raises ProblemError where two mechanisms have one name."""
    names = [mechanism.name for mechanism in mechanisms]
    if twice := {name for name in names if names.count(name) > 1}:
        message = "is the name of two mechanisms, which would share their luck: give one another name"
        raise ProblemError([Problem(message, value=name) for name in sorted(twice)])
    own = {name: Kit(stream(seed, f"mechanism {name}")) for name in names}
    return own | {POLICY: Kit(stream(seed, "policy"))}


def by_point(mechanisms: Sequence[Mechanism]) -> dict[tuple[str, str], list[Mechanism]]:
    """Return mechanisms by the point they are run at, in their order."""
    found: dict[tuple[str, str], list[Mechanism]] = {}
    for mechanism in mechanisms:
        found.setdefault(mechanism.point, []).append(mechanism)
    return found


_MONTH = tuple((mechanism, mechanism.__name__, itemgetter(*arguments_of(mechanism))) for mechanism in MONTH)
_WITH_THE_MONTH = {name: compile(place, name, "eval") for name, place in WITH_THE_MONTH.items()}


def run_month_in_pieces(course: "Course", luck: Luck, row: int) -> None:
    """Run a course's month, all but its record; its luck is that of row `row`."""
    scope = {
        "luck": luck,
        "conditions": course.conditions,
        "row": row,
        "month": course.month,
        "programme_month": course.programme_month,
        "failure_ratio": course.failure_ratio,
    }
    known = _known(course)
    for name, place in _WITH_THE_MONTH.items():
        known[name] = eval(place, scope)
    for mechanism, point, arguments in _MONTH:
        if own := course.own_at.get(("before", point)):
            _run_own(course, known, own)
        if course.policy is not None and mechanism is choose_phase:
            _follow(course, course.policy, known)
        else:
            mechanism(*arguments(known))
        if course.policy is not None and mechanism is update_open_talk:
            _limit_talk(course, known)
        if own := course.own_at.get(("after", point)):
            _run_own(course, known, own)


def _known(course: "Course") -> dict[str, Any]:
    """Return by name what mechanisms may ask for, laid out anew only where it is not what it was."""
    now = (course.state, course.numbers, course.codes, course.plan)
    if course.known is None or any(one is not other for one, other in zip(now, course.known[0], strict=True)):
        course.known = now, {"state": course.state, "numbers": course.numbers}
        for fields in now:
            course.known[1].update(fields._asdict())
    return course.known[1]


def _run_own(course: "Course", known: dict[str, Any], mechanisms: Sequence[Mechanism]) -> None:
    """Run one's own mechanisms; where the run is explained, count what they do to practice among its events."""
    for own in mechanisms:
        kit = course.kits[own.name]
        known["luck"], known["notes"] = kit.luck, kit.notes
        practice = known[own.changes]
        before = practice.copy() if course.explain else practice
        own.run(**{name: known[name] for name in own.arguments})
        if course.explain:
            course.state.causes[EVENTS] += practice - before


def _follow(course: "Course", policy: Policy, known: dict[str, Any]) -> None:
    """Ask the policy, in place of `choose_phase`, and let the month's plan be what it decides."""
    memory = course.state.partner_memory
    memory[CHOOSE_SITES] = 0
    memory[LAST_PHASE], memory[PHASE] = memory[PHASE], NO_PHASE
    if course.programme_month < 0:
        return
    decision: Any = policy(_view(course, known))
    if not isinstance(decision, Decision | None):
        message = f"decided {shown(decision)}, which is neither a Decision nor None"
        raise PolicyError([Problem(message, value=name_of(policy))])
    if decision is not None:
        if decision != course.decision:
            course.plan = decision.plan(course.roster.ids)
            known |= course.plan._asdict()
        memory[PHASE] = 0
        memory[CHOOSE_SITES] = decision.sites != "keep" or memory[LAST_PHASE] == NO_PHASE
        course.partner_until = course.programme_month + 1
        course.decision = decision


def _limit_talk(course: "Course", known: dict[str, Any]) -> None:
    """Leave open talk where the decision names it, if it names some organisations."""
    decision = course.decision
    if decision is not None and isinstance(decision.open_talk, tuple):
        elsewhere = [identity not in decision.open_talk for identity in course.roster.ids]
        known["open_share"][elsewhere] = 0.0


def _view(course: "Course", known: dict[str, Any]) -> PartnerView:
    """Return what the partner sees at its turn of the month."""
    state, roster, kit = course.state, course.roster, course.kits[POLICY]
    ids = roster.ids
    ends = np.column_stack((state.tie_from, state.tie_to))[state.tie_alive].astype(np.int64)
    return PartnerView(
        month=course.programme_month,
        days=float(known["days"]),
        organisations=ids,
        kinds=roster.kinds,
        council=ids[state.council[0]] if state.council[0] >= 0 else None,
        present=state.alive.copy(),
        size=state.size.copy(),
        ties=ends,
        practice=state.practice.copy(),
        mean_practice=state.mean_practice.copy(),
        trust=state.partner_trust.copy(),
        readiness=state.readiness.copy(),
        felt_pressure=state.felt_pressure.copy(),
        energy=state.energy.copy(),
        strategic_window=bool(state.strategic_window[0]),
        infrastructure=state.infrastructure.copy(),
        sites=tuple(ids[row] for row in np.flatnonzero(state.on_site & state.alive)),
        luck=kit.luck,
        notes=kit.notes,
    )
