"""Hold the compiled model against the five reference cases, to 1e-12, stepped and in one loop."""

import numpy as np
import pytest

from simulation.place import Place
from tests.worlds import FOLDER, cases, load_world, luck_of, route_of, scenario_of, start_of

SERIES = {
    "X": "practice", "T": "trust", "U": "partner_trust", "P": "pressure", "R": "rigidity",
    "Fs": "failure_demand_share", "G": "infrastructure", "Y": "evidence", "L": "learning", "W": "strategic_window",
    "reach": "reach", "XP": "perspective",
}  # fmt: skip


@pytest.mark.parametrize("way", ["step", "run"])
@pytest.mark.parametrize("name", sorted(cases()))
def test_reference_case(name: str, way: str) -> None:
    case, expected = cases()[name], np.load(FOLDER / "out" / f"{name}.npz")
    world = load_world(case["world"])
    scenario = scenario_of(world, case["params"], route_of(case["route"], case["policy"]))
    place = Place(scenario, detail="full", start=start_of(world, scenario), luck=luck_of(world))
    if way == "run":
        place.run()
    else:
        for _ in range(132):
            place.step()
    shown = place.trajectory
    for symbol, series in SERIES.items():
        np.testing.assert_allclose(shown[series], expected[symbol], rtol=0, atol=1e-12, err_msg=symbol)
    np.testing.assert_allclose(place.state.practice, expected["x_final"], rtol=0, atol=1e-12)
    np.testing.assert_allclose(place.state.trust, expected["T_final"], rtol=0, atol=1e-12)
    np.testing.assert_allclose(shown.practice[[12, 36, 72, 131]], expected["x_all"], rtol=0, atol=1e-12)
