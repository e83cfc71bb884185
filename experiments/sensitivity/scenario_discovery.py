"""PRIM: the region of an outcome, and its line."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor, log10
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from experiments.inference import Floats, normal_factor
from experiments.sensitivity.adequacy import FEWEST_A_FACTOR, FEWEST_SIDES, Check
from experiments.sensitivity.data import OUTCOME, Axis, Question, frame, quiet, workbench
from simulation.outcomes import shown

LEAST_MASS = 0.05
TINY = 1e-9
"""The library counts a point as sought from here on; ours are 0 or 1. Any box may be returned, however thin."""
SIGNIFICANT = 0.05
HALVES = 10
AGAIN = 0.7
"""Share of the halves that have to limit a factor again for it to count as found."""
SEED = 47


@dataclass(frozen=True)
class Limit:
    """Where the region lies along a factor: `low` to `high`, or some of its choices.

    `quasi_p` (low end, high end) is the chance of a region this dense without the limit, nan where there is none;
    `again` is the share of halves of the sample in which the factor was limited again.
    """

    axis: Axis
    low: float
    high: float
    choices: tuple[str, ...]
    quasi_p: tuple[float, float]
    again: float


@dataclass(frozen=True)
class Region:
    """A box: coverage is the share of the points sought that lie in it, density the share of its points sought.

    `held_coverage` and `held_density` are those of the halves' boxes on the half that each never saw. `way` has a row
    for every box on the way, the one taken marked.
    """

    points: int
    sought: int
    limits: tuple[Limit, ...]
    coverage: float
    density: float
    mass: float
    inside: int
    held_coverage: Floats
    held_density: Floats
    held_base: Floats
    way: pl.DataFrame

    @property
    def base(self) -> float:
        """Return the share of all points that are sought."""
        return self.sought / self.points

    @property
    def found(self) -> list[Limit]:
        """Return the limits that hold up: found again in most halves."""
        return [limit for limit in self.limits if limit.again >= AGAIN]

    @property
    def holds(self) -> bool:
        """Tell whether nine in ten of the halves' boxes are denser than the half they never saw, and a limit holds."""
        denser = float((self.held_density > self.held_base).mean()) if len(self.held_density) else 0.0
        return denser >= 0.9 and bool(self.found)


def enough_to_seek(sought: NDArray[np.bool_], factors: int) -> list[Check]:
    """Hold a sample to what a search takes: points on both sides of the line, and points enough for the factors."""
    n, k = len(sought), int(sought.sum())
    return [
        Check(
            "points on both sides", min(k, n - k) >= FEWEST_SIDES,
            f"{k:,} of {n:,} points lie on the side sought and {n - k:,} do not; asked for are {FEWEST_SIDES} of each",
        ),
        Check(
            "points for the factors", n >= FEWEST_A_FACTOR * factors,
            f"there are {n / factors:,.0f} points a factor; asked for are {FEWEST_A_FACTOR} or more",
        ),
    ]  # fmt: skip


def region(
    axes: Sequence[Axis], sought: NDArray[np.bool_], *, groups: NDArray[np.int64] | None = None, halves: int = HALVES
) -> Region:
    """Return the region of the points (points,) sought, and how it fares on halves of the sample.

    `groups` (points,) says which points were drawn together and stay together in a half. Raises MissingError without
    EMA Workbench, ValueError where no point or every point is sought.
    """
    if not 0 < sought.sum() < len(sought):
        msg = "a region is sought where some points are wanted and others are not"
        raise ValueError(msg)
    box, chosen = _searched(axes, sought)
    rng = np.random.default_rng(SEED)
    together = np.arange(len(sought)) if groups is None else groups
    tried = [_half(axes, sought, together, rng) for _ in range(halves)]
    fared = [half for half in tried if half is not None]
    again = [half[0] for half in fared]
    limits = tuple(
        _limit(axis, box, chosen, float(np.mean([axis.name in names for names in again])) if again else 0.0)
        for axis in axes
        if axis.name in box.qp[chosen]
    )
    row = box.peeling_trajectory.iloc[chosen]
    return Region(
        points=len(sought), sought=int(sought.sum()), limits=limits, coverage=float(row["coverage"]),
        density=float(row["density"]), mass=float(row["mass"]), inside=int(row["n"]),
        held_coverage=np.array([half[1] for half in fared]), held_density=np.array([half[2] for half in fared]),
        held_base=np.array([half[3] for half in fared]), way=_way(box, chosen),
    )  # fmt: skip


def _searched(axes: Sequence[Axis], sought: NDArray[np.bool_]) -> tuple[Any, int]:
    """Return the library's boxes and the position of the one taken."""
    with quiet():
        box = workbench("prim").Prim(frame(axes), sought.astype(int), threshold=TINY, mass_min=LEAST_MASS).find_box()
    parted = _parted(box, sought)
    needed = [_weakest(box, k) is None for k in range(len(parted))]
    chosen = _best(box, np.where(needed, parted, -1.0))
    bared = _bared(box, _best(box, parted))
    return (box, bared) if _parted(box, sought)[bared] > parted[chosen] + 1e-9 else (box, chosen)


def _parted(box: Any, sought: NDArray[np.bool_]) -> Floats:
    """Return how well each box parts points: the share of those sought inside, less the share of the others."""
    inside, wanted = (box.peeling_trajectory[name].to_numpy(float) for name in ("n", "k"))
    return np.asarray(wanted / sought.sum() - (inside - wanted) / (~sought).sum())


def _best(box: Any, worth: Floats) -> int:
    """Return the box of most worth, of several alike the one with the fewest limits."""
    best = np.flatnonzero(worth >= worth.max() - 1e-9)
    return int(best[np.argmin(box.peeling_trajectory["res_dim"].to_numpy(float)[best])])


