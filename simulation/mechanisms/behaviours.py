"""Step 6: organisations take on behaviours by others' example and the partner's work, and slip back.

    th' = t (1 − ψ min(1, Y + nb(Y))) d_b          z = (1−λ) nb(x_b) + λ X          Φ = influence(z / th')
    peer = h (ε + w_c Φ)
    led  = h (b_o ov total gate + b_v vision Ŵ [perspective]) + b_p (h + prot (1−h)) prototype ê
    drive = min(1, nb(1)^ν peer + m^ν led)          you move at the speed of relationships
    K_b = k0 + (1 − k0) G_b
    x' = x + α drive max(K − x, 0) − d0 (1 + d_R R)(1 − r_G G_b)(1 − r_L l) x

Sources: complex contagion, Centola & Macy 2007; thresholds, Granovetter 1978.
"""

import numpy as np

from simulation.mechanisms.arithmetic import copy_into, power, share
from simulation.numba_cache import compiled
from simulation.state import NUMBER_OF_BEHAVIOURS, VISION
from simulation.vocabulary import BEHAVIOURS, ELEMENT_IDS, SUPPORTING_ELEMENTS

HILL, THRESHOLD, LINEAR, DEGROOT = range(4)
SPLIT, MATURITY, LOCAL = range(3)
LARGE = 1e300
BACKGROUND, SOCIAL, TALK, BY_VISION, BY_PROTOTYPE, CEILING, SLIP_BACK, EVENTS = range(8)

_HARDNESS = {"perspective": -1.0, "participation": 0.0, "power": 1.0}
HARDNESS = np.array([_HARDNESS[behaviour.group] for behaviour in BEHAVIOURS])
IN_PERSPECTIVE = np.array([1.0 if behaviour.group == "perspective" else 0.0 for behaviour in BEHAVIOURS])
SUPPORT = np.array(
    [
        [
            1 / len(SUPPORTING_ELEMENTS[behaviour.id]) if element in SUPPORTING_ELEMENTS[behaviour.id] else 0.0
            for element in ELEMENT_IDS
        ]
        for behaviour in BEHAVIOURS
    ]
)
"""(9, 4): how much of each behaviour's support comes from each infrastructure element; rows sum to 1."""


@compiled
def influence_of(relative, steepness, kind):
    """Return Φ: how strongly an example moves, given how it stands to the threshold, q = z/th' (z where linear)."""
    if kind == HILL:
        raised = power(relative, steepness)
        return raised / (1.0 + raised) if raised < LARGE else 1.0
    if kind == THRESHOLD:
        return 1.0 if relative >= 1.0 else 0.0
    return relative


@compiled
def support_from_infrastructure(infrastructure):
    """Return G_b (9,): the infrastructure behind each behaviour."""
    support = np.zeros(SUPPORT.shape[0])
    for b in range(SUPPORT.shape[0]):
        for g in range(SUPPORT.shape[1]):
            support[b] += SUPPORT[b, g] * infrastructure[g]
    return support


@compiled
def speeds(trust_around, maturity, exponent, limit):
    """Return the speed at which peers teach and at which the partner leads."""
    if limit == MATURITY:
        speed = power(maturity, exponent)
        return speed, speed
    local = power(trust_around, exponent)
    if limit == LOCAL:
        return local, local
    return local, power(maturity, exponent)


@compiled
def look_around(example, i, seen, evidence, trust, neighbour_start, neighbour, neighbour_tie):
    """Sum trust × practice over the neighbours into `example` (9,); return the sums of trust and of trust × evidence.

    Nine running sums, and not an inner loop over behaviours, stay in registers: several times faster.
    """
    total = proof = x0 = x1 = x2 = x3 = x4 = x5 = x6 = x7 = x8 = 0.0
    for k in range(neighbour_start[i], neighbour_start[i + 1]):
        weight = trust[neighbour_tie[k]]
        j = neighbour[k]
        total += weight
        proof += weight * evidence[j]
        x0 += weight * seen[j, 0]
        x1 += weight * seen[j, 1]
        x2 += weight * seen[j, 2]
        x3 += weight * seen[j, 3]
        x4 += weight * seen[j, 4]
        x5 += weight * seen[j, 5]
        x6 += weight * seen[j, 6]
        x7 += weight * seen[j, 7]
        x8 += weight * seen[j, 8]
    example[0], example[1], example[2] = x0, x1, x2
    example[3], example[4], example[5] = x3, x4, x5
    example[6], example[7], example[8] = x6, x7, x8
    return total, proof


@compiled
def average_neighbours(next_practice, causes, practice, example, total, i, adoption_rate):
    """Move practice towards the trust-weighted mean of the neighbours' (DeGroot), and explain it."""
    for b in range(practice.shape[1]):
        step = adoption_rate * (example[b] / total - practice[i, b]) if total > 0.0 else 0.0
        next_practice[i, b] = share(practice[i, b] + step)
        if causes.shape[1] > 0:
            causes[SOCIAL, i, b] = step


