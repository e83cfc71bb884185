"""Lay a comparison's numbers out as tables for people: levels by route, differences, pressures."""

from itertools import combinations

from experiments.comparison import Comparison
from experiments.reading import (
    contrast,
    in_text,
    last_month,
    level,
    main_pair,
    median_under_pressure,
    pressure_contrasts,
    pressure_title,
    share_reaching,
    title,
)
from experiments.report.html import Html, el, join, table
from experiments.shown import band, difference, interval, number, shown
from experiments.shown import level as level_words
from experiments.wording import verdict_words
from simulation.vocabulary import BEHAVIOUR_IDS, GROUPS

OVERALL = ("practice_24", "practice_60", "practice", *GROUPS)
AROUND = ("reach", "trust", "pressure", "failure_demand_share", "infrastructure", "take_off", "kept_after_exit")
BEHAVIOURS = tuple(f"practice_{behaviour}" for behaviour in BEHAVIOUR_IDS)
COMPARED = ("practice", *GROUPS, "reach", "trust", "pressure", "failure_demand_share", "infrastructure", "kept_after_exit")


def routes_table(comparison: Comparison, scenario: str) -> Html:
    """Return the main table: what every route came to, median and 90% band."""
    month = last_month(comparison, scenario)
    rows = [_levels(comparison, scenario, outcome) for outcome in (*OVERALL, *AROUND, "unmet_need")]
    reaching = [_head("Runs that take off", "share of runs in which practice stays above 2.5 of 10 for six months")]
    reaching += [level_words("reach", share_reaching(comparison, scenario, route)) for route in comparison.routes]
    kept = [row for row in rows if row is not None]
    kept.insert(len(OVERALL) + AROUND.index("take_off") + 1 - (len(rows) - 1 - sum(r is not None for r in rows[:-1])), reaching)
    return table(
        f"What each route comes to in {title(comparison, scenario)} after {month} months: the middle run, and below "
        "it the range in which nine runs in ten lie",
        ["Measure", *(title(comparison, route) for route in comparison.routes)],
        kept,
    )


def behaviours_table(comparison: Comparison, scenario: str) -> Html:
    """Return practice of each of the nine behaviours under every route."""
    rows = [_levels(comparison, scenario, outcome) for outcome in BEHAVIOURS]
    return table(
        f"Practice of each behaviour at month {last_month(comparison, scenario)}, 0–10: the middle run and the 90% "
        "band",
        ["Behaviour", *(title(comparison, route) for route in comparison.routes)],
        [row for row in rows if row is not None],
    )


def _head(words: str, meaning: str) -> Html:
    return join([words, el("small", meaning)])


def _levels(comparison: Comparison, scenario: str, outcome: str) -> list[Html | str] | None:
    """Return a row of levels, or None where the outcome is not in the table or says nothing."""
    found = [level(comparison, scenario, route, outcome) for route in comparison.routes]
    how = shown(outcome)
    if all(item is None or item.replicates == 0 for item in found):
        return None
    if outcome == "unmet_need" and all(item is None or item.high == 0 for item in found):
        return None
    cells: list[Html | str] = [_head(how.title, f"{how.meaning}; {how.unit}")]
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
        words = f"{how.title} at month {at}" if outcome == "practice" else how.title
        named = "named beforehand" if found.named_beforehand else how.unit
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
    return table(
        f"{first} minus {second} in {title(comparison, scenario)}, on the same seeds. All but the row named "
        "beforehand is "
        "exploratory".replace(first, first[:1].upper() + first[1:], 1),
        ["Measure", "Mean difference", "95% interval", f"Runs in which {first} is higher", "Verdict"],
        rows,
    )


def pairs_table(comparison: Comparison, scenario: str) -> Html:
    """Return the paired difference in practice at the last month for every pair of routes."""
    main = main_pair(comparison)
    rows = []
    for first, second in combinations(comparison.routes, 2):
        found = contrast(comparison, scenario, second, first)
        if found is None or (main is not None and {first, second} == set(main)):
            continue
        rows.append(
            [
                f"{title(comparison, second)} minus {in_text(comparison, first)}",
                difference("practice", found.difference),
                interval("practice", found.low, found.high),
                f"{number(100 * found.ahead, 0)}%",
                verdict_words(found, lambda route: in_text(comparison, route)),
            ]
        )
    return table(
        f"Practice at month {last_month(comparison, scenario)} in {title(comparison, scenario)}: every other pair of "
        "routes. Exploratory: with so many pairs, some intervals miss zero by luck",
        ["Pair", "Mean difference", "95% interval", "Runs in which the first is higher", "Verdict"],
        rows,
    )


def pressures_table(comparison: Comparison, scenario: str, pair: tuple[str, str]) -> Html:
    """Return the main contrast and both routes' levels under each pressure."""
    own = contrast(comparison, scenario, *pair)
    rows = []
    if own is not None:
        medians = [level(comparison, scenario, route, "practice") for route in pair]
        words = [level_words("practice", item.median) if item else "not measured" for item in medians]
        rows.append(("As in the scenario itself", words, own))
    for found in pressure_contrasts(comparison, scenario, pair):
        levels = [median_under_pressure(comparison, scenario, found.pressure, route) for route in pair]
        words = ["not measured" if value is None else level_words("practice", value) for value in levels]
        rows.append((pressure_title(comparison, found.pressure), words, found))
    first, second = (title(comparison, route) for route in pair)
    return table(
        f"Practice at month {last_month(comparison, scenario)} in {title(comparison, scenario)} under each pressure, "
        "0–10: medians of both routes, and the mean paired difference. Exploratory",
        ["Pressure", first, second, "Mean difference", "95% interval", "Verdict", "Pairs"],
        [
            [
                words,
                *medians,
                difference("practice", found.difference),
                interval("practice", found.low, found.high),
                verdict_words(found, lambda route: in_text(comparison, route)),
                f"{found.replicates}",
            ]
            for words, medians, found in rows
        ],
    )
