"""PairedExperiment to Estimate to Verdict: arms that share their seeds, what is read of them, what it amounts to."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import polars as pl

from experiments.arms import PRIMARY, under
from experiments.executors import Executor, Serial, of_workers
from experiments.inference import (
    CONFIDENCE,
    FEWEST_TO_RANK,
    SHARES,
    Combine,
    Estimate,
    Floats,
    Kind,
    Side,
    State,
    Verdict,
    estimate,
    intervals,
    is_enough,
    left_and_change,
    median_band,
    paired_differences,
    replicates_needed,
    share_ahead,
    state_of,
    verdict,
)
from experiments.interruption import hear
from experiments.replicates import KEPT_SERIES, ArmsWorkload, Replicates, joined_replicates
from experiments.runner import carried_out
from experiments.structures import Repeat
from simulation.outcomes import PRACTICE_MATTERS, RUN_COLUMNS, shown
from simulation.scenario import Scenario

Outcomes = Mapping[str, Any]
"""What the runs of each arm showed, by the arm's name: whatever the experiment's effect reads."""
Effect = Callable[[Outcomes], Floats]
"""Paired values from the outcomes of the arms: (R,) or (R, k) for R seeds."""
Reading = Callable[[Any], Floats]
"""Values of one arm: (R,) for R seeds."""


@dataclass(frozen=True, kw_only=True)
class Ablation:
    """A mechanism switched off in every arm, after which the effect should be gone."""

    meaning: str
    settings: Mapping[str, float]


@dataclass(frozen=True)
class Left:
    """What is left of an effect with its mechanism switched off; `change` is the effect with it less that without."""

    effect: float
    low: float
    high: float
    change: float
    change_low: float
    change_high: float

    @classmethod
    def of(cls, left: Estimate, change: Estimate) -> "Left":
        """Put two estimates together."""
        return cls(left.effect, *left.ends, change.effect, *change.ends)

    @property
    def estimates(self) -> tuple[Estimate, Estimate]:
        """Return them one by one."""
        return Estimate(self.effect, self.low, self.high), Estimate(self.change, self.change_low, self.change_high)


@dataclass(frozen=True, kw_only=True)
class PairedExperiment:
    """Arms run on the same seeds, an effect read of them seed by seed, and the rule by which it is judged.

    `effect` is a function of what the arms showed; `combine` turns means over seeds into the effect where it is not
    itself a mean. `side` is where it is claimed to lie, if anywhere; `matters` the smallest effect worth a word, in the
    model's own scale (0: any). `ablation` is the mechanism to switch off; `repeats` says where else it is tried.
    `says` is what is claimed, in plain English; `quantity` what the effect measures, `unit` its unit (a key of
    `inference.MATTERS`), `outcome` how its numbers are shown. `alternative` names a structural choice other than the
    default that all arms are run under ("speed_limit=maturity"). `watches_trust` keeps how trust moved, too.
    """

    name: str
    arms: Mapping[str, Scenario]
    effect: Effect
    combine: Combine | None = None
    side: Side | None = None
    matters: float = 0.0
    ablation: Ablation | None = None
    repeats: tuple[Repeat, ...] = ()
    says: str = ""
    quantity: str = ""
    unit: str = "practice"
    outcome: str = "practice"
    alternative: str = ""
    watches_trust: bool = False

    def varied(
        self, *, profile: str = "full", without: bool = False, repeat: Repeat | None = None
    ) -> dict[str, Scenario]:
        """Return the arms to run: under a profile, with the mechanism switched off, or as a repeat has them."""
        structure = dict([self.alternative.split("=")]) if self.alternative else {}
        settings = self.ablation.settings if without and self.ablation else {}
        arms = {name: under(arm, profile=profile, settings=settings, **structure) for name, arm in self.arms.items()}
        if repeat is not None:
            arms = {name: repeat.change(arm) for name, arm in arms.items()}
        return arms

    @property
    def kind(self) -> Kind:
        """What kind of estimate the effect is, by which its interval is picked."""
        if self.combine:
            return "function of means"
        return "difference of shares" if self.unit in SHARES else "mean"

    def estimate(self, outcomes: Outcomes, *, confidence: float = CONFIDENCE) -> Estimate:
        """Return the effect of paired outcomes with the interval of its kind; one that is not measured is nan."""
        values, kind = self.effect(outcomes), self.kind
        return estimate(values, kind=kind, combine=self.combine, name=self.name, confidence=confidence)

    def verdict(self, found: Estimate, *, fewest: int = FEWEST_TO_RANK) -> Verdict:
        """Return what an estimate allows to be said, by the one rule."""
        return verdict(found, matters=self.matters, side=self.side, fewest=fewest)

    def left(self, on: Outcomes, off: Outcomes, *, confidence: float = CONFIDENCE) -> tuple[Estimate, Estimate]:
        """Return the effect with the mechanism off, and the effect with it on less that, on the same seeds."""
        return left_and_change(
            self.effect(on), self.effect(off), kind=self.kind, combine=self.combine, name=self.name,
            confidence=confidence,
        )  # fmt: skip

    def repeated(self, outcomes: Sequence[Outcomes], *, together: bool = True) -> list[Estimate]:
        """Return the effect in each repeat; together, the intervals hold over all of them (Bonferroni)."""
        confidence = 1 - (1 - CONFIDENCE) / len(outcomes) if together and outcomes else CONFIDENCE
        return estimates([self] * len(outcomes), outcomes, confidence=confidence)

    def run(
        self,
        seeds: Sequence[int],
        *,
        workers: int = 1,
        executor: Executor | None = None,
        fewest: int = FEWEST_TO_RANK,
    ) -> "Result":
        """Run all arms on the seeds, with the mechanism and without it and in every repeat, and judge what came out.

        An `executor` (see `experiments.executors`) changes no result, nor do `workers`: one is this process, more are
        so many processes. See `arms_on` for what is raised.
        """
        variants = [self.varied()]
        variants += [self.varied(without=True)] if self.ablation else []
        variants += [self.varied(repeat=repeat) for repeat in self.repeats]
        watched = [arm for arms in variants for arm in arms.values()] if self.watches_trust else ()
        with arms_on(seeds, variants, executor=executor or of_workers(workers), watched=watched) as runs:
            on, *others = [runs(arms) for arms in variants]
        return self.result(on, others.pop(0) if self.ablation else {}, others, fewest=fewest)

    def result(
        self, on: Outcomes, off: Outcomes, others: Sequence[Outcomes] = (), *, fewest: int = FEWEST_TO_RANK
    ) -> "Result":
        """Judge outcomes: with the mechanism, without it (or nothing), and in every repeat in its order."""
        found = self.estimate(on)
        said = self.verdict(found, fewest=fewest)
        left = self.left(on, off) if off else None
        state: State | None = None
        if left is not None and self.side is not None:
            state = state_of(*left, side=self.side, said=said, matters=self.matters)
        there = zip(self.repeats, self.repeated(others), strict=bool(others))
        return Result(
            experiment=self, estimate=found, verdict=said, left=Left.of(*left) if left else None, state=state,
            repeats={one.name: (again, self.verdict(again, fewest=fewest)) for one, again in there},
        )  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Result:
    """What a paired experiment found; `repeats` has estimate and verdict by the repeat's name."""

    experiment: PairedExperiment
    estimate: Estimate
    verdict: Verdict
    left: Left | None = None
    state: State | None = None
    repeats: Mapping[str, tuple[Estimate, Verdict]] = field(default_factory=dict)


