"""Step 2: what the later mechanisms need to know of each organisation and its neighbourhood.

    X = mean_b x         E = (mean_b x^ρ)^(1/ρ): the behaviours' joint effect
    nb(1) = Σ_j T / deg: mean trust around, and 0 without relationships

x is practice of a behaviour b, T trust in a relationship j, deg how many there are, ρ how behaviours add up.
"""

from simulation.mechanisms.arithmetic import power
from simulation.numba_cache import compiled


@compiled
def update_summaries(
    mean_practice, joint_effect, trust_around, practice, trust, alive,
    neighbour_start, neighbour_tie, behaviour_balance,
):  # fmt: skip
    """Set mean practice X, joint effect E and mean trust around, in place."""
    behaviours = practice.shape[1]
    for i in range(practice.shape[0]):
        if not alive[i]:
            continue
        total = 0.0
        joint = 0.0
        for b in range(behaviours):
            total += practice[i, b]
            joint += power(practice[i, b], behaviour_balance)
        mean_practice[i] = total / behaviours
        joint_effect[i] = power(joint / behaviours, 1.0 / behaviour_balance)
        around = 0.0
        for k in range(neighbour_start[i], neighbour_start[i + 1]):
            around += trust[neighbour_tie[k]]
        ties = neighbour_start[i + 1] - neighbour_start[i]
        trust_around[i] = around / ties if ties > 0 else 0.0
