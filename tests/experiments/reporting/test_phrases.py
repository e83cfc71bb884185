"""Sentences say what the numbers say: change the data, and the sentence changes."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from experiments.reporting.figures.comparison import ending, spells
from experiments.reporting.numbers import joined
from experiments.reporting.phrases import (
    chance_sentence,
    contrast_sentence,
    enough_sentence,
    flat_routes,
    levels_sentence,
    places_sentence,
    probability_sentence,
    short_sentence,
    turns_sentence,
    verdict_words,
)
from simulation.outcomes import MINUS, band, difference, interval, level, number
from tests.experiments.command import ROOT
from tests.experiments.comparisons import contrast

WINNING = re.compile(r"\b(ahead|leans?|leads?|wins?|winner|better|best|beats?|outperforms?)\b")


def name(route: str) -> str:
    return route


@pytest.mark.parametrize(
    ("mean", "half", "said"),
    [
        (0.076, 0.01, "Prototype-led is ahead of manifesto-led at month 120."),
        (-0.076, 0.01, "Manifesto-led is ahead of prototype-led at month 120."),
        (0.03, 0.02, "At month 120 the runs lean to prototype-led over manifesto-led."),
        (-0.03, 0.02, "At month 120 the runs lean to manifesto-led over prototype-led."),
        (0.003, 0.01, "There is no difference that matters between prototype-led and manifesto-led at month 120."),
        (0.02, 0.05, "These runs do not decide between prototype-led and manifesto-led at month 120."),
    ],
)
def test_the_sentence_follows_the_interval(mean: float, half: float, said: str) -> None:
    assert short_sentence(contrast(mean, half), name) == said
    assert contrast_sentence(contrast(mean, half), name).startswith(said)


def test_fewer_than_twenty_pairs_rank_nothing() -> None:
    sentence = contrast_sentence(contrast(0.5, 0.01, replicates=19), name)
    assert "19 paired runs rank nothing" in sentence
    assert not WINNING.search(sentence)


@given(st.floats(-1, 1), st.floats(0, 1), st.integers(2, 500))
def test_an_interval_that_spans_zero_names_no_winner(mean: float, half: float, replicates: int) -> None:
    found = contrast(mean, half, replicates=replicates)
    words = [contrast_sentence(found, name), verdict_words(found, name), places_sentence({"a": found, "b": found})]
    path = np.tile([[mean], [found.low], [found.high]], 12)
    words.append(ending("prototype-led", "manifesto-led", path[:, -1], replicates))
    if found.low <= 0 <= found.high:
        assert not any(WINNING.search(sentence) for sentence in words)
        assert spells(path, replicates) == []


@given(st.floats(-1, 1), st.floats(0, 0.5))
def test_exchanging_the_labels_flips_the_difference_and_keeps_the_winner(mean: float, half: float) -> None:
    found = contrast(mean, half)
    turned = found.flipped()
    assert (turned.difference, turned.low, turned.high) == (-found.difference, -found.high, -found.low)
    assert turned.ahead == 1 - found.ahead
    assert verdict_words(found, name) == verdict_words(turned, name)
    if found.verdict in ("ahead", "leans"):
        assert short_sentence(found, name) == short_sentence(turned, name)


def test_the_numbers_in_a_sentence_are_those_of_the_contrast() -> None:
    sentence = contrast_sentence(contrast(0.0763, 0.0112), name)
    assert "prototype-led minus manifesto-led, is +0.76 of 10 (95% interval +0.65 to +0.88)" in sentence
    adjusted = contrast(0.0763, 0.0112, adjusted_low=0.06, adjusted_high=0.092)
    assert "+0.60 to +0.92 once adjusted for the contrasts named beforehand" in contrast_sentence(adjusted, name)


def test_only_practice_puts_a_route_ahead() -> None:
    assert verdict_words(contrast(0.1, 0.01), name) == "prototype-led ahead"
    assert verdict_words(contrast(0.1, 0.01, outcome="pressure"), name) == "prototype-led higher"


def test_shares_of_paired_runs_add_up() -> None:
    sentence = probability_sentence(contrast(0.1, 0.01, ahead=0.975, replicates=40), name)
    first, second = (int(share) for share in re.findall(r"in (\d+)%", sentence))
    assert (first, second) == (98, 2)


def test_the_answer_turns_only_where_the_verdict_changes() -> None:
    main = contrast(0.08, 0.01)

    def under(pressure: str, mean: float, half: float):  # type: ignore[no-untyped-def]
        return contrast(mean, half, pressure=pressure)

    same = turns_sentence(main, [under("steady", 0.09, 0.01), under("recovery", 0.05, 0.01)], name, name)
    assert same == "The answer is the same under every pressure tried: steady and recovery."
    others = [under("steady", 0.09, 0.01), under("crisis", 0.0, 0.01), under("austerity", -0.05, 0.01)]
    turned = turns_sentence(main, others, name, name)
    assert "under crisis there is no difference that matters" in turned
    assert "under austerity manifesto-led is ahead" in turned
    assert "It stays as it is under steady." in turned
    assert turns_sentence(main, [], name, name) == "No other pressure was tried."


def test_places_agree_only_where_verdict_and_side_do() -> None:
    first, other = contrast(0.08, 0.01), contrast(-0.08, 0.01)
    assert places_sentence({"a": first, "b": first}) == "The verdict is the same in both places."
    assert "change sides" in places_sentence({"a": first, "b": other})
    assert "not the same" in places_sentence({"a": first, "b": contrast(0.0, 0.01)})
    assert places_sentence({"a": first}) == ""


def test_enough_is_told_by_the_half_width_and_the_precision() -> None:
    assert "That is as fine as the ±0.20 asked for" in enough_sentence(contrast(0.1, 0.02))
    coarse = enough_sentence(contrast(0.1, 0.05, replicates_needed=1250))
    assert "coarser than the ±0.20 asked for: about 1,250 would do" in coarse
    assert "no end" in enough_sentence(contrast(0.1, float("inf"), replicates=1))


def test_levels_are_told_with_and_without_a_partner() -> None:
    medians = {"none": 0.02, "manifesto-led": 0.1, "prototype-led": 0.18, "blended": 0.21}
    said = levels_sentence(medians, name, month=120, pair=("prototype-led", "manifesto-led"))
    assert said == (
        "After 120 months the middle run ends, of 10, at 1.8 with prototype-led, 1.0 with manifesto-led, 1.0 to 2.1 "
        "across all 3 routes and 0.2 without a learning partner."
    )
    two = levels_sentence({"a": 0.1, "b": 0.2}, name, month=60)
    assert two == "After 60 months the middle run ends, of 10, at 1.0 to 2.0 across both routes."
    assert flat_routes(medians | {"blended": 0.05}) == ["none", "blended"]


def test_chance_is_set_against_the_route_only_where_it_is_larger() -> None:
    assert "0.5 to 5.0 and 0.4 to 4.2" in chance_sentence(contrast(0.07, 0.01), [(0.05, 0.5), (0.04, 0.42)], name)
    assert chance_sentence(contrast(0.3, 0.01), [(0.5, 0.6), (0.2, 0.3)], name) == ""


def test_spells_are_stretches_in_which_the_interval_is_clear_of_what_is_too_small() -> None:
    mean = np.array([0.0] * 5 + [-0.05] * 6 + [0.0] * 4 + [0.09] * 5)
    path = np.stack([mean, mean - 0.01, mean + 0.01])
    assert spells(path, 200) == [(5, 10, False), (15, 19, True)]
    assert spells(path, 19) == []
    assert spells(np.stack([mean, mean - 0.06, mean + 0.06]), 200) == [(15, 19, True)]


def test_numbers_are_written_for_people() -> None:
    assert number(-0.004, 2, signed=True) == "0.00"
    assert number(-1234.5, 1) == f"{MINUS}1,234.5"
    assert level("practice", 0.2178) == "2.2"
    assert level("take_off", float("inf")) == "not reached"
    assert level("kept_after_exit", float("nan")) == "not measured"
    assert level("reach", 0.334) == "33%"
    assert level("pressure", 1.02) == "102%"
    assert band("take_off", 52.0, float("inf")) == "52 to not reached"
    assert difference("practice", -0.0763) == f"{MINUS}0.76"
    assert difference("reach", 0.123) == "+12.3 points"
    assert interval("reach", 0.1, 0.2) == "+10.0 to +20.0 points"
    assert interval("practice", float("-inf"), float("inf")) == "without end"
    assert joined(["a"]) == "a"
    assert joined(["a", "b", "c"]) == "a, b and c"


SPOKEN = """
import json, sys
import numpy as np
from dashboard.pages.compare.outcome import loss_said
from dashboard.pages.compare.results import Loss
from experiments.baseline import CLAIMS_FILE, read_findings
from experiments.reporting import markdown
from experiments.reporting.figures.route_map import draw_route_map, handles
from experiments.reporting.figures.sheet import key
from experiments.reporting.phrases import verdict_words
from experiments.reporting.route_map import report_page
from experiments.reporting.terminal import map_account
from tests.experiments.comparisons import contrast
from tests.experiments.maps import made_up, small_plan

