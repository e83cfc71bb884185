"""Show an organisation of the place as a Mesa agent: a live, named view on its rows of the arrays."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import mesa
import numpy as np

from simulation.live import LivePractice

if TYPE_CHECKING:
    from simulation.place import Place


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
