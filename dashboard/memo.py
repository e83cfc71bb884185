"""Remember what was used last: a function's results by the objects it was given, and values up to so many bytes."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from functools import wraps
from typing import Any, Generic, TypeVar

K = TypeVar("K", bound=Hashable)
T = TypeVar("T")


def remembered(most: int) -> Callable[[Callable[..., T]], Callable[..., T]]:
    """Return a decorator that keeps `most` results by the first argument itself and the others' values.

    The first is told apart by identity, since hashing takes longer. For frozen arguments and results that nobody
    changes. Several threads may call at once.

    >>> calls = []
    >>> double = remembered(2)(lambda numbers, times: calls.append(times) or times * numbers)
    >>> numbers = [1, 2]
    >>> double(numbers, 2), double(numbers, 2), len(calls)
    ([1, 2, 1, 2], [1, 2, 1, 2], 1)
    """

    def decorate(function: Callable[..., T]) -> Callable[..., T]:
        kept: OrderedDict[tuple[Hashable, ...], tuple[Any, T]] = OrderedDict()
        lock = threading.Lock()

        @wraps(function)
        def ask(first: Any, *others: Hashable) -> T:
            key = (id(first), *others)
            with lock:
                known = kept.get(key)
                if known is not None and known[0] is first:
                    kept.move_to_end(key)
                    return known[1]
            found = function(first, *others)
            with lock:
                kept[key] = first, found
                while len(kept) > most:
                    kept.popitem(last=False)
            return found

        return ask

    return decorate


class Bounded(Generic[K, T]):
    """Keep the values used last under keys, up to so many bytes and always one; several threads may ask at once."""

    def __init__(self, most_bytes: int, size: Callable[[T], int]) -> None:
        """Begin with none; `size` returns a value's bytes."""
        self.most_bytes, self.bytes, self._size = most_bytes, 0, size
        self._kept: OrderedDict[K, T] = OrderedDict()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._kept)

    def get(self, key: K) -> T | None:
        """Return the value under a key, or None."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
            return self._kept.get(key)

    def put(self, key: K, value: T) -> None:
        """Keep a value unless there is one already; what was used longest ago goes."""
        with self._lock:
            if key in self._kept:
                return
            self._kept[key] = value
            self.bytes += self._size(value)
            while self.bytes > self.most_bytes and len(self._kept) > 1:
                self.bytes -= self._size(self._kept.popitem(last=False)[1])
