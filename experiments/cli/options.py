"""Typed options to a scenario."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import wraps
from inspect import Parameter, signature
from math import isfinite
from os.path import isfile
from typing import TYPE_CHECKING, Annotated, Any

import typer

from experiments.cli.console import Manner, compile_once, fail, manner, note
from experiments.executors import HERE, Executor, ExecutorError, Processes, chosen
from simulation.limits import MOST_SEED

if TYPE_CHECKING:
    from simulation.scenario import Scenario


def spread(arguments: Sequence[str]) -> list[str]:
    """Return the arguments with every value of `--routes`, `--set` and `--parameters` as an option of its own.

    >>> spread(["compare", "--routes", "none", "blended", "--months", "60"])
    ['compare', '--routes', 'none', '--routes', 'blended', '--months', '60']
    >>> spread(["run", "--set", "T0=0.4", "nu=0", "gateshead"])
    ['run', '--set', 'T0=0.4', '--set', 'nu=0', 'gateshead']
    """
    belongs: dict[str, Callable[[str], bool]] = {
        "--routes": _may_be_route,
        "--set": lambda text: "=" in text,
        "--parameters": lambda text: not text.endswith(".csv"),
    }
    result: list[str] = []
    rest = list(arguments)
    while rest:
        word = rest.pop(0)
        result.append(word)
        if word == "--":
            return result + rest
        if word not in belongs or not rest:
            continue
        result.append(rest.pop(0))
        while rest and not rest[0].startswith("-") and belongs[word](rest[0]):
            result += [word, rest.pop(0)]
    return result


def listed(values: Sequence[str] | None) -> list[str]:
    """Return values that may be separated by commas or spaces, one by one.

    >>> listed(["none,blended", "manifesto-led prototype-led"])
    ['none', 'blended', 'manifesto-led', 'prototype-led']
    """
    return [part for value in values or () for part in value.replace(",", " ").split()]


def names_or_paths(values: Sequence[str] | None, kind: str) -> list[str]:
    """Return ready names and paths one by one; commas and spaces separate them, but for those in a path.

    >>> names_or_paths(["none,blended", "./my routes/a, b.toml"], "routes")
    ['none', 'blended', './my routes/a, b.toml']
    """
    known = set(ready_names(kind))
    return [text for value in values or () for text in _apart(value, lambda text: text in known or isfile(text))]


def _apart(value: str, is_known: Callable[[str], bool]) -> list[str]:
    """Cut a value where what is known ends; what is not known stays together where it looks like a path."""
    words = [(match.group(), match.start(), match.end()) for match in re.finditer(r"[^,\s]+", value)]
    found: list[str] = []
    unknown: list[tuple[str, int, int]] = []

    def say_unknown() -> None:
        if unknown:
            whole = value[unknown[0][1] : unknown[-1][2]]
            is_path = "/" in whole or whole.endswith(".toml")
            found.extend([whole] if is_path else [word for word, _, _ in unknown])
            unknown.clear()

    k = 0
    while k < len(words):
        ends = (j for j in range(len(words), k, -1) if is_known(value[words[k][1] : words[j - 1][2]]))
        end = next(ends, None)
        if end is None:
            unknown.append(words[k])
            k += 1
            continue
        say_unknown()
        found.append(value[words[k][1] : words[end - 1][2]])
        k = end
    say_unknown()
    return found


def ready_names(kind: str) -> list[str]:
    """Return the names of what is kept ready, without reading the files."""
    from simulation.scenario.library import library_root

    root = library_root()
    if kind == "places":
        return sorted(path.parent.name for path in root.glob("places/*/place.toml"))
    folder = root if kind == "scenarios" else root / kind
    return sorted(path.stem for path in folder.glob("*.toml"))


def _may_be_route(text: str) -> bool:
    """Tell whether a word after --routes can be one: a ready scenario's name that is no route's ends the list."""
    return text not in ready_names("scenarios") or text in ready_names("routes")


# Turn what was typed into a scenario, with one clear error where that can't be done.


MOST_WORKERS = 1_000
GIGABYTE = 1 << 30
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
ON = typer.Option("--on", metavar="ADDRESS", help="A Dask scheduler to run on, such as tcp://scheduler:8786.")
JSON = typer.Option("--json", help="Print the result, or the error, as one JSON document.")
QUIET = typer.Option("--quiet", help="Print nothing beside the result, or where it is.")


class App(typer.Typer):
    """Commands that all know --json and --quiet; what they are to do with them, `console.answer` knows.

    `rank` is where they stand among the subcommands that --help lists, the lowest first.
    """

    def __init__(self, *, rank: int = 100, **more: Any) -> None:
        """Hold no command yet."""
        super().__init__(**more)
        self.rank = rank

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


def _known(value: str | None) -> str | None:
    """Return the name of an executor of this machine. Raises BadParameter for any other."""
    if value is not None and value not in HERE:
        msg = f"{value!r} is not one of {', '.join(map(repr, HERE))}"
        raise typer.BadParameter(msg)
    return value


EXECUTOR = typer.Option(
    "--executor",
    metavar="|".join(HERE),
    callback=_known,
    autocompletion=lambda incomplete: [name for name in HERE if name.startswith(incomplete)],
    help="How to use this machine; only processes survive a run that kills its worker.",
)
MEMORY = typer.Option(
    "--memory",
    min=1.0,
    max=1_000_000.0,
    metavar="GB",
    callback=finite,
    help="Most memory of a worker process, which takes about 1 itself; a run over it fails alone.",
)


@contextmanager
def who(kind: str, workers: int | None, memory: float | None, on: str | None) -> Iterator[Executor]:
    """Yield who carries runs out; processes are started at once, and get ready while this one does."""
    most = None if memory is None else int(memory * GIGABYTE)
    compile_once()
    try:
        executor: Executor = chosen(kind, workers=workers, memory=most, on=on)
    except ExecutorError as error:
        raise fail(error) from None
    if not isinstance(executor, Processes):
        yield executor
        return
    try:
        executor.start()
        yield executor
    finally:
        executor.stop()


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
