"""Record a month as numbers into empty arrays.

Recorded at the end of a month: the new state, and this month's pressure, rigidity and failure-demand share. Means run
over the living organisations and relationships.
"""

from collections import namedtuple
from typing import Any, NamedTuple

import numpy as np

from simulation.mechanisms.arithmetic import copy_into, fill
from simulation.numba_cache import compiled, inlined
from simulation.outcomes import SERIES
from simulation.state import NUMBER_OF_BEHAVIOURS, NUMBER_OF_ELEMENTS, Floats
from simulation.vocabulary import BEHAVIOURS, GROUPS

AT: Any = namedtuple("At", SERIES)(*range(len(SERIES)))
"""Where a series stands in a row of `Record.series`, by its name."""

BY_ORGANISATION = (
    "practice", "pressure", "felt_pressure", "rigidity", "failure_demand_share", "partner_trust", "learning",
    "evidence", "maturity", "help", "convene", "prototype", "reflect", "on_site", "energy", "alive",
)  # fmt: skip
"""First axis of `Record.by_organisation`."""

REACHED = 0.3
"""Mean practice above which the behaviours have reached an organisation."""
GAINED_BY = 0.1
"""Gain of mean practice since the programme's start that counts as a gain."""
ROUNDING = 1e-9
"""Loss of mean practice since the programme's start that is none."""
CROWDED = 32
"""Values in one part of their range beyond which sorting is quicker than insertion."""


class Record(NamedTuple):
    """Arrays filled month by month; those not asked for have no rows."""

    series: Floats  # (months, len(SERIES))
    behaviours: Floats  # (months, 9) mean over organisations
    elements: Floats  # (months, 4)
    by_organisation: Floats  # (months, len(BY_ORGANISATION), N)
    practice: Floats  # (months, N, 9)
    trust: Floats  # (months, L)
    causes: Floats  # (months, 8, N, 9)


def new_record(months: int, organisations: int, links: int, *, detail: str, explain: bool) -> Record:
    """Return an empty record; `detail` is "months", "organisations" or "full"."""
    some = months if detail in ("organisations", "full") else 0
    full = months if detail == "full" else 0
    return Record(
        series=np.full((months, len(SERIES)), np.nan),
        behaviours=np.full((months, NUMBER_OF_BEHAVIOURS), np.nan),
        elements=np.full((months, NUMBER_OF_ELEMENTS), np.nan),
        by_organisation=np.full((some, len(BY_ORGANISATION), organisations), np.nan),
        practice=np.full((full, organisations, NUMBER_OF_BEHAVIOURS), np.nan),
        trust=np.full((full, links), np.nan),
        causes=np.zeros((full if explain else 0, 8, organisations, NUMBER_OF_BEHAVIOURS)),
    )


GROUP_OF = np.array([GROUPS.index(behaviour.group) for behaviour in BEHAVIOURS])
GROUP_SIZE = np.array([sum(b.group == group for b in BEHAVIOURS) for group in GROUPS])


@compiled
def gini(practice, alive, living):
    """Return the Gini coefficient of the living organisations' mean practice; 0 where none has any.

    Values are counted by their leading bits into parts of their range, wider parts for larger values, which nearly
    sorts them, and then inserted: a tenth of the time that sorting takes.
    """
    values, living, total, low, high = np.empty(living), 0, 0.0, np.inf, -np.inf
    for i in range(alive.shape[0]):
        if alive[i]:
            value = 0.0
            for b in range(practice.shape[1]):
                value += practice[i, b]
            values[living] = value
            living += 1
            total += value
            low = value if value < low else low
            high = value if value > high else high
    if not high > low:
        return 0.0
    values += total / (8 * living)  # so that none is 0; differences stay
    bits, ends = values.view(np.int64), (np.array((low, high)) + total / (8 * living)).view(np.int64)
    scale = (2 * living - 0.5) / (ends[1] - ends[0])
    part_of, starts = np.empty(living, dtype=np.int32), np.zeros(2 * living + 1, dtype=np.int32)
    for k in range(living):
        part_of[k] = int((bits[k] - ends[0]) * scale)
        starts[part_of[k] + 1] += 1
    most = 0
    for part in range(2 * living):
        most = starts[part + 1] if starts[part + 1] > most else most
        starts[part + 1] += starts[part]
    ranked = np.sort(values) if most > CROWDED else np.empty(living)
    if most <= CROWDED:
        for k in range(living):
            ranked[starts[part_of[k]]] = values[k]
            starts[part_of[k]] += 1
        for k in range(1, living):
            value, at = ranked[k], k
            while at > 0 and ranked[at - 1] > value:
                ranked[at] = ranked[at - 1]
                at -= 1
            ranked[at] = value
    apart = 0.0
    for k in range(living):
        apart += (2 * k + 1 - living) * ranked[k]
    return apart / (living * total)


