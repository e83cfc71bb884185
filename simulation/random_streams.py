"""Draw luck from named, independent streams of one seed.

A stream is drawn in full every month, whether it is used or not, so that two routes on one seed share all luck
(common random numbers). Drawing month by month or a block of months at once gives the same numbers.
"""

import copy
from functools import lru_cache
from typing import Any, NamedTuple
from zlib import crc32

import numpy as np

from simulation.state import Floats, Integers

STREAMS = (
    "network", "traits", "values", "demand", "place", "breach", "energy", "strategic", "restructure", "sites", "order",
)  # fmt: skip
MONTHLY = ("demand", "place", "breach", "energy", "strategic", "restructure", "order")


class Luck(NamedTuple):
    """A block of months of luck; the first axis is the month within the block."""

    demand: Floats  # (months, N) mean 0, variance 1
    place: Floats  # (months,) mean 0, variance 1
    breach: Floats  # (months, L) uniform
    energy: Floats  # (months, N) uniform
    strategic: Floats  # (months,) uniform
    restructure: Floats  # (months, N) uniform
    order: Integers  # (months, N) order of updating


def stream(seed: int, name: str) -> np.random.Generator:
    """Return the generator of a named stream; adding a stream changes no other."""
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed, spawn_key=(crc32(name.encode()),))))


class Streams:
    """The monthly streams of one run, ready to draw the next months from."""

    def __init__(self, seed: int, organisations: int, links: int, *, noise: str, asynchronous: bool) -> None:
        """Start the streams for a place of a given size; `noise` is a structural choice."""
        self.shape = (organisations, links)
        self.noise = noise
        self.asynchronous = asynchronous
        self.generators = {name: stream(seed, name) for name in MONTHLY if asynchronous or name != "order"}

    def draw(self, months: int) -> Luck:
        """Return the luck of the next months."""
        n, links = self.shape
        generators = self.generators
        if self.asynchronous:
            order = np.argsort(generators["order"].random((months, n)), axis=1)
        else:
            order = _in_order(months, n)
        return Luck(
            demand=self._noise("demand", (months, n)),
            place=self._noise("place", (months,)),
            breach=generators["breach"].random((months, links)),
            energy=generators["energy"].random((months, n)),
            strategic=generators["strategic"].random(months),
            restructure=generators["restructure"].random((months, n)),
            order=np.ascontiguousarray(order, dtype=np.int64),
        )

    def _noise(self, name: str, shape: tuple[int, ...]) -> Floats:
        generator = self.generators[name]
        if self.noise == "heavy-tailed":
            return generator.standard_t(5, shape) * np.sqrt(3 / 5)
        draws = generator.standard_normal(shape)
        return np.zeros(shape) if self.noise == "none" else draws

    def fork(self) -> "Streams":
        """Return streams that will draw the same numbers from here on."""
        return copy.deepcopy(self)


@lru_cache(maxsize=8)
def _in_order(months: int, n: int) -> Integers:
    """Return the organisations' own order for every month; kernels only read it."""
    return np.tile(np.arange(n), (months, 1))


class GivenLuck:
    """Luck written down beforehand, for a reference case; draws run through it once."""

    def __init__(self, luck: Luck) -> None:
        """Take luck for all months."""
        self.luck = luck
        self.month = 0

    def draw(self, months: int) -> Luck:
        """Return the luck of the next months, as far as it is given; raise ValueError where none is left."""
        begin, end = self.month, min(self.month + months, len(self.luck.place))
        if begin == end:
            msg = f"luck is given for {end} months; month {end + 1} was asked for"
            raise ValueError(msg)
        self.month = end
        arrays: Any = (array[begin:end] for array in self.luck)
        return Luck(*arrays)

    def fork(self) -> "GivenLuck":
        """Return the same luck from here on."""
        return copy.copy(self)
