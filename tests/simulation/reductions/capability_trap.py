"""Work out where a homogeneous place without a partner comes to rest: roots of an equation in practice alone.

At rest what is taken up equals what slips back, α·drive·(K − x) = loss·x; failure demand has come down to what practice
leaves of it; and pressure, which changing itself raises, sets rigidity. Written from the equations of docs/odd.md for
frozen trust T and infrastructure G and equal thresholds; nothing here runs the model.
"""

import math

import numpy as np
from scipy.optimize import brentq


def rigidity_at(x: float, p: dict[str, float], trust: float, infrastructure: float) -> float:
    """Return rigidity when practice rests at x: effort and rigidity each decide the other."""
    joint = (1 - p["shared_failure_demand"]) * x + p["shared_failure_demand"] * trust * x
    demand = p["value_demand"] * (1 + p["failure_ratio"] * (1 - p["failure_demand_reduction"] * joint))
    kept = 1 - p["slip_back_infrastructure"] * infrastructure

    def excess(rigidity: float) -> float:
        lost = p["slip_back"] * (1 + p["slip_back_rigidity"] * rigidity) * kept * x
        effort = lost / p["adoption_rate"]
        pressure = demand / (1 - p["change_cost"] * effort)
        strain = 1 / (1 + math.exp(-(pressure - p["rigidity_onset"]) / p["rigidity_softness"]))
        return p["rigidity_limit"] * strain - rigidity

    return float(brentq(excess, 0, 1, xtol=1e-14))


def net_change(x: float, p: dict[str, float], trust: float, infrastructure: float) -> float:
    """Return the month's change of practice at x with all else at rest."""
    rigidity = rigidity_at(x, p, trust, infrastructure)
    seen = (1 - p["behaviour_coupling"]) * trust * x + p["behaviour_coupling"] * x
    raised = (seen / p["threshold"]) ** p["contagion_steepness"]
    peer = (1 - rigidity) * (p["background_drive"] + p["social_weight"] * raised / (1 + raised))
    drive = min(1.0, trust ** p["relationship_speed"] * peer)
    ceiling = p["ceiling_base"] + (1 - p["ceiling_base"]) * infrastructure
    kept = 1 - p["slip_back_infrastructure"] * infrastructure
    lost = p["slip_back"] * (1 + p["slip_back_rigidity"] * rigidity) * kept * x
    return p["adoption_rate"] * drive * max(ceiling - x, 0.0) - lost


def resting_points(p: dict[str, float], trust: float, infrastructure: float) -> list[float]:
    """Return every practice at which a homogeneous place rests, in order."""
    grid = np.linspace(1e-6, 1, 4_001)
    values = [net_change(x, p, trust, infrastructure) for x in grid]
    signs = np.flatnonzero(np.sign(values[:-1]) != np.sign(values[1:]))
    return [float(brentq(net_change, grid[k], grid[k + 1], args=(p, trust, infrastructure), xtol=1e-14)) for k in signs]
