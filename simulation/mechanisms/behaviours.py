"""Step 6: organisations take on behaviours by others' example and the partner's work, and slip back.

    th' = t (1 − ψ min(1, Y + nb(Y))) d_b          z = (1−λ) nb(x_b) + λ X          Φ = influence(z / th')
    peer = h (ε + w_c Φ)
    led  = h (b_o ov total gate + b_v vision Ŵ [perspective]) + b_p (h + prot (1−h)) prototype ê
    drive = min(1, nb(1)^ν peer + m^ν led)          you move at the speed of relationships
    K_b = k0 + (1 − k0) G_b
    x' = x + α drive max(K − x, 0) − d0 (1 + d_R R)(1 − r_G G_b)(1 − r_L l) x

Sources: complex contagion, Centola & Macy 2007; thresholds, Granovetter 1978.
"""

import math

import numpy as np

from simulation.compilation import compiled
from simulation.mechanisms.arithmetic import power, share
from simulation.state import VISION
from simulation.vocabulary import BEHAVIOURS, ELEMENT_IDS, SUPPORTING_ELEMENTS

HILL, THRESHOLD, LINEAR, DEGROOT = range(4)
SPLIT, MATURITY, LOCAL = range(3)
BACKGROUND, SOCIAL, TALK, BY_VISION, BY_PROTOTYPE, CEILING, SLIP_BACK, EVENTS = range(8)

_HARDNESS = {"perspective": -1.0, "participation": 0.0, "power": 1.0}
HARDNESS = np.array([_HARDNESS[behaviour.group] for behaviour in BEHAVIOURS])
IN_PERSPECTIVE = np.array([1.0 if behaviour.group == "perspective" else 0.0 for behaviour in BEHAVIOURS])
SUPPORT = np.array(
    [
        [
            1 / len(SUPPORTING_ELEMENTS[behaviour.id])
            if element in SUPPORTING_ELEMENTS[behaviour.id]
            else 0.0
            for element in ELEMENT_IDS
        ]
        for behaviour in BEHAVIOURS
    ]
)
"""(9, 4): how much of each behaviour's support comes from each infrastructure element; rows sum to 1."""


@compiled
def influence_of(example, threshold, steepness, kind):
    """Return Φ: how strongly an example z moves, given the threshold it has to pass."""
    if kind == LINEAR:
        return example
    relative = example / threshold
    if kind == THRESHOLD:
        return 1.0 if relative >= 1.0 else 0.0
    raised = power(relative, steepness)
    return 1.0 if math.isinf(raised) else raised / (1.0 + raised)


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
def evidence_near(i, evidence, trust, neighbour_start, neighbour, neighbour_tie):
    """Return min(1, Y + nb(Y)): the evidence an organisation sees."""
    around = 0.0
    for k in range(neighbour_start[i], neighbour_start[i + 1]):
        around += trust[neighbour_tie[k]] * evidence[neighbour[k]]
    ties = neighbour_start[i + 1] - neighbour_start[i]
    return min(1.0, evidence[i] + (around / ties if ties > 0 else 0.0))


@compiled
def example_around(example, i, seen, trust, neighbour_start, neighbour, neighbour_tie):
    """Sum trust × practice over the neighbours into `example` (9,); return the sum of trust."""
    example[:] = 0.0
    total = 0.0
    for k in range(neighbour_start[i], neighbour_start[i + 1]):
        weight = trust[neighbour_tie[k]]
        j = neighbour[k]
        total += weight
        for b in range(example.shape[0]):
            example[b] += weight * seen[j, b]
    return total


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
    behaviours = practice.shape[1]
    explain = causes.shape[1] > 0
    support = support_from_infrastructure(infrastructure)
    example = np.zeros(behaviours)
    place_window = shut_window_effect + (1.0 - shut_window_effect) * (1.0 if strategic_window[0] else 0.0)
    by_vision = vision_effect * place_doses[VISION] * place_window
    if asynchronous == 1:
        next_practice[:, :] = practice
    seen = next_practice if asynchronous == 1 else practice
    for position in range(practice.shape[0]):
        i = order[position]
        if not alive[i]:
            continue
        total = example_around(example, i, seen, trust, neighbour_start, neighbour, neighbour_tie)
        capped[i] = 0.0
        if influence == DEGROOT:
            next_effort[i] = 0.0
            average_neighbours(next_practice, causes, practice, example, total, i, adoption_rate)
            continue
        ties = neighbour_start[i + 1] - neighbour_start[i]
        h = headroom[i]
        eased = thresholds[i] * (
            1.0
            - evidence_on_threshold
            * evidence_near(i, evidence, trust, neighbour_start, neighbour, neighbour_tie)
        )
        peer_speed, led_speed = speeds(trust_around[i], maturity[i], relationship_speed, speed_limit)
        own_window = shut_window_effect + (1.0 - shut_window_effect) * (1.0 if energy[i] else 0.0)
        talk = led_speed * h * talk_effect * open_share[i] * work[i] * readiness[i]
        shielded = h + prototype_protection * (1.0 - h)
        trial = led_speed * prototype_effect * shielded * prototype[i] * own_window
        background = peer_speed * h * background_drive
        slip = slip_back * (1.0 + slip_back_rigidity * rigidity[i]) * (1.0 - slip_back_learning * learning[i])
        effort = 0.0
        for b in range(behaviours):
            x = practice[i, b]
            near = (1.0 - behaviour_coupling) * (example[b] / ties if ties > 0 else 0.0)
            threshold = eased * (1.0 + behaviour_difficulty * HARDNESS[b])
            moved = influence_of(
                near + behaviour_coupling * mean_practice[i], threshold, contagion_steepness, influence
            )
            social = peer_speed * h * social_weight * moved
            vision = led_speed * h * by_vision * IN_PERSPECTIVE[b]
            raw = background + social + talk + vision + trial
            drive = min(1.0, raw)
            ceiling = ceiling_base + (1.0 - ceiling_base) * support[b]
            room = max(ceiling - x, 0.0)
            lost = slip * (1.0 - slip_back_infrastructure * support[b]) * x
            next_practice[i, b] = share(x + adoption_rate * drive * room - lost)
            effort += drive * room
            if raw >= 1.0:
                capped[i] += 1.0 / behaviours
            if explain:
                part = adoption_rate * (min(1.0, 1.0 / raw) if raw > 0.0 else 1.0) * (1.0 - x)
                causes[BACKGROUND, i, b] = part * background
                causes[SOCIAL, i, b] = part * social
                causes[TALK, i, b] = part * talk
                causes[BY_VISION, i, b] = part * vision
                causes[BY_PROTOTYPE, i, b] = part * trial
                causes[CEILING, i, b] = -adoption_rate * drive * (1.0 - max(ceiling, x))
                causes[SLIP_BACK, i, b] = -lost
        next_effort[i] = effort / behaviours
