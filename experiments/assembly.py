"""Put finished blocks together into a comparison: tables, portraits, pictures, manifest."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import polars as pl

from experiments.blocks import PORTRAIT, Block
from experiments.cases import Case, Task
from experiments.comparison import Comparison, PlacePicture, Portrait
from experiments.comparison_plan import PRIMARY, ComparisonPlan
from experiments.contrasts import (
    PRIMARY_OUTCOME,
    Paired,
    contrast_rows,
    contrast_table,
    level_rows,
    pressure_row,
    primary_rows,
)
from experiments.describing import describe_pressure, describe_route, describe_scenario
from experiments.measures import MONTH_COLUMNS, RUN_COLUMNS
from experiments.parts import engine
from experiments.provenance import provenance
from simulation.scenario import Route, Scenario, load_pressure
from simulation.start import begin, roster

Whole = list[tuple[Case, Block]]
"""Cases with all their seeds in one block."""


def assembled(
    plan: ComparisonPlan, tasks: Sequence[Task], results: Sequence[list[Block]], command: Sequence[str] | None = None
) -> Comparison:
    """Return the comparison that a plan's blocks amount to."""
    whole = _whole(tasks, results)
    own = {name: [(case, whole[id(case)]) for case in cases] for name, cases in plan.cases.items()}
    pressed = {key: [(case, whole[id(case)]) for case in cases] for key, cases in plan.pressed.items()}
    paired = [_paired(blocks) for blocks in own.values()]
    everything = [item for blocks in own.values() for item in blocks]
    turned = [
        pressure_row(_paired(blocks), pressure, plan.pair) for (_, pressure), blocks in pressed.items() if plan.pair
    ]
    return Comparison(
        scenarios=tuple(plan.cases),
        routes=plan.routes,
        titles=_titles(plan),
        runs=_runs(everything, plan.seeds),
        months=_months(everything, plan.seeds),
        levels=pl.DataFrame([row for item in paired for row in level_rows(item)]),
        contrasts=contrast_table([row for item in paired for row in contrast_rows(item)], _primary(plan, paired)),
        pressures=pl.DataFrame(turned, infer_schema_length=None),
        portraits={(case.scenario, case.route): _portrait(case, block) for case, block in everything},
        pictures={name: _picture(cases[0].what, plan.first_seed) for name, cases in plan.cases.items()},
        runs_under_pressures=_runs([item for b in pressed.values() for item in b], plan.seeds_pressed),
        manifest=manifest_of(plan, command),
    )


def _whole(tasks: Sequence[Task], results: Sequence[list[Block]]) -> dict[int, Block]:
    """Return each case's blocks joined in order of seeds, by the case's identity."""
    blocks: dict[int, list[Block]] = {}
    cases: dict[int, Case] = {}
    for task, found in zip(tasks, results, strict=True):
        for case, block in zip(task.cases, found, strict=True):
            blocks.setdefault(id(case), []).append(block)
            cases[id(case)] = case
    return {key: _joined(cases[key], found) for key, found in blocks.items()}


def _joined(case: Case, blocks: list[Block]) -> Block:
    """Join blocks: rows are stacked, portraits summed; trust is the first seed's where ties differ by seed."""
    sums = {}
    for name in PORTRAIT:
        first_only = name.startswith("trust") and not case.what.place.from_file
        arrays = [getattr(block, name) for block in (blocks[:1] if first_only else blocks)]
        sums[name] = np.add.reduce(arrays) if len(arrays) > 1 else arrays[0]
    return Block(
        np.concatenate([block.outcomes for block in blocks]), np.concatenate([block.months for block in blocks]), **sums
    )


def _paired(blocks: Whole) -> Paired:
    case = blocks[0][0]
    practice = MONTH_COLUMNS.index("practice")
    return Paired(
        scenario=case.scenario,
        months=case.what.months,
        outcomes={case.route: block.outcomes for case, block in blocks},
        practice={case.route: block.months[:, :, practice].astype(np.float64) for case, block in blocks},
    )


def _primary(plan: ComparisonPlan, paired: list[Paired]) -> dict[str, dict[str, Any]]:
    """Return the contrast named beforehand, where its two routes were run."""
    if plan.pair != PRIMARY:
        return {}
    k = RUN_COLUMNS.index(PRIMARY_OUTCOME)
    first, second = PRIMARY
    differences = {item.scenario: item.outcomes[first][:, k] - item.outcomes[second][:, k] for item in paired}
    return primary_rows(differences, {item.scenario: item.months for item in paired})


