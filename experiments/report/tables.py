"""Lay a comparison's numbers out as tables for people: levels by route, differences, pressures."""

from experiments.comparison import Comparison
from experiments.reading import (
    contrast,
    every_pair,
    in_order,
    in_text,
    is_named,
    last_month,
    level,
    pressure_rows,
    share_reaching,
    title,
)
from experiments.report.html import Html, el, join, table
from experiments.shown import band, difference, interval, number, shown
from experiments.shown import level as level_words
from experiments.wording import capital, verdict_words
from simulation.text import counted
from simulation.vocabulary import BEHAVIOUR_IDS, GROUPS

UNBROKEN = "\u2060–\u2060"
"""A dash at which a line does not break."""
OVERALL = ("practice_24", "practice_60", "practice", *GROUPS)
AROUND = ("reach", "trust", "pressure", "failure_demand_share", "infrastructure", "take_off", "kept_after_exit")
BEHAVIOURS = tuple(f"practice_{behaviour}" for behaviour in BEHAVIOUR_IDS)
COMPARED = ("practice", *GROUPS, *(outcome for outcome in AROUND if outcome != "take_off"))


def routes_table(comparison: Comparison, scenario: str) -> Html:
    """Return the main table: what every route came to, median and 90% band."""
    month = last_month(comparison, scenario)
    rows: list[list[Html | str]] = []
    for outcome in (*OVERALL, *AROUND, "unmet_need"):
        found = _levels(comparison, scenario, outcome)
        rows += [] if found is None else [found]
        if outcome == "take_off":
            rows.append(_reaching(comparison, scenario))
    return table(
        f"What each route comes to in {title(comparison, scenario)} after {counted(month, 'month')}: the middle run, "
        "and below it the range in which nine runs in ten lie",
        ["Measure", *(title(comparison, route) for route in in_order(comparison))],
        rows,
    )


def behaviours_table(comparison: Comparison, scenario: str) -> Html:
    """Return practice of each of the nine behaviours under every route."""
    rows = [_levels(comparison, scenario, outcome) for outcome in BEHAVIOURS]
    return table(
        f"Practice of each behaviour at month {last_month(comparison, scenario)}, 0–10: the middle run and the 90% "
        "band",
        ["Behaviour", *(title(comparison, route) for route in in_order(comparison))],
        [row for row in rows if row is not None],
    )


def _head(words: str, meaning: str) -> Html:
    return join([words, el("small", meaning.replace("–", UNBROKEN))])


def _reaching(comparison: Comparison, scenario: str) -> list[Html | str]:
    """Return the row of runs that take off."""
    head = _head("Runs that take off", "share of runs in which practice stays above 2.5 of 10 for six months")
    routes = in_order(comparison)
    return [head, *(level_words("reach", share_reaching(comparison, scenario, route)) for route in routes)]


def _levels(comparison: Comparison, scenario: str, outcome: str) -> list[Html | str] | None:
    """Return a row of levels, or None where the outcome is not in the table or says nothing."""
    found = [level(comparison, scenario, route, outcome) for route in in_order(comparison)]
    how = shown(outcome)
    if all(item is None or item.replicates == 0 for item in found):
        return None
    if outcome == "unmet_need" and all(item is None or item.high == 0 for item in found):
        return None
    words = f"Practice at month {last_month(comparison, scenario)}" if outcome == "practice" else how.title
    cells: list[Html | str] = [_head(words, f"{how.meaning}; {how.unit}")]
    for item in found:
        if item is None or item.replicates == 0:
            cells.append("not measured")
        else:
            spread = el("small", band(outcome, item.low, item.high))
            cells.append(join([level_words(outcome, item.median), spread]))
    return cells


def differences_table(comparison: Comparison, scenario: str, pair: tuple[str, str]) -> Html:
    """Return the paired differences between the two main routes, outcome by outcome."""
    month = last_month(comparison, scenario)
    early = [("practice", m) for m in (24, 60) if m < month]
    rows = []
    for outcome, at in [*early, *((outcome, month) for outcome in COMPARED)]:
        found = contrast(comparison, scenario, *pair, outcome, at)
        if found is None:
            continue
        how = shown(outcome)
        words = f"Practice at month {at}" if outcome == "practice" else how.title
        named = f"{how.unit}; named beforehand" if found.named_beforehand else how.unit
        rows.append(
            [
                _head(words, named),
                difference(outcome, found.difference),
                interval(outcome, found.low, found.high),
                f"{number(100 * found.ahead, 0)}%",
                verdict_words(found, lambda route: in_text(comparison, route)),
            ]
        )
    first, second = (in_text(comparison, route) for route in pair)
    exploratory = "All but the row named beforehand is exploratory" if is_named(comparison) else "Exploratory"
    return table(
        f"{capital(first)} minus {second} in {title(comparison, scenario)}, on the same seeds. {exploratory}",
        ["Measure", "Mean difference", "95% interval", f"{capital(first)} higher in", "Verdict"],
        rows,
    )


def pairs_table(comparison: Comparison, scenario: str) -> Html:
    """Return the paired difference in practice at the last month for every pair of routes."""
    rows = [
        [
            f"{title(comparison, found.first)} minus {in_text(comparison, found.second)}",
            difference("practice", found.difference),
            interval("practice", found.low, found.high),
            f"{number(100 * found.ahead, 0)}%",
            verdict_words(found, lambda route: in_text(comparison, route)),
        ]
        for found in every_pair(comparison, scenario)
    ]
    return table(
        f"Practice at month {last_month(comparison, scenario)} in {title(comparison, scenario)}: every pair of "
        "routes. Exploratory but for one named beforehand: with many pairs, some intervals miss zero by luck",
        ["Pair", "Mean difference", "95% interval", "First higher in", "Verdict"],
        rows,
    )


def pressures_table(comparison: Comparison, scenario: str, pair: tuple[str, str]) -> Html:
    """Return the main contrast and both routes' medians under each pressure."""
    month, place = last_month(comparison, scenario), title(comparison, scenario)
    return table(
        f"Practice at month {month} in {place} under each pressure, 0–10: medians of both routes, and the mean "
        "paired difference. Exploratory",
        [
            "Pressure",
            *(title(comparison, route) for route in pair),
            "Mean difference",
            "95% interval",
            "Verdict",
            "Pairs",
        ],
        [
            [
                words,
                *(_median(value) for value in (found.first_median, found.second_median)),
                difference("practice", found.difference),
                interval("practice", found.low, found.high),
                verdict_words(found, lambda route: in_text(comparison, route)),
                f"{found.replicates}",
            ]
            for words, found in pressure_rows(comparison, scenario, pair)
        ],
    )


def _median(value: float | None) -> str:
    return "not measured" if value is None else level_words("practice", value)
