"""Tell one organisation's story: its levels over time, its behaviours, what shaped the month, whom it works with."""

from dataclasses import replace

import numpy as np
import solara

from dashboard.charts import Drawing, Line, line_chart, months_map
from dashboard.charts.drawing import scale_top
from dashboard.charts.network import KIND_TITLES
from dashboard.components import About, Box, Chart, Columns, Fold, Section, Table, Text
from dashboard.pages.place.causes import conditions_of, move_of, neighbours_of, trust_around
from dashboard.pages.place.view import View
from experiments.reporting.figures.style import Line as Look
from experiments.reporting.numbers import capital
from simulation.outcomes import number

SOLID, LONG, SHORT, MIXED = "-", (0, (6, 1.8)), (0, (3, 1.5)), (0, (6, 1.5, 1.2, 1.5))
LEVELS = (
    ("Practice", "practice", Look("#000000", SOLID, "")),
    ("Trust around it", "around", Look("#0072B2", LONG, "")),
    ("Trust in the partner", "partner_trust", Look("#56B4E9", SHORT, "")),
    ("Learning", "learning", Look("#009E73", MIXED, "")),
    ("Evidence", "evidence", Look("#CC79A7", (0, (9, 2)), "")),
    ("Infrastructure of the place", "infrastructure", Look("#D55E00", (0, (1, 1.6)), "")),
)
STRAIN = (
    ("Pressure as felt", "felt_pressure", Look("#D55E00", SOLID, "")),
    ("Failure demand, of all demand", "failure_demand_share", Look("#0072B2", LONG, "")),
    ("Rigidity", "rigidity", Look("#000000", SHORT, "")),
)
ABOUT_LEVELS = About(
    what="This organisation’s practice, and what carries it: trust, learning, evidence, the place’s infrastructure.",
    unit="0 to 10", why="Practice that rises before trust and infrastructure is easily lost.",
    basis="Computed by the model; most of its rates are assumed.",
    notice="Which line rises first? Does practice stop where infrastructure stops?",
    words=("Trust around it", "Trust in the partner", "Learning", "Evidence"),
)  # fmt: skip
ABOUT_STRAIN = About(
    what="What strains this organisation: pressure as it is felt, the share of demand that comes from not helping well "
    "the first time, and how far it has closed to anything new.",
    unit="pressure in % of capacity; failure demand in % of demand; rigidity in % of the most there can be",
    why="An overwhelmed organisation can’t take on anything new.",
    basis="Computed by the model from budgets and demand; few of its rates are sourced.",
    notice="Rigidity follows pressure once that stays above about 100%.",
    words=("Pressure as felt", "Failure demand", "Rigidity"),
)  # fmt: skip
ABOUT_BEHAVIOURS = About(
    what="The nine behaviours in this organisation: a row a behaviour, a column a month.",
    unit="0 (not at all) to 10 (wholly); lighter is more", basis="Computed by the model.",
    notice="Dark rows show what this organisation has not taken on.",
)  # fmt: skip


@solara.component
def Story(view: View) -> solara.Element:
    """Show one organisation over time, and what shaped it this month."""
    depends = [view.found, view.id, view.source]
    levels = solara.use_memo(lambda: levels_chart(view), depends)
    strain = solara.use_memo(lambda: strain_chart(view), depends)
    rows = solara.use_memo(lambda: behaviours_chart(view), depends)
    return Section(
        f"{view.name}: its story",
        Text(_introduction(view)),
        Columns(
            Chart(replace(levels, mark=view.month), about=ABOUT_LEVELS),
            Box(Chart(replace(strain, mark=view.month), about=ABOUT_STRAIN), kind="b-aside"),
            Box(Chart(replace(rows, mark=view.month), about=ABOUT_BEHAVIOURS), kind="b-map"),
            _conditions(view),
        ),
        _neighbours(view),
    )


def _introduction(view: View) -> str:
    kind = KIND_TITLES.get(view.who.kinds[view.organisation], "").lower()
    weight = view.who.size[view.organisation] / view.who.size.sum()
    site = view.found.by_organisation["on_site"][view.row, view.organisation]
    return f"Kind: {kind}. It carries {number(100 * float(weight), 1)}% of the place’s weight" + (
        ", and prototypes are tried here." if site else "."
    )


def levels_chart(view: View) -> Drawing:
    """Return what is on a scale of 0-10: practice and what carries it."""
    own = {name: values[:, view.organisation] for name, values in view.found.by_organisation.items()}
    own |= {"around": trust_around(view.found, view.who, view.organisation)}
    own |= {"infrastructure": view.found["infrastructure"]}
    return _lines(view, LEVELS, own, "practice", axis="0–10", file="story", title=f"{view.name}: practice, trust, "
                  "learning, evidence, infrastructure")  # fmt: skip


def strain_chart(view: View) -> Drawing:
    """Return what is shown in per cent: pressure, failure demand, rigidity."""
    own = {name: values[:, view.organisation] for name, values in view.found.by_organisation.items()}
    title = f"{view.name}: pressure, failure demand, rigidity"
    return _lines(view, STRAIN, own, "pressure", axis="%", file="strain", title=title)


def _lines(
    view: View, which: tuple[tuple[str, str, Look], ...], own: dict[str, np.ndarray], scale: str, *, axis: str,
    file: str, title: str,
) -> Drawing:  # fmt: skip
    start = max(view.found.burn_in - 1, 0)
    lines = [Line(name, own[series][start:], look) for name, series, look in which]
    return line_chart(lines, scale, title=title, source=view.source, file=file, axis=axis)


def behaviours_chart(view: View) -> Drawing:
    """Return the nine behaviours of the organisation by month."""
    values = view.found.practice[max(view.found.burn_in - 1, 0) :, view.organisation]
    top = scale_top(10 * float(np.nanmax(values)))
    return months_map(values, title=f"{view.name}: the nine behaviours", source=view.source, top=top,
                      file="organisation-behaviours")  # fmt: skip


def _conditions(view: View) -> solara.Element:
    heading = Box(f"What shaped month {view.month}", tag="h3")
    if move_of(view.found, view.organisation, view.month) is None:
        return Box(heading, Text("There is no month of work to look at here."))
    found = conditions_of(
        view.found, view.scenario, view.who, view.organisation, view.month, view.session.settings.behaviour
    )
    told = "Conditions work through the causes above; they are no parts of the change themselves."
    rows = [(one.title, one.now, one.before) for one in found]
    table = Table("Conditions of the month", ("Condition", "This month", "Before"), rows, words=(1, 2))
    meanings = [part for one in found for part in (Box(one.title, tag="dt"), Box(capital(one.does) + ".", tag="dd"))]
    fold = Fold("What each condition does", Box(*meanings, tag="dl", kind="b-terms"))
    return Box(heading, Text(told), table, fold, kind="b-aside")


def _neighbours(view: View) -> solara.Element:
    found = neighbours_of(view.found, view.who, view.organisation, view.month)
    rows = [
        (one.name, KIND_TITLES.get(one.kind, one.kind), number(10 * one.trust, 1),
         number(10 * one.trust_change, 1, signed=True), number(10 * one.practice, 1))
        for one in found
    ]  # fmt: skip
    columns = ("Works with", "Kind", "Trust, 0–10", "in a year", "Practice, 0–10")
    title = f"Whom {view.name} works with at month {view.month}"
    ids = [one.id for one in found]
    table = Table(title, columns, rows, words=(1,), ids=ids, on_choose=view.choose)
    heading = Box(f"Whom it works with: {len(rows)}", tag="h3")
    return Box(heading, table if rows else Text("Nobody."), kind="b-aside")
