"""Write a draft as the files of a place's folder, and as an archive of them."""

import re
import unicodedata
from textwrap import wrap

from dashboard.components import zipped
from dashboard.pages.your_place.draft import TABLES, Draft, Table
from simulation.scenario.files import toml_text
from simulation.scenario.library import windows_refuses
from simulation.scenario.tables import csv_text
from simulation.vocabulary import BEHAVIOUR_IDS

WIDTH = 116
ILLUSTRATIVE = "# Illustrative, not predictive. Names here may be of real bodies and people: ask before you show them."
ASSUMED = "# What was read, assumed and left out on the page Your place"
"""All files in the archive carry this date, so that the same place gives the same archive."""


def files_of(draft: Draft) -> dict[str, str]:
    """Return the texts of place.toml, organisations.csv and relationships.csv by name."""
    return {"place.toml": _place_toml(draft)} | {f"{name}.csv": csv_of(draft.table(name)) for name in TABLES}


def archive_of(draft: Draft) -> bytes:
    """Return the folder as a zip archive; the same draft gives the same bytes."""
    return zipped({f"{folder_of(draft.title)}/{path}": text for path, text in files_of(draft).items()})


def folder_of(title: str) -> str:
    """Return a title as a folder's name.

    >>> folder_of("Café & Co: our town!"), folder_of("../.."), folder_of("Con")
    ('cafe-co-our-town', 'my-place', 'con-place')
    """
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().casefold()
    name = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60].strip("-") or "my-place"
    return f"{name}-place" if windows_refuses(name) else name


def csv_of(table: Table) -> str:
    """Return a table as CSV; columns of single behaviours are left out where nothing stands in them."""
    unused = {name for name in BEHAVIOUR_IDS if not any(table.column(name))}
    kept = [name for name in table.columns if name not in unused]
    return csv_text(kept, ([table.cell(row, name) for name in kept] for row in table.rows))


def _place_toml(draft: Draft) -> str:
    head = [_harmless(line) for line in draft.head]
    if not any("llustrative, not predictive" in line for line in head):
        head = [ILLUSTRATIVE, *(["#", *head] if head else [])]
    if draft.notes:
        head += ["#", ASSUMED, *(line for note in draft.notes for line in _item(note))]
    header = draft.header if "scale" in draft.header else {"scale": "0-1"} | draft.header
    return "\n".join([*head, "", toml_text(header)])


def _harmless(line: str) -> str:
    """Return a line that is a comment whatever it holds."""
    shown = "".join(sign for sign in line if sign.isprintable())
    return shown if shown.startswith("#") else f"# {shown}"


def _item(note: str) -> list[str]:
    lines = wrap(_harmless(note).removeprefix("# "), WIDTH, break_on_hyphens=False) or [""]
    return [("# - " if position == 0 else "#   ") + line for position, line in enumerate(lines)]
