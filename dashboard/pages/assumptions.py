"""Assumptions: every parameter with its meaning and source."""

import solara

from dashboard.components import Section, Text
from dashboard.session import use_session

PATH = "/assumptions"
TITLE = "Assumptions"
LEAD = "Every number of the model: what it means, where it comes from, and what it does when you move it."


@solara.component
def Page() -> solara.Element:
    """Show the page."""
    session = use_session()
    scenario = session.chosen.scenario
    return Section("What is shown", Text(f"{scenario.title or scenario.name}, {scenario.months} months."))
