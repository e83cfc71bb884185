"""Keep what a check found, as numbers and as the sentence that follows from them."""

from dataclasses import dataclass
from typing import Literal

from experiments.patterns.rules import MATTERS, Verdict

State = Literal["gone", "weaker", "still there", "unclear", "nothing to lose"]

DECIMALS = {
    "months": 1,
    "months' gains": 1,
    "skewness": 2,
    "probability": 2,
    "probability a unit": 2,
    "share of days": 2,
}
"""Decimals shown by unit; 3 otherwise."""


@dataclass(frozen=True, kw_only=True)
class Without:
    """What was left of an effect with its mechanism switched off.

    `change` is the effect with the mechanism minus the effect without, paired. `state` is "still there" where the
    check's rule holds even so; where it does not and the effect is clearly smaller, "gone" if nothing clearly above
    zero is left (below, for a negative effect) or the rule fails, else "weaker"; "nothing to lose" where the check did
    not hold with the mechanism either; else "unclear".
    """

    meaning: str
    effect: float
    low: float
    high: float
    change: float
    change_low: float
    change_high: float
    state: State


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What one check found on some seeds under a profile: the effect with its 95% interval, and the verdict."""

    check: str
    pattern: str
    says: str
    quantity: str
    unit: str
    rule: str
    alternative: str
    profile: str
    first_seed: int
    seeds: int
    effect: float
    low: float
    high: float
    verdict: Verdict
    without: Without | None

    @property
    def negligible(self) -> bool:
        """Tell whether a direction is claimed, and the effect is smaller than the smallest difference worth a word."""
        return not self.rule.startswith("within") and abs(self.effect) < MATTERS.get(self.unit, 0.0)


def shown(value: float, unit: str) -> str:
    """Return a number with its sign and the decimals of its unit.

    >>> shown(-0.0214, "practice")
    '−0.021'
    >>> shown(0.0, "months")
    '0.0'
    """
    text = f"{abs(value):.{DECIMALS.get(unit, 3)}f}"
    if not float(text):
        return text
    return ("−" if value < 0 else "+") + text


def interval(low: float, high: float, unit: str) -> str:
    """Return an interval as people read it."""
    return f"{shown(low, unit)} to {shown(high, unit)}"


def sized(effect: float, low: float, high: float, unit: str) -> str:
    """Return an effect and its interval."""
    return f"{shown(effect, unit)} (95% interval {interval(low, high, unit)})"


def sentence(finding: Finding) -> str:
    """Say in plain English what the check found; every word that judges is computed from the numbers."""
    found = f"{finding.quantity[0].upper()}{finding.quantity[1:]}: "
    found += sized(finding.effect, finding.low, finding.high, finding.unit)
    if finding.verdict == "holds":
        said = f"Holds. {found}, {finding.rule} as claimed."
        return f"{said} That is smaller than the smallest difference worth a word." if finding.negligible else said
    if finding.verdict == "fails":
        return f"Fails. {found}, where {finding.rule} was claimed."
    if finding.verdict == "undecided":
        return f"Undecided. {found}, neither wholly {finding.rule} as claimed nor wholly not."
    return f"No claim is made. {found}."


def sentence_without(finding: Finding) -> str:
    """Say what was left with the mechanism switched off; nothing where the check has no ablation."""
    off = finding.without
    if off is None:
        return ""
    ending = {
        "gone": "the effect is gone",
        "weaker": "the effect is weaker, but part of it is still there",
        "still there": "the effect is still there, so this mechanism is not all that makes it",
        "unclear": "whether the effect is gone is not clear",
        "nothing to lose": "there was no effect to lose",
    }[off.state]
    return f"Where {off.meaning}: {sized(off.effect, off.low, off.high, finding.unit)}; {ending}."
