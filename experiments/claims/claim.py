"""Say what a claim is: the essay's words, and the paired check of `experiments.patterns` that puts them to the test."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from experiments.patterns.check import Check
from experiments.patterns.families import FAMILIES
from experiments.patterns.rules import MATTERS
from experiments.shown import PRACTICE_MATTERS, SHARE_MATTERS
from simulation.scenario import Scenario

SMALLEST = MATTERS | {"share of organisations": SHARE_MATTERS, "trust": PRACTICE_MATTERS}
"""Smallest difference worth a word, by unit; trust is shown on the scale of practice and judged by its measure."""
ON, OFF = "", "without: "


@dataclass(frozen=True, kw_only=True)
class Claim:
    """A claim of the essay as an experiment.

    `quote` is the essay's own words, `says` what is claimed in plain English, `compared` what is held against what.
    `check` has the arms, the effect, the side claimed and the mechanism to switch off; `outcome` is how its numbers
    are shown (a key of `shown.SHOWN`).
    """

    name: str
    topic: str
    quote: str
    says: str
    compared: str
    check: Check
    outcome: str = "practice"
    note: str = ""

    @property
    def sign(self) -> int:
        """Return the side that is claimed: 1 above zero, −1 below."""
        return self.check.rule.sign

    @property
    def matters(self) -> float:
        """Return the smallest difference worth a word, in the unit of the effect."""
        return SMALLEST[self.check.unit]

    @property
    def without(self) -> str:
        """Say which mechanism is switched off."""
        return self.check.ablation.meaning if self.check.ablation else ""

    def scenarios(self, *, ablated: bool = False) -> Mapping[str, Scenario]:
        """Return the arms' scenarios by name, with the mechanism switched off if asked."""
        settings = self.check.ablation.settings if ablated and self.check.ablation else {}
        return {name: arm.under(settings=settings).scenario for name, arm in self.check.arms.items()}


def pattern(name: str, **changes: object) -> Check:
    """Return a check of `experiments.patterns` by its name, with fields replaced."""
    found = {check.name: check for family in FAMILIES for check in family.checks}[name]
    return replace(found, **changes)  # type: ignore[arg-type]
