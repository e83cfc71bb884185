"""Sum observations up, month by month: mean, what groups of behaviours differ by, how organisations differ."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from experiments.fitting.targets import Observation
from simulation.state import Floats, Integers
from simulation.vocabulary import GROUPS

FEW = 5
"""Organisations in a month from which on their spread stands for each of them."""


class Summary(NamedTuple):
    """One number made of some observations: a mean less another mean, or the spread of several means."""

    month: int
    what: str
    rows: tuple[Integers, ...]
    kind: str


def summaries(observations: Sequence[Observation]) -> tuple[Summary, ...]:
    """Return how observations are summed up, in order of month."""
    found: list[Summary] = []
    for month in sorted({one.month for one in observations}):
        here = [k for k, one in enumerate(observations) if one.month == month]
        found.append(Summary(month, "mean", (_rows(here),), "mean"))
        groups = {group: [k for k in here if observations[k].group == group] for group in GROUPS}
        held = [group for group in GROUPS if groups[group]]
        for group in held[:-1]:
            found.append(Summary(month, group, (_rows(groups[group]), _rows(here)), "less"))
        by_organisation: dict[str, list[int]] = {}
        for k in here:
            if observations[k].organisation:
                by_organisation.setdefault(observations[k].organisation, []).append(k)
        single = tuple(_rows(rows) for rows in by_organisation.values())
        if len(single) >= FEW:
            found.append(Summary(month, "spread", single, "spread"))
        else:
            found += [
                Summary(month, name, (_rows(rows), _rows(here)), "less")
                for name, rows in list(by_organisation.items())[:-1]
            ]
    return tuple(found)


def summed_up(values: Floats, how: Sequence[Summary]) -> Floats:
    """Return summaries (..., S) of observations' values (..., K)."""
    parts = []
    for one in how:
        means = [values[..., rows].mean(axis=-1) for rows in one.rows]
        if one.kind == "spread":
            parts.append(np.stack(means, axis=-1).std(axis=-1))
        else:
            parts.append(means[0] - means[1] if one.kind == "less" else means[0])
    return np.stack(parts, axis=-1)


def _rows(rows: list[int]) -> Integers:
    return np.array(rows, dtype=np.int64)