@inlined
def record_place(row, means, elements, state):
    """Fill one row of the series and of the behaviours' and elements' means."""
    s = state
    behaviours = s.practice.shape[1]
    fill(row, 0.0)
    fill(means, 0.0)
    living = 0
    practice = reach = gained = lost = partner_trust = pressure = felt_pressure = rigidity = failing = value_demand = (
        0.0
    )
    evidence = learning = effort = energy = capped = unmet_need = 0.0
    for i in range(s.alive.shape[0]):
        if not s.alive[i]:
            continue
        living += 1
        total = 0.0
        for b in range(behaviours):
            means[b] += s.practice[i, b]
            total += s.practice[i, b]
        mean = total / behaviours
        practice += mean
        reach += mean > REACHED
        gained += mean - s.practice_at_start[i] >= GAINED_BY
        lost += mean - s.practice_at_start[i] < -ROUNDING
        partner_trust += s.partner_trust[i]
        pressure += s.pressure[i]
        felt_pressure += s.felt_pressure[i]
        rigidity += s.rigidity[i]
        failing += s.failure_share[i]
        value_demand += s.value_demand[i]
        evidence += s.evidence[i]
        learning += s.learning[i]
        effort += s.effort[i]
        energy += s.energy[i]
        capped += s.capped[i]
        unmet_need += s.unmet_need[i]
    row[AT.practice], row[AT.reach], row[AT.gained], row[AT.partner_trust] = practice, reach, gained, partner_trust
    row[AT.pressure], row[AT.felt_pressure], row[AT.rigidity] = pressure, felt_pressure, rigidity
    row[AT.failure_demand_share], row[AT.value_demand], row[AT.unmet_need] = failing, value_demand, unmet_need
    row[AT.evidence], row[AT.learning], row[AT.effort] = evidence, learning, effort
    row[AT.energy], row[AT.capped], row[AT.lost] = energy, capped, lost
    if living > 0:
        for column in range(row.shape[0]):
            row[column] /= living
        for b in range(behaviours):
            means[b] /= living
            row[AT.perspective + GROUP_OF[b]] += means[b] / GROUP_SIZE[GROUP_OF[b]]
    ties = 0
    trust = breaches = 0.0
    for e in range(s.trust.shape[0]):
        if s.tie_alive[e]:
            ties += 1
            trust += s.trust[e]
            breaches += s.breached[e]
    row[AT.trust] = trust / ties if ties > 0 else 0.0
    row[AT.breaches] = breaches / ties if ties > 0 else 0.0
    for g in range(elements.shape[0]):
        elements[g] = s.infrastructure[g]
        row[AT.infrastructure] += s.infrastructure[g] / elements.shape[0]
    row[AT.strategic_window] = s.strategic_window[0]
    row[AT.lost_demand] = s.lost_demand[0]
    row[AT.living] = living
    row[AT.inequality] = gini(s.practice, s.alive, living)


@inlined
def record_organisations(rows, state):
    """Fill one month of the rows by organisation, in the order of `BY_ORGANISATION`."""
    s = state
    for i in range(s.alive.shape[0]):
        total = 0.0
        for b in range(s.practice.shape[1]):
            total += s.practice[i, b]
        rows[0, i] = total / s.practice.shape[1]
        rows[1, i] = s.pressure[i]
        rows[2, i] = s.felt_pressure[i]
        rows[3, i] = s.rigidity[i]
        rows[4, i] = s.failure_share[i]
        rows[5, i] = s.partner_trust[i]
        rows[6, i] = s.learning[i]
        rows[7, i] = s.evidence[i]
        rows[8, i] = s.maturity[i]
        rows[9, i] = s.help[i]
        rows[10, i] = s.convene[i]
        rows[11, i] = s.prototype[i]
        rows[12, i] = s.reflect[i]
        rows[13, i] = s.on_site[i]
        rows[14, i] = s.energy[i]
        rows[15, i] = s.alive[i]


@inlined
def record_month(record, state, month):
    """Write the month that has just ended into the record, in place."""
    record_place(record.series[month], record.behaviours[month], record.elements[month], state)
    if record.by_organisation.shape[0] > 0:
        record_organisations(record.by_organisation[month], state)
    if record.practice.shape[0] > 0:
        copy_into(record.practice[month].reshape(-1), state.practice.reshape(-1))
        copy_into(record.trust[month], state.trust)
    if record.causes.shape[0] > 0:
        copy_into(record.causes[month].reshape(-1), state.causes.reshape(-1))
