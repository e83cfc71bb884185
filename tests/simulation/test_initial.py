"""Generated relationships: what each kind of network looks like, and that the seed alone decides it."""

import itertools
from typing import Any

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulation import initial as small_worlds
from simulation.initial import REMEMBERED, _base, begin, generated_ties, roster, small_world, union
from simulation.random_streams import stream
from simulation.run import Course
from simulation.scenario import PlaceFile, Scenario
from simulation.scenario.place import Generated, Network
from tests import strategies

KINDS = ("small-world", "random", "scale-free", "clustered", "complete", "none")


def graph(n: int = 30, seed: int = 1, **options: Any) -> nx.Graph:
    one, two = generated_ties(Network(**options), n, seed)
    drawn = nx.Graph()
    drawn.add_nodes_from(range(n))
    drawn.add_edges_from(zip(one.tolist(), two.tolist(), strict=True))
    return drawn


def mean_degree(drawn: nx.Graph) -> float:
    return 2 * drawn.number_of_edges() / len(drawn)


# Any network


@given(network=strategies.networks(), n=st.integers(1, 40), seed=st.integers(0, 2**32))
def test_ties_are_sorted_pairs_each_once_of_the_seed_alone(network: Network, n: int, seed: int) -> None:
    one, two = generated_ties(network, n, seed)
    pairs = list(zip(one.tolist(), two.tolist(), strict=True))
    assert pairs == sorted(set(pairs))
    assert all(0 <= i < j < n for i, j in pairs)
    generated_ties.__globals__["_remembered_ties"].cache_clear()
    again = generated_ties(network, n, seed)
    np.testing.assert_array_equal(one, again[0])
    np.testing.assert_array_equal(two, again[1])
    if network.join_isolated and n > 1:
        assert set(one.tolist()) | set(two.tolist()) == set(range(n))


@given(*[st.lists(st.integers(-(2**40), 2**40), max_size=40)] * 2)
def test_a_union_is_numpy_s(one: list[int], other: list[int]) -> None:
    parts = np.array(one, dtype=np.int64), np.array(other, dtype=np.int64)
    found = union(*parts)
    np.testing.assert_array_equal(found, np.union1d(*parts))
    assert found.dtype == np.int64


@given(n=st.integers(2, 40), seed=st.integers(0, 2**32), hub=st.floats(0, 1), wanted=st.floats(0, 5))
def test_the_council_s_ties_and_those_of_the_isolated_come_on_top(n: int, seed: int, hub: float, wanted: float) -> None:
    """Draw again what the network is drawn from, and put it together the slow way."""
    network = Network(kind="random", neighbours=wanted, council_ties=hub)
    generator = stream(seed, "network")
    drawn = _base(network, n, generator)
    told, other = generator.random(n) < hub, generator.integers(0, n - 1, size=n)
    ties = {divmod(key, n) for key in drawn.tolist()} | {(0, j) for j in range(1, n) if told[j]}
    for i in range(n):
        if not any(i in tie for tie in ties):
            j = int(other[i]) + (other[i] >= i)
            ties.add((min(i, j), max(i, j)))
    one, two = generated_ties(network, n, seed)
    assert list(zip(one.tolist(), two.tolist(), strict=True)) == sorted(ties)


@pytest.mark.parametrize("kind", KINDS[:4])
def test_another_seed_draws_another_network(kind: str) -> None:
    drawn = {tuple(map(bytes, generated_ties(Network(kind=kind), 30, seed))) for seed in range(5)}
    assert len(drawn) == 5


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("neighbours", [0, 0.5, 1, 2, 3.5, 6, 1000])
@pytest.mark.parametrize("n", [1, 2, 3, 7])
def test_the_smallest_places_can_be_generated(kind: str, neighbours: float, n: int) -> None:
    drawn = graph(n, kind=kind, neighbours=neighbours)
    assert len(drawn) == n
    assert n == 1 or nx.number_of_isolates(drawn) == 0


def test_large_networks_are_drawn_the_same_and_not_remembered() -> None:
    n = REMEMBERED + 1
    one, two = (generated_ties(Network(), n, 3) for _ in range(2))
    assert one[0] is not two[0]
    np.testing.assert_array_equal(one, two)
    assert generated_ties(Network(), 30, 3)[0] is generated_ties(Network(), 30, 3)[0]


# The place by default


@pytest.mark.parametrize("seed", range(10))
def test_the_default_is_a_connected_small_world_with_a_hub(seed: int) -> None:
    """Six neighbours each, rewiring 15%, and the council tied to each other one with probability .6."""
    drawn = graph(seed=seed)
    assert nx.is_connected(drawn)
    base = graph(seed=seed, council_ties=0)
    assert mean_degree(base) == 6
    assert set(base.edges) <= set(drawn.edges)
    added = set(drawn.edges) - set(base.edges)
    assert all(i == 0 for i, _ in added)
    assert drawn.degree(0) > base.degree(0)
    ring = {(min(i, (i + d) % 30), max(i, (i + d) % 30)) for i in range(30) for d in (1, 2, 3)}
    assert 0.03 < 1 - len(ring & set(base.edges)) / len(ring) < 0.3
    assert nx.average_clustering(base) > 1.4 * 6 / 29  # a random network has 6/29


def test_the_hub_has_the_ties_asked_for() -> None:
    """Each of the 29 others with probability .6 or by the base network: 19.7 on average."""
    degrees = [graph(seed=seed).degree(0) for seed in range(200)]
    assert np.mean(degrees) == pytest.approx(29 * (1 - 0.4 * (1 - 6 / 29)), abs=0.8)
    assert graph(council_ties=1).degree(0) == 29


