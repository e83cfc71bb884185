"""Offer the ways to begin: files, pasted tables, a ready place, the worked example, nothing."""

from collections.abc import Callable
from typing import Any

import solara

from dashboard.components import About, Box, Button, Choice, Columns, Fold, Section, Text
from dashboard.own_place.keeping import Desk
from dashboard.own_place.limits import MOST_PASTED, MOST_UPLOADED
from dashboard.pages.own_place.acting import Acting
from dashboard.pages.own_place.looks import TablesLook

ACCEPT = ".csv,.tsv,.txt,.toml,.zip,.xlsx,.xlsm,.json,.graphml,.gexf,.xml,.net,.paj"
HINT = (
    "Two CSV files, organisations and relationships; a place’s folder as zip; or a stakeholder map: an Excel workbook "
    "or CSV pair in Kumu’s form, Kumu’s JSON, GraphML, GEXF, Pajek, a list of ties, a matrix."
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
ORGANISATIONS = "id,name,kind,size\ncouncil,Council,council,6\nfoodbank,Foodbank,community,0.3"
RELATIONSHIPS = "from,to,strength\ncouncil,foodbank,0.4"
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
    {"name": "organisations", "label": "Organisations", "example": ORGANISATIONS, "about": ABOUT_ROWS.html()},
    {"name": "relationships", "label": "Relationships", "example": RELATIONSHIPS, "about": ABOUT_TIES.html()},
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
    from dashboard.own_place.ready import copy_of, empty, example, ready_places

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
