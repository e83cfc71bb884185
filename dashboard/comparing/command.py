"""Write the command that gives the same numbers, and make sure that it does."""

from functools import lru_cache
from shlex import quote

from dashboard.comparing.asked import Asked
from dashboard.entries import short
from dashboard.runs import STRUCTURE
from dashboard.settings import PRIVATE, Settings
from experiments.comparison_plan import FIRST_SEED
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
    from experiments.commands import options

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
