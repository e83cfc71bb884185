"""Why practice moved; what a month was worked out from."""

from dataclasses import dataclass

import numpy as np

from experiments.comparison import PlacePicture
from experiments.reporting.numbers import adding_up
from simulation.mechanisms.behaviours import SUPPORT
from simulation.outcomes import level, number
from simulation.run import Trajectory
from simulation.scenario import Scenario
from simulation.state import CAUSES, Floats, Integers
from simulation.vocabulary import ACTIVITIES, BEHAVIOUR_IDS, BEHAVIOURS

YEAR = 12


@dataclass(frozen=True)
class Neighbour:
    """One organisation that another works with; trust and practice in the model's scale."""

    id: str
    name: str
    kind: str
    trust: float
    trust_change: float
    """Over the last year, or since month 0 where that is less."""
    practice: float


def neighbours_of(found: Trajectory, who: PlacePicture, organisation: int, month: int) -> list[Neighbour]:
    """Return an organisation's neighbours at the end of a month, those trusted most first.

    `who` holds the ties of that month (`people_of`); the run is recorded in full.
    """
    row, before = found.burn_in + month - 1, found.burn_in + max(month - YEAR, 0) - 1
    alive, practice = (found.by_organisation[name][row] for name in ("alive", "practice"))
    others, ties = ties_of_one(who, organisation)
    rows = [
        Neighbour(
            who.ids[other], who.names[other], who.kinds[other], float(found.trust[row, tie]),
            float(found.trust[row, tie] - found.trust[max(before, 0), tie]), float(practice[other]),
        )
        for other, tie in zip(others.tolist(), ties.tolist(), strict=True)
        if alive[other] and alive[organisation]
    ]  # fmt: skip
    return sorted(rows, key=lambda neighbour: -neighbour.trust)


def ties_of_one(who: PlacePicture, organisation: int) -> tuple[Integers, Integers]:
    """Return the rows of an organisation's neighbours and of its ties to them."""
    tie_from, tie_to = np.asarray(who.tie_from), np.asarray(who.tie_to)
    ties = np.flatnonzero((tie_from == organisation) | (tie_to == organisation))
    others = np.where(tie_from[ties] == organisation, tie_to[ties], tie_from[ties])
    return others.astype(np.int64), ties


def trust_around(found: Trajectory, who: PlacePicture, organisation: int) -> Floats:
    """Return the mean trust of an organisation's relationships by recorded month; 0 without any."""
    ties = ties_of_one(who, organisation)[1]
    around: Floats = found.trust[:, ties].mean(axis=1) if len(ties) else np.zeros(len(found.trust))
    return around


# List what a month's parts were worked out from: pressure, trust, learning, evidence, windows, the partner's work.
#
# Practice of a month is worked out from trust, learning, evidence and infrastructure as the month before left them,
# and
# from pressure, windows and the partner's work of the month itself. Each condition is read where it acted.


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


TITLES = {
    "background": "Trying it without an example",
    "social": "Neighbours’ example",
    "talk": "Open talk about behaviours",
    "vision": "Shared vision",
    "prototype": "Prototypes",
    "ceiling": "Held back by infrastructure",
    "slip_back": "Slip-back",
    "events": "Events",
}
MEANINGS = {
    "background": "What it picks up by itself, as fast as its relationships let it.",
    "social": "What it sees of organisations it works with, weighed by trust, against its own threshold.",
    "talk": "The partner names the behaviours openly, where relationships are ready for it.",
    "vision": "A shared statement of what the place wants. It moves the three perspective behaviours.",
    "prototype": "Real work tried in the new way here.",
    "ceiling": "How much of the push came to nothing, because governance, money, staffing and accountability stayed "
    "as they are.",
    "slip_back": "Practice lost to business as usual; more of it where pressure has made the organisation rigid.",
    "events": "A champion who left, a merger.",
}
NEGLIGIBLE = 5e-5
"""A change below this, in the model's scale, reads 0.000 on the scale shown."""


@dataclass(frozen=True)
class Part:
    """What one cause gave (above 0) or took in a month, in the model's scale."""

    cause: str
    value: float

    @property
    def title(self) -> str:
        """Its name for people."""
        return TITLES[self.cause]


@dataclass(frozen=True)
class Move:
    """How practice moved in a month, mean of nine behaviours or one of them, in the model's scale."""

    before: float
    after: float
    parts: tuple[Part, ...]

    @property
    def change(self) -> float:
        """Practice after less practice before."""
        return self.after - self.before

    @property
    def total(self) -> float:
        """Sum of the parts: the change, to within rounding in the last digits of a 64-bit number."""
        return sum(part.value for part in self.parts)


def move_of(found: Trajectory, organisation: int, month: int, behaviour: str = "") -> Move | None:
    """Return how an organisation's practice moved in a month of a run explained in full.

    `organisation` is its row, `behaviour` an id ("" for the mean of all nine). None where nothing can have moved: at
    month 0, and where the organisation is no longer there.
    """
    row = found.burn_in + month - 1
    if month < 1 or row < 1 or not found.by_organisation["alive"][row, organisation]:
        return None
    which = slice(None) if not behaviour else [b.id for b in BEHAVIOURS].index(behaviour)
    before, after = (float(np.mean(found.practice[at, organisation, which])) for at in (row - 1, row))
    values = np.atleast_2d(found.record.causes[row, :, organisation, which].T).mean(axis=0)
    parts = tuple(Part(cause, float(value)) for cause, value in zip(CAUSES, values, strict=True))
    return Move(before, after, parts)


def move_sentence(move: Move, name: str, month: int, what: str = "practice") -> str:
    """Say how practice moved and what gave and took most, in numbers that add up as those of the chart do."""
    change, end = (round(10 * value, 3) for value in (move.change, move.after))
    before, after = number(end - change, 3), number(end, 3)
    told_parts = zip(move.parts, adding_up([10 * part.value for part in move.parts], change, 3), strict=True)
    points = {part.cause: value for part, value in told_parts}
    if abs(move.change) < NEGLIGIBLE:
        told = f"In month {month} {what} at {name} stayed at {after} of 10."
    else:
        went = "rose" if move.change > 0 else "fell"
        told = f"In month {month} {what} at {name} {went} by {number(abs(change), 3)} of 10, from {before} to {after}."
    giving = max(move.parts, key=lambda part: part.value)
    taking = min(move.parts, key=lambda part: part.value)
    said = []
    if giving.value >= NEGLIGIBLE:
        said.append(f"Most came from {_low(giving.title)} ({number(points[giving.cause], 3, signed=True)})")
    if taking.value <= -NEGLIGIBLE:
        lost = f"{_lost(taking)} ({number(points[taking.cause], 3, signed=True)})"
        said.append(f"{'most was lost to' if said else 'Most was lost to'} {lost}")
    return f"{told} {'; '.join(said)}." if said else told


def _low(title: str) -> str:
    return title[:1].lower() + title[1:]


def _lost(part: Part) -> str:
    return "what infrastructure does not support" if part.cause == "ceiling" else _low(part.title)
