"""PairedExperiment to Estimate to Verdict."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import polars as pl

from experiments import inference
from experiments.arms import PRIMARY, Arm
from experiments.inference import (
    CONFIDENCE,
    HOLDS,
    MATTERS,
    OPEN,
    OPPOSITE,
    SMALL,
    Above,
    ClaimVerdict,
    Floats,
    PatternVerdict,
    Rule,
    Share,
    Told,
    adjusted_intervals,
    changes,
    claim_verdict,
    each_as_it_is,
    is_enough,
    mean_intervals,
    median_band,
    one_told,
    paired_differences,
    replicates_needed,
    share_ahead,
    share_of,
    verdict,
)
from experiments.replicates import Replicates
from simulation import state
from simulation.outcomes import PRACTICE_MATTERS, shown
from simulation.run import RUN_COLUMNS

State = Literal["gone", "weaker", "still there", "unclear", "nothing to lose"]


@dataclass(frozen=True, kw_only=True)
class Without:
    """What was left of an effect with its mechanism switched off.

    `change` is the effect with the mechanism minus the effect without, paired. `state` is "still there" where the
    check's rule holds even so; where it does not and the effect is clearly smaller, "gone" if nothing clearly above
    zero is left (below, for a negative effect) or the rule fails, else "weaker"; "nothing to lose" where the check did
    not hold with the mechanism either; else "unclear".
    """

    meaning: str
    effect: float
    low: float
    high: float
    change: float
    change_low: float
    change_high: float
    state: State


@dataclass(frozen=True, kw_only=True)
class PatternFinding:
    """What one check found on some seeds under a profile: the effect with its 95% interval, and the verdict."""

    check: str
    pattern: str
    says: str
    quantity: str
    unit: str
    rule: str
    alternative: str
    profile: str
    first_seed: int
    seeds: int
    effect: float
    low: float
    high: float
    verdict: PatternVerdict
    without: Without | None

    @property
    def negligible(self) -> bool:
        """Tell whether a direction is claimed, and the effect is smaller than the smallest difference worth a word."""
        return not self.rule.startswith("within") and abs(self.effect) < MATTERS.get(self.unit, 0.0)


# Keep what was found about each claim, as numbers; what is told of them is worked out from the numbers each time.


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
class ClaimFinding:
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
    def verdict(self) -> ClaimVerdict:
        """Return the verdict, by the rule of `experiments.inference`."""
        return claim_verdict(
            self.at_defaults,
            held=self.space.holds,
            points_told=self.space.points_told,
            structures=[self.under(found) for found in self.structures],
        )

    @property
    def holds_widely(self) -> bool:
        """Tell whether the claim holds in enough of the space."""
        return inference.holds_widely(self.space.holds, self.space.points_told)


def finding_from(said: Mapping[str, Any]) -> ClaimFinding:
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
    return ClaimFinding(**(dict(said) | parts))


# Compare routes pair by pair: the tables `levels` and `contrasts` of a comparison.


PRIMARY_OUTCOME = "practice"
EVERY = 12
"""Practice is compared at every so many months, besides the last."""
EARLY, EARLY_OUTCOME = 24, "practice_24"
"""Month at which the main contrast is read once more, and the outcome that holds it: what shows early need not last."""


@dataclass(frozen=True)
class Standard:
    """What a comparison's intervals are held to: a confidence, and how fine a difference in practice is asked for."""

    confidence: float = CONFIDENCE
    precision: float = PRACTICE_MATTERS


USUAL = Standard()


@dataclass(frozen=True)
class Paired:
    """Runs of one scenario by route, seed by seed: outcomes (S, len(RUN_COLUMNS)), practice by month (S, M + 1)."""

    scenario: str
    months: int
    outcomes: dict[str, Floats]
    practice: dict[str, Floats]


def pairs_of(routes: Sequence[str]) -> list[tuple[str, str]]:
    """Return every pair of routes, the later minus the earlier; the primary pair as it was named."""
    pairs = [(first, second) for k, first in enumerate(routes) for second in routes[:k]]
    return [PRIMARY if set(pair) == set(PRIMARY) else pair for pair in pairs]


def level_rows(paired: Paired) -> list[dict[str, Any]]:
    """Return the level of each outcome under each route: median, 90% band and mean over replicates."""
    rows = []
    for route, outcomes in paired.outcomes.items():
        for k, name in enumerate(RUN_COLUMNS):
            values = outcomes[:, k]
            values = values[~np.isnan(values)]
            low, median, high = median_band(values)
            mean = float(values.mean()) if len(values) else float("nan")
            rows.append(
                {
                    "scenario": paired.scenario, "route": route, "outcome": name, "median": median, "low": low,
                    "high": high, "mean": mean, "replicates": len(values),
                }
            )  # fmt: skip
    return rows


