"""Show what a place's two tables look like, to whoever has none yet."""

import solara

from dashboard.components import Box, Columns, Section, Table, Text

ORGANISATIONS = (
    ("council", "Council", "council", "6", ""),
    ("health", "Health trust", "health", "4", "0.1"),
    ("foodbank", "Foodbank", "community", "0.3", "0.4"),
)
RELATIONSHIPS = (("council", "health", "0.3"), ("council", "foodbank", "0.6"))
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
            Box(Table("Organisations", ("id", "name", "kind", "size", "practice"), ORGANISATIONS, words=(1, 2),
                      captioned=True), Text(NEEDED, kind="b-hint")),
            Box(Table("Relationships", ("from", "to", "strength"), RELATIONSHIPS, words=(1,), captioned=True),
                Text(PAIRS, kind="b-hint")),
        ),
        Text("The worked example above holds six such rows to change; its download is a folder to fill in.",
             kind="b-hint"),
    )  # fmt: skip
