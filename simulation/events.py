"""Apply the events that change the state of organisations and relationships, at the start of a month.

Absolute demand (size × value demand) is conserved when an organisation closes or two merge.
"""

from collections.abc import Sequence

import numpy as np

from simulation.conditions import affected
from simulation.mechanisms.behaviours import EVENTS, support_from_infrastructure
from simulation.scenario.events import ChampionLeaves, Closure, Event, Merger, Restructure
from simulation.state import Flags, State, build_neighbours

INTENSIVE = (
    "failure_demand", "felt_pressure", "demand_noise_now", "disruption", "learning", "evidence", "partner_trust",
    "effort", "rationed", "backlog", "thresholds", "practice_at_start", "value_demand", "capacity",
)  # fmt: skip
"""States and traits of one number that are averaged by size when two organisations merge."""


def changes_state(event: Event) -> bool:
    """Tell whether an event changes the state directly, rather than what comes from outside."""
    return isinstance(event, ChampionLeaves | Closure | Merger | Restructure)


def apply_event(
    state: State,
    event: Event,
    *,
    ids: Sequence[str],
    kinds: Sequence[str],
    held: float,
    limit: float,
    level_shift: float = 1.0,
) -> None:
    """Apply an event to the state, in place.

    `held` is the share of slip-back that full infrastructure holds; `limit` the most capacity disruption can take;
    `level_shift` the ratio of the demand level that a merged organisation has from now on to the one it had.
    An organisation that is no longer there is passed over.
    """
    if isinstance(event, Closure):
        close(state, ids.index(event.organisation))
    elif isinstance(event, Merger):
        merge(
            state,
            ids.index(event.organisation),
            ids.index(event.into),
            disruption=event.disruption,
            limit=limit,
            level_shift=level_shift,
        )
    elif isinstance(event, Restructure):
        scale_trust(state, affected(event, ids, kinds), event.trust_kept)
    elif isinstance(event, ChampionLeaves):
        lose_champion(state, affected(event, ids, kinds), event, held)


def scale_trust(state: State, rows: Flags, kept: float) -> None:
    """Multiply trust by `kept` in every relationship of the organisations in `rows`, once for each end."""
    rows = rows & state.alive
    state.trust[:] = state.trust * np.where(rows[state.tie_from], kept, 1.0) * np.where(rows[state.tie_to], kept, 1.0)


def lose_champion(state: State, rows: Flags, event: ChampionLeaves, held: float) -> None:
    """Take away a person who carried the change; infrastructure holds part of the practice."""
    rows = rows & state.alive
    state.learning[rows] *= event.kept
    state.partner_trust[rows] *= event.kept
    scale_trust(state, rows, event.trust_kept)
    lost = event.practice_lost * (1 - held * support_from_infrastructure(state.infrastructure))
    before = state.practice[rows]
    state.practice[rows] = before * (1 - lost)
    if state.causes.shape[1]:
        state.causes[EVENTS, rows] += state.practice[rows] - before


def close(state: State, i: int) -> None:
    """Close organisation i: its neighbours take on its demand by trust; without relationships it is lost from view."""
    if not state.alive[i]:
        return
    ties = slice(state.neighbour_start[i], state.neighbour_start[i + 1])
    neighbours, trust = state.neighbour[ties], state.trust[state.neighbour_tie[ties]]
    if len(neighbours):
        shares = trust / trust.sum() if trust.sum() > 0 else np.full(len(trust), 1 / len(trust))
        for j, share in zip(neighbours, shares, strict=True):
            weight = share * state.size[i] / state.size[j]
            _take_on(state, int(j), weight * state.value_demand[i])
            state.failure_demand[j] += weight * state.failure_demand[i]
            state.backlog[j] += weight * state.backlog[i]
    else:
        state.lost_demand[0] += state.size[i] * state.value_demand[i]
    _remove(state, i)
    state.size[:] = state.size / (state.size.sum() or 1.0)


def _take_on(state: State, j: int, demand: float) -> None:
    """Add to an organisation's value demand now and, in proportion, from now on."""
    grown = state.value_demand[j] + demand
    state.base_demand[j] *= grown / state.value_demand[j]
    state.value_demand[j] = grown


def merge(state: State, j: int, i: int, *, disruption: float, limit: float, level_shift: float = 1.0) -> None:
    """Merge organisation j into i: states are averaged by size, ties take the larger trust, and both are disrupted."""
    if i == j or not (state.alive[i] and state.alive[j]):
        return
    weight = state.size[j] / (state.size[i] + state.size[j])
    level = level_shift * state.value_demand[i] / (state.base_demand[i] * np.exp(state.demand_noise_now[i]))
    for name in INTENSIVE:
        values = getattr(state, name)
        values[i] += weight * (values[j] - values[i])
    before = state.practice[i].copy()
    state.practice[i] += weight * (state.practice[j] - state.practice[i])
    if state.causes.shape[1]:
        state.causes[EVENTS, i] += state.practice[i] - before
    state.base_demand[i] = state.value_demand[i] / (level * np.exp(state.demand_noise_now[i]))
    state.disruption[i] = min(limit, state.disruption[i] + disruption)
    state.size[i] += state.size[j]
    state.on_site[i] |= state.on_site[j]
    _move_ties(state, j, i)
    if state.council[0] == j:
        state.council[0] = i
    _remove(state, j)


def _move_ties(state: State, j: int, i: int) -> None:
    """Hand j's relationships over to i; where both had one, the larger trust stays."""
    ties = lambda k: range(state.neighbour_start[k], state.neighbour_start[k + 1])  # noqa: E731
    of_i = {int(state.neighbour[k]): int(state.neighbour_tie[k]) for k in ties(i)}
    for k in ties(j):
        other, tie = int(state.neighbour[k]), int(state.neighbour_tie[k])
        if other == i:
            state.tie_alive[tie] = False
        elif other in of_i:
            state.trust[of_i[other]] = max(state.trust[of_i[other]], state.trust[tie])
            state.tie_alive[tie] = False
        else:
            state.tie_from[tie], state.tie_to[tie] = i, other


def _remove(state: State, i: int) -> None:
    """Take an organisation out of the living and its ties with it, in place."""
    state.alive[i] = False
    state.on_site[i] = False
    state.size[i] = 0.0
    if state.council[0] == i:
        state.council[0] = -1
    state.tie_alive[(state.tie_from == i) | (state.tie_to == i)] = False
    state.trust[~state.tie_alive] = 0.0
    if state.causes.shape[1]:
        state.causes[:, i] = 0.0
    start, neighbour, tie = build_neighbours(state.tie_from, state.tie_to, state.tie_alive, len(state.alive))
    state.neighbour_start[:], state.neighbour[:], state.neighbour_tie[:] = start, neighbour, tie
    state.tied_to_council[:] = 0.0
    if state.council[0] >= 0:
        council = state.council[0]
        rows = state.neighbour[state.neighbour_start[council] : state.neighbour_start[council + 1]]
        state.tied_to_council[rows] = 1.0
