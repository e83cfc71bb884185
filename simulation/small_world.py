"""Draw small worlds quickly: the ties that networkx draws, random number for random number.

Watts and Strogatz (1998): a ring in which everyone is tied to the nearest, some ties then moved to somewhere else.
networkx takes as long to draw one as sixty organisations take to live ten years; a test holds the two together.
"""

import itertools

import numpy as np

TRIES = 1000
"""Draws that may fall apart before the pieces of another one are tied together."""

Neighbours = list[set[int]]


def small_world(
    n: int, nearest: int, rewiring: float, generator: np.random.Generator, *, tries: int = TRIES
) -> set[tuple[int, int]]:
    """Return the ties of a connected small world of n, the smaller row first; nearest is rounded down to even.

    One so thin that it keeps falling apart has its pieces tied together.

    >>> sorted(small_world(5, 2, 0.0, np.random.default_rng(1)))
    [(0, 1), (0, 4), (1, 2), (2, 3), (3, 4)]
    """
    if nearest >= n:
        return set(itertools.combinations(range(n), 2))
    for _ in range(tries):
        near = _draw(n, nearest, rewiring, generator)
        if len(_piece(near, 0)) == n:
            return _ties(near)
    near = _draw(n, nearest, rewiring, generator)
    return _ties(near) | set(itertools.pairwise(_firsts(near)))


def _draw(n: int, nearest: int, rewiring: float, generator: np.random.Generator) -> Neighbours:
    near: Neighbours = [set() for _ in range(n)]
    ring = [(i, (i + step) % n) for step in range(1, nearest // 2 + 1) for i in range(n)]
    for i, j in ring:
        near[i].add(j)
        near[j].add(i)
    for i, j in ring:
        if generator.random() < rewiring:
            k = _below(n, generator)
            while k == i or k in near[i]:
                k = _below(n, generator)
                if len(near[i]) >= n - 1:
                    break
            else:
                near[i].remove(j)
                near[j].remove(i)
                near[i].add(k)
                near[k].add(i)
    return near


def _below(n: int, generator: np.random.Generator) -> int:
    """Draw a whole number from 0 to below n from as few bytes as hold it, as networkx has Python's `random` do."""
    bits = n.bit_length()
    count = (bits + 7) // 8
    while True:
        word = int(generator.integers(0, 1 << 32, dtype=np.uint32))
        drawn = int.from_bytes(word.to_bytes(4, "little")[:count], "big") >> (8 * count - bits)
        if drawn < n:
            return drawn


def _ties(near: Neighbours) -> set[tuple[int, int]]:
    return {(i, j) for i, others in enumerate(near) for j in others if i < j}


def _piece(near: Neighbours, first: int) -> set[int]:
    """Return who can be reached from one."""
    found, at_hand = {first}, [first]
    while at_hand:
        new = near[at_hand.pop()] - found
        found |= new
        at_hand.extend(new)
    return found


def _firsts(near: Neighbours) -> list[int]:
    """Return the smallest of each piece, in order."""
    firsts: list[int] = []
    seen: set[int] = set()
    for i in range(len(near)):
        if i not in seen:
            firsts.append(i)
            seen |= _piece(near, i)
    return firsts
