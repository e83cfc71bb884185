"""`behaviours place new` and `place check`: begin a place of your own, and look it over."""

from pathlib import Path
from typing import Annotated

import typer

from experiments.commands import importing
from experiments.commands.file_check import look_over
from experiments.commands.options import App
from experiments.commands.terminal import answer, fail

EXAMPLES = """\b
Examples:
  behaviours place new my-town
  behaviours place check my-town
  behaviours place import map.xlsx --as my-town
  behaviours run --place ./my-town --route blended
"""

NEW_EXAMPLES = """\b
Examples:
  behaviours place new my-town
  behaviours place new my-town --in places
"""


place_app = App(
    no_args_is_help=True, rich_markup_mode=None, help="Make, check or import a place of your own.", epilog=EXAMPLES
)


@place_app.command(epilog=NEW_EXAMPLES)
def new(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Name of the place, and of its folder.")],
    into: Annotated[Path, typer.Option("--in", metavar="DIR", help="Folder to make it in.")] = Path("."),
) -> None:
    """Write a commented template of a place, which checks clean as it stands."""
    from experiments.place_writing import check_name, write_place
    from experiments.template import template_files
    from simulation.scenario import ProblemError

    folder = into / name
    try:
        check_name(name)
        write_place(template_files(name), folder)
    except ProblemError as error:
        raise fail(error) from None
    files = ("place.toml", "organisations.csv", "relationships.csv")
    text = f"{folder}: {', '.join(files)}\nReplace what is in them, then: behaviours place check {folder}"
    answer(lambda: {"folder": str(folder), "files": files}, lambda: text, where=folder)


@place_app.command()
def check(
    place: Annotated[Path, typer.Argument(metavar="PLACE_DIR", help="Folder of a place: place.toml and its tables.")],
) -> None:
    """Look a place's files over and say all that is wrong."""
    look_over(place, "place")


place_app.command("import", epilog=importing.EXAMPLES)(importing.import_place)
