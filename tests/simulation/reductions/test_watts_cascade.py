"""R1: with thresholds all that is left, cascades on random graphs are as large as Gleeson & Cahalane's theory says.

All else off, steepness 300 in place of an all-or-nothing threshold, adoption at once (alpha = wc = 1).
"""

import numpy as np
import pytest

from tests.simulation.reductions.cascades import cascade_size
from tests.simulation.reductions.setting import ALL_OFF, random_graph, set_course

CASES = [(4, 0.18, 0.02), (4, 0.30, 0.02), (8, 0.18, 0.02), (4, 0.30, 0.20), (10, 0.30, 0.20)]
GRAPHS, NODES = 6, 3_000
TOLERANCE = 0.03


def final_size(mean_degree: float, threshold: float, seeds: float, seed: int, structure: dict | None = None) -> float:
    """Run the model on one random graph until nothing moves, and return mean practice."""
    active = np.zeros(NODES)
    active[np.random.default_rng(seed).choice(NODES, round(seeds * NODES), replace=False)] = 1
    course = set_course(
        NODES, random_graph(mean_degree), seed=seed, practice=active[:, None], structure=structure, detail="months",
        settings={
            **ALL_OFF, "adoption_rate": 1, "social_weight": 1, "contagion_steepness": 300, "threshold": threshold,
        },
    )  # fmt: skip
    size = -1.0
    while course.month < 400:
        before, size = size, course.run(20).trajectory["practice"][-1]
        if size - before < 1e-6:
            return size
    pytest.fail("the cascade did not come to rest in 400 months")


@pytest.mark.parametrize(("mean_degree", "threshold", "seeds"), CASES)
def test_cascade_size(mean_degree: float, threshold: float, seeds: float) -> None:
    found = np.mean([final_size(mean_degree, threshold, seeds, seed) for seed in range(GRAPHS)])
    assert abs(found - cascade_size(mean_degree, threshold, seeds)) < TOLERANCE


def test_the_cases_hold_large_and_small_cascades() -> None:
    sizes = [cascade_size(*case) for case in CASES]
    assert min(sizes) < 0.1
    assert max(sizes) > 0.9


@pytest.mark.parametrize("case", [CASES[0], CASES[1]])
def test_an_all_or_nothing_threshold_gives_the_same_cascade(case: tuple[float, float, float]) -> None:
    steep = final_size(*case, seed=1)
    assert final_size(*case, seed=1, structure={"influence": "threshold"}) == pytest.approx(steep, abs=1e-3)
