"""Sweep: look into a finished or running sweep."""

import solara

from dashboard.components import Section, Text
from dashboard.session import use_session

PATH = "/sweep"
TITLE = "Sweep"
LEAD = "What thousands of runs say about which numbers matter."


@solara.component
def Page() -> solara.Element:
    """Show the page."""
    session = use_session()
    scenario = session.chosen.scenario
    return Section("What is shown", Text(f"{scenario.title or scenario.name}, {scenario.months} months."))
