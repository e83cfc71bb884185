"""Lay out what is recorded of a run: names of its columns, and empty arrays."""

from typing import NamedTuple

import numpy as np

from simulation.state import NUMBER_OF_BEHAVIOURS, NUMBER_OF_ELEMENTS, Floats

SERIES = (
    "practice", "perspective", "power", "participation", "reach", "gained", "trust", "partner_trust", "pressure",
    "felt_pressure", "rigidity", "failure_demand_share", "value_demand", "infrastructure", "evidence", "learning",
    "effort", "strategic_window", "energy", "breaches", "capped", "unmet_need", "lost_demand", "living",
)  # fmt: skip
"""Columns of `Record.series`."""
(
    PRACTICE, PERSPECTIVE, POWER, PARTICIPATION, REACH, GAINED, TRUST, PARTNER_TRUST, PRESSURE,
    FELT_PRESSURE, RIGIDITY, FAILURE_SHARE, VALUE_DEMAND, INFRASTRUCTURE, EVIDENCE, LEARNING,
    EFFORT, WINDOW, ENERGY, BREACHES, CAPPED, UNMET, LOST, LIVING,
) = range(len(SERIES))  # fmt: skip

BY_ORGANISATION = (
    "practice", "pressure", "felt_pressure", "rigidity", "failure_demand_share", "partner_trust", "learning",
    "evidence", "maturity", "help", "convene", "prototype", "reflect", "on_site", "energy", "alive",
)  # fmt: skip
"""First axis of `Record.by_organisation`."""

REACHED = 0.3
"""Mean practice above which the behaviours have reached an organisation."""
GAINED_BY = 0.1
"""Gain of mean practice since the programme's start that counts as a gain."""


class Record(NamedTuple):
    """Arrays filled month by month; those not asked for have no rows."""

    series: Floats  # (months, len(SERIES))
    behaviours: Floats  # (months, 9) mean over organisations
    elements: Floats  # (months, 4)
    by_organisation: Floats  # (months, len(BY_ORGANISATION), N)
    practice: Floats  # (months, N, 9)
    trust: Floats  # (months, L)
    causes: Floats  # (months, 8, N, 9)


def new_record(months: int, organisations: int, links: int, *, detail: str, explain: bool) -> Record:
    """Return an empty record; `detail` is "months", "organisations" or "full"."""
    some = months if detail in ("organisations", "full") else 0
    full = months if detail == "full" else 0
    return Record(
        series=np.full((months, len(SERIES)), np.nan),
        behaviours=np.full((months, NUMBER_OF_BEHAVIOURS), np.nan),
        elements=np.full((months, NUMBER_OF_ELEMENTS), np.nan),
        by_organisation=np.full((some, len(BY_ORGANISATION), organisations), np.nan),
        practice=np.full((full, organisations, NUMBER_OF_BEHAVIOURS), np.nan),
        trust=np.full((full, links), np.nan),
        causes=np.zeros((full if explain else 0, 8, organisations, NUMBER_OF_BEHAVIOURS)),
    )
