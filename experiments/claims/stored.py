"""Read a sweep's runs as the replicates that effects are worked out from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from experiments.claims.claim import Claim
from experiments.claims.plan import OWN_NUMBERS
from experiments.loading import load
from experiments.measures import READ_AT
from experiments.patterns.replicates import KEPT_SERIES, Replicates
from simulation.course import exit_month
from simulation.scenario import Scenario
from simulation.state import Floats

KEPT = "kept_after_exit"
COLUMNS = (*KEPT_SERIES, *(f"practice_{month}" for month in READ_AT), KEPT)
NO_MOVES = np.empty((0, 2))

Runs = Mapping[str, "StoredReplicates"]
"""Replicates by the hash of an arm's content, each flat over points and seeds: (points x seeds,)."""


@dataclass(frozen=True)
class StoredReplicates(Replicates):
    """Runs of one arm as a sweep keeps them: `series` has a column an outcome, not a column a month."""

    months: int
    leaving: int | None

    def at(self, name: str, month: int) -> Floats:
        """Return a series at the end of a month that sweeps keep. Raises ValueError for any other month."""
        column = name if month == self.months else f"{name}_{month}"
        if column not in self.series:
            msg = f"a sweep keeps no {name} at month {month}"
            raise ValueError(msg)
        return self.series[column]

    def kept(self, leaving: int) -> Floats:
        """Return practice 24 months after the partner left in a month, less practice then."""
        if leaving != self.leaving:
            msg = f"the partner leaves at month {self.leaving}, not {leaving}"
            raise ValueError(msg)
        return self.series[KEPT]


def read_runs(folder: Path) -> Runs:
    """Return the replicates of every arm of a finished sweep; a run that failed is nan."""
    results = load(folder)
    work = results.work
    frame = results.scan_runs().select("run", *COLUMNS).collect()
    shape = (work.points, len(work.arms), work.replicates)
    table: dict[str, Floats] = {}
    for column in COLUMNS:
        values = np.full(work.runs, np.nan)
        values[frame["run"].to_numpy()] = frame[column].fill_null(float("nan")).to_numpy()
        table[column] = values.reshape(shape)
    return {
        arm.hash: _of(arm.what, {name: values[:, k] for name, values in table.items()})
        for k, arm in enumerate(work.arms)
    }


def _of(scenario: Scenario, columns: Mapping[str, Floats]) -> StoredReplicates:
    series = {name: values.ravel() for name, values in columns.items()}
    return StoredReplicates(series, NO_MOVES, scenario.months, exit_month(scenario))


def joined(parts: Sequence[Runs]) -> Runs:
    """Return the runs of several sweeps over the same arms as one."""
    return {
        key: StoredReplicates(
            {name: np.concatenate([part[key].series[name] for part in parts]) for name in COLUMNS},
            NO_MOVES,
            first.months,
            first.leaving,
        )
        for key, first in parts[0].items()
    }


def effects(claim: Claim, runs: Runs, scenarios: Mapping[str, Scenario]) -> Floats:
    """Return a claim's paired effects, a value a seed, from its arms among the runs."""
    arms = {name: runs[scenario.content_hash()] for name, scenario in scenarios.items()}
    return claim.check.effect(arms)


def read_points(folder: Path) -> pl.DataFrame:
    """Return the points of a sweep: a row a point, a column a parameter by its name."""
    design = load(folder).design
    return design.rename(lambda name: name.removeprefix(OWN_NUMBERS))
