"""Step 1: value demand arrives and capacity is what the budget and disruption leave.

    V = v0 · growth and shocks · e^(xi + xc)          C = (budget left) · (1 − k)

Both are shares of an organisation's own capacity at the start.
"""

import math

from simulation.numba_cache import compiled


@compiled
def update_demand(
    value_demand, capacity, base_demand, demand_noise_now, place_noise_now, disruption, alive,
    demand_level, budget_left,
):  # fmt: skip
    """Set this month's value demand and capacity, in place.

    `demand_level` (N,) holds growth and shocks; `budget_left` (N,) the share of budget that is left.
    """
    for i in range(value_demand.shape[0]):
        if alive[i]:
            value_demand[i] = base_demand[i] * demand_level[i] * math.exp(demand_noise_now[i] + place_noise_now[0])
            capacity[i] = budget_left[i] * (1.0 - disruption[i])
