"""Policies in code that tests run beside routes: workers import them from here."""

from dataclasses import dataclass

from simulation.policy import Decision, PartnerView
from simulation.scenario import Shares


@dataclass(frozen=True)
class HelpAWhile:
    """Be useful for so many months, then leave."""

    months: int = 4

    def __call__(self, view: PartnerView) -> Decision | None:
        """Decide a month."""
        return Decision(shares=Shares(help=1.0), open_talk=False) if view.month < self.months else None


def away(view: PartnerView) -> None:
    """Never come."""
