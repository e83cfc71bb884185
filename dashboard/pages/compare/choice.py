"""Choose what is compared: place, pressure, routes, seeds; and set it going."""

from typing import Any

import solara

from dashboard.address import FEWEST_PAIRED, MOST_COMPARED, MOST_PAIRED, titles
from dashboard.components import About, Box, Button, Choice, Controls, Message, NumberSlider, Section, Text
from dashboard.pages.compare.desk import FEWEST_ROUTES, Desk
from dashboard.pages.compare.outcome import seeds_words, time_words
from dashboard.pages.compare.question import USUAL, route_title
from dashboard.pages.place import scenario_choice
from experiments.comparison_plan import ready_routes

STEP = 20
WATCH = 0.25
"""Seconds between two looks at how far a job is."""
OWN = "own"
ABOUT_SCENARIO = About(
    what="The place in which every route is tried, with its organisations and events.",
    basis="Each place's own file lists its sources and what was assumed.",
    notice="Numbers set on Assumptions hold for every route here.",
)
ABOUT_PRESSURE = About(
    what="How demand, budgets and shocks move over the months, the same for every route.",
    why="What helps in calm years may not under strain.", basis="Assumed, except where the file names a source.",
    notice="Name a comparison, change the pressure, compare again, and lay the two side by side below.",
)  # fmt: skip
ABOUT_SEEDS = About(
    what="How many throws of luck every route is run on: the same ones for all, so that the difference between two "
    "routes on one seed is the route and nothing else.",
    unit="seeds", why="More seeds make the intervals narrower: four times as many, half as wide.",
    notice="20 are the fewest that rank anything. What was run already is not run again when you add seeds.",
)  # fmt: skip
ABOUT_ROUTES = About(
    what="How the learning partner enters the place and shares out its days. Two to four routes are compared.",
    why="The order of the work is what the essay argues about.",
    basis="The order comes from the essay; the shares are assumed.",
    notice="“No learning partner” shows what would have happened anyway.",
)
BEFORE = "Before you press: which route do you expect to end higher, by how much of 10, and how sure are you?"


def Choosing(desk: Desk) -> solara.Element:
    """Return the choices and the button."""
    session, settings = desk.session, desk.settings
    given = settings.pressure or OWN
    pressures = {OWN: "The scenario’s own"} | titles("pressures")
    controls = Controls(
        scenario_choice(session, ABOUT_SCENARIO),
        Choice("Pressure", given, pressures, about=ABOUT_PRESSURE,
               on_choose=lambda name: session.commit(pressure="" if name == OWN else name)),
        NumberSlider("Paired seeds", settings.paired, low=FEWEST_PAIRED, high=MOST_PAIRED, step=STEP, standard=40,
                     about=ABOUT_SEEDS, on_choose=lambda seeds: session.commit(paired=_whole(seeds))),
        label="Where and how often",
    )  # fmt: skip
    return Section("What is compared", controls, _routes(desk))


def _whole(seeds: float) -> int:
    return int(min(max(FEWEST_PAIRED, round(seeds / STEP) * STEP), MOST_PAIRED))


def _routes(desk: Desk) -> solara.Element:
    chosen = desk.routes
    buttons = [
        Button(
            route_title(name), lambda name=name: _toggle(desk, name), pressed=name in chosen,
            disabled=len(chosen) <= FEWEST_ROUTES if name in chosen else len(chosen) >= MOST_COMPARED,
        )
        for name in ready_routes()
    ]  # fmt: skip
    return Box(
        Box(f"Routes: {len(chosen)} of two to four", tag="h3"),
        Box(*buttons, kind="b-toggles", role="group", aria_label="Routes compared, two to four"),
        Box(Box("About", Box(" the routes", kind="b-unseen", tag="span"), tag="summary"),
            solara.HTML(unsafe_innerHTML=ABOUT_ROUTES.html()), kind="b-about", tag="details"),
    )  # fmt: skip


def _toggle(desk: Desk, name: str) -> None:
    chosen = set(desk.routes) ^ {name}
    routes = tuple(route for route in ready_routes() if route in chosen)
    if len(routes) > MOST_COMPARED:
        return
    desk.session.commit(compare=() if routes == USUAL else routes)


@solara.component
def Running(desk: Desk, *, is_there: bool) -> solara.Element:
    """Show the button, what is running, and how that ended; look again and again how far it is."""
    _, tick = solara.use_state(0, key="ticks")
    watched = desk.bench.job

    def watch() -> None:
        while watched is not None and not watched.ended.wait(WATCH):
            if task.cancelled or not task.is_current():
                return
            tick(lambda number: number + 1)
        desk.redraw()

    task: Any = solara.lab.use_task(watch, dependencies=[0 if watched is None else watched.number])
    job, running, asked = desk.bench.job, desk.running, desk.asked
    few = len(desk.routes) < FEWEST_ROUTES
    lead = "These are the results of what is chosen above." if is_there else BEFORE
    parts = [
        Text("Choose at least two routes." if few else lead),
        Box(
            Button(f"Compare: {asked.runs:,} runs", lambda: desk.start(asked), kind="b-main",
                   disabled=running is not None or few or is_there),
            Button("Cancel", desk.cancel, disabled=running is None),
            tag="p", kind="b-buttons",
        ),
    ]  # fmt: skip
    if desk.bench.problem:
        parts.append(Message(desk.bench.problem, kind="wrong"))
    if running is not None:
        parts += [
            Box(Box(kind="b-progress-done", style=f"width: {100 * running.done / running.total:.1f}%"),
                kind="b-progress", role="progressbar", aria_label="Runs done", aria_valuemin="0",
                aria_valuenow=str(running.done), aria_valuemax=str(running.total)),
            Text(f"{running.done:,} of {running.total:,} runs, {running.rate:,.0f} a second, "
                 f"{time_words(running.left)}. Nothing is shown before all are done: what is seen half-way misleads."),
        ]  # fmt: skip
    elif job is not None and job.found is None:
        parts.append(Message(job.error or f"Stopped after {job.done:,} of {job.total:,} runs. Finished parts are kept: "
                             "the same comparison goes on from there."))  # fmt: skip
    elif job is not None and job.asked == asked:
        parts.append(Message(f"Done: {job.total:,} runs on {seeds_words(asked)}, {job.ran:,} of them now, in "
                             f"{max(0.1, job.seconds):.1f} s."))  # fmt: skip
    elif not is_there:
        parts.append(Text("Nothing runs by itself. A comparison that was run here lately, by whomever, is shown "
                          "at once.", kind="b-hint"))  # fmt: skip
    return Box(*parts, kind="b-running")
