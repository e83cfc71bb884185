"""R8: windows are open for their long-run share of months, opens/(opens + closes), from the first month on."""

import pytest

from simulation.parameters import BY_NAME
from simulation.scenario.place import Network
from tests.simulation.reductions.setting import set_course

NOBODY = Network(kind="none", council_ties=0, join_isolated=False)
TOLERANCE = 0.01


def default(name: str) -> float:
    return BY_NAME[name].default


@pytest.mark.parametrize(("opens", "closes"), [(default("energy_opens"), default("energy_closes")), (0.08, 0.06)])
def test_windows_of_energy(opens: float, closes: float) -> None:
    course = set_course(
        2_000, NOBODY, detail="months", months=300, settings={"energy_opens": opens, "energy_closes": closes}
    )
    energy = course.run().trajectory["energy"]
    assert abs(energy.mean() - opens / (opens + closes)) < TOLERANCE


def test_windows_of_energy_begin_at_that_share() -> None:
    course = set_course(40_000, NOBODY, detail="months", months=1)
    opens, closes = default("energy_opens"), default("energy_closes")
    assert abs(course.run().trajectory["energy"][0] - opens / (opens + closes)) < TOLERANCE


def test_the_strategic_window() -> None:
    shares = [
        set_course(1, NOBODY, seed=seed, detail="months").run(20_000).trajectory["strategic_window"].mean()
        for seed in range(10)
    ]
    opens, closes = default("strategic_opens"), default("strategic_closes")
    assert abs(sum(shares) / len(shares) - opens / (opens + closes)) < TOLERANCE
