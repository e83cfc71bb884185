"""`behaviours fit`: plausible sets of parameters for a person's own observations, and what the data can't tell."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from experiments.cli import options
from experiments.cli.console import answer, compile_once, fail, is_live, note, report_line, spinner, stopped
from experiments.cli.job import going_on, note_command
from experiments.cli.options import App, listed
from simulation.text import counted

if TYPE_CHECKING:
    from experiments.calibration.plausible_sets import Fit, FitPlan
    from experiments.output_folder import Workplace
    from simulation.scenario import Scenario

commands = App(rank=60)


DEFAULT_OUT = Path("results") / "fit"
TIMED = 8
"""Sets that --dry-run times, each run twice."""
TOLD_EVERY = 20
"""Seconds between two lines of progress in a pipe."""
EXAMPLES = """\b
Examples:
  behaviours fit survey.csv --scenario gateshead --scale 0-10 --starts 2024-01
  behaviours fit survey.csv --place ./my-town --route prototype-led --scale 1-10 --starts 2024-01
  behaviours fit survey.csv --scenario gateshead --parameters trust_gain slip_back=0.005..0.05
  behaviours sweep results/fit/plan.toml --out results/over-plausible-sets

\b
TARGETS.csv holds a row an observation: score, date (2024-03) or month (of the programme), and if you like organisation
(id or name, or all), behaviour (one of the nine, or all), respondents or uncertainty. Perceived is not enacted
practice: how far scores stand above it is fitted too (--offset). Takes about two minutes; Ctrl-C keeps what is
finished, and the same command goes on, to the same bits.
Illustrative, not predictive.
"""


@commands.command("fit", epilog=EXAMPLES)
def fit(
    targets: Annotated[Path, typer.Argument(metavar="TARGETS.csv", help="A table of observations.")],
    scenario: Annotated[
        str | None,
        typer.Option(metavar="NAME", help=options.SCENARIO_HELP, autocompletion=options.complete("scenarios")),
    ] = None,
    place: Annotated[
        str | None,
        typer.Option(
            metavar="PLACE", help="A place instead of the scenario's.", autocompletion=options.complete("places")
        ),
    ] = None,
    route: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="The route that was taken, instead of the scenario's.",
            autocompletion=options.complete("routes"),
        ),
    ] = None,
    scale: Annotated[str, typer.Option(metavar="0-10|1-10|0-1|percent", help="The scale of the scores.")] = "",
    starts: Annotated[
        str, typer.Option(metavar="2024-01", help="Month 1 of the programme, where dates are used.")
    ] = "",
    parameters: Annotated[
        list[str] | None,
        typer.Option(
            "--parameters",
            metavar="A B=LOW..HIGH ...",
            help="What is fitted, over plausible ranges unless given. Default: the six that matter most.",
        ),
    ] = None,
    offset: Annotated[
        str,
        typer.Option(
            metavar="LOW..HIGH", help="How far scores may stand above practice, points of 10. Default: -1..3."
        ),
    ] = "",
    particles: Annotated[int, typer.Option(min=30, max=5_000, metavar="N", help="Sets in each population.")] = 250,
    populations: Annotated[int, typer.Option(min=1, max=30, metavar="N", help="Populations, at most.")] = 8,
    pilot: Annotated[
        int, typer.Option(min=60, max=50_000, metavar="N", help="Sets run twice all over the ranges before.")
    ] = 400,
    seed: Annotated[int, options.SEED] = 1_000_000,
    pressure: Annotated[str | None, typer.Option(metavar="NAME", help="A pressure instead of the scenario's.")] = None,
    settings: Annotated[list[str] | None, options.SET] = None,
    without: Annotated[list[str] | None, options.WITHOUT] = None,
    profile: Annotated[str | None, options.PROFILE] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only check what was given, and say about how long it takes.")
    ] = False,
    report: Annotated[bool, typer.Option(help="Also draw figures and write report.html.")] = True,
    out: Annotated[Path | None, options.OUT] = None,
) -> None:
    """Find sets of parameters that reproduce observations of your own, and say what they can't tell."""  # fmt: skip
    from experiments.output_folder import Workplace
    from simulation.scenario import ProblemError

    notes: list[str] = []
    try:
        what = options.changed(
            options.loaded(scenario, place, notes), pressure=pressure, route=route, settings=settings, without=without,
            profile=profile, notes=notes,
        )  # fmt: skip
        plan = _plan(targets, what, scale, starts, listed(parameters), offset, notes, sets=pilot, particles=particles,
                     populations=populations, first_seed=seed)  # fmt: skip
    except ProblemError as error:
        raise fail(error) from None
    options.tell(notes)
    if dry_run:
        _say_estimate(plan)
        return
    _need_libraries()
    with Workplace(out or _free(plan)) as workplace:
        _carry_out(plan, workplace, report=report)


def _plan(
    targets: Path, what: Scenario, scale: str, starts: str, parameters: list[str], offset: str, notes: list[str],
    **numbers: int,
) -> FitPlan:  # fmt: skip
    """Return the plan of what was typed. Raises ProblemError with the problems of table and parameters together."""
    from experiments.calibration.observations import read_targets
    from experiments.calibration.plausible_sets import FitPlan
    from experiments.calibration.priors import chosen
    from simulation.scenario import Problem, ProblemError

    problems: list[Problem] = []
    read = free = None
    try:
        read = read_targets(targets, what, scale=scale, starts=starts, notes=notes)
    except ProblemError as error:
        problems += error.problems
    try:
        free = chosen(what, parameters, offset=offset, notes=notes)
    except ProblemError as error:
        problems += error.problems
    if read is None or free is None:
        raise ProblemError(problems)
    plan = FitPlan(read, what, free, **numbers)
    plan.world  # noqa: B018  # raises where a month can't be run
    return plan


