"""Generate relationships from a seeded stream, for places that no file describes; most kinds by networkx."""

from functools import lru_cache

import numpy as np

from simulation.randomness import stream
from simulation.scenario.places import Network
from simulation.small_world import small_world, union
from simulation.state import Integers

COMMUNITY = 10
"""Organisations in a community of a clustered network, about."""
INSIDE = 0.8
"""Share of a clustered network's ties that stay inside a community."""
FEWEST = 1e-9
"""Mean number of neighbours below which a network is empty: libraries divide by what is left of it."""
REMEMBERED = 200
"""Organisations in a place, at most, whose ties are remembered for the next route on the same seed."""


def _base(network: Network, n: int, generator: np.random.Generator) -> Integers:
    """Return the ties of the base network, each as i * n + j with i < j."""
    wanted = min(network.neighbours, n - 1)
    if network.kind == "none" or n < 2 or wanted < FEWEST:
        return np.empty(0, dtype=np.int64)
    if network.kind == "complete" or (network.kind == "small-world" and n <= network.neighbours + 1):
        return small_world(n, n, 0.0, generator)
    if network.kind == "small-world":
        return small_world(n, max(2, int(wanted)), network.rewiring, generator)
    import networkx as nx

    if network.kind == "random":
        graph = nx.fast_gnp_random_graph(n, wanted / (n - 1), seed=generator)
    elif network.kind == "scale-free":
        graph = nx.barabasi_albert_graph(n, max(1, round(wanted / 2)), seed=generator)
    else:
        graph = _communities(n, wanted, generator)
    return np.array([min(i, j) * n + max(i, j) for i, j in graph.edges() if i != j], dtype=np.int64)


def _communities(n: int, wanted: float, generator: np.random.Generator):  # type: ignore[no-untyped-def]
    """Return communities of about ten with most ties inside them."""
    import networkx as nx

    number = max(1, round(n / COMMUNITY))
    sizes = [len(part) for part in np.array_split(np.arange(n), number)]
    inside = min(1.0, INSIDE * wanted / max(1, n / number - 1))
    outside = min(1.0, (1 - INSIDE) * wanted / max(1, n - n / number)) if number > 1 else 0.0
    return nx.random_partition_graph(sizes, inside, outside, seed=generator)


def generated_ties(network: Network, n: int, seed: int) -> tuple[Integers, Integers]:
    """Return the ends of the ties of a generated place, sorted; organisation 0 is the council and a hub.

    An isolated organisation gets one tie where `join_isolated` is set.
    """
    return (_remembered_ties if n <= REMEMBERED else _ties)(network, n, seed)


def _ties(network: Network, n: int, seed: int) -> tuple[Integers, Integers]:
    generator = stream(seed, "network")
    ties = _base(network, n, generator)
    hub = generator.random(n) < network.council_ties
    other = generator.integers(0, max(1, n - 1), size=n)
    ties = union(ties, 1 + np.flatnonzero(hub[1:]))  # to organisation 0 a tie is the other's number
    if network.join_isolated and n > 1:
        ties = _joined(ties, other, n)
    ends = np.column_stack(np.divmod(ties, n))
    ends.flags.writeable = False
    return ends[:, 0], ends[:, 1]


def _joined(ties: Integers, other: Integers, n: int) -> Integers:
    """Return the ties with one more for each organisation that has none: to the `other` drawn for it, itself aside."""
    tied = np.zeros(n, dtype=np.bool_)
    tied[ties // n] = tied[ties % n] = True
    added = []
    for i in np.flatnonzero(~tied).tolist():
        if not tied[i]:
            j = int(other[i]) + (other[i] >= i)
            added.append(min(i, j) * n + max(i, j))
            tied[[i, j]] = True
    return union(ties, np.array(added, dtype=np.int64)) if added else ties


_remembered_ties = lru_cache(maxsize=256)(_ties)
