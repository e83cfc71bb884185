"""Place: what one run of a scenario shows, month by month."""

from functools import lru_cache

import solara

from dashboard.charts import Drawing, line_chart, line_of
from dashboard.components import About, Box, Chart, Choice, Controls, Headlines, NumberSlider, Section
from dashboard.session import Session, use_session
from dashboard.settings import Settings, ready
from dashboard.source import source_of
from experiments.shown import level, shown
from simulation.scenario import available

PATH = "/"
TITLE = "Place"
LEAD = "Watch the organisations of one place over the months, under one route and one throw of luck."

STRIP = ("practice", "reach", "trust", "pressure", "infrastructure")
ABOUT_SEED = About(
    what="A number that decides all luck of a run: who has energy when, how demand moves, which trust is broken.",
    why="One seed is one story. Try several: the spread between them is often wider than between routes.",
    notice="The same seed under another route meets the same luck.",
)
ABOUT_ROUTE = About(
    what="How the learning partner enters the place and shares out its days: in which order, on what.",
    unit="days a month, shared between six activities",
    why="The order of the work is what the essay argues about.",
    basis="The order comes from the essay; the shares are assumed.",
)
ABOUT_SCENARIO = About(
    what="A place with its organisations, pressures and events, ready to be looked at.",
    basis="Each place's own file lists its sources and what was assumed.",
)
ABOUT_MONTH = About(
    what="The month that the numbers above are read at.", unit="months since the partner began",
    notice="Month 0 is before the first month of work.",
)  # fmt: skip
ABOUT_PRACTICE = About(
    what="How far the organisations practise the nine system behaviours, on average.",
    unit="0 (not at all) to 10 (wholly)", why="It is what every route is after.",
    basis="Computed by the model; most of its rates are assumed.",
    notice="Does it rise and stay, or fall back when the partner leaves?",
)  # fmt: skip


@lru_cache
def titles(kind: str) -> dict[str, str]:
    """Return names and titles of what is kept ready of a kind."""
    return {found.name: found.title for found in available(kind)}  # type: ignore[arg-type]


@solara.component
def Page() -> solara.Element:
    """Show the page."""
    session = use_session()
    return Box(_controls(session), _strip(session), _months(session), kind="b-stack")


def _controls(session: Session) -> solara.Element:
    settings, scenario = session.settings, session.chosen.scenario
    route = settings.route or scenario.route.name
    return Controls(
        Choice("Scenario", settings.scenario, titles("scenarios"), about=ABOUT_SCENARIO,
               on_choose=lambda name: session.commit(scenario=name, place="", organisation="")),
        Choice("Route", route if route in ready("routes") else "none", titles("routes"), about=ABOUT_ROUTE,
               on_choose=lambda name: session.commit(route=name)),
        NumberSlider("Luck: seed", settings.seed, low=Settings().seed, high=Settings().seed + 199,
                     standard=Settings().seed, about=ABOUT_SEED,
                     on_move=lambda seed: session.show(seed=int(seed)),
                     on_choose=lambda seed: session.commit(seed=int(seed))),
        label="What is run",
    )  # fmt: skip


def _strip(session: Session) -> solara.Element:
    found = session.run()
    looks = [(shown(name), level(name, found.at(name, session.month))) for name in STRIP]
    numbers = [(how.title, value, how.meaning if how.unit == "%" else how.unit) for how, value in looks]
    return Section(f"At month {session.month}", Headlines(numbers))


def _months(session: Session) -> solara.Element:
    months = session.chosen.scenario.months
    slider = NumberSlider(
        "Month", session.month, low=0, high=months, about=ABOUT_MONTH,
        on_move=lambda month: session.show(month=int(month)),
        on_choose=lambda month: session.commit(month=-1 if month == months else int(month)),
    )  # fmt: skip
    return Section("Practice over time", slider, Chart(practice_chart(session), about=ABOUT_PRACTICE))


def practice_chart(session: Session) -> Drawing:
    """Return mean practice of the run that is shown, over its months."""
    scenario = session.chosen.scenario
    route = scenario.route.title or scenario.route.name
    line = line_of(session.run(), "practice", name=route, route=scenario.route.name)
    title = f"Mean practice of all organisations: {scenario.title or scenario.name}, {route.lower()}"
    source = source_of(session.settings, scenario)
    return line_chart([line], "practice", title=title, month=session.month, source=source)
