"""Say why an organisation's practice moved in a month: what each cause gave or took, adding up to the change."""

from dataclasses import dataclass

import numpy as np

from dashboard.rounding import adding_up
from experiments.shown import number
from simulation.observation import Trajectory
from simulation.state import CAUSES
from simulation.vocabulary import BEHAVIOURS

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