def estimates(
    experiments: Sequence[PairedExperiment],
    outcomes: Sequence[Outcomes],
    *,
    kind: Kind = "mean",
    confidence: float = CONFIDENCE,
) -> list[Estimate]:
    """Return the effects of experiments on the same seeds, with the intervals of their kind; a missing one is nan.

    `outcomes` has those of each experiment. What experiments share through their seeds is resampled together.
    """
    if any(one.kind != "mean" for one in experiments):
        return [one.estimate(arms, confidence=confidence) for one, arms in zip(experiments, outcomes, strict=True)]
    columns = [one.effect(arms) for one, arms in zip(experiments, outcomes, strict=True)]
    whole = [column for column in columns if np.isfinite(column).all()]
    found = iter(intervals(np.stack(whole, axis=1), kind=kind, confidence=confidence).estimates() if whole else ())
    missing = Estimate(np.nan, np.nan, np.nan, len(columns[0]) if columns else 0, kind)
    return [next(found) if np.isfinite(column).all() else missing for column in columns]


# Effects: differences, interactions, the best of a grid.


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
    return lambda arms: paired_differences(reading(arms[first]), reading(arms[second]))


def minus(first: Effect, second: Effect) -> Effect:
    """Return one effect less another."""
    return lambda arms: first(arms) - second(arms)


def beside(*effects: Effect) -> Effect:
    """Return effects side by side, a column each."""
    return lambda arms: np.column_stack([effect(arms) for effect in effects])


def slope(sizes: Mapping[str, float], reading: Reading) -> Effect:
    """Return each seed's least-squares slope of a reading over the arms' sizes."""
    centred = np.array(list(sizes.values())) - np.mean(list(sizes.values()))

    def effect(arms: Outcomes) -> Floats:
        table = np.column_stack([reading(arms[name]) for name in sizes])
        return (table - table.mean(axis=1, keepdims=True)) @ centred / (centred @ centred)

    return effect


