"""Step 2: failure demand falls as practice grows, part of it only when both ends of a relationship change.

    J_i = Σ_j T_ij √(E_i E_j) / deg_i
    F* = V (1−q) φ (1 − η((1−κ)E + κJ))          F' = F + (F* − F)/τ_F

q is the share of need that is turned away (0 unless rationing is chosen).

Source: failure demand, Seddon 2003.
"""

from simulation.mechanisms.arithmetic import roots
from simulation.numba_cache import compiled


@compiled
def update_failure_demand(
    failure_demand, value_demand, rationed, joint_effect, trust, alive, neighbour_start, neighbour, neighbour_tie,
    failure_ratio, failure_demand_reduction, shared_failure_demand, failure_demand_months,
):  # fmt: skip
    """Move failure demand (share of baseline capacity) on by a month, in place."""
    root = roots(joint_effect)
    for i in range(failure_demand.shape[0]):
        if not alive[i]:
            continue
        together = 0.0
        for k in range(neighbour_start[i], neighbour_start[i + 1]):
            together += trust[neighbour_tie[k]] * root[neighbour[k]]
        ties = neighbour_start[i + 1] - neighbour_start[i]
        together = root[i] * together / ties if ties > 0 else 0.0
        relief = (1.0 - shared_failure_demand) * joint_effect[i] + shared_failure_demand * together
        served = value_demand[i] * (1.0 - rationed[i])
        target = served * failure_ratio * (1.0 - failure_demand_reduction * relief)
        failure_demand[i] += (target - failure_demand[i]) / failure_demand_months
