"""Write what was imported as a place's three files, with every assumption in place.toml."""

import json
from collections.abc import Sequence
from textwrap import wrap

from experiments.importing.maps import Imported
from experiments.importing.tables import clean
from simulation.scenario.tables import csv_text
from simulation.text import counted

WIDTH = 116
LONGEST_NOTE = 1_000
BLANKS = (
    "practice is blank: for each seed it is drawn between practice_low and practice_high (assumed)",
    "size is blank where the map gives none that was chosen: then 1, the same for all (assumed)",
    "strength is blank where no weight was used: then the model's usual trust (assumed)",
    "days, budget and numbers of the model are the model's own: none is known of this place",
)


def place_files(imported: Imported, *, title: str) -> dict[str, str]:
    """Return the texts of place.toml, organisations.csv and relationships.csv by name."""
    organisations = [(one.id, one.name, one.kind, one.role, one.size, "") for one in imported.organisations]
    relationships = [
        (one.source, one.target, "" if one.strength is None else f"{one.strength:g}", "", one.kind)
        for one in imported.relationships
    ]
    return {
        "place.toml": _toml(imported, title),
        "organisations.csv": csv_text(("id", "name", "kind", "role", "size", "practice"), organisations),
        "relationships.csv": csv_text(("from", "to", "strength", "trust", "kind"), relationships),
    }


def _toml(imported: Imported, title: str) -> str:
    sources = ", ".join(imported.sources)
    people, ties = len(imported.organisations), len(imported.relationships)
    size = f"{counted(people, 'organisation')}, {counted(ties, 'relationship')}"
    councils = [one.id for one in imported.organisations if one.kind == "council"]
    if len(councils) == 1:
        council = f"council = {_text(councils[0])}   # the only organisation of that kind"
    else:
        council = '# council = "..."   # the id of the organisation whose tie counts when sites are chosen'
    lines = [
        *_comment(f"{title}, imported from {sources}. Illustrative, not predictive."),
        "#",
        "# What the import read, assumed and left out",
        *(line for note in imported.notes for line in _comment(note, item=True)),
        "#",
        "# What is blank, and what that means",
        *(line for note in BLANKS for line in _comment(note, item=True)),
        "#",
        *_comment(
            "Names here may be of real bodies and people: ask before you show them. No result is a verdict on any."
        ),
        "",
        f"title = {_text(title)}",
        f"description = {_text(f'Imported from {sources}: {size}.')}",
        council,
        'scale = "0-1"          # of practice, trust and strength in the tables',
        "practice_low = 0.0     # where practice is blank, it is drawn between these two, on 0-1 (assumed)",
        "practice_high = 0.12",
        "# days = 20            # days a month of the learning partner; the model's number where left out",
        *_doubts(imported.doubts),
        "",
    ]
    return "\n".join(lines)


def _doubts(doubts: Sequence[str]) -> list[str]:
    """Return what the import was not sure of as a key that the place's reader says again."""
    if not doubts:
        return []
    texts = (f"  {_text(clean(text)[:LONGEST_NOTE])}," for text in doubts)
    return ["# What may well be wrong; `place check` says it again. Take a line out once it is settled.", "doubts = [",
            *texts, "]"]  # fmt: skip


def _comment(text: str, *, item: bool = False) -> list[str]:
    """Return a text as lines of a comment."""
    first, later = ("# - ", "#   ") if item else ("# ", "# ")
    shortened = clean(text)[:LONGEST_NOTE]
    lines = wrap(shortened, WIDTH, break_on_hyphens=False) or [""]
    return [(first if position == 0 else later) + line for position, line in enumerate(lines)]


def _text(text: str) -> str:
    """Return a TOML string: JSON's escapes are TOML's too."""
    return json.dumps(clean(text), ensure_ascii=False)
