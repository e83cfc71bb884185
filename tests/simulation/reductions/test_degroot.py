"""R3: with the influence `degroot`, opinions average out as DeGroot (1974) and linear algebra say.

Trust is frozen at uneven strengths. Practice then settles where everybody holds the mean of the first opinions,
weighted by the strength of each one's relationships, and comes near it at the rate of the matrix's second eigenvalue.
"""

import numpy as np
import pytest

from simulation.run import Course
from simulation.scenario.place import Network
from tests.simulation.reductions.setting import ALL_OFF, largest_gap, set_course

SMALL_WORLD = Network(kind="small-world", neighbours=6, council_ties=0.6)
TWO_CAMPS = Network(kind="clustered", neighbours=8, council_ties=0)
NOBODY = Network(kind="none", council_ties=0, join_isolated=False)
ORGANISATIONS, RATE = 20, 0.5


def opinions(network: Network, seed: int) -> tuple[Course, np.ndarray, np.ndarray]:
    """Return a run, its consensus (9,) and the matrix of averaging (N, N), both worked out from the ties."""
    course = set_course(
        ORGANISATIONS,
        network,
        seed=seed,
        structure={"influence": "degroot"},
        settings={**ALL_OFF, "adoption_rate": RATE},
    )
    rng = np.random.default_rng(seed)
    state = course.state
    state.practice[:] = rng.random(state.practice.shape)
    state.trust[:] = rng.uniform(0.05, 1, len(state.trust))
    strength = np.zeros((ORGANISATIONS, ORGANISATIONS))
    strength[state.tie_from, state.tie_to] = strength[state.tie_to, state.tie_from] = state.trust
    consensus = strength.sum(axis=1) / strength.sum() @ state.practice
    return course, consensus, (1 - RATE) * np.eye(ORGANISATIONS) + RATE * strength / strength.sum(axis=1, keepdims=True)


@pytest.mark.parametrize("network", [SMALL_WORLD, TWO_CAMPS], ids=["small world", "two camps"])
@pytest.mark.parametrize("seed", range(4))
def test_consensus_is_the_strength_weighted_mean(network: Network, seed: int) -> None:
    course, consensus, _ = opinions(network, seed)
    course.run(600)
    assert largest_gap(course.state.practice, consensus) < 1e-9


@pytest.mark.parametrize("seed", range(4))
def test_two_camps_come_together_at_the_rate_of_the_second_eigenvalue(seed: int) -> None:
    course, consensus, averaging = opinions(TWO_CAMPS, seed)
    second = np.sort(np.abs(np.linalg.eigvals(averaging)))[-2]
    apart = np.linalg.norm(course.run(400).trajectory.practice - consensus, axis=(1, 2))
    late = np.flatnonzero(apart > 1e-10)[-1]
    assert largest_gap((apart[late] / apart[late - 10]) ** 0.1, second) < 1e-4


@pytest.mark.parametrize("seed", range(4))
def test_the_slowest_disagreement_fades_at_the_rate_of_the_second_eigenvalue_from_the_first_month(seed: int) -> None:
    course, _, averaging = opinions(SMALL_WORLD, seed)
    values, vectors = np.linalg.eig(averaging.T)
    second = np.argsort(values.real)[-2]
    slowest = np.tensordot(course.run(40).trajectory.practice, vectors[:, second].real, axes=([1], [0]))
    assert largest_gap(slowest[1:] / slowest[:-1], values[second].real) < 1e-4


def test_without_relationships_nobody_moves() -> None:
    course = set_course(ORGANISATIONS, NOBODY, structure={"influence": "degroot"}, settings=ALL_OFF)
    course.state.practice[:] = np.random.default_rng(1).random((ORGANISATIONS, 9))
    before = course.state.practice.copy()
    course.run(20)
    assert np.array_equal(course.state.practice, before)
