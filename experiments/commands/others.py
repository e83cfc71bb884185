"""`behaviours warm`, `check` and `schema`: get ready, look a place over, help an editor."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from experiments.commands.terminal import BAD_INPUT, fail, note, spinner


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


def check(
    place: Annotated[Path, typer.Argument(metavar="PLACE_DIR", help="Folder of a place: place.toml and its tables.")],
) -> None:
    """Look a place's files over and say all that is wrong."""
    from simulation.scenario import ProblemError, check_place, load_place

    notes: list[str] = []
    problems = check_place(place, notes=notes)
    for text in notes:
        note(f"note: {text}")
    if problems:
        raise fail(str(ProblemError(problems)), BAD_INPUT)
    found = load_place(place)
    people, ties = len(found.organisations), len(found.relationships)
    what = f"{people} organisations, {ties} relationships" if found.from_file else "a generated place"
    print(f"{found.title or found.name}: nothing is wrong ({what}).")


def schema(kind: Annotated[File, typer.Argument(help="Kind of file.")]) -> None:
    """Print the JSON Schema of a kind of file, for an editor that completes and checks."""
    from simulation.scenario.schema import schema_text, schemas

    print(schema_text(schemas()[kind.value]), end="")
