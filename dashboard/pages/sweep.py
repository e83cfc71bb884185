"""Sweep: look into a finished or running sweep."""

import solara

from dashboard.components import Section, Text

PATH = "/sweep"
TITLE = "Sweep"
LEAD = "What thousands of runs say about which numbers matter."


@solara.component
def Page() -> solara.Element:
    """Say that the page is not made yet, and what does the same."""
    return Section(
        "Not made yet", Text("behaviours analyse and behaviours map on the command line write reports of many runs.")
    )
