"""Sentences, bands, tables, ingredients."""

from collections.abc import Sequence
from dataclasses import replace

import solara

from dashboard.charts import Drawing, Line, line_chart
from dashboard.charts.bars import Bar, losses_chart
from dashboard.charts.lines import difference_chart
from dashboard.components import (
    About,
    Box,
    Button,
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
from dashboard.pages.compare.desk import Desk
from dashboard.pages.compare.question import (
    DIFFERENCE,
    INGREDIENTS,
    Asked,
    asked_of_ingredients,
    in_text,
    ingredient_meaning,
    ingredient_routes,
    ingredient_title,
    pairs_to_read,
    route_title,
)
from dashboard.pages.compare.results import (
    OUTCOMES,
    End,
    Found,
    Loss,
    band_path,
    contrasts,
    difference_path,
    end_of,
    losses,
)
from experiments.comparison import Contrast
from experiments.inference import SIDED
from experiments.reporting.figures.style import route_line
from experiments.reporting.numbers import capital, joined
from experiments.reporting.phrases import GAINS, contrast_sentence, probability_sentence, say, sized, verdict_words
from simulation.outcomes import band, difference, interval, level, number, shown


def contrast_words(contrast: Contrast) -> str:
    """Say what the contrast of two routes came to, in one or two sentences."""
    if contrast.outcome in GAINS or contrast.verdict not in SIDED:
        return contrast_sentence(contrast, in_text)
    pair = f"{in_text(contrast.first)} minus {in_text(contrast.second)}"
    return (
        f"{capital(verdict_words(contrast, in_text))} at month {contrast.month}. The mean paired difference, {pair}, "
        f"is {sized(contrast)}."
    )


def ahead_words(contrast: Contrast) -> str:
    """Say in what share of paired runs each route was the higher."""
    return probability_sentence(contrast, in_text)


def chance_words(contrast: Contrast, ends: tuple[End, End]) -> str:
    """Say how far chance moves an outcome within a route, against how far the choice of route does."""
    routes = (contrast.first, contrast.second)
    gap, widths = abs(contrast.difference), [end.high - end.low for end in ends]
    told = joined([f"{band(contrast.outcome, end.low, end.high)} with {in_text(route)}"
                   for end, route in zip(ends, routes, strict=True)])  # fmt: skip
    between = difference(contrast.outcome, gap).removeprefix("+")
    after = f"nine runs in ten stand at {told}, and the routes are {between} apart on average."
    if max(widths) <= gap:
        return f"At month {contrast.month} the route moves the outcome further than chance does: {after}"
    if min(widths) <= gap:
        wide = in_text(routes[widths.index(max(widths))])
        return (
            f"At month {contrast.month} chance moves the outcome further than the route does only with {wide}: {after}"
        )
    much = "much further" if min(widths) > 2 * gap else "further"
    return f"At month {contrast.month} chance within a route moves the outcome {much} than the route does: {after}"


def levels_words(ends: dict[str, End], outcome: str, month: int) -> str:
    """Say where each route's middle run stands."""
    each = joined([f"{level(outcome, end.median)} with {in_text(route)}" for route, end in ends.items()])
    title = shown(outcome).title
    return f"{title} at month {month}, middle run: {each}."


def together_words(pairs: int) -> str:
    """Say what the intervals hold for."""
    if pairs == 1:
        return "The 95% interval is a bootstrap interval of the mean paired difference."
    return (
        f"The 95% intervals are wide enough to hold for all {pairs} differences of the table at once (bootstrap max-t)."
    )


def matters_words(outcome: str) -> str:
    """Say what is too small to matter."""
    how = shown(outcome)
    if not how.matters:
        return "For this outcome no smallest difference that matters is set: it is judged against 0."
    points = " of 10" if how.factor == 10 else " points"
    return f"A difference below {number(how.factor * how.matters, how.decimals)}{points} is too small to matter."


def seeds_words(asked: Asked) -> str:
    """Say which luck the runs meet: "seeds 1,000,000 to 1,000,039"."""
    return f"seeds {asked.seeds[0]:,} to {asked.seeds[-1]:,}"


def loss_said(loss: Loss) -> str:
    """Say what may be said of one ingredient, in a few words."""
    return say(loss.verdict, "loss", way="raises" if loss.mean > 0 else "lowers")


def losses_words(losses: Sequence[Loss], outcome: str, what: str, month: int) -> str:
    """Say which ingredients matter, from their intervals."""
    told = f"{shown(outcome).title} at month {month}, {what}"
    raising = [loss for loss in losses if loss.verdict == "ahead" and loss.mean > 0]
    lowering = [loss for loss in losses if loss.verdict == "ahead" and loss.mean < 0]
    if not raising and not lowering:
        return f"{told}: no ingredient, taken away alone, makes a difference that can be told from chance and matters."
    sides = [("raised most by", raising), ("lowered most by", lowering)]
    parts = [f"{words} {_listed(found, outcome)}" for words, found in sides if found]
    rest = len(losses) - len(raising) - len(lowering)
    others = "The other is" if rest == 1 else f"The other {rest} are"
    more = f" {others} too small to matter, or these runs do not decide." if rest else ""
    return f"{told}, is {' and '.join(parts)}.{more}"


def _listed(losses: Sequence[Loss], outcome: str, most: int = 3) -> str:
    names = [
        f"{ingredient_title(loss.ingredient).lower()} ({difference(outcome, loss.mean)}, "
        f"{interval(outcome, loss.low, loss.high)})"
        for loss in losses[:most]
    ]
    more = len(losses) - most
    return joined([*names, *([f"{more} more"] if more > 0 else [])])


def time_words(seconds: float | None) -> str:
    """Say how long is left: "about 3 s left"."""
    if seconds is None:
        return "time left not known yet"
    if seconds < 90:
        return f"about {max(1, round(seconds))} s left"
    return f"about {round(seconds / 60)} min left"


ABOUT_FROM = About(
    what="Whether ingredients are taken away from one route, or from the difference between the two routes read.",
    notice="An ingredient may matter much to both routes and nothing to the difference between them.",
)
ABOUT_LOSSES = About(
    what="For each mechanism of the model: the outcome with it minus the outcome without it, on the same seeds. To the "
    "right: it raises the outcome, and taking it away loses that much. The thin line is the 95% interval; a bar is "
    "grey where that spans zero.",
    unit="points on the scale from 0 to 10, or percentage points",
    why="It shows what a route’s result stands on.",
    basis="Each mechanism is switched off alone, as “--without” does; intervals hold for all of them together.",
    notice="The parts do not add up: mechanisms work through one another.",
)


@solara.component
def Ingredients(desk: Desk) -> solara.Element:
    """Show the question, the way to ask it, and what came out."""
    settings, session = desk.settings, desk.session
    asked = solara.use_memo(lambda: asked_of_ingredients(settings, desk.scenario), [settings, id(desk.scenario)])
    found = solara.use_memo(lambda: desk.found(asked), [*desk.state_of(asked)])
    routes, pair = ingredient_routes(settings), desk.pair
    names = {route: route_title(route) for route in desk.routes}
    if pair is not None:
        names[DIFFERENCE] = f"The difference: {in_text(pair[0])} minus {in_text(pair[1])}"
    chosen = DIFFERENCE if len(routes) > 1 else routes[0]
    shown_part = [Drawn(desk, found, routes)] if found is not None else []
    return Section(
        "What each ingredient contributes",
        Text(f"What does a route’s result stand on? Take away one of the model’s {len(INGREDIENTS)} mechanisms at a "
             "time, on the same luck, and see what is lost or gained."),
        Choice("Taken away from", chosen, names, about=ABOUT_FROM,
               on_choose=lambda name: session.commit(taken_from=name)),
        Box(
            Button(f"Take each away: {asked.runs:,} runs", lambda: desk.start(asked),
                   disabled=desk.running is not None or found is not None),
            tag="p", kind="b-buttons",
        ),
        Perhaps(*([] if desk.running is None or desk.running.asked != asked else
                  [Text("Running: progress and Cancel are above.", kind="b-hint")])),
        *shown_part,
    )  # fmt: skip


@solara.component
def Drawn(desk: Desk, found: Found, routes: tuple[str, ...]) -> solara.Element:
    """Show the bars and what they say."""
    outcome, month = desk.outcome, desk.month
    rows = solara.use_memo(lambda: losses(found, routes, outcome, month), [found, outcome, month])
    what = in_text(routes[0]) if len(routes) == 1 else f"{in_text(routes[0])} minus {in_text(routes[1])}"
    told = losses_words(rows, outcome, what, month)
    bars = [Bar(ingredient_title(row.ingredient), row.mean, row.low, row.high, loss_said(row)) for row in rows]
    drawing: Drawing = losses_chart(
        bars, outcome, title=f"{desk.place}, {what}, month {month}: what each ingredient adds or takes",
        description=f"Bar chart. {told}", source=desk.source(found.asked, routes),
    )  # fmt: skip
    meanings = [[ingredient_title(row.ingredient), ingredient_meaning(row.ingredient), row.ingredient] for row in rows]
    return Box(
        Message(told), Chart(drawing, about=ABOUT_LOSSES),
        Box(Box("What taking each away means", tag="summary"),
            Table("What taking each away means", ["Taken away", "Then", "As --without"], meanings, words=(1, 2)),
            kind="b-fold", tag="details"),
    )  # fmt: skip


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
