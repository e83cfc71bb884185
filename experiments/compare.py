"""Compare entry routes on the same seeds: run them, pair them, and say how sure the difference is."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from math import isfinite
from pathlib import Path

from experiments.assembly import assembled
from experiments.blocks import Block
from experiments.cases import Task
from experiments.comparison import Comparison
from experiments.comparison_plan import FIRST_SEED, REPLICATES, SCENARIOS, ComparisonPlan, asked_rule, plan_comparison
from experiments.growing import SCALE, Look, Rule, Stopping, grow
from experiments.joined import main_differences
from experiments.parts import Parts
from experiments.statistics import Floats
from experiments.work import Interrupted, Progress, carry_out, seed_blocks
from simulation.scenario import Route, Scenario
from simulation.text import counted

Stage = Callable[[str, int], AbstractContextManager[Progress | None]]
"""Called with what is being run and how many runs that is; gives what is told how far it is."""


def compare(
    scenarios: Sequence[Scenario | str] = SCENARIOS,
    routes: Sequence[Route | str] | None = None,
    *,
    replicates: int | None = None,
    precision: float | None = None,
    most: int | None = None,
    first_seed: int = FIRST_SEED,
    months: int | None = None,
    workers: int | None = None,
    pressures: bool = True,
    structures: bool = True,
    parts: Path | None = None,
    progress: Progress | None = None,
) -> Comparison:
    """Run every route in every scenario on the same seeds and return what came out.

    Routes default to all ready ones, months to each scenario's own. With a `precision`, a half-width on the shown
    scale (0-10), replicates are not fixed: they grow until the main contrast is so precise, or there are `most` (see
    `experiments.growing`). `pressures` and `structures` also run the main pair of routes under each other ready
    pressure and structure of the model, on fewer seeds. `parts` is a folder for finished blocks: what is found there
    is not run again. The results do not depend on `workers`. Raises ProblemError for bad input, Interrupted on Ctrl-C.

    >>> found = compare(["generated"], ["none", "blended"], replicates=2, months=12)
    >>> found.runs.shape[0]
    4
    """
    rule = asked_rule(replicates, precision, most)
    plan = plan_comparison(
        scenarios, routes, replicates=REPLICATES if replicates is None else replicates, first_seed=first_seed,
        months=months, pressures=pressures, structures=structures, rule=rule,
    )  # fmt: skip
    return carry_out_plan(plan, workers=workers, parts=parts, stage=lambda _what, _runs: nullcontext(progress))


def carry_out_plan(
    plan: ComparisonPlan,
    *,
    workers: int | None = None,
    parts: Path | None = None,
    stage: Stage = lambda _what, _runs: nullcontext(None),
    command: Sequence[str] | None = None,
) -> Comparison:
    """Run a plan and put its results together; see `compare`. `command` is noted in the manifest."""
    kept = Parts(parts) if parts is not None else None
    if kept:
        kept.keep_only({kept.path(case, task) for task in possible_tasks(plan) for case in task.cases})
    done = _Done(kept, workers, stage)
    stopping = None
    if plan.rule is None:
        done.add(_said(plan), tasks_of(plan))
    else:
        stopping = _grown(plan, plan.rule, done)
        plan = plan.at(stopping.replicates)
        done.add("The main routes under other pressures and structures", repeating_tasks(plan))
    return assembled(plan, done.tasks, done.results, command, stopping=stopping)


def tasks_of(plan: ComparisonPlan) -> list[Task]:
    """Return a plan's work in blocks of seeds: every scenario with all routes, then what repeats the main contrast."""
    return own_tasks(plan, plan.seeds) + repeating_tasks(plan)


def own_tasks(plan: ComparisonPlan, seeds: range) -> list[Task]:
    """Return every scenario with all routes, on some seeds."""
    return [Task(cases, *block) for cases in plan.cases.values() for block in seed_blocks(seeds)]


def repeating_tasks(plan: ComparisonPlan) -> list[Task]:
    """Return the main pair of routes under other pressures and structures."""
    return [Task(pair, *block, by_month=False) for pair, seeds in plan.repeats for block in seed_blocks(seeds)]


def possible_tasks(plan: ComparisonPlan) -> list[Task]:
    """Return all work that a plan may come to: with a rule, wherever it stops."""
    if plan.rule is None:
        return tasks_of(plan)
    return [task for replicates in plan.rule.looks for task in tasks_of(plan.at(replicates))]


def _grown(plan: ComparisonPlan, rule: Rule, done: "_Done") -> Stopping:
    """Run more and more replicates until the main contrast is precise enough; blocks of earlier looks are used on."""
    ran = 0

    def differences_at(look: Look) -> Floats:
        nonlocal ran
        seeds = range(plan.first_seed + ran, plan.first_seed + look.replicates)
        done.add(_look_said(plan, rule, look), own_tasks(plan, seeds))
        ran = look.replicates
        return main_differences(plan, done.tasks, done.results)

    return grow(rule, differences_at)


class _Done:
    """What has been run so far."""

    def __init__(self, parts: Parts | None, workers: int | None, stage: Stage) -> None:
        self.parts, self.workers, self.stage = parts, workers, stage
        self.tasks: list[Task] = []
        self.results: list[list[Block]] = []

    def add(self, what: str, tasks: Sequence[Task]) -> None:
        """Run more. Raises Interrupted on Ctrl-C, which counts what was run before too."""
        runs = _runs(tasks)
        if not runs:
            return
        try:
            with self.stage(what, runs) as progress:
                self.results += carry_out(tasks, workers=self.workers, parts=self.parts, progress=progress)
        except Interrupted as stopped:
            before = _runs(self.tasks)
            raise Interrupted(before + stopped.kept, before + stopped.total) from None
        self.tasks += tasks


def _runs(tasks: Sequence[Task]) -> int:
    return sum(len(task.cases) * task.count for task in tasks)


def _said(plan: ComparisonPlan) -> str:
    """Say what is run: "2 places, 7 routes, 200 replicates"."""
    places, routes = counted(len(plan.cases), "place"), counted(len(plan.routes), "route")
    return f"{places}, {routes}, {counted(plan.replicates, 'replicate')}"


def _look_said(plan: ComparisonPlan, rule: Rule, look: Look) -> str:
    """Say which look is being run for, and how precise it was at the one before."""
    so_far = f", ±{SCALE * look.before:.2f} of 10 so far" if isfinite(look.before) else ""
    return f"{_said(plan.at(look.replicates))} (look {look.number} of at most {len(rule.looks)}{so_far})"
