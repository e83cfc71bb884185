"""Your place: organisations and relationships of one's own."""

import solara

from dashboard.components import Box, Button, Message, Perhaps, Text
from dashboard.pages.your_place.actions import Acting
from dashboard.pages.your_place.draft import TABLES
from dashboard.pages.your_place.map_choices import MapReading
from dashboard.pages.your_place.place_facts import AboutPlace
from dashboard.pages.your_place.report import Doubts, Report
from dashboard.pages.your_place.rows import Editing, Goal
from dashboard.pages.your_place.shelf import desk_of
from dashboard.pages.your_place.start import Beginning
from dashboard.pages.your_place.ways_on import PRIVATE, Assumed, WaysOn
from dashboard.session import use_session

PATH = "/your-place"
TITLE = "Your place"
LEAD = "Bring your own organisations and relationships, mend what is wrong, and explore."


@solara.component
def Page() -> solara.Element:
    """Show the page."""
    session = use_session()
    router = solara.use_router()
    goal, go_to = solara.use_state(Goal(), key="goal")
    desk = desk_of(session.visitor.kept)
    acting = Acting(session, desk, router.push)
    draft = desk.draft
    told = [Message(words, kind="wrong") for words in desk.refused] + ([Message(desk.told)] if desk.told else [])
    parts = [Text(PRIVATE, kind="b-hint"), Beginning(desk, acting), Perhaps(*told), MapReading(desk, acting)]
    differing = []
    if draft is not None:
        named = session.settings.place
        if named in desk.explored and desk.explored[named] != draft:
            other = desk.explored[named]
            words = f"The address names “{other.title}” as it was explored; what is here has changed since."
            back = Button("Put the explored one here", lambda: acting.begin(other))
            differing.append(Box(Text(words), Box(back, tag="p", kind="b-buttons"), kind="b-message"))
        parts += [
            Perhaps(*differing),
            Doubts(desk, acting),
            Report(desk, acting, go_to, goal.number),
            WaysOn(desk, acting),
            *[Editing(desk, acting, table, goal).key(table) for table in TABLES],
            AboutPlace(draft, acting),
            Assumed(desk),
        ]
    return Box(*parts, kind="b-your-place")
