"""Gather what every part of the page Place looks at: one run in full, one month, one organisation."""

from dataclasses import dataclass

from dashboard.place.people import people_of, usual_choice
from dashboard.session import Session
from dashboard.source import source_of
from experiments.comparison import PlacePicture
from simulation.observation import Trajectory
from simulation.scenario import Scenario


@dataclass(frozen=True)
class View:
    """What is looked at."""

    session: Session
    scenario: Scenario
    found: Trajectory
    """The run, every month of every organisation, with causes."""
    who: PlacePicture
    """Who works with whom at this month."""
    month: int
    organisation: int
    """Row of the organisation looked at."""

    @property
    def row(self) -> int:
        """Row of the month in what was recorded."""
        return self.found.burn_in + self.month - 1

    @property
    def id(self) -> str:
        """Id of the organisation looked at."""
        return self.who.ids[self.organisation]

    @property
    def name(self) -> str:
        """Name of the organisation looked at."""
        return self.who.names[self.organisation]

    @property
    def title(self) -> str:
        """The scenario and its route, as charts name them."""
        route = self.scenario.route.title or self.scenario.route.name
        return f"{self.scenario.title or self.scenario.name}, {route.lower()}"

    @property
    def source(self) -> str:
        """Where the numbers come from."""
        return source_of(self.session.settings, self.scenario)

    def choose(self, identity: str) -> None:
        """Look at another organisation."""
        if identity in self.who.ids and identity != self.id:
            self.session.commit(organisation=identity)


def view_of(session: Session) -> View:
    """Return what is looked at; an organisation that this place does not have gives way to the usual one."""
    scenario, month = session.chosen.scenario, session.month
    who = people_of(scenario, session.settings.seed, month)
    wanted = session.settings.organisation
    chosen = wanted if wanted in who.ids else usual_choice(who)
    found = session.run(detail="full", explain=True)
    return View(session, scenario, found, who, month, who.ids.index(chosen))
