"""One registry of series and outcomes: name, scale, unit, meaning, where shown."""

from dataclasses import dataclass
from math import inf, isinf, isnan

from simulation.vocabulary import BEHAVIOURS, ELEMENTS, GROUPS

SERIES = (
    "practice", "perspective", "power", "participation", "reach", "gained", "trust", "partner_trust", "pressure",
    "felt_pressure", "rigidity", "failure_demand_share", "value_demand", "infrastructure", "evidence", "learning",
    "effort", "strategic_window", "energy", "breaches", "capped", "unmet_need", "lost_demand", "living",
)  # fmt: skip
"""Columns of `Record.series`."""
(
    PRACTICE, PERSPECTIVE, POWER, PARTICIPATION, REACH, GAINED, TRUST, PARTNER_TRUST, PRESSURE,
    FELT_PRESSURE, RIGIDITY, FAILURE_SHARE, VALUE_DEMAND, INFRASTRUCTURE, EVIDENCE, LEARNING,
    EFFORT, WINDOW, ENERGY, BREACHES, CAPPED, UNMET, LOST, LIVING,
) = range(len(SERIES))  # fmt: skip

BY_ORGANISATION = (
    "practice", "pressure", "felt_pressure", "rigidity", "failure_demand_share", "partner_trust", "learning",
    "evidence", "maturity", "help", "convene", "prototype", "reflect", "on_site", "energy", "alive",
)  # fmt: skip
"""First axis of `Record.by_organisation`."""

REACHED = 0.3
"""Mean practice above which the behaviours have reached an organisation."""
GAINED_BY = 0.1
"""Gain of mean practice since the programme's start that counts as a gain."""

# Write the tables of docs/odd.md from the code: `python -m experiments.reporting.markdown [--check]`.
#
# A table stands between `<!-- generated: NAME -->` and `<!-- end -->`; what is between is replaced.


SERIES_MEANING = {
    "practice": "mean practice over organisations and behaviours",
    "perspective": "mean practice of behaviours 1-3",
    "power": "mean practice of behaviours 4-6",
    "participation": "mean practice of behaviours 7-9",
    "reach": "share of organisations with mean practice above 0.3",
    "gained": "share of organisations that gained at least 0.1 since month 0",
    "trust": "mean trust over relationships",
    "partner_trust": "mean trust in the learning partner",
    "pressure": "mean demand over capacity",
    "felt_pressure": "mean pressure as felt",
    "rigidity": "mean rigidity",
    "failure_demand_share": "mean share of failure demand in demand",
    "value_demand": "mean value demand, share of capacity at the start",
    "infrastructure": "mean over the four elements",
    "evidence": "mean evidence",
    "learning": "mean learning",
    "effort": "mean effort of changing",
    "strategic_window": "1 where the place's window is open",
    "energy": "share of organisations whose window is open",
    "breaches": "share of relationships with a breach of trust this month",
    "capped": "share of drives that met their limit of 1: where prototypes, windows and protection act weakly",
    "unmet_need": "mean share of need turned away (0 without rationing)",
    "lost_demand": "demand of closed organisations that nobody took over, share of the place",
    "living": "number of organisations",
}

# Say how each outcome is shown to people: its name, scale, unit and decimals.
#
# Practice is 0-1 in the model and 0-10 on paper. A number that does not exist is said in words.


PRACTICE_MATTERS = 0.02
"""Smallest difference in practice worth a word, in the model's scale (0.2 on the scale shown)."""
SHARE_MATTERS = 0.05
"""Smallest difference in a share or probability worth a word."""

MINUS = "\u2212"


@dataclass(frozen=True)
class Shown:
    """How one outcome is shown: `factor` turns the model's scale into the one shown."""

    outcome: str
    title: str
    unit: str
    factor: float
    decimals: int
    meaning: str
    matters: float | None = None


def _ten(outcome: str, title: str, meaning: str, matters: float | None = None) -> Shown:
    return Shown(outcome, title, "0\u201310", 10, 1, meaning, matters)


def _percent(outcome: str, title: str, meaning: str) -> Shown:
    return Shown(outcome, title, "%", 100, 0, meaning, SHARE_MATTERS)