def _runs(blocks: Whole, seeds: range) -> pl.DataFrame:
    """Return one row a run."""
    frames = [
        pl.DataFrame({"seed": np.asarray(seeds)})
        .select(
            pl.lit(case.scenario).alias("scenario"),
            pl.lit(case.route).alias("route"),
            pl.lit(case.pressure).alias("under_pressure"),
            "seed",
            pl.lit(case.what.months, dtype=pl.Int64).alias("months"),
        )
        .hstack(pl.DataFrame(block.outcomes, schema=list(RUN_COLUMNS)))
        for case, block in blocks
    ]
    return pl.concat(frames) if frames else pl.DataFrame()


def _months(blocks: Whole, seeds: range) -> pl.DataFrame:
    """Return one row a run and programme month; measures to seven digits."""
    frames = []
    for case, block in blocks:
        length = block.months.shape[1]
        keys = pl.DataFrame(
            {
                "seed": np.repeat(np.asarray(seeds), length),
                "month": np.tile(np.arange(length, dtype=np.int32), len(seeds)),
            }
        ).select(pl.lit(case.scenario).alias("scenario"), pl.lit(case.route).alias("route"), "seed", "month")
        values = block.months.reshape(-1, len(MONTH_COLUMNS))
        frames.append(keys.hstack(pl.DataFrame(values, schema=list(MONTH_COLUMNS))))
    return pl.concat(frames)


def _portrait(case: Case, block: Block) -> Portrait:
    """Return means over replicates."""
    n = len(block.outcomes)
    trust = n if case.what.place.from_file else 1
    return Portrait(
        practice_before=block.practice_before / n,
        practice_after=block.practice_after / n,
        trust_before=block.trust_before / trust,
        trust_after=block.trust_after / trust,
        pressure_after=block.pressure_after / n,
    )


def _picture(scenario: Scenario, first_seed: int) -> PlacePicture:
    """Return who is in a place, with the first seed's ties where they are generated."""
    people, start = roster(scenario.place), begin(scenario, first_seed)
    return PlacePicture(people.ids, people.names, people.kinds, people.size, start.tie_from, start.tie_to)


def _titles(plan: ComparisonPlan) -> dict[str, str]:
    """Return titles of scenarios and routes by name; pressures have theirs in the manifest."""
    titles = {}
    for name, cases in plan.cases.items():
        what = cases[0].what
        titles[name] = what.title or what.place.title or name
    for case in next(iter(plan.cases.values())):
        titles[case.route] = case.what.route.title or case.route
    return titles


def work_of(plan: ComparisonPlan) -> dict[str, Any]:
    """Return what decides a comparison's results, as far as people tell comparisons apart by it."""
    return {
        "kind": "comparison",
        "model": engine(),
        "replicates": plan.replicates,
        "seeds": {"first": plan.seeds[0], "last": plan.seeds[-1]},
        "scenarios": {
            name: {"hash": _without_route(cases).content_hash(), "months": cases[0].what.months}
            for name, cases in plan.cases.items()
        },
        "routes": {case.route: {"hash": case.what.route.content_hash()} for case in next(iter(plan.cases.values()))},
    }


def manifest_of(plan: ComparisonPlan, command: Sequence[str] | None) -> dict[str, Any]:
    """Return where a comparison comes from: program and machine, what was compared, on which seeds."""
    pressures = {pressure for _, pressure in plan.pressed}
    return (
        provenance(command=command)
        | work_of(plan)
        | {
            "scenarios": {name: describe_scenario(_without_route(cases)) for name, cases in plan.cases.items()},
            "routes": {case.route: describe_route(case.what.route) for case in next(iter(plan.cases.values()))},
            "replicates_under_pressures": plan.replicates_pressed if plan.pressed else 0,
            "named_beforehand": "mean practice at the last month, {} minus {}, in each scenario".format(*PRIMARY),
            "pressures": {name: describe_pressure(load_pressure(name)) for name in sorted(pressures)},
            "notes": list(plan.notes),
        }
    )


def _without_route(cases: Sequence[Case]) -> Scenario:
    return cases[0].what.changed(route=Route())
