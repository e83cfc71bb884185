"""Step 5: organisations learn by reflection and by practising collective learning; prototypes leave evidence.

    l' = l + (a_L reflect (.4 + .6h) + a_L9 x[collective learning] h)(1 − l) − d_L (1 + R) l
    Y' = Y + a_Y prototype X (.3 + .7 l)(1 − Y) − d_Y Y

Sources: double-loop learning, Argyris & Schön; March 1991.
"""

from simulation.mechanisms.arithmetic import share
from simulation.numba_cache import compiled
from simulation.vocabulary import COLLECTIVE_LEARNING


@compiled
def update_learning(
    next_learning, learning, reflect, practice, headroom, rigidity, alive,
    reflection_learning, double_loop_learning, learning_decay, reflection_under_rigidity,
):  # fmt: skip
    """Work out next month's learning."""
    for i in range(learning.shape[0]):
        if not alive[i]:
            continue
        room = reflection_under_rigidity + (1.0 - reflection_under_rigidity) * headroom[i]
        gained = reflection_learning * reflect[i] * room
        gained += double_loop_learning * practice[i, COLLECTIVE_LEARNING] * headroom[i]
        lost = learning_decay * (1.0 + rigidity[i])
        next_learning[i] = share(learning[i] + gained * (1.0 - learning[i]) - lost * learning[i])


@compiled
def update_evidence(
    next_evidence, evidence, prototype, mean_practice, learning, alive,
    evidence_gain, evidence_decay, evidence_without_learning,
):  # fmt: skip
    """Work out next month's evidence."""
    for i in range(evidence.shape[0]):
        if not alive[i]:
            continue
        understood = evidence_without_learning + (1.0 - evidence_without_learning) * learning[i]
        gained = evidence_gain * prototype[i] * mean_practice[i] * understood
        next_evidence[i] = share(evidence[i] + gained * (1.0 - evidence[i]) - evidence_decay * evidence[i])
