"""The arms of the checks differ in what they should, and in nothing else."""

import pytest

from experiments.arms import arm, collaborative_start, with_share
from experiments.model_patterns import FAMILIES
from simulation.ablations import LEAN
from simulation.vocabulary import ACTIVITY_IDS

CHECKS = [check for family in FAMILIES for check in family.checks]


@pytest.mark.parametrize("share", [0.0, 0.3, 0.7])
def test_a_share_is_set_and_the_others_keep_their_proportions(share):
    for before, after in zip(arm().route.phases, with_share("blended", "help", share).phases, strict=True):
        assert after.shares.help == pytest.approx(share)
        assert sum(after.shares.as_tuple()) == pytest.approx(1)
        ratios = {
            getattr(after.shares, activity) / getattr(before.shares, activity)
            for activity in ACTIVITY_IDS
            if activity != "help"
        }
        assert max(ratios) == pytest.approx(min(ratios))
        assert after.months == before.months


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.name)
def test_arms_are_the_generated_place_at_the_default_days(check):
    for scenario in check.arms.values():
        assert scenario.place.generated.organisations == 30
        assert scenario.profile == "full"
        assert scenario.route.days_factor == 1
        assert scenario.place.days == 20


@pytest.mark.parametrize("check", [check for check in CHECKS if check.ablation], ids=lambda check: check.name)
def test_an_ablation_changes_its_settings_in_every_arm_and_nothing_else(check):
    on, off = check.varied(), check.varied(without=True)
    assert on.keys() == off.keys()
    for name in on:
        before, after = on[name].numbers._asdict(), off[name].numbers._asdict()
        moved = {number for number in before if before[number] != after[number]}
        assert moved
        assert moved <= check.ablation.settings.keys()
        assert off[name].structure == on[name].structure


def test_the_lean_profile_and_alternatives_reach_the_arms():
    check = next(check for check in CHECKS if check.alternative)
    for one in check.varied(profile="lean").values():
        assert {name: getattr(one.numbers, name) for name in LEAN} == LEAN
        assert one.structure.speed_limit == "maturity"


def test_a_collaborative_start_begins_at_the_practice_it_says():
    assert collaborative_start().generated.practice_low == 0.65 == collaborative_start().generated.practice_high
