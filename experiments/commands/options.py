"""Turn what was typed into a scenario, with one clear error where that can't be done."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from inspect import Parameter, signature
from math import isfinite
from typing import TYPE_CHECKING, Annotated, Any

import typer

from experiments.commands.arguments import listed, ready_names
from experiments.commands.terminal import Manner, manner, note
from simulation.limits import MOST_SEED

if TYPE_CHECKING:
    from simulation.scenario import Scenario

MOST_WORKERS = 1_000
SCENARIO_HELP = "A ready scenario's name, or the path of one of your own."
SET = typer.Option(
    "--set", metavar="KEY=VALUE", help="Set a number or a choice, such as trust_gain=0.1; may be repeated."
)
WITHOUT = typer.Option("--without", metavar="NAME", help="Switch a mechanism off, such as evidence; may be repeated.")
PROFILE = typer.Option(
    "--profile", metavar="full|lean", help="The full model, or the one without eight optional terms."
)
MONTHS = typer.Option("--months", metavar="N", help="Programme months to run.")
SEED = typer.Option("--seed", min=0, max=MOST_SEED, metavar="N", help="The first seed; a seed decides all luck.")
WORKERS = typer.Option(
    "--workers",
    min=1,
    max=MOST_WORKERS,
    metavar="N",
    help="Workers; they change no result. Default: one a processor.",
)
OUT = typer.Option("--out", metavar="DIR", help="Folder for the results.")
JSON = typer.Option("--json", help="Print the result, or the error, as one JSON document.")
QUIET = typer.Option("--quiet", help="Print nothing beside the result, or where it is.")


class App(typer.Typer):
    """Commands that all know --json and --quiet; what they are to do with them, `terminal.answer` knows."""

    def command(  # type: ignore[override]
        self, name: str | None = None, **more: Any
    ) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """Register a command under a name, the function's own by default."""
        register = super().command(name, **more)

        def registered(function: Callable[..., Any]) -> Callable[..., Any]:
            register(_with_manner(function))
            return function

        return registered


def _with_manner(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a command's function with two options more, which are taken off before it is called."""

    @wraps(function)
    def called(*, as_json: bool, quiet: bool, **values: Any) -> Any:
        manner.set(Manner(as_json, quiet))
        return function(**values)

    named = {"as_json": Annotated[bool, JSON], "quiet": Annotated[bool, QUIET]}
    more = [Parameter(name, Parameter.KEYWORD_ONLY, default=False, annotation=kind) for name, kind in named.items()]
    given = signature(function, eval_str=True)
    whole = given.replace(parameters=[*given.parameters.values(), *more])
    called.__signature__ = whole  # type: ignore[attr-defined]
    called.__annotations__ = {name: one.annotation for name, one in whole.parameters.items()}
    return called


def finite(value: float | None) -> float | None:
    """Return a number as it was typed. Raises BadParameter for one that is none, or has no end."""
    if value is not None and not isfinite(value):
        msg = f"'{value}' is not a finite number; allowed: a finite number"
        raise typer.BadParameter(msg)
    return value


def complete(kind: str) -> Callable[[str], list[str]]:
    """Return what completes a ready name on the command line."""

    def names(incomplete: str) -> list[str]:
        return [name for name in ready_names(kind) if name.startswith(incomplete)]

    return names


def changed(
    scenario: Scenario,
    *,
    settings: Sequence[str] | None = None,
    without: Sequence[str] | None = None,
    profile: str | None = None,
    months: int | None = None,
    pressure: str | None = None,
    route: str | None = None,
    notes: list[str],
) -> Scenario:
    """Return the scenario with what was typed besides. Raises ProblemError with all that is wrong."""
    from simulation.scenario import load_pressure, load_route, with_settings

    changes: dict[str, object] = {}
    if pressure is not None:
        changes["pressure"] = load_pressure(pressure, notes=notes)
    if route is not None:
        changes["route"] = load_route(route, notes=notes)
    if without:
        changes["without"] = tuple(dict.fromkeys((*scenario.without, *listed(without))))
    if profile is not None:
        changes["profile"] = profile
    if months is not None:
        changes["months"] = months
    if changes:
        scenario = scenario.changed(**changes)
    return with_settings(scenario, settings, notes=notes) if settings else scenario


def loaded(source: str | None, place: str | None, notes: list[str]) -> Scenario:
    """Return a scenario by name or path, in another place if one is given; a place alone makes a plain scenario."""
    from simulation.scenario import Problem, ProblemError, Scenario, load_place, load_scenario

    if source is None and place is None:
        raise ProblemError([Problem("name a scenario, such as gateshead, or a place with --place")])
    scenario = load_scenario(source, notes=notes) if source is not None else None
    if place is None:
        return scenario  # type: ignore[return-value]
    where = load_place(place, notes=notes)
    if scenario is None:
        return Scenario(name=where.name, title=where.title, place=where)
    return scenario.changed(place=where, name=f"{scenario.name}-in-{where.name}", title="")


def tell(notes: Sequence[str]) -> None:
    """Pass on what was assumed or is unusual, each note once."""
    for text in dict.fromkeys(notes):
        note(f"note: {text}")
