"""Your place: organisations and relationships of one's own."""

import solara

from dashboard.components import Section, Text
from dashboard.session import use_session

PATH = "/your-place"
TITLE = "Your place"
LEAD = "Bring your own organisations and relationships, mend what is wrong, and explore."


@solara.component
def Page() -> solara.Element:
    """Show the page."""
    session = use_session()
    scenario = session.chosen.scenario
    return Section("What is shown", Text(f"{scenario.title or scenario.name}, {scenario.months} months."))
