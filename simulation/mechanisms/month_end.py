"""Turn the month: next month's values become this month's, each clipped to its range where it was worked out.

While a place is held (burn-in of a place from a file) practice, trust, infrastructure and trust in the partner stay as
the person gave them.
"""

from simulation.mechanisms.arithmetic import copy_into, fill
from simulation.numba_cache import compiled


@compiled
def turn_month(
    practice, effort, learning, evidence, partner_trust, trust, infrastructure,
    next_practice, next_effort, next_learning, next_evidence, next_partner_trust, next_trust, next_infrastructure,
    causes, practice_at_start, alive, held, programme_month,
):  # fmt: skip
    """Copy the next month's values over this month's, in place."""
    moves = not (held == 1 and programme_month < 0)
    for i in range(effort.shape[0]):
        if not alive[i]:
            continue
        effort[i] = next_effort[i]
        learning[i] = next_learning[i]
        evidence[i] = next_evidence[i]
        if moves:
            partner_trust[i] = next_partner_trust[i]
            for b in range(practice.shape[1]):
                practice[i, b] = next_practice[i, b]
    if moves:
        copy_into(trust, next_trust)
        copy_into(infrastructure, next_infrastructure)
    elif causes.shape[1] > 0:
        fill(causes.reshape(-1), 0.0)
    if programme_month < 0:
        for i in range(effort.shape[0]):
            total = 0.0
            for b in range(practice.shape[1]):
                total += practice[i, b]
            practice_at_start[i] = total / practice.shape[1]
