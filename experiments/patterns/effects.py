"""Work out paired effects from the arms of a check: differences, interactions, the best of a grid."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from experiments.patterns.replicates import Replicates
from simulation.state import Floats

Reading = Callable[[Replicates], Floats]
Effect = Callable[[Mapping[str, Replicates]], Floats]
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

    def effect(arms: Mapping[str, Replicates]) -> Floats:
        table = np.column_stack([reading(arms[name]) for name in sizes])
        return (table - table.mean(axis=1, keepdims=True)) @ centred / (centred @ centred)

    return effect


def best_against(grid: Sequence[str], against: str, reading: Reading) -> Effect:
    """Return what the best arm of a grid gives above one of them, without favour to the luckiest.

    For seeds in even places the best arm is chosen by the mean over the odd ones, and the other way round: the seeds
    that choose an arm are never those that measure it.
    """

    def effect(arms: Mapping[str, Replicates]) -> Floats:
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
