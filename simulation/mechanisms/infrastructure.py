"""Step 7: infrastructure is rewired by the partner and by the organisations themselves, given authority.

    authority = 1 − (1 − Σ s x[shared vision])(1 − Σ s Y)          own = i_G Σ s h X
    G_g' = G_g + a_G min(1, rewire + own) authority (1 − G_g) − d_G G_g

Infrastructure alone changes no practice: it raises the ceiling and holds what is there.
"""

from simulation.mechanisms.arithmetic import share
from simulation.numba_cache import compiled
from simulation.state import REWIRE
from simulation.vocabulary import SHARED_VISION


@compiled
def update_infrastructure(
    next_infrastructure, infrastructure, size, practice, mean_practice, evidence, headroom, alive, place_doses,
    rewire_gain, own_rewiring, infrastructure_decay,
):  # fmt: skip
    """Work out next month's infrastructure, each of the four elements."""
    vision = 0.0
    proof = 0.0
    own = 0.0
    for i in range(size.shape[0]):
        if alive[i]:
            vision += size[i] * practice[i, SHARED_VISION]
            proof += size[i] * evidence[i]
            own += size[i] * headroom[i] * mean_practice[i]
    authority = 1.0 - (1.0 - vision) * (1.0 - proof)
    rewiring = min(1.0, place_doses[REWIRE] + own_rewiring * own)
    for g in range(infrastructure.shape[0]):
        now = infrastructure[g]
        gained = rewire_gain * rewiring * authority * (1.0 - now)
        next_infrastructure[g] = share(now + gained - infrastructure_decay * now)
