"""Organisations and learning partner as Mesa agents: live, named views on their rows of the arrays."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import mesa
import numpy as np

from simulation.scenario.route import Phase, Route
from simulation.state import NO_PHASE, PHASE, Floats
from simulation.vocabulary import ACTIVITY_IDS

if TYPE_CHECKING:
    from simulation.place import Place


class LivePractice(np.ndarray[Any, np.dtype[np.float64]]):
    """Practice of nine behaviours, 0-1: the place's own memory, so it is always this month's.

    Writing to it (`practice[3] = 0.5`, `practice += 0.1`) checks the values and marks the run as edited. A slice of it
    is for reading only.
    """

    _owner: "Organisation | None"

    @classmethod
    def of(cls, organisation: "Organisation", row: Floats) -> "LivePractice":
        """Return a live view of a row (9,) of the place's practice."""
        view = row.view(cls)
        view.flags.writeable = False
        view._owner = organisation
        return view

    def __array_finalize__(self, other: Any) -> None:
        self._owner = None

    def __setitem__(self, key: Any, value: Any) -> None:
        if self._owner is None:
            super().__setitem__(key, value)
            return
        values = np.array(self)
        values[key] = value
        self._owner.practice = values

    def __iadd__(self, other: Any) -> "LivePractice":  # type: ignore[override,misc]
        self[:] = np.asarray(self) + other
        return self

    def __isub__(self, other: Any) -> "LivePractice":  # type: ignore[override,misc]
        self[:] = np.asarray(self) - other
        return self

    def __imul__(self, other: Any) -> "LivePractice":  # type: ignore[override,misc]
        self[:] = np.asarray(self) * other
        return self

    def __itruediv__(self, other: Any) -> "LivePractice":  # type: ignore[override,misc]
        self[:] = np.asarray(self) / other
        return self


def _number(field: str, meaning: str, *, writable: bool = False) -> property:
    """Return a property that reads (and, where allowed, writes) the organisation's entry in an array."""

    def read(self: "Organisation") -> float:
        return float(getattr(self.model.state, field)[self.row])

    def write(self: "Organisation", value: float) -> None:
        if not (0 <= value <= 1 or (field == "felt_pressure" and 0 <= value < np.inf)):
            msg = f"{field} must be {'0 or more' if field == 'felt_pressure' else '0 to 1'}, not {value}"
            raise ValueError(msg)
        getattr(self.model.state, field)[self.row] = value
        self.model.edited = True

    return property(read, write if writable else None, doc=meaning)


