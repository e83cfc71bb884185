"""One paired experiment, whoever asks; verdicts are computed: other data, other verdict, other sentence."""

from contextlib import nullcontext
from dataclasses import replace

import numpy as np
import pytest

import experiments.claims as claims
import experiments.route_map as route_map
from experiments.arms import arm, under
from experiments.compare import compare
from experiments.contrast import Ablation, PairedExperiment, at, best_against, difference, slope
from experiments.essay_claims import chosen
from experiments.factors import Factor
from experiments.inference import above, below, within
from experiments.model_patterns import FAMILIES, GRID, Family, half_way, lead, rise_of_best
from experiments.patterns import judge, run_patterns
from experiments.replicates import Replicates
from experiments.reporting.phrases import sentence, sentence_without
from experiments.structures import ALTERNATIVES, at_points, under_pressures
from simulation.scenario import load_route, load_scenario

SEEDS = range(40)
NOISE = np.random.default_rng(1).normal(0, 0.05, len(SEEDS))


def runs(level: float, spread: float = 1.0) -> Replicates:
    values = np.tile((level + spread * NOISE)[:, None], (1, 121))
    return Replicates({"practice": values}, np.empty((len(SEEDS), 0)))


def check(side, **more):
    return PairedExperiment(
        name="C",
        says="More is more.",
        quantity="practice, a minus b",
        arms={},
        effect=difference("a", "b", at("practice", 120)),
        side=side,
        **more,
    )


def judged(gap: float, rule, spread: float = 2.0, gap_off: float | None = None):
    ablation = Ablation(meaning="nothing works", settings={}) if gap_off is not None else None
    one = check(rule, ablation=ablation)
    family = Family("F", "", "", (one,))
    off = {"a": runs(0.3 + gap_off), "b": runs(0.3)} if gap_off is not None else {}
    return judge(family, one, {"a": runs(0.3 + gap, spread), "b": runs(0.3)}, off, seeds=SEEDS)


