"""Give the account of a comparison that a terminal prints: a table a place, then what may be said of it."""

from collections.abc import Sequence

from experiments.claims.measured import share_sentence
from experiments.commands.terminal import item, paragraph, table
from experiments.comparison import Comparison
from experiments.comparison_plan import NO_PARTNER
from experiments.contrasts import EARLY
from experiments.precision_wording import precision_told
from experiments.provenance import CAVEAT
from experiments.reading import (
    contrast,
    every_pair,
    in_text,
    last_month,
    level,
    main_pair,
    pressure_contrasts,
    pressure_title,
    title,
)
from experiments.robustness import sentences as robustness
from experiments.robustness import tried
from experiments.shown import band, difference, interval, shown
from experiments.shown import level as in_words
from experiments.statistics import FEWEST_TO_RANK
from experiments.wording import (
    contrast_sentence,
    enough_sentence,
    levels_sentence,
    places_sentence,
    probability_sentence,
    turns_sentence,
    verdict_words,
)
from simulation.text import counted

COLUMNS = (
    ("practice_24", "month 24"), ("practice_60", "month 60"), ("take_off", "take-off"), ("reach", "reach"),
    ("trust", "trust"), ("pressure", "pressure"), ("failure_demand_share", "failure demand"),
)  # fmt: skip


def account(comparison: Comparison) -> str:
    """Return the whole account."""
    parts = [place_account(comparison, scenario) for scenario in comparison.scenarios]
    pair = main_pair(comparison)
    if pair is not None and len(comparison.scenarios) > 1:
        found = {
            title(comparison, scenario): contrast(comparison, scenario, *pair) for scenario in comparison.scenarios
        }
        if agree := places_sentence({place: item for place, item in found.items() if item is not None}):
            parts.append(paragraph(agree))
    parts += [paragraph(text) for text in precision_told(comparison)]
    return "\n\n".join([*parts, paragraph(_how_to_read(comparison)), paragraph(CAVEAT)])


def place_account(comparison: Comparison, scenario: str) -> str:
    """Return one place's table and sentences."""
    replicates = int(comparison.manifest.get("replicates", 0))
    months = last_month(comparison, scenario)
    heading = f"{title(comparison, scenario)}, after {counted(months, 'month')} ({counted(replicates, 'replicate')})"
    rule = "=" * len(heading)
    note = "Practice, trust: 0-10, medians; in brackets the 90% band. Take-off: months until practice stays above 2.5."
    sentences = "\n".join(item(text) for text in _sentences(comparison, scenario))
    told = f"{heading}\n{rule}\n{levels_table(comparison, scenario)}\n{paragraph(note)}\n\n{sentences}"
    pairs = pairs_table(comparison, scenario)
    return f"{told}\n\n{pairs}" if pairs else told


def pairs_table(comparison: Comparison, scenario: str) -> str:
    """Return the difference of every pair of routes as a table; nothing where a sentence has told of the only one."""
    pairs = every_pair(comparison, scenario)
    if len(pairs) < (1 if main_pair(comparison) is None else 2):
        return ""
    rows = [
        [
            f"{title(comparison, found.first)} minus {in_text(comparison, found.second)}",
            difference("practice", found.difference),
            interval("practice", found.low, found.high),
            verdict_words(found, lambda route: in_text(comparison, route)),
        ]
        for found in pairs
    ]
    header = ["practice at the end, of 10", "difference", "95% interval", "verdict"]
    return table(header, rows, last_left=True, fit=False)


def levels_table(comparison: Comparison, scenario: str) -> str:
    """Return the table of a place: a row a route, medians and the band of practice."""
    months = last_month(comparison, scenario)
    columns = [
        (outcome, name)
        for outcome, name in COLUMNS
        if not (outcome.startswith("practice_") and int(outcome.removeprefix("practice_")) >= months)
    ]
    rows = []
    for route in comparison.routes:
        ends = level(comparison, scenario, route, "practice")
        cells = [title(comparison, route)]
        cells.append(
            "" if ends is None else f"{in_words('practice', ends.median)} ({band('practice', ends.low, ends.high)})"
        )
        for outcome, _ in columns:
            found = level(comparison, scenario, route, outcome)
            cells.append("" if found is None else in_words(outcome, found.median))
        rows.append(cells)
    return table(["route", "practice", *(name for _, name in columns)], rows)


def _sentences(comparison: Comparison, scenario: str) -> Sequence[str]:
    """Return what may be said of a place, computed from its contrasts."""

    def name(route: str) -> str:
        return in_text(comparison, route)

    months = last_month(comparison, scenario)
    levels = {route: level(comparison, scenario, route, "practice") for route in comparison.routes}
    medians = {route: found.median for route, found in levels.items() if found is not None}
    said = [levels_sentence(medians, name, month=months, no_partner=NO_PARTNER)]
    pair = main_pair(comparison)
    end = contrast(comparison, scenario, *pair) if pair is not None else None
    if pair is None or end is None:
        return said
    said += [contrast_sentence(end, name)]
    if end.replicates < FEWEST_TO_RANK:
        return said
    said.append(probability_sentence(end, name))
    early = contrast(comparison, scenario, *pair, "practice", EARLY) if months > EARLY else None
    if early is not None:
        said.append(f"Two years in (exploratory): {contrast_sentence(early, name)}")
    if comparison.stopping is None:
        said.append(enough_sentence(end))
    others = pressure_contrasts(comparison, scenario, pair)
    words = turns_sentence(end, others, name, lambda pressure: f'"{pressure_title(comparison, pressure)}"')
    said.append(f"Under other pressures (exploratory, {others[0].replicates} replicates): {words}" if others else words)
    structures = tried(comparison, scenario)
    if structures:
        words = " ".join(robustness(comparison, scenario, name)).replace("“", '"').replace("”", '"')
        said.append(f"Under other structures (exploratory, {structures[0].end.replicates} replicates): {words}")
    return said


def _how_to_read(comparison: Comparison) -> str:
    """Say what was named beforehand and what was not."""
    pair = main_pair(comparison)
    matters = f"A difference below {in_words('practice', shown('practice').matters or 0)} of 10 is too small to matter."
    if pair is None:
        return matters
    first, second = (in_text(comparison, route) for route in pair)
    named = comparison.contrasts["named_beforehand"].any()
    if not named:
        return f"No contrast was named beforehand: {first} minus {second}, and all else here, is exploratory. {matters}"
    return (
        f"Named before any run: {first} minus {second}, mean practice at the last month, in each place, its intervals "
        f"adjusted for the number of places. All else is exploratory. {matters} {share_sentence(*pair)}"
    )
