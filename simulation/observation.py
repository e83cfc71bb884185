"""Keep what a run showed, and work out its outcomes: pure functions of what was recorded."""

from dataclasses import dataclass
from operator import index
from typing import NoReturn, SupportsIndex

import numpy as np

from simulation.record import BY_ORGANISATION, SERIES, Record
from simulation.scenario.nearest import nearest
from simulation.scenario.problems import Problem, ProblemError, shown
from simulation.state import CAUSES, Floats

COLLABORATIVE = 0.25
"""Mean practice above which a place is called collaborative."""
TAKE_OFF_MONTHS = 6
"""Months that mean practice has to stay above that to count as take-off."""
KEPT_AFTER = 24
"""Months after the partner leaves at which what is kept is read."""


@dataclass(frozen=True)
class Trajectory:
    """What one run showed, month by month; row t is month t, the burn-in first."""

    record: Record
    burn_in: int
    exit_month: int | None
    """Programme month at which the partner has left (None: it never came)."""

    @property
    def months(self) -> int:
        """Programme months recorded."""
        return len(self.record.series) - self.burn_in

    @property
    def series(self) -> dict[str, Floats]:
        """Series of the place by name, each (burn-in + months,)."""
        return {name: self.record.series[:, k] for k, name in enumerate(SERIES)}

    def __getitem__(self, name: str) -> Floats:
        """Return one series of the place, (burn-in + months,). Raises ProblemError where there is no such series."""
        if name not in SERIES:
            _refuse("is not a series", name, ", ".join(SERIES), nearest(name, SERIES))
        return self.record.series[:, SERIES.index(name)]

    @property
    def behaviours(self) -> Floats:
        """Mean practice by behaviour, (burn-in + months, 9)."""
        return self.record.behaviours

    @property
    def elements(self) -> Floats:
        """Infrastructure by element, (burn-in + months, 4)."""
        return self.record.elements

    @property
    def practice(self) -> Floats:
        """Practice (burn-in + months, N, 9); no rows unless recorded in full."""
        return self.record.practice

    @property
    def trust(self) -> Floats:
        """Trust (burn-in + months, L); no rows unless recorded in full."""
        return self.record.trust

    @property
    def by_organisation(self) -> dict[str, Floats]:
        """Series by organisation, each (burn-in + months, N); no rows unless recorded."""
        return {name: self.record.by_organisation[:, k] for k, name in enumerate(BY_ORGANISATION)}

    @property
    def causes(self) -> dict[str, Floats]:
        """What each cause contributed to the change of practice, each (burn-in + months, N, 9), where explained."""
        return {name: self.record.causes[:, k] for k, name in enumerate(CAUSES)}

    def at(self, name: str, month: SupportsIndex) -> float:
        """Return a series at the end of the `month`-th programme month (0: before the first).

        Raises ProblemError where there is no such series, or the month is not recorded.
        """
        return float(self[name][self.row(month)])

    def row(self, month: SupportsIndex) -> int:
        """Return where the end of a programme month (0: before the first) stands. Raises ProblemError."""
        first = 0 if self.burn_in else 1
        found = whole(month, least=first)
        if found is None or found > self.months:
            there = f"{first} to {self.months}" if first <= self.months else "none, since no month has been run"
            _refuse("is not a recorded programme month", month, there)
        return self.burn_in + found - 1


def whole(value: SupportsIndex, *, least: int) -> int | None:
    """Return a whole number, or None where it is none or too small."""
    try:
        number = index(value)
    except TypeError:
        return None
    return number if number >= least else None


def _refuse(message: str, value: object, allowed: str, meant: str = "") -> NoReturn:
    raise ProblemError([Problem(message, value=shown(value), allowed=allowed, nearest=meant)])


def take_off(trajectory: Trajectory) -> float:
    """Return the first programme month from which practice stays collaborative for six months; infinity if never."""
    above = trajectory["practice"][trajectory.burn_in :] > COLLABORATIVE
    if len(above) < TAKE_OFF_MONTHS:
        return float("inf")
    runs = np.convolve(above, np.ones(TAKE_OFF_MONTHS, dtype=int), mode="valid") == TAKE_OFF_MONTHS
    return float(np.argmax(runs) + 1) if runs.any() else float("inf")


def kept_after_exit(trajectory: Trajectory) -> float:
    """Return practice 24 months after the partner left, less practice when it left; nan where that is not recorded."""
    leaving = trajectory.exit_month
    if leaving is None or leaving + KEPT_AFTER > trajectory.months or trajectory.burn_in + leaving == 0:
        return float("nan")
    return trajectory.at("practice", leaving + KEPT_AFTER) - trajectory.at("practice", leaving)


def outcomes(trajectory: Trajectory, month: int | None = None) -> dict[str, float]:
    """Return the outcomes of a run: every series at the end of a programme month (default: the last), and more.

    `change` is mean practice less what it was before the first programme month. Raises ProblemError where the month is
    not recorded.
    """
    row = trajectory.row(trajectory.months if month is None else month)
    values = {name: float(trajectory.record.series[row, k]) for k, name in enumerate(SERIES)}
    before = trajectory.at("practice", 0) if trajectory.burn_in else float("nan")
    values["change"] = values["practice"] - before
    values["collaborative"] = float(values["practice"] > COLLABORATIVE)
    values["take_off"] = take_off(trajectory)
    values["kept_after_exit"] = kept_after_exit(trajectory)
    return values