def best_against(grid: Sequence[str], against: str, reading: Reading) -> Effect:
    """Return what the best arm of a grid gives above one of them, without favour to the luckiest.

    For seeds in even places the best arm is chosen by the mean over the odd ones, and the other way round: the seeds
    that choose an arm are never those that measure it.
    """

    def effect(arms: Outcomes) -> Floats:
        table = np.column_stack([reading(arms[name]) for name in grid])
        values = np.empty(len(table))
        for half in (0, 1):
            best = int(np.argmax(table[1 - half :: 2].mean(axis=0)))
            values[half::2] = table[half::2, best] - table[half::2, grid.index(against)]
        return values

    return effect


def smaller(means: Floats) -> Floats:
    """Combine columns into the smallest of them, a row: what holds for all holds for this one."""
    return means.min(axis=1)


# Run arms once each on the same seeds, by whichever executor, and forget an arm after its last use.


@contextmanager
def arms_on(
    seeds: Sequence[int],
    variants: Iterable[Mapping[str, Scenario]],
    *,
    executor: Executor | None = None,
    watched: Iterable[Scenario] = (),
    series: Sequence[str] = KEPT_SERIES,
) -> Iterator[Callable[[Mapping[str, Scenario]], dict[str, Replicates]]]:
    """Give what returns the replicates of a variant's arms; every variant that is coming is asked for once.

    Arms of the same content are run once. `watched` are those of which it is kept how trust moved, `series` is what is
    kept of all. Without an executor everything runs in this process. What a run raises is raised here; FailedRunsError
    where worker after worker dies on one, WorkersError.
    """
    wanted = [(arm.content_hash(), arm) for arms in variants for arm in arms.values()]
    uses, content = Counter(key for key, _ in wanted), dict(wanted)
    places = {key: place for place, key in enumerate(content)}
    watch = frozenset(places[arm.content_hash()] for arm in watched)
    work, given = ArmsWorkload(tuple(content.values()), watch, tuple(series)), 0
    done: dict[str, Replicates] = {}

    def replicates(arms: Mapping[str, Scenario]) -> dict[str, Replicates]:
        nonlocal given
        keys = {name: arm.content_hash() for name, arm in arms.items()}
        missing = [key for key in dict.fromkeys(keys.values()) if key not in done]
        jobs = work.jobs(given, [places[key] for key in missing], seeds) if missing else []
        given += len(jobs)
        parts = {one.chunk.number: one.found for one in carried_out(work, jobs, who)}
        for key in missing:
            done[key] = joined_replicates([parts[number][places[key]] for number in sorted(parts)])
        found = {name: done[key] for name, key in keys.items()}
        for key in keys.values():
            uses[key] -= 1
            if not uses[key]:
                del done[key]
        return found

    with executor or Serial() as who:
        hear()
        who.begin(work)
        yield replicates


# Compare routes pair by pair, an experiment each: the tables `levels` and `contrasts` of a comparison.


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
class RouteRuns:
    """Runs of one route, seed by seed: outcomes (S, len(names)) at the last month, practice (S, M + 1)."""

    outcomes: Floats
    practice: Floats
    months: int
    names: tuple[str, ...] = RUN_COLUMNS

    def at(self, name: str, month: int) -> Floats:
        """Return an outcome at the last month, or practice at any (S,)."""
        return self.outcomes[:, self.names.index(name)] if month == self.months else self.practice[:, month]


@dataclass(frozen=True)
class Paired:
    """Runs of one scenario by route, seed by seed: outcomes (S, len(names)), practice by month (S, M + 1)."""

    scenario: str
    months: int
    outcomes: dict[str, Floats]
    practice: dict[str, Floats]
    names: tuple[str, ...] = RUN_COLUMNS

    @property
    def arms(self) -> dict[str, RouteRuns]:
        """The runs of each route."""
        return {
            route: RouteRuns(values, self.practice[route], self.months, self.names)
            for route, values in self.outcomes.items()
        }


def pairs_of(routes: Sequence[str]) -> list[tuple[str, str]]:
    """Return every pair of routes, the later minus the earlier; the primary pair as it was named."""
    pairs = [(first, second) for k, first in enumerate(routes) for second in routes[:k]]
    return [PRIMARY if set(pair) == set(PRIMARY) else pair for pair in pairs]


def route_contrast(first: str, second: str, outcome: str, month: int, *, column: str = "") -> PairedExperiment:
    """Return the experiment: an outcome under one route less that under another; no side is claimed.

    An outcome without a smallest difference worth a word is judged against zero. `column` is read where it is not the
    outcome's own.
    """
    return PairedExperiment(
        name=f"{first} minus {second}, {outcome} at month {month}", arms={}, outcome=outcome,
        effect=difference(first, second, at(column or outcome, month)), matters=shown(outcome).matters or 0.0,
    )  # fmt: skip


