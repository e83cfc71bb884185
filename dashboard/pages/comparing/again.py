"""Show the command line that gives the same numbers."""

import solara

from dashboard.comparing.asked import Asked
from dashboard.comparing.command import INGREDIENT, command
from dashboard.components import Box, Section, Text
from dashboard.pages.comparing.desk import Desk


def Again(desk: Desk) -> solara.Element:
    """Return the command, or why there is none."""
    asked: Asked = desk.asked
    line = command(desk.settings, asked)
    if line is None:
        told = (
            "This comparison is of a place or settings that no single command makes: save the place as a folder on "
            "Your place, and give it to behaviours compare with --place."
        )
        return Section("The same on the command line", Text(told))
    return Section(
        "The same on the command line",
        Text("This gives the same runs to the last bit on the same machine, with tables, figures and a report:"),
        Box(Box(line, tag="code"), kind="b-command", tag="pre", tabindex="0", aria_label="Command"),
        Text(f"With one ingredient taken away: the same with --without {INGREDIENT}.", kind="b-hint"),
    )
