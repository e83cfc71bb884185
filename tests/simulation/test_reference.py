"""Hold the compiled model, stepped and in one loop, and the plain version to the reference cases, within 1e-12.

The compiled model has the five of version 1, the plain version those of version 2 too.
"""

from typing import Any

import numpy as np
import pytest

from simulation.place import Place
from tests.plain.model import run as plain_run
from tests.worlds import FOLDER, cases, load_world, luck_of, route_of, scenario_of, start_of

SERIES = {
    "X": "practice", "T": "trust", "U": "partner_trust", "P": "pressure", "R": "rigidity",
    "Fs": "failure_demand_share", "G": "infrastructure", "Y": "evidence", "L": "learning", "W": "strategic_window",
    "reach": "reach", "XP": "perspective",
}  # fmt: skip
ENDS = ("x_final", "T_final", "x_all")
SECOND = FOLDER.parent / "reference2"
ADDED = ("ties", "made", "lost", "x9", "G4")
"""What version 2 shows besides."""
SYMBOLS = {
    "n": "hill", "rk": "k_back", "kmax": "k_max", "lh": "l_floor", "ly": "Y_floor", "ovg": "gate_open", "sU": "site_U",
    "sC": "site_tie",
}  # fmt: skip
"""Symbols of its cases that the plain version spells in its own way."""


def plain(case: dict[str, Any]) -> dict[str, Any]:
    """Return what the plain version shows of a case, by symbol."""
    found = plain_run(load_world(case["world"]), case["params"], case["route"], case["policy"])
    return found | {"x_all": found["practice"][[12, 36, 72, 131]]}


def compiled(case: dict[str, Any], *, step: bool) -> dict[str, Any]:
    """Return what the compiled model shows of a case, by symbol."""
    world = load_world(case["world"])
    scenario = scenario_of(world, case["params"], route_of(case["route"], case["policy"]))
    place = Place(scenario, detail="full", start=start_of(world, scenario), luck=luck_of(world))
    if step:
        for _ in range(132):
            place.step()
    else:
        place.run()
    shown, state = place.trajectory, place.state
    ends = (state.practice, state.trust, shown.practice[[12, 36, 72, 131]])
    return {symbol: shown[series] for symbol, series in SERIES.items()} | dict(zip(ENDS, ends, strict=True))


@pytest.mark.parametrize("way", ["plain", "step", "run"])
@pytest.mark.parametrize("name", sorted(cases()))
def test_reference_case(name: str, way: str) -> None:
    expected = np.load(FOLDER / "out" / f"{name}.npz")
    found = plain(cases()[name]) if way == "plain" else compiled(cases()[name], step=way == "step")
    for symbol in (*SERIES, *ENDS):
        np.testing.assert_allclose(found[symbol], expected[symbol], rtol=0, atol=1e-12, err_msg=symbol)


@pytest.mark.parametrize("name", sorted(cases(SECOND)))
def test_reference_case_of_version_2(name: str) -> None:
    case, expected = cases(SECOND)[name], np.load(SECOND / "out" / f"{name}.npz")
    params = {SYMBOLS.get(symbol, symbol): value for symbol, value in case["params"].items()}
    params |= {"l_head": 1 - params["l_floor"], "Y_learn": 1 - params["Y_floor"]}
    choices = {"infrastructure_drivers" if key == "drivers" else key: one for key, one in case["choices"].items()}
    found = plain_run(load_world(case["world"], SECOND), params, case["route"], case["policy"], choices)
    found |= {"x_all": found["practice"][[12, 36, 72, 131]], "made": found["ties_made"], "lost": found["ties_lost"]}
    for symbol in (*SERIES, *ENDS, *ADDED):
        np.testing.assert_allclose(found[symbol], expected[symbol], rtol=0, atol=1e-12, err_msg=symbol)