@pytest.mark.parametrize(
    ("gap", "rule", "verdict"),
    [
        (0.1, above(), "holds"),
        (0.0, above(), "undecided"),
        (-0.1, above(), "fails"),
        (0.1, below(), "fails"),
        (-0.1, below(), "holds"),
        (0.0, within(0.05), "holds"),
        (0.1, within(0.05), "fails"),
        (0.05, within(0.05), "undecided"),
        (0.1, above(0.3), "fails"),
        (0.1, None, "no claim"),
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
    assert judged(0.0, above(), spread=1.0).verdict == "fails"


def test_a_difference_too_small_to_matter_says_so():
    assert "smaller than the smallest" in sentence(judged(0.01, above(), spread=1.001))
    assert "smaller than the smallest" not in sentence(judged(0.03, above(), spread=1.001))


@pytest.mark.parametrize(
    ("gap", "gap_off", "state"),
    [(0.1, 0.0, "gone"), (0.1, 0.09, "still there"), (0.1, -0.1, "gone"), (0.0, 0.0, "nothing to lose")],
)
def test_an_ablation_is_judged_by_what_is_left(gap, gap_off, state):
    finding = judged(gap, above(), gap_off=gap_off)
    assert finding.without.state == state
    assert sentence_without(finding).startswith("Where nothing works: ")


def test_a_weaker_effect_is_not_called_gone():
    ablation = Ablation(meaning="nothing works", settings={})
    one = check(above(0.3), ablation=ablation)
    family = Family("F", "", "", (one,))
    b = runs(0.1)
    states = [
        judge(family, one, {"a": runs(0.6), "b": b}, {"a": runs(0.1 + left, 2.0), "b": b}, seeds=SEEDS).without.state
        for left in (0.0, 0.2, 0.3, 0.4)
    ]
    assert states == ["gone", "gone", "weaker", "still there"]


def test_swapping_the_arms_turns_the_sign_and_the_verdict():
    one = check(above())
    family = Family("F", "", "", (one,))
    arms = {"a": runs(0.4, 2.0), "b": runs(0.3)}
    swapped = {"a": arms["b"], "b": arms["a"]}
    first, second = (judge(family, one, some, {}, seeds=SEEDS) for some in (arms, swapped))
    assert (first.verdict, second.verdict) == ("holds", "fails")
    assert (second.effect, second.low, second.high) == pytest.approx((-first.effect, -first.high, -first.low))


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


# The same question through every door: compare, the claims, the patterns and the map are lists of such experiments.


FIRST, PAIRS = 41, 20
ASKED = range(FIRST, FIRST + PAIRS)
PAIR = ("prototype-led", "manifesto-led")
ROUTES = PairedExperiment(
    name="routes", arms={route: arm(route) for route in PAIR}, matters=0.02,
    effect=difference(*PAIR, at("practice", 120)),
)  # fmt: skip


def same(found, effect, low, high):
    return (found.effect, *found.ends) == pytest.approx((effect, low, high), abs=1e-12)


def test_a_comparison_of_two_routes_is_one():
    result = ROUTES.run(ASKED)
    table = compare(["generated"], PAIR, replicates=PAIRS, first_seed=FIRST, structures=False)
    row = table.contrasts.row(0, named=True)
    assert (row["first"], row["second"], row["outcome"], row["month"]) == (*PAIR, "practice", 120)
    assert same(result.estimate, row["difference"], row["low"], row["high"])
    assert (result.verdict, result.estimate.seeds) == (row["verdict"], row["replicates"])
    pressure = table.pressures.row(0, named=True)
    (there,) = under_pressures([pressure["pressure"]])
    again = replace(ROUTES, repeats=(there,)).run(ASKED)
    ((found, verdict),) = again.repeats.values()
    assert same(found, pressure["difference"], pressure["low"], pressure["high"])
    assert verdict == pressure["verdict"]


def test_a_claim_is_one_with_its_mechanism_and_every_structure(tmp_path):
    plan = claims.ClaimsPlan(
        claims=chosen(["route-in"]), seeds=PAIRS, structure_seeds=PAIRS, points=2, point_seeds=3, first_seed=FIRST
    )
    (finding,) = claims.carry_out(plan, tmp_path).findings
    result = plan.claims[0].experiment.run(ASKED)
    assert same(result.estimate, finding.effect, finding.low, finding.high)
    assert result.left is not None
    assert vars(result.left) == pytest.approx(vars(finding.left), abs=1e-12)
    assert result.state == finding.state
    assert list(result.repeats) == [one.name for one in ALTERNATIVES]
    for (found, verdict), one in zip(result.repeats.values(), finding.structures, strict=True):
        assert same(found, one.effect, one.low, one.high)
        assert verdict == finding.under(one)


@pytest.mark.parametrize("name", ["P15", "P16 upper", "P7c", "P7d"])
def test_a_pattern_is_one(name):
    (finding,) = run_patterns(ASKED, [name])
    (experiment,) = (one for family in FAMILIES for one in family.checks if one.name == name)
    result = experiment.run(ASKED, fewest=0)
    assert (result.estimate.effect, *result.estimate.ends) == (finding.effect, finding.low, finding.high)
    assert (result.verdict, result.state) == (finding.verdict, finding.without.state)


def test_a_cell_of_a_map_is_one(tmp_path):
    plan = route_map.plan_map(routes=PAIR, steps=2, most=PAIRS, first_seed=FIRST)
    found = route_map.carry_out(plan, tmp_path, write=lambda *_, **__: None, watch=lambda _: nullcontext())
    for repeat, row in zip(plan.repeats, found.cells.iter_rows(named=True), strict=True):
        cell = replace(plan.experiment, arms=plan.experiment.varied(repeat=repeat))
        result = cell.run(ASKED)
        assert result.estimate.effect == pytest.approx(row["difference"], abs=1e-12)
        # A map's confidence is found by halving, to about a millionth.
        assert result.estimate.half_width == pytest.approx(row["half_width"], rel=1e-4)
        side = "first" if result.estimate.effect > 0 else "second"
        words = {"ahead": f"{side} ahead", "leans": f"leans to {side}"}
        assert row["verdict"] == words.get(result.verdict, result.verdict)


def test_swapping_the_arms_of_an_experiment_turns_it_round():
    first, second = PAIR
    swapped = replace(ROUTES, effect=difference(second, first, at("practice", 120)))
    one, other = ROUTES.run(ASKED), swapped.run(ASKED)
    assert (other.estimate.effect, *other.estimate.ends) == (
        -one.estimate.effect,
        -one.estimate.high,
        -one.estimate.low,
    )
    assert other.verdict == one.verdict


def test_too_few_seeds_say_nothing_unless_they_are_told_to():
    assert ROUTES.run(range(3)).verdict == "too few replicates"
    assert ROUTES.run(range(3), fewest=2).verdict != "too few replicates"


def test_an_experiment_is_repeated_where_it_is_told_and_its_intervals_hold_together():
    scenario = load_scenario("gateshead")
    arms = {route: scenario.changed(route=load_route(route), months=24) for route in PAIR}
    factors = (Factor(name="initial_trust", low=0.1, high=0.5),)
    experiment = PairedExperiment(
        name="trust", arms=arms, effect=difference(*PAIR, at("practice", 24)), matters=0.02,
        repeats=at_points(factors, [(0.2,), (0.4,)]),
    )  # fmt: skip
    result = experiment.run(ASKED)
    assert list(result.repeats) == ["initial_trust 0.2", "initial_trust 0.4"]
    for value, (found, _) in zip((0.2, 0.4), result.repeats.values(), strict=True):
        changed = {name: under(one, settings={"initial_trust": value}) for name, one in arms.items()}
        alone = replace(experiment, arms=changed, repeats=()).run(ASKED)
        assert found.effect == pytest.approx(alone.estimate.effect, abs=1e-12)
        assert found.half_width > alone.estimate.half_width
