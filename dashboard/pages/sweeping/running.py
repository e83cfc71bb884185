"""Show the months of a few runs that are carried out again, with a way to the page Place where that can show them."""

from collections.abc import Sequence

import solara

from dashboard.charts import line_chart, line_of
from dashboard.components import About, Box, Chart, Message, Text
from dashboard.session import address
from dashboard.sweeping.again import Again, said
from dashboard.sweeping.linking import settings_for
from experiments.shown import level, shown

ABOUT = About(
    what="The months of one run of each route at this point, on the same luck, carried out again just now.",
    why="A point of a sweep is a number; a run tells how it came about.",
    basis="Computed by the model; the same settings and seed give the same bits wherever they are run.",
    notice="One throw of luck is one story. Move the seed to see another.",
)


def Runs(found: Sequence[Again], outcome: str, *, title: str, source: str) -> solara.Element:
    """Return lines over the months, whether they are what was stored, and links to the page Place."""
    ran = [one for one in found if one.trajectory is not None and one.scenario is not None]
    told = list(dict.fromkeys((said(one), bool(one.problem) or one.same is False) for one in found))
    messages = [Message(words, kind="wrong" if wrong else "note") for words, wrong in told]
    if not ran:
        return Box(*messages)
    lines = [line_of(one.trajectory, outcome, name=route_title(one), route=one.scenario.route.name)  # type: ignore[union-attr,arg-type]
             for one in ran]  # fmt: skip
    chart = line_chart(lines, outcome, title=title, source=source, file="run")
    return Box(*messages, Text(ends_sentence(ran, outcome)), Chart(chart, about=ABOUT), *[_link(one) for one in ran])


def route_title(one: Again) -> str:
    """Return the title of the route that was run."""
    route = one.scenario.route if one.scenario is not None else one.arm.what.route
    return route.title or route.name


def ends_sentence(ran: Sequence[Again], outcome: str) -> str:
    """Say where each run ends."""
    unit = " of 10" if shown(outcome).factor == 10 else ""
    parts = [f"{route_title(one)} {level(outcome, float(one.trajectory[outcome][-1]))}{unit}" for one in ran  # type: ignore[index]
             if one.trajectory is not None]  # fmt: skip
    return f"{shown(outcome).title}, at the end on seed {ran[0].seed}: {'; '.join(parts)}."


def _link(one: Again) -> solara.Element:
    """Return a link that opens a run on the page Place, or why there is none."""
    assert one.scenario is not None
    settings = settings_for(one.scenario, one.seed, first=one.arm.scenario)
    if settings is None:
        return Text(
            f"{route_title(one)}: the page Place has no settings for this run, since it changes more than ready parts "
            "and numbers of the model."
        )
    words = f"See {route_title(one)} at this point on the page Place"
    return Box(Box(words, tag="a", href=address("./", settings)), tag="p")
