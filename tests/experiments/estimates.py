"""Make findings from a few numbers, so that tests can say what the words should be."""

from dataclasses import replace
from typing import Any

from experiments.claims import ClaimFinding, Under
from experiments.contrast import Left
from experiments.structures import Space

GONE = Left(0.0, -0.001, 0.001, 0.05, 0.04, 0.06)


def finding(**changes: Any) -> ClaimFinding:
    """Return a finding about practice that holds everywhere, with fields replaced."""
    usual = ClaimFinding(
        name="pace", topic="Pace", quote="You can only move", says="It matters.", compared="One minus the other",
        quantity="practice in month 120", unit="practice", outcome="practice", sign=1, matters=0.02,
        without="nothing moves", note="", seeds=200, effect=0.05, low=0.045, high=0.055, adjusted_low=0.04,
        adjusted_high=0.06, left=GONE, structures=tuple(under(0.05) for _ in range(4)),
        space=Space(points=100, seeds=6, holds=90, small=5, opposite=0, open=5),
    )  # fmt: skip
    return replace(usual, **changes)


def under(effect: float, name: str = "random", half: float = 0.01) -> Under:
    """Return an effect under a structural alternative."""
    return Under(name, name.capitalize(), effect, effect - half, effect + half)


def at(effect: float, half: float = 0.01) -> dict[str, float]:
    """Return what a finding says of its effect at the defaults."""
    low, high = effect - half, effect + half
    return {"effect": effect, "low": low, "high": high, "adjusted_low": low, "adjusted_high": high}
