"""Write a map as one self-contained page in the style of a comparison's report."""

from collections.abc import Sequence
from typing import Any

import polars as pl

from experiments.comparison import Comparison
from experiments.factors import steps_of
from experiments.figures.sheet import Picture
from experiments.mapping.deciding import rule_of
from experiments.mapping.reading import RouteMap
from experiments.mapping.words import (
    axis_label,
    axis_title,
    better,
    each_sentence,
    headline,
    levels_sentence,
    line_sentence,
    matters,
    measure,
    names,
    outward_sentence,
    place,
    rule_sentences,
    runs_sentence,
    sentences,
    value,
)
from experiments.report.assumptions import assumptions
from experiments.report.html import Html, el, items, join, paragraphs, table
from experiments.report.limits import cannot_say
from experiments.report.origin import origin
from experiments.report.page import whole_page
from experiments.report.place import figure
from experiments.wording import FLAT, capital, joined
from simulation.observation import COLLABORATIVE
from simulation.parameters import BY_NAME

CONTENTS = (
    ("short", "In short"),
    ("asked", "What was asked"),
    ("map", "Where each route does better"),
    ("levels", "What each route comes to"),
    ("sure", "How sure this is"),
    ("limits", "What the model cannot say"),
    ("assumptions", "Assumptions"),
    ("origin", "Where this comes from"),
)


def report_page(found: RouteMap, pictures: Sequence[Picture]) -> str:
    """Return the whole page; it needs no network and no other file."""
    by_name = {picture.name: picture for picture in pictures}
    held = about(found)
    main = [
        in_short(found),
        asked(found),
        the_map(found, by_name["map"]),
        the_levels(found, by_name["map-of-levels"]),
        how_sure(found),
        cannot_say(held),
        assumptions(held),
        origin(held),
    ]
    first, second = names(found)
    words = f"Where does each route do better? {capital(first)} and {second} in {place(found)}"
    return whole_page(words, CONTENTS, main, version=str(found.manifest.get("version", "")))


def about(found: RouteMap) -> Comparison:
    """Return what the parts shared with a comparison's report read: names, titles, manifest, and no runs."""
    plan, none = found.plan, pl.DataFrame()
    titles = {plan.arms[0].scenario: place(found)} | {arm.route: arm.what.route.title or arm.route for arm in plan.arms}
    return Comparison(
        scenarios=(plan.arms[0].scenario,), routes=plan.routes, titles=titles, runs=none, months=none, levels=none,
        contrasts=none, pressures=none, portraits={}, pictures={}, manifest=found.manifest,
    )  # fmt: skip


def in_short(found: RouteMap) -> Html:
    """Return the answer."""
    box = [el("h3", headline(found)), paragraphs(*sentences(found))]
    return join([el("h2", "In short", id="short"), el("div", *box, class_="answer")])


def asked(found: RouteMap) -> Html:
    """Return what was asked: place, routes, factors, outcome."""
    plan, (first, second) = found.plan, names(found)
    question = (
        f"Where does {first} do better than {second}, and where is it the other way round? Two things are varied "
        f"together, {axis_title(plan.x)} and {axis_title(plan.y)}; all else stays as the scenario has it. In every "
        "cell both routes are run on the same seeds, so that two routes meet the same place, the same shocks and the "
        "same luck, and what is left between them is the route."
    )
    read = (
        f"What is compared is {measure(found)}: {first} minus {second}. Which factors span the map was chosen, and "
        "everything in this report is exploratory."
    )
    rows = [
        [axis_label(factor), value(levels[0]), value(levels[-1]), f"{len(levels)}", _own(found, factor.name)]
        for factor, levels in ((plan.x, found.xs), (plan.y, found.ys))
    ]
    head = ["Factor", "From", "To", "Steps", "In the scenario itself"]
    return join(
        [el("h2", "What was asked", id="asked"), paragraphs(question, read), table("The two factors", head, rows)]
    )


def _own(found: RouteMap, name: str) -> str:
    """Return what the scenario has by itself, with the second route where the factor is the route's own."""
    part: Any = found.plan.arms[1].what
    if name in BY_NAME:
        return value(float(getattr(part.numbers, name)))
    for step in steps_of(name):
        part = part[step] if isinstance(step, int) else getattr(part, step)
    return "not set" if part is None else value(float(part))


def the_map(found: RouteMap, picture: Picture) -> Html:
    """Return the map with its numbers, and the words for what its cells show."""
    first, second = names(found)
    small = f"within ±{matters(found)}" if matters(found) else "nothing but zero"
    meanings = [
        [
            f"{capital(first)} {better(found)}, {second} {better(found)}",
            "the whole interval lies beyond what is too small to matter",
        ],
        [f"Leans to {first}, leans to {second}", "zero is outside the interval, but part of it is too small to matter"],
        ["No difference that matters", f"the whole interval lies {small}"],
        ["Undecided", "the interval spans zero and reaches further than that"],
    ]
    tally = [*meanings, ["Not measured", "a run failed, or has no number"]] if found.count("not measured") else meanings
    return join(
        [
            el("h2", "Where each route does better", id="map"),
            figure(picture),
            paragraphs(line_sentence(found)),
            table("What a cell’s verdict means", ["Verdict", "Where"], tally, numbers_from=None),
        ]
    )


def the_levels(found: RouteMap, picture: Picture) -> Html:
    """Return the companion maps: a route that does better can still stay flat."""
    reading = (
        f"A route can do better and still come to little. Practice is called flat where the middle run ends below "
        f"{10 * FLAT:.0f} of 10, and taken up where it ends above {10 * COLLABORATIVE:.1f}."
    )
    return join(
        [
            el("h2", "What each route comes to", id="levels"),
            paragraphs(reading, levels_sentence(found)),
            figure(picture),
        ]
    )


def how_sure(found: RouteMap) -> Html:
    """Return the rule, what the intervals hold and what they do not, and where the runs went."""
    lines = [each_sentence(found), outward_sentence(found), runs_sentence(found)]
    held = (
        "The break-even line is drawn straight between cells. The dashed lines are where the lower and the upper ends "
        "of the cells’ own intervals are zero, so they are as sure as single cells are: no band for the line as a "
        "whole. Cells share their seeds, so neighbours err together more often than cells would by themselves."
    )
    chance = (
        "Intervals hold chance alone: what another draw of seeds would change. They say nothing of how well the model "
        "fits a real place."
    )
    return join(
        [
            el("h2", "How sure this is", id="sure"),
            paragraphs(" ".join(rule_sentences(found))),
            items(lines),
            runs_table(found),
            paragraphs(held, chance),
        ]
    )


def runs_table(found: RouteMap) -> Html:
    """Return how many cells stopped at each look, and why."""
    reasons = ("sign", "too small to matter", "narrow enough", "last look", "not measured")
    held = found.cells.group_by("replicates", "stopped").len()
    count = {(pairs, why): cells for pairs, why, cells in held.iter_rows()}
    shown = [why for why in reasons if any(key[1] == why for key in count)]
    titles = {"sign": "Zero left out", "last look": "Last look", "not measured": "Not measured"}
    rows = [
        [f"{pairs}", *(f"{count.get((pairs, why), 0)}" for why in shown)]
        for pairs in rule_of(found.plan).looks
        if any(key[0] == pairs for key in count)
    ]
    heads = [titles.get(why, capital(why)) for why in shown]
    told = joined([head.lower() for head in heads])
    return table(f"Cells by the pairs of runs at which they stopped, and why: {told}", ["Pairs", *heads], rows)
