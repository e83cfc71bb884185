"""Place: what one run of a scenario shows, month by month, organisation by organisation."""

import solara

from dashboard.address import Settings, ready, titles
from dashboard.components import About, Box, Choice, Controls, NumberSlider, PrintButton
from dashboard.components.layout import FurtherDown, use_later
from dashboard.pages.place.network import Together
from dashboard.pages.place.notes import NotesOfPlace
from dashboard.pages.place.organisation import Story
from dashboard.pages.place.overview import ByLuck, OverTime, Strip
from dashboard.pages.place.view import view_of
from dashboard.session import Session, use_session

PATH = "/"
TITLE = "Place"
LEAD = "Watch the organisations of one place over the months, under one route and one throw of luck."

ABOUT_SEED = About(
    what="A number that decides all luck of a run: who has energy when, how demand moves, which trust is broken.",
    why="One seed is one story. Try several: the spread between them is often wider than between routes.",
    notice="The same seed under another route meets the same luck.",
    words=("Luck, seed", "Run"),
)
ABOUT_ROUTE = About(
    what="How the learning partner enters the place and shares out its days: in which order, on what.",
    unit="days a month, shared between six activities",
    why="The order of the work is what the essay argues about.",
    basis="The order comes from the essay; the shares are assumed.",
    words=("Route", "Phase", "Learning partner’s days"),
)
ABOUT_SCENARIO = About(
    what="A place with its organisations, pressures and events, ready to be looked at.",
    basis="Each place's own file lists its sources and what was assumed.",
    words=("Scenario", "Place"),
)
ABOUT_MONTH = About(
    what="The month that the whole page is read at. Play moves on by itself; Pause or the Escape key stops it.",
    unit="months since the partner began", notice="Month 0 is before the first month of work.",
)  # fmt: skip


def scenario_choice(session: Session, about: About) -> solara.Element:
    """Return the choice of a ready scenario; a place that is put into one stands for it under its own title."""
    settings, chosen = session.settings, session.chosen
    other = settings.place if not chosen.missing else ""
    return Choice(
        "Scenario", other or settings.scenario, ({other: chosen.scenario.title} if other else {}) | titles("scenarios"),
        about=about,
        on_choose=lambda name: session.commit(scenario=name, place="", organisation="") if name != other else None,
    )  # fmt: skip


@solara.component
def Page() -> solara.Element:
    """Show the page."""
    session = use_session()
    view = view_of(session)
    told = use_later(view.found, lambda: [ByLuck(view)], moving=session.moving)
    rest = FurtherDown(view.found, lambda: [OverTime(view), Story(view), NotesOfPlace()], session.moving)
    return Box(
        WhatIsRun(session),
        _month(session),
        Strip(view, told),
        Together(view),
        rest,
        PrintButton(),
        kind="b-stack b-place",
    )


def WhatIsRun(session: Session) -> solara.Element:
    """Return the choice of scenario, route and luck."""
    settings, scenario = session.settings, session.chosen.scenario
    route = settings.route or scenario.route.name
    return Controls(
        scenario_choice(session, ABOUT_SCENARIO),
        Choice("Route", route if route in ready("routes") else "none", titles("routes"), about=ABOUT_ROUTE,
               on_choose=lambda name: session.commit(route=name)),
        NumberSlider("Luck: seed", settings.seed, low=Settings().seed, high=Settings().seed + 199,
                     standard=Settings().seed, about=ABOUT_SEED,
                     on_move=lambda seed: session.show(seed=int(seed)),
                     on_choose=lambda seed: session.commit(seed=int(seed))),
        label="What is run",
    )  # fmt: skip


def _month(session: Session) -> solara.Element:
    months = session.chosen.scenario.months
    slider = NumberSlider(
        "Month", session.month, low=0, high=months, about=ABOUT_MONTH, play=True,
        on_move=lambda month: session.show(month=int(month)),
        on_choose=lambda month: session.commit(month=-1 if month == months else int(month)),
    )  # fmt: skip
    return Box(slider, kind="b-month")
