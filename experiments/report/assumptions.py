"""List the numbers that are not the model's defaults, and what the words mean."""

from typing import Any

from experiments.comparison import Comparison
from experiments.describing import informed_numbers
from experiments.reading import described, title
from experiments.report.html import Html, el, join, table
from experiments.report.limits import choices
from experiments.shown import shown

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
            *(_budget(comparison, scenario) for scenario in comparison.scenarios),
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


def _budget(comparison: Comparison, scenario: str) -> Html | None:
    """Return what is said of a scenario's pressure and its sources."""
    pressure = described(comparison, "scenarios", scenario).get("pressure") or {}
    sources = pressure.get("sources") or []
    if not pressure.get("title") or not sources:
        return None
    words = f"{title(comparison, scenario)} stands under “{pressure['title']}”: {pressure['description']}"
    return join([el("p", words), el("ul", *(el("li", source) for source in sources))])


def _words() -> Html:
    pairs = [(shown(name).title, shown(name).meaning) for name in WORDS]
    return el("dl", *(join([el("dt", word), el("dd", f"{meaning}.".capitalize())]) for word, meaning in pairs))