found, open_ = made_up(small_plan(precision=None), np.linspace(-.1, .1, 9).reshape(3, 3)), contrast(0.02, 0.05)
print(json.dumps({
    "terminal": map_account(found), "report": report_page(found, draw_route_map(found)),
    "figure": " ".join(one.get_label() for one in handles(found)) + key([open_]), "table": verdict_words(open_, str),
    "docs/patterns.md": markdown.patterns_page(read_findings(markdown.STORED)),
    "docs/claims.md": markdown.claims_page(read_findings(CLAIMS_FILE)),
    "page Compare": loss_said(Loss("", 0.0, -1.0, 1.0, "undecided")),
}))
"""


def spoken(root: Path) -> dict[str, str]:
    """Return what is said of effects that are undecided, by where it is said."""
    environment = os.environ | {"PYTHONPATH": str(root)}
    done = subprocess.run([sys.executable, "-c", SPOKEN], cwd=root, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.slow
@pytest.mark.process
def test_other_words_for_a_verdict_take_one_file(tmp_path: Path) -> None:
    for package in ("simulation", "experiments", "dashboard", "scenarios", "tests", "docs"):
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__", "_scenarios"))
    phrases = tmp_path / "experiments" / "reporting" / "phrases.py"
    text = phrases.read_text(encoding="utf-8")
    before, key, rest = text.partition('    "undecided": Words(')
    row, end, after = rest.partition("\n    ),")
    row = row.replace("undecided", "in the balance").replace("Undecided", "In the balance")
    phrases.write_text(before + key + row + end + after, encoding="utf-8")
    for where, said in spoken(tmp_path).items():
        assert "in the balance" in said.lower(), where
        assert "undecided" not in said.lower(), where
