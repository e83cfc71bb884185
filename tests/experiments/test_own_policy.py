"""A policy in code runs beside routes, on the same luck, and only by the code that it had."""

import json
from pathlib import Path

import pytest

from experiments import compare, resume, sweep, work_of
from experiments.executors import Processes, Serial
from experiments.output_folder import TakenError
from experiments.runner import Summary
from experiments.store import SweepError
from simulation.policy import source_hash
from simulation.run import simulate
from simulation.scenario import ProblemError, Scenario, load_route, load_scenario
from tests.experiments.plans import runs_of
from tests.experiments.policies import HelpAWhile, away

PLACE = Scenario(name="tiny", months=3)


def swept(folder: Path, policy: object, **more: object) -> Summary:
    return sweep(work_of([PLACE], routes=["blended", policy], replicates=3), folder, **more)  # type: ignore


def test_a_policy_that_never_comes_is_the_route_without_a_partner() -> None:
    found = compare([PLACE], ["none", away], replicates=6, pressures=False, structures=False)
    assert found.routes == ("none", "away")
    assert set(found.contrasts["difference"]) == {0.0}


def test_its_source_is_in_the_manifest_and_other_code_is_refused(tmp_path: Path) -> None:
    found = compare([PLACE], ["none", HelpAWhile(2)], replicates=2, pressures=False, structures=False)
    assert found.manifest["routes"]["HelpAWhile"]["policy"] == source_hash(HelpAWhile(2))
    swept(tmp_path / "sweep", HelpAWhile(2))
    before = runs_of(tmp_path / "sweep")
    assert source_hash(HelpAWhile(2)) in json.dumps(json.loads((tmp_path / "sweep" / "sweep.json").read_text()))
    with pytest.raises(TakenError, match="source"):
        swept(tmp_path / "sweep", HelpAWhile(3))
    with pytest.raises(SweepError, match="a policy in code \\(HelpAWhile\\)"):
        resume(tmp_path / "sweep")
    assert swept(tmp_path / "sweep", HelpAWhile(2)).kept == 6
    assert runs_of(tmp_path / "sweep").equals(before)


def test_what_no_other_process_can_be_given_is_refused_before_any_run(tmp_path: Path) -> None:
    for executor in (Serial(), Processes(2)):
        with pytest.raises(ProblemError, match="lambda"):
            compare([PLACE], ["none", lambda view: None], replicates=2, executor=executor)
    with pytest.raises(ProblemError, match="lambda"):
        swept(tmp_path / "sweep", lambda view: None)
    assert not (tmp_path / "sweep").exists()


def test_it_meets_the_luck_of_the_route_beside_it() -> None:
    place = load_scenario("gateshead").changed(months=3)
    found = compare([place], ["blended", HelpAWhile()], replicates=2, pressures=False, structures=False, first_seed=7)
    rows = found.runs.filter(found.runs["route"] == "blended")
    route = place.changed(route=load_route("blended"))
    assert rows["practice"].to_list() == [simulate(route, seed)["practice"][-1] for seed in (7, 8)]
