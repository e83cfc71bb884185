"""What is fitted is chosen by name, with plausible ranges or one's own."""

import pytest

from experiments.calibration.priors import DEFAULT, OFFSET, chosen
from simulation.parameters import BY_NAME
from simulation.scenario import ProblemError, load_scenario

GATESHEAD = load_scenario("gateshead")


def test_the_default_is_swept_over_plausible_ranges_with_an_offset():
    found = chosen(GATESHEAD)
    assert [prior.name for prior in found.priors] == [*DEFAULT, OFFSET]
    for prior in found.priors[:-1]:
        assert (prior.low, prior.high) == (BY_NAME[prior.name].low, BY_NAME[prior.name].high)


def test_values_reach_the_scenario_and_the_offset_does_not():
    found = chosen(GATESHEAD, ["T0", "place.practice_high=0.1..0.4"])
    values = [0.33, 0.25, 0.2]
    what = found.scenario(GATESHEAD, values)
    assert what.numbers.initial_trust == 0.33
    assert what.place.practice_high == 0.25
    assert found.offset(values) == 0.2
    assert found.scenario(GATESHEAD, [0.33, 0.25, -0.1]).content_hash() == what.content_hash()


def test_an_offset_can_be_known():
    found = chosen(GATESHEAD, ["trust_gain"], offset="1.5")
    assert [prior.name for prior in found.free] == ["trust_gain"]
    assert found.offset([0.1]) == 0.15
    assert chosen(GATESHEAD, offset="-2..4").priors[-1].low == -0.2


def test_a_range_beyond_the_plausible_one_is_noted():
    notes = []
    chosen(GATESHEAD, ["slip_back=0.001..0.2"], notes=notes)
    assert "slip_back goes beyond its plausible one, 0.01 to 0.035" in notes[0]


@pytest.mark.parametrize(
    ("parameters", "offset", "words"),
    [
        (["trust_gian"], "", "did you mean 'trust_gain'"),
        (["initial_infrastructure"], "", "has no plausible range"),
        (["trust_gain=0.1"], "", r"is not a range.*LOW\.\.HIGH"),
        (["trust_gain=0.2..0.1"], "", "is not a range"),
        (["trust_gain=0.05:0.1:0.2"], "", r"LOW\.\.HIGH"),
        (["trust_gain=0.05..x"], "", r"LOW\.\.HIGH"),
        (["trust_gain=nan..1"], "", r"LOW\.\.HIGH"),
        (["trust_gain=0.1..0.1"], "", "leaves nothing to fit"),
        (["trust_gain", "gT"], "", "is named twice"),
        (["route.number_of_sites=2..8"], "", "varies smoothly"),
        (["trust_gain=0.1..3"], "", "can't be run"),
        ([OFFSET], "", "is always fitted"),
        ([], "much", "is not a range"),
        ([], "-20..20", "is out of range"),
    ],
)
def test_what_can_not_be_fitted(parameters, offset, words):
    with pytest.raises(ProblemError, match=words):
        chosen(GATESHEAD, parameters, offset=offset)


def test_a_range_may_have_two_dots_or_a_colon():
    dots = chosen(GATESHEAD, ["trust_gain=0.05..0.1"], offset="-1..3")
    assert chosen(GATESHEAD, ["trust_gain=0.05:0.1"], offset="-1:3") == dots
