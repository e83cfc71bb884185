"""Hold a place as arrays: organisations × behaviours, relationships, infrastructure, and what a month derives.

Shapes: N organisations, L relationships, 9 behaviours, 4 infrastructure elements. All floats are 64-bit. Arrays never
shrink: an organisation that closes or merges leaves its row with `alive` False, a relationship with `tie_alive` False.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulation.vocabulary import BEHAVIOURS, ELEMENTS

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]
Rows = NDArray[np.uint32]
"""Rows of organisations or ties: unsigned, so that compiled code need not ask whether an index is negative."""

NUMBER_OF_BEHAVIOURS = len(BEHAVIOURS)
NUMBER_OF_ELEMENTS = len(ELEMENTS)

CAUSES = ("background", "social", "talk", "vision", "prototype", "ceiling", "slip_back", "events")
"""Parts that a month's change of practice is split into, in the order of `State.causes`."""

# What the partner remembers from month to month: positions in `State.partner_memory`.
PHASE, CHOOSE_SITES, BREADTH_LEFT, DEPTH_LEFT, LAST_PHASE = range(5)
NO_PHASE = -1
# What the partner does for the whole place this month: positions in `State.place_doses`.
VISION, REWIRE = range(2)


class State(NamedTuple):
    """Everything that changes, and the traits and ties that it changes by."""

    # Organisations: state
    practice: Floats  # (N, 9)
    failure_demand: Floats  # (N,) share of baseline capacity
    felt_pressure: Floats  # (N,)
    demand_noise_now: Floats  # (N,) log
    disruption: Floats  # (N,) share of capacity
    learning: Floats  # (N,)
    evidence: Floats  # (N,)
    partner_trust: Floats  # (N,)
    energy: Flags  # (N,) window open
    effort: Floats  # (N,) last month's
    rationed: Floats  # (N,) share of value demand turned away
    backlog: Floats  # (N,) unmet need that will return
    # Organisations: traits
    thresholds: Floats  # (N,)
    threshold_luck: Floats  # (N,) its draw; breaks ties among sites
    site_luck: Floats  # (N,) orders sites that are chosen at random
    size: Floats  # (N,) sums to 1 over the living
    base_demand: Floats  # (N,) value demand before growth, shocks and noise
    alive: Flags  # (N,)
    tied_to_council: Floats  # (N,) 1 or 0
    council: Integers  # (1,) row of the council, -1 for none
    practice_at_start: Floats  # (N,) mean practice at programme month 0
    # Relationships
    tie_from: Rows  # (L,)
    tie_to: Rows  # (L,)
    trust: Floats  # (L,)
    tie_alive: Flags  # (L,)
    neighbour_start: Integers  # (N + 1,) rows of `neighbour` by organisation
    neighbour: Rows  # (2L,)
    neighbour_tie: Rows  # (2L,)
    # Place
    infrastructure: Floats  # (4,)
    strategic_window: Flags  # (1,)
    lost_demand: Floats  # (1,) demand of closed organisations that nobody took over, share of the place
    place_noise_now: Floats  # (1,) log
    # Learning partner
    partner_memory: Integers  # (5,)
    on_site: Flags  # (N,)
    site_score: Floats  # (N,) scratch
    site_allowed: Flags  # (N,) scratch
    # Derived this month
    value_demand: Floats  # (N,)
    capacity: Floats  # (N,)
    mean_practice: Floats  # (N,) X
    joint_effect: Floats  # (N,) E
    trust_around: Floats  # (N,) nb(1)
    pressure: Floats  # (N,)
    rigidity: Floats  # (N,)
    headroom: Floats  # (N,)
    maturity: Floats  # (N,)
    failure_share: Floats  # (N,) F'/(V+F')
    returned: Floats  # (N,) crisis demand from unmet need
    unmet_need: Floats  # (N,)
    readiness: Floats  # (N,) gate of open talk
    open_share: Floats  # (N,)
    help: Floats  # (N,) dose
    convene: Floats  # (N,) dose
    prototype: Floats  # (N,) dose
    reflect: Floats  # (N,) dose
    work: Floats  # (N,) all doses together, saturating
    place_doses: Floats  # (2,) vision, rewire
    breached: Flags  # (L,)
    capped: Floats  # (N,) share of behaviours whose drive met its limit
    # Next month's, until the month turns
    next_practice: Floats
    next_effort: Floats
    next_learning: Floats
    next_evidence: Floats
    next_partner_trust: Floats
    next_trust: Floats
    next_infrastructure: Floats
    # Parts of this month's change of practice, (8, N, 9); (8, 0, 9) when not asked for
    causes: Floats


def copy_state(state: State) -> State:
    """Return a state with arrays of its own."""
    arrays: Any = (array.copy() for array in state)
    return State(*arrays)


