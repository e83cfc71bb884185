"""Put finished blocks together into a comparison: tables, portraits, pictures, manifest."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import polars as pl

from experiments.blocks import Block
from experiments.cases import Case, Task
from experiments.comparison import Comparison, PlacePicture, Portrait
from experiments.comparison_manifest import manifest_of
from experiments.comparison_plan import PRIMARY, ComparisonPlan
from experiments.contrasts import (
    PRIMARY_OUTCOME,
    Paired,
    Standard,
    contrast_rows,
    contrast_table,
    level_rows,
    primary_rows,
)
from experiments.growing import Stopping
from experiments.joined import Whole, paired, run_frame, whole_blocks
from experiments.measures import MONTH_COLUMNS, RUN_COLUMNS
from experiments.repeated import (
    first_seeds,
    pressure_table,
    runs_under_pressures,
    runs_under_structures,
    structure_table,
)
from simulation.scenario import Scenario
from simulation.start import begin, roster


def assembled(
    plan: ComparisonPlan,
    tasks: Sequence[Task],
    results: Sequence[list[Block]],
    command: Sequence[str] | None = None,
    *,
    stopping: Stopping | None = None,
) -> Comparison:
    """Return the comparison that a plan's blocks amount to; `stopping` where its replicates grew."""
    standard = Standard() if stopping is None else Standard(stopping.rule.confidence, stopping.rule.precision)
    whole = whole_blocks(tasks, results)
    own = {name: [(case, whole[id(case)]) for case in cases] for name, cases in plan.cases.items()}
    pressed = {key: [(case, whole[id(case)]) for case in pair] for key, pair in plan.pressed.items()}
    structured = {key: first_seeds(plan, [(case, whole[id(case)]) for case in p]) for key, p in plan.structured.items()}
    pairs = [paired(blocks) for blocks in own.values()]
    everything = [item for blocks in own.values() for item in blocks]
    contrasts = [row for item in pairs for row in contrast_rows(item, standard)]
    return Comparison(
        scenarios=tuple(plan.cases),
        routes=plan.routes,
        titles=_titles(plan),
        runs=run_frame(everything, plan.seeds),
        months=_months(everything, plan.seeds),
        levels=pl.DataFrame([row for item in pairs for row in level_rows(item)]),
        contrasts=contrast_table(contrasts, _primary(plan, pairs, standard)),
        pressures=pressure_table(plan, pressed, standard),
        portraits={(case.scenario, case.route): _portrait(case, block) for case, block in everything},
        pictures={name: _picture(cases[0].what, plan.first_seed) for name, cases in plan.cases.items()},
        manifest=manifest_of(plan, command, stopping),
        runs_under_pressures=runs_under_pressures(plan, pressed),
        structures=structure_table(plan, structured, standard),
        runs_under_structures=runs_under_structures(plan, structured),
        stopping=stopping,
    )


def _primary(plan: ComparisonPlan, pairs: list[Paired], standard: Standard) -> dict[str, dict[str, Any]]:
    """Return the contrast named beforehand, where its two routes were run."""
    if plan.pair != PRIMARY:
        return {}
    k = RUN_COLUMNS.index(PRIMARY_OUTCOME)
    first, second = PRIMARY
    differences = {item.scenario: item.outcomes[first][:, k] - item.outcomes[second][:, k] for item in pairs}
    return primary_rows(differences, {item.scenario: item.months for item in pairs}, standard)


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
