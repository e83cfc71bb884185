"""Put together what repeats the main contrast: tables of it under other pressures and structures, and their runs."""

from typing import Any

import polars as pl

from experiments.comparison_plan import ComparisonPlan
from experiments.contrasts import Standard, pressure_row, structure_rows
from experiments.joined import Whole, paired, run_frame
from experiments.structures import Choice, choices

Repeated = dict[tuple[str, str], Whole]
"""By scenario, and by the name of the pressure or structure."""


def pressure_table(plan: ComparisonPlan, pressed: Repeated, standard: Standard) -> pl.DataFrame:
    """Return the main contrast under each other pressure."""
    rows = []
    for (_, pressure), blocks in pressed.items():
        if plan.pair:
            rows.append(pressure_row(paired(blocks), pressure, plan.pair, standard))
    return pl.DataFrame(rows, infer_schema_length=None)


def runs_under_pressures(plan: ComparisonPlan, pressed: Repeated) -> pl.DataFrame:
    """Return one row a run."""
    blocks = [item for pair in pressed.values() for item in pair]
    return run_frame(blocks, plan.seeds[: plan.replicates_pressed])


def structure_table(plan: ComparisonPlan, structured: Repeated, standard: Standard) -> pl.DataFrame:
    """Return the main contrast under each other structure."""
    known = {choice.name: choice for choice in choices()}
    rows = []
    for (scenario, name), blocks in structured.items():
        if plan.pair:
            about = _about(plan, scenario, known[name], blocks)
            rows += structure_rows(paired(blocks), about, plan.pair, standard)
    return pl.DataFrame(rows, infer_schema_length=None)


def first_seeds(plan: ComparisonPlan, blocks: Whole) -> Whole:
    """Return blocks with the repeated seeds alone: one that is among the scenarios themselves has more."""
    return [(case, block._replace(outcomes=block.outcomes[: plan.replicates_structured])) for case, block in blocks]


def runs_under_structures(plan: ComparisonPlan, structured: Repeated) -> pl.DataFrame:
    """Return one row a run, under the name of the scenario whose contrast is repeated."""
    frames = [
        run_frame(blocks, plan.seeds[: plan.replicates_structured]).with_columns(pl.lit(scenario).alias("scenario"))
        .insert_column(2, pl.lit(name).alias("under_structure"))
        for (scenario, name), blocks in structured.items()
    ]  # fmt: skip
    return pl.concat(frames) if frames else pl.DataFrame()


def _about(plan: ComparisonPlan, scenario: str, choice: Choice, blocks: Whole) -> dict[str, Any]:
    place = blocks[0][0].what.place
    return {
        "scenario": scenario, "structure": choice.name, "group": choice.group, "title": choice.title,
        "place": place.title or place.name, "moved": choice.moves(plan.cases[scenario][0].what),
    }  # fmt: skip
