"""The main contrast is repeated under other structures: each changes one thing, and what it shows is the model's."""

from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from experiments.compare import carry_out_plan, compare, works_of
from experiments.comparison import Comparison
from experiments.comparison_plan import ComparisonPlan, plan_comparison
from experiments.inference import mean_intervals
from experiments.reporting.comparison import write_comparison
from experiments.structures import RULES, choices, under
from simulation.run import simulate
from simulation.scenario import Scenario, Structure, load_route, load_scenario, with_settings
from tests.experiments.comparisons import FIRST_SEED, PAIR, structured

BY_NAME = {choice.name: choice for choice in choices()}
NETWORKS = {"small-world", "random", "scale-free", "clustered"}
TABLES = {"place-barking-and-dagenham", "place-gateshead"}
OTHER_RULES = {
    "simple-contagion", "proportional-contagion", "steep-contagion", "threshold-contagion", "asynchronous",
    "heavy-tailed-noise", "no-noise", "maturity-speed", "local-speed", "convening-neighbours", "convening-assembly",
    "rationing-on", "lean-profile",
}  # fmt: skip


def tried_under(scenario: Scenario) -> dict[str, Scenario]:
    found = {name: under(scenario, choice) for name, choice in BY_NAME.items()}
    return {name: other for name, other in found.items() if other is not None}


def test_all_other_structures_are_tried_and_the_scenario_itself_is_none_of_them() -> None:
    gateshead = load_scenario("gateshead")
    assert set(tried_under(gateshead)) == NETWORKS | (TABLES - {"place-gateshead"}) | OTHER_RULES
    assert set(tried_under(load_scenario("generated"))) == (NETWORKS - {"small-world"}) | TABLES | OTHER_RULES
    assert len({choice.title for choice in choices()}) == len(BY_NAME)


@pytest.mark.parametrize("name", sorted(OTHER_RULES))
def test_one_rule_is_changed_at_a_time(name: str) -> None:
    before = load_scenario("gateshead")
    after = under(before, BY_NAME[name])
    assert after is not None
    rules = [key for key, value in after.structure.model_dump().items() if value != getattr(before.structure, key)]
    numbers = [key for key in before.numbers._fields if getattr(before.numbers, key) != getattr(after.numbers, key)]
    assert len(rules) + (1 if numbers else 0) == 1
    assert len(numbers) == (8 if name == "lean-profile" else len(BY_NAME[name].settings))
    assert after.place == before.place
    assert (after.pressure, after.route, after.months) == (before.pressure, before.route, before.months)


def test_the_default_is_tried_where_a_scenario_departs_from_it() -> None:
    scenario = with_settings(load_scenario("gateshead"), ["structure.influence=linear", "profile=lean"])
    names = set(tried_under(scenario))
    assert {"complex-contagion", "full-profile"} <= names
    assert not {"proportional-contagion", "lean-profile"} & names
    every = {choice.structure.get(key) for choice in RULES for key in choice.structure}
    left_out = {"degroot", "free", "held"}
    known = {option for field in Structure.model_fields.values() for option in _options(field.annotation)}
    assert known - left_out == every


def _options(annotation: object) -> list[str]:
    parts = getattr(annotation, "__args__", ())
    return [part if isinstance(part, str) else option for part in parts for option in (_options(part) or [part])
            if isinstance(option, str)]  # fmt: skip


def test_a_network_is_tried_in_the_generated_place_where_relationships_stand_in_a_file() -> None:
    moved = tried_under(load_scenario("gateshead"))["scale-free"].place
    assert (moved.name, moved.generated and moved.generated.network.kind) == ("generated", "scale-free")
    assert BY_NAME["scale-free"].moves(load_scenario("gateshead"))
    own = with_settings(load_scenario("generated"), ["place.network.neighbours=4", "place.generated.organisations=12"])
    stayed = tried_under(own)["scale-free"].place.generated
    assert stayed is not None
    assert (stayed.organisations, stayed.network.neighbours, stayed.network.kind) == (12, 4, "scale-free")
    assert not BY_NAME["scale-free"].moves(own)


@pytest.fixture(scope="module")
def plan() -> ComparisonPlan:
    return plan_comparison(routes=PAIR, replicates=2, months=30, first_seed=FIRST_SEED, pressures=False)


@pytest.fixture(scope="module")
def found(plan: ComparisonPlan) -> Comparison:
    return carry_out_plan(plan)


