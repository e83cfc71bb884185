"""R1: with thresholds all that is left, cascades on random graphs are as large as Gleeson & Cahalane's theory says.

All else off, steepness 300 in place of an all-or-nothing threshold, adoption at once (alpha = wc = 1).

The reference is the mean size of threshold cascades on random graphs, after Gleeson & Cahalane 2007.

J. P. Gleeson and D. J. Cahalane, "Seed size strongly affects cascades on random networks", Physical Review E 75,
056103 (2007), equations 1 to 3, for a graph of mean degree z with Poisson degrees, one threshold for all, and a share
of seeds chosen at random:

    q  = ρ0 + (1 − ρ0) Σ_k (k/z) p_k Σ_{m<k}  B(m; k−1, q) F(m/k)
    ρ  = ρ0 + (1 − ρ0) Σ_k p_k       Σ_{m≤k}  B(m; k, q) F(m/k)

q is the chance that a neighbour further from the root is active, iterated from ρ0; B the binomial; F(r) is 1 where r is
at least the threshold. Nothing of it knows the model.
"""

from functools import cache

import numpy as np
import pytest
from scipy.stats import binom, poisson

from tests.simulation.reductions.setting import ALL_OFF, random_graph, set_course


@cache
def cascade_size(mean_degree: float, threshold: float, seeds: float, *, most: int = 60) -> float:
    """Return the share of nodes that end active in a large random graph."""
    degrees = np.arange(most + 1)
    weight = poisson.pmf(degrees, mean_degree)

    def response(k: int, count: int, q: float) -> float:
        """Return the chance that a node of degree k activates, given `count` neighbours active each with chance q."""
        active = np.arange(count + 1)
        return float(binom.pmf(active, count, q) @ (active >= threshold * k - 1e-9))

    q = seeds
    for _ in range(100_000):
        edge = sum(k / mean_degree * weight[k] * response(k, k - 1, q) for k in degrees[1:])
        q, before = seeds + (1 - seeds) * edge, q
        if abs(q - before) < 1e-12:
            break
    node = sum(weight[k] * response(k, k, q) for k in degrees[1:])
    return float(seeds + (1 - seeds) * node)


# The model against it

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
