"""Offer drafts to begin from: a ready place's copy, a worked example, an empty place."""

from dataclasses import replace
from functools import lru_cache

from dashboard.own_place.arriving import draft_of
from dashboard.own_place.draft import Draft, Row, Table
from experiments.template import template_files
from simulation.library import library_root
from simulation.scenario import available, load_place


@lru_cache
def ready_places() -> dict[str, str]:
    """Return titles of ready places with rows to change, by name."""
    return {one.name: one.title for one in available("places") if load_place(one.name).from_file}


def copy_of(name: str) -> Draft:
    """Return a ready place's copy, its sources kept. Raises KeyError where there is none of that name."""
    title = ready_places()[name]
    folder = library_root() / "places" / name
    files = ("place.toml", "organisations.csv", "relationships.csv")
    draft = draft_of({file: (folder / file).read_text(encoding="utf-8") for file in files})
    note = f"copied from the ready place {title}: what is said above of its tables holds as far as nothing was changed"
    return replace(draft, notes=(note,)).with_header(title=f"{title}, a copy")


def example() -> Draft:
    """Return the worked example: six made-up organisations and who works with whom."""
    return replace(draft_of(template_files("worked-example")), head=())


def empty() -> Draft:
    """Return a place of one blank row in each table."""
    begun = Draft(header={"title": "My place"})
    tables: dict[str, Table] = {
        name: replace(table, rows=(Row(0, ("",) * len(table.columns)),))
        for name, table in (("organisations", begun.organisations), ("relationships", begun.relationships))
    }
    return replace(begun, **tables)  # type: ignore[arg-type]
