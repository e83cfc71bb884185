"""Show who works with whom, and beside it why the chosen organisation's practice moved this month."""

import numpy as np
import solara

from dashboard.charts import PRESSURE, Drawing, network, parts_chart, practice_colour
from dashboard.components import About, Box, Chart, Choice, Columns, Section, Text
from dashboard.components.layout import use_later
from dashboard.pages.place.causes import MEANINGS, Move, move_of, move_sentence
from dashboard.pages.place.view import View, where_of
from simulation.vocabulary import BEHAVIOURS

COLOURS = {"practice": "Practice", "pressure": "Pressure as felt"}
ALL = "all"
ABOUT_COLOUR = About(
    what="What the colour of the marks says.", why="Practice shows how far each has come; pressure shows who is "
    "overwhelmed.", notice="Where pressure is high, does practice stand still?", words=("Practice", "Pressure as felt"),
)  # fmt: skip
ABOUT_ORGANISATION = About(
    what="The organisation whose story is told: choose it here, or click its mark.",
    notice="Its relationships are drawn dark in the network.",
    words=("Organisation", "Weight"),
)
ABOUT_BEHAVIOUR = About(
    what="Whether the bars are about the mean of all nine behaviours or about one of them.",
    notice="A vision moves the perspective behaviours, 1 to 3, alone.",
    words=("Practice", "Vision"),
)
ABOUT_NETWORK = About(
    what="Every mark is an organisation: the larger, the more weight it has; its shape says its kind. Every line is a "
    "working relationship: the thicker, the more trust. A white dot is a site of prototypes in this month.",
    why="Practice spreads along relationships, as fast as trust lets it.",
    basis="Who works with whom is assumed, for both ready places by one rule.",
    notice="Positions mean nothing but who works with whom, and never change. Does practice start at the council, or "
    "around the sites of prototypes?", words=("Relationship, trust", "Weight", "Site"),
)  # fmt: skip
ABOUT_WHY = About(
    what="What each cause gave (right) or took (left) in this month. The bars add up to the change exactly: none is a "
    "remainder. Their numbers are rounded so that they add up, too.",
    unit="points on the scale from 0 to 10", why="It shows what to work on here: example, work, infrastructure.",
    basis="Computed from the model’s equations; its rates are mostly assumed.",
    notice=" ".join(f"{title}: {MEANINGS[cause]}" for cause, title in (
        ("background", "Without an example"), ("social", "Neighbours"), ("ceiling", "Infrastructure"),
        ("slip_back", "Slip-back"))), words=("Slip-back", "Neighbours’ example", "Held back by infrastructure"),
)  # fmt: skip


@solara.component
def Together(view: View) -> solara.Element:
    """Show the network and why the organisation moved."""
    settings, session = view.session.settings, view.session
    highest = solara.use_memo(lambda: float(np.nanmax(view.found.by_organisation["practice"])), [view.found])
    drawing = network_chart(view, highest)
    colour = Choice("Colour says", settings.colour, COLOURS, about=ABOUT_COLOUR,
                    on_choose=lambda name: session.commit(colour=name))  # fmt: skip
    why = use_later(view.found, lambda: [Box(_choices(view), *_why(view), kind="b-why")], moving=view.session.moving)
    return Section(
        "Who works with whom, and why practice moved",
        Columns(
            Box(colour, Chart(drawing, about=ABOUT_NETWORK, on_click=lambda mark: view.choose(str(mark.get("id")))),
                kind="b-people"),
            why,
        ),
    )  # fmt: skip


def network_chart(view: View, highest: float) -> Drawing:
    """Return the network at the month looked at; `highest` practice of the run sets the scale."""
    own, people = view.found.by_organisation, view.who
    practice, pressure = own["practice"][view.row], own["felt_pressure"][view.row]
    by_pressure = view.session.settings.colour == "pressure"
    return network(
        people, where_of(view.scenario.place), pressure if by_pressure else practice,
        colour=PRESSURE if by_pressure else practice_colour(highest), practice=practice,
        trust=view.found.trust[view.row], alive=own["alive"][view.row] > 0, sites=own["on_site"][view.row] > 0,
        chosen=view.id, source=view.source,
        title=f"Organisations and their relationships at month {view.month}",
    )  # fmt: skip


def _choices(view: View) -> solara.Element:
    names = sorted(zip(view.who.ids, view.who.names, strict=True), key=lambda one: one[1].lower())
    behaviour = view.session.settings.behaviour or ALL
    which = {ALL: "All nine, on average"} | {b.id: f"{b.number}. {b.title}" for b in BEHAVIOURS}
    return Box(
        Choice("Organisation", view.id, dict(names), about=ABOUT_ORGANISATION, on_choose=view.choose),
        Choice("Behaviour", behaviour, which, about=ABOUT_BEHAVIOUR,
               on_choose=lambda name: view.session.commit(behaviour="" if name == ALL else name)),
        kind="b-pair",
    )  # fmt: skip


def _why(view: View) -> list[solara.Element]:
    heading = Box(f"Why practice moved in month {view.month}", tag="h3")
    move = move_of(view.found, view.organisation, view.month, view.session.settings.behaviour)
    if move is None:
        return [heading, Text(_nothing(view))]
    told = move_sentence(move, view.name, view.month, _what(view))
    return [heading, Box(told, tag="p", kind="b-told", role="status"),
            Chart(why_chart(view, move, told), about=ABOUT_WHY)]  # fmt: skip


def why_chart(view: View, move: Move, told: str) -> Drawing:
    """Return the parts of a month's change as bars, on the scale shown."""
    parts = [(part.title, 10 * part.value) for part in move.parts]
    title = f"{view.name}: what moved {_what(view)} in month {view.month}"
    return parts_chart(parts, 10 * move.change, title=title, description=f"Bar chart. {told}", source=view.source,
                       total_name="Change, all together")  # fmt: skip


def _what(view: View) -> str:
    found = next((b.number for b in BEHAVIOURS if b.id == view.session.settings.behaviour), None)
    return "practice" if found is None else f"practice of behaviour {found}"


def _nothing(view: View) -> str:
    if view.month < 1:
        return "Month 0 is before the first month of work: choose a later month to see what moved."
    return f"{view.name} is no longer there at month {view.month}."
