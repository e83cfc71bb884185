"""An outcome of one's own is measured by compare, sweep and map as the model's are, and only by the code it had."""

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from experiments import compare, load, load_tables, resume, route_map, sweep, work_of
from experiments.cli.main import main
from experiments.executors import Cluster, Processes, Serial, Threads
from experiments.factors import Factor
from experiments.output_folder import Workplace
from experiments.reporting.comparison import write_comparison
from experiments.reporting.tables import level_rows
from experiments.route_map import read
from experiments.sensitivity.data import question_of, read_cube
from experiments.store import SweepError
from simulation import OUTCOMES, Outcome, ProblemError, load_route, load_scenario, simulate
from simulation.outcomes import RUN_COLUMNS, shown
from simulation.own_outcome import OwnOutcome, described
from simulation.scenario import Scenario
from tests.experiments.clusters import cluster
from tests.experiments.outcomes import APART, EARLY, FAILING, furthest_apart, is_high

PLACE = Scenario(months=6, route=load_route("prototype-led"))
SEEDS = range(1_000_000, 1_000_006)
EXPECTED = [furthest_apart(simulate(PLACE, seed, detail="organisations")) for seed in SEEDS]


def inside() -> Any:
    """Return a function that is made inside another."""

    def within(trajectory: Any) -> float:
        return 1.0

    return within


@pytest.mark.parametrize("executor", [Serial, lambda: Threads(2), lambda: Processes(2)], ids=["one", "threads", "proc"])
def test_a_sweep_measures_it_whoever_carries_it_out(executor: Any, tmp_path: Path) -> None:
    work = work_of([PLACE], replicates=len(SEEDS), outcomes=[APART, EARLY])
    assert sweep(work, tmp_path / "sweep", executor=executor()).failed == 0
    found = load(tmp_path / "sweep")
    assert found.runs["furthest_apart"].to_list() == EXPECTED
    assert found.runs.columns[-2:] == ["furthest_apart", "early"]
    assert found.outcomes == (*RUN_COLUMNS, "furthest_apart", "early")
    told = found.dictionary.filter(pl.col("column") == "furthest_apart").row(0, named=True)
    assert told["meaning"] == "Furthest apart: highest practice less lowest"
    asked = question_of(found.work, outcome="furthest_apart", outcomes=found.outcomes)
    np.testing.assert_array_equal(read_cube(found, asked).values.ravel(), EXPECTED)
    assert "furthest_apart" in found.dataset()
    manifest = json.loads((tmp_path / "sweep" / "manifest.json").read_text(encoding="utf-8"))
    said = {one["name"]: one for one in manifest["own_outcomes"]}
    assert said["furthest_apart"]["code"] == "tests.experiments.outcomes:furthest_apart"
    assert len(said["furthest_apart"]["source"]) == 64


@pytest.mark.cluster
def test_a_cluster_measures_it(tmp_path: Path) -> None:
    with cluster(1) as (address, _):
        work = work_of([PLACE], replicates=len(SEEDS), outcomes=[APART])
        assert sweep(work, tmp_path / "sweep", executor=Cluster(address)).failed == 0
    assert load(tmp_path / "sweep").runs["furthest_apart"].to_list() == EXPECTED


def test_the_models_numbers_are_as_without_it(tmp_path: Path) -> None:
    plain, more = (
        load(sweep(work_of([PLACE], replicates=3, outcomes=own), tmp_path / name).folder).runs
        for name, own in (("plain", []), ("more", [APART]))
    )
    assert more.drop("furthest_apart").equals(plain)


def test_a_comparison_measures_it(tmp_path: Path) -> None:
    routes = ["manifesto-led", "prototype-led"]
    options: dict[str, Any] = {"replicates": len(SEEDS), "pressures": False, "outcomes": [APART]}
    found = compare([PLACE], routes, parts=tmp_path, **options)
    runs = found.runs.filter(pl.col("route") == "prototype-led").sort("seed")
    assert runs["furthest_apart"].to_list() == EXPECTED
    row = found.contrasts.filter(pl.col("outcome") == "furthest_apart").row(0, named=True)
    other = found.runs.filter(pl.col("route") == "manifesto-led").sort("seed")["furthest_apart"]
    assert row["difference"] == pytest.approx((runs["furthest_apart"] - other).mean())
    assert "furthest_apart" in found.levels["outcome"]
    assert "furthest_apart" in found.runs_under_structures.columns
    assert "Furthest apart" in str(level_rows(found, PLACE.name))
    assert [one["name"] for one in found.manifest["own_outcomes"]] == ["furthest_apart"]
    again = compare([PLACE], routes, parts=tmp_path, **options)
    assert again.runs.equals(found.runs)
    less = compare([PLACE], routes, **(options | {"outcomes": []}))
    assert found.runs.drop("furthest_apart").equals(less.runs)
    assert len(list(tmp_path.iterdir())) == 2, "the comparison and what repeats it"


def test_a_map_can_be_of_it(tmp_path: Path) -> None:
    found = route_map(PLACE, outcome=APART, steps=2, most=20, out=tmp_path / "map")
    assert found.plan.outcome == "furthest_apart"
    assert np.isfinite(found.cells["difference"].to_numpy()).all()
    again = read(tmp_path / "map")
    assert again.plan == found.plan
    assert again.cells.equals(found.cells)