_MAIN = (
    _ten("practice", "Practice, all nine behaviours", "mean over organisations and behaviours", PRACTICE_MATTERS),
    _ten("change", "Gain in practice since the start", "mean practice less what it was before the first month",
         PRACTICE_MATTERS),
    _ten("practice_24", "Practice at month 24", "mean practice two years in", PRACTICE_MATTERS),
    _ten("practice_60", "Practice at month 60", "mean practice five years in", PRACTICE_MATTERS),
    _percent("reach", "Reach", "organisations whose mean practice is above 3 of 10"),
    _percent("gained", "Organisations that gained", "organisations that gained at least 1 of 10"),
    _percent("collaborative", "Runs that end collaborative", "runs whose mean practice ends above 2.5 of 10"),
    _ten("trust", "Trust", "mean trust over relationships"),
    _ten("partner_trust", "Trust in the learning partner", "mean over organisations"),
    Shown("pressure", "Pressure", "% of capacity", 100, 0, "demand as a share of capacity: above 100, more is asked "
          "than can be done"),
    Shown("felt_pressure", "Pressure as felt", "% of capacity", 100, 0, "pressure, smoothed over some months"),
    _percent("rigidity", "Rigidity", "how far pressure has closed organisations to anything new"),
    _percent("failure_demand_share", "Failure demand", "share of all demand that is caused by not helping well "
             "the first time"),
    _ten("infrastructure", "Infrastructure", "mean of governance, commissioning, workforce and accountability"),
    _ten("evidence", "Evidence", "what prototypes have shown, mean over organisations"),
    _ten("learning", "Learning", "mean over organisations"),
    Shown("unmet_need", "Unmet need", "% of capacity", 100, 1, "need turned away (only where rationing is on)"),
    Shown("living", "Organisations", "number", 1, 0, "organisations that are there at the end"),
    Shown("take_off", "Months to take-off", "months", 1, 0, "first month from which mean practice stays above "
          "2.5 of 10 for six months"),
    _ten("kept_after_exit", "Change in the two years after the partner leaves",
         "practice 24 months after the partner has left, less practice when it left", PRACTICE_MATTERS),
)  # fmt: skip
_GROUPS = tuple(
    _ten(group, f"{group.capitalize()} behaviours", f"mean of the {group} behaviours", PRACTICE_MATTERS)
    for group in GROUPS
)
_BEHAVIOURS = tuple(
    _ten(f"practice_{b.id}", f"{b.number}. {b.title}", f"{b.group} behaviour {b.number}", PRACTICE_MATTERS)
    for b in BEHAVIOURS
)
_ELEMENTS = tuple(_ten(f"infrastructure_{e.id}", e.title, e.meaning) for e in ELEMENTS)
SHOWN = {shown.outcome: shown for shown in (*_MAIN, *_GROUPS, *_BEHAVIOURS, *_ELEMENTS)}


def shown(outcome: str) -> Shown:
    """Return how an outcome is shown; one that is not listed is shown as it is, with two decimals."""
    return SHOWN.get(outcome) or Shown(outcome, outcome.replace("_", " ").capitalize(), "", 1, 2, "")


def number(value: float, decimals: int, *, signed: bool = False) -> str:
    """Write a number with a true minus sign; what rounds to zero has no sign."""
    text = f"{abs(value):,.{decimals}f}"
    if not text.strip("0.,"):
        return text
    sign = MINUS if value < 0 else "+" if signed else ""
    return sign + text


def level(outcome: str, value: float) -> str:
    """Write a level in the scale shown, without its unit: "2.2", "87%", "not reached"."""
    how = shown(outcome)
    if isnan(value):
        return "not measured"
    if value == inf:
        return "not reached"
    signed = outcome in ("change", "kept_after_exit")
    return number(value * how.factor, how.decimals, signed=signed) + ("%" if how.unit.startswith("%") else "")


def band(outcome: str, low: float, high: float) -> str:
    """Write a range of levels: "0.6 to 4.8"."""
    if low == high:
        return level(outcome, low)
    return f"{level(outcome, low)} to {level(outcome, high)}"


def difference(outcome: str, value: float) -> str:
    """Write a difference with its sign and one decimal more than a level: "+0.76", "-3.1 points"."""
    how = shown(outcome)
    if isnan(value) or isinf(value):
        return "not measured"
    points = " points" if how.unit.startswith("%") else ""
    return number(value * how.factor, how.decimals + 1, signed=True) + points


def interval(outcome: str, low: float, high: float) -> str:
    """Write the interval of a difference: "+0.65 to +0.87"."""
    if isinf(low) or isinf(high):
        return "without end"
    return f"{difference(outcome, low).removesuffix(' points')} to {difference(outcome, high)}"
