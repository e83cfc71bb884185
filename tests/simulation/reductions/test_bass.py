"""R2: on a complete graph the model is Bass's diffusion of innovations, and with steepness 1 a saturating contagion.

All else off. The references are differential equations solved by scipy; the model steps by months, so its error shrinks
with the adoption rate.
"""

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from tests.simulation.reductions.setting import ALL_OFF, largest_gap, set_course

ORGANISATIONS = 40
BACKGROUND = 0.06


def solve(change, start: float, months: int) -> np.ndarray:
    """Return the solution of dx/dt = change(x) at the end of each month."""
    times = np.arange(1, months + 1)
    return solve_ivp(lambda _, x: change(x), (0, months), [start], t_eval=times, rtol=1e-10, atol=1e-12).y[0]


def bass_gap(adoption_rate: float) -> float:
    """Return how far the model strays from Bass's equation on its way from none to all."""
    months = round(8 / adoption_rate)
    course = set_course(
        ORGANISATIONS, structure={"influence": "linear"}, detail="months",
        settings={**ALL_OFF, "adoption_rate": adoption_rate, "background_drive": BACKGROUND, "social_weight": 1},
    )  # fmt: skip
    found = course.run(months).trajectory["practice"]
    expected = solve(lambda x: adoption_rate * (BACKGROUND + x) * (1 - x), 0, months)
    assert expected[-1] > 0.99
    return largest_gap(found, expected)


@pytest.mark.parametrize(("adoption_rate", "tolerance"), [(0.05, 0.02), (0.005, 0.002)])
def test_bass_diffusion(adoption_rate: float, tolerance: float) -> None:
    assert bass_gap(adoption_rate) < tolerance


def test_the_solver_gives_what_bass_wrote_down() -> None:
    innovation, imitation, months = 0.05 * BACKGROUND, 0.05, 160
    faded = np.exp(-(innovation + imitation) * np.arange(1, months + 1))
    closed = (1 - faded) / (1 + imitation / innovation * faded)
    assert largest_gap(solve(lambda x: (innovation + imitation * x) * (1 - x), 0, months), closed) < 1e-8


def test_steepness_one() -> None:
    rate, weight, threshold, first, months = 0.02, 0.8, 0.9, 0.02, 1_000
    course = set_course(
        ORGANISATIONS, practice=first, detail="months",
        settings={
            **ALL_OFF, "adoption_rate": rate, "social_weight": weight, "threshold": threshold, "contagion_steepness": 1,
        },
    )  # fmt: skip
    found = course.run(months).trajectory["practice"]
    expected = solve(lambda x: rate * weight * x / (x + threshold) * (1 - x), first, months)
    assert expected[-1] > 0.95
    assert largest_gap(found, expected) < 0.005
