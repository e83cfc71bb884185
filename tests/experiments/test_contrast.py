"""Verdicts are computed: other data, other verdict, other sentence."""

import numpy as np
import pytest

from experiments.claims import judge, run_patterns
from experiments.contrast import Ablation, Check, Family, at, best_against, difference, slope
from experiments.inference import Above, Below, NoClaim, Within, each_as_it_is, estimate, resampled
from experiments.model_patterns import GRID, half_way, lead, rise_of_best
from experiments.replicates import Replicates
from experiments.reporting.phrases import sentence, sentence_without

SEEDS = range(40)
NOISE = np.random.default_rng(1).normal(0, 0.05, len(SEEDS))


def runs(level: float, spread: float = 1.0) -> Replicates:
    values = np.tile((level + spread * NOISE)[:, None], (1, 121))
    return Replicates({"practice": values}, np.empty((len(SEEDS), 0)))


def check(rule, **more):
    return Check(
        name="C",
        says="More is more.",
        quantity="practice, a minus b",
        arms={},
        effect=difference("a", "b", at("practice", 120)),
        rule=rule,
        **more,
    )


def judged(gap: float, rule, spread: float = 2.0, gap_off: float | None = None):
    ablation = Ablation(meaning="nothing works", settings={}) if gap_off is not None else None
    one = check(rule, ablation=ablation)
    family = Family(name="F", title="", setting="", checks=(one,))
    off = {"a": runs(0.3 + gap_off), "b": runs(0.3)} if gap_off is not None else {}
    return judge(family, one, {"a": runs(0.3 + gap, spread), "b": runs(0.3)}, off, seeds=SEEDS)


@pytest.mark.parametrize(
    ("gap", "rule", "verdict"),
    [
        (0.1, Above(), "holds"),
        (0.0, Above(), "undecided"),
        (-0.1, Above(), "fails"),
        (0.1, Below(), "fails"),
        (-0.1, Below(), "holds"),
        (0.0, Within(0.05), "holds"),
        (0.1, Within(0.05), "fails"),
        (0.05, Within(0.05), "undecided"),
        (0.1, Above(0.3), "fails"),
        (0.1, NoClaim(), "no claim"),
    ],
)
def test_the_data_decides_the_verdict_and_the_sentence(gap, rule, verdict):
    finding = judged(gap, rule)
    assert finding.verdict == verdict
    assert finding.low < finding.effect < finding.high
    start = {"holds": "Holds", "fails": "Fails", "undecided": "Undecided", "no claim": "No claim"}[verdict]
    assert sentence(finding).startswith(start)
    assert f"{abs(finding.effect):.3f}" in sentence(finding)


def test_nothing_at_all_is_not_above_nothing():
    assert judged(0.0, Above(), spread=1.0).verdict == "fails"


def test_a_difference_too_small_to_matter_says_so():
    assert "smaller than the smallest" in sentence(judged(0.01, Above(), spread=1.001))
    assert "smaller than the smallest" not in sentence(judged(0.03, Above(), spread=1.001))


@pytest.mark.parametrize(
    ("gap", "gap_off", "state"),
    [(0.1, 0.0, "gone"), (0.1, 0.09, "still there"), (0.1, -0.1, "gone"), (0.0, 0.0, "nothing to lose")],
)
def test_an_ablation_is_judged_by_what_is_left(gap, gap_off, state):
    finding = judged(gap, Above(), gap_off=gap_off)
    assert finding.without.state == state
    assert sentence_without(finding).startswith("Where nothing works: ")


def test_a_weaker_effect_is_not_called_gone():
    ablation = Ablation(meaning="nothing works", settings={})
    one = check(Above(0.3), ablation=ablation)
    family = Family(name="F", title="", setting="", checks=(one,))
    b = runs(0.1)
    states = [
        judge(family, one, {"a": runs(0.6), "b": b}, {"a": runs(0.1 + left, 2.0), "b": b}, seeds=SEEDS).without.state
        for left in (0.0, 0.2, 0.3, 0.4)
    ]
    assert states == ["gone", "gone", "weaker", "still there"]