def test_who_is_in_a_generated_place() -> None:
    """Sizes 6 for the council, 2 for numbers 1 to N//3 − 1, .5 for the rest, then normalised."""
    people = roster(PlaceFile(generated=Generated()))
    assert people.size.tolist() == [6.0, *[2.0] * 9, *[0.5] * 20]
    assert people.kinds == ("council", *["voluntary"] * 29)
    assert people.council == 0
    state = Course(Scenario(), 1).state
    np.testing.assert_allclose(state.size, people.size / 34, rtol=1e-15)


def test_how_a_generated_place_begins() -> None:
    """Practice U(0, .12); thresholds .2 + .04 N(0,1), its draw within ±2.5; trust .3 · 2 Beta(6, 6)."""
    scenario = Scenario(place=PlaceFile(generated=Generated(organisations=2000)))
    start = begin(scenario, 3)
    assert start.practice.min() >= 0
    assert start.practice.max() <= 0.12
    assert start.practice.mean() == pytest.approx(0.06, abs=0.001)
    assert np.abs(start.threshold_luck).max() == 2.5
    np.testing.assert_allclose(start.thresholds, 0.2 + 0.04 * start.threshold_luck, rtol=1e-15)
    assert start.threshold_luck.std() == pytest.approx(1, abs=0.05)
    assert start.trust.mean() == pytest.approx(0.3, abs=0.005)
    assert (start.trust / 0.6).var() == pytest.approx(36 / (12**2 * 13), rel=0.08)
    wide = begin(scenario.changed(settings={"threshold": 0.1, "threshold_spread": 0.5}), 3)
    assert wide.thresholds.min() == 0.04
    assert wide.thresholds.max() == 0.9


# Each kind


def test_random() -> None:
    sizes = [mean_degree(graph(100, seed, kind="random", council_ties=0, join_isolated=False)) for seed in range(30)]
    assert np.mean(sizes) == pytest.approx(6, abs=0.3)
    assert np.std(sizes) > 0.1


def test_scale_free_has_hubs() -> None:
    drawn = [graph(200, seed, kind="scale-free", council_ties=0) for seed in range(5)]
    small = [graph(200, seed, council_ties=0) for seed in range(5)]
    most = [max(dict(g.degree).values()) for g in drawn]
    assert min(most) > 2 * max(max(dict(g.degree).values()) for g in small)
    assert np.mean([mean_degree(g) for g in drawn]) == pytest.approx(6, abs=0.3)


def test_clustered_ties_stay_in_communities() -> None:
    """Communities of ten with about 80% of ties inside."""
    drawn = [graph(100, seed, kind="clustered", council_ties=0, join_isolated=False) for seed in range(20)]
    inside = [np.mean([i // 10 == j // 10 for i, j in g.edges]) for g in drawn]
    assert np.mean(inside) == pytest.approx(0.8, abs=0.03)
    assert np.mean([mean_degree(g) for g in drawn]) == pytest.approx(6, abs=0.3)


def test_complete_and_none() -> None:
    assert graph(12, kind="complete").number_of_edges() == 66
    assert graph(12, kind="none", council_ties=0, join_isolated=False).number_of_edges() == 0
    assert graph(12, kind="none", council_ties=1, join_isolated=False).number_of_edges() == 11


def test_an_isolated_organisation_gets_one_tie() -> None:
    for seed in range(20):
        sparse = {"kind": "random", "neighbours": 0.7, "council_ties": 0}
        loose, joined = (graph(30, seed, join_isolated=join, **sparse) for join in (False, True))
        alone = set(nx.isolates(loose))
        assert alone
        assert not set(nx.isolates(joined))
        added = set(joined.edges) - set(loose.edges)
        assert set(loose.edges) <= set(joined.edges)
        assert len(added) <= len(alone)
        assert all(alone & set(tie) for tie in added)


@pytest.mark.parametrize("n", [30, 300])
@pytest.mark.parametrize("neighbours", [1, 2, 3])
def test_a_thin_small_world_holds_together(n: int, neighbours: int) -> None:
    """A rewired ring of two neighbours falls apart again and again; its pieces are then tied in a row."""
    drawn = graph(n, 2, neighbours=neighbours, council_ties=0, rewiring=0.3)
    assert nx.is_connected(drawn)
    assert mean_degree(drawn) < 3


# Small worlds


@given(
    n=st.integers(3, 300), nearest=st.integers(2, 12), rewiring=st.floats(0, 1), seed=st.integers(0, 2**32),
    before=st.integers(0, 3), spare=st.sampled_from([small_worlds.SPARE, -2, -20]),
)  # fmt: skip
def test_a_small_world_is_networkx_s_own_from_the_same_random_numbers(
    n: int, nearest: int, rewiring: float, seed: int, before: int, spare: int
) -> None:
    """Whatever was drawn before it (half a word may be left over), and where the words drawn beforehand run out."""
    nearest = min(nearest, n - 1 - (n - 1) % 2)
    mine, theirs = np.random.default_rng(seed), np.random.default_rng(seed)
    for generator in (mine, theirs):
        generator.integers(0, 1 << 32, size=before, dtype=np.uint32)
    try:
        expected = nx.connected_watts_strogatz_graph(n, nearest, rewiring, tries=3, seed=theirs)
    except nx.NetworkXError:
        expected = nx.watts_strogatz_graph(n, nearest, rewiring, seed=theirs)
        expected.add_edges_from(itertools.pairwise(sorted(map(min, nx.connected_components(expected)))))
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(small_worlds, "SPARE", spare)
        ties = small_world(n, nearest, rewiring, mine, tries=3)
    assert [divmod(key, n) for key in sorted(ties.tolist())] == sorted((min(tie), max(tie)) for tie in expected.edges())
    assert mine.bit_generator.state == theirs.bit_generator.state
