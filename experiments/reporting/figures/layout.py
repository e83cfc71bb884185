"""Place organisations on a sheet by who works with whom: the same positions every time, for every month and route."""

import numpy as np
from numpy.typing import NDArray

from experiments.comparison import PlacePicture

MOST_FOR_SPRINGS = 400
"""Organisations above which ties no longer decide positions: springs would take too long and show a knot."""


def is_crowded(who: PlacePicture) -> bool:
    """Tell whether there are too many organisations for their ties to be seen."""
    return len(who.ids) > MOST_FOR_SPRINGS


def positions(who: PlacePicture) -> NDArray[np.float64]:
    """Return (N, 2) positions in the unit square: tied organisations near one another, none on top of another."""
    n = len(who.ids)
    if is_crowded(who):
        return _sunflower(n)
    import networkx as nx

    graph = nx.Graph()
    graph.add_nodes_from(range(n))
    graph.add_edges_from(zip(who.tie_from.tolist(), who.tie_to.tolist(), strict=True))
    start = {i: tuple(point) for i, point in enumerate(_sunflower(n))}
    found = nx.spring_layout(graph, pos=start, k=2.2 / np.sqrt(max(1, n)), iterations=300, seed=1)
    points = np.array([found[i] for i in range(n)])
    return np.round(_apart(_unit(points), 0.052), 4)


def _sunflower(n: int) -> NDArray[np.float64]:
    """Return points spread evenly over a disc."""
    k = np.arange(n)
    radius, angle = 0.5 * np.sqrt((k + 0.5) / n), k * np.pi * (3 - np.sqrt(5))
    return np.stack([0.5 + radius * np.cos(angle), 0.5 + radius * np.sin(angle)], axis=1)


def _unit(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return points stretched to the unit square."""
    span = np.ptp(points, axis=0)
    return (points - points.min(axis=0)) / np.where(span > 0, span, 1.0)


def _apart(points: NDArray[np.float64], distance: float) -> NDArray[np.float64]:
    """Return points pushed apart until no two are much nearer than the distance."""
    moved = points.copy()
    for _ in range(60):
        gap = moved[:, None] - moved[None]
        length = np.sqrt((gap**2).sum(axis=2)) + 1e-9
        push = np.clip(distance - length, 0, None) / length / 2
        np.fill_diagonal(push, 0.0)
        moved += (gap * push[:, :, None]).sum(axis=1)
    return moved