def test_swapping_the_arms_turns_the_sign_and_the_verdict():
    one = check(Above())
    family = Family(name="F", title="", setting="", checks=(one,))
    arms = {"a": runs(0.4, 2.0), "b": runs(0.3)}
    swapped = {"a": arms["b"], "b": arms["a"]}
    first, second = (judge(family, one, some, {}, seeds=SEEDS) for some in (arms, swapped))
    assert (first.verdict, second.verdict) == ("holds", "fails")
    assert (second.effect, second.low, second.high) == pytest.approx((-first.effect, -first.high, -first.low))


@pytest.mark.slow
def test_the_interval_covers_the_truth_about_as_often_as_it_says():
    generator = np.random.default_rng(7)
    covered = 0
    for _ in range(200):
        effect, draws = resampled(generator.normal(0.3, 1, 60), each_as_it_is, name="C")
        found = estimate(effect, draws)
        covered += found.low <= 0.3 <= found.high
    assert 0.89 <= covered / 200 <= 0.99


def test_the_same_values_give_the_same_interval():
    values = np.random.default_rng(3).normal(size=30)
    first, second = (estimate(*resampled(values, each_as_it_is, name="C")) for _ in range(2))
    assert first == second


def test_the_best_of_noise_is_no_better_than_the_rest():
    generator = np.random.default_rng(11)
    gains = []
    for _ in range(200):
        arms = {
            name: Replicates({"practice": generator.normal(size=(40, 121))}, np.empty((40, 0))) for name in "abcdefgh"
        }
        gains.append(best_against("abcdefgh", "a", at("practice", 120))(arms).mean())
    assert abs(np.mean(gains)) < 4 * np.std(gains) / np.sqrt(len(gains))


def test_a_slope_is_that_of_a_straight_line():
    arms = {name: runs(0.2 + 0.5 * size) for name, size in {"a": 0.0, "b": 0.1, "c": 0.4}.items()}
    assert slope({"a": 0.0, "b": 0.1, "c": 0.4}, at("practice", 120))(arms) == pytest.approx(np.full(40, 0.5))


def test_half_way_is_read_between_months():
    assert half_way(np.array([[0.0, 0.0, 1.0, 2.0], [3.0, 1.0, -1.0, 2.0]])) == pytest.approx([2.0, 1.0])
    assert half_way(np.array([[0.0, 0.0, 4.0]])) == pytest.approx([1.5])
    assert np.isnan(half_way(np.zeros((1, 5)))).all()


def test_what_rises_earlier_leads():
    months = np.arange(121)
    early, late = 1 / (1 + np.exp(-(months - 40) / 6)), 1 / (1 + np.exp(-(months - 49) / 6))
    assert lead(np.concatenate([early, late])[None, :]) == pytest.approx([9.0], abs=0.05)
    assert lead(np.concatenate([late, 1 - early])[None, :]) == pytest.approx([-9.0], abs=0.05)


def test_the_best_share_may_rise_with_pressure():
    low, high = np.zeros(len(GRID)), np.zeros(len(GRID))
    low[2], high[4] = 1, 1
    assert rise_of_best(np.concatenate([low, high])[None, :]) == pytest.approx([GRID[4] - GRID[2]])


def test_columns_need_a_rule_that_combines_them():
    with pytest.raises(ValueError, match="combines"):
        resampled(np.zeros((10, 2)), each_as_it_is, name="C")


@pytest.mark.parametrize(
    ("seeds", "names", "match"),
    [(range(4), ["P99"], "P99"), (range(3), None, "at least 4"), ([1, 3, 5, 7], None, "consecutive")],
)
def test_what_cannot_be_run_is_refused(seeds, names, match):
    with pytest.raises(ValueError, match=match):
        run_patterns(seeds, names)


@pytest.mark.slow
def test_processes_find_what_one_process_finds():
    seeds = range(500, 530)
    assert run_patterns(seeds, ["P15"], workers=2) == run_patterns(seeds, ["P15"])
