"""Decide: a flight simulator of the learning partner's work."""

import solara

from dashboard.components import Section, Text
from dashboard.session import use_session

PATH = "/decide"
TITLE = "Decide"
LEAD = "Run to a month, choose where the learning partner’s days go next, and see what follows."


@solara.component
def Page() -> solara.Element:
    """Show the page."""
    session = use_session()
    scenario = session.chosen.scenario
    return Section("What is shown", Text(f"{scenario.title or scenario.name}, {scenario.months} months."))
