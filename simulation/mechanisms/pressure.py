"""Step 2: pressure is demand over capacity, less what changing costs; it is felt after a while and makes rigid.

    P = (V + F') / (C (1 − k_c a))          P̂' = P̂ + (P − P̂)/τ_P
    R = R_max · logistic((P̂' − P*)/s_R) · (1 − r_R l)          h = 1 − R

Sources: capability trap, Repenning & Sterman 2001; threat-rigidity, Staw, Sandelands & Dutton 1981.
"""

from simulation.mechanisms.arithmetic import logistic
from simulation.numba_cache import compiled


@compiled
def update_pressure(
    pressure, felt_pressure, failure_share, value_demand, failure_demand, returned, rationed, capacity, effort, alive,
    change_cost, felt_pressure_months,
):  # fmt: skip
    """Set this month's pressure and failure-demand share, and move felt pressure on, in place."""
    for i in range(pressure.shape[0]):
        if not alive[i]:
            continue
        served = value_demand[i] * (1.0 - rationed[i])
        failing = failure_demand[i] + returned[i]
        demand = served + failing
        failure_share[i] = failing / demand if demand > 0.0 else 0.0
        pressure[i] = demand / (capacity[i] * (1.0 - change_cost * effort[i]))
        felt_pressure[i] += (pressure[i] - felt_pressure[i]) / felt_pressure_months


@compiled
def update_rigidity(
    rigidity, headroom, felt_pressure, learning, alive,
    rigidity_onset, rigidity_softness, rigidity_limit, rigidity_learning,
):  # fmt: skip
    """Set this month's rigidity R and headroom h = 1 − R, in place."""
    for i in range(rigidity.shape[0]):
        if alive[i]:
            strain = logistic((felt_pressure[i] - rigidity_onset) / rigidity_softness)
            rigidity[i] = rigidity_limit * strain * (1.0 - rigidity_learning * learning[i])
            headroom[i] = 1.0 - rigidity[i]
