"""Every claim is a whole experiment: the essay's words, arms that sweeps can run, a side, a mechanism to switch off."""

import numpy as np
import pytest

from experiments.claims import ClaimsPlan, StoredReplicates, defaults, effects, factors, read_runs, space, structures
from experiments.design import columns
from experiments.essay_claims import CLAIMS, PRIMARY, chosen
from experiments.replicates import run_arm
from experiments.runner import sweep
from experiments.structures import ALTERNATIVES
from simulation.parameters import PARAMETERS
from simulation.scenario import ProblemError

BY_NAME = {claim.name: claim for claim in CLAIMS}


def test_there_are_claims_under_every_heading_of_the_essay():
    assert 10 <= len(CLAIMS) <= 16
    assert len({claim.name for claim in CLAIMS}) == len(CLAIMS)
    topics = ["Pace", "Entry", "Timing", "Approach", "Components", "Continuous learning", "Pressure"]
    assert list(dict.fromkeys(claim.topic for claim in CLAIMS)) == topics


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.name)
def test_a_claim_is_whole(claim):
    assert 1 < len(claim.quote.split()) <= 25
    assert claim.sign in (1, -1)
    assert claim.matters > 0
    assert claim.check.ablation is not None
    assert not claim.check.alternative
    on, off = claim.scenarios(), claim.scenarios(ablated=True)
    assert {scenario.months for scenario in on.values()} == {120}
    for name, scenario in on.items():
        moved = {
            number
            for number, value in scenario.numbers._asdict().items()
            if value != off[name].numbers._asdict()[number]
        }
        assert moved
        assert moved <= claim.check.ablation.settings.keys()


def test_the_primary_contrast_is_the_one_named_beforehand():
    arms = BY_NAME[PRIMARY].scenarios()
    assert [arm.route.name for arm in arms.values()] == ["prototype-led", "manifesto-led"]
    assert BY_NAME[PRIMARY].sign == 1


def test_an_unknown_claim_is_refused_with_the_nearest_name():
    with pytest.raises(ProblemError, match="route-in"):
        chosen(["route-inn"])
    assert [claim.name for claim in chosen(["cuts-hurt", "route-in"])] == ["route-in", "cuts-hurt"]
    assert chosen() == CLAIMS


@pytest.mark.parametrize("alternative", ALTERNATIVES, ids=lambda alternative: alternative.name)
def test_an_alternative_changes_an_arm_and_keeps_what_tells_arms_apart(alternative):
    for claim in CLAIMS:
        before = claim.scenarios()
        after = {name: alternative.change(scenario) for name, scenario in before.items()}
        hashes = {name: scenario.content_hash() for name, scenario in after.items()}
        assert len(set(hashes.values())) == len({arm.content_hash() for arm in before.values()})
        assert all(hashes[name] != scenario.content_hash() for name, scenario in before.items())


def test_the_space_is_that_of_all_plausible_ranges():
    names = [factor.name.removeprefix("parameters.") for factor in factors()]
    assert names == [parameter.name for parameter in PARAMETERS if parameter.low is not None]


def test_what_an_arm_is_about_stands_over_a_point():
    plan = ClaimsPlan(claims=CLAIMS, points=2)
    work = space(plan)[0][1]
    row = [column[0] for column in columns(work.design, work.factors)]
    point = {factor.name.removeprefix("parameters."): value for factor, value in zip(work.factors, row, strict=True)}
    for k, arm in enumerate(work.arms):
        own, found = arm.what.settings, work.scenario(k, row).numbers._asdict()
        assert found == found | own
        assert {name: found[name] for name in point.keys() - own.keys()} == {
            name: point[name] for name in point.keys() - own.keys()
        }


def test_what_claims_share_is_run_once_and_blocks_have_their_own_seeds():
    plan = ClaimsPlan(claims=CLAIMS, points=45, point_seeds=3)
    works = [work for _, work in (*defaults(plan), structures(plan), *space(plan))]
    for work in works:
        assert len({arm.hash for arm in work.arms}) == len(work.arms)
    named = sum(len(claim.check.arms) for claim in CLAIMS)
    blocks = [work for _, work in space(plan)]
    assert len(blocks[0].arms) < named
    assert [work.points for work in blocks] == [20, 20, 5]
    seeds = [seed for work in blocks for seed in range(work.first_seed, work.first_seed + work.replicates)]
    assert len(set(seeds)) == 9
    points = [tuple(map(tuple, columns(work.design, work.factors))) for work in blocks[:2]]
    assert points[0] != points[1]


def test_a_claim_alone_has_the_points_and_seeds_of_the_table():
    alone, every = (space(ClaimsPlan(claims=claims, points=30)) for claims in (chosen(["route-in"]), CLAIMS))
    for (name, one), (other, work) in zip(alone, every, strict=True):
        assert (name, one.design, one.factors, one.first_seed) == (other, work.design, work.factors, work.first_seed)
        assert {arm.hash for arm in one.arms} <= {arm.hash for arm in work.arms}


def test_a_sweep_gives_the_effects_that_the_patterns_would(tmp_path):
    plan = ClaimsPlan(claims=CLAIMS, seeds=3, first_seed=41)
    name, work = next(defaults(plan))
    runs = read_runs(sweep(work, tmp_path / name).folder)
    for claim in CLAIMS:
        arms = {arm: run_arm(scenario, range(41, 44)) for arm, scenario in claim.scenarios().items()}
        assert effects(claim, runs, claim.scenarios()) == pytest.approx(claim.check.effect(arms), abs=1e-12)


def test_a_month_that_sweeps_do_not_keep_is_refused():
    some = StoredReplicates({"practice": np.zeros(2)}, np.empty((0, 2)), months=120, leaving=60)
    with pytest.raises(ValueError, match="month 48"):
        some.at("practice", 48)
    with pytest.raises(ValueError, match="leaves at month 60"):
        some.kept(24)