def contrast_rows(paired: Paired, standard: Standard = USUAL) -> list[dict[str, Any]]:
    """Return every contrast of a scenario; those named beforehand are still to be adjusted together.

    An outcome that some run did not reach or measure has no mean difference, and no row.
    """
    rows: list[dict[str, Any]] = []
    for first, second in pairs_of(list(paired.outcomes)):
        columns = _columns(paired, first, second)
        whole = {key: values for key, values in columns.items() if np.isfinite(values).all()}
        if not whole:
            continue
        intervals = mean_intervals(np.stack(list(whole.values()), axis=1), confidence=standard.confidence)
        for k, ((outcome, month), values) in enumerate(whole.items()):
            mean, low, high, half = (float(array[k]) for array in _four(intervals))
            rows.append(
                {"scenario": paired.scenario, "first": first, "second": second, "outcome": outcome, "month": month}
                | judged(values, mean, low, high, half, outcome, standard)
            )
    return rows


def primary_rows(
    differences: dict[str, Floats], months: dict[str, int], standard: Standard = USUAL
) -> dict[str, dict[str, Any]]:
    """Return the primary contrast of each scenario with its own interval and the one adjusted over scenarios."""
    if not differences:
        return {}
    table = np.stack(list(differences.values()), axis=1)
    own = mean_intervals(table, confidence=standard.confidence)
    adjusted = adjusted_intervals(table, confidence=standard.confidence)
    rows = {}
    for k, (scenario, values) in enumerate(differences.items()):
        mean, low, high, half = (float(array[k]) for array in _four(own))
        rows[scenario] = (
            {
                "scenario": scenario, "first": PRIMARY[0], "second": PRIMARY[1], "outcome": PRIMARY_OUTCOME,
                "month": months[scenario],
            }
            | judged(values, mean, low, high, half, PRIMARY_OUTCOME, standard)
            | {"adjusted_low": float(adjusted.low[k]), "adjusted_high": float(adjusted.high[k])}
            | {"named_beforehand": True}
        )  # fmt: skip
        together = float(adjusted.low[k]), float(adjusted.high[k])
        rows[scenario]["verdict"] = verdict(*together, matters=PRACTICE_MATTERS, replicates=len(values))
    return rows


def pressure_row(paired: Paired, pressure: str, pair: tuple[str, str], standard: Standard = USUAL) -> dict[str, Any]:
    """Return a pair's contrast of practice at the last month under another pressure, with both medians: exploratory."""
    row = _pair_row(paired, pair, PRIMARY_OUTCOME, paired.months, standard)
    return {"scenario": paired.scenario, "pressure": pressure} | row


def structure_rows(
    paired: Paired, about: dict[str, Any], pair: tuple[str, str], standard: Standard = USUAL
) -> list[dict[str, Any]]:
    """Return a pair's contrast of practice at the last month and two years in under another structure: exploratory.

    `about` is what the rows say of the structure.
    """
    read = [(PRIMARY_OUTCOME, paired.months)]
    if paired.months > EARLY:
        read.append((EARLY_OUTCOME, EARLY))
    return [about | _pair_row(paired, pair, column, month, standard) for column, month in read]


def _pair_row(paired: Paired, pair: tuple[str, str], column: str, month: int, standard: Standard) -> dict[str, Any]:
    """Return a pair's contrast in practice at a month, which stands in a column of outcomes, with both medians."""
    k = RUN_COLUMNS.index(column)
    first, second = (paired.outcomes[route][:, k] for route in pair)
    values = paired_differences(first, second)
    mean, low, high, half = (float(array[0]) for array in _four(mean_intervals(values, confidence=standard.confidence)))
    return (
        {"first": pair[0], "second": pair[1], "outcome": PRIMARY_OUTCOME, "month": month}
        | judged(values, mean, low, high, half, PRIMARY_OUTCOME, standard)
        | {"first_median": float(np.median(first)), "second_median": float(np.median(second))}
    )


def contrast_table(rows: list[dict[str, Any]], primary: dict[str, dict[str, Any]]) -> pl.DataFrame:
    """Return all contrasts as one table, those named beforehand first and in place of the same ones unadjusted."""
    keys = ("scenario", "first", "second", "outcome", "month")
    named = {tuple(row[key] for key in keys) for row in primary.values()}
    rest = [row for row in rows if tuple(row[key] for key in keys) not in named]
    return pl.DataFrame([*primary.values(), *rest], infer_schema_length=None)


def _columns(paired: Paired, first: str, second: str) -> dict[tuple[str, int], Floats]:
    """Return the paired differences by outcome and month."""
    one, other = paired.outcomes[first], paired.outcomes[second]
    columns = {(name, paired.months): paired_differences(one[:, k], other[:, k]) for k, name in enumerate(RUN_COLUMNS)}
    for month in range(EVERY, paired.months, EVERY):
        columns[PRIMARY_OUTCOME, month] = paired_differences(
            paired.practice[first][:, month], paired.practice[second][:, month]
        )
    return columns


