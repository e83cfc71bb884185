"""Work out what was found about each claim from the stored runs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from experiments.claims.alternatives import ALTERNATIVES
from experiments.claims.claim import Claim
from experiments.claims.finding import Finding, Left, Space, Under
from experiments.claims.leaning import leanings
from experiments.claims.rules import HOLDS, OPEN, OPPOSITE, SMALL, told
from experiments.claims.stored import Runs, effects
from experiments.claims.topics import CLAIMS
from experiments.statistics import CONFIDENCE, Intervals, adjusted_intervals, mean_intervals
from simulation.state import Floats


@dataclass(frozen=True)
class Points:
    """What every point of parameter space showed of one claim: arrays (points,)."""

    effect: Floats
    low: Floats
    high: Floats
    told: NDArray[np.str_]


@dataclass(frozen=True)
class Reach:
    """A claim's intervals at the defaults: its own, and adjusted for all claims of the essay."""

    own: Intervals
    adjusted: Intervals


def at_defaults(claims: Sequence[Claim], runs: Runs, *, confidence: float = CONFIDENCE) -> Reach:
    """Return the intervals of the claims' effects, together at a confidence.

    With all claims of the essay they are adjusted together by the bootstrap (max-t). With some of them, what the others
    share with these is not known, so each is taken at a confidence that allows for any sharing (Bonferroni).
    """
    table = np.column_stack([_whole(effects(claim, runs, claim.scenarios())) for claim in claims])
    own = _each_alone(table, confidence)
    if len(claims) == len(CLAIMS):
        return Reach(own, adjusted_intervals(table, confidence=confidence))
    return Reach(own, _each_alone(table, 1 - (1 - confidence) / len(CLAIMS)))


def _each_alone(table: Floats, confidence: float) -> Intervals:
    """Return intervals of each column as if it stood alone: to the last bit what a claim run alone gives."""
    found = [mean_intervals(column, confidence=confidence) for column in np.ascontiguousarray(table.T)]
    return Intervals(*(np.concatenate(parts) for parts in zip(*map(_arrays, found), strict=True)))


def _arrays(found: Intervals) -> tuple[Floats, ...]:
    return found.mean, found.low, found.high, found.half_width


def judged(
    claims: Sequence[Claim],
    runs: Runs,
    under: Runs,
    points: Mapping[str, Points],
    design: pl.DataFrame,
    *,
    point_seeds: int,
    confidence: float = CONFIDENCE,
) -> tuple[Finding, ...]:
    """Return what was found about each claim: at the defaults, under the alternatives, and over the points."""
    reach = at_defaults(claims, runs, confidence=confidence)
    found = []
    for k, claim in enumerate(claims):
        seeds = len(effects(claim, runs, claim.scenarios()))
        found.append(
            Finding(
                name=claim.name, topic=claim.topic, quote=claim.quote, says=claim.says, compared=claim.compared,
                quantity=claim.check.quantity, unit=claim.check.unit, outcome=claim.outcome, sign=claim.sign,
                matters=claim.matters, without=claim.without, note=claim.note, seeds=seeds,
                effect=float(reach.own.mean[k]), low=float(reach.own.low[k]), high=float(reach.own.high[k]),
                adjusted_low=float(reach.adjusted.low[k]), adjusted_high=float(reach.adjusted.high[k]),
                left=left_of(claim, runs, confidence=confidence), structures=under_structures(claim, under),
                space=space_of(points[claim.name], design, point_seeds, sign=claim.sign),
            )
        )  # fmt: skip
    return tuple(found)


def left_of(claim: Claim, runs: Runs, *, confidence: float) -> Left:
    """Return what is left of a claim's effect with its mechanism switched off, on the same seeds."""
    on = _whole(effects(claim, runs, claim.scenarios()))
    off = _whole(effects(claim, runs, claim.scenarios(ablated=True)))
    found = mean_intervals(np.column_stack([off, on - off]), confidence=confidence)
    ends = [(float(found.mean[k]), float(found.low[k]), float(found.high[k])) for k in range(2)]
    return Left(*ends[0], *ends[1])


def under_structures(claim: Claim, runs: Runs) -> tuple[Under, ...]:
    """Return a claim's effect under every alternative; intervals hold together over the alternatives (Bonferroni)."""
    changed = [
        {name: alternative.change(scenario) for name, scenario in claim.scenarios().items()}
        for alternative in ALTERNATIVES
    ]
    table = np.column_stack([_whole(effects(claim, runs, scenarios)) for scenarios in changed])
    found = mean_intervals(table, confidence=1 - (1 - CONFIDENCE) / len(ALTERNATIVES))
    return tuple(
        Under(one.name, one.words, float(found.mean[k]), float(found.low[k]), float(found.high[k]))
        for k, one in enumerate(ALTERNATIVES)
    )


def points_of(claim: Claim, runs: Runs, point_seeds: int) -> Points:
    """Return what every point showed of a claim: the mean over its seeds with Student's 95% interval."""
    values = effects(claim, runs, claim.scenarios()).reshape(-1, point_seeds)
    mean, half = values.mean(axis=1), student_half_widths(values)
    low, high = mean - half, mean + half
    return Points(mean, low, high, told(mean, low, high, sign=claim.sign, matters=claim.matters))


def student_half_widths(values: Floats) -> Floats:
    """Return how far the 95% interval of each row's mean reaches, as if its values were normal: few seeds tell no more.

    A row without spread has an interval without width.
    """
    from scipy import stats

    seeds = values.shape[1]
    factor = float(stats.t.ppf((1 + CONFIDENCE) / 2, seeds - 1))
    return factor * values.std(axis=1, ddof=1) / np.sqrt(seeds)


def space_of(found: Points, design: pl.DataFrame, point_seeds: int, *, sign: int) -> Space:
    """Count the points, and name the parameters along which the effect grows to the side claimed."""
    counts = {kind: int((found.told == kind).sum()) for kind in (HOLDS, SMALL, OPPOSITE, OPEN)}
    return Space(
        len(found.told), point_seeds, counts[HOLDS], counts[SMALL], counts[OPPOSITE], counts[OPEN],
        leanings(sign * found.effect, found.told, design),
    )  # fmt: skip


def _whole(values: Floats) -> Floats:
    """Return paired effects of seeds at the defaults or under a structure. Raises ValueError where a run failed."""
    if not np.isfinite(values).all():
        msg = "some runs have failed: see the columns error and traceback of the runs"
        raise ValueError(msg)
    return values
