"""Sentences and page of a map."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from experiments.comparison import FLAT, Subject
from experiments.factors import Factor
from experiments.inference import CONFIDENCE
from experiments.reporting.figures.sheet import Picture
from experiments.reporting.html import render, subject_values
from experiments.reporting.numbers import capital, joined
from experiments.reporting.phrases import better, measure, names, say, verdict_words
from experiments.route_map import RouteMap, rule_of
from simulation.outcomes import COLLABORATIVE, difference, number
from simulation.parameters import BY_NAME
from simulation.scenario.paths import steps_of
from simulation.text import counted

SAME, OPEN = "no difference that matters", "undecided"
FIRST, SECOND = ("first ahead", "leans to first"), ("second ahead", "leans to second")


def axis_title(factor: Factor) -> str:
    """Return what a factor is, as it reads inside a sentence."""
    return BY_NAME[factor.name].meaning if factor.name in BY_NAME else factor.name


def axis_label(factor: Factor) -> str:
    """Return an axis's label: what the factor is, and its unit."""
    unit = BY_NAME[factor.name].unit if factor.name in BY_NAME else ""
    return f"{axis_title(factor)} ({unit})" if unit else axis_title(factor)


def value(level: float, *, digits: int = 4) -> str:
    """Write a factor's value, to a few digits.

    >>> value(0.43333), value(0.43333, digits=3), value(12_000)
    ('0.4333', '0.433', '12000')
    """
    return f"{level:.0f}" if abs(level) >= 10**digits else f"{level:.{digits}g}"


def pairs_words(found: RouteMap) -> str:
    """Write how many pairs of runs cells stand on: "20 to 320"."""
    fewest, most = found.pairs
    return f"{fewest:,}" if fewest == most else f"{fewest:,} to {most:,}"


def place(found: RouteMap) -> str:
    """Return the title of what was mapped."""
    what = found.plan.arms[0].what
    return what.title or what.place.title or what.name


def matters(found: RouteMap) -> str:
    """Write the smallest difference that matters in the scale shown, without a sign; nothing where there is none."""
    least = rule_of(found.plan).matters
    return difference(found.plan.outcome, least).removeprefix("+") if least else ""


def cells(count: int) -> str:
    """Write a number of cells."""
    return counted(count, "cell")


def headline(found: RouteMap) -> str:
    """Say where which route does better, in a line; no route is named where no interval allows it."""
    sides = [_side(found, side, name) for side, name in zip(("first", "second"), names(found), strict=True)]
    said = [words for _, words in sorted(sides, key=lambda one: -one[0]) if words]
    if said:
        return f"{place(found)}: of {cells(found.plan.cells)}, {joined(said)}"
    if found.count(SAME) == found.plan.cells:
        return f"{place(found)}: {say(SAME)} between {joined(names(found))} in any cell"
    return f"{place(found)}: neither {' nor '.join(names(found))} is shown to be {better(found)} in any cell"


def _side(found: RouteMap, side: str, name: str) -> tuple[int, str]:
    """Return in how many cells a route is ahead, with words for them and for those that lean to it; or no words."""
    clear, leaning = found.count(f"{side} ahead"), found.count(f"leans to {side}")
    if clear:
        more = f" (and {leaning:,} lean{'s' * (leaning == 1)} to it)" if leaning else ""
        return clear, f"{name} is {better(found)} in {clear:,}{more}"
    return 0, f"{leaning:,} lean{'s' * (leaning == 1)} to {name}" if leaning else ""


def tally_sentence(found: RouteMap) -> str:
    """Count the cells by verdict."""
    order = ("first ahead", "leans to first", SAME, OPEN, "leans to second", "second ahead", "not measured", "not run")
    said = [f"{verdict_words(found, one)} in {found.count(one):,}" for one in order if found.count(one)]
    return f"Of {cells(found.plan.cells)}: {joined(said)}."


def where_sentences(found: RouteMap) -> list[str]:
    """Say in which part of the map each route does better, counting cells below and above the middle of each axis."""
    texts = found.texts("verdict")
    said = []
    for verdicts, name in zip((FIRST, SECOND), names(found), strict=True):
        here = np.isin(texts.astype(str), verdicts)
        if here.any():
            sides = [
                _halves(found.plan.y, found.ys, here.sum(axis=1)),
                _halves(found.plan.x, found.xs, here.sum(axis=0)),
            ]
            count = int(here.sum())
            who = f"{capital(name)} is {better(found)}, or the runs lean to it, in {cells(count)}"
            said.append(f"{who}: {'; '.join(sides)}.")
    return said


