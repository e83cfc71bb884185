"""Where an experiment is repeated: other structures, pressures, points of parameter space; and what repeats there."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.arms import arm
from experiments.factors import Factor, applied
from experiments.inference import (
    CONFIDENCE,
    FEWEST_TOLD,
    HOLDS,
    OPEN,
    OPPOSITE,
    SMALL,
    Floats,
    Share,
    Verdict,
    normal_factor,
    share_of,
)
from simulation.parameters import BY_NAME
from simulation.scenario import PlaceFile, Scenario, Structure, available, load_place, load_pressure
from simulation.scenario.place import Generated, Network

if TYPE_CHECKING:
    import polars as pl
    from numpy.typing import NDArray

GENERATED = "generated"
STEEPNESS = "contagion_steepness"


@dataclass(frozen=True)
class Choice:
    """One other structure: what it sets, and what people call it."""

    name: str
    group: str
    title: str
    structure: dict[str, str] = field(default_factory=dict)
    settings: dict[str, float] = field(default_factory=dict)
    profile: str | None = None
    network: str | None = None
    """Kind of network, of a generated place."""
    place: str | None = None
    """Ready place whose organisations and relationships take the place of the scenario's own."""

    def moves(self, scenario: Scenario) -> bool:
        """Tell whether the scenario's own place can't be put under this choice, so that another one stands in."""
        return self.place is not None or (self.network is not None and scenario.place.from_file)


NETWORKS = (
    Choice("small-world", "Relationships", "Small-world network", network="small-world"),
    Choice("random", "Relationships", "Random network", network="random"),
    Choice("scale-free", "Relationships", "Scale-free network", network="scale-free"),
    Choice("clustered", "Relationships", "Clustered network", network="clustered"),
)
RULES = (
    Choice("simple-contagion", "Contagion", "Simple contagion (steepness 1)", {"influence": "hill"},
           {STEEPNESS: 1.0}),
    Choice("proportional-contagion", "Contagion", "Simple contagion (in proportion)", {"influence": "linear"}),
    Choice("complex-contagion", "Contagion", "Complex contagion (steepness 4)", {"influence": "hill"},
           {STEEPNESS: 4.0}),
    Choice("steep-contagion", "Contagion", "Steeper contagion (steepness 8)", {"influence": "hill"},
           {STEEPNESS: 8.0}),
    Choice("threshold-contagion", "Contagion", "All-or-nothing contagion", {"influence": "threshold"}),
    Choice("synchronous", "Order of change", "All organisations at once", {"update": "synchronous"}),
    Choice("asynchronous", "Order of change", "One organisation after another", {"update": "asynchronous"}),
    Choice("normal-noise", "Noise", "Normal noise", {"noise": "normal"}),
    Choice("heavy-tailed-noise", "Noise", "Noise with heavier tails", {"noise": "heavy-tailed"}),
    Choice("no-noise", "Noise", "No noise", {"noise": "none"}),
    Choice("split-speed", "Speed limit", "Peers by trust, partner by maturity", {"speed_limit": "split"}),
    Choice("maturity-speed", "Speed limit", "Maturity limits both", {"speed_limit": "maturity"}),
    Choice("local-speed", "Speed limit", "Neighbours’ trust limits both", {"speed_limit": "local"}),
    Choice("convening-at-sites", "Convening", "Convening on sites and place", {"convening": "sites"}),
    Choice("convening-neighbours", "Convening", "Convening reaches neighbours", {"convening": "neighbours"}),
    Choice("convening-assembly", "Convening", "Whole-place assemblies", {"convening": "assembly"}),
    Choice("rationing-off", "Rationing", "No need turned away", {"rationing": "off"}),
    Choice("rationing-on", "Rationing", "Need turned away under pressure", {"rationing": "on"}),
    Choice("full-profile", "Size of the model", "Full model", profile="full"),
    Choice("lean-profile", "Size of the model", "Lean model (eight terms off)", profile="lean"),
)  # fmt: skip


def choices() -> tuple[Choice, ...]:
    """Return every choice in reading order: networks, the ready places' own relationships, then rules."""
    return (*NETWORKS, *_tables(), *RULES)


def under(scenario: Scenario, choice: Choice) -> Scenario | None:
    """Return a scenario under a choice, without title, or None where that is the scenario itself.

    Raises ProblemError where the two do not fit together.
    """
    changed = scenario.changed(
        title="",
        description="",
        place=_place(scenario.place, choice),
        structure=Structure(**(scenario.structure.model_dump() | choice.structure)),
        settings=scenario.settings | choice.settings,
        profile=choice.profile or scenario.profile,
    )
    return None if _same(changed, scenario) else changed


def plain(scenario: Scenario) -> Scenario:
    """Return a scenario as `under` gives it, so that it can be told whether two are the same."""
    return scenario.changed(title="", description="")


def _same(one: Scenario, other: Scenario) -> bool:
    return (
        one.structure == other.structure
        and one.numbers == other.numbers
        and one.place.content_hash() == other.place.content_hash()
    )


def _place(place: PlaceFile, choice: Choice) -> PlaceFile:
    """Return the place that a choice is tried in."""
    if choice.place is not None:
        return load_place(choice.place)
    if choice.network is None:
        return place
    base = load_place(GENERATED) if place.generated is None else place
    before = base.generated or Generated()
    network = Network(**(before.network.model_dump() | {"kind": choice.network}))
    return base.model_copy(update={"generated": before.model_copy(update={"network": network})})


