"""List, warm, schema."""

from enum import StrEnum
from typing import Annotated

import typer

from experiments.cli.console import answer, note, spinner
from experiments.cli.options import App

commands, upkeep = App(rank=10), App(rank=120)

EXAMPLES = """\b
Examples:
  behaviours list
  behaviours list routes
  behaviours list parameters
  behaviours list mechanisms      what --without can switch off
  behaviours list outcomes        what --outcome can name
  behaviours list structures      what --set structure.NAME=OPTION can choose
"""


BASIS = 30
"""Characters of a number's basis that a table shows; --json shows all of it."""


class Kind(StrEnum):
    """What can be listed."""

    places = "places"
    routes = "routes"
    pressures = "pressures"
    scenarios = "scenarios"
    plans = "plans"
    parameters = "parameters"
    behaviours = "behaviours"
    mechanisms = "mechanisms"
    outcomes = "outcomes"
    structures = "structures"


@commands.command("list", epilog=EXAMPLES)
def list_ready(
    kind: Annotated[Kind | None, typer.Argument(help="What to list. Default: all that is kept ready.")] = None,
) -> None:
    """List what is ready to use, and the model's numbers."""
    kinds = [kind.value] if kind else ["places", "routes", "pressures", "scenarios", "plans"]
    found = {name: _rows(name) for name in kinds}
    parts = ((f"{name.capitalize()}\n" if not kind else "") + _text(name, rows) for name, rows in found.items())
    answer(lambda: found[kind.value] if kind else found, lambda: "\n\n".join(parts))


def _rows(kind: str) -> list[dict[str, object]]:
    if kind == "parameters":
        from simulation.parameters import PARAMETERS

        return [
            {
                "name": p.name, "symbol": p.symbol, "default": p.default, "low": p.low, "high": p.high, "unit": p.unit,
                "meaning": p.meaning, "basis": p.basis,
            }
            for p in PARAMETERS
        ]  # fmt: skip
    if kind == "behaviours":
        from simulation.vocabulary import BEHAVIOURS

        return [behaviour._asdict() for behaviour in BEHAVIOURS]
    if kind == "mechanisms":
        from simulation.ablations import LEAN, WITHOUT

        return [
            {"name": name, "description": switch.meaning, "sets": switch.parameters,
             "in_lean": all(LEAN.get(key) == value for key, value in switch.parameters.items())}
            for name, switch in WITHOUT.items()
        ]  # fmt: skip
    if kind == "outcomes":
        from simulation.outcomes import RUN_COLUMNS, shown

        return [
            {"name": name, "title": shown(name).title, "unit": shown(name).unit, "description": shown(name).meaning}
            for name in RUN_COLUMNS
        ]
    if kind == "structures":
        from simulation.scenario.structure import CHOICES

        return [
            {"name": f"structure.{name}", "options": list(names), "description": meaning}
            for name, (names, meaning) in CHOICES.items()
        ]
    if kind == "plans":
        from experiments.plan import available_plans

        return [entry._asdict() for entry in available_plans()]
    from simulation.scenario.files import available

    return [entry._asdict() for entry in available(kind)]  # type: ignore[arg-type]


def _text(kind: str, rows: list[dict[str, object]]) -> str:
    from experiments.reporting.terminal import table

    if kind == "parameters":
        cells = [
            [str(r["name"]), str(r["symbol"]), f"{r['default']:g}",
             "" if r["low"] is None else f"{r['low']:g} to {r['high']:g}", str(r["unit"]), _short(str(r["basis"]))]
            for r in rows
        ]  # fmt: skip
        note = "\n\nPlausible ranges; almost every number is assumed. Meanings: docs/odd.md, or --json."
        return (
            table(["name", "symbol", "default", "range", "unit", "basis"], cells, left=2, last_left=True, fit=False)
            + note
        )
    if kind == "behaviours":
        cells = [[str(r["number"]), str(r["group"]), str(r["title"]), str(r["id"])] for r in rows]
        return table(["no.", "group", "title", "id"], cells, left=4)
    if kind == "structures":
        cells = [[str(r["name"]), ", ".join(r["options"])] for r in rows]  # type: ignore[arg-type]
        return table(["choice", "options, the default first"], cells, left=2, fit=False)
    widest = max((len(str(row["name"])) for row in rows), default=0)
    return "\n".join(_entry(str(row["name"]), str(row["description"] or row["title"]), widest) for row in rows)


def _short(text: str) -> str:
    return text if len(text) <= BASIS else text[: BASIS - 1].rstrip() + "…"


def _entry(name: str, text: str, indent: int) -> str:
    from textwrap import wrap

    from experiments.reporting.terminal import width

    lines = wrap(" ".join(text.split()), max(30, width() - indent - 4)) or [""]
    return "\n".join(f"  {name if k == 0 else '':<{indent}}  {line}" for k, line in enumerate(lines))


# `behaviours warm` and `schema`: get ready, help an editor.


class File(StrEnum):
    """Kinds of file that people edit."""

    place = "place"
    route = "route"
    pressure = "pressure"
    scenario = "scenario"


@upkeep.command("warm")
def warm() -> None:
    """Compile the model once, so that the first run need not."""
    with spinner("Compiling the model, once"):
        from simulation.place import Place
        from simulation.scenario import Scenario

        scenario = Scenario(months=2)
        Place(scenario).run(1)
        for detail, explain in (("months", False), ("full", True)):
            Place(scenario, detail=detail, explain=explain).step()
    note("The model is compiled.")
    answer(lambda: {"compiled": True}, lambda: "")


@upkeep.command("schema")
def schema(kind: Annotated[File, typer.Argument(help="Kind of file.")]) -> None:
    """Print the JSON Schema of a kind of file, for an editor that completes and checks."""
    from simulation.scenario.json_schema import schema_text, schemas

    found = schemas()[kind.value]
    answer(lambda: found, lambda: schema_text(found).rstrip("\n"))