def _say_estimate(plan: FitPlan) -> None:
    """Say about how many runs there are, and how long they take by a few that are timed and not kept."""
    from experiments.reporting.terminal import time_words

    compile_once()
    from experiments.calibration.abc_smc import run_pilot
    from experiments.calibration.plausible_sets import about_runs

    runs, few = about_runs(plan), min(TIMED, plan.sets)
    run_pilot(plan.world, sets=2, first_seed=plan.first_seed)
    began = time.monotonic()
    run_pilot(plan.world, sets=few, first_seed=plan.first_seed)
    seconds = (time.monotonic() - began) / (2 * few)
    seen = plan.targets
    observed, free = len(seen.observations), len(plan.chosen.free)
    lines = (
        f"{counted(observed, 'observation')}, {counted(free, 'unknown')}: all can be read and run",
        f"about {runs:,} runs, {time_words(runs * seconds)}, by {2 * few} runs timed here",
    )
    data = {"observations": observed, "unknowns": free, "runs": runs, "seconds": runs * seconds}
    answer(lambda: data, lambda: "\n".join(lines))


def _need_libraries() -> None:
    from importlib.util import find_spec

    missing = [name for name, module in (("pyabc", "pyabc"), ("scikit-learn", "sklearn")) if find_spec(module) is None]
    if missing:
        from experiments.errors import MissingError

        msg = f"fit needs {' and '.join(missing)}: pip install 'system-behaviours[analysis]'"
        raise fail(MissingError(msg))


def _free(plan: FitPlan) -> Path:
    """Return the default output folder, numbered where it holds something else."""
    from experiments.calibration.plausible_sets import work_of
    from experiments.output_folder import Workplace, free
    from experiments.reporting.result_files import fit_differences as compare

    return free(DEFAULT_OUT, lambda folder: Workplace(folder).check(work_of(plan), compare))


def _carry_out(plan: FitPlan, workplace: Workplace, *, report: bool) -> None:
    from experiments.calibration.plausible_sets import work_of
    from experiments.reporting.result_files import finished
    from experiments.reporting.result_files import fit_differences as compare

    workplace.check(work_of(plan), compare)
    if finished(workplace, report=report) is not None:
        note(f"This fit is finished already; what follows is read from {workplace.out}")
    else:
        workplace.begin(work_of(plan), compare)
        note_command(workplace.folder)
        _fit(plan, workplace, report=report)
    _say(workplace.out)


def _fit(plan: FitPlan, workplace: Workplace, *, report: bool) -> None:
    from experiments.calibration.abc_smc import FitError
    from experiments.calibration.plausible_sets import fit as carry_out
    from experiments.reporting.result_files import fit_manifest as manifest_of
    from experiments.reporting.result_files import write_fit

    compile_once()
    try:
        with _watch() as watch:
            found: Fit = carry_out(plan, workplace.parts, progress=watch)
        manifest = manifest_of(found)
        with spinner("Writing tables, figures and the report" if report else "Writing tables"):
            workplace.publish(lambda folder: write_fit(found, folder, manifest, report=report), manifest)
    except FitError as error:
        kept = f"; finished populations are kept in {workplace.folder}, and {going_on(workplace.out)}"
        raise fail(error, beside=kept) from None
    except KeyboardInterrupt:
        msg = f"Stopped. Finished steps are kept in {workplace.folder}; {going_on(workplace.out)}."
        raise stopped(msg) from None
    except OSError as error:
        raise workplace.unwritable(error) from None


def _say(out: Path) -> None:
    from experiments.manifest import read_manifest
    from experiments.reporting.result_files import ACCOUNT, FIT

    def data() -> dict[str, Any]:
        numbers: dict[str, Any] = json.loads((out / FIT).read_text(encoding="utf-8"))
        return numbers | {"manifest": read_manifest(out), "folder": str(out)}

    def text() -> str:
        plan = out / "plan.toml"
        over = f"Routes over these sets: behaviours sweep {plan} --out {out.with_name(out.name + '-sweep')}"
        said = f"{(out / ACCOUNT).read_text(encoding='utf-8')}\n{report_line(out)}"
        return f"{said}\n{over}" if plan.exists() else said

    answer(data, text, where=out)


@contextmanager
def _watch() -> Iterator[Callable[[str, int, int], None]]:
    """Show what is being done and how far it is: a bar on a terminal, a line now and then in a pipe."""
    began, last, step = time.monotonic(), [time.monotonic()], [""]
    if not is_live():

        def tell(what: str, done: int, total: int) -> None:
            name = what.split(":")[0]
            if name != step[0] or time.monotonic() - last[0] > TOLD_EVERY:
                last[0], step[0] = time.monotonic(), name
                note(f"{what}: {done:,} of {total:,}")

        yield tell
    else:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

        columns = (BarColumn(), MofNCompleteColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
        with Progress(*columns, console=Console(stderr=True), transient=True) as shown:
            task = shown.add_task("starting", total=None)
            yield lambda what, done, total: shown.update(task, completed=done, total=total, description=what)
    note(f"in {time.monotonic() - began:.0f} s")
