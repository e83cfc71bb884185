"""List what a month's parts were worked out from: pressure, trust, learning, evidence, windows, the partner's work.

Practice of a month is worked out from trust, learning, evidence and infrastructure as the month before left them, and
from pressure, windows and the partner's work of the month itself. Each condition is read where it acted.
"""

from dataclasses import dataclass

import numpy as np

from dashboard.place.neighbours import trust_around
from experiments.comparison import PlacePicture
from experiments.shown import level, number
from simulation.mechanisms.behaviours import SUPPORT
from simulation.observation import Trajectory
from simulation.scenario import Scenario
from simulation.vocabulary import ACTIVITIES, BEHAVIOUR_IDS

DOSES = ("help", "convene", "prototype", "reflect")
PER_CENT = 100
CONDITIONS = {
    "Pressure as felt": "above about 100% of capacity it closes an organisation",
    "Rigidity": "weakens every push but part of the prototypes’, and adds to slip-back",
    "Trust around it": "relationships set how fast it can move",
    "Trust in the partner": "opens the door to the partner’s work",
    "Maturity": "of relationships: sets how fast the partner’s lead is followed",
    "Learning": "lessens rigidity and slip-back, and makes evidence count",
    "Evidence here": "lowers the threshold, here and at neighbours",
    "Practice possible": "with the place’s infrastructure as it is: no push leads beyond it",
    "Energy": "a window in which new things can start",
    "Window for a vision": "in the whole place: a shared vision counts for more",
    "The partner’s work here": "how much of its full effect each kind of work has",
}
"""What can shape a month, and what it does."""


@dataclass(frozen=True)
class Condition:
    """Something that shaped a month: its level then and in the month before, in words, and what it does."""

    title: str
    now: str
    before: str
    does: str


def conditions_of(
    found: Trajectory, scenario: Scenario, who: PlacePicture, organisation: int, month: int, behaviour: str = ""
) -> list[Condition]:
    """Return what shaped an organisation's practice in a month (1 or later) of a run recorded in full."""
    row = found.burn_in + month - 1
    own = {name: values[:, organisation] for name, values in found.by_organisation.items()}
    around, ceiling = trust_around(found, who, organisation), ceiling_of(found, scenario, behaviour)

    def two(title: str, words: list[str]) -> Condition:
        return Condition(title, words[1], words[0], CONDITIONS[title])

    def ten(title: str, values: np.ndarray, *, left: bool = True) -> Condition:
        return two(title, [_ten(values, at - left) for at in (row - 1, row)])

    def share(title: str, outcome: str) -> Condition:
        return two(title, [level(outcome, float(own[outcome][at])) for at in (row - 1, row)])

    return [
        share("Pressure as felt", "felt_pressure"),
        share("Rigidity", "rigidity"),
        ten("Trust around it", around),
        ten("Trust in the partner", own["partner_trust"]),
        ten("Maturity", own["maturity"], left=False),
        ten("Learning", own["learning"]),
        ten("Evidence here", own["evidence"]),
        ten("Practice possible", ceiling),
        two("Energy", [_open(own["energy"][at]) for at in (row - 1, row)]),
        two("Window for a vision", [_open(found["strategic_window"][at]) for at in (row - 1, row)]),
        two("The partner’s work here", [_work(own, at) for at in (row - 1, row)]),
    ]


def ceiling_of(found: Trajectory, scenario: Scenario, behaviour: str = "") -> np.ndarray:
    """Return by recorded month how high practice can rise with the infrastructure there is, 0-1.

    K = k0 + (1 - k0) G, with G the infrastructure behind a behaviour, or the mean over all nine.
    """
    base = float(scenario.numbers.ceiling_base)
    behind = SUPPORT[BEHAVIOUR_IDS.index(behaviour)] if behaviour else SUPPORT.mean(axis=0)
    return np.asarray(base + (1 - base) * found.elements @ behind)


def _ten(values: np.ndarray, row: int) -> str:
    return number(10 * float(values[row]), 1) if row >= 0 else "–"


def _open(value: float) -> str:
    return "open" if value else "shut"


def _work(own: dict[str, np.ndarray], row: int) -> str:
    titles = {activity.id: activity.title for activity in ACTIVITIES}
    felt = [(titles[name].lower(), PER_CENT * float(own[name][row])) for name in DOSES]
    said = ", ".join(f"{title} {number(share, 0)}%" for title, share in felt if share >= 0.5)
    return (said or "none") + ("; a site" if own["on_site"][row] else "")
