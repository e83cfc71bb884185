"""Lay out what is kept of a run: one row of outcomes, one row a month."""

import numpy as np

from simulation.observation import Trajectory, outcomes
from simulation.record import SERIES
from simulation.state import Floats
from simulation.vocabulary import BEHAVIOUR_IDS, ELEMENT_IDS

PRACTICE_COLUMNS = tuple(f"practice_{behaviour}" for behaviour in BEHAVIOUR_IDS)
ELEMENT_COLUMNS = tuple(f"infrastructure_{element}" for element in ELEMENT_IDS)
READ_AT = (24, 60)
"""Programme months at which practice is read besides the last."""
MONTH_COLUMNS = (*SERIES, *PRACTICE_COLUMNS, *ELEMENT_COLUMNS)
RUN_COLUMNS = (
    *SERIES, "change", "collaborative", "take_off", "kept_after_exit", *PRACTICE_COLUMNS, *ELEMENT_COLUMNS,
    *(f"practice_{month}" for month in READ_AT),
)  # fmt: skip


def run_values(trajectory: Trajectory) -> Floats:
    """Return a run's outcomes in the order of `RUN_COLUMNS`; nan where one is not measured, infinity: not reached."""
    values = outcomes(trajectory)
    values |= dict(zip(PRACTICE_COLUMNS, trajectory.behaviours[-1].tolist(), strict=True))
    values |= dict(zip(ELEMENT_COLUMNS, trajectory.elements[-1].tolist(), strict=True))
    for month in READ_AT:
        values[f"practice_{month}"] = trajectory.at("practice", month) if month <= trajectory.months else float("nan")
    return np.array([values[name] for name in RUN_COLUMNS])


def month_values(trajectory: Trajectory) -> Floats:
    """Return what is kept by month, (months + 1, len(MONTH_COLUMNS)); row 0 is before the first programme month."""
    record = trajectory.record
    table = np.concatenate([record.series, record.behaviours, record.elements], axis=1)
    if trajectory.burn_in == 0:
        return np.concatenate([np.full((1, table.shape[1]), np.nan), table])
    return table[trajectory.burn_in - 1 :]
