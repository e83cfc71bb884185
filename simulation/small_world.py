"""Draw small worlds quickly: the ties that networkx draws, random number for random number.

Watts and Strogatz (1998): a ring in which everyone is tied to the nearest, some ties then moved to somewhere else.
networkx takes as long to draw one as sixty organisations take to live ten years; a test holds the two together.
"""

from typing import Any, NamedTuple

import numpy as np

from simulation.compilation import compiled
from simulation.state import Integers

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