def contrast_row(
    experiment: PairedExperiment, arms: Outcomes, found: Estimate, standard: Standard = USUAL
) -> dict[str, Any]:
    """Return what every contrast says of its paired differences."""
    values = experiment.effect(arms)
    fine = standard.precision if experiment.outcome == PRIMARY_OUTCOME else experiment.matters or PRACTICE_MATTERS
    ahead = share_ahead(values, confidence=standard.confidence)
    low, high = found.ends
    return {
        "difference": found.effect, "low": low, "high": high, "adjusted_low": low, "adjusted_high": high,
        "ahead": ahead.value, "ahead_low": ahead.low, "ahead_high": ahead.high,
        "median_difference": float(np.median(values)),
        "verdict": experiment.verdict(found), "named_beforehand": False, "replicates": found.seeds,
        "half_width": found.half_width, "precision": fine, "precise_enough": is_enough(found.half_width, fine),
        "replicates_needed": replicates_needed(found.half_width, found.seeds, fine),
    }  # fmt: skip


def level_rows(paired: Paired) -> list[dict[str, Any]]:
    """Return the level of each outcome under each route: median, 90% band and mean over replicates."""
    rows = []
    for route, outcomes in paired.outcomes.items():
        for k, name in enumerate(paired.names):
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
    arms, last = paired.arms, paired.months
    read = [(name, last) for name in paired.names] + [(PRIMARY_OUTCOME, month) for month in range(EVERY, last, EVERY)]
    for first, second in pairs_of(list(paired.outcomes)):
        experiments = [route_contrast(first, second, *reading) for reading in read]
        found = estimates(experiments, [arms] * len(read), confidence=standard.confidence)
        rows += [
            {"scenario": paired.scenario, "first": first, "second": second, "outcome": outcome, "month": month}
            | contrast_row(experiment, arms, one, standard)
            for (outcome, month), experiment, one in zip(read, experiments, found, strict=True)
            if np.isfinite(one.effect)
        ]
    return rows


def primary_rows(
    differences: dict[str, Floats], months: dict[str, int], standard: Standard = USUAL
) -> dict[str, dict[str, Any]]:
    """Return the primary contrast of each scenario with its own interval and the one adjusted over scenarios."""
    contrasts = [
        replace(route_contrast(*PRIMARY, PRIMARY_OUTCOME, months[name]), effect=of(name, np.asarray))
        for name in differences
    ]
    outcomes = [differences] * len(contrasts)
    own = estimates(contrasts, outcomes, confidence=standard.confidence)
    together = estimates(contrasts, outcomes, kind="means together", confidence=standard.confidence)
    return {
        name: {
            "scenario": name, "first": PRIMARY[0], "second": PRIMARY[1], "outcome": PRIMARY_OUTCOME,
            "month": months[name],
        }
        | contrast_row(experiment, differences, alone, standard)
        | {
            "adjusted_low": adjusted.low, "adjusted_high": adjusted.high, "named_beforehand": True,
            "verdict": experiment.verdict(adjusted),
        }
        for name, experiment, alone, adjusted in zip(differences, contrasts, own, together, strict=True)
    }  # fmt: skip


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
    arms = paired.arms
    experiment = route_contrast(*pair, PRIMARY_OUTCOME, paired.months, column=column)
    found = experiment.estimate(arms, confidence=standard.confidence)
    first, second = (float(np.median(arms[route].at(column, paired.months))) for route in pair)
    return (
        {"first": pair[0], "second": pair[1], "outcome": PRIMARY_OUTCOME, "month": month}
        | contrast_row(experiment, arms, found, standard)
        | {"first_median": first, "second_median": second}
    )


def contrast_table(rows: list[dict[str, Any]], primary: dict[str, dict[str, Any]]) -> pl.DataFrame:
    """Return all contrasts as one table, those named beforehand first and in place of the same ones unadjusted."""
    keys = ("scenario", "first", "second", "outcome", "month")
    named = {tuple(row[key] for key in keys) for row in primary.values()}
    rest = [row for row in rows if tuple(row[key] for key in keys) not in named]
    return pl.DataFrame([*primary.values(), *rest], schema=COLUMNS)


COLUMNS: dict[str, type[pl.DataType]] = (
    dict.fromkeys(("scenario", "first", "second", "outcome"), pl.String)
    | {"month": pl.Int64}
    | dict.fromkeys(("difference", "low", "high", "adjusted_low", "adjusted_high"), pl.Float64)
    | dict.fromkeys(("ahead", "ahead_low", "ahead_high", "median_difference"), pl.Float64)
    | {"verdict": pl.String, "named_beforehand": pl.Boolean, "replicates": pl.Int64, "half_width": pl.Float64}
    | {"precision": pl.Float64, "precise_enough": pl.Boolean, "replicates_needed": pl.Int64}
)
"""Columns of the table of contrasts, which a comparison of one route has too, without rows."""
