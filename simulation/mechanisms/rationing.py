"""Step 2, off unless chosen: under lasting pressure need is turned away, and part of it comes back as crisis.

    served value demand V(1−q)          q' = q + (q_max·logistic((P̂' − P_q)/s_q) − q)/τ_q
    backlog B' = B + returning·q·V − B/τ_B

B/τ_B comes back as crisis demand in the same month: half here, half at neighbours by trust, sizes conserved; an
organisation without relationships keeps it all.
"""

from simulation.mechanisms.arithmetic import fill, logistic
from simulation.numba_cache import compiled


@compiled
def return_unmet_need(
    returned, unmet_need, backlog, rationed, value_demand, size, trust, trust_around, alive,
    neighbour_start, neighbour, neighbour_tie, rationing, need_returning, need_return_months,
):  # fmt: skip
    """Turn need away, and bring back what was turned away about a year ago, in place."""
    fill(returned, 0.0)
    fill(unmet_need, 0.0)
    if rationing == 0:
        return
    for i in range(returned.shape[0]):
        if not alive[i]:
            continue
        unmet_need[i] = rationed[i] * value_demand[i]
        back = backlog[i] / need_return_months
        backlog[i] += need_returning * unmet_need[i] - back
        ties = neighbour_start[i + 1] - neighbour_start[i]
        total = trust_around[i] * ties
        if total <= 0.0:
            returned[i] += back
            continue
        returned[i] += 0.5 * back
        for k in range(neighbour_start[i], neighbour_start[i + 1]):
            j = neighbour[k]
            returned[j] += 0.5 * back * size[i] / size[j] * trust[neighbour_tie[k]] / total


@compiled
def update_rationing(
    rationed,
    felt_pressure,
    alive,
    rationing,
    rationing_limit,
    rationing_onset,
    rationing_softness,
    rationing_months,
):
    """Move the share of need that is turned away on by a month, in place."""
    if rationing == 0:
        return
    for i in range(rationed.shape[0]):
        if alive[i]:
            aim = rationing_limit * logistic((felt_pressure[i] - rationing_onset) / rationing_softness)
            rationed[i] += (aim - rationed[i]) / rationing_months
