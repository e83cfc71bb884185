"""Show the place as a whole: the numbers of the month, and practice over time among runs with other luck."""

from dataclasses import replace

import numpy as np
import solara

from dashboard.charts import Drawing, Line, line_chart, months_map
from dashboard.charts.drawing import scale_top
from dashboard.components import About, Box, Chart, Columns, Headlines, Section, Text
from dashboard.pages.place.view import View
from dashboard.runs import (
    MIDDLE,
    NINE_TENTHS,
    SERIES,
    Spread,
    among,
    baseline_of,
    by_month,
    practice_sentence,
    spread_of,
    unit_of,
)
from experiments.reporting.figures.style import Line as Look
from experiments.reporting.figures.style import route_line
from simulation.outcomes import level, shown

OTHERS = Look("#8c8c8c", (0, (2, 1.2)), "")
ABOUT_PRACTICE = About(
    what="How far the organisations practise the nine system behaviours, on average: this run, twenty runs with other "
    "luck, and the same run without a learning partner.",
    unit="0 (not at all) to 10 (wholly)", why="It is what every route is after.",
    basis="Computed by the model; most of its rates are assumed.",
    notice="Does it rise and stay, or fall back when the partner leaves? Is the grey band wider than the gap to the "
    "black line? Then luck matters more than the partner.", words=("Practice", "Band", "Luck, seed"),
)  # fmt: skip
ABOUT_BEHAVIOURS = About(
    what="Each of the nine behaviours, on average over organisations: a row a behaviour, a column a month.",
    unit="0 (not at all) to 10 (wholly); lighter is more", why="Some behaviours come before others.",
    basis="Computed by the model, in which those about power are the hardest to take on (assumed).",
    notice="Rows 4 to 6, about power, mostly stay darker than rows 1 to 3.", words=("Practice",),
)  # fmt: skip


def Strip(view: View, told: solara.Element) -> solara.Element:
    """Return the numbers of the month, with the spread of runs with other luck, and what is told of them."""
    spread = spread_of(view.scenario)
    numbers = [_headline(view, spread, name) for name in SERIES]
    return Section(f"At month {view.month}", Headlines(numbers), told, Text(view.source, kind="b-printed"))


def ByLuck(view: View) -> solara.Element:
    """Return where this run stands among those with other luck, and beside the same without a partner."""
    spread, baseline = spread_of(view.scenario), baseline_of(view.scenario, view.session.settings.seed)
    return Text(practice_sentence(view.found, spread, baseline, view.month), kind="b-luck")


def _headline(view: View, spread: Spread, name: str) -> tuple[str, str, str]:
    number = level(name, view.found.at(name, view.month))
    return shown(name).title, number, f"{unit_of(name)}; {among(name, spread, view.month)}"


@solara.component
def OverTime(view: View) -> solara.Element:
    """Show practice and the nine behaviours over the months."""
    spread, baseline = spread_of(view.scenario), baseline_of(view.scenario, view.session.settings.seed)
    lines = solara.use_memo(lambda: practice_chart(view, spread, baseline), [view.found, spread, view.source])
    rows = solara.use_memo(lambda: behaviours_chart(view), [view.found, view.source])
    return Section(
        "The whole place over time",
        Columns(
            Chart(replace(lines, mark=view.month), about=ABOUT_PRACTICE),
            Box(Chart(replace(rows, mark=view.month), about=ABOUT_BEHAVIOURS), kind="b-map"),
        ),
    )


def practice_chart(view: View, spread: Spread, baseline: object) -> Drawing:
    """Return mean practice of the run, among runs with other luck, and without a partner."""
    route = view.scenario.route.name
    low, high = (spread.path("practice", end) for end in NINE_TENTHS)
    others = Line(f"{len(spread.seeds)} runs: middle, nine in ten", spread.path("practice", MIDDLE), OTHERS, low, high)
    lines = [others, Line("This run", by_month(view.found, "practice"), route_line(route, (route,)))]
    without = baseline_of(view.scenario, view.session.settings.seed) if baseline is not None else None
    if without is not None:
        lines.insert(1, Line("No partner, same luck", by_month(without, "practice"), route_line("none", ())))
    band = f" Band: seeds {spread.seeds[0]} to {spread.seeds[-1]}."
    title = f"Mean practice of all organisations: {view.title}"
    return line_chart(lines, "practice", title=title, source=view.source + band)


def behaviours_chart(view: View) -> Drawing:
    """Return the nine behaviours by month, means over organisations."""
    values = view.found.behaviours[max(view.found.burn_in - 1, 0) :]
    top = scale_top(10 * float(np.nanmax(values)))
    return months_map(values, title=f"The nine behaviours: {view.title}", source=view.source, top=top)
