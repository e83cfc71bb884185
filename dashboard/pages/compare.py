"""Compare: routes on the same seeds."""

import solara

from dashboard.components import Section, Text
from dashboard.session import use_session

PATH = "/compare"
TITLE = "Compare"
LEAD = "Several routes under the same luck, side by side."


@solara.component
def Page() -> solara.Element:
    """Show the page."""
    session = use_session()
    scenario = session.chosen.scenario
    return Section("What is shown", Text(f"{scenario.title or scenario.name}, {scenario.months} months."))
