"""What the page Sweep reads and works out, without a browser."""

import json
import os
import shutil
import threading
import time
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from dashboard import sweep_folders
from dashboard.address import Settings, from_query
from dashboard.charts.parallel import parallel
from dashboard.pages.sweep import library, look
from dashboard.pages.sweep.importance import ask, matters_chart
from dashboard.pages.sweep.parallel_axes import heard, points_chart, sampled
from dashboard.pages.sweep.points import point_sentence, points_of, read_ranges, selection_sentence, write_ranges
from dashboard.pages.sweep.replay import again, again_in_map, said, settings_for
from dashboard.pages.sweep.route_map import map_chart
from dashboard.pages.sweep.snapshot import UnreadError, held, map_now, snapshot
from dashboard.pages.sweep.status import far_sentence, version_sentence
from dashboard.pages.sweep.view import View, view_of
from dashboard.runs import chosen
from dashboard.sensitivity_process import Sensed, from_text, of_scores, sense, to_text
from dashboard.session import Session, Visitor
from experiments.executors import Serial
from experiments.output_folder import locked
from experiments.reporting.numbers import capital
from experiments.results import load
from experiments.runner import sweep
from experiments.sensitivity import sobol
from experiments.sensitivity.feature_scoring import Scores
from experiments.store import file_sha
from simulation import MODEL_VERSION
from simulation.outcomes import number
from simulation.run import simulate
from tests.dashboard.sweeps import ROUTES, made, mapped, steps_work, work

KEY = "generated-none-prototype-led"
DIFFERENCE = "generated-none-prototype-led-minus-manifesto-led"


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    here = tmp_path_factory.mktemp("sweeps")
    return {
        "hypercube": made(here / "hypercube", work()),
        "sobol": made(here / "sobol", work("sobol", routes=ROUTES[1:])),
        "steps": made(here / "steps", steps_work()),
        "map": mapped(here / "map"),
    }


def opened(folder: Path) -> Any:
    return snapshot(sweep_folders.checked(folder))


def session_of(**settings: Any) -> tuple[Session, list[str]]:
    pushed: list[str] = []
    return Session(Settings(**settings), (), "/sweep", "/sweep", Visitor(), lambda: None, pushed.append), pushed


def view(folder: Path, **settings: Any) -> View:
    found = opened(folder)
    kept = held(found, "practice")
    points = points_of(found, kept, settings.get("subject", ""), "practice")
    assert points is not None
    return view_of(session_of(**settings)[0], found, kept, points)


# What may be opened


def test_folders_get_short_names_that_do_not_clash(folders: dict[str, Path], tmp_path: Path) -> None:
    other = tmp_path / "hypercube"
    shutil.copytree(folders["hypercube"], other)
    example = tmp_path / "example"
    shutil.copytree(folders["map"], example)
    before = sweep_folders.given()
    try:
        entries = sweep_folders.fill([folders["hypercube"], other, str(example), folders["hypercube"]])
        assert [(one.name, one.kind) for one in entries] == [
            ("hypercube", "sweep"), ("hypercube-2", "sweep"), ("example-2", "map"),
        ]  # fmt: skip
        assert [one.title for one in entries][1:] == ["A small hypercube", "Prototype-led against manifesto-led"]
        assert from_query("sweep=hypercube-2").settings.sweep == "hypercube-2"
        for bad in (str(other), "../hypercube", "hypercube-3", "/etc/passwd"):
            read = from_query(f"sweep={bad}")
            assert read.settings.sweep == ""
            assert "were started with" in read.notes[0]
    finally:
        sweep_folders._given = before


