"""Page Compare; the command with the same numbers."""

from functools import lru_cache
from shlex import quote

import solara

from dashboard.address import PRIVATE, Settings, short
from dashboard.components import Box, Perhaps, Section, Text
from dashboard.pages.compare.choice import Choosing, Running
from dashboard.pages.compare.collection import Naming
from dashboard.pages.compare.desk import FEWEST_ROUTES, Desk, desk_of
from dashboard.pages.compare.outcome import Ingredients, Outcome, Reading
from dashboard.pages.compare.question import Asked
from dashboard.runs import STRUCTURE
from dashboard.session import use_session
from experiments.arms import FIRST_SEED
from simulation.scenario import ProblemError, Route

INGREDIENT = "NAME"


def command(settings: Settings, asked: Asked, *, without: str = "") -> str | None:
    """Return the command line of a comparison; None where no command is the same, as for a place of one's own."""
    words = arguments(settings)
    if words is None or not _is_same(settings, asked):
        return None
    routes = dict.fromkeys(arm.route for arm in asked.arms)
    runs = ["--routes", *routes, "--replicates", str(asked.paired)]
    if asked.first_seed != FIRST_SEED:
        runs += ["--seed", str(asked.first_seed)]
    if without:
        runs += ["--without", without]
    every = ["behaviours", "compare", *words[:1], *runs, *words[1:], "--no-pressures", "--no-structures"]
    return " ".join(map(quote, every))


def arguments(settings: Settings) -> list[str] | None:
    """Return scenario and changes as the command line takes them; None for a place of one's own."""
    if PRIVATE.fullmatch(settings.place):
        return None
    plain, words = Settings(), [settings.scenario]
    for name in ("place", "pressure"):
        if value := getattr(settings, name):
            words += [f"--{name}", value]
    if settings.months:
        words += ["--months", str(settings.months)]
    if settings.profile != plain.profile:
        words += ["--profile", settings.profile]
    for name in STRUCTURE:
        if getattr(settings, name) != getattr(plain, name):
            words += ["--set", f"structure.{name}={getattr(settings, name)}"]
    for name, value in settings.parameters:
        words += ["--set", f"{name}={short(value)}"]
    return words


@lru_cache(maxsize=256)
def _is_same(settings: Settings, asked: Asked) -> bool:
    """Tell whether the command line makes the same scenario of these settings."""
    from experiments.cli import options

    structure = [f"structure.{n}={getattr(settings, n)}" for n in STRUCTURE if getattr(settings, n) != _plain(n)]
    numbers = [f"{name}={short(value)}" for name, value in settings.parameters]
    try:
        scenario = options.changed(
            options.loaded(settings.scenario, settings.place or None, []), settings=structure + numbers or None,
            profile=settings.profile if settings.profile != _plain("profile") else None,
            months=settings.months or None, pressure=settings.pressure or None, notes=[],
        )  # fmt: skip
    except ProblemError:
        return False
    bare = {"route": Route(), "title": "", "description": ""}
    return scenario.changed(**bare).content_hash() == asked.base.changed(**bare).content_hash()


def _plain(name: str) -> object:
    return getattr(Settings(), name)


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
