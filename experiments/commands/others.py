"""`behaviours warm` and `schema`: get ready, help an editor."""

from enum import StrEnum
from typing import Annotated

import typer

from experiments.commands.terminal import answer, note, spinner


class File(StrEnum):
    """Kinds of file that people edit."""

    place = "place"
    route = "route"
    pressure = "pressure"
    scenario = "scenario"


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


def schema(kind: Annotated[File, typer.Argument(help="Kind of file.")]) -> None:
    """Print the JSON Schema of a kind of file, for an editor that completes and checks."""
    from simulation.scenario.schema import schema_text, schemas

    found = schemas()[kind.value]
    answer(lambda: found, lambda: schema_text(found).rstrip("\n"))
