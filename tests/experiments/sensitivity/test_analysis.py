"""A real sweep is asked: by its design, as far as it is, and with what failed named."""

import json

import numpy as np
import polars as pl
import pytest

from experiments.cli.console import json_text
from experiments.design import LatinHypercube, OneAtATime, Sobol
from experiments.factors import Factor
from experiments.manifest import faults, read_manifest
from experiments.reporting.result_files import analysis_data
from experiments.reporting.sensitivity import answer, basis_sentence, luck_sentence, sentences, verdict
from experiments.reporting.tables import points, tables
from experiments.results import Results, load
from experiments.runner import resume, sweep
from experiments.sensitivity.adequacy import luck_of
from experiments.sensitivity.analysis import Analysis, Basis, Finding, analyse
from experiments.sensitivity.data import Question, Subject, question_of
from experiments.sensitivity.morris import screening
from experiments.sensitivity.sobol import indices
from experiments.work import work_of
from simulation.scenario import ProblemError, load_scenario
from tests.experiments.sensitivity.samples import ishigami, morris, sobol, swept, switched_off

SCENARIO = load_scenario("generated").changed(months=6)
RANGES = [Factor(name="initial_pressure", low=0.88, high=1.04), Factor(name="trust_gain", low=0.04, high=0.12)]


@pytest.fixture(scope="module")
def of_sobol(tmp_path_factory: pytest.TempPathFactory) -> Analysis:
    return analyse(load(swept(tmp_path_factory.mktemp("sobol"), "sobol")), halves=1, times=2)


@pytest.fixture(scope="module")
def of_steps(tmp_path_factory: pytest.TempPathFactory) -> tuple[Analysis, Results]:
    results = load(swept(tmp_path_factory.mktemp("steps"), "one-at-a-time", months=6, replicates=3))
    return analyse(results), results


def finding_of(values: np.ndarray, **held: object) -> Finding:
    arm = work_of([SCENARIO]).arms[0]
    return Finding(Subject(arm, None, values, ""), (), len(values), luck_of(values), True, **held)  # type: ignore[arg-type]


def test_a_sobol_sweep_gives_indices_of_the_difference_and_of_each_route(of_sobol):
    titles = ["Prototype-led minus manifesto-led", "Manifesto-led", "Prototype-led"]
    assert [finding.subject.title for finding in of_sobol.findings] == titles
    for finding in of_sobol.findings:
        assert finding.indices is not None
        assert finding.indices.blocks == 8
        assert len(finding.indices.pairs) == 3
        assert not answer(finding, of_sobol.question).is_told
    found = tables(of_sobol)
    assert set(found) >= {"answers", "indices", "pairs", "scores", "luck", "checks"}
    assert found["indices"].height == 9
    assert found["answers"]["subject"].n_unique() == 3


def test_the_points_are_the_means_over_seeds_of_the_stored_runs(of_steps):
    analysis, results = of_steps
    table = points(analysis).filter(pl.col("minus_route") == "", pl.col("route") == "prototype-led")
    runs = results.runs.filter(pl.col("route") == "prototype-led")
    expected = runs.group_by("point", maintain_order=True).agg(pl.col("practice").mean())
    assert table["mean"].to_numpy() == pytest.approx(expected["practice"].to_numpy())
    difference = points(analysis).filter(pl.col("minus_route") == "manifesto-led")["mean"].to_numpy()
    other = results.runs.filter(pl.col("route") == "manifesto-led")
    less = other.group_by("point", maintain_order=True).agg(pl.col("practice").mean())["practice"].to_numpy()
    assert difference == pytest.approx(expected["practice"].to_numpy() - less)


def test_one_thing_at_a_time_warns_of_interactions_and_seeks_no_region(of_steps):
    analysis, _ = of_steps
    for finding in analysis.findings:
        assert finding.steps is not None
        assert finding.search is None
        assert "can’t be seen here" in " ".join(sentences(finding, analysis.question))
        assert not answer(finding, analysis.question).is_told


