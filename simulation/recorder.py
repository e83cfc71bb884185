"""Record a month as numbers into empty arrays.

Recorded at the end of a month: the new state, and this month's pressure, rigidity and failure-demand share. Means run
over the living organisations and relationships.
"""

from typing import NamedTuple

import numpy as np

from simulation.mechanisms.arithmetic import copy_into, fill
from simulation.numba_cache import inlined
from simulation.outcomes import (
    BREACHES,
    BY_ORGANISATION,
    CAPPED,
    EFFORT,
    ENERGY,
    EVIDENCE,
    FAILURE_SHARE,
    FELT_PRESSURE,
    GAINED,
    GAINED_BY,
    INFRASTRUCTURE,
    LEARNING,
    LIVING,
    LOST,
    PARTNER_TRUST,
    PERSPECTIVE,
    PRACTICE,
    PRESSURE,
    REACH,
    REACHED,
    RIGIDITY,
    SERIES,
    TRUST,
    UNMET,
    VALUE_DEMAND,
    WINDOW,
)
from simulation.state import NUMBER_OF_BEHAVIOURS, NUMBER_OF_ELEMENTS, Floats
from simulation.vocabulary import BEHAVIOURS, GROUPS


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


@inlined
def record_place(row, means, elements, state):
    """Fill one row of the series and of the behaviours' and elements' means."""
    s = state
    behaviours = s.practice.shape[1]
    fill(row, 0.0)
    fill(means, 0.0)
    living = 0
    practice = reached = gained = partner = pressure = felt = rigidity = failing = value = 0.0
    evidence = learning = effort = energy = capped = unmet = 0.0
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
        reached += 1.0 if mean > REACHED else 0.0
        gained += 1.0 if mean - s.practice_at_start[i] >= GAINED_BY else 0.0
        partner += s.partner_trust[i]
        pressure += s.pressure[i]
        felt += s.felt_pressure[i]
        rigidity += s.rigidity[i]
        failing += s.failure_share[i]
        value += s.value_demand[i]
        evidence += s.evidence[i]
        learning += s.learning[i]
        effort += s.effort[i]
        energy += 1.0 if s.energy[i] else 0.0
        capped += s.capped[i]
        unmet += s.unmet_need[i]
    row[PRACTICE], row[REACH], row[GAINED], row[PARTNER_TRUST] = practice, reached, gained, partner
    row[PRESSURE], row[FELT_PRESSURE], row[RIGIDITY] = pressure, felt, rigidity
    row[FAILURE_SHARE], row[VALUE_DEMAND], row[EVIDENCE], row[LEARNING] = failing, value, evidence, learning
    row[EFFORT], row[ENERGY], row[CAPPED], row[UNMET] = effort, energy, capped, unmet
    if living > 0:
        for column in range(row.shape[0]):
            row[column] /= living
        for b in range(behaviours):
            means[b] /= living
            row[PERSPECTIVE + GROUP_OF[b]] += means[b] / GROUP_SIZE[GROUP_OF[b]]
    ties = 0
    trust = breaches = 0.0
    for e in range(s.trust.shape[0]):
        if s.tie_alive[e]:
            ties += 1
            trust += s.trust[e]
            breaches += 1.0 if s.breached[e] else 0.0
    row[TRUST] = trust / ties if ties > 0 else 0.0
    row[BREACHES] = breaches / ties if ties > 0 else 0.0
    for g in range(elements.shape[0]):
        elements[g] = s.infrastructure[g]
        row[INFRASTRUCTURE] += s.infrastructure[g] / elements.shape[0]
    row[WINDOW] = 1.0 if s.strategic_window[0] else 0.0
    row[LOST] = s.lost_demand[0]
    row[LIVING] = living


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
        rows[13, i] = 1.0 if s.on_site[i] else 0.0
        rows[14, i] = 1.0 if s.energy[i] else 0.0
        rows[15, i] = 1.0 if s.alive[i] else 0.0


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