class Organisation(mesa.Agent):
    """An organisation: practice of nine behaviours, pressure, rigidity, relationships.

    Attributes are read from the place's arrays when asked for, so they are always this month's. Writing one outside
    an event marks the run as edited. `unique_id` is Mesa's; `id` is the organisation's own and survives copying.
    """

    model: "Place"

    def __init__(self, model: "Place", row: int) -> None:
        """Show row `row` of a place."""
        super().__init__(model)
        self.row = row

    @property
    def id(self) -> str:
        """The organisation's own id."""
        return self.model.roster.ids[self.row]

    @property
    def name(self) -> str:
        """Its name in words."""
        return self.model.roster.names[self.row]

    @property
    def kind(self) -> str:
        """Its kind, from `vocabulary.KINDS`."""
        return self.model.roster.kinds[self.row]

    @property
    def role(self) -> str:
        """Its role in words; it changes nothing in the model."""
        return self.model.roster.roles[self.row]

    @property
    def practice(self) -> LivePractice:
        """Practice of the nine behaviours (9,), 0-1: a live view, to read and to write; see `LivePractice`."""
        return LivePractice.of(self, self.model.state.practice[self.row])

    @practice.setter
    def practice(self, value: Any) -> None:
        values = np.asarray(value, dtype=np.float64)
        if not np.all((values >= 0) & (values <= 1)):
            msg = f"practice must be 0 to 1, not {value}"
            raise ValueError(msg)
        self.model.state.practice[self.row] = values
        self.model.edited = True

    @property
    def mean_practice(self) -> float:
        """Mean practice over the nine behaviours, 0-1."""
        return float(self.model.state.practice[self.row].mean())

    @property
    def neighbours(self) -> "list[Organisation]":
        """The organisations it has a relationship with."""
        state = self.model.state
        rows = state.neighbour[state.neighbour_start[self.row] : state.neighbour_start[self.row + 1]]
        return [self.model.organisations[row] for row in rows]

    @property
    def trust(self) -> dict[str, float]:
        """Trust (0-1) in each relationship, by the other's id; assigning some sets these, for both ends."""
        return {other: float(self.model.state.trust[tie]) for other, tie in self._ties().items()}

    @trust.setter
    def trust(self, values: Mapping[str, float]) -> None:
        ties = self._ties()
        for other, value in values.items():
            if other not in ties:
                msg = f"{self.id} has no relationship with {other!r}; it has with {', '.join(ties) or 'nobody'}"
                raise ValueError(msg)
            if not 0 <= value <= 1:
                msg = f"trust must be 0 to 1, not {value}"
                raise ValueError(msg)
        for other, value in values.items():
            self.model.state.trust[ties[other]] = value
        self.model.edited = True

    def _ties(self) -> dict[str, int]:
        """Return its relationships, as rows of the state, by the other's id."""
        state = self.model.state
        span = slice(state.neighbour_start[self.row], state.neighbour_start[self.row + 1])
        pairs = zip(state.neighbour[span], state.neighbour_tie[span], strict=True)
        return {self.model.roster.ids[j]: int(tie) for j, tie in pairs}

    learning = _number("learning", "Learning, 0-1.", writable=True)
    evidence = _number("evidence", "Evidence from prototypes, 0-1.", writable=True)
    partner_trust = _number("partner_trust", "Trust in the learning partner, 0-1.", writable=True)
    felt_pressure = _number("felt_pressure", "Demand over capacity as felt.", writable=True)
    pressure = _number("pressure", "This month's demand over capacity.")
    rigidity = _number("rigidity", "This month's rigidity, 0-1.")
    headroom = _number("headroom", "1 less rigidity.")
    maturity = _number("maturity", "Maturity of its relationships, 0-1.")
    failure_demand = _number("failure_demand", "Failure demand, share of baseline capacity.")
    value_demand = _number("value_demand", "Value demand, share of baseline capacity.")
    disruption = _number("disruption", "Share of capacity lost to restructuring.")
    size = _number("size", "Weight of authority; sums to 1 over the place.")
    threshold = _number("thresholds", "Example needed before a behaviour spreads.")

    @property
    def energy(self) -> bool:
        """Whether its window of energy is open."""
        return bool(self.model.state.energy[self.row])

    @property
    def on_site(self) -> bool:
        """Whether the partner works here."""
        return bool(self.model.state.on_site[self.row])

    def __repr__(self) -> str:
        return f"<Organisation {self.id}: practice {10 * self.mean_practice:.1f} of 10, pressure {self.pressure:.2f}>"


class LearningPartner(mesa.Agent):
    """The learning partner of a place: it spends limited days a month along a route, or as a policy decides."""

    model: "Place"

    @property
    def route(self) -> Route:
        """The route it takes."""
        return self.model.scenario.route

    @property
    def phase(self) -> Phase | None:
        """The phase it is in, or None before it comes and after it has left; a policy's is its month."""
        phase, decision = int(self.model.state.partner_memory[PHASE]), self.model.course.decision
        if self.model.course.policy is not None:
            return decision.phase if decision is not None and phase != NO_PHASE else None
        return self.route.phases[phase] if NO_PHASE < phase < len(self.route.phases) else None

    @property
    def days(self) -> dict[str, float]:
        """Days spent this month, by activity."""
        phase = self.phase
        month = max(0, self.model.month - 1)
        days = float(self.model.conditions.days[month]) if phase else 0.0
        shares = phase.shares.as_tuple() if phase else (0.0,) * len(ACTIVITY_IDS)
        return {activity: days * share for activity, share in zip(ACTIVITY_IDS, shares, strict=True)}

    @property
    def sites(self) -> list[Organisation]:
        """The organisations it works with as sites."""
        return [organisation for organisation in self.model.organisations if organisation.on_site]

    def __repr__(self) -> str:
        return f"<LearningPartner on {self.route.name or 'a route'}: {self.phase.name if self.phase else 'absent'}>"
