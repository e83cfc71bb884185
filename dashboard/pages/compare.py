"""Compare: routes on the same seeds."""

import solara

from dashboard.components import Section, Text

PATH = "/compare"
TITLE = "Compare"
LEAD = "Several routes under the same luck, side by side."


@solara.component
def Page() -> solara.Element:
    """Say that the page is not made yet, and what does the same."""
    return Section("Not made yet", Text("behaviours compare on the command line compares routes and writes a report."))
