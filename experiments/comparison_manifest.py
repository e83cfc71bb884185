"""Say what a comparison is and where it comes from: the work that a folder is kept for, and the manifest."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from experiments.cases import Case
from experiments.comparison_plan import PRIMARY, ComparisonPlan
from experiments.describing import describe_pressure, describe_route, describe_scenario
from experiments.engine import engine
from experiments.growing import Rule, Stopping
from experiments.precision_wording import rule_sentence, stopping_sentence
from experiments.provenance import provenance
from experiments.structures import Choice, choices
from simulation.scenario import Route, Scenario, load_pressure


def work_of(plan: ComparisonPlan) -> dict[str, Any]:
    """Return what decides a comparison's results, as far as people tell comparisons apart by it."""
    return {
        "kind": "comparison",
        "model": engine(),
        "rule": None if plan.rule is None else _rule(plan.rule, plan.first_seed),
        "replicates": plan.replicates,
        "seeds": {"first": plan.seeds[0], "last": plan.seeds[-1]},
        "scenarios": {
            name: {"hash": _without_route(cases).content_hash(), "months": cases[0].what.months}
            for name, cases in plan.cases.items()
        },
        "routes": {case.route: {"hash": case.what.route.content_hash()} for case in next(iter(plan.cases.values()))},
    }


def manifest_of(plan: ComparisonPlan, command: Sequence[str] | None, stopping: Stopping | None) -> dict[str, Any]:
    """Return where a comparison comes from: program and machine, what was compared, on which seeds."""
    pressures = {pressure for _, pressure in plan.pressed}
    tried = {structure for _, structure in plan.structured}
    return (
        provenance(command=command)
        | work_of(plan)
        | {
            "scenarios": {name: describe_scenario(_without_route(cases)) for name, cases in plan.cases.items()},
            "routes": {case.route: describe_route(case.what.route) for case in next(iter(plan.cases.values()))},
            "replicates_under_pressures": plan.replicates_pressed if plan.pressed else 0,
            "replicates_under_structures": plan.replicates_structured if plan.structured else 0,
            "named_beforehand": "mean practice at the last month, {} minus {}, in each scenario".format(*PRIMARY),
            "pressures": {name: describe_pressure(load_pressure(name)) for name in sorted(pressures)},
            "structures": {choice.name: describe_choice(choice) for choice in choices() if choice.name in tried},
            "stopping": None if stopping is None else _stopping(plan, stopping),
            "notes": list(plan.notes),
        }
    )


def describe_choice(choice: Choice) -> dict[str, Any]:
    """Return what a structure is, as plain data; what it does not set is left out."""
    return {name: value for name, value in asdict(choice).items() if value and name != "name"}


def _rule(rule: Rule, first_seed: int) -> dict[str, Any]:
    """Return what decides how far replicates grow; the precision is a half-width in practice, 0-1."""
    return {"precision": rule.precision, "looks": list(rule.looks), "first_seed": first_seed}


def _stopping(plan: ComparisonPlan, stopping: Stopping) -> dict[str, Any]:
    """Return where replicates stopped growing; numbers in the model's scale, words in the one shown (0-10)."""
    first, second = plan.pair or ("", "")
    return {
        "look": stopping.look,
        "replicates": stopping.replicates,
        "half_widths": list(stopping.half_widths),
        "met": stopping.met,
        "confidence_of_each": stopping.rule.confidence,
        "said": [
            rule_sentence(stopping.rule, first, second, places=len(plan.cases)),
            stopping_sentence(stopping),
        ],
    }


def _without_route(cases: Sequence[Case]) -> Scenario:
    return cases[0].what.changed(route=Route())
