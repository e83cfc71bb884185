"""Ways to begin."""

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from typing import Any

import solara

from dashboard import components
from dashboard.components import About, Box, Button, Choice, Columns, Fold, Section, Text
from dashboard.pages.your_place.actions import Acting
from dashboard.pages.your_place.arrival import draft_of
from dashboard.pages.your_place.draft import MOST_PASTED, MOST_UPLOADED, Draft, Row, Table
from dashboard.pages.your_place.shelf import Desk
from simulation.importers.formats import ENDINGS
from simulation.scenario import available, load_place
from simulation.scenario.library import library_root, template_files


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


EXAMPLE_ORGANISATIONS = (
    ("council", "Council", "council", "6", ""),
    ("health", "Health trust", "health", "4", "0.1"),
    ("foodbank", "Foodbank", "community", "0.3", "0.4"),
)
EXAMPLE_RELATIONSHIPS = (("council", "health", "0.3"), ("council", "foodbank", "0.6"))
NEEDED = (
    "Needed of each organisation: an id, which is a short text of its own, and a kind. Size is its weight of "
    "authority, in any unit; practice is how much of the nine behaviours is lived there. What is blank is drawn "
    "anew for each seed, or assumed the same for all, and said."
)
PAIRS = (
    "A row a pair that works with one another, once, in either direction. Strength is how strong the tie is; half of "
    "the scale is usual. A missing row says that they do not work together."
)


def TablesLook() -> solara.Element:
    """Return both tables, filled with made-up rows, and what has to be in them."""
    return Section(
        "What the two tables look like",
        Columns(
            Box(components.Table("Organisations", ("id", "name", "kind", "size", "practice"), EXAMPLE_ORGANISATIONS,
                      words=(1, 2), captioned=True), Text(NEEDED, kind="b-hint")),
            Box(components.Table("Relationships", ("from", "to", "strength"), EXAMPLE_RELATIONSHIPS, words=(1,),
                      captioned=True), Text(PAIRS, kind="b-hint")),
        ),
        Text("The worked example above holds six such rows to change; its download is a folder to fill in.",
             kind="b-hint"),
    )  # fmt: skip


ACCEPT = ",".join(f".{ending}" for ending in (*ENDINGS, "toml", "zip"))
"""Files that the picker offers: all that can be read."""
HINT = (
    "Two CSV files, organisations and relationships; a place’s folder as zip; or a stakeholder map: an Excel workbook "
    "or CSV pair in Kumu’s form, Kumu’s JSON, GraphML, GEXF, Pajek, a drawing, a list of ties, a matrix."
)
ABOUT_FILES = About(
    what="Tables of a place are taken as they are, right or wrong, and mended here. A map of another form is read by "
    "guessing, and every guess is listed.",
    unit=f"at most {MOST_UPLOADED / 1e6:g} MB together, 500 organisations, 10,000 relationships",
    notice="No formula, macro or link in a file is run or followed. A file’s name is used in messages only.",
)
ABOUT_READY = About(
    what="A copy to change. The ready place stays as it is.",
    basis="Organisations there are kinds, not named bodies; their sizes and relationships are assumed.",
)
PASTED_ORGANISATIONS = "id,name,kind,size\ncouncil,Council,council,6\nfoodbank,Foodbank,community,0.3"
PASTED_RELATIONSHIPS = "from,to,strength\ncouncil,foodbank,0.4"
ABOUT_ROWS = About(
    what="One line an organisation: an id that relationships use, a kind, and what else is known of it.",
    unit=f"text; at most {MOST_PASTED:,} characters", why="Kinds decide the budget path that an organisation has.",
    notice="What is left out is assumed, and the list of what was assumed says so.", words=("Organisation",),
)  # fmt: skip
ABOUT_TIES = About(
    what="One line for two organisations that work with one another: their ids, and how strong it is, where known.",
    unit=f"text; at most {MOST_PASTED:,} characters", why="Practice spreads along relationships.",
    notice="A missing line says that they do not work together.", words=("Relationship, trust",),
)  # fmt: skip
PASTE = [
    {"name": "organisations", "label": "Organisations", "example": PASTED_ORGANISATIONS, "about": ABOUT_ROWS.html()},
    {"name": "relationships", "label": "Relationships", "example": PASTED_RELATIONSHIPS, "about": ABOUT_TIES.html()},
]
PASTE_HINT = (
    "From a spreadsheet or a CSV file, with the first line that names the columns. Organisations need id and kind; "
    "relationships need from and to. One table alone joins the other that is here already."
)


@solara.component_vue("file_picker.vue", vuetify=False)
def _FilePicker(
    label: str, hint: str, accept: str, about: str, most_bytes: int, most_files: int, answered: int,
    event_given: Callable[[Any], None],
) -> None:  # fmt: skip
    pass


@solara.component_vue("paste.vue", vuetify=False)
def _Paste(boxes: list[dict[str, str]], longest: int, answered: int, event_given: Callable[[Any], None]) -> None:
    pass


@solara.component
def Beginning(desk: Desk, acting: Acting) -> solara.Element:
    """Show the ways to begin; folded away once there is a place in hand."""

    chosen, choose = solara.use_state("", key="ready")
    titles = ready_places()
    name = chosen if chosen in titles else next(iter(titles))
    files = _FilePicker(
        label="Files", hint=HINT, accept=ACCEPT, about=ABOUT_FILES.html(), most_bytes=MOST_UPLOADED, most_files=6,
        answered=desk.reads, event_given=acting.upload,
    )  # fmt: skip
    ready = Choice("A ready place", name, titles, on_choose=choose, about=ABOUT_READY)
    begin = Box(
        Button("Start from this ready place", lambda: acting.begin(copy_of(name))),
        Button("Start from a worked example", lambda: acting.begin(example())),
        Button("Start with empty tables", lambda: acting.begin(empty())),
        tag="p", kind="b-buttons",
    )  # fmt: skip
    paste = Fold(
        "Paste tables instead",
        Text(PASTE_HINT, kind="b-hint"),
        _Paste(boxes=PASTE, longest=MOST_PASTED, answered=desk.pastes, event_given=acting.paste),
    )
    parts = [
        Columns(Box(Box("Bring files", tag="h3"), files, paste), Box(Box("Or begin here", tag="h3"), ready, begin))
    ]
    if desk.draft is None:
        return Box(Section("Begin", *parts), TablesLook()).key("begin")
    return Box(Fold("Begin again, or bring the other table", *parts), kind="b-again").key(f"again {desk.draft.family}")
