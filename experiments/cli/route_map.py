"""`behaviours map`: where each of two routes does better, over two factors."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from experiments.cli import options
from experiments.cli.console import answer, compile_once, fail, note, report_line, stopped
from experiments.cli.job import going_on, note_command, typed
from experiments.cli.options import App, names_or_paths
from experiments.cli.sweep import bar
from experiments.executors import Executor, WorkersError, default_workers, kept_open
from simulation.text import counted

if TYPE_CHECKING:
    from experiments.route_map import MapPlan, Round, RouteMap

commands = App(rank=50)


DEFAULT_OUT = Path("results") / "map"
EXAMPLES = """\b
Examples:
  behaviours map --dry-run
  behaviours map gateshead --out results/gateshead-map
  behaviours map generated --routes prototype-led manifesto-led --x initial_pressure --y initial_trust
  behaviours map --x partner_days=5..60 --y demand_growth --steps 7 --out results/days-and-growth
  behaviours map --month 24 --precision 0.3 --out results/two-years-in

\b
A cell gets more pairs of runs, 20, 40, 80, 160 and so on to --most, while its interval spans zero.
Ctrl-C stores the runs at hand and stops; the same command goes on, and gives the same bits.
Illustrative, not predictive.
"""


@commands.command("map", epilog=EXAMPLES)
def map_(
    scenario: Annotated[
        str | None,
        typer.Argument(
            metavar="SCENARIO",
            help=f"{options.SCENARIO_HELP} Default: generated.",
            autocompletion=options.complete("scenarios"),
        ),
    ] = None,
    routes: Annotated[
        list[str] | None,
        typer.Option(
            "--routes",
            metavar="A B",
            help="Two routes; the difference is A minus B. Default: prototype-led manifesto-led.",
            autocompletion=options.complete("routes"),
        ),
    ] = None,
    x: Annotated[
        str, typer.Option("--x", metavar="NAME[=LOW..HIGH]", help="What is varied across the map.")
    ] = "initial_pressure",
    y: Annotated[
        str, typer.Option("--y", metavar="NAME[=LOW..HIGH]", help="What is varied up the map.")
    ] = "initial_trust",
    steps: Annotated[int, typer.Option(metavar="N", help="Values of each factor.")] = 9,
    outcome: Annotated[str, typer.Option(metavar="NAME", help="What is compared.")] = "practice",
    month: Annotated[
        int | None, typer.Option(metavar="N", help="Programme month at which it is read. Default: the last.")
    ] = None,
    precision: Annotated[
        float | None,
        typer.Option(
            metavar="P",
            callback=options.finite,
            help="Go on until each interval reaches no further than P to either side (practice: 0-10).",
        ),
    ] = None,
    most: Annotated[int, typer.Option(metavar="N", help="Pairs of runs at which a cell ends.")] = 320,
    seed: Annotated[int, options.SEED] = 1_000_000,
    place: Annotated[str | None, typer.Option(metavar="PLACE", help="A place instead of the scenario's.")] = None,
    pressure: Annotated[str | None, typer.Option(metavar="NAME", help="A pressure instead of the scenario's.")] = None,
    settings: Annotated[list[str] | None, options.SET] = None,
    without: Annotated[list[str] | None, options.WITHOUT] = None,
    profile: Annotated[str | None, options.PROFILE] = None,
    out: Annotated[Path | None, options.OUT] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say how many runs it takes, at the fewest and the most.")
    ] = False,
    report: Annotated[bool, typer.Option(help="Also draw figures and write report.html.")] = True,
    workers: Annotated[int | None, options.WORKERS] = None,
    executor: Annotated[str, options.EXECUTOR] = "threads",
    memory: Annotated[float | None, options.MEMORY] = None,
    on: Annotated[str | None, options.ON] = None,
) -> None:
    """Map where each of two routes does better."""
    from experiments.route_map import plan_map
    from simulation.scenario import ProblemError

    notes: list[str] = []
    try:
        named = scenario or (None if place is not None else "generated")
        what = options.changed(
            options.loaded(named, place, notes), pressure=pressure, settings=settings, without=without,
            profile=profile, notes=notes,
        )  # fmt: skip
        asked: dict[str, Any] = {"routes": names_or_paths(routes, "routes")} if routes else {}
        plan = plan_map(
            what, x=x, y=y, steps=steps, outcome=outcome, month=month, precision=precision, most=most, first_seed=seed,
            notes=notes, **asked,
        )  # fmt: skip
    except ProblemError as error:
        raise fail(error) from None
    options.tell(notes)
    if dry_run:
        _say_estimate(plan, workers)
        return
    with options.who(executor, workers, memory, on) as who:
        _carry_out(plan, out or _free(plan), who, report=report)


def _free(plan: MapPlan) -> Path:
    """Return the default output folder, numbered where it holds another map."""
    from experiments.output_folder import free
    from experiments.route_map import check

    return free(DEFAULT_OUT, lambda folder: check(folder, plan))


def _carry_out(plan: MapPlan, out: Path, executor: Executor, *, report: bool) -> None:
    from experiments.output_folder import UnwritableError
    from experiments.reporting.result_files import write_map
    from experiments.route_map import MAP, ROUNDS, Stopped, carry_out, check

    told: list[str] = []

    def watch(round_: Round) -> Any:
        note_command(folder / ROUNDS)  # once the folder holds the map's plan
        return _watch(round_)

    try:
        folder = check(out, plan)
        with kept_open(executor) as who:
            found = carry_out(
                plan, out, write=write_map, executor=lambda: who, watch=watch, report=report, notes=told,
                command=typed(),
            )  # fmt: skip
    except (WorkersError, UnwritableError) as error:
        kept = f"; finished runs are kept, and {going_on(out)}" if (out / MAP).is_file() else ""
        raise fail(error, beside=kept) from None
    except Stopped as end:
        msg = f"Stopped. {end}; {going_on(out)}."
        raise stopped(msg) from None
    except KeyboardInterrupt:
        msg = f"Stopped at once. Stored runs are kept in {out}; {going_on(out)}."
        raise stopped(msg) from None
    options.tell(told)
    _say(found, out)


@contextmanager
def _watch(round_: Round) -> Iterator[Any]:
    """Say which round begins, and show its progress."""

    many = f"{counted(round_.cells, 'cell')}, to {counted(round_.pairs, 'pair')} each"
    note(f"round {round_.number} of at most {round_.of}: {many}")
    with bar() as tell:
        yield tell


def _say(found: RouteMap, out: Path) -> None:
    from experiments.reporting.terminal import as_json
    from experiments.reporting.terminal import map_account as account

    answer(lambda: as_json(found, out), lambda: f"{account(found)}\n\n{report_line(out)}", where=out)


def _say_estimate(plan: MapPlan, workers: int | None) -> None:
    """Say fewest and most runs, with the time they take by a sample that is timed and not kept."""
    from experiments.reporting.terminal import paragraph, time_words
    from experiments.runner import estimate

    compile_once()
    count = workers or default_workers()
    found = estimate(plan.round(0, range(plan.cells)))
    each = found.seconds / found.runs
    lines = [f"{plan.cells:,} cells ({plan.shape[1]} by {plan.shape[0]}), two routes"]
    data: dict[str, Any] = {"cells": plan.cells, "workers": count}
    for words, runs, why in (
        ("fewest", plan.fewest_runs, f"every cell stops at {plan.looks[0]} pairs"),
        ("most", plan.most_runs, f"every cell goes on to {plan.looks[-1]}"),
    ):
        seconds = runs * each
        took = (
            f"{time_words(seconds)} of computing, about {time_words(seconds / count)} with {counted(count, 'worker')}"
        )
        lines.append(f"{words}: {runs:,} runs, {took}: {why}")
        data[words] = {"runs": runs, "seconds": seconds}
    by = f"By {counted(found.sampled, 'run')} from all over the map, timed here and not kept; {found.failed} failed."
    answer(lambda: data, lambda: "\n".join([*lines, paragraph(by)]))