@compiled
def update_practice(
    next_practice, next_effort, capped, causes,
    practice, mean_practice, trust, neighbour_start, neighbour, neighbour_tie, trust_around, maturity,
    headroom, rigidity, learning, evidence, thresholds, alive, order, infrastructure,
    energy, strategic_window, work, open_share, readiness, prototype, place_doses,
    influence, speed_limit, asynchronous,
    adoption_rate, background_drive, social_weight, behaviour_coupling, behaviour_difficulty, contagion_steepness,
    evidence_on_threshold, relationship_speed, shut_window_effect, talk_effect, vision_effect, prototype_effect,
    prototype_protection, ceiling_base, slip_back, slip_back_rigidity, slip_back_infrastructure, slip_back_learning,
):  # fmt: skip
    """Work out next month's practice (N, 9) and effort (N,), and, where asked, what each cause contributed.

    `order` (N,) is the order of updating, which matters only where it is asynchronous: then neighbours' newest
    practice is read.
    """
    explain = causes.shape[1] > 0
    support = support_from_infrastructure(infrastructure)
    easier = np.zeros(NUMBER_OF_BEHAVIOURS)
    ceiling = np.zeros(NUMBER_OF_BEHAVIOURS)
    exposed = np.zeros(NUMBER_OF_BEHAVIOURS)
    for b in range(NUMBER_OF_BEHAVIOURS):
        easier[b] = 1.0 / (1.0 + behaviour_difficulty * HARDNESS[b])
        ceiling[b] = ceiling_base + (1.0 - ceiling_base) * support[b]
        exposed[b] = 1.0 - slip_back_infrastructure * support[b]
    example = np.zeros(NUMBER_OF_BEHAVIOURS)
    place_window = shut_window_effect + (1.0 - shut_window_effect) * (1.0 if strategic_window[0] else 0.0)
    by_vision = vision_effect * place_doses[VISION] * place_window
    seen = practice
    if asynchronous == 1:
        seen = next_practice
        for i in range(practice.shape[0]):
            copy_into(next_practice[i], practice[i])
    for position in range(practice.shape[0]):
        i = order[position]
        if not alive[i]:
            continue
        total, proof = look_around(example, i, seen, evidence, trust, neighbour_start, neighbour, neighbour_tie)
        capped[i] = 0.0
        if influence == DEGROOT:
            next_effort[i] = 0.0
            average_neighbours(next_practice, causes, practice, example, total, i, adoption_rate)
            continue
        ties = neighbour_start[i + 1] - neighbour_start[i]
        h = headroom[i]
        known = min(1.0, evidence[i] + (proof / ties if ties > 0 else 0.0))
        eased = 1.0 / (thresholds[i] * (1.0 - evidence_on_threshold * known))
        peer_speed, led_speed = speeds(trust_around[i], maturity[i], relationship_speed, speed_limit)
        own_window = shut_window_effect + (1.0 - shut_window_effect) * (1.0 if energy[i] else 0.0)
        talk = led_speed * h * talk_effect * open_share[i] * work[i] * readiness[i]
        shielded = h + prototype_protection * (1.0 - h)
        trial = led_speed * prototype_effect * shielded * prototype[i] * own_window
        background = peer_speed * h * background_drive
        weight = peer_speed * h * social_weight
        slip = slip_back * (1.0 + slip_back_rigidity * rigidity[i]) * (1.0 - slip_back_learning * learning[i])
        near = (1.0 - behaviour_coupling) / ties if ties > 0 else 0.0
        own = behaviour_coupling * mean_practice[i]
        vision = led_speed * h * by_vision
        effort = 0.0
        at_limit = 0
        for b in range(NUMBER_OF_BEHAVIOURS):
            x = practice[i, b]
            relative = near * example[b] + own
            if influence != LINEAR:
                relative *= eased * easier[b]
            social = weight * influence_of(relative, contagion_steepness, influence)
            seeing = vision * IN_PERSPECTIVE[b]
            raw = background + social + talk + seeing + trial
            tried = min(1.0, raw) * max(ceiling[b] - x, 0.0)
            lost = slip * exposed[b] * x
            next_practice[i, b] = share(x + adoption_rate * tried - lost)
            effort += tried
            if raw >= 1.0:
                at_limit += 1
            if explain:
                part = adoption_rate * (min(1.0, 1.0 / raw) if raw > 0.0 else 1.0) * (1.0 - x)
                causes[BACKGROUND, i, b] = part * background
                causes[SOCIAL, i, b] = part * social
                causes[TALK, i, b] = part * talk
                causes[BY_VISION, i, b] = part * seeing
                causes[BY_PROTOTYPE, i, b] = part * trial
                causes[CEILING, i, b] = -adoption_rate * min(1.0, raw) * (1.0 - max(ceiling[b], x))
                causes[SLIP_BACK, i, b] = -lost
        next_effort[i] = effort / NUMBER_OF_BEHAVIOURS
        capped[i] = at_limit / NUMBER_OF_BEHAVIOURS
