"""The plain version of the model against the reference cases, month by month."""

import json
from pathlib import Path

import numpy as np
import pytest

from tests.plain.model import run

REFERENCE = Path(__file__).parents[1] / "data" / "reference"
CASES = {case["id"]: case for case in json.loads((REFERENCE / "cases.json").read_text(encoding="utf-8"))}
SERIES = (
    "X",
    "T",
    "U",
    "P",
    "R",
    "Fs",
    "G",
    "Y",
    "L",
    "W",
    "reach",
    "XP",
    "x_final",
    "T_final",
)
TOLERANCE = 1e-12


def world_of(case):
    """Return the arrays of a case's world."""
    with np.load(REFERENCE / f"{case['world']}.npz") as arrays:
        return dict(arrays)


@pytest.fixture(scope="module", params=sorted(CASES))
def answered(request):
    """Return one reference case's answer and what the plain version makes of it."""
    case = CASES[request.param]
    with np.load(REFERENCE / "out" / f"{case['id']}.npz") as arrays:
        expected = dict(arrays)
    return expected, run(world_of(case), case["params"], case["route"], case["policy"])


@pytest.mark.parametrize("name", SERIES)
def test_reference_cases(answered, name):
    expected, found = answered
    np.testing.assert_allclose(found[name], expected[name], rtol=0, atol=TOLERANCE)


def test_reference_practice_of_every_organisation(answered):
    expected, found = answered
    rows = found["practice"][[12, 36, 72, 131]]
    np.testing.assert_allclose(rows, expected["x_all"], rtol=0, atol=TOLERANCE)
