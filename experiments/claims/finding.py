"""Keep what was found about each claim, as numbers; what is told of them is worked out from the numbers each time."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from experiments.claims.rules import (
    HOLDS,
    OPEN,
    OPPOSITE,
    SMALL,
    Told,
    Verdict,
    changes,
    holds_widely,
    one_told,
    share_of,
    verdict,
)
from experiments.patterns.finding import State
from experiments.statistics import Share


@dataclass(frozen=True)
class Left:
    """What is left of an effect with its mechanism switched off; `change` is the effect with it less that without."""

    effect: float
    low: float
    high: float
    change: float
    change_low: float
    change_high: float


@dataclass(frozen=True)
class Under:
    """An effect under a structural alternative, its interval adjusted for the number of alternatives."""

    name: str
    words: str
    effect: float
    low: float
    high: float


@dataclass(frozen=True)
class Leaning:
    """A parameter along which a claim's effect grows, or falls, over the points of parameter space.

    `correlation` is the rank correlation between the parameter and the effect to the side claimed, with an interval
    adjusted for the number of parameters; `lower` and `upper` are the shares that hold, of the points that can be told,
    in the lower and the upper half of its range, with Wilson's intervals.
    """

    parameter: str
    correlation: float
    low: float
    high: float
    lower: Share
    upper: Share


@dataclass(frozen=True)
class Space:
    """In how many points of parameter space a claim holds, is too small to matter, the other way round, or open."""

    points: int
    seeds: int
    holds: int
    small: int
    opposite: int
    open: int
    leanings: tuple[Leaning, ...] = ()

    @property
    def points_told(self) -> int:
        """Return the number of points that can be told."""
        return self.holds + self.small + self.opposite

    @property
    def counts(self) -> Mapping[Told, int]:
        """Return the number of points by what can be told."""
        return {HOLDS: self.holds, SMALL: self.small, OPEN: self.open, OPPOSITE: self.opposite}  # type: ignore[dict-item]

    def share(self, told: Told) -> Share:
        """Return a share of all points, with its interval."""
        return share_of(self.counts[told], self.points)

    @property
    def of_told(self) -> Share:
        """Return the share of the points that can be told in which the claim holds, with its interval."""
        return share_of(self.holds, self.points_told)


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What was found about one claim. `low` and `high` are its own interval, the others adjusted for all claims."""

    name: str
    topic: str
    quote: str
    says: str
    compared: str
    quantity: str
    unit: str
    outcome: str
    sign: int
    matters: float
    without: str
    note: str
    seeds: int
    effect: float
    low: float
    high: float
    adjusted_low: float
    adjusted_high: float
    left: Left
    structures: tuple[Under, ...]
    space: Space

    def tell(self, mean: float, low: float, high: float) -> Told:
        """Return what can be told of an effect in this claim's unit."""
        return one_told(mean, low, high, sign=self.sign, matters=self.matters)

    @property
    def at_defaults(self) -> Told:
        """Return what can be told at the defaults, by the adjusted interval."""
        return self.tell(self.effect, self.adjusted_low, self.adjusted_high)

    def under(self, alternative: Under) -> Told:
        """Return what can be told under an alternative."""
        return self.tell(alternative.effect, alternative.low, alternative.high)

    @property
    def state(self) -> State:
        """Return what became of the effect with its mechanism switched off.

        "nothing to lose" where the claim does not hold at the defaults; "gone" where what is left is too small to
        matter, the other way round, or cannot be told from zero while the loss is clear; "still there" where the claim
        holds even so, "weaker" where it then holds or leans by clearly less; else "unclear".
        """
        left, lost = self.left, self.tell(self.left.change, self.left.change_low, self.left.change_high) == HOLDS
        found = self.tell(left.effect, left.low, left.high)
        if self.at_defaults != HOLDS:
            return "nothing to lose"
        if found in (SMALL, OPPOSITE):
            return "gone"
        if not lost:
            return "still there" if found == HOLDS else "unclear"
        return "gone" if left.low <= 0 <= left.high else "weaker"

    @property
    def changed_by(self) -> tuple[Under, ...]:
        """Return the alternatives under which the effect is clearly the other way round, or too small to matter."""
        return tuple(found for found in self.structures if changes(self.under(found)))

    @property
    def verdict(self) -> Verdict:
        """Return the verdict, by the rule of `experiments.claims.rules`."""
        return verdict(
            self.at_defaults,
            held=self.space.holds,
            points_told=self.space.points_told,
            structures=[self.under(found) for found in self.structures],
        )

    @property
    def holds_widely(self) -> bool:
        """Tell whether the claim holds in enough of the space."""
        return holds_widely(self.space.holds, self.space.points_told)


def finding_from(said: Mapping[str, Any]) -> Finding:
    """Return a finding from plain data, as `dataclasses.asdict` makes it."""
    around = said["space"]
    leanings = tuple(
        Leaning(**(one | {half: Share(**one[half]) for half in ("lower", "upper")})) for one in around["leanings"]
    )
    parts = {
        "left": Left(**said["left"]),
        "structures": tuple(Under(**one) for one in said["structures"]),
        "space": Space(**(around | {"leanings": leanings})),
    }
    return Finding(**(dict(said) | parts))
