"""The order of a month, once: a line a mechanism; a step of `Place` and the loop over months both run it.

A mechanism's arguments are found by their names: fields of the state, numbers, choices and the route's plan, and what
comes with the month (`WITH_THE_MONTH`). So a month is a list of mechanisms, of which one compiled function is made.
"""

import inspect
from collections.abc import Callable, Sequence
from typing import Any

from numba import types
from numba.experimental import structref

from simulation.mechanisms.arithmetic import fill
from simulation.mechanisms.behaviours import EVENTS, update_practice
from simulation.mechanisms.demand import update_demand
from simulation.mechanisms.disruption import update_disruption
from simulation.mechanisms.doses import update_doses, update_open_talk
from simulation.mechanisms.failure_demand import update_failure_demand
from simulation.mechanisms.infrastructure import update_infrastructure
from simulation.mechanisms.learning import update_evidence, update_learning
from simulation.mechanisms.maturity import update_maturity
from simulation.mechanisms.month_end import turn_month
from simulation.mechanisms.noise import update_noise
from simulation.mechanisms.partner import choose_phase, choose_sites
from simulation.mechanisms.partner_trust import update_partner_trust
from simulation.mechanisms.pressure import update_pressure, update_rigidity
from simulation.mechanisms.rationing import return_unmet_need, update_rationing
from simulation.mechanisms.relationships import update_trust
from simulation.mechanisms.summaries import update_summaries
from simulation.mechanisms.windows import update_windows
from simulation.numba_cache import borrowing, compiled, inlined
from simulation.parameters import Parameters
from simulation.partner_plan import Plan
from simulation.recorder import record_month
from simulation.scenario.structure import Codes
from simulation.state import State

MONTH = (
    # 1: what comes from outside
    update_windows,
    update_noise,
    update_disruption,
    update_demand,
    # 2: demand, pressure, rigidity
    update_summaries,
    update_failure_demand,
    return_unmet_need,
    update_pressure,
    update_rationing,
    update_rigidity,
    update_maturity,
    # 3: the learning partner's month
    choose_phase,
    choose_sites,
    update_doses,
    update_open_talk,
    # 4 to 7: relationships, learning, behaviours, infrastructure
    update_trust,
    update_partner_trust,
    update_learning,
    update_evidence,
    update_practice,
    update_infrastructure,
    # what was worked out takes effect
    turn_month,
)
"""The mechanisms in the order in which they run; all read this month's state."""

WITH_THE_MONTH = {
    "month": "month",
    "programme_month": "programme_month",
    "failure_ratio": "failure_ratio",
    "demand_luck": "luck.demand[row]",
    "place_luck": "luck.place[row]",
    "breach_luck": "luck.breach[row]",
    "energy_luck": "luck.energy[row]",
    "strategic_luck": "luck.strategic[row]",
    "restructure_luck": "luck.restructure[row]",
    "order": "luck.order[row]",
    "demand_level": "conditions.demand_level[month]",
    "budget_left": "conditions.budget_left[month]",
    "event_disruption": "conditions.event_disruption[month]",
    "strategic_hold": "conditions.strategic_hold[month]",
    "days": "conditions.days[month]",
}
"""What a mechanism may ask for beside the fields of state, numbers, choices and plan, and where it is found."""

PLACES: dict[str, str] = WITH_THE_MONTH | {
    str(name): f"{group}.{name}"
    for group, fields in {"state": State, "numbers": Parameters, "codes": Codes, "plan": Plan}.items()
    for name in fields._fields  # type: ignore[attr-defined]
}
"""Where everything is found that a mechanism may ask for."""


def month_of(mechanisms: Sequence[Callable[..., None]]) -> Any:
    """Return a compiled function that runs mechanisms one after the other, each on what its arguments are called.

    Raises KeyError where a mechanism asks for something that there is not.
    """
    names = [f"mechanism_{k}" for k in range(len(mechanisms))]
    lines = [
        f"    {name}({', '.join(PLACES[argument] for argument in arguments_of(mechanism))})"
        for name, mechanism in zip(names, mechanisms, strict=True)
    ]
    head = "def run_month(state, numbers, codes, plan, conditions, luck, row, month, programme_month, failure_ratio):"
    made: dict[str, Any] = dict(zip(names, mechanisms, strict=True))
    exec("\n".join([head, *lines]), made)
    return inlined(made["run_month"])


def arguments_of(mechanism: Any) -> list[str]:
    """Return what a mechanism asks for, by name; an argument with a default is its own."""
    asked = inspect.signature(getattr(mechanism, "py_func", mechanism)).parameters
    return [name for name, argument in asked.items() if argument.default is argument.empty]


run_month = month_of(MONTH)


@borrowing
def run_months(state, numbers, codes, plan, conditions, luck, record, first, last, luck_from, burn_in, failure_ratio):
    """Run and record the months from `first` up to, not including, `last`; `luck` begins at month `luck_from`."""
    for month in range(first, last):
        if month > first and state.causes.shape[1] > 0:
            fill(state.causes[EVENTS].reshape(-1), 0.0)
        run_month(
            state, numbers, codes, plan, conditions, luck, month - luck_from, month, month - burn_in, failure_ratio
        )
        record_month(record, state, month)


@structref.register
class HeldType(types.StructRef):  # type: ignore[misc]
    """Numba's type of `Held`."""

    def preprocess_fields(self, fields: Any) -> Any:
        """Return the fields with types that any course has."""
        return tuple((name, types.unliteral(kind)) for name, kind in fields)


class Held(structref.StructRefProxy):  # type: ignore[misc]
    """All that a month of one course reads and writes, handed over once: to take it apart anew costs three months."""


HELD = ("state", "numbers", "codes", "plan", "conditions", "record")
structref.define_boxing(HeldType, Held)
structref.define_constructor(Held, HeldType, HELD)


@compiled
def hold(state, numbers, codes, plan, conditions, record):
    """Return what `run_held` takes; the arrays are the same memory."""
    return Held(state, numbers, codes, plan, conditions, record)


@compiled
def record_held(held, month):
    """Record a month that was run in pieces."""
    record_month(held.record, held.state, month)


@compiled
def run_held(held, luck, month, luck_from, burn_in, failure_ratio):
    """Run and record one month, as `run_months` does."""
    run_months(
        held.state, held.numbers, held.codes, held.plan, held.conditions, luck, held.record,
        month, month + 1, luck_from, burn_in, failure_ratio,
    )  # fmt: skip
