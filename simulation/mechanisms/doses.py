"""Step 3: the partner's days become doses of its activities, after the access that trust gives.

    mix = prototype share / (prototype share + vision share), 0 when both are 0
    at_i = mix / number of sites (on a site) + (1 − mix)/N          where help, convening and reflection are spent
    help = d/(d + d_h), d = Q·share·at_i            convene, reflect = access · d/(d + d_h)
    prototype = access · d²/(d² + d_hp²), d = Q·share/number of sites, on sites only
    vision = D/(D + d_hv), rewire = D/(D + d_Gh), D = Q·share for the place
    access = u0 + (1 − u0) U          total = Σ of the five doses / (1 + Σ)
    ov: never 0; from a month on `talk_share`; adaptive `talk_share` where gate > `talk_readiness`

Q is the month's days, N how many organisations there are, U trust in the partner.
"""

from simulation.mechanisms.arithmetic import fill, half_saturating
from simulation.numba_cache import compiled
from simulation.state import NO_PHASE, PHASE, REWIRE, VISION

HELP, CONVENE, PROTOTYPE, FOR_VISION, REFLECT, FOR_REWIRE = range(6)
AT_SITES, WITH_NEIGHBOURS, ASSEMBLY = range(3)
NEVER, FROM_MONTH, ADAPTIVE = range(3)


@compiled
def mark_reached(reached, on_site, alive, neighbour_start, neighbour, convening):
    """Mark where the sites' part of convening goes: the sites, or also who is tied to them; return their number."""
    number = 0
    for i in range(on_site.shape[0]):
        reached[i] = on_site[i]
    if convening == WITH_NEIGHBOURS:
        for i in range(on_site.shape[0]):
            if on_site[i]:
                for k in range(neighbour_start[i], neighbour_start[i + 1]):
                    reached[neighbour[k]] = True
    for i in range(on_site.shape[0]):
        if reached[i] and alive[i]:
            number += 1
    return number


@compiled
def rest(help, convene, prototype, reflect, work, place_doses):
    """Set every dose to nothing, in place."""
    fill(help, 0.0)
    fill(convene, 0.0)
    fill(prototype, 0.0)
    fill(reflect, 0.0)
    fill(work, 0.0)
    fill(place_doses, 0.0)


@compiled
def update_doses(
    help, convene, prototype, reflect, work, place_doses,
    on_site, site_allowed, partner_memory, partner_trust, alive, neighbour_start, neighbour,
    phase_shares, days, convening,
    half_days, prototype_half_days, vision_half_days, rewire_half_days, access_without_trust, assembly_share,
):  # fmt: skip
    """Turn the month's days into doses (0-1), in place; `site_allowed` (N,) is scratch."""
    phase = partner_memory[PHASE]
    rest(help, convene, prototype, reflect, work, place_doses)
    if phase == NO_PHASE:
        return
    living = 0
    sites = 0
    for i in range(alive.shape[0]):
        if alive[i]:
            living += 1
            if on_site[i]:
                sites += 1
    shares = phase_shares[phase]
    spent = shares[PROTOTYPE] + shares[FOR_VISION]
    mix = shares[PROTOTYPE] / spent if spent > 0.0 else 0.0
    on_each_site = mix / sites if sites > 0 else 0.0
    everywhere = (1.0 - mix) / living if living > 0 else 0.0
    reached = mark_reached(site_allowed, on_site, alive, neighbour_start, neighbour, convening)
    on_each_reached = mix / reached if reached > 0 else 0.0
    assembled = assembly_share if convening == ASSEMBLY else 0.0
    assembly = half_saturating(days * shares[CONVENE] * (1.0 - mix) * assembled, vision_half_days)
    place_doses[VISION] = half_saturating(days * shares[FOR_VISION], vision_half_days)
    place_doses[REWIRE] = half_saturating(days * shares[FOR_REWIRE], rewire_half_days)
    per_site = days * shares[PROTOTYPE] / sites if sites > 0 else 0.0
    trial = half_saturating(per_site * per_site, prototype_half_days * prototype_half_days)
    for i in range(alive.shape[0]):
        if not alive[i]:
            continue
        access = access_without_trust + (1.0 - access_without_trust) * partner_trust[i]
        at = (on_each_site if on_site[i] else 0.0) + everywhere
        at_meetings = (on_each_reached if site_allowed[i] else 0.0) + everywhere * (1.0 - assembled)
        help[i] = half_saturating(days * shares[HELP] * at, half_days)
        divided = access * half_saturating(days * shares[CONVENE] * at_meetings, half_days)
        convene[i] = 1.0 - (1.0 - divided) * (1.0 - access * assembly) if assembly > 0.0 else divided
        reflect[i] = access * half_saturating(days * shares[REFLECT] * at, half_days)
        prototype[i] = access * trial if on_site[i] else 0.0
        doses = help[i] + convene[i] + prototype[i] + place_doses[VISION] + reflect[i]
        work[i] = doses / (1.0 + doses)


@compiled
def update_open_talk(
    open_share, partner_memory, readiness, alive, phase_talk, talk_from, programme_month, talk_share, talk_readiness
):  # fmt: skip
    """Set the share of the work in which behaviours are named, in place."""
    fill(open_share, 0.0)
    phase = partner_memory[PHASE]
    if phase == NO_PHASE:
        return
    talk = phase_talk[phase]
    for i in range(open_share.shape[0]):
        if not alive[i] or talk == NEVER:
            continue
        if talk == FROM_MONTH:
            open_share[i] = talk_share if programme_month >= talk_from else 0.0
        elif readiness[i] > talk_readiness:
            open_share[i] = talk_share
