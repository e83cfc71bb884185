"""Join finished blocks: each case's seeds in one block, and what is read from those."""

from collections.abc import Sequence

import numpy as np
import polars as pl

from experiments.blocks import PORTRAIT, Block
from experiments.cases import Case, Task
from experiments.comparison_plan import ComparisonPlan
from experiments.contrasts import PRIMARY_OUTCOME, Paired
from experiments.measures import MONTH_COLUMNS, RUN_COLUMNS
from experiments.statistics import Floats

Whole = list[tuple[Case, Block]]
"""Cases with all their seeds in one block."""


def whole_blocks(tasks: Sequence[Task], results: Sequence[list[Block]]) -> dict[int, Block]:
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


def paired(blocks: Whole) -> Paired:
    """Return a scenario's runs by route, seed by seed."""
    case = blocks[0][0]
    practice = MONTH_COLUMNS.index("practice")
    return Paired(
        scenario=case.scenario,
        months=case.what.months,
        outcomes={case.route: block.outcomes for case, block in blocks},
        practice={case.route: block.months[:, :, practice].astype(np.float64) for case, block in blocks},
    )


def main_differences(plan: ComparisonPlan, tasks: Sequence[Task], results: Sequence[list[Block]]) -> Floats:
    """Return the main pair's paired differences in practice at the last month, (replicates, scenarios)."""
    k = RUN_COLUMNS.index(PRIMARY_OUTCOME)
    found: dict[tuple[str, str], list[Floats]] = {}
    for task, blocks in zip(tasks, results, strict=True):
        for case, block in zip(task.cases, blocks, strict=True):
            found.setdefault((case.scenario, case.route), []).append(block.outcomes[:, k])
    ends = {key: np.concatenate(parts) for key, parts in found.items()}
    first, second = plan.pair or ("", "")
    return np.stack([ends[name, first] - ends[name, second] for name in plan.cases], axis=1)


def run_frame(blocks: Whole, seeds: range) -> pl.DataFrame:
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
