"""Decide: a flight simulator of the learning partner's work."""

import solara

from dashboard.components import Box, Message, Perhaps, Section, TabMemory
from dashboard.pages.decide.choice import Choosing
from dashboard.pages.decide.desk import Clock, GoOn, desk_of
from dashboard.pages.decide.export import Listing
from dashboard.pages.decide.picture import Picture
from dashboard.pages.decide.preconditions import Needing
from dashboard.pages.decide.prediction import Predicting
from dashboard.session import use_session

PATH = "/decide"
TITLE = "Decide"
LEAD = "Run to a month, choose where the learning partner’s days go next, and see what follows."


@solara.component
def Page() -> solara.Element:
    """Show the page."""
    desk = desk_of(use_session())
    told = [Message(desk.unreadable, kind="wrong")] if desk.unreadable else []
    return Box(
        Perhaps(*told),
        Clock(desk),
        Picture(desk),
        Choosing(desk),
        Predicting(desk),
        Perhaps(*([] if desk.at_end else [Section("Go on", GoOn(desk, back=False))])),
        Needing(desk),
        Listing(desk),
        TabMemory("decide", desk.history_text, on_found=desk.remember),
        kind="b-stack b-decide",
    )
