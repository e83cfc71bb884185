"""Your place: organisations and relationships of one's own."""

import solara

from dashboard.components import Section, Text

PATH = "/your-place"
TITLE = "Your place"
LEAD = "Bring your own organisations and relationships, mend what is wrong, and explore."


@solara.component
def Page() -> solara.Element:
    """Say that the page is not made yet, and what does the same."""
    return Section(
        "Not made yet", Text("behaviours place new, place import and place check do this on the command line.")
    )
