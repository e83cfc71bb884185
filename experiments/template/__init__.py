"""Make the files of a new place from a commented template that is complete as it stands."""

from pathlib import Path
from textwrap import wrap

from simulation.vocabulary import BEHAVIOUR_IDS, KIND_IDS

FILES = ("place.toml", "organisations.csv", "relationships.csv")
WIDEST = 95
INDENT = "#                    "


def template_files(name: str) -> dict[str, str]:
    """Return the template's files by name, for a place of this name.

    >>> 'title = "My town"' in template_files("my-town")["place.toml"]
    True
    """
    folder = Path(__file__).parent
    words = {
        "@NAME@": name,
        "@TITLE@": title_of(name),
        "@KINDS@": _wrapped(KIND_IDS),
        "@BEHAVIOURS@": _wrapped(BEHAVIOUR_IDS),
    }
    texts = {file: (folder / file).read_text(encoding="utf-8") for file in FILES}
    for word, text in words.items():
        texts["place.toml"] = texts["place.toml"].replace(word, text)
    return texts


def title_of(name: str) -> str:
    """Return a folder's name as a title.

    >>> title_of("my-town_2")
    'My town 2'
    """
    text = " ".join(name.replace("-", " ").replace("_", " ").split())
    return text[:1].upper() + text[1:]


def _wrapped(names: tuple[str, ...]) -> str:
    """Return names over the lines of a comment."""
    return f"\n{INDENT}".join(wrap(", ".join(names), WIDEST, break_on_hyphens=False))
