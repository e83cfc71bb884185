"""Turn an interval into a verdict, by a rule fixed before the run."""

from dataclasses import dataclass
from typing import Literal, Protocol

Verdict = Literal["holds", "fails", "undecided", "no claim"]

MATTERS = {"practice": 0.02, "failure-demand share": 0.02, "probability": 0.05, "pressure": 0.01, "share of days": 0.05}
"""Smallest difference worth a word, by unit; the first three from docs/odd.md, the others assumed."""


class Rule(Protocol):
    """What a check's interval has to satisfy."""

    @property
    def sign(self) -> int:
        """Return the direction that the claim takes: 1, −1, or 0 for none."""

    def verdict(self, low: float, high: float) -> Verdict:
        """Return the verdict that a 95% interval allows."""

    def __str__(self) -> str:
        """Say the rule in a few words."""


@dataclass(frozen=True)
class Above:
    """Hold where the whole interval lies above a bound; fail where none of it does."""

    bound: float = 0.0
    sign: int = 1

    def verdict(self, low: float, high: float) -> Verdict:
        """Return the verdict."""
        return "holds" if low > self.bound else "fails" if high <= self.bound else "undecided"

    def __str__(self) -> str:
        return f"above {self.bound:g}"


@dataclass(frozen=True)
class Below:
    """Hold where the whole interval lies below a bound; fail where none of it does."""

    bound: float = 0.0
    sign: int = -1

    def verdict(self, low: float, high: float) -> Verdict:
        """Return the verdict."""
        return "holds" if high < self.bound else "fails" if low >= self.bound else "undecided"

    def __str__(self) -> str:
        return f"below {self.bound:g}"


@dataclass(frozen=True)
class Within:
    """Hold where the whole interval lies inside ± a bound: no difference that matters."""

    bound: float
    sign: int = 0

    def verdict(self, low: float, high: float) -> Verdict:
        """Return the verdict."""
        if -self.bound <= low and high <= self.bound:
            return "holds"
        return "fails" if low > self.bound or high < -self.bound else "undecided"

    def __str__(self) -> str:
        return f"within ±{self.bound:g}"


@dataclass(frozen=True)
class NoClaim:
    """Claim nothing: the number is shown for the reader."""

    sign: int = 0

    def verdict(self, low: float, high: float) -> Verdict:
        """Return "no claim", whatever the interval."""
        return "no claim"

    def __str__(self) -> str:
        return "no claim is made"
