"""Show an organisation's practice as a live array that can be written to, with every write checked and noted."""

from typing import TYPE_CHECKING, Any

import numpy as np

from simulation.state import Floats

if TYPE_CHECKING:
    from simulation.organisation import Organisation


class LivePractice(np.ndarray[Any, np.dtype[np.float64]]):
    """Practice of nine behaviours, 0-1: the place's own memory, so it is always this month's.

    Writing to it (`practice[3] = 0.5`, `practice += 0.1`) checks the values and marks the run as edited. A slice of it
    is for reading only.
    """

    _owner: "Organisation | None"

    @classmethod
    def of(cls, organisation: "Organisation", row: Floats) -> "LivePractice":
        """Return a live view of a row (9,) of the place's practice."""
        view = row.view(cls)
        view.flags.writeable = False
        view._owner = organisation
        return view

    def __array_finalize__(self, other: Any) -> None:
        self._owner = None

    def __setitem__(self, key: Any, value: Any) -> None:
        if self._owner is None:
            super().__setitem__(key, value)
            return
        values = np.array(self)
        values[key] = value
        self._owner.practice = values

    def __iadd__(self, other: Any) -> "LivePractice":  # type: ignore[override,misc]
        self[:] = np.asarray(self) + other
        return self

    def __isub__(self, other: Any) -> "LivePractice":  # type: ignore[override,misc]
        self[:] = np.asarray(self) - other
        return self

    def __imul__(self, other: Any) -> "LivePractice":  # type: ignore[override,misc]
        self[:] = np.asarray(self) * other
        return self

    def __itruediv__(self, other: Any) -> "LivePractice":  # type: ignore[override,misc]
        self[:] = np.asarray(self) / other
        return self