def _bared(box: Any, chosen: int) -> int:
    """Take limits that a box could go without off, one by one, and return where the new box stands."""
    while weakest := _weakest(box, chosen):
        box.drop_restriction(weakest, chosen)
        chosen = len(box.peeling_trajectory) - 1
    return chosen


def _weakest(box: Any, chosen: int) -> str | None:
    """Return the limited factor that a region this dense needs least, if it needs it little enough to go without."""
    best = {name: min((p for p in values if p >= 0), default=1.0) for name, values in box.qp[chosen].items()}
    name = max(best, key=lambda key: best[key], default=None)
    return name if name is not None and best[name] > SIGNIFICANT else None


def _half(
    axes: Sequence[Axis], sought: NDArray[np.bool_], together: NDArray[np.int64], rng: np.random.Generator
) -> tuple[set[str], float, float, float] | None:
    """Return what a half limits, and its box's coverage, density and base on the other half; None if that is empty."""
    every = np.unique(together)
    taken = rng.permutation(every)[: max(1, len(every) // 2)]
    mine = np.isin(together, taken)
    if not (0 < sought[mine].sum() < mine.sum()) or not sought[~mine].any():
        return None
    here = [axis.at(mine) for axis in axes]
    box, chosen = _searched([axis for axis in here if len(axis.levels) > 1], sought[mine])
    inside = np.ones(int((~mine).sum()), dtype=bool)
    there = {axis.name: axis.at(~mine) for axis in axes}
    for name in box.qp[chosen]:
        limits = box.box_lims[chosen][name]
        inside &= _within(there[name], limits)
    wanted = sought[~mine]
    density = float(wanted[inside].mean()) if inside.any() else 0.0
    return set(box.qp[chosen]), float(inside[wanted].mean()), density, float(wanted.mean())


def _within(axis: Axis, limits: Any) -> NDArray[np.bool_]:
    if axis.numbers is not None:
        return (axis.numbers >= float(limits[0])) & (axis.numbers <= float(limits[1]))
    return np.isin(np.array(axis.choices), list(limits[0]))


def _limit(axis: Axis, box: Any, chosen: int, again: float) -> Limit:
    limits, quasi = box.box_lims[chosen][axis.name], box.qp[chosen][axis.name]
    low_p, high_p = (float(p) if p >= 0 else float("nan") for p in quasi)
    if axis.numbers is None:
        choices = tuple(sorted(str(choice) for choice in limits[0]))
        return Limit(axis, float("nan"), float("nan"), choices, (low_p, high_p), again)
    return Limit(axis, float(limits[0]), float(limits[1]), (), (low_p, high_p), again)


def _way(box: Any, chosen: int) -> pl.DataFrame:
    way = box.peeling_trajectory
    columns = {name: way[name].to_numpy(float) for name in ("coverage", "density", "mass")}
    counts = {name: way[name].to_numpy(int) for name in ("n", "res_dim")}
    taken = [k == chosen for k in range(len(way))]
    return pl.DataFrame(columns | {"points": counts["n"], "factors": counts["res_dim"], "taken": taken})


# Draw the line that parts the points of a sweep: above or below which value is an outcome sought.


COLLABORATIVE = 0.25
"""Mean practice above which a place is called collaborative (docs/odd.md)."""
FEW = 0.1
"""The usual line is taken where at least this share of the points lies on either side."""
UPPER = 0.75
ASKED = "what was asked for"


@dataclass(frozen=True)
class Line:
    """A line in the model's scale, the side sought, and in words why it is drawn there."""

    value: float
    above: bool
    why: str

    def sought(self, means: Floats) -> NDArray[np.bool_]:
        """Tell which points lie on the side sought."""
        return means > self.value if self.above else means < self.value


def line_of(means: Floats, question: Question, *, difference: bool) -> Line:
    """Return the line for levels, or for the difference between two routes, at points that all have a mean."""
    if difference:
        asked = question.ahead_by
        why = ASKED if question.ahead is not None else "the smallest difference that matters"
        if question.ahead is None and question.matters is None:
            why = "zero: any difference at all"
        return Line(asked, asked >= 0, why)
    if question.above is not None:
        return Line(question.above, True, ASKED)
    if question.below is not None:
        return Line(question.below, False, ASKED)
    if question.outcome == OUTCOME and FEW <= (means > COLLABORATIVE).mean() <= 1 - FEW:
        return Line(COLLABORATIVE, True, "the practice from which a place is called collaborative")
    return Line(
        _rounded(float(np.quantile(means, UPPER)), question), True, "about where the upper quarter of the points begins"
    )


def near(values: Floats, line: Line) -> float:
    """Return the share of points (points, replicates) that luck might have put on the other side; nan if unknown."""
    there = np.isfinite(values)
    n = there.sum(axis=1)
    enough = n >= 2
    if not enough.any():
        return float("nan")
    some, count = np.where(there, values, 0.0)[enough], n[enough]
    mean = some.sum(axis=1) / count
    apart = np.where(there[enough], values[enough] - mean[:, None], 0.0)
    error = np.sqrt((apart**2).sum(axis=1) / (count - 1) / count)
    return float((np.abs(mean - line.value) < normal_factor() * error).mean())


def _rounded(value: float, question: Question) -> float:
    """Return a line with no more figures than its outcome is shown with, where those tell it from nothing."""
    how = shown(question.outcome)
    text = round(value * how.factor, how.decimals) / how.factor
    if text != 0 or value == 0:
        return text
    return round(value, 1 - floor(log10(abs(value))))
