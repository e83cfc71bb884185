"""Place new, check, import."""

from __future__ import annotations

import errno
import os
import re
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from experiments.cli import options
from experiments.cli.check import look_over
from experiments.cli.console import answer, fail
from experiments.cli.options import App
from simulation.scenario import Problem, ProblemError, check_place
from simulation.scenario.library import ready, windows_refuses
from simulation.text import counted

if TYPE_CHECKING:
    from simulation.importers import Imported, Upload


IMPORT_EXAMPLES = """\b
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
    from simulation.importers import import_map, place_files
    from simulation.importers.importer import choices_of
    from simulation.scenario import ProblemError
    from simulation.scenario.library import title_of

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
    from simulation.importers import Upload
    from simulation.importers.tables import MOST_BYTES
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
    from experiments.reporting.terminal import item, table

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


# `behaviours place new` and `place check`: begin a place of your own, and look it over.


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


commands = App(rank=100)
place_app = App(
    no_args_is_help=True, rich_markup_mode=None, help="Make, check or import a place of your own.", epilog=EXAMPLES
)


commands.add_typer(place_app, name="place")


@place_app.command(epilog=NEW_EXAMPLES)
def new(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Name of the place, and of its folder.")],
    into: Annotated[Path, typer.Option("--in", metavar="DIR", help="Folder to make it in.")] = Path("."),
) -> None:
    """Write a commented template of a place, which checks clean as it stands."""
    from simulation.scenario import ProblemError
    from simulation.scenario.library import template_files

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


place_app.command("import", epilog=IMPORT_EXAMPLES)(import_place)

# Write a new place's folder: as a whole or not at all, and only where nothing else is.


NAME = re.compile(r"[^\W_][\w.-]{0,79}")


def check_name(name: str) -> None:
    """Raise ProblemError where a place can't have this name: it is a folder's, and typed on command lines."""
    meant = re.sub(r"[^\w.]+", "-", name).strip("-._").lower()[:80]
    if not NAME.fullmatch(name) or name.endswith((".", ".toml")):
        allowed = "letters, digits, '-', '_' and '.', beginning with a letter or digit"
        raise ProblemError([Problem("can't be a place's name", value=name or '""', allowed=allowed, nearest=meant)])
    _refuse_windows(name)
    if name in ready("places"):
        raise ProblemError([Problem("is the name of a ready place", value=name, allowed="a name of its own")])


def _refuse_windows(name: str) -> None:
    if windows_refuses(name):
        message = "can't be the name of a place: Windows can't have a folder of that name"
        nearest = f"my-{name.strip(' .')}"
        raise ProblemError([Problem(message, value=name, allowed="another name", nearest=nearest)])


def check_free(folder: Path) -> None:
    """Raise ProblemError where something is in the way of a new folder; an empty folder is not.

    A place is never the same work again: it is a person's own from the moment it is there. Raises UnwritableError.
    """
    from experiments.output_folder import OutputError, UnwritableError, beside, refuse_held, usable

    allowed = "a folder that is new or empty"
    if os.path.islink(folder):
        raise ProblemError([Problem("is there already, as a link", value=str(folder), allowed=allowed)])
    try:
        there = usable(folder, "place", lambda there: None)
        refuse_held(there)
        refuse_held(beside(there), of=there)
    except UnwritableError:
        raise
    except OutputError as error:
        why = str(error).removeprefix(f"--out: {folder} ")
        message = "is there already, and nothing is written over it" if os.path.exists(folder) else "can't be used"
        raise ProblemError([Problem(f"{message}: {why}", value=_short(str(folder)), allowed=allowed)]) from None
    _refuse_windows(there.name)


def write_place(files: Mapping[str, str], folder: Path) -> list[str]:
    """Write a place's files by name, check them, and return the notes of reading them.

    Raises ProblemError where the folder is taken or the files do not make a place; OutputError where they can't be
    written. Either way nothing is left behind.
    """
    from experiments.output_folder import unwritable

    check_free(folder)
    try:
        return _write(files, folder)
    except OSError as error:
        raise unwritable(folder, error) from None


def _write(files: Mapping[str, str], folder: Path) -> list[str]:
    folder.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=f".{folder.name[:40]}-", dir=folder.parent))
    try:
        for name, text in files.items():
            (draft / name).write_text(text, encoding="utf-8", newline="\n")
        if problems := check_place(draft):
            raise ProblemError(problems)
        draft.chmod(0o755)
        _put(draft, folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    notes: list[str] = []
    check_place(folder, notes=notes)
    return notes


def _put(draft: Path, folder: Path) -> None:
    """Let a folder take the place of an empty one, or of none, in one step. Raises ProblemError where it is neither."""
    try:
        draft.rename(folder)
    except OSError as error:
        if error.errno not in (errno.ENOTEMPTY, errno.EEXIST):
            raise
        check_free(folder)  # another process was quicker, and this names what is there


def _short(text: str) -> str:
    return text if len(text) <= 100 else f"{text[:100]}…"
