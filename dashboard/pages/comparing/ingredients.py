"""Show what each ingredient contributes, by taking it away alone on the same seeds."""

import solara

from dashboard.charts import Drawing
from dashboard.charts.losses import Bar, losses_chart
from dashboard.comparing.asked import DIFFERENCE, INGREDIENTS, asked_of_ingredients, ingredient_routes
from dashboard.comparing.found import Found, losses
from dashboard.comparing.names import in_text, ingredient_meaning, ingredient_title, route_title
from dashboard.comparing.words import loss_said, losses_words
from dashboard.components import About, Box, Button, Chart, Choice, Message, Perhaps, Section, Table, Text
from dashboard.pages.comparing.desk import Desk

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