def _halves(factor: Factor, levels: Any, counts: Any) -> str:
    """Say how many of some cells lie below and above the middle of an axis."""
    middle = (levels[0] + levels[-1]) / 2
    below, above = int(counts[levels < middle].sum()), int(counts[levels > middle].sum())
    return f"{below} with {axis_title(factor)} below {value(middle)} and {above} above it"


def changes_sides(found: RouteMap) -> bool:
    """Tell whether the map shows each route doing better somewhere: cells to both sides of zero."""
    return all(found.count(*verdicts) for verdicts in (FIRST, SECOND))


def line_sentence(found: RouteMap) -> str:
    """Say whether there is a break-even line, and whether a change of sides is shown."""
    if not found.contours.break_even:
        surface = found.grid("difference")
        if (surface == 0).all():
            return "The routes do not differ in any run: there is no break-even line."
        return "There is no break-even line: nowhere on the map does the mean difference change its sign."
    if changes_sides(found):
        return (
            "A break-even line crosses the map, and the routes change sides at it: on either side of it there are "
            "cells whose interval leaves zero out."
        )
    return (
        "The mean difference is zero along a line, but a change of sides is not shown: on one side of it at least, no "
        "cell's interval leaves zero out."
    )


def levels_sentence(found: RouteMap) -> str:
    """Say where both routes stay flat and where both take practice far, whatever the outcome mapped."""
    first, second = (found.grid(f"{side}_practice") for side in ("first", "second"))
    known = np.isfinite(first) & np.isfinite(second)
    flat = int((known & (first < FLAT) & (second < FLAT)).sum())
    high = [first > COLLABORATIVE, second > COLLABORATIVE]
    both = int((known & high[0] & high[1]).sum())
    alone = [int((known & high[k] & ~high[1 - k]).sum()) for k in (0, 1)]
    line = number(10 * COLLABORATIVE, 1)
    text = (
        f"In the middle run practice stays below {number(10 * FLAT, 0)} of 10 under both routes in {cells(flat)}, and "
        f"ends above {line} under both in {both:,}"
    )
    one = [f"{name} in {count:,}" for name, count in zip(names(found), alone, strict=True) if count]
    return text + (f"; above {line} under one route alone: {joined(one)}." if one else ".")


def rule_sentences(found: RouteMap) -> list[str]:
    """Say by which rule cells got more runs; it was fixed before the first run."""
    plan, rule = found.plan, rule_of(found.plan)
    looks = joined([str(look) for look in plan.looks])
    confidence = f"{100 * rule.confidence:.1f}%"
    said = [f"Each cell was looked at after {looks} pairs of runs, as far as it went."]
    if plan.precision is not None:
        narrow = difference(plan.outcome, plan.precision).removeprefix("+")
        said.append(f"It stopped where its interval reached no further than ±{narrow} to either side.")
    else:
        small = f", or lay within ±{matters(found)}, too small to matter" if rule.matters else ""
        said.append(
            f"It stopped where its interval left zero out{small}; so a cell that leans was not run on to see whether "
            f"its route is {better(found)}."
        )
    said.append(
        f"Every look's interval was taken at {confidence}, so that it holds at {100 * CONFIDENCE:.0f}% whichever look "
        "the cell stopped at."
    )
    return said


def each_sentence(found: RouteMap) -> str:
    """Say that intervals are a cell's own."""
    chance = (1 - CONFIDENCE) * found.plan.cells
    return (
        "Intervals are per cell, and not adjusted for there being many cells: if the routes did not differ anywhere, "
        f"up to {number(chance, 0)} of {cells(found.plan.cells)} would leave zero out by chance alone. A single cell "
        "that stands out from its neighbours says little."
    )


def outward_sentence(found: RouteMap) -> str:
    """Say how many estimates lean outward because their cell stopped at a clear sign."""
    if found.plan.precision is not None:
        return (
            "Cells stopped by the width of their interval and not by its sign, so their estimates do not lean outward."
        )
    early = found.cells["replicates"] < found.plan.looks[-1]
    count = int(((found.cells["stopped"] == "sign") & early).sum())
    if not count:
        return "No cell stopped early because of its sign."
    return (
        f"{cells(count).capitalize()} stopped early because the interval left zero out. Such estimates lean outward: "
        "a cell stops the sooner, the further chance has pushed its difference from zero. Read their sign and their "
        "interval; their difference is likely to be somewhat smaller in truth. With --precision this does not happen."
    )