def judged(
    values: Floats, mean: float, low: float, high: float, half: float, outcome: str, standard: Standard
) -> dict[str, Any]:
    """Return what every contrast says of its paired differences.

    An outcome without a smallest difference worth a word is judged against zero.
    """
    matters = shown(outcome).matters
    asked = standard.precision if outcome == PRIMARY_OUTCOME else matters or PRACTICE_MATTERS
    ahead = share_ahead(values, confidence=standard.confidence)
    return {
        "difference": mean, "low": low, "high": high, "adjusted_low": low, "adjusted_high": high,
        "ahead": ahead.value, "ahead_low": ahead.low, "ahead_high": ahead.high,
        "median_difference": float(np.median(values)),
        "verdict": verdict(low, high, matters=matters or 0.0, replicates=len(values)),
        "named_beforehand": False, "replicates": len(values), "half_width": half, "precision": asked,
        "precise_enough": is_enough(half, asked), "replicates_needed": replicates_needed(half, len(values), asked),
    }  # fmt: skip


def _four(intervals: Any) -> tuple[Floats, Floats, Floats, Floats]:
    return intervals.mean, intervals.low, intervals.high, intervals.half_width


# Work out paired effects from the arms of a check: differences, interactions, the best of a grid.


Reading = Callable[[Replicates], state.Floats]
Effect = Callable[[Mapping[str, Replicates]], state.Floats]
"""Paired values from the arms of a check: (R,) or (R, k) for R seeds."""


def at(name: str, month: int) -> Reading:
    """Return what reads a series at the end of a programme month."""
    return lambda runs: runs.at(name, month)


def collaborative(month: int) -> Reading:
    """Return what reads whether a place is collaborative at the end of a month."""
    return lambda runs: runs.collaborative(month)


def kept(leaving: int) -> Reading:
    """Return what reads the change of practice in the 24 months after the partner leaves."""
    return lambda runs: runs.kept(leaving)


def of(arm: str, reading: Reading) -> Effect:
    """Return the effect that is one arm's reading."""
    return lambda arms: reading(arms[arm])


def difference(first: str, second: str, reading: Reading) -> Effect:
    """Return the effect: the first arm's reading less the second's."""
    return lambda arms: reading(arms[first]) - reading(arms[second])


def minus(first: Effect, second: Effect) -> Effect:
    """Return one effect less another."""
    return lambda arms: first(arms) - second(arms)


def beside(*effects: Effect) -> Effect:
    """Return effects side by side, a column each."""
    return lambda arms: np.column_stack([effect(arms) for effect in effects])


def slope(sizes: Mapping[str, float], reading: Reading) -> Effect:
    """Return each seed's least-squares slope of a reading over the arms' sizes."""
    centred = np.array(list(sizes.values())) - np.mean(list(sizes.values()))

    def effect(arms: Mapping[str, Replicates]) -> state.Floats:
        table = np.column_stack([reading(arms[name]) for name in sizes])
        return (table - table.mean(axis=1, keepdims=True)) @ centred / (centred @ centred)

    return effect


def best_against(grid: Sequence[str], against: str, reading: Reading) -> Effect:
    """Return what the best arm of a grid gives above one of them, without favour to the luckiest.

    For seeds in even places the best arm is chosen by the mean over the odd ones, and the other way round: the seeds
    that choose an arm are never those that measure it.
    """

    def effect(arms: Mapping[str, Replicates]) -> state.Floats:
        table = np.column_stack([reading(arms[name]) for name in grid])
        values = np.empty(len(table))
        for half in (0, 1):
            best = int(np.argmax(table[1 - half :: 2].mean(axis=0)))
            values[half::2] = table[half::2, best] - table[half::2, grid.index(against)]
        return values

    return effect


def smaller(means: state.Floats) -> state.Floats:
    """Combine columns into the smallest of them, a row: what holds for all holds for this one."""
    return means.min(axis=1)


# Say what a pattern check is: arms that share seeds, an effect, a rule for the verdict, a mechanism to switch off.


Combine = Callable[[state.Floats], state.Floats]
"""Turn rows of means over seeds (rows, k) into one effect a row (rows,)."""


@dataclass(frozen=True, kw_only=True)
class Ablation:
    """A mechanism switched off in every arm of a check, after which the effect should be gone."""

    meaning: str
    settings: Mapping[str, float]


@dataclass(frozen=True, kw_only=True)
class Check:
    """A named experiment with a verdict.

    `says` is what the pattern claims, in plain English; `quantity` what the effect measures, `unit` its unit (a key
    of `rules.MATTERS`). `alternative` names a structural choice other than the default that all arms are run under.
    """

    name: str
    says: str
    quantity: str
    arms: Mapping[str, Arm]
    effect: Effect
    combine: Combine = each_as_it_is
    rule: Rule = field(default_factory=Above)
    unit: str = "practice"
    ablation: Ablation | None = None
    alternative: str = ""


@dataclass(frozen=True, kw_only=True)
class Family:
    """Checks of one pattern; `setting` says how it was set up, chosen before it was run."""

    name: str
    title: str
    setting: str
    checks: tuple[Check, ...]
