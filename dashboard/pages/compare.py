"""Compare: routes on the same seeds."""

import solara

from dashboard.components import Box, Perhaps, Section
from dashboard.pages.comparing.again import Again
from dashboard.pages.comparing.choosing import Choosing, Running
from dashboard.pages.comparing.desk import FEWEST_ROUTES, desk_of
from dashboard.pages.comparing.ingredients import Ingredients
from dashboard.pages.comparing.naming import Naming
from dashboard.pages.comparing.outcome import Outcome, Reading
from dashboard.session import use_session

PATH = "/compare"
TITLE = "Compare"
LEAD = "Several routes under the same luck, side by side."


@solara.component
def Page() -> solara.Element:
    """Show the page."""
    session = use_session()
    _, count = solara.use_state(0, key="ticks")

    def redraw() -> None:
        count(lambda number: number + 1)

    desk = desk_of(session, redraw)
    found = solara.use_memo(lambda: desk.found(desk.asked), [*desk.state_of(desk.asked)])
    enough = len(desk.routes) >= FEWEST_ROUTES
    return Box(
        Choosing(desk),
        Running(desk, is_there=found is not None and enough),
        Section("What is read", Reading(desk)),
        Perhaps(*([Outcome(desk, found)] if found is not None and enough else [])),
        Ingredients(desk),
        Naming(desk, is_there=found is not None and enough),
        Again(desk),
        kind="b-stack b-compare",
    )
