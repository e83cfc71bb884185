"""Gather what every part of an opened sweep looks at."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dashboard.pages.sweep.points import Points, Range, read_ranges, write_ranges
from dashboard.pages.sweep.snapshot import Held, Snapshot
from dashboard.session import Session
from experiments.manifest import our_version


@dataclass(frozen=True)
class View:
    """What is looked at: the sweep as it is now, one outcome of it, its points and those chosen."""

    session: Session
    found: Snapshot
    held: Held
    points: Points
    ranges: dict[str, Range]
    inside: NDArray[np.bool_]

    @property
    def outcome(self) -> str:
        """The outcome looked at."""
        return self.session.settings.outcome

    @property
    def key(self) -> str:
        """Key of the route, or pair of routes, that is asked about."""
        subject = self.held.subject(self.session.settings.subject)
        return subject.key if subject is not None else ""

    @property
    def is_difference(self) -> bool:
        """Whether a difference between two routes is looked at."""
        subject = self.held.subject(self.session.settings.subject)
        return subject is not None and subject.is_difference

    @property
    def point(self) -> int:
        """The point looked at; where none is chosen, the highest of those within the ranges."""
        wanted = self.session.settings.point
        if 0 <= wanted < self.found.work.points:
            return wanted
        return self.order[0] if self.order else int(self.points.which[0])

    @property
    def order(self) -> list[int]:
        """Numbers of the points within the ranges, the highest outcome first."""
        rows = np.flatnonzero(self.inside)
        return [int(n) for n in self.points.which[rows[np.argsort(-self.points.outcome[rows], kind="stable")]]]

    @property
    def source(self) -> str:
        """Where the numbers come from."""
        work, status = self.found.work, self.found.status
        runs = f"all {status.done:,} runs" if status.complete else f"{status.done:,} of {status.runs:,} runs"
        return (
            f"{work.title or self.found.entry.title}; {runs}, seeds {work.first_seed} to "
            f"{work.first_seed + work.replicates - 1}; model {work.model_version}, read by system-behaviours "
            f"{our_version()}."
        )

    def with_ranges(self, ranges: dict[str, Range]) -> str:
        """Return ranges as the address holds them."""
        return write_ranges(ranges, self.points.scales)


def view_of(session: Session, found: Snapshot, held: Held, points: Points) -> View:
    """Return what is looked at."""
    ranges = read_ranges(session.settings.within, points.scales)
    return View(session, found, held, points, ranges, points.within(ranges))
