"""Lay out what a sweep is asked about: the difference between its main two routes, then each route by itself."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from experiments.analysis.cube import Cube
from experiments.comparison_plan import main_pair
from experiments.statistics import Floats
from experiments.sweep_work import Arm, Work

Pair = tuple[str, str]
LEAST_SHARE = 0.5
"""A point counts where at least so many of its seeds came to their end."""


@dataclass(frozen=True)
class Subject:
    """What indices are of: `values` (points, replicates) of one arm, or the paired difference of two."""

    arm: Arm
    second: Arm | None
    values: Floats
    where: str
    """Scenario and pressure in words, empty where the sweep has one of each."""
    route_varies: bool = False
    """Whether the route is a factor, so that the arm has none of its own; it is called varied then."""

    @property
    def is_difference(self) -> bool:
        """Tell whether this is a difference between two routes."""
        return self.second is not None

    @property
    def key(self) -> str:
        """Return a name for files and addresses."""
        routes = self.arm.route if self.second is None else f"{self.arm.route}-minus-{self.second.route}"
        text = "-".join((self.arm.scenario, self.arm.pressure, routes))
        return "".join(letter if letter.isalnum() else "-" for letter in text)

    @property
    def routes(self) -> str:
        """Return the route, or the first minus the second, as inside a sentence."""
        first = "every route of the plan" if self.route_varies else route_words(self.arm)
        return first if self.second is None else f"{first} minus {route_words(self.second)}"

    @property
    def title(self) -> str:
        """Return what this is, as a heading."""
        words = self.routes[:1].upper() + self.routes[1:]
        return f"{words}, {self.where}" if self.where else words

    @property
    def means(self) -> Floats:
        """Return the mean over replicates at each point, nan where too few of them are there."""
        there = np.isfinite(self.values)
        enough = there.mean(axis=1) >= LEAST_SHARE
        sums = np.where(there, self.values, 0.0).sum(axis=1)
        return np.where(enough, sums / np.maximum(1, there.sum(axis=1)), np.nan)


def subjects_of(work: Work, cube: Cube, asked: Pair | None = None) -> tuple[list[Subject], list[str]]:
    """Return what can be asked about, differences first, and what is left out with the reason.

    `asked` are the routes whose difference is taken instead of the main two's.

    An outcome that a run ended without has no mean over seeds, so its arm is left out.
    """
    arms = [work.named(arm) for arm in work.arms]
    places = {(arm.scenario, arm.pressure): _where(work, arm) for arm in arms}
    differences, levels, notes = [], [], []
    usable, varies = {}, "route" in work.varied
    for k, arm in enumerate(arms):
        subject = Subject(arm, None, cube.values[:, k], places[arm.scenario, arm.pressure], varies)
        without = int((cube.ended[:, k] & ~np.isfinite(cube.values[:, k])).sum())
        if without:
            title = subject.title
            notes.append(
                f"{title[:1].lower()}{title[1:]}: left out, as {without:,} of its runs end without that outcome"
            )
            continue
        usable[k] = arm
        levels.append(subject)
    for key, where in places.items():
        here = {arm.route: k for k, arm in usable.items() if (arm.scenario, arm.pressure) == key}
        pair = None if varies else asked or main_pair(list(here))
        if pair is not None and set(pair) <= set(here):
            first, second = (here[route] for route in pair)
            values = cube.values[:, first] - cube.values[:, second]
            differences.append(Subject(arms[first], arms[second], values, where))
    return [*differences, *levels], notes


def other_pairs(subjects: Sequence[Subject]) -> list[str]:
    """Say whose difference is taken, and how another pair's is, where there are several."""
    routes = dict.fromkeys(subject.arm.route for subject in subjects if not subject.is_difference)
    taken = [subject.routes for subject in subjects if subject.is_difference]
    if not taken or len(routes) < 3:
        return []
    return [f"the difference is {taken[0]}; --pair A B takes that of any two of {', '.join(routes)}"]


def route_words(arm: Arm) -> str:
    """Return a route's title as inside a sentence: "prototype-led"."""
    words = (arm.what.route.title if arm.route == arm.what.route.name else "") or arm.route
    return words[:1].lower() + words[1:]


def place_words(arm: Arm) -> str:
    """Return a scenario's title."""
    return arm.what.title or arm.what.place.title or arm.scenario


def pressure_words(arm: Arm) -> str:
    """Return a pressure's title, or that it is varied."""
    return (arm.what.pressure.title if arm.pressure == arm.what.pressure.name else "") or arm.pressure


def _where(work: Work, arm: Arm) -> str:
    parts = [place_words(arm)] if len({other.scenario for other in work.arms}) > 1 else []
    if len({other.pressure for other in work.arms}) > 1:
        parts.append(f"under “{pressure_words(arm)}”")
    return " ".join(parts)
