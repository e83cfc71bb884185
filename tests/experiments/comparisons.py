"""Build small comparisons of routes for tests of figures, words and the report, without the command."""

from dataclasses import replace

import numpy as np
import polars as pl

from experiments.comparison import Comparison, PlacePicture, Portrait
from experiments.describing import describe_pressure, describe_route, describe_scenario
from simulation.course import Course
from simulation.observation import outcomes
from simulation.recording import SERIES
from simulation.scenario.load import load_pressure, load_route, load_scenario
from simulation.scenario.scenario import Scenario
from simulation.vocabulary import BEHAVIOUR_IDS, ELEMENT_IDS

FIRST_SEED = 50_000


def run_once(scenario: Scenario, name: str, route: str, pressure: str, seed: int):
    """Return one run's row, its rows by month, and its portrait."""
    course = Course(scenario, seed, detail="full").run()
    trajectory, burn = course.trajectory, course.burn_in
    last = burn + scenario.months - 1
    row = {"scenario": name, "route": route, "pressure": pressure, "seed": seed, "months": scenario.months}
    row |= outcomes(trajectory)
    row |= {f"practice_{b}": float(trajectory.behaviours[last, k]) for k, b in enumerate(BEHAVIOUR_IDS)}
    row |= {f"practice_{m}": trajectory.at("practice", m) for m in (24, 60)}
    rows = slice(burn - 1, last + 1)
    length = scenario.months + 1
    months = {"scenario": [name] * length, "route": [route] * length, "seed": [seed] * length}
    months |= {"month": list(range(length))}
    months |= {series: trajectory[series][rows] for series in SERIES}
    months |= {f"practice_{b}": trajectory.behaviours[rows, k] for k, b in enumerate(BEHAVIOUR_IDS)}
    months |= {f"infrastructure_{e}": trajectory.elements[rows, k] for k, e in enumerate(ELEMENT_IDS)}
    pressures = trajectory.by_organisation["pressure"]
    picture = Portrait(
        trajectory.practice[burn - 1], trajectory.practice[last], trajectory.trust[burn - 1],
        trajectory.trust[last], pressures[last],
    )  # fmt: skip
    return row, pl.DataFrame(months), picture, course


def mean_portrait(portraits: list[Portrait]) -> Portrait:
    fields = ("practice_before", "practice_after", "trust_before", "trust_after", "pressure_after")
    return Portrait(*(np.mean([getattr(p, field) for p in portraits], axis=0) for field in fields))


def picture_of(course: Course) -> PlacePicture:
    people, state = course.roster, course.state
    return PlacePicture(people.ids, people.names, people.kinds, people.size, state.tie_from, state.tie_to)


def said_of(low: float, high: float, band: float = 0.02) -> str:
    if -band <= low and high <= band:
        return "no difference that matters"
    if low > band or high < -band:
        return "ahead"
    return "leans" if low > 0 or high < 0 else "undecided"


def contrast_of(values: np.ndarray, **key) -> dict:
    """Return a row of contrasts from paired differences."""
    rng = np.random.default_rng(1)
    n = len(values)
    means = values[rng.integers(0, n, (400, n))].mean(axis=1)
    low, high = np.quantile(means, [0.025, 0.975])
    half = (high - low) / 2
    return key | {
        "difference": values.mean(), "low": low, "high": high, "adjusted_low": low,
        "adjusted_high": high, "ahead": float((values > 0).mean()), "ahead_low": 0.3,
        "ahead_high": 0.8, "median_difference": float(np.median(values)), "verdict": said_of(low, high),
        "named_beforehand": key["outcome"] == "practice" and key["month"] == 120
        and {key["first"], key["second"]} == {"prototype-led", "manifesto-led"},
        "replicates": n, "half_width": half, "precision": 0.02, "precise_enough": bool(half <= 0.02),
    }  # fmt: skip


def paired(runs: pl.DataFrame, scenario: str, first: str, second: str, column: str) -> np.ndarray:
    def of(route: str) -> np.ndarray:
        part = runs.filter((pl.col("scenario") == scenario) & (pl.col("route") == route)).sort("seed")
        return part[column].to_numpy()

    return of(first) - of(second)


def level_rows(runs: pl.DataFrame, outcomes_: list[str]) -> pl.DataFrame:
    rows = []
    for (scenario, route), part in runs.group_by("scenario", "route", maintain_order=True):
        for outcome in outcomes_:
            values = part[outcome].to_numpy()
            values = values[~np.isnan(values)]
            low, median, high = (
                np.quantile(values, [0.05, 0.5, 0.95], method="nearest") if len(values) else [np.nan] * 3
            )
            rows.append(
                {"scenario": scenario, "route": route, "outcome": outcome, "median": median, "low": low,
                 "high": high, "mean": values.mean() if len(values) else np.nan, "replicates": len(values)}
            )  # fmt: skip
    return pl.DataFrame(rows)


