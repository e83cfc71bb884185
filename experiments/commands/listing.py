"""`behaviours list`: what is ready to use, and the model's numbers."""

from enum import StrEnum
from typing import Annotated

import typer

from experiments.commands import options
from experiments.commands.terminal import fail, table, width

EXAMPLES = """\b
Examples:
  behaviours list
  behaviours list routes
  behaviours list parameters
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


def list_ready(
    kind: Annotated[Kind | None, typer.Argument(help="What to list. Default: all that is kept ready.")] = None,
    as_json: Annotated[bool, options.JSON] = False,
) -> None:
    """List what is ready to use, and the model's numbers."""
    from simulation.scenario.problems import ProblemError

    kinds = [kind.value] if kind else ["places", "routes", "pressures", "scenarios", "plans"]
    try:
        found = {name: _rows(name) for name in kinds}
    except ProblemError as error:
        raise fail(str(error)) from None
    if as_json:
        from experiments.commands.json_text import json_text

        print(json_text(found[kind.value] if kind else found))
        return
    print(
        "\n\n".join((f"{name.capitalize()}\n" if not kind else "") + _text(name, rows) for name, rows in found.items())
    )


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
    if kind == "plans":
        from experiments.sweep_plan import available_plans

        return [entry._asdict() for entry in available_plans()]
    from simulation.scenario.load import available

    return [entry._asdict() for entry in available(kind)]  # type: ignore[arg-type]


def _text(kind: str, rows: list[dict[str, object]]) -> str:
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
    widest = max((len(str(row["name"])) for row in rows), default=0)
    return "\n".join(_entry(str(row["name"]), str(row["description"] or row["title"]), widest) for row in rows)


def _short(text: str) -> str:
    return text if len(text) <= BASIS else text[: BASIS - 1].rstrip() + "…"


def _entry(name: str, text: str, indent: int) -> str:
    from textwrap import wrap

    lines = wrap(" ".join(text.split()), max(30, width() - indent - 4)) or [""]
    return "\n".join(f"  {name if k == 0 else '':<{indent}}  {line}" for k, line in enumerate(lines))