def test_what_can_t_be_offered_is_one_clear_error(folders: dict[str, Path], tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    (tmp_path / "empty").mkdir()
    for name, text in (("sweep.json", '{"work": {"arms": 3}}'), ("map.json", "not json")):
        (tmp_path / name).mkdir()
        (tmp_path / name / name).write_text(text)
    changed = tmp_path / "changed"
    shutil.copytree(folders["map"], changed)
    (changed / "map.json").write_text((changed / "map.json").read_text().replace('"practice"', '"trust"', 1))
    words = {
        "nowhere": "is not there", "file": "is a file", "empty": "holds no sweep and no map",
        "sweep.json": "another version", "map.json": "is not what was written", "changed": "another version",
    }  # fmt: skip
    for name, part in words.items():
        with pytest.raises(sweep_folders.ShelfError, match=part):
            sweep_folders.fill([tmp_path / name])
    assert sweep_folders.given() == ()


# What is read, also while it is written


def test_a_sweep_can_be_read_at_any_moment_while_it_is_written(tmp_path: Path) -> None:
    plan, seen, wrong = work(chunk=8, routes=ROUTES[:1]), [], []
    folder, over = tmp_path / "growing", threading.Event()

    def reading() -> None:
        while not over.is_set():
            if not (folder / "sweep.json").is_file():
                continue
            try:
                found = opened(folder)
                count = held(found, "practice").cube.done if found.status.done else 0
                seen.append((found.status.done, count, found.status.running, far_sentence(found)))
            except Exception as error:
                wrong.append(error)

    reader = threading.Thread(target=reading)
    reader.start()
    sweep(plan, folder, executor=Serial(), progress=lambda _: time.sleep(0.03))
    over.set()
    reader.join()
    last = opened(folder)
    assert wrong == []
    assert [count for _, count, *_ in seen] == sorted(count for _, count, *_ in seen)
    assert len({count for _, count, *_ in seen}) > 2
    assert any(words.startswith("Running now") for *_, words in seen)
    assert far_sentence(last) == "Finished: all 48 runs are stored; none failed."
    assert held(last, "practice").cube.done == 48


def test_a_sweep_that_is_held_runs_and_one_that_is_not_waits(tmp_path: Path) -> None:
    class Enough(Exception):
        pass

    def stop(progress: Any) -> None:
        if progress.done >= 16:
            raise Enough

    plan = work(chunk=8)
    with pytest.raises(Enough):
        sweep(plan, tmp_path / "part", executor=Serial(), progress=stop)
    assert far_sentence(opened(tmp_path / "part")).startswith("Not finished, and nothing is running it now: 16 of 96")
    with locked(tmp_path / "part"):
        assert far_sentence(opened(tmp_path / "part")).startswith("Running now: 16 of 96 runs are stored; none failed")
    with (tmp_path / "part" / "parts.jsonl").open("a") as file:
        file.write('{"number": 2, "ru')
    (tmp_path / "part" / "runs" / "000005.tmp").write_bytes(b"PAR1 half")
    here = view(tmp_path / "part", subject=KEY)
    assert len(here.points.numbers) == 4  # 16 runs: four points of two routes on two seeds
    assert sampled(here) == "20 of 24 points have too few finished runs and are left out."


def test_a_folder_that_is_gone_is_said_without_its_path(folders: dict[str, Path], tmp_path: Path) -> None:
    for kind in ("hypercube", "map"):
        shutil.copytree(folders[kind], tmp_path / kind)
        entry = sweep_folders.checked(tmp_path / kind)
        shutil.rmtree(tmp_path / kind)
        found, words = look(entry)
        assert found is None
        assert f"“{kind}” can’t be read at this moment" in words
        assert str(tmp_path) not in words


def test_a_part_that_is_no_parquet_is_said(folders: dict[str, Path], tmp_path: Path) -> None:
    shutil.copytree(folders["sobol"], tmp_path / "bad")
    path = next((tmp_path / "bad" / "runs").iterdir())
    path.write_bytes(b"nothing")
    with pytest.raises(UnreadError, match="can’t be read at this moment"):
        held(opened(tmp_path / "bad"), "practice")


def test_another_version_of_the_model_is_said() -> None:
    assert "the one installed here" in version_sentence(MODEL_VERSION)
    assert f"installed here is {MODEL_VERSION}" in version_sentence(MODEL_VERSION + 1)


# Points


def test_points_are_the_means_over_seeds_in_the_scale_shown(folders: dict[str, Path]) -> None:
    runs = load(folders["hypercube"]).runs
    means = runs.group_by("point", "route").agg(pl.col("practice").mean()).sort("point")
    first, second = (means.filter(pl.col("route") == route)["practice"].to_numpy() for route in ROUTES)
    here = view(folders["hypercube"])
    assert here.is_difference
    assert here.points.outcome == pytest.approx(10 * (second - first))
    assert view(folders["hypercube"], subject=KEY).points.outcome == pytest.approx(10 * second)
    assert [scale.name for scale in here.points.scales][:1] == ["initial_pressure"]
    assert (here.points.scales[0].low, here.points.scales[0].high) == (0.88, 1.04)


def test_ranges_choose_points_and_come_back_from_the_address(folders: dict[str, Path]) -> None:
    points = view(folders["hypercube"], subject=KEY).points
    text = write_ranges({"initial_trust": (0.2, 0.4), "initial_pressure": (0.88, 1.04)}, points.scales)
    assert text == "initial_trust~0.2~0.4"
    settings = from_query(Settings(within=text, subject=KEY).to_query()).settings
    here = view(folders["hypercube"], within=settings.within, subject=KEY)
    trust = points.numbers[:, 1]
    assert here.inside.tolist() == ((trust >= 0.2) & (trust <= 0.4)).tolist()
    assert 0 < here.inside.sum() < 24
    assert here.point == here.points.which[here.inside][np.argmax(here.points.outcome[here.inside])]
    said_of = selection_sentence(points, here.inside)
    assert said_of.startswith(f"{here.inside.sum()} of 24 points are chosen")
    assert said_of != selection_sentence(points, ~here.inside)
    assert read_ranges("initial_trust~9~x,~~,initial_trust~nan~1,nothing~1~2", points.scales) == {}
    assert read_ranges("initial_trust~9~-9", points.scales) == {"initial_trust": (0.1, 0.5)}
    assert selection_sentence(points, np.zeros(24, bool)) == "None of 24 points lies within these ranges."


def test_what_is_stored_at_a_point_is_said_with_what_its_seeds_lie_between(folders: dict[str, Path]) -> None:
    here = view(folders["hypercube"], subject=DIFFERENCE)
    own = 10 * here.held.subject(DIFFERENCE).values[3]  # type: ignore[union-attr]
    mean, low, high = (number(float(value), 2, signed=True) for value in (own.mean(), own.min(), own.max()))
    words = f"over 2 seeds: practice, difference (of 10) {mean} on average, from {low} to {high}."
    assert point_sentence(here.points, own, 3) == f"Stored at this point, {words}"
    assert "on one seed" in point_sentence(here.points, own[:1], 3)
    assert point_sentence(here.points, own, 999).startswith("Too few runs")
    assert f"nine in ten of them from {number(float(np.quantile(here.points.outcome, 0.05)), 2, signed=True)}" in (
        selection_sentence(here.points, np.ones(24, bool))
    )


def test_a_range_drawn_with_the_mouse_is_written_into_the_address(folders: dict[str, Path]) -> None:
    here = view(folders["hypercube"])
    session, pushed = session_of()
    here = view_of(session, here.found, here.held, here.points)
    heard(here, {"brushed": [[1.5, 0.9], None, None, None]})
    heard(here, {"id": "point-7"})
    heard(here, {"id": "point-99999"})
    heard(here, {"id": "../7", "brushed": "x"})
    assert pushed == ["/sweep?v=1&model=1&within=initial_pressure~0.9~1.04", "/sweep?v=1&model=1&point=7"]


def test_very_many_points_are_drawn_by_a_choice_that_stays_and_is_said(folders: dict[str, Path]) -> None:
    here = view(folders["hypercube"])
    assert here.points.drawn(10).tolist() == here.points.drawn(10).tolist()
    assert len(here.points.drawn(10)) == 10
    drawing = points_chart(here)
    assert len(drawing.rows) == 24
    assert len(drawing.option["series"][1]["data"]) == 24
    json.dumps(drawing.option, allow_nan=False)


def test_lines_have_words_for_choices() -> None:
    drawing = parallel(
        np.array([[0.0, 1.5], [1.0, 2.5]]), names=["kind", "outcome"], ends=[(0, 1), (1, 3)], levels=[["a", "b"], []],
        ids=[4, 9], inside=np.array([True, False]), chosen=9, title="t", description="d", decimals=[0, 1],
    )  # fmt: skip
    assert drawing.rows == [[4, "a", 1.5]]
    assert [len(series["data"]) for series in drawing.option["series"]] == [1, 1, 1]
    assert drawing.option["parallelAxis"][0]["data"] == ["a", "b"]


# One run again


def test_runs_carried_out_again_are_the_stored_ones_to_the_last_bit(folders: dict[str, Path]) -> None:
    found = opened(folders["hypercube"])
    for point, arm, replicate in ((0, 0, 0), (7, 1, 1), (23, 1, 0)):
        one = again(found, point, arm, replicate)
        stored = found.results.runs.filter(point=point, route=ROUTES[arm], replicate=replicate)
        assert one.same is True
        assert one.seed == stored["seed"][0] == 1_000_000 + replicate
        assert one.trajectory is not None
        assert float(one.trajectory["practice"][-1]) == stored["practice"][0]
    assert "to the last bit" in said(one)
    found_map = map_now(sweep_folders.checked(folders["map"]))
    for cell, arm in ((0, 0), (8, 1)):
        assert again_in_map(found_map.found, folders["map"], cell, arm, 5).same is True


def test_other_numbers_than_are_stored_are_said(folders: dict[str, Path], tmp_path: Path) -> None:
    folder = tmp_path / "other"
    shutil.copytree(folders["sobol"], folder)
    journal = folder / "parts.jsonl"
    for path in (folder / "runs").iterdir():
        runs, before = pl.read_parquet(path), file_sha(path)
        runs.with_columns(pl.col("practice") + 1e-15).write_parquet(path)
        journal.write_text(journal.read_text().replace(before, file_sha(path)))
    one = again(opened(folder), 3, 0, 0)
    assert one.same is False
    assert "gives other numbers" in said(one)


def test_failed_runs_are_listed_and_said(folders: dict[str, Path]) -> None:
    found = opened(folders["steps"])
    failures = held(found, "practice").cube.failures
    assert failures["point"].to_list() == [4, 4, 4]
    one = again(found, 4, 0, 0)
    assert one.trajectory is None
    assert "practice_low" in one.problem
    assert "can’t be carried out" in said(one)
    assert far_sentence(found) == "Finished: all 15 runs are stored; 3 of them failed."


def test_a_link_gives_the_very_scenario_or_there_is_none(folders: dict[str, Path]) -> None:
    one = again(opened(folders["hypercube"]), 5, 1, 1)
    assert one.scenario is not None
    settings = settings_for(one.scenario, one.seed)
    assert settings is not None
    read = from_query(settings.to_query())
    assert read.notes == ()
    there = chosen(read.settings).scenario
    assert simulate(there, read.settings.seed)["practice"].tolist() == one.trajectory["practice"].tolist()  # type: ignore[index]
    sites = again(opened(folders["steps"]), 3, 0, 0)
    assert sites.same is True
    assert settings_for(sites.scenario, sites.seed) is None  # type: ignore[arg-type]


# What matters


def test_bars_are_the_analysis_s_own_numbers(folders: dict[str, Path]) -> None:
    found = sense(str(folders["sobol"]), "practice", KEY)
    here = view(folders["sobol"], subject=KEY)
    design = here.found.work.design
    indices = sobol.indices(here.held.subjects[0].means, [axis.name for axis in here.points.scales[:-1]], design)  # type: ignore[arg-type]
    assert indices is not None
    assert [bar.value for bar in found.bars] == [indices.total[k] for k in indices.order]
    assert not found.is_enough
    assert found.verdict.startswith("The sample is too small to tell")
    steps = sense(str(folders["steps"]), "practice", "generated-none-blended")
    assert steps.kind == "steps"
    assert len(steps.bars) == 3  # the fourth change has no run
    assert abs(steps.bars[0].value) == max(abs(bar.value) for bar in steps.bars)
    for one, name, key in ((found, "sobol", KEY), (steps, "steps", "generated-none-blended")):
        assert from_text(to_text(one)) == one
        drawing = matters_chart(view(folders[name], subject=key), one)
        assert [row[0] for row in drawing.rows] == [capital(bar.name) for bar in one.bars]
        json.dumps(drawing.option, allow_nan=False)


def test_scores_are_clear_where_the_lowest_is_above_chance(folders: dict[str, Path]) -> None:
    scores = Scores(("initial_trust", "partner_days"), np.array([0.2, 0.6]), np.array([0.1, 0.5]), np.array([0.3, 0.7]),
                    0.1, 0.15, np.array([0.4, 0.5]), 24)  # fmt: skip
    bars = of_scores(scores)
    assert [(bar.name, bar.value, bar.judged) for bar in bars] == [
        ("partner days", 0.6, "above chance"), ("initial trust", 0.2, "not above chance"),
    ]  # fmt: skip
    found = Sensed("scores", "Said.", (), (("enough", True, "yes"),), tuple(bars), "", scores.chance)
    drawing = matters_chart(view(folders["hypercube"]), found)
    opacity = [bar["itemStyle"]["opacity"] for bar in drawing.option["series"][0]["data"]]
    assert opacity[0] > opacity[1]
    assert drawing.rows[0][:3] == ["Partner days", 0.6, "0.50 to 0.70"]


def test_a_question_is_answered_as_without_a_process_and_what_is_no_sweep_is_told(
    folders: dict[str, Path], tmp_path: Path
) -> None:
    asked = {"folder": str(folders["steps"]), "outcome": "practice", "subject": "generated-none-blended"}
    job, wrong = ask("answered", asked), ask("nothing", asked | {"folder": str(tmp_path), "subject": ""})
    assert job.ended.wait(60)
    assert job.found == sense(**{"folder": asked["folder"], "outcome": "practice", "key": asked["subject"]})
    assert wrong.ended.wait(60)
    assert wrong.error == "This could not be worked out: the sweep holds no sweep"


def wait_for(true: Any, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.02)


# The map and the examples


def test_the_map_s_chart_has_every_cell_with_its_words(folders: dict[str, Path]) -> None:
    now = map_now(sweep_folders.checked(folders["map"]))
    drawing = map_chart(now, 4)
    cells = drawing.option["series"][0]["data"]
    assert len(cells) == len(drawing.rows) == 9
    for cell, row in zip(cells, now.found.cells.iter_rows(named=True), strict=True):
        assert cell["value"][2] == pytest.approx(10 * row["difference"], abs=1e-3)
        assert ("decal" in cell["itemStyle"]) == (row["verdict"] in ("undecided", "no difference that matters"))
    json.dumps(drawing.option, allow_nan=False)
    assert drawing.columns[2:5] == ("Difference", "95% interval", "Verdict")


def test_an_example_is_made_when_asked_and_stops_when_told() -> None:
    making = library.make(sweep_folders.EXAMPLE)
    wait_for(lambda: making.done > 0)
    making.cancel()
    assert making.ended.wait(60)
    assert making.done < making.total
    assert library.example(sweep_folders.EXAMPLE) is None
    begun = time.process_time()
    again_ = library.make(sweep_folders.EXAMPLE)
    assert again_ is not making
    assert again_.ended.wait(60)
    assert again_.error == ""
    assert time.process_time() - begun < 30
    entry = library.example(sweep_folders.EXAMPLE)
    assert entry is not None
    assert opened(entry.folder).status.complete
    assert os.path.realpath(entry.folder) not in {str(one.folder) for one in sweep_folders.given()}