def manifest_of(scenarios: dict[str, Scenario], routes, pressures, seeds: int) -> dict:
    return {
        "version": "0.1.0",
        "commit": "0123abcd",
        "seeds": {"first": FIRST_SEED, "last": FIRST_SEED + seeds - 1},
        "replicates": seeds,
        "command": ["behaviours", "compare", *scenarios, "--replicates", str(seeds)],
        "fingerprint": "0011223344556677",
        "platform": "test",
        "libraries": {"numpy": np.__version__, "polars": pl.__version__},
        "scenarios": {name: describe_scenario(scenario) for name, scenario in scenarios.items()},
        "routes": {name: describe_route(load_route(name)) for name in routes},
        "pressures": {name: describe_pressure(load_pressure(name)) for name in pressures},
    }


def build_comparison(
    scenarios: dict[str, Scenario] | None = None,
    routes: tuple[str, ...] = ("none", "manifesto-led", "prototype-led", "blended"),
    *,
    seeds: int = 20,
    pressures: tuple[str, ...] = ("steady", "austerity-unabsorbed"),
    months: int = 120,
) -> Comparison:
    """Run routes on the same seeds and lay the results out as a comparison."""
    if scenarios is None:
        scenarios = {"generated": load_scenario("generated")}
    run_rows, month_frames, portraits, pictures, pressed = [], [], {}, {}, []
    for name, scenario in scenarios.items():
        for route in routes:
            case = scenario.changed(route=load_route(route), months=months)
            results = [run_once(case, name, route, case.pressure.name, FIRST_SEED + k) for k in range(seeds)]
            run_rows += [row for row, *_ in results]
            month_frames += [frame for _, frame, *_ in results]
            first = results[0][3].state.tie_from
            same = [p for _, _, p, c in results if np.array_equal(c.state.tie_from, first)]
            portraits[name, route] = mean_portrait(same)
            pictures.setdefault(name, picture_of(results[0][3]))
        for pressure in pressures:
            rows = []
            for route in ("prototype-led", "manifesto-led"):
                case = scenario.changed(route=load_route(route), pressure=load_pressure(pressure), months=months)
                rows += [run_once(case, name, route, pressure, FIRST_SEED + k)[0] for k in range(seeds)]
            frame = pl.DataFrame(rows)
            medians = {
                f"{which}_median": float(frame.filter(pl.col("route") == route)["practice"].median())
                for which, route in (("first", "prototype-led"), ("second", "manifesto-led"))
            }
            values = paired(frame, name, "prototype-led", "manifesto-led", "practice")
            key = {"scenario": name, "pressure": pressure, "first": "prototype-led", "second": "manifesto-led"}
            pressed.append(contrast_of(values, **key, outcome="practice", month=months) | medians)
    runs, frame = pl.DataFrame(run_rows), pl.concat(month_frames)
    keys = {"scenario", "route", "pressure", "seed", "months"}
    outcomes_ = [column for column in runs.columns if column not in keys]
    contrasts = []
    for name in scenarios:
        for i, second in enumerate(routes):
            for first in routes[i + 1 :]:
                for outcome in outcomes_:
                    values = paired(runs, name, first, second, outcome)
                    values = values[np.isfinite(values)]
                    if len(values):
                        key = {"scenario": name, "first": first, "second": second, "outcome": outcome}
                        contrasts.append(contrast_of(values, **key, month=months))
                for month in (24, 60):
                    values = paired(runs, name, first, second, f"practice_{month}")
                    key = {"scenario": name, "first": first, "second": second, "outcome": "practice"}
                    contrasts.append(contrast_of(values, **key, month=month))
    return Comparison(
        scenarios=tuple(scenarios), routes=routes,
        titles={n: s.title or n for n, s in scenarios.items()}
        | {r: load_route(r).title for r in routes}
        | {p: load_pressure(p).title for p in pressures},
        runs=runs, months=frame, levels=level_rows(runs, outcomes_), contrasts=pl.DataFrame(contrasts),
        pressures=pl.DataFrame(pressed), portraits=portraits, pictures=pictures,
        manifest=manifest_of(scenarios, routes, pressures, seeds),
    )  # fmt: skip


def with_contrast(comparison: Comparison, difference: float, half: float, **where) -> Comparison:
    """Return a comparison whose contrasts (all, or those that match) have this difference and half-width."""
    low, high = difference - half, difference + half
    mask = pl.lit(True)
    for column, value in where.items():
        mask &= pl.col(column) == value
    values = {
        "difference": difference, "low": low, "high": high, "half_width": half,
        "median_difference": difference, "verdict": said_of(low, high),
    }  # fmt: skip
    changed = comparison.contrasts.with_columns(
        [pl.when(mask).then(pl.lit(v)).otherwise(pl.col(c)).alias(c) for c, v in values.items()]
    )
    return replace(comparison, contrasts=changed)
