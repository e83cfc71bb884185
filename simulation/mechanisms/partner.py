"""Step 3: the learning partner's month: which phase it is in, which sites it works on, where its days go.

The phase is the one that contains the programme month p. An opportunistic route pools its first two phases, breadth
and depth: breadth in a month whose strategic window is open while breadth months are left, or when depth months are
used up, else depth. Sites are chosen when a phase begins (opportunistic: also when a spell of depth begins; a spell of
breadth after it keeps them). Where a phase keeps its sites and there are none, they are chosen. Nobody is a site in a
month without a partner.
"""

from simulation.mechanisms.arithmetic import any_of, copy_into, fill
from simulation.numba_cache import compiled
from simulation.state import BREADTH_LEFT, CHOOSE_SITES, DEPTH_LEFT, LAST_PHASE, NO_PHASE, PHASE

BREADTH, DEPTH = 0, 1
CHOOSE, KEEP, NAMED = range(3)
STANDING, ENERGY, SCATTERED, CLUSTERED = range(4)
FIRST, RANKED, OUT = range(3)


@compiled
def phase_in_sequence(phase_months, programme_month, begin):
    """Return the phase that contains the month when phases from `begin` on follow one another, or NO_PHASE."""
    left = programme_month
    for phase in range(begin, phase_months.shape[0]):
        if left < phase_months[phase]:
            return phase
        left -= phase_months[phase]
    return NO_PHASE


@compiled
def choose_phase(partner_memory, strategic_window, programme_month, opportunistic, phase_months):
    """Set this month's phase, and whether sites are to be chosen, in `partner_memory`."""
    memory = partner_memory
    memory[CHOOSE_SITES] = 0
    memory[LAST_PHASE] = memory[PHASE]
    memory[PHASE] = NO_PHASE
    if programme_month < 0:
        return
    if opportunistic == 1 and phase_months.shape[0] >= 2:
        if programme_month == 0:
            memory[BREADTH_LEFT] = phase_months[BREADTH]
            memory[DEPTH_LEFT] = phase_months[DEPTH]
        pooled = phase_months[BREADTH] + phase_months[DEPTH]
        if programme_month < pooled:
            wide = memory[BREADTH_LEFT] > 0 and (strategic_window[0] or memory[DEPTH_LEFT] == 0)
            memory[PHASE] = BREADTH if wide else DEPTH
            memory[BREADTH_LEFT if wide else DEPTH_LEFT] -= 1
        else:
            memory[PHASE] = phase_in_sequence(phase_months, programme_month - pooled, 2)
    else:
        memory[PHASE] = phase_in_sequence(phase_months, programme_month, 0)
    back_to_breadth = opportunistic == 1 and memory[LAST_PHASE] == DEPTH and memory[PHASE] == BREADTH
    if memory[PHASE] != NO_PHASE and memory[PHASE] != memory[LAST_PHASE] and not back_to_breadth:
        memory[CHOOSE_SITES] = 1


@compiled
def better(a, b, score, luck):
    """Tell whether site a stands before b: by score, then by the draw."""
    return score[a] > score[b] or (score[a] == score[b] and luck[a] > luck[b])


@compiled
def mark_best(on_site, score, luck, allowed, number):
    """Mark the `number` best of the allowed organisations, in place."""
    for _ in range(number):
        best = -1
        for i in range(score.shape[0]):
            if allowed[i] and not on_site[i] and (best < 0 or better(i, best, score, luck)):
                best = i
        if best < 0:
            return
        on_site[best] = True


@compiled
def score_sites(
    score, rule, mean_practice, partner_trust, thresholds, tied_to_council, energy, site_luck, allowed, council,
    neighbour_start, neighbour, site_trust_weight, site_council_weight,
):  # fmt: skip
    """Score every organisation as a site, in place: higher is chosen first."""
    if rule in (STANDING, ENERGY):
        for i in range(score.shape[0]):
            score[i] = mean_practice[i] + site_trust_weight * partner_trust[i] - thresholds[i]
            score[i] += site_council_weight * tied_to_council[i]
            if rule == ENERGY and energy[i]:
                score[i] += 1.0
        return
    copy_into(score, site_luck)
    if rule == CLUSTERED:
        centre = -1
        for i in range(score.shape[0]):
            if allowed[i] and i != council[0] and (centre < 0 or site_luck[i] > site_luck[centre]):
                centre = i
        if centre >= 0:
            score[centre] += 2.0
            for k in range(neighbour_start[centre], neighbour_start[centre + 1]):
                score[neighbour[k]] += 1.0


@compiled
def choose_sites(
    on_site, partner_memory, mean_practice, partner_trust, thresholds, threshold_luck, site_luck, tied_to_council,
    energy, alive, council, neighbour_start, neighbour, site_score, site_allowed,
    number_of_sites, site_rule, council_rule, phase_site_mode, phase_named_sites,
    site_trust_weight, site_council_weight,
):  # fmt: skip
    """Choose the sites when it is time to, in place; `site_score` and `site_allowed` (N,) are scratch."""
    for i in range(on_site.shape[0]):
        if not alive[i]:
            on_site[i] = False
    phase = partner_memory[PHASE]
    if phase == NO_PHASE:
        fill(on_site, False)
        return
    if partner_memory[CHOOSE_SITES] == 0 or (phase_site_mode[phase] == KEEP and any_of(on_site)):
        return
    if phase_site_mode[phase] == NAMED:
        for i in range(on_site.shape[0]):
            on_site[i] = phase_named_sites[phase, i] and alive[i]
        return
    the_council = council[0]
    fill(on_site, False)
    for i in range(on_site.shape[0]):
        site_allowed[i] = alive[i] and not (council_rule == OUT and i == the_council)
    score_sites(
        site_score, site_rule, mean_practice, partner_trust, thresholds, tied_to_council, energy, site_luck,
        site_allowed, council, neighbour_start, neighbour, site_trust_weight, site_council_weight,
    )  # fmt: skip
    number = number_of_sites
    if council_rule == FIRST and number > 0 and the_council >= 0 and alive[the_council]:
        on_site[the_council] = True
        number -= 1
    mark_best(on_site, site_score, threshold_luck, site_allowed, number)
