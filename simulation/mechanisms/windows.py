"""Step 1: windows of energy open and shut, in each organisation and in the place.

An open window shuts with probability `closes`, a shut one opens with `opens`; in the first month it is open with the
long-run share opens / (opens + closes). An event may hold the place's window open or shut.
"""

from simulation.numba_cache import compiled


@compiled
def window_next(is_open, luck, opens, closes, first):
    """Return whether a window is open now; `luck` is uniform on 0-1."""
    if first:
        return luck < opens / (opens + closes) if opens + closes > 0.0 else False
    return not (luck < closes) if is_open else luck < opens


@compiled
def update_windows(
    energy, strategic_window, energy_luck, strategic_luck, month, strategic_hold,
    energy_opens, energy_closes, strategic_opens, strategic_closes,
):  # fmt: skip
    """Open and shut all windows for this month, in place.

    `strategic_hold` is -1 for no event, 0 to hold the place's window shut, 1 to hold it open.
    """
    first = month == 0
    for i in range(energy.shape[0]):
        energy[i] = window_next(energy[i], energy_luck[i], energy_opens, energy_closes, first)
    strategic_window[0] = window_next(strategic_window[0], strategic_luck, strategic_opens, strategic_closes, first)
    if strategic_hold >= 0:
        strategic_window[0] = strategic_hold == 1
