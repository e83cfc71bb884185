"""`behaviours place import`: a place from the stakeholder map that people already have."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from experiments.commands import options
from experiments.commands.terminal import answer, fail, item, table
from simulation.text import counted

if TYPE_CHECKING:
    from experiments.importing import Imported, Upload

EXAMPLES = """\b
Examples:
  behaviours place import map.xlsx --as my-town
  behaviours place import elements.csv connections.csv --as my-town
  behaviours place import map.json --as my-town --without-type Person --kind "Anchor=health"
  behaviours place import ties.csv --as my-town --columns "from=Org A,to=Org B" --drop-dangling
"""


def import_place(
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE...",
            help="Workbook, CSV files or a zip of them, JSON, GraphML, GEXF, GML, Pajek, draw.io, edge list or matrix.",
        ),
    ],
    name: Annotated[str, typer.Option("--as", metavar="NAME", help="Name of the place.")],
    out: Annotated[Path | None, typer.Option(metavar="DIR", help="Folder of the place. Default: ./NAME.")] = None,
    columns: Annotated[
        list[str] | None,
        typer.Option(
            metavar="[TABLE: ]WHAT=COLUMN,...",
            help="Read a column (its name or number) as: label id type role size from to tie weight network.",
        ),
    ] = None,
    kinds: Annotated[
        list[str] | None,
        typer.Option(
            "--kind", metavar="TYPE=KIND", help="Kind of the elements of a type, or of one name; none leaves out."
        ),
    ] = None,
    only: Annotated[list[str] | None, typer.Option(metavar="TYPE", help="Keep elements of this type only.")] = None,
    without_type: Annotated[list[str] | None, typer.Option(metavar="TYPE", help="Leave this type out.")] = None,
    sheet: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="Read this sheet, list or file only; may be repeated.")
    ] = None,
    network: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="Take the ties of this map, sheet or network only.")
    ] = None,
    drop_dangling: Annotated[bool, typer.Option("--drop-dangling", help="Drop ties to what is no element.")] = False,
    add_dangling: Annotated[bool, typer.Option("--add-dangling", help="Add what ties name as elements.")] = False,
    merge_same_name: Annotated[
        bool, typer.Option("--merge-same-name", help="Take elements of one name, or one id, for one.")
    ] = False,
    weights: Annotated[
        str, typer.Option(metavar="SCALE", help="What weights mean: 0-1, 0-10, 1-10, percent or largest.")
    ] = "",
    form: Annotated[
        list[str] | None,
        typer.Option(metavar="[TABLE: ]FORM", help="Read a table as matrix, edges or elements; none leaves it out."),
    ] = None,
    split: Annotated[
        str, typer.Option(metavar="MARK", help="Between names in a cell: comma, semicolon, bar, slash or none.")
    ] = "",
    encoding: Annotated[str, typer.Option(metavar="NAME", help="How text is stored, such as windows-1252.")] = "",
    at: Annotated[str, typer.Option(metavar="DATE", help="Read a map that changes over time as of a date.")] = "",
    header: Annotated[bool, typer.Option("--header/--no-header", help="Whether tables have column names.")] = True,
) -> None:
    """Make a place from a stakeholder map, and say all that was assumed."""
    from experiments.importing import import_map, place_files
    from experiments.importing.asked import choices_of
    from experiments.place_writing import check_free, check_name, write_place
    from experiments.template import title_of
    from simulation.scenario import ProblemError

    folder = out or Path(name)
    try:
        check_name(name)
        check_free(folder)
        choices = choices_of(
            columns=columns or (), kinds=kinds or (), only=only or (), without_types=without_type or (),
            sheets=sheet or (), networks=network or (), weights=weights, form=form or (), split=split,
            encoding=encoding, drop_dangling=drop_dangling, add_dangling=add_dangling,
            merge_same_name=merge_same_name, header=header, at=at,
        )  # fmt: skip
        imported = import_map(_uploads(files), choices)
        notes = write_place(place_files(imported, title=title_of(name)), folder)
    except ProblemError as error:
        raise fail(error) from None
    options.tell([text for text in notes if not any(doubt in text for doubt in imported.doubts)])
    answer(lambda: _as_data(imported, folder), lambda: _account(imported, folder), where=folder)


def _uploads(files: list[Path]) -> list[Upload]:
    """Read the files, no more of each than an import takes. Raises ProblemError where one can't be read."""
    from experiments.importing import Upload
    from experiments.importing.limits import MOST_BYTES
    from simulation.scenario import Problem, ProblemError

    uploads, problems = [], []
    for file in files:
        try:
            if not file.is_file():
                what = (
                    "is a folder" if file.is_dir() else "is not there" if not file.exists() else "is no ordinary file"
                )
                problems.append(Problem(what, value=str(file), allowed="a file"))
                continue
            with file.open("rb") as stream:
                uploads.append(Upload(file.name, stream.read(MOST_BYTES + 1)))
        except (OSError, ValueError) as error:
            problems.append(Problem(f"can't be read ({error})", value=str(file)))
    if problems:
        raise ProblemError(problems)
    return uploads


def _as_data(imported: Imported, folder: Path) -> dict[str, Any]:
    """Return what was made of the map as plain data."""
    return {
        "types": [
            {"type": one.type, "elements": one.count, "kind": one.shown_kind, "why": one.why}
            for one in imported.guesses
        ],
        "doubts": len(imported.doubts),
        "notes": list(imported.notes),
        "organisations": len(imported.organisations),
        "relationships": len(imported.relationships),
        "folder": str(folder),
    }


def _account(imported: Imported, folder: Path) -> str:
    """Say what may well be wrong, what was made of each type, what was assumed, and what to do next."""
    rows = [[guess.type, str(guess.count), guess.shown_kind, guess.why] for guess in imported.guesses]
    doubts = len(imported.doubts)
    first = [item(text) for text in imported.notes[:doubts]]
    if first:
        first = ["Look at this first (place check says it again, until place.toml no longer does):", *first, ""]
    people = counted(len(imported.organisations), "organisation")
    ties = counted(len(imported.relationships), "relationship")
    looks = f"It can be run, but look at {'what is' if doubts == 1 else f'the {doubts} things'} said first."
    return "\n".join(
        [
            *first,
            table(["type in the map", "elements", "kind", "why"], rows, last_left=True, fit=False),
            "\nWhat was read, assumed and left out (place.toml keeps it):",
            *(item(text) for text in imported.notes[doubts:]),
            f"\n{folder}: {people}, {ties}. {looks if doubts else 'It checks clean.'}",
            f"Look it through, then: behaviours run --place {_as_path(folder)} --route blended",
        ]
    )


def _as_path(folder: Path) -> str:
    """Return a folder as a command line takes it for a path, and not for a ready place."""
    text = str(folder)
    return text if "/" in text else f"./{text}"
