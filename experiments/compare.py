"""Compare entry routes on the same seeds: run them, pair them, and say how sure the difference is."""

from collections.abc import Sequence
from pathlib import Path

from experiments.assembly import assembled
from experiments.cases import Task
from experiments.comparison import Comparison
from experiments.comparison_plan import FIRST_SEED, REPLICATES, SCENARIOS, ComparisonPlan, plan_comparison
from experiments.parts import Parts
from experiments.work import Progress, carry_out, seed_blocks
from simulation.scenario import Route, Scenario


def compare(
    scenarios: Sequence[Scenario | str] = SCENARIOS,
    routes: Sequence[Route | str] | None = None,
    *,
    replicates: int = REPLICATES,
    first_seed: int = FIRST_SEED,
    months: int | None = None,
    workers: int | None = None,
    pressures: bool = True,
    parts: Path | None = None,
    progress: Progress | None = None,
) -> Comparison:
    """Run every route in every scenario on the same seeds and return what came out.

    Routes default to all ready ones, months to each scenario's own. `pressures` also runs the main pair of routes under
    each other ready pressure, on fewer seeds. `parts` is a folder for finished blocks: what is found there is not run
    again. The results do not depend on `workers`. Raises ProblemError for bad input, Interrupted on Ctrl-C.

    >>> found = compare(["generated"], ["none", "blended"], replicates=2, months=12, pressures=False)
    >>> found.runs.shape[0]
    4
    """
    plan = plan_comparison(
        scenarios, routes, replicates=replicates, first_seed=first_seed, months=months, pressures=pressures
    )
    return carry_out_plan(plan, workers=workers, parts=parts, progress=progress)


def carry_out_plan(
    plan: ComparisonPlan,
    *,
    workers: int | None = None,
    parts: Path | None = None,
    progress: Progress | None = None,
    command: Sequence[str] | None = None,
) -> Comparison:
    """Run a plan and put its results together; see `compare`. `command` is noted in the manifest."""
    tasks = tasks_of(plan)
    kept = Parts(parts) if parts is not None else None
    if kept:
        kept.keep_only({kept.path(case, task) for task in tasks for case in task.cases})
    results = carry_out(tasks, workers=workers, parts=kept, progress=progress)
    return assembled(plan, tasks, results, command)


def tasks_of(plan: ComparisonPlan) -> list[Task]:
    """Return a plan's work in blocks of seeds: first every scenario with all routes, then the other pressures."""
    fewer = seed_blocks(plan.seeds_pressed)
    own = [Task(cases, *block) for cases in plan.cases.values() for block in seed_blocks(plan.seeds)]
    return own + [Task(cases, *block, by_month=False) for cases in plan.pressed.values() for block in fewer]
