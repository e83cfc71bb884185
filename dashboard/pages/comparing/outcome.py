"""Show what a comparison of routes found: sentences, bands, the paired difference, tables."""

from dataclasses import replace

import solara

from dashboard.charts import Drawing, Line, line_chart
from dashboard.charts.difference import difference_chart
from dashboard.comparing.asked import pairs_to_read
from dashboard.comparing.found import End, Found, band_path, contrasts, difference_path, end_of
from dashboard.comparing.kept import OUTCOMES
from dashboard.comparing.names import in_text, route_title
from dashboard.comparing.words import (
    ahead_words,
    chance_words,
    contrast_words,
    levels_words,
    matters_words,
    together_words,
)
from dashboard.components import (
    About,
    Box,
    Chart,
    Choice,
    Columns,
    Controls,
    Headlines,
    Message,
    NumberSlider,
    Perhaps,
    Section,
    Table,
    Text,
)
from dashboard.pages.comparing.desk import Desk
from experiments.figures.style import route_line
from experiments.reading import Contrast
from experiments.shown import band, difference, interval, level, shown
from experiments.wording import verdict_words

ABOUT_OUTCOME = About(
    what="What is read from every run. Changing it runs nothing again.",
    notice="Practice is what the routes are after; the others tell why.",
)
ABOUT_MONTH = About(
    what="The month at which sentences and tables are read.", unit="months since the partner began",
    notice="What shows early need not last: look at month 24 and at the end.",
)  # fmt: skip
ABOUT_PAIR = About(
    what="The two routes whose difference is drawn, the first minus the second, on the same seeds.",
    notice="Above zero the first is higher.",
)
ABOUT_BANDS = About(
    what="A line and a band for each route: the middle run (median) of each month, and what bounds nine runs in ten "
    "(5 to 95%).",
    why="The width of a band is what luck does under one route.",
    basis="Computed by the model; almost every rate is assumed.",
    notice="Bands overlap far more than the difference below suggests: that one is read seed by seed.",
)
ABOUT_DIFFERENCE = About(
    what="The mean over seeds of one route minus the other on the same seed, month by month, with its 95% interval.",
    why="Luck that both routes share drops out, so this is what the choice of route does.",
    basis="Bootstrap interval of a paired mean, each month on its own; grey: too small to matter.",
    notice="Does the interval leave the grey zone, and does it stay outside?",
)


def Reading(desk: Desk) -> solara.Element:
    """Return the choices of what is read."""
    session, months, pairs = desk.session, desk.scenario.months, pairs_to_read(desk.routes)
    named = {",".join(pair): f"{route_title(pair[0])} minus {in_text(pair[1])}" for pair in pairs}
    pair = [
        Choice("Difference", ",".join(desk.pair or ()), named, about=ABOUT_PAIR,
               on_choose=lambda text: session.commit(pair=tuple(text.split(",")))),
    ] if pairs else []  # fmt: skip
    return Controls(
        Choice("Outcome", desk.outcome, {name: shown(name).title for name in OUTCOMES}, about=ABOUT_OUTCOME,
               on_choose=lambda name: session.commit(outcome=name)),
        Perhaps(*pair),
        NumberSlider("Month read", desk.month, low=0, high=months, about=ABOUT_MONTH,
                     on_move=lambda month: session.show(month=int(month)),
                     on_choose=lambda month: session.commit(month=-1 if month == months else int(month))),
        label="What is read",
    )  # fmt: skip


@solara.component
def Outcome(desk: Desk, found: Found) -> solara.Element:
    """Show the results."""
    outcome, month, routes = desk.outcome, desk.month, desk.routes
    pairs = pairs_to_read(routes)
    bands = solara.use_memo(lambda: bands_chart(desk, found), [found, outcome])
    gap = solara.use_memo(lambda: gap_chart(desk, found), [found, outcome, desk.pair])
    rows = solara.use_memo(lambda: contrasts(found, pairs, outcome, month), [found, outcome, month])
    ends = {route: end_of(found, route, outcome, month) for route in routes}
    main = next((row for row in rows if (row.first, row.second) == desk.pair), rows[0])
    return Section(
        f"What came out at month {month}",
        Message(contrast_words(main)),
        Text(chance_words(main, (ends[main.first], ends[main.second]))),
        Text(f"{ahead_words(main)} {levels_words(ends, outcome, month)}"),
        Headlines([_headline(route, end, outcome) for route, end in ends.items()]),
        Columns(
            Chart(replace(bands, mark=month), about=ABOUT_BANDS),
            Chart(replace(gap, mark=month), about=ABOUT_DIFFERENCE),
        ),
        difference_table(rows, outcome, month),
        Text(f"{together_words(len(rows))} {matters_words(outcome)}", kind="b-hint"),
    )


def _headline(route: str, end: End, outcome: str) -> tuple[str, str, str]:
    how = shown(outcome)
    unit = f"{how.unit}; " if how.factor == 10 else ""
    return route_title(route), level(outcome, end.median), f"{unit}nine runs in ten: {band(outcome, end.low, end.high)}"


def bands_chart(desk: Desk, found: Found) -> Drawing:
    """Return the middle run and nine in ten of each route, by month."""
    outcome, routes = desk.outcome, desk.routes
    lines = []
    for route in routes:
        low, median, high = band_path(found, route, outcome)
        lines.append(Line(route_title(route), median, route_line(route, routes), low, high))
    title = f"{shown(outcome).title}, {desk.place}: middle run, and band of nine in ten"
    source = desk.source(found.asked, routes)
    return line_chart(lines, outcome, title=title, source=source, file=f"routes-{outcome}")


def gap_chart(desk: Desk, found: Found) -> Drawing:
    """Return the paired difference of the two routes read, by month."""
    pair = desk.pair or (desk.routes[0], desk.routes[0])
    first, second = map(in_text, pair)
    title = f"{shown(desk.outcome).title}, {desk.place}: {first} minus {second}, mean and 95% interval"
    return difference_chart(
        difference_path(found, pair, desk.outcome), desk.outcome, first=first, second=second, title=title,
        source=desk.source(found.asked, pair),
    )  # fmt: skip


def difference_table(rows: list[Contrast], outcome: str, month: int) -> solara.Element:
    """Return every difference with its interval, its verdict and the share of seeds ahead."""
    cells = [
        [
            f"{route_title(row.first)} minus {in_text(row.second)}",
            difference(outcome, row.difference),
            interval(outcome, row.low, row.high),
            verdict_words(row, in_text),
            f"{100 * row.ahead:.0f}% ({100 * row.ahead_low:.0f} to {100 * row.ahead_high:.0f}%)",
        ]
        for row in rows
    ]
    columns = ["Difference", "Mean", "95% interval, all together", "Verdict", "Seeds on which the first is higher"]
    what = shown(outcome)
    unit = ", points of 10" if what.factor == 10 else ""
    return Box(
        Table(
            f"Paired differences at month {month}: {what.title.lower()}{unit}",
            columns,
            cells,
            words=(3,),
            captioned=True,
        )
    )
