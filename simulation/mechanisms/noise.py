"""Step 1: demand goes up and down, in each organisation and across the place.

    xc' = m_c xc + σ_c √(1 − m_c²) N(0,1), in the first month σ_c N(0,1)        (place)
    xi' = m xi + σ √(1 − m²) N(0,1)                                             (organisation)

First-order autoregression on the log of demand, with standard deviation σ in the long run.
"""

import math

from simulation.numba_cache import compiled


@compiled
def update_noise(
    demand_noise_now, place_noise_now, demand_luck, place_luck, month,
    demand_noise, demand_noise_memory, place_noise, place_noise_memory,
):  # fmt: skip
    """Move the noise on by a month, in place; the luck has mean 0 and variance 1."""
    if month == 0:
        place_noise_now[0] = place_noise * place_luck
    else:
        place_noise_now[0] = (
            place_noise_memory * place_noise_now[0] + place_noise * math.sqrt(1.0 - place_noise_memory**2) * place_luck
        )
    spread = demand_noise * math.sqrt(1.0 - demand_noise_memory**2)
    for i in range(demand_noise_now.shape[0]):
        demand_noise_now[i] = demand_noise_memory * demand_noise_now[i] + spread * demand_luck[i]