def build_neighbours(
    tie_from: Integers | Rows, tie_to: Integers | Rows, tie_alive: Flags, organisations: int
) -> tuple[Integers, Rows, Rows]:
    """Return each organisation's neighbours and their ties as rows (compressed), in order of tie.

    Returns `neighbour_start` (N+1,), `neighbour` (2L,) and `neighbour_tie` (2L,); dead ties leave zeros at the tail.
    """
    ties = np.flatnonzero(tie_alive)
    ends = np.concatenate([tie_from[ties], tie_to[ties]])
    others = np.concatenate([tie_to[ties], tie_from[ties]])
    which = np.concatenate([ties, ties])
    order = np.lexsort((which, ends))
    start = np.zeros(organisations + 1, dtype=np.int64)
    np.cumsum(np.bincount(ends, minlength=organisations), out=start[1:])
    neighbour = np.zeros(2 * len(tie_from), dtype=np.uint32)
    neighbour_tie = np.zeros(2 * len(tie_from), dtype=np.uint32)
    neighbour[: len(order)] = others[order]
    neighbour_tie[: len(order)] = which[order]
    return start, neighbour, neighbour_tie


def build_state(
    *,
    practice: Floats,
    trust: Floats,
    tie_from: Integers,
    tie_to: Integers,
    size: Floats,
    threshold: Floats,
    threshold_luck: Floats,
    site_luck: Floats,
    council: int,
    base_demand: float,
    failure_ratio: float,
    initial_partner_trust: float,
    initial_infrastructure: float,
    explain: bool = False,
) -> State:
    """Return the state of a place before its first month."""
    n, links = len(size), len(trust)
    zeros = lambda: np.zeros(n)  # noqa: E731
    tie_alive = np.ones(links, dtype=np.bool_)
    start, neighbour, neighbour_tie = build_neighbours(tie_from, tie_to, tie_alive, n)
    tied = np.zeros(n)
    if council >= 0:
        tied[neighbour[start[council] : start[council + 1]]] = 1.0
    return State(
        practice=np.ascontiguousarray(practice, dtype=np.float64).copy(),
        failure_demand=np.full(n, base_demand * failure_ratio),
        felt_pressure=np.full(n, base_demand * (1 + failure_ratio)),
        demand_noise_now=zeros(),
        disruption=zeros(),
        learning=zeros(),
        evidence=zeros(),
        partner_trust=np.full(n, float(initial_partner_trust)),
        energy=np.zeros(n, dtype=np.bool_),
        effort=zeros(),
        rationed=zeros(),
        backlog=zeros(),
        thresholds=np.array(threshold, dtype=np.float64),
        threshold_luck=np.array(threshold_luck, dtype=np.float64),
        site_luck=np.array(site_luck, dtype=np.float64),
        size=np.asarray(size, dtype=np.float64) / np.sum(size),
        base_demand=np.full(n, float(base_demand)),
        alive=np.ones(n, dtype=np.bool_),
        tied_to_council=tied,
        council=np.array([council], dtype=np.int64),
        practice_at_start=np.asarray(practice, dtype=np.float64).mean(axis=1),
        tie_from=np.array(tie_from, dtype=np.uint32),
        tie_to=np.array(tie_to, dtype=np.uint32),
        trust=np.array(trust, dtype=np.float64),
        tie_alive=tie_alive,
        neighbour_start=start,
        neighbour=neighbour,
        neighbour_tie=neighbour_tie,
        infrastructure=np.full(NUMBER_OF_ELEMENTS, float(initial_infrastructure)),
        strategic_window=np.zeros(1, dtype=np.bool_),
        lost_demand=np.zeros(1),
        place_noise_now=np.zeros(1),
        partner_memory=np.array([NO_PHASE, 0, 0, 0, NO_PHASE], dtype=np.int64),
        on_site=np.zeros(n, dtype=np.bool_),
        site_score=zeros(),
        site_allowed=np.zeros(n, dtype=np.bool_),
        value_demand=np.full(n, float(base_demand)),
        capacity=np.ones(n),
        mean_practice=zeros(),
        joint_effect=zeros(),
        trust_around=zeros(),
        pressure=zeros(),
        rigidity=zeros(),
        headroom=zeros(),
        maturity=zeros(),
        failure_share=zeros(),
        returned=zeros(),
        unmet_need=zeros(),
        readiness=zeros(),
        open_share=zeros(),
        help=zeros(),
        convene=zeros(),
        prototype=zeros(),
        reflect=zeros(),
        work=zeros(),
        place_doses=np.zeros(2),
        breached=np.zeros(links, dtype=np.bool_),
        capped=zeros(),
        next_practice=np.zeros((n, NUMBER_OF_BEHAVIOURS)),
        next_effort=zeros(),
        next_learning=zeros(),
        next_evidence=zeros(),
        next_partner_trust=zeros(),
        next_trust=np.zeros(links),
        next_infrastructure=np.zeros(NUMBER_OF_ELEMENTS),
        causes=np.zeros((len(CAUSES), n if explain else 0, NUMBER_OF_BEHAVIOURS)),
    )
