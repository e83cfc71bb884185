"""Words: what the pages' words mean, in plain language."""

import solara

from dashboard.components import Box, Section
from experiments.shown import SHOWN
from experiments.wording import capital
from simulation.vocabulary import ACTIVITIES, BEHAVIOURS, ELEMENTS, KINDS

PATH = "/words"
TITLE = "Words"
LEAD = "What the words on these pages mean."


def _listed(terms: list[tuple[str, str]]) -> solara.Element:
    return Box(*(part for name, meaning in terms for part in (Box(name, tag="dt"), Box(meaning, tag="dd"))), tag="dl")


@solara.component
def Page() -> solara.Element:
    """Show the word list."""
    behaviours = [(f"{b.number}. {b.title}", f"A {b.group} behaviour.") for b in BEHAVIOURS]
    measures = [
        (how.title, f"{capital(how.meaning)}. Shown as: {how.unit}.")
        for name, how in SHOWN.items() if not name.startswith(("practice_", "infrastructure_"))
    ]  # fmt: skip
    groups = {"Infrastructure": ELEMENTS, "What the learning partner does": ACTIVITIES, "Kinds of organisation": KINDS}
    return Box(
        Section("The nine system behaviours", _listed(behaviours)),
        Section("What is measured", _listed(measures)),
        *(Section(title, _listed([(t.title, f"{t.meaning}.") for t in terms])) for title, terms in groups.items()),
        kind="b-words",
    )