def test_a_morris_sweep_gives_effects_and_the_same_walks_are_drawn_again(tmp_path):
    folder = swept(tmp_path, "morris")
    analysis = analyse(load(folder), halves=0, times=1)
    finding = analysis.findings[1]
    assert finding.screening is not None
    assert finding.screening.walks == 4
    means = finding.subject.means.reshape(4, 4)
    assert finding.screening.size.sum() > 0
    assert np.abs(np.diff(means, axis=1)).max() > 0


def test_a_number_that_can_do_nothing_is_told_to_do_nothing(tmp_path):
    analysis = analyse(load(switched_off(tmp_path)), halves=0, times=1)
    found = analysis.findings[0].indices
    assert found is not None
    k = found.names.index("talk_damage")
    assert found.first[k] - found.first_half[k] <= 0 <= found.first[k] + found.first_half[k]
    assert found.total[k] - found.total_half[k] <= 0
    assert found.judgement(k) == "hardly matters"
    assert found.judgement(1 - k) == "matters"
    assert "Talk damage hardly matters" in " ".join(sentences(analysis.findings[0], analysis.question))


def test_an_unfinished_sweep_is_analysed_as_far_as_it_is_and_finished_without_the_analysis(tmp_path):
    work = work_of([SCENARIO], RANGES, design=Sobol(points=16, seed=1), replicates=2)
    work = work.model_copy(update={"chunk_size": 48})
    folder = sweep(work, tmp_path / "part", part=(1, 2)).folder
    analysis = analyse(load(folder), halves=0, times=1)
    assert (analysis.basis.done, analysis.basis.runs) == (80, 128)
    assert basis_sentence(analysis.basis).startswith("It rests on 80 of 128 runs (part 1 of 2)")
    assert "not finished" in basis_sentence(analysis.basis)
    found = analysis.findings[0].indices
    assert found is not None
    assert (found.blocks, found.planned) == (10, 16)
    assert "is still running" in basis_sentence(Basis(10, 5, 0, True, (1, 1)))


def test_what_was_written_beside_a_running_sweep_is_no_part_of_it(tmp_path):
    work = work_of([SCENARIO], RANGES, design=LatinHypercube(points=4), replicates=1)
    work = work.model_copy(update={"chunk_size": 1})
    folder = sweep(work, tmp_path / "all").folder
    (folder / "manifest.json").unlink()
    (folder / "analysis").mkdir()
    (folder / "analysis" / "answers.csv").write_text("old")
    resume(folder)
    (folder / "analysis" / "answers.csv").write_text("new")
    assert read_manifest(folder) is not None
    assert faults(folder) == []


def test_failed_runs_are_counted_named_and_left_out(tmp_path):
    factors = [Factor(name="initial_pressure", values=(0.9, 1.0)), Factor(name="trust_gain", values=(0.1, 9.0))]
    folder = sweep(work_of([SCENARIO], factors, replicates=2, design=OneAtATime()), tmp_path / "some").folder
    analysis = analyse(load(folder))
    assert analysis.basis.failed == 2
    assert "2 of them failed and are left out" in basis_sentence(analysis.basis)
    assert "trust_gain" in analysis.failures[0]["error"]
    steps = analysis.findings[0].steps
    assert steps is not None
    assert [step.value for step in steps.of("trust_gain")] == [0.1]
    assert tables(analysis)["failures"].height == 2


def test_the_outcome_at_a_month_is_read_from_the_months(tmp_path):
    work = work_of([SCENARIO], RANGES, design=LatinHypercube(points=4), replicates=2, keep="months")
    results = load(sweep(work, tmp_path / "months").folder)
    asked = question_of(work, outcome="trust", month=3)
    analysis = analyse(results, asked, halves=0, times=1)
    expected = results.months.filter(pl.col("month") == 3)["trust"].to_numpy().reshape(4, 2)
    assert analysis.findings[0].subject.values == pytest.approx(expected)


