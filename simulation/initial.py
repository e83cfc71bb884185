"""How a place begins: who is there, who works with whom (given or generated), what they start from."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from simulation.numba_cache import compiled
from simulation.random_streams import stream
from simulation.scenario.place import Generated, Network, PlaceFile
from simulation.scenario.scenario import Scenario
from simulation.state import NUMBER_OF_BEHAVIOURS, Floats, Integers

TRIES = 1000
"""Draws that may fall apart before the pieces of another one are tied together."""
SPARE = 32
"""Random words drawn beforehand on top of those that are likely to be used."""


class Drawn(NamedTuple):
    """A small world that was drawn."""

    keys: Integers  # (n * (nearest // 2),) each tie as i * n + j, i < j
    first: Integers  # (n,) the smallest of the piece that each belongs to: all 0 where there is one piece
    used: int  # words used; -1 where there were too few
    half: int  # the half word that is kept for the next whole number
    is_kept: int  # whether it is


def small_world(
    n: int, nearest: int, rewiring: float, generator: np.random.Generator, *, tries: int = TRIES
) -> Integers:
    """Return the ties of a connected small world of n as numbers i * n + j with i < j, in no order.

    `nearest` is rounded down to even. A world so thin that it keeps falling apart has its pieces tied together. The
    generator is one of PCG64, as `stream` gives.

    >>> keys = small_world(5, 2, 0.0, np.random.default_rng(1))
    >>> [divmod(key, 5) for key in sorted(keys.tolist())]
    [(0, 1), (0, 4), (1, 2), (2, 3), (3, 4)]
    """
    if nearest >= n:
        one, other = np.triu_indices(n, 1)
        return one * n + other
    for _ in range(tries):
        drawn = _next(n, nearest, rewiring, generator)
        if not drawn.first.any():
            return drawn.keys
    drawn = _next(n, nearest, rewiring, generator)
    firsts = np.unique(drawn.first)
    return union(drawn.keys, firsts[:-1] * n + firsts[1:])


def union(one: Integers, other: Integers) -> Integers:
    """Return what either holds, sorted, each once: as `np.union1d`, which takes several times as long for so few."""
    both = np.concatenate([one, other])
    both.sort()
    first = np.ones(len(both), dtype=np.bool_)
    np.not_equal(both[1:], both[:-1], out=first[1:])
    return both[first]


def _next(n: int, nearest: int, rewiring: float, generator: np.random.Generator) -> Drawn:
    """Draw from the generator as networkx does, and leave it where networkx does.

    Compiled code can't ask a generator for less than 10 microseconds a number, so its words are drawn beforehand, and
    the generator is put back to the first that was not used.
    """
    bits: Any = generator.bit_generator
    before, ties = bits.state, n * (nearest // 2)
    count = max(1, int(ties * (1 + 1.5 * rewiring)) + SPARE)
    while True:
        words = bits.random_raw(count)
        found = Drawn(*_draw(
            (words >> 11) * 2.0**-53, (words & 0xFFFFFFFF).astype(np.int64), (words >> 32).astype(np.int64),
            before["uinteger"], before["has_uint32"], n, nearest, rewiring,
        ))  # fmt: skip
        bits.state = before
        if found.used >= 0:
            break
        count *= 2
    bits.advance(found.used)
    bits.state = bits.state | {"uinteger": found.half, "has_uint32": found.is_kept}
    return found


@compiled
def _draw(shares, low, high, half, is_kept, n, nearest, rewiring):
    """Draw a ring, then move each tie with probability `rewiring`; return the fields of `Drawn`.

    `shares`, `low` and `high` are what each random word gives: a share, and two halves for whole numbers, of which the
    second is kept for the next. `near` holds everybody's neighbours, the first `count` of a row.
    """
    near = np.empty((n, nearest + 4), np.int64)
    count = np.zeros(n, np.int64)
    keys = np.empty(n * (nearest // 2), np.int64)
    first = np.empty(n, np.int64)
    for step in range(1, nearest // 2 + 1):
        for i in range(n):
            _add(near, count, i, (i + step) % n)
            _add(near, count, (i + step) % n, i)
    bits = 0
    while n >> bits:
        bits += 1
    used = 0
    for step in range(1, nearest // 2 + 1):
        for i in range(n):
            if used == len(shares):
                return keys, first, -1, half, is_kept
            used += 1
            if shares[used - 1] >= rewiring:
                continue
            drawn = 0
            while True:
                k = n
                while k >= n:
                    if is_kept:
                        word, is_kept = half, 0
                    elif used == len(shares):
                        return keys, first, -1, half, is_kept
                    else:
                        word, half, is_kept = low[used], high[used], 1
                        used += 1
                    k = _number(word, bits)
                drawn += 1
                if drawn > 1 and count[i] >= n - 1:
                    break
                if k != i and _where(near, count, i, k) < 0:
                    j = (i + step) % n
                    if max(count[i], count[k]) == near.shape[1]:
                        near = _wider(near)
                    _remove(near, count, i, j)
                    _remove(near, count, j, i)
                    _add(near, count, i, k)
                    _add(near, count, k, i)
                    break
    _find_pieces(near, count, first)
    tie = 0
    for i in range(n):
        for c in range(count[i]):
            if i < near[i, c]:
                keys[tie] = i * n + near[i, c]
                tie += 1
    return keys, first, used, half, is_kept


@compiled
def _number(word, bits):
    """Return the number in the first bits of a word's bytes, as networkx has Python's `random` take it."""
    size = (bits + 7) // 8
    found = 0
    for k in range(size):
        found = (found << 8) | ((word >> (8 * k)) & 255)
    return found >> (8 * size - bits)


@compiled
def _where(near, count, i, k):
    """Return where k stands among the neighbours of i; -1 where it is none."""
    for c in range(count[i]):
        if near[i, c] == k:
            return c
    return -1


@compiled
def _add(near, count, i, k):
    """Make k a neighbour of i."""
    near[i, count[i]] = k
    count[i] += 1


@compiled
def _remove(near, count, i, k):
    """Make k, a neighbour of i, none."""
    c = _where(near, count, i, k)
    count[i] -= 1
    near[i, c] = near[i, count[i]]


@compiled
def _wider(near):
    """Return neighbours with room for twice as many."""
    found = np.empty((near.shape[0], 2 * near.shape[1]), np.int64)
    for i in range(near.shape[0]):
        for c in range(near.shape[1]):
            found[i, c] = near[i, c]
    return found


@compiled
def _find_pieces(near, count, first):
    """Write for each the smallest of the piece that it belongs to."""
    n = len(first)
    at_hand = np.empty(n, np.int64)
    for i in range(n):
        first[i] = -1
    for i in range(n):
        if first[i] >= 0:
            continue
        first[i] = at_hand[0] = i
        left = 1
        while left:
            left -= 1
            one = at_hand[left]
            for c in range(count[one]):
                other = near[one, c]
                if first[other] < 0:
                    first[other] = i
                    at_hand[left] = other
                    left += 1


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

THRESHOLD_DRAW_LIMIT = 2.5
THRESHOLD_LOWEST, THRESHOLD_HIGHEST = 0.04, 0.9


@dataclass(frozen=True)
class Roster:
    """Who is in a place: what does not depend on the seed."""

    ids: tuple[str, ...]
    names: tuple[str, ...]
    kinds: tuple[str, ...]
    roles: tuple[str, ...]
    size: Floats
    exposure: Floats
    council: int


@dataclass(frozen=True)
class Start:
    """How one run begins: arrays for N organisations and L relationships."""

    practice: Floats  # (N, 9)
    thresholds: Floats  # (N,)
    threshold_luck: Floats  # (N,)
    site_luck: Floats  # (N,)
    tie_from: Integers  # (L,)
    tie_to: Integers  # (L,)
    trust: Floats  # (L,)


def roster(place: PlaceFile) -> Roster:
    """Return who is in a place."""
    if place.generated is not None:
        return _generated_roster(place.generated)
    ids = tuple(organisation.id for organisation in place.organisations)
    return Roster(
        ids=ids,
        names=tuple(organisation.name or organisation.id for organisation in place.organisations),
        kinds=tuple(organisation.kind for organisation in place.organisations),
        roles=tuple(organisation.role for organisation in place.organisations),
        size=np.array([organisation.size for organisation in place.organisations], dtype=np.float64),
        exposure=np.array([organisation.budget_exposure for organisation in place.organisations], dtype=np.float64),
        council=ids.index(place.council) if place.council is not None else -1,
    )


def _generated_roster(spec: Generated) -> Roster:
    n = spec.organisations
    size = np.full(n, spec.small_size)
    size[: n // 3] = spec.large_size
    size[0] = spec.council_size
    ids = tuple(f"organisation-{i}" for i in range(n))
    kinds = tuple("council" if i == 0 else "voluntary" for i in range(n))
    return Roster(ids, ids, kinds, ("",) * n, size, np.ones(n), 0)


def begin(scenario: Scenario, seed: int) -> Start:
    """Return how a run of a scenario begins for a seed; every stream is drawn in full, used or not."""
    place, numbers = scenario.place, scenario.numbers
    n = place.generated.organisations if place.generated is not None else len(place.organisations)
    tie_from, tie_to = ties_of(place, n, seed)
    values = stream(seed, "values")
    low, high = (
        (place.practice_low, place.practice_high)
        if place.generated is None
        else (place.generated.practice_low, place.generated.practice_high)
    )
    practice = values.uniform(low, high, (n, NUMBER_OF_BEHAVIOURS))
    strength = values.beta(6, 6, len(tie_from))
    draw = np.clip(stream(seed, "traits").standard_normal(n), -THRESHOLD_DRAW_LIMIT, THRESHOLD_DRAW_LIMIT)
    thresholds = np.clip(numbers.threshold + numbers.threshold_spread * draw, THRESHOLD_LOWEST, THRESHOLD_HIGHEST)
    trust = np.clip(numbers.initial_trust * 2 * strength, 0, 1)
    for i, organisation in enumerate(place.organisations):
        if organisation.practice is not None:
            practice[i] = organisation.practice
        if organisation.threshold is not None:
            thresholds[i] = organisation.threshold
    for e, tie in enumerate(place.relationships):
        if tie.trust is not None:
            trust[e] = tie.trust
        elif tie.strength is not None:
            trust[e] = min(1.0, numbers.initial_trust * 2 * tie.strength)
    return Start(practice, thresholds, draw, stream(seed, "sites").random(n), tie_from, tie_to, trust)


def ties_of(place: PlaceFile, n: int, seed: int) -> tuple[Integers, Integers]:
    """Return the ends of a place's ties as rows of its organisations."""
    if place.generated is not None:
        return generated_ties(place.generated.network, n, seed)
    row = {organisation.id: i for i, organisation in enumerate(place.organisations)}
    ends = [(row[tie.source], row[tie.target]) for tie in place.relationships]
    array = np.array(ends, dtype=np.int64).reshape(-1, 2)
    return array[:, 0], array[:, 1]
