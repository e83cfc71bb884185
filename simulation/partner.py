"""Show the learning partner as a Mesa agent: it spends limited days a month along a route."""

from typing import TYPE_CHECKING

import mesa

from simulation.organisation import Organisation
from simulation.scenario.route import Phase, Route
from simulation.state import NO_PHASE, PHASE
from simulation.vocabulary import ACTIVITY_IDS

if TYPE_CHECKING:
    from simulation.place import Place


class LearningPartner(mesa.Agent):
    """The learning partner of a place."""

    model: "Place"

    @property
    def route(self) -> Route:
        """The route it takes."""
        return self.model.scenario.route

    @property
    def phase(self) -> Phase | None:
        """The phase it is in, or None before it comes and after it has left."""
        phase = int(self.model.state.partner_memory[PHASE])
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
