"""Step 4: trust in the learning partner grows by being helpful and by working together; early talk costs it.

    U' = U + g_U (help (1 + c_hh R) + w_U total)(1 − U) − (d_U + g_o ov total (1 − gate)) U

help is that dose and total all doses, saturating; R is rigidity, ov the share of the work with open talk.
"""

from simulation.mechanisms.arithmetic import share
from simulation.numba_cache import compiled


@compiled
def update_partner_trust(
    next_partner_trust, partner_trust, help, work, open_share, readiness, rigidity, alive,
    partner_trust_gain, partner_trust_from_work, help_under_pressure, partner_trust_decay, talk_damage,
):  # fmt: skip
    """Work out next month's trust in the partner; `work` is the total of doses, saturating."""
    for i in range(partner_trust.shape[0]):
        if not alive[i]:
            continue
        trust = partner_trust[i]
        earned = help[i] * (1.0 + help_under_pressure * rigidity[i]) + partner_trust_from_work * work[i]
        lost = partner_trust_decay + talk_damage * open_share[i] * work[i] * (1.0 - readiness[i])
        next_partner_trust[i] = share(trust + partner_trust_gain * earned * (1.0 - trust) - lost * trust)
