"""List the numbers that are not the model's defaults, and what the words mean."""

from typing import Any

from experiments.comparison import Comparison
from experiments.describing import informed_numbers
from experiments.reading import described, title
from experiments.report.html import Html, el, items, join, table
from experiments.report.limits import choices
from experiments.shown import number, shown
from experiments.wording import joined
from simulation.vocabulary import KINDS

WORDS = (
    "practice",
    "reach",
    "trust",
    "pressure",
    "failure_demand_share",
    "infrastructure",
    "take_off",
    "kept_after_exit",
)
KIND_TITLES = {kind.id: kind.title for kind in KINDS}


def assumptions(comparison: Comparison) -> Html:
    """Return the numbers that the scenarios change, the rules they change, and the words."""
    rows = [row for scenario in comparison.scenarios for row in _rows(comparison, scenario)]
    informed, numbers = informed_numbers()
    intro = (
        f"The model has {numbers} numbers, {informed} of them informed by a source. All are at their defaults but "
        "for these; the whole list, with ranges and sources, is in docs/odd.md."
    )
    numbers_table = table(
        "Numbers that are not the default",
        ["Number", "Place", "Default", "Here", "Unit", "Set in", "Basis of the default"],
        rows,
        numbers_from=None,
    )
    return join(
        [
            el("h2", "Assumptions", id="assumptions"),
            el("p", intro),
            numbers_table if rows else el("p", "Every number is at its default."),
            choices(comparison),
            _budgets(comparison),
            *(_pressure(comparison, scenario) for scenario in comparison.scenarios),
            *(_facts(comparison, scenario) for scenario in comparison.scenarios),
            el("h3", "What the words mean"),
            _words(),
        ]
    )


def _rows(comparison: Comparison, scenario: str) -> list[list[Any]]:
    changed = described(comparison, "scenarios", scenario).get("changed") or []
    return [
        [
            join([el("code", item["name"]), el("small", item["meaning"])]),
            title(comparison, scenario),
            f"{item['default']:g}",
            f"{item['value']:g}" + ("" if item.get("plausible", True) else " (outside the plausible range)"),
            item["unit"],
            item.get("changed_in", ""),
            item["basis"],
        ]
        for item in changed
    ]


def _pressure(comparison: Comparison, scenario: str) -> Html | None:
    """Return the pressure that stands over a scenario, with its sources; nothing where it is the place's own."""
    pressure = described(comparison, "scenarios", scenario).get("pressure") or {}
    if not pressure.get("sources"):
        return None
    words = f"{title(comparison, scenario)} stands under “{pressure['title']}”: {pressure['description']}"
    return join([el("p", words), items(pressure["sources"])])


def _budgets(comparison: Comparison) -> Html | None:
    """Return the budget paths by kind of organisation, one row for all scenarios that share a path."""
    paths: dict[tuple[str, str], list[str]] = {}
    for scenario in comparison.scenarios:
        budget = described(comparison, "scenarios", scenario).get("budget")
        for kind, rates in {**budget["rates"], "": budget["default"]}.items() if budget else ():
            words = KIND_TITLES.get(kind, "All other kinds")
            paths.setdefault((words, _path(rates)), []).append(title(comparison, scenario))
    if not paths:
        return None
    rows = [[kind, rates, joined(places)] for (kind, rates), places in paths.items()]
    note = (
        "Of each cut, the part called cut_absorbed takes no capacity. Which rates come from a source and which are "
        "assumed stands in the place’s or the pressure’s file."
    )
    caption = "Change of budgets a year, in real terms, by kind of organisation"
    return join([table(caption, ["Kind", "Rate", "Place"], rows, numbers_from=None), el("p", note)])


def _path(rates: list[float]) -> str:
    """Return a path of rates in words: "-4.7%, -4.7%, -4.7%, then 0.0%"."""
    words = [f"{number(100 * rate, 1, signed=True)}%" for rate in rates]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])}, then {words[-1]}"


def _facts(comparison: Comparison, scenario: str) -> Html | None:
    """Return what the place's file states as fact, with its source, folded away."""
    place = described(comparison, "scenarios", scenario).get("place") or {}
    facts = place.get("facts") or []
    if not facts:
        return None
    name = title(comparison, scenario)
    rows = [[f["quantity"], f["value"], f["source"], "yes" if f.get("used") else "no"] for f in facts]
    caption = f"{name}: figures with a source, and whether the model uses them"
    shown_table = table(caption, ["Quantity", "Value", "Source", "Used by the model"], rows, numbers_from=None)
    days = el("p", f"The partner’s days: {place['days_reason']}.") if place.get("days_reason") else None
    return el("details", el("summary", f"Figures and sources of {name}"), days, shown_table)


def _words() -> Html:
    pairs = [(shown(name).title, shown(name).meaning) for name in WORDS]
    return el("dl", *(join([el("dt", word), el("dd", f"{meaning}.".capitalize())]) for word, meaning in pairs))
