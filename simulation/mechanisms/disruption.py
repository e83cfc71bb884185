"""Step 1: restructures disrupt organisations, and the disruption passes.

    k' = min(k_max, k (1 − recovery) + size·[u < rate] + size of an event)

Rate and size are those of restructures that nobody planned; u is uniform on 0-1.
"""

from simulation.numba_cache import compiled


@compiled
def update_disruption(
    disruption, alive, restructure_luck, event_disruption,
    restructure_rate, restructure_disruption, disruption_recovery, disruption_limit,
):  # fmt: skip
    """Move disruption (share of capacity lost) on by a month, in place."""
    for i in range(disruption.shape[0]):
        if not alive[i]:
            continue
        shock = restructure_disruption if restructure_luck[i] < restructure_rate else 0.0
        disruption[i] = min(disruption_limit, disruption[i] * (1.0 - disruption_recovery) + shock + event_disruption[i])
