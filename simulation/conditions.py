"""Lay out what comes from outside, month by month, as arrays: growth, shocks, budgets, windows, the partner's days.

y = max(p, 0)/12 is the number of years since the programme began, a fraction.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from simulation.scenario.events import BudgetChange, DemandShock, ElectionWindow, Event, FunderExit, Restructure
from simulation.scenario.pressure import Budget
from simulation.scenario.scenario import Scenario
from simulation.state import Flags, Floats, Integers

LEAST_BUDGET = 1e-9
"""Share of a budget that no cut, nor many together, takes."""


class Conditions(NamedTuple):
    """What comes from outside; the first axis is the month, burn-in first."""

    demand_level: Floats  # (months, N) growth and shocks, 1 at the start
    budget_left: Floats  # (months, N) share of budget left, 1 at the start
    event_disruption: Floats  # (months, N)
    strategic_hold: Integers  # (months,) -1 free, 0 held shut, 1 held open
    days: Floats  # (months,) the partner's days


def affected(event: Any, ids: Sequence[str], kinds: Sequence[str]) -> Flags:
    """Return which organisations an event happens to (N,)."""
    if event.organisations == "all" and not event.kinds:
        return np.ones(len(ids), dtype=np.bool_)
    named = () if event.organisations == "all" else event.organisations
    return np.array([i in named or k in event.kinds for i, k in zip(ids, kinds, strict=True)], dtype=np.bool_)


def budget_from_path(budget: Budget, kinds: Sequence[str], years: Floats, exposure: Floats, absorbed: float) -> Floats:
    """Return the share of budget left (months, N): yearly rates spread evenly over the months.

    Each year's rate counts by exposure × (1 − absorbed).
    """
    left = np.ones((len(years), len(kinds)))
    last = int(np.ceil(years[-1])) if len(years) else 0
    whole = np.minimum(years.astype(np.int64), last)
    alike: dict[tuple[str, float], list[int]] = {}
    for i, kind in enumerate(kinds):
        alike.setdefault((kind, float(exposure[i])), []).append(i)
    for (kind, exposed), which in alike.items():
        logs = [
            np.log(max(LEAST_BUDGET, 1 + budget.yearly(kind, year) * exposed * (1 - absorbed)))
            for year in range(last + 1)
        ]
        total = np.concatenate([[0.0], np.cumsum(logs)])
        left[:, which] = np.exp(total[whole] + (years - whole) * np.asarray(logs)[whole])[:, None]
    return left


def build_conditions(
    scenario: Scenario,
    *,
    months: int,
    ids: Sequence[str],
    kinds: Sequence[str],
    exposure: Floats,
    events: Sequence[Event] | None = None,
) -> Conditions:
    """Return the conditions of a scenario for `months` months in all, burn-in included."""
    numbers, burn_in, n = scenario.numbers, scenario.structure.burn_in_months, len(ids)
    years = np.maximum(np.arange(months) - burn_in, 0) / 12
    level = np.repeat(((1 + numbers.demand_growth) ** years)[:, None], n, axis=1)
    if scenario.budget is None:
        yearly = 1 - exposure * numbers.budget_cut * (1 - numbers.cut_absorbed)
        left = np.maximum(yearly, 0.0)[None, :] ** years[:, None]
    else:
        left = budget_from_path(scenario.budget, kinds, years, exposure, numbers.cut_absorbed)
    disruption = np.zeros((months, n))
    hold = np.full(months, -1, dtype=np.int64)
    days = np.full(months, numbers.partner_days * scenario.route.days_factor)
    for event in scenario.all_events if events is None else events:
        begin = event.month + burn_in
        if isinstance(event, DemandShock):
            level[begin : begin + event.months, affected(event, ids, kinds)] *= 1 + event.size
        elif isinstance(event, BudgetChange):
            progress = np.clip((np.arange(months) - begin + 1) / event.months, 0, 1)
            left[:, affected(event, ids, kinds)] *= (1 + event.size * progress)[:, None]
        elif isinstance(event, Restructure) and begin < months:
            disruption[begin, affected(event, ids, kinds)] += event.disruption
        elif isinstance(event, ElectionWindow):
            hold[begin : begin + event.months] = int(event.open)
        elif isinstance(event, FunderExit):
            days[begin:] = 0.0
    left = np.maximum(left, LEAST_BUDGET)
    return Conditions(level, np.ascontiguousarray(left), disruption, hold, days)