def test_what_several_places_come_to_is_run_once(plan: ComparisonPlan) -> None:
    one, other = plan.structured["barking-and-dagenham", "random"], plan.structured["gateshead", "random"]
    assert one is other
    reused = plan.structured["gateshead", "place-barking-and-dagenham"]
    own = {case.route: case for case in plan.cases["barking-and-dagenham"]}
    assert [case is own[case.route] for case in reused] == [True, True]
    assert [case.route for case in reused] == list(PAIR)
    assert plan.runs == 2 * 2 * (2 + 4 + 2 * len(OTHER_RULES) - 2 + 2)
    assert sum(work.runs for work, _ in works_of(plan)) == plan.runs
    assert plan.at(200).replicates_structured == 25
    assert plan.at(400).replicates_structured == 50
    assert plan.at(40).replicates_structured == 20


def row_of(found: Comparison, structure: str, month: int, scenario: str = "gateshead") -> dict:  # type: ignore[type-arg]
    here = (pl.col("scenario") == scenario) & (pl.col("structure") == structure) & (pl.col("month") == month)
    return found.structures.filter(here).row(0, named=True)


@pytest.mark.parametrize("name", ["clustered", "threshold-contagion", "asynchronous", "rationing-on", "lean-profile"])
def test_the_difference_is_that_of_the_models_own_runs(found: Comparison, name: str) -> None:
    other = under(load_scenario("gateshead").changed(months=30), BY_NAME[name])
    assert other is not None
    runs = [[simulate(other.changed(route=load_route(r)), FIRST_SEED + k) for k in range(2)] for r in PAIR]
    for month in (24, 30):
        ends = np.array([[run.at("practice", month) for run in route] for route in runs])
        row = row_of(found, name, month)
        assert row["difference"] == np.mean(ends[0] - ends[1])
        assert (row["first_median"], row["second_median"]) == tuple(np.median(ends, axis=1))
        assert not row["named_beforehand"]


def test_another_places_table_is_that_places_own_contrast(found: Comparison) -> None:
    own = found.contrasts.filter((pl.col("scenario") == "barking-and-dagenham") & (pl.col("outcome") == "practice"))
    for month in (24, 30):
        expected = own.filter(pl.col("month") == month)["difference"][0]
        found_there = row_of(found, "place-barking-and-dagenham", month)["difference"]
        assert found_there == pytest.approx(expected, abs=1e-7)  # months are kept to seven digits


def test_a_table_says_where_each_structure_was_tried(found: Comparison) -> None:
    by = {row["structure"]: row for row in found.structures.iter_rows(named=True) if row["scenario"] == "gateshead"}
    assert {name for name, row in by.items() if row["moved"]} == NETWORKS | {"place-barking-and-dagenham"}
    assert by["random"]["place"] == "Generated place"
    assert by["lean-profile"]["place"] == "Gateshead"
    assert found.runs_under_structures.height == 2 * 2 * found.structures.height / 2
    assert found.manifest["replicates_under_structures"] == 2
    assert found.manifest["structures"]["steep-contagion"]["settings"] == {"contagion_steepness": 8.0}


def test_tables_of_structures_are_written(found: Comparison, tmp_path: Path) -> None:
    write_comparison(found, tmp_path, scenarios={}, report=False)
    assert pl.read_csv(tmp_path / "structures.csv").height == found.structures.height
    assert pl.read_parquet(tmp_path / "runs-under-structures.parquet").equals(found.runs_under_structures)


def test_structures_can_be_left_out_and_come_only_with_a_pair(tmp_path: Path) -> None:
    what: dict[str, Any] = {"replicates": 1, "months": 12, "first_seed": FIRST_SEED, "pressures": False}
    without = compare(["generated"], PAIR, structures=False, **what)
    assert without.structures.is_empty()
    write_comparison(without, tmp_path, scenarios={}, report=False)
    assert not list(tmp_path.glob("*structures*"))
    assert plan_comparison(["generated"], ["none", "blended"], **what).structured == {}


def test_a_structure_that_does_not_fit_is_told() -> None:
    """Its events happen to organisations that no other place has."""
    planned = plan_comparison(["a-champion-leaves"], PAIR, replicates=1, months=60, pressures=False)
    assert {name for _, name in planned.structured} == OTHER_RULES
    left_out = [BY_NAME[name].title for name in (*NETWORKS, "place-barking-and-dagenham")]
    assert len(planned.notes) == len(left_out)
    for title in left_out:
        assert any(f"a-champion-leaves was not tried under the structure “{title}”" in note for note in planned.notes)


def test_the_grown_comparison_takes_its_intervals_at_the_rules_confidence() -> None:
    found = structured()
    assert found.stopping is not None
    row = row_of(found, "asynchronous", 27)
    runs = found.runs_under_structures.filter(pl.col("under_structure") == "asynchronous")
    wide = runs.pivot("route", index="seed", values="practice")
    values = (wide[PAIR[0]] - wide[PAIR[1]]).to_numpy()
    assert row["low"] == mean_intervals(values, confidence=found.stopping.rule.confidence).low[0]
    assert row["low"] < mean_intervals(values).low[0]
