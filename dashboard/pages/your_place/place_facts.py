"""Change what holds for the place as a whole: title, council, scale, days, where practice starts."""

from typing import Any

import solara

from dashboard.components import About, Box, Choice, Controls, Section, Text, TextField
from dashboard.pages.your_place.actions import Acting
from dashboard.pages.your_place.draft import Draft

SCALES = {"0-1": "0 to 1", "0-10": "0 to 10", "1-10": "1 to 10", "percent": "Percent"}
SHOWN = ("title", "council", "scale", "days", "practice_low", "practice_high")
ABOUT_TITLE = About(what="What the place is called on the pages, and its folder.")
ABOUT_COUNCIL = About(
    what="The organisation whose tie counts when sites are chosen, and that a council’s exit or budget is about.",
    notice="Where just one organisation is of the kind Council, it is taken.",
)
ABOUT_SCALE = About(
    what="What the numbers in practice, strength and trust mean.",
    why="A survey’s 1 to 10 puts 1 at nothing and 10 at all.",
    notice="Changing it changes what the numbers mean, not the numbers.",
)
ABOUT_DAYS = About(
    what="Days a month of the learning partner in this place.", unit="days a month; blank: the model’s own number",
    basis="Assumed, unless you write where it is from.",
)  # fmt: skip
ABOUT_PRACTICE = About(
    what="Where practice is blank in the table, it is drawn between these two, anew for each seed.",
    unit="0 to 1; blank: 0 to 0.12", basis="Assumed: no survey of a place was published.",
)  # fmt: skip


def AboutPlace(draft: Draft, acting: Acting) -> solara.Element:
    """Return the controls."""

    def text(label: str, key: str, about: About, hint: str = "") -> solara.Element:
        return TextField(
            label, _shown(draft.header.get(key)), about=about, hint=hint, longest=30 if key != "title" else 100,
            on_choose=lambda given: acting.change(draft.with_header(**{key: _read(given, key)})),
        )  # fmt: skip

    scale = str(draft.header.get("scale", "0-1"))
    controls = [
        text("Title", "title", ABOUT_TITLE),
        Choice("The council", str(draft.header.get("council", "")), _councils(draft), about=ABOUT_COUNCIL,
               on_choose=lambda one: acting.change(draft.with_header(council=one or None))),
        Choice("Practice, strength and trust are given", scale, SCALES | ({} if scale in SCALES else {scale: scale}),
               about=ABOUT_SCALE, on_choose=lambda one: acting.change(draft.with_header(scale=one))),
        text("Partner’s days", "days", ABOUT_DAYS, "Days a month; blank: the model’s own number"),
        text("Where practice is blank: lowest", "practice_low", ABOUT_PRACTICE, "0 to 1; blank: 0"),
        text("Where practice is blank: highest", "practice_high", ABOUT_PRACTICE, "0 to 1; blank: 0.12"),
    ]  # fmt: skip
    rest = [key for key in draft.header if key not in (*SHOWN, "doubts")]
    kept = [Text(f"place.toml says more, which is kept as it is: {', '.join(rest)}.", kind="b-hint")] if rest else []
    return Section("The place as a whole", Controls(*controls, label="The place as a whole"), Box(*kept))


def _councils(draft: Draft) -> dict[str, str]:
    table = draft.organisations
    named = {
        table.cell(row, "id"): table.cell(row, "name") or table.cell(row, "id")
        for row in table.rows
        if table.cell(row, "id")
    }
    given = str(draft.header.get("council", ""))
    gone = {} if given in named or not given else {given: f"{given} (not among the organisations)"}
    return {"": "The only one of the kind Council, if any"} | gone | named


def _shown(value: Any) -> str:
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return "" if value is None else str(value)


def _read(text: str, key: str) -> Any:
    """Return a number where a number is meant; a text that is none stays, and is said to be wrong."""
    plain = " ".join(text.split())
    if key == "title" or not plain:
        return plain or None
    try:
        value = float(plain)
    except ValueError:
        return plain
    return value if abs(value) < 1e300 else plain
