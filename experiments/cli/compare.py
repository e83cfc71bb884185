"""`behaviours compare`: the same seeds for every route, and how sure the difference is."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from experiments.cli import options
from experiments.cli.console import answer, fail, progress, report_line, spinner, stopped
from experiments.cli.job import going_on, note_command, typed
from experiments.cli.options import App, names_or_paths
from simulation.text import counted

if TYPE_CHECKING:
    from experiments.comparison import Comparison
    from experiments.comparison_plan import ComparisonPlan
    from experiments.executors import Executor
    from experiments.output_folder import Workplace

commands = App(rank=30)


DEFAULT_OUT = Path("results") / "comparison"
EXAMPLES = """\b
Examples:
  behaviours compare
  behaviours compare gateshead --routes manifesto-led prototype-led
  behaviours compare gateshead --replicates 20 --months 60 --out results/first-look
  behaviours compare gateshead --precision 0.1 --most 640
  behaviours compare --without evidence --out results/without-evidence
  behaviours compare --place ./my-town --set partner_days=30

\b
Illustrative, not predictive.
"""


@commands.command("compare", epilog=EXAMPLES)
def compare(
    scenarios: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="SCENARIO",
            help=f"{options.SCENARIO_HELP} Default: both places.",
            autocompletion=options.complete("scenarios"),
        ),
    ] = None,
    routes: Annotated[
        list[str] | None,
        typer.Option(
            "--routes",
            metavar="A B ...",
            help="Routes to compare. Default: all ready ones.",
            autocompletion=options.complete("routes"),
        ),
    ] = None,
    replicates: Annotated[int | None, typer.Option(min=1, metavar="N", help="Paired seeds. Default: 200.")] = None,
    precision: Annotated[
        float | None,
        typer.Option(
            metavar="POINTS",
            callback=options.finite,
            help="Instead of --replicates: run more until the interval of the main difference reaches no further than "
            "this to each side, on the scale 0-10.",
        ),
    ] = None,
    most: Annotated[
        int | None,
        typer.Option(metavar="N", help="Replicates at which --precision ends in any case. Default: 1,280."),
    ] = None,
    months: Annotated[int | None, options.MONTHS] = None,
    seed: Annotated[int, options.SEED] = 1_000_000,
    place: Annotated[str | None, typer.Option(metavar="PLACE", help="A place to compare routes in.")] = None,
    pressure: Annotated[str | None, typer.Option(metavar="NAME", help="A pressure instead of the scenario's.")] = None,
    settings: Annotated[list[str] | None, options.SET] = None,
    without: Annotated[list[str] | None, options.WITHOUT] = None,
    profile: Annotated[str | None, options.PROFILE] = None,
    pressures: Annotated[
        bool, typer.Option(help="Also run the main two routes under every other ready pressure.")
    ] = True,
    structures: Annotated[
        bool, typer.Option(help="Also run the main two routes under every other structure of the model.")
    ] = True,
    report: Annotated[bool, typer.Option(help="Also draw figures and write report.html.")] = True,
    workers: Annotated[int | None, options.WORKERS] = None,
    executor: Annotated[str, options.EXECUTOR] = "threads",
    memory: Annotated[float | None, options.MEMORY] = None,
    on: Annotated[str | None, options.ON] = None,
    out: Annotated[Path | None, options.OUT] = None,
) -> None:
    """Compare entry routes on the same seeds, with a report."""
    from experiments.output_folder import Workplace
    from simulation.scenario import ProblemError

    notes: list[str] = []
    try:
        plan = _plan(
            scenarios, names_or_paths(routes, "routes"), place, notes,
            {"replicates": replicates, "precision": precision, "most": most},
            {"first_seed": seed, "pressures": pressures, "structures": structures},
            pressure=pressure, settings=settings, without=without, profile=profile, months=months,
        )  # fmt: skip
    except ProblemError as error:
        raise fail(error) from None
    options.tell([*notes, *plan.notes])
    with Workplace(out or _free(plan)) as workplace, options.who(executor, workers, memory, on) as who:
        _carry_out(plan, workplace, who, report=report)


def _plan(
    scenarios: list[str] | None,
    routes: list[str],
    place: str | None,
    notes: list[str],
    many: dict[str, Any],
    runs: dict[str, Any],
    **changes: object,
) -> ComparisonPlan:
    """Load and check everything that was typed; `many` says how many replicates. Raises ProblemError."""
    from experiments.arms import REPLICATES
    from experiments.comparison_plan import SCENARIOS, asked_rule, plan_comparison
    from simulation.scenario import load_route

    rule = asked_rule(**many)
    names: list[str] | list[None] = list(scenarios or ()) or ([None] if place is not None else list(SCENARIOS))
    chosen = [options.changed(options.loaded(name, place, notes), notes=notes, **changes) for name in names]  # type: ignore[arg-type]
    ways = [load_route(name, notes=notes) for name in routes] or None
    return plan_comparison(chosen, ways, replicates=many["replicates"] or REPLICATES, rule=rule, **runs)


def _free(plan: ComparisonPlan) -> Path:
    """Return the default output folder, numbered where it holds another comparison."""
    from experiments.compare import work_of
    from experiments.output_folder import Workplace, free

    return free(DEFAULT_OUT, lambda folder: Workplace(folder).check(work_of(plan)))


def _carry_out(plan: ComparisonPlan, workplace: Workplace, executor: Executor, *, report: bool) -> None:
    from experiments.compare import carry_out_plan, work_of
    from experiments.output_folder import UnwritableError
    from experiments.runner import Interrupted

    workplace.begin(work_of(plan))
    try:
        note_command(workplace.folder, runs=None if plan.rule else plan.runs)
        comparison = carry_out_plan(plan, executor=executor, parts=workplace.parts, stage=progress, command=typed())
        with spinner("Writing tables, figures and the report" if report else "Writing tables"):
            _write(plan, comparison, workplace, report=report)
    except Interrupted as end:
        kept = f"{end.kept:,} of {counted(end.total, 'run')} are kept in {workplace.folder}; {going_on(workplace.out)}"
        msg = f"Stopped. {kept if end.kept else 'No block of runs was finished'}."
        raise stopped(msg) from None
    except KeyboardInterrupt:
        msg = f"Stopped. Finished runs are kept in {workplace.folder}; {going_on(workplace.out)}."
        raise stopped(msg) from None
    except (OSError, UnwritableError) as error:
        raise workplace.unwritable(error) from None
    _say(comparison, workplace.out)


def _write(plan: ComparisonPlan, comparison: Comparison, workplace: Workplace, *, report: bool) -> None:
    from experiments.reporting.comparison import write_comparison

    content = {name: cases[0].what.model_dump(mode="json", by_alias=True) for name, cases in plan.cases.items()}
    for name, scenario in content.items():
        scenario["route"] = {case.route: case.what.route.model_dump(mode="json") for case in plan.cases[name]}
    workplace.publish(
        lambda folder: write_comparison(comparison, folder, scenarios=content, report=report), comparison.manifest
    )


def _say(comparison: Comparison, out: Path) -> None:
    from experiments.cli.console import comparison_data
    from experiments.reporting.terminal import comparison_account as account

    answer(lambda: comparison_data(comparison, out), lambda: f"{account(comparison)}\n\n{report_line(out)}", where=out)
