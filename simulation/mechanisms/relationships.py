"""Step 4: trust grows slowly by contact and falls fast in a breach.

    contact = √(h_i h_j) · min(1, c0 + c_x √(X_i X_j) + c_w (√(convene_i convene_j) + √(prototype_i prototype_j)))
    T° = T + g_T contact (1 − T) − d_T T
    with probability p_b0 + p_bR (1 − h_i h_j) a breach: T' = T° (1 − g_B)

Sources: Slovic 1993; Huxham & Vangen 2005.
"""

from simulation.mechanisms.arithmetic import roots, share
from simulation.numba_cache import compiled


@compiled
def update_trust(
    next_trust, breached, trust, tie_from, tie_to, tie_alive, headroom, mean_practice, convene, prototype, breach_luck,
    trust_gain, trust_decay, breach_loss, breach_floor, breach_under_rigidity,
    contact_base, contact_from_practice, contact_from_work,
):  # fmt: skip
    """Work out next month's trust in every relationship; `breach_luck` (L,) is uniform on 0-1."""
    ease, shown, met, tried = roots(headroom), roots(mean_practice), roots(convene), roots(prototype)
    for e in range(trust.shape[0]):
        breached[e] = False
        next_trust[e] = 0.0
        if not tie_alive[e]:
            continue
        i, j = tie_from[e], tie_to[e]
        work = met[i] * met[j] + tried[i] * tried[j]
        together = contact_base + contact_from_practice * shown[i] * shown[j]
        contact = ease[i] * ease[j] * min(1.0, together + contact_from_work * work)
        grown = trust[e] + trust_gain * contact * (1.0 - trust[e]) - trust_decay * trust[e]
        if breach_luck[e] < breach_floor + breach_under_rigidity * (1.0 - headroom[i] * headroom[j]):
            breached[e] = True
            grown *= 1.0 - breach_loss
        next_trust[e] = share(grown)
