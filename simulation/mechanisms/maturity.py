"""Step 2: relationships mature by trust among organisations and by trust in the partner.

    m = 1 − (1 − U)(1 − nb(1))          gate = logistic((m − θ_M)/s_M): readiness for open talk of behaviours

U is trust in the partner, nb(1) mean trust around.
"""

from simulation.mechanisms.arithmetic import logistic
from simulation.numba_cache import compiled


@compiled
def update_maturity(maturity, readiness, partner_trust, trust_around, alive, talk_maturity, talk_softness):
    """Set the maturity of relationships and readiness for open talk, in place."""
    for i in range(maturity.shape[0]):
        if alive[i]:
            maturity[i] = 1.0 - (1.0 - partner_trust[i]) * (1.0 - trust_around[i])
            readiness[i] = logistic((maturity[i] - talk_maturity) / talk_softness)