def runs_sentence(found: RouteMap) -> str:
    """Say how many runs there were, and how many the rule saved against a fixed design."""
    plan = found.plan
    share = 100 * found.saved / plan.most_runs
    return (
        f"The cells took {pairs_words(found)} pairs of runs, {found.runs:,} runs in all. A fixed design "
        f"of {plan.looks[-1]:,} pairs in every cell takes {plan.most_runs:,}: the rule saved {found.saved:,} "
        f"({number(share, 0)}%)."
    )


def failed_sentence(found: RouteMap) -> str:
    """Say how many cells have no difference, if any."""
    count, failed = found.count("not measured"), int(found.cells["failed"].sum())
    if not count:
        return ""
    why = f"; {failed:,} runs failed, and their errors stand in the rounds' tables" if failed else ""
    return f"{cells(count).capitalize()} could not be measured: not every run there has a number{why}."


def sentences(found: RouteMap) -> list[str]:
    """Return what is to be said first."""
    said = [tally_sentence(found), *where_sentences(found), line_sentence(found), levels_sentence(found)]
    return [text for text in (*said, failed_sentence(found)) if text]


def lines(found: RouteMap) -> dict[str, Any]:
    """Return the break-even lines as plain lists of points (x, y)."""
    drawn = found.contours
    return {
        "x": found.plan.x.name,
        "y": found.plan.y.name,
        "break_even": [line.tolist() for line in drawn.break_even],
        "lower_end_is_zero": [line.tolist() for line in drawn.low],
        "upper_end_is_zero": [line.tolist() for line in drawn.high],
    }


def report_page(found: RouteMap, pictures: Sequence[Picture]) -> str:
    """Return the whole page; it needs no network and no other file."""
    plan, (first, second) = found.plan, names(found)
    stops, stopped = stop_rows(found)
    return render(
        "route_map.html",
        version=str(found.manifest.get("version", "")),
        about=subject_values(about(found)),
        place=place(found), first=first, second=second, headline=headline(found), said=sentences(found),
        x=axis_title(plan.x), y=axis_title(plan.y), measure=measure(found), better=better(found),
        factors=[
            [axis_label(factor), value(levels[0]), value(levels[-1]), f"{len(levels)}", _own(found, factor.name)]
            for factor, levels in ((plan.x, found.xs), (plan.y, found.ys))
        ],
        pictures={picture.name: picture for picture in pictures},
        line=line_sentence(found), matters=matters(found), unmeasured=found.count("not measured"),
        flat=f"{10 * FLAT:.0f}", collaborative=f"{10 * COLLABORATIVE:.1f}", levels=levels_sentence(found),
        rule=" ".join(rule_sentences(found)),
        sure=[each_sentence(found), outward_sentence(found), runs_sentence(found)],
        stops=stops, stopped=stopped,
    )  # fmt: skip


def about(found: RouteMap) -> Subject:
    """Return what the report is about."""
    plan = found.plan
    titles = {plan.arms[0].scenario: place(found)} | {arm.route: arm.what.route.title or arm.route for arm in plan.arms}
    return Subject(scenarios=(plan.arms[0].scenario,), routes=plan.routes, titles=titles, manifest=found.manifest)


def _own(found: RouteMap, name: str) -> str:
    """Return what the scenario has by itself, with the second route where the factor is the route's own."""
    part: Any = found.plan.arms[1].what
    if name in BY_NAME:
        return value(float(getattr(part.numbers, name)))
    for step in steps_of(name):
        part = part[step] if isinstance(step, int) else getattr(part, step)
    return "not set" if part is None else value(float(part))


STOPS = {
    "sign": "Zero left out", "too small to matter": capital(say("too small")), "narrow enough": "Narrow enough",
    "last look": "Last look", "not measured": capital(say("not measured")),
}  # fmt: skip
"""Why a cell stopped, in words."""


def stop_rows(found: RouteMap) -> tuple[list[str], list[list[str]]]:
    """Return why cells stopped, and at each look how many did for each of these reasons."""
    held = found.cells.group_by("replicates", "stopped").len()
    count = {(pairs, why): cells for pairs, why, cells in held.iter_rows()}
    shown = [why for why in STOPS if any(key[1] == why for key in count)]
    rows = [
        [f"{pairs}", *(f"{count.get((pairs, why), 0)}" for why in shown)]
        for pairs in rule_of(found.plan).looks
        if any(key[0] == pairs for key in count)
    ]
    return [STOPS[why] for why in shown], rows