def test_a_run_in_which_it_fails_is_a_failed_run_and_the_others_go_on(tmp_path: Path) -> None:
    done = sweep(work_of([PLACE], replicates=6, outcomes=[FAILING]), tmp_path / "sweep")
    rows = load(done.folder).runs
    high = np.array([is_high(simulate(PLACE, seed)) for seed in SEEDS])
    assert 0 < high.sum() < 6, "some runs are high and some are not"
    assert (rows["status"] == "failed").to_list() == high.tolist()
    assert set(rows.filter(pl.col("status") == "failed")["error"]) == {"ValueError: too high"}


WRONG = {
    "lambda": (lambda trajectory: 1.0, "no lambda"),
    "inside": (inside(), "none that is made inside another"),
    "nothing": (None, "no lambda, none that is made inside another"),
    "compiled": (len, "has no source that can be read"),
    "program": (furthest_apart, "stands in the program itself"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_cannot_go_to_another_process_is_refused_in_words_before_any_run(
    case: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    function, words = WRONG[case]
    if case == "program":
        monkeypatch.setattr(furthest_apart, "__module__", "__main__")
    own = Outcome("own", "Own", function=function)
    for attempt in (
        lambda: compare([PLACE], ["none"], replicates=1, outcomes=[own]),
        lambda: sweep("routes-and-seeds", tmp_path / "sweep", outcomes=[own]),
        lambda: route_map(PLACE, outcome=own, out=tmp_path / "map"),
    ):
        with pytest.raises(ProblemError, match=words):
            attempt()
    assert not list(tmp_path.iterdir())


def test_names_are_refused_that_are_anothers_or_no_names() -> None:
    for name in ("two words", ""):
        with pytest.raises(ProblemError, match="is not a name for a column"):
            described([replace(APART, name=name)])
    for name in ("practice", "run"):
        with pytest.raises(ProblemError, match="is the name of another outcome or column"):
            described([replace(APART, name=name)], taken=["run"])
    with pytest.raises(ProblemError, match="is the name of another outcome"):
        described([APART, APART])
    for name in ("status", "under_structure"):
        with pytest.raises(ProblemError, match="is the name of another outcome or column"):
            compare([PLACE], ["none"], replicates=1, outcomes=[replace(APART, name=name)])
    factor = Factor(name="trust_gain", values=(0.05, 0.1))
    with pytest.raises(ProblemError, match="is the name of another outcome or column"):
        work_of([PLACE], [factor], outcomes=[replace(APART, name="trust_gain")])


def test_resume_refuses_code_that_has_changed_or_is_gone(tmp_path: Path) -> None:
    folder = tmp_path / "sweep"
    sweep(work_of([PLACE], replicates=4, outcomes=[APART]), folder)
    said = json.loads((folder / "sweep.json").read_text(encoding="utf-8"))
    for change, words in (
        ({"source": "0" * 64}, "whose source has changed since"),
        ({"code": "no_such_module:function"}, "which is not found here"),
        ({"code": "tests.experiments.outcomes:no_such_function"}, "which is not found here"),
    ):
        other = Path(shutil.copytree(folder, tmp_path / f"other-{len(list(tmp_path.iterdir()))}"))
        own = said["work"]["own"][0] | change
        work = said["work"] | {"own": [own]}
        hashed = type(load(folder).work).model_validate(work).content_hash()
        (other / "sweep.json").write_text(json.dumps(said | {"work": work, "hash": hashed}), encoding="utf-8")
        with pytest.raises(SweepError, match=words):
            resume(other)
        assert load(other).runs["furthest_apart"].to_list() == EXPECTED[:4], "what is stored can be read"
        assert main(["status", str(other)]) == 0
    assert resume(folder).done == 4


def test_another_process_knows_its_words_from_the_folder(tmp_path: Path) -> None:
    own = described([replace(EARLY, name="known_from_its_folder")])[0]
    assert shown("known_from_its_folder").title == "Practice at month 3"
    assert OwnOutcome.model_validate_json(own.model_dump_json()) == own
    assert own.value(simulate(PLACE, 1)) == simulate(PLACE, 1).at("practice", 3)
    assert own.name not in {outcome.name for outcome in OUTCOMES}


def test_work_without_any_is_as_it_was() -> None:
    work = work_of([PLACE])
    assert "own" not in work.model_dump()
    assert "own" in work.measuring([APART]).model_dump()
    assert work.measuring([APART]).content_hash() != work.content_hash()


def test_a_comparisons_files_tell_of_it(tmp_path: Path) -> None:
    found = compare([load_scenario("generated").changed(months=3)], ["none", "blended"], replicates=2, outcomes=[APART])
    with Workplace(tmp_path / "out") as workplace:
        workplace.begin(found.manifest)
        workplace.publish(lambda folder: write_comparison(found, folder, scenarios={}, report=False), found.manifest)
    read_back = load_tables(tmp_path / "out")
    told = read_back.dictionary.filter((pl.col("column") == "furthest_apart") & (pl.col("table") == "runs"))
    assert told["meaning"].item() == "Furthest apart: highest practice less lowest"