def _tables() -> list[Choice]:
    """Return the ready places that come from a file, each with its own organisations and relationships."""
    found = []
    for ready in available("places"):
        place = load_place(ready.name)
        if place.from_file:
            words = f"Relationships of {place.title or ready.name}"
            found.append(Choice(f"place-{ready.name}", "Another place", words, place=ready.name))
    return found


# Repeats: a name, what people call it, and how an arm is put there.


@dataclass(frozen=True)
class Repeat:
    """One place where an experiment is repeated, all of its arms changed alike."""

    name: str
    words: str
    change: Callable[[Scenario], Scenario]


def under_pressures(names: Sequence[str] = ()) -> tuple[Repeat, ...]:
    """Return a repeat under each of the named pressures, or under every ready one. Raises ProblemError."""
    pressures = [load_pressure(name) for name in names or [ready.name for ready in available("pressures")]]
    return tuple(Repeat(one.name, one.title or one.name, partial(_with_pressure, pressure=one)) for one in pressures)


def at_points(factors: Sequence[Factor], points: Sequence[Sequence[Any]]) -> tuple[Repeat, ...]:
    """Return a repeat at each point: a value a factor; points of parameter space, or cells of a map."""
    return tuple(
        Repeat(
            ", ".join(f"{factor.name} {value:g}" for factor, value in zip(factors, point, strict=True)),
            f"point {number}",
            partial(applied, factors=tuple(factors), values=tuple(point)),
        )
        for number, point in enumerate(points)
    )


def _with_pressure(scenario: Scenario, *, pressure: Any) -> Scenario:
    return scenario.changed(pressure=pressure)


def _changed(scenario: Scenario, *, choice: Choice) -> Scenario:
    return under(scenario, choice) or scenario


def _without_council(scenario: Scenario) -> Scenario:
    return scenario.changed(route=scenario.route.model_copy(update={"council": "out"}))


def _alternatives() -> tuple[Repeat, ...]:
    usual = arm()
    complete = Choice("complete", "Relationships", "Everybody tied to everybody", network="complete")
    others = [choice for choice in (*NETWORKS, complete, *RULES) if under(usual, choice) is not None]
    return (
        *(Repeat(choice.name, choice.title, partial(_changed, choice=choice)) for choice in others),
        Repeat("council-out", "The council left out of the sites", _without_council),
    )


ALTERNATIVES = _alternatives()
"""Structures that every claim is run under, on the generated place: those under which a comparison's headline is
repeated too, and two more: everybody tied to everybody, and the council left out of the sites."""


# What repeats over points of parameter space, and along which parameters the effect grows.


MOST_NAMED = 3
"""Parameters that are named, those that tell most first."""
_ALMOST_ONE = 1 - 1e-12


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
    def counts(self) -> Mapping[Verdict, int]:
        """Return the number of points by what can be told."""
        return {HOLDS: self.holds, SMALL: self.small, OPEN: self.open, OPPOSITE: self.opposite}

    def share(self, told: Verdict) -> Share:
        """Return a share of all points, with its interval."""
        return share_of(self.counts[told], self.points)

    @property
    def of_told(self) -> Share:
        """Return the share of the points that can be told in which the claim holds, with its interval."""
        return share_of(self.holds, self.points_told)


def leanings(effect: Floats, told: "NDArray[np.str_]", design: "pl.DataFrame") -> tuple[Leaning, ...]:
    """Return the parameters whose rank correlation with the effect is clear, at most three, the strongest first.

    `effect` is each point's mean effect, to the side claimed; `told` is what can be told there; `design` has a row a
    point and a column a parameter. Correlations are over all points: whether a point can be told depends on its size.
    Intervals are Fisher's, adjusted for the number of parameters (Bonferroni).
    """
    measured = np.isfinite(effect)
    if measured.sum() < FEWEST_TOLD or not np.ptp(effect[measured]):
        return ()
    names = [name for name in design.columns if name in BY_NAME]
    values = design.select(names).to_numpy()
    correlation = rank_correlations(values[measured], effect[measured])
    spread = normal_factor(1 - (1 - CONFIDENCE) / len(names)) / np.sqrt(measured.sum() - 3)
    middle = np.arctanh(np.clip(correlation, -_ALMOST_ONE, _ALMOST_ONE))
    low, high = np.tanh(middle - spread), np.tanh(middle + spread)
    found = []
    for k in np.argsort(-np.abs(correlation), kind="stable")[:MOST_NAMED]:
        if low[k] > 0 or high[k] < 0:
            upper = values[:, k] > _middle(names[k])
            shares = (_share(told[~upper]), _share(told[upper]))
            found.append(Leaning(names[k], float(correlation[k]), float(low[k]), float(high[k]), *shares))
    return tuple(found)


def _share(told: "NDArray[np.str_]") -> Share:
    """Return the share that holds of the points that can be told."""
    return share_of(int((told == HOLDS).sum()), int((told != OPEN).sum()))


def rank_correlations(values: Floats, effect: Floats) -> Floats:
    """Return the rank correlation of each column with the effect (Spearman's, ties at their mean rank)."""
    from scipy import stats

    ranks, sizes = stats.rankdata(values, axis=0), stats.rankdata(effect)
    ranks -= ranks.mean(axis=0)
    sizes -= sizes.mean()
    spread = np.sqrt((ranks**2).sum(axis=0) * (sizes**2).sum())
    with np.errstate(invalid="ignore"):
        return np.nan_to_num(sizes @ ranks / spread)


def _middle(name: str) -> float:
    parameter = BY_NAME[name]
    return (float(parameter.low or 0) + float(parameter.high or 0)) / 2
