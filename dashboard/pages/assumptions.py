"""Assumptions: every parameter with its meaning and source."""

import solara

from dashboard.components import Section, Text

PATH = "/assumptions"
TITLE = "Assumptions"
LEAD = "Every number of the model: what it means, where it comes from, and what it does when you move it."


@solara.component
def Page() -> solara.Element:
    """Say that the page is not made yet, and what does the same."""
    return Section(
        "Not made yet", Text("behaviours list parameters on the command line prints every number with its source.")
    )
