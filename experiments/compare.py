"""Routes on the same seeds: plan, run, tables."""

import hashlib
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict
from math import isfinite
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal

import numpy as np
import polars as pl

from experiments.arms import FIRST_SEED, PRIMARY, REPLICATES
from experiments.callable_module import call_as
from experiments.chunks import FAILED, blocks_of
from experiments.comparison import Comparison, PlacePicture, Portrait
from experiments.comparison_plan import SCENARIOS, ComparisonPlan, asked_rule, plan_comparison
from experiments.contrast import (
    PRIMARY_OUTCOME,
    Paired,
    Standard,
    contrast_rows,
    contrast_table,
    level_rows,
    pressure_row,
    primary_rows,
    structure_rows,
)
from experiments.design import Grid
from experiments.errors import FailedRunsError
from experiments.executors import Executor, Threads, default_workers, kept_open
from experiments.inference import Floats
from experiments.manifest import describe_pressure, describe_route, describe_scenario, engine, provenance
from experiments.replicates import PORTRAIT, Block
from experiments.reporting.phrases import rule_sentence, stopping_sentence
from experiments.runner import Interrupted, Progress, sweep
from experiments.sequential import SCALE, Look, Rule, Stopping, grow
from experiments.store import SWEEP, own_said, status
from experiments.structures import Choice, choices
from experiments.work import RUNS, Arm, Work
from simulation.initial import begin, roster
from simulation.outcomes import MONTH_COLUMNS, RUN_COLUMNS, Outcome
from simulation.policy import Policy
from simulation.scenario import Route, Scenario, load_pressure
from simulation.state import NUMBER_OF_BEHAVIOURS
from simulation.text import counted


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
        "routes": {
            case.route: {"hash": case.what.route.content_hash() + case.source}
            for case in next(iter(plan.cases.values()))
        },
    } | own_said(plan.own)


