"""Name organisations: ids from names, and texts that are safe in a table and in a spreadsheet."""

import re
import unicodedata
from collections.abc import Sequence

from experiments.importing.limits import LONGEST_TEXT

LONGEST_ID = 60


def harmless(text: str) -> str:
    """Return text that fits in a place's table, whose writer keeps spreadsheets from taking it for a formula.

    >>> harmless("=HYPERLINK(1) "), harmless("Age UK")
    ('=HYPERLINK(1)', 'Age UK')
    """
    return text.strip()[:LONGEST_TEXT].strip()


def ids_of(labels: Sequence[str]) -> list[str]:
    """Return a short text of its own for each name.

    >>> ids_of(["Café of Leeds", "café, of Leeds", "+"])
    ['cafe-of-leeds', 'cafe-of-leeds-2', 'organisation']
    """
    used: set[str] = set()
    counts: dict[str, int] = {}
    ids = []
    for label in labels:
        apart = unicodedata.normalize("NFKD", label.replace("'", "").replace("’", "")).casefold()
        plain = "".join(letter for letter in apart if not unicodedata.combining(letter))
        stem = re.sub(r"[\W_]+", "-", unicodedata.normalize("NFC", plain)).strip("-")[:LONGEST_ID].strip("-")
        stem = stem or "organisation"
        identity = stem
        while identity in used:
            counts[stem] = counts.get(stem, 1) + 1
            identity = f"{stem}-{counts[stem]}"
        used.add(identity)
        ids.append(identity)
    return ids