@pytest.mark.parametrize(
    ("factors", "outcome", "words"),
    [
        ([], "practice", "nothing varies: the plan has no factor"),
        ([Factor(name="talk_damage", values=(0.01, 0.1))], "practice", "nothing varies: practice is the same"),
        (RANGES[:1], "kept_after_exit", "no route has that outcome in every run"),
    ],
)
def test_where_there_is_nothing_to_ask_it_is_said(tmp_path, factors, outcome, words):
    design = LatinHypercube(points=2) if factors == RANGES[:1] else None
    work = work_of([SCENARIO], factors, routes=["none"], design=design)
    results = load(sweep(work, tmp_path / "sweep").folder)
    with pytest.raises(ProblemError, match=words):
        analyse(results, Question(outcome), halves=0, times=1)


def test_the_json_holds_every_table_and_where_it_comes_from(of_sobol):
    data = json.loads(json_text(analysis_data(of_sobol)))
    assert data["basis"] == {"runs": 256, "done": 256, "failed": 0, "running": False}
    assert len(data["indices"]) == 9
    assert data["manifest"]["sweep"]["hash"] == of_sobol.work.content_hash()
    assert data["manifest"]["kind"] == "analysis"
    assert "SALib" in data["manifest"]["libraries"]


def test_the_verdict_changes_with_the_data():
    said = []
    for count in (16, 1024):
        design, sample = sobol(count)
        found = indices(ishigami(sample), ["one", "two", "three", "four"], design)
        said.append(answer(finding_of(ishigami(sample)[:, None], indices=found), Question()))
    small, large = said
    assert (small.is_told, large.is_told) == (False, True)
    assert "base points" in small.because
    assert large.sentence.startswith("One moves it most: 0.5")


def test_screening_words_follow_the_walks():
    design, sample = morris(12, 3)
    slopes = np.array([0.3, -0.001, 0.1])
    told = []
    for sign in (1, -1):
        found = screening(sample @ (sign * slopes), ["one", "two", "three"], design, matters=0.02)
        finding = finding_of((sample @ slopes)[:, None], screening=found)
        told.append([verdict(finding, Question()), *sentences(finding, Question())])
    assert told[0][0] == "One moves it most."
    assert "Over its whole range one moves it by 3.00 of 10" in told[0][1]
    assert "Two hardly matters: less than 0.20 of 10." in told[0]


def test_luck_that_is_too_much_is_warned_of():
    rng = np.random.default_rng(0)
    signal = rng.normal(0, 1, (60, 1))
    little, much = (finding_of(signal + noise * rng.normal(0, 1, (60, 3))) for noise in (0.05, 2.0))
    assert "more seeds would show more" not in luck_sentence(little.luck, little)
    assert "more seeds would show more" in luck_sentence(much.luck, much)
    one = finding_of(signal)
    assert "it takes two seeds" in luck_sentence(one.luck, one)


def test_points_that_repeat_others_are_counted_once(tmp_path):
    rows = [f"{0.9 + 0.01 * k:.2f},{0.05 + 0.002 * (k * 7 % 12):.3f}" for k in range(12)]
    found = []
    for name, several in (("once", 1), ("thrice", 3)):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "points.csv").write_text("\n".join(["initial_pressure,trust_gain", *rows * several]) + "\n")
        head = 'scenarios = ["generated"]\nmonths = 6\nreplicates = 2\n'
        (folder / "plan.toml").write_text(f'{head}[design]\ntype = "table"\nfile = "points.csv"\n')
        found.append(analyse(load(sweep(folder / "plan.toml", folder / "sweep").folder), halves=1, times=1))
    once, thrice = found
    assert [finding.points for finding in thrice.findings] == [finding.points for finding in once.findings] == [12]
    assert thrice.findings[0].luck == once.findings[0].luck
    assert once.notes == ()
    assert "24 of the 36 points repeat others" in thrice.notes[0]
    assert points(thrice).height == 36
