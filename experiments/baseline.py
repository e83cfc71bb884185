"""Keep headline numbers in a readable file, so that no number of the model moves unnoticed.

`python -m experiments.baseline` compares; `--write` computes the file anew. Means over 20 seeds of their own, for every
ready place and route.
"""

import argparse
import csv
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from simulation.course import simulate
from simulation.scenario import Scenario, available, load_place, load_route

FILE = Path(__file__).parent.parent / "tests" / "baseline" / "headlines.csv"
SEEDS = range(30_000, 30_020)
DECIMALS = 6
TOLERANCE = 1e-6
READINGS = {
    "practice at 24": ("practice", 24),
    "practice at 60": ("practice", 60),
    "practice at 120": ("practice", 120),
    "trust at 120": ("trust", 120),
    "pressure at 120": ("pressure", 120),
    "failure-demand share at 120": ("failure_demand_share", 120),
    "infrastructure at 120": ("infrastructure", 120),
}
"""Columns: a series at the end of a programme month."""

Headlines = dict[tuple[str, str], dict[str, float]]
"""Mean by (place, route) and column."""


def headlines(seeds: Sequence[int] = SEEDS) -> Headlines:
    """Return the headline numbers of every ready place and route, means over the seeds."""
    return {
        (place.name, route.name): means(
            Scenario(place=load_place(place.name), route=load_route(route.name), months=120), seeds
        )
        for place in available("places")
        for route in available("routes")
    }


def means(scenario: Scenario, seeds: Sequence[int]) -> dict[str, float]:
    """Return a scenario's headline numbers, means over the seeds."""
    runs = [simulate(scenario, seed) for seed in seeds]
    return {
        column: round(float(np.mean([run.at(series, month) for run in runs])), DECIMALS)
        for column, (series, month) in READINGS.items()
    }


def read(path: Path = FILE) -> Headlines:
    """Return the numbers that a file holds."""
    with path.open(encoding="utf-8", newline="") as lines:
        return {
            (row.pop("place"), row.pop("route")): {column: float(value) for column, value in row.items()}
            for row in csv.DictReader(lines)
        }


def write(numbers: Headlines, path: Path = FILE) -> None:
    """Write the numbers to a file, a row a place and route."""
    with path.open("w", encoding="utf-8", newline="") as lines:
        table = csv.writer(lines, lineterminator="\n")
        table.writerow(["place", "route", *READINGS])
        for (place, route), values in numbers.items():
            table.writerow([place, route, *(f"{values[column]:.{DECIMALS}f}" for column in READINGS)])


def moved(before: Headlines, now: Headlines) -> list[str]:
    """Return a line for each number that is not what it was, rows that came or went among them."""
    lines = [f"{place}, {route}: new" for place, route in now if (place, route) not in before]
    lines += [f"{place}, {route}: gone" for place, route in before if (place, route) not in now]
    for key in before.keys() & now.keys():
        for column in sorted(before[key].keys() | now[key].keys()):
            was, is_now = before[key].get(column, np.nan), now[key].get(column, np.nan)
            if not abs(was - is_now) <= TOLERANCE:
                lines.append(f"{key[0]}, {key[1]}, {column}: was {was:.6f}, is {is_now:.6f}")
    return sorted(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    """Compare with the file, or write it; return 1 where numbers moved and were not written."""
    parser = argparse.ArgumentParser(prog="python -m experiments.baseline", description=__doc__)
    parser.add_argument("--write", action="store_true", help="write the file anew")
    parser.add_argument("--file", type=Path, default=FILE, help="the file (default: tests/baseline/headlines.csv)")
    options = parser.parse_args(arguments)
    now = headlines()
    lines = moved(read(options.file) if options.file.exists() else {}, now)
    print("\n".join(lines) or "No headline number has moved.")
    if options.write:
        write(now, options.file)
        if lines:
            print("Written. Say in CHANGELOG.md, under Model numbers, which moved and why.")
        return 0
    return int(bool(lines))


if __name__ == "__main__":
    sys.exit(main())
