"""Describe the path that budgets take, year by year and by kind of organisation."""

from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from simulation.scenario.base import Frozen
from simulation.scenario.named import Kind


def _as_rates(value: Any) -> Any:
    """Let one number stand for a list of one."""
    if isinstance(value, list):
        return tuple(value)
    return (value,) if isinstance(value, int | float) and not isinstance(value, bool) else value


Rate = Annotated[float, Field(gt=-1, le=10)]
Rates = Annotated[tuple[Rate, ...], Field(min_length=1, max_length=200), BeforeValidator(_as_rates)]


class Budget(Frozen):
    """Yearly real change of budget by kind of organisation, programme year by programme year.

    A list's last value holds for all later years; `default` is for kinds without a list. A cut is negative.
    None anywhere means: no path, the parameter `budget_cut` applies.
    """

    default: Rates = (0.0,)
    rates: dict[Kind, Rates] = Field(default_factory=dict)

    def yearly(self, kind: str, year: int) -> float:
        """Return the change in a programme year (0 is the first) for a kind of organisation."""
        path = self.rates.get(kind, self.default)
        return path[min(year, len(path) - 1)]