def manifest_of(plan: ComparisonPlan, command: Sequence[str] | None, stopping: Stopping | None) -> dict[str, Any]:
    """Return where a comparison comes from: program and machine, what was compared, on which seeds."""
    pressures = {pressure for _, pressure in plan.pressed}
    tried = {structure for _, structure in plan.structured}
    return (
        provenance(command=command)
        | work_of(plan)
        | {
            "scenarios": {name: describe_scenario(_without_route(cases)) for name, cases in plan.cases.items()},
            "routes": {
                arm.route: describe_route(arm.what.route, source=arm.source) for arm in next(iter(plan.cases.values()))
            },
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


def _without_route(cases: Sequence[Arm]) -> Scenario:
    return cases[0].what.changed(route=Route())


# Join finished blocks: each case's seeds in one block, and what is read from those.


Whole = list[tuple[Arm, Block]]
"""Arms with all their seeds in one block."""


def joined(arm: Arm, blocks: Sequence[Block]) -> Block:
    """Join an arm's blocks: rows are stacked, portraits summed; where ties differ by seed, trust is the first's."""
    outcomes, months = (np.concatenate([getattr(block, name) for block in blocks]) for name in ("outcomes", "months"))
    sums = [
        arrays[0] if name.startswith("trust") and not arm.what.place.from_file else np.add.reduce(arrays)
        for name, arrays in zip(PORTRAIT, zip(*(block.portrait for block in blocks), strict=True), strict=False)
    ]
    return Block(outcomes, months, sums, blocks[0].names)


def paired(blocks: Whole) -> Paired:
    """Return a scenario's runs by route, seed by seed."""
    case = blocks[0][0]
    practice = MONTH_COLUMNS.index("practice")
    return Paired(
        scenario=case.scenario,
        months=case.what.months,
        outcomes={case.route: block.outcomes for case, block in blocks},
        practice={case.route: block.months[:, :, practice].astype(np.float64) for case, block in blocks},
        names=blocks[0][1].names,
    )


def main_differences(plan: ComparisonPlan, blocks: Mapping[int, Block]) -> Floats:
    """Return the main pair's paired differences in practice at the last month, (replicates, scenarios)."""
    k = RUN_COLUMNS.index(PRIMARY_OUTCOME)
    found = []
    for arms in plan.cases.values():
        ends = {arm.route: blocks[id(arm)].outcomes[:, k] for arm in arms}
        first, second = plan.pair or ("", "")
        found.append(ends[first] - ends[second])
    return np.stack(found, axis=1)


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
        .hstack(pl.DataFrame(block.outcomes, schema=list(block.names)))
        for case, block in blocks
    ]
    return pl.concat(frames) if frames else pl.DataFrame()


# Put together what repeats the main contrast: tables of it under other pressures and structures, and their runs.


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


# Put finished blocks together into a comparison: tables, portraits, pictures, manifest.


def assembled(
    plan: ComparisonPlan,
    whole: Mapping[int, Block],
    command: Sequence[str] | None = None,
    *,
    stopping: Stopping | None = None,
) -> Comparison:
    """Return the comparison that a plan's blocks, by the identity of their arms, amount to.

    `stopping` says where its replicates grew.
    """
    standard = Standard() if stopping is None else Standard(stopping.rule.confidence, stopping.rule.precision)
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


def _portrait(arm: Arm, block: Block) -> Portrait:
    """Return means over replicates; where ties differ by seed, trust is the first seed's."""
    n = len(block.outcomes)
    trust = n if arm.what.place.from_file else 1
    practice_before, practice_after, trust_before, trust_after, pressure_after = block.portrait
    return Portrait(
        practice_before=practice_before.reshape(-1, NUMBER_OF_BEHAVIOURS) / n,
        practice_after=practice_after.reshape(-1, NUMBER_OF_BEHAVIOURS) / n,
        trust_before=trust_before / trust,
        trust_after=trust_after / trust,
        pressure_after=pressure_after / n,
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


# Compare entry routes on the same seeds: run them, pair them, and say how sure the difference is.


Report = Callable[[int, int], None]
"""Called with the runs that are done and the runs there are in all."""
Stage = Callable[[str, int], AbstractContextManager[Report | None]]
"""Called with what is being run and how many runs that is; gives what is told how far it is."""


def compare(
    scenarios: Sequence[Scenario | str] = SCENARIOS,
    routes: Sequence[Route | Policy | str] | None = None,
    *,
    replicates: int | None = None,
    precision: float | None = None,
    most: int | None = None,
    first_seed: int = FIRST_SEED,
    months: int | None = None,
    workers: int | None = None,
    executor: Executor | None = None,
    pressures: bool = True,
    structures: bool = True,
    parts: Path | None = None,
    progress: Report | None = None,
    outcomes: Sequence[Outcome] = (),
) -> Comparison:
    """Run every route in every scenario on the same seeds and return what came out.

    Routes default to all ready ones; one may be a policy in code (see `simulation.policy`). Months default to each
    scenario's own. With a `precision`, a half-width on the shown scale (0-10), replicates are not fixed: they grow
    until the main contrast is so precise, or there are `most` (see `experiments.sequential`). `pressures` and
    `structures` also run the main pair of routes under each other ready pressure and structure of the model, on fewer
    seeds. `parts` is a folder for finished runs: what is found there is not run again. `outcomes` are those of one's
    own that are measured besides the model's. The results do not depend on the executor, nor on how many workers it
    has (default: threads). Raises ProblemError for bad input, Interrupted on Ctrl-C, FailedRunsError, OutputError for
    the folder.

    >>> found = compare(["generated"], ["none", "blended"], replicates=2, months=12)
    >>> found.runs.shape[0]
    4
    """
    rule = asked_rule(replicates, precision, most)
    plan = plan_comparison(
        scenarios, routes, replicates=REPLICATES if replicates is None else replicates, first_seed=first_seed,
        months=months, pressures=pressures, structures=structures, rule=rule, outcomes=outcomes,
    )  # fmt: skip
    who = executor or Threads(workers or default_workers())
    return carry_out_plan(plan, executor=who, parts=parts, stage=lambda _what, _runs: nullcontext(progress))


def carry_out_plan(
    plan: ComparisonPlan,
    *,
    executor: Executor | None = None,
    parts: Path | None = None,
    stage: Stage = lambda _what, _runs: nullcontext(None),
    command: Sequence[str] | None = None,
) -> Comparison:
    """Run a plan and put its results together; see `compare`. `command` is noted in the manifest."""
    with TemporaryDirectory() if parts is None else nullcontext(parts) as folder:
        _keep_only(Path(folder), {folder_of(work) for work, _ in possible_works(plan)})
        with kept_open(executor or Threads(default_workers())) as who:
            done = _Done(Path(folder), who, stage)
            stopping = None
            if plan.rule is None:
                done.add(_said(plan), works_of(plan))
            else:
                stopping = _grown(plan, plan.rule, done)
                plan = plan.at(stopping.replicates)
                done.add("The main routes under other pressures and structures", repeating_works(plan))
        return assembled(plan, done.blocks, command, stopping=stopping)


Arms = Sequence[Arm]
CHUNKS, LONGEST = 16, 4
"""Chunks that a comparison is cut into, where none gets more than so many times as long as a sweep's: months and
portraits are kept of every run, and many small files cost more than the few runs that a kill loses."""


def works_of(plan: ComparisonPlan) -> list[tuple[Work, Arms]]:
    """Return a plan's work: every scenario with all routes, then what repeats the main contrast."""
    return [own_work(plan, plan.seeds), *repeating_works(plan)]


def own_work(plan: ComparisonPlan, seeds: range) -> tuple[Work, Arms]:
    """Return every scenario with all routes, on some seeds."""
    arms = [arm for arms in plan.cases.values() for arm in arms]
    return _work(plan, arms, seeds, len(plan.routes), "portraits"), arms


def repeating_works(plan: ComparisonPlan) -> list[tuple[Work, Arms]]:
    """Return the main pair of routes under other pressures, and under other structures."""
    return [(_work(plan, arms, seeds, 2, "runs"), arms) for arms, seeds in plan.repeats]


def _work(plan: ComparisonPlan, arms: Arms, seeds: range, together: int, keep: Literal["runs", "portraits"]) -> Work:
    work = Work(
        arms=tuple(arms), design=Grid(), points=1, replicates=len(seeds), first_seed=seeds.start, keep=keep,
        together=together, own=plan.own,
    )  # fmt: skip
    usual, fewer = work.runs_a_chunk, work.runs // CHUNKS // together * together
    return work.model_copy(update={"chunk_size": max(usual, min(fewer, LONGEST * usual))})


def possible_works(plan: ComparisonPlan) -> list[tuple[Work, Arms]]:
    """Return all work that a plan may come to: with a rule, wherever it stops."""
    if plan.rule is None:
        return works_of(plan)
    looks = [plan.at(look) for look in plan.rule.looks]
    starts = [0, *(plan.replicates for plan in looks)]
    return [
        work
        for before, look in zip(starts, looks, strict=False)
        for work in (own_work(look, look.seeds[before:]), *repeating_works(look))
    ]


def folder_of(work: Work) -> str:
    """Return the name of the folder in which work is kept: other work, or another model, has another."""
    return hashlib.sha256(f"{work.content_hash()} {engine()}".encode()).hexdigest()[:24]


def _keep_only(parts: Path, wanted: set[str]) -> None:
    """Remove parts of other comparisons."""
    for path in parts.iterdir() if parts.is_dir() else ():
        if not path.is_dir():
            path.unlink()
        elif path.name not in wanted:
            shutil.rmtree(path)


def _grown(plan: ComparisonPlan, rule: Rule, done: "_Done") -> Stopping:
    """Run more and more replicates until the main contrast is precise enough; blocks of earlier looks are used on."""
    ran = 0

    def differences_at(look: Look) -> Floats:
        nonlocal ran
        seeds = range(plan.first_seed + ran, plan.first_seed + look.replicates)
        done.add(_look_said(plan, rule, look), [own_work(plan, seeds)])
        ran = look.replicates
        return main_differences(plan, done.blocks)

    return grow(rule, differences_at)


class _Done:
    """What has been run so far: blocks by the identity of their arms."""

    def __init__(self, folder: Path, executor: Executor, stage: Stage) -> None:
        self.folder, self.executor, self.stage = folder, executor, stage
        self.blocks: dict[int, Block] = {}
        self.runs = 0

    def add(self, what: str, works: Sequence[tuple[Work, Arms]]) -> None:
        """Run more. Raises Interrupted on Ctrl-C, which counts what was run before too, and FailedRunsError."""
        total = sum(work.runs for work, _ in works)
        if not total:
            return
        with self.stage(what, total) as report:
            before = 0
            for work, arms in works:
                self._run(work, arms, report, before, total)
                before += work.runs
        self.runs += total

    def _run(self, work: Work, arms: Arms, report: Report | None, before: int, total: int) -> None:
        folder, failed = self.folder / folder_of(work), 0

        def tell(now: Progress) -> None:
            if report is not None:
                report(before + now.done, total)
            if now.failed > failed:
                raise FailedRunsError(_first_error(folder))

        if (folder / SWEEP).is_file():
            failed = status(folder).failed  # runs that had failed are run again
        found = sweep(work, folder, executor=self.executor, progress=tell, retry=True)
        if report is not None and found.kept == found.total:  # nothing was run, so nothing was told
            report(before + found.done, total)
        if found.failed:
            raise FailedRunsError(_first_error(folder))
        if found.stopped or found.asked:
            raise Interrupted(self.runs + before + found.done, self.runs + total)
        tables = {kind: _tables(folder, kind) for kind in work.kinds}
        for arm, block in zip(arms, blocks_of(work, tables), strict=True):
            earlier = [self.blocks[id(arm)]] if id(arm) in self.blocks else []
            self.blocks[id(arm)] = joined(arm, [*earlier, block])


def _tables(folder: Path, kind: str) -> Iterator[pl.DataFrame]:
    return (pl.read_parquet(path) for path in sorted((folder / kind).glob("*.parquet")))


def _first_error(folder: Path) -> str:
    failed = pl.concat(_tables(folder, RUNS)).filter(pl.col("status") == FAILED)
    one = failed.row(0, named=True)
    return f"a run of {one['scenario']} with {one['route']} failed on seed {one['seed']}: {one['error']}"


def _said(plan: ComparisonPlan) -> str:
    """Say what is run: "2 places, 7 routes, 200 replicates"."""
    places, routes = counted(len(plan.cases), "place"), counted(len(plan.routes), "route")
    return f"{places}, {routes}, {counted(plan.replicates, 'replicate')}"


def _look_said(plan: ComparisonPlan, rule: Rule, look: Look) -> str:
    """Say which look is being run for, and how precise it was at the one before."""
    so_far = f", ±{SCALE * look.before:.2f} of 10 so far" if isfinite(look.before) else ""
    return f"{_said(plan.at(look.replicates))} (look {look.number} of at most {len(rule.looks)}{so_far})"


call_as(__name__, compare)
