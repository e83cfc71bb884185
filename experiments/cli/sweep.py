"""`behaviours sweep`, `status`, `resume`, `merge` and `export`: many runs by a plan, kept whatever happens."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from experiments.cli import job, options
from experiments.cli.console import answer, compile_once, fail, is_live, note, spinner, stopped
from experiments.cli.options import App
from experiments.errors import ClearError
from experiments.executors import HERE, Executor, default_workers
from experiments.interruption import hear
from simulation.text import counted

if TYPE_CHECKING:
    from experiments.runner import Progress, Summary
    from experiments.store import Status

commands = App(rank=70)


EXAMPLES = """\b
Examples:
  behaviours sweep demand-and-trust --dry-run
  behaviours sweep demand-and-trust --out results/demand-and-trust
  behaviours sweep ./my-plan.toml --out results/mine --workers 4
  behaviours sweep ./my-plan.toml --out results/part-1 --part 1/3
  behaviours sweep ./my-plan.toml --out results/mine --on tcp://scheduler:8786

\b
A plan file names scenarios, what is varied, a design and replicates:
  scenarios = ["gateshead"]
  routes = ["manifesto-led", "prototype-led"]
  replicates = 20
  [design]
  type = "latin-hypercube"      # or grid, sobol, morris, table, one-at-a-time
  points = 200
  [factors]
  initial_pressure = { low = 0.9, high = 1.1 }
  trust_gain = "plausible"
  "route.number_of_sites" = [3, 5, 8]

\b
Ctrl-C stores the chunks at hand and stops. The same command, or `behaviours resume DIR`, goes on.
Illustrative, not predictive.
"""
MEGABYTE = 1e6
LONG_PART = 10.0
"""Seconds of a part above which another cut is advised."""


class Form(StrEnum):
    """Forms that results are handed over in."""

    csv = "csv"
    parquet = "parquet"
    xlsx = "xlsx"
    duckdb = "duckdb"
    netcdf = "netcdf"


def _ready(incomplete: str) -> list[str]:
    plans = Path(__file__).parents[1] / "plans"
    return sorted(path.stem for path in plans.glob("*.toml") if path.stem.startswith(incomplete))


BEGUN = typer.Argument(metavar="DIR", help="Folder of a sweep, a comparison, a map, claims or a fit.")


@commands.command("sweep", epilog=EXAMPLES)
def sweep(
    plan: Annotated[
        str, typer.Argument(metavar="PLAN", help="A ready plan's name, or a plan file.", autocompletion=_ready)
    ],
    out: Annotated[Path | None, typer.Option(metavar="DIR", help="Folder for the results.")] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say how many runs, how long and how much disk.")
    ] = False,
    workers: Annotated[int | None, options.WORKERS] = None,
    executor: Annotated[str, options.EXECUTOR] = HERE[0],
    memory: Annotated[float | None, options.MEMORY] = None,
    part: Annotated[str, typer.Option(metavar="I/N", help="Run the I-th of N parts, for N machines.")] = "1/1",
    on: Annotated[str | None, options.ON] = None,
) -> None:
    """Carry out a plan of many runs; what is stored survives anything."""
    from experiments.plan import load_plan
    from simulation.scenario import ProblemError

    notes: list[str] = []
    try:
        found = load_plan(plan, notes=notes)
    except ProblemError as error:
        raise fail(error) from None
    options.tell(notes)
    share = _part(part)
    if dry_run:
        compile_once()
        from experiments.runner import estimate

        _say_estimate(estimate(found), workers)
        return
    if out is None:
        msg = "name a folder for the results with --out, or see what it would take with --dry-run"
        raise fail(ClearError(msg))

    def go(who: Executor, bar: Any) -> Summary:
        from experiments.runner import sweep as carry_out

        return carry_out(found, out, executor=who, part=share, progress=bar)

    _carry_out(go, out, executor, workers, memory, on)


@commands.command("resume")
def resume(
    context: typer.Context,
    folder: Annotated[Path, BEGUN],
    workers: Annotated[int | None, options.WORKERS] = None,
    executor: Annotated[str | None, options.EXECUTOR] = None,
    memory: Annotated[float | None, options.MEMORY] = None,
    on: Annotated[str | None, options.ON] = None,
    retry: Annotated[bool, typer.Option("--retry", help="Also run the failed runs again.")] = False,
) -> None:
    """Go on with a sweep, comparison, map, claims or fit from its folder alone, after comparing stored runs."""
    from experiments.store import read_sweep

    if read_sweep(folder) is None and (work := job.begun(folder)) and not job.is_complete(folder):
        asked = {"--workers": workers, "--executor": executor, "--memory": memory, "--on": on}
        more = [str(word) for name, value in asked.items() if value is not None for word in (name, value)]
        job.go_on(work, context, more)
        return
    if read_sweep(folder) is None and job.is_complete(folder):
        job.say_complete(folder)
        return

    def go(who: Executor, bar: Any) -> Summary:
        from experiments.runner import resume as carry_on

        return carry_on(folder, executor=who, progress=bar, retry=retry)

    _carry_out(go, folder, executor or HERE[0], workers, memory, on)


@commands.command("status")
def status(folder: Annotated[Path, BEGUN]) -> None:
    """Say how far a sweep, comparison, map, claims or fit is; it may be running."""
    from experiments.store import read_sweep
    from experiments.store import status as status_of

    if read_sweep(folder) is None:
        if job.is_complete(folder):
            job.say_complete(folder)
            return
        if work := job.begun(folder):
            job.say_how_far(work)
            return

    found = status_of(folder)
    answer(lambda: found._asdict() | {"folder": str(folder)}, lambda: _how_far(found, folder))


def _how_far(found: Status, folder: Path) -> str:
    """Say how far a sweep is, in a few lines."""
    from experiments.reporting.terminal import time_words

    share = "" if found.part == (1, 1) else f" (part {found.part[0]} of {found.part[1]})"
    lines = [found.title] if found.title else []
    lines.append(f"{found.done:,} of {counted(found.runs, 'run')}{share}, {found.failed:,} failed")
    if found.part_seconds is not None:
        took = time_words(found.part_seconds)
        lines.append(f"a part of {counted(found.runs_a_part, 'run')} took {took} of a worker's time")
    if found.running:
        rate = "" if found.rate is None else f": {found.rate:,.0f} runs a second"
        lines.append(f"running{rate}" + ("" if found.left is None else f", {time_words(found.left)} left"))
    elif found.done < found.runs or not (found.complete or found.part != (1, 1)):
        lines.append(f"stopped: `behaviours resume {folder}` goes on")
    else:
        lines.append("complete" if found.complete else "this part is complete: `behaviours merge` joins the parts")
    return "\n".join(lines)


@commands.command("merge")
def merge(
    folders: Annotated[list[Path], typer.Argument(metavar="DIR...", help="Folders of the parts of one sweep.")],
    out: Annotated[Path, typer.Option(metavar="DIR", help="Folder for the whole sweep.")],
) -> None:
    """Join the parts that several machines ran, each run once."""
    from experiments.merge import merge as join

    with spinner(f"Merging {counted(len(folders), 'folder')}"):
        store = join(folders, out)
    options.tell(store.notes)
    many = f"{store.runs_done:,} of {counted(store.runs_to_do, 'run')}, {store.runs_failed:,} failed: {store.folder}"
    more = f"\n`behaviours resume {out}` runs what is missing" if store.runs_done < store.runs_to_do else ""
    data = {"done": store.runs_done, "runs": store.runs_to_do, "failed": store.runs_failed, "folder": str(store.folder)}
    answer(lambda: data, lambda: many + more, where=store.folder)


@commands.command("export")
def export(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder of a sweep, a comparison or a run.")],
    to: Annotated[Form, typer.Option("--to", help="What the results are wanted for.")] = Form.csv,
    out: Annotated[Path | None, typer.Option(metavar="DIR", help="Folder for the files. Default: DIR/export.")] = None,
) -> None:
    """Write results as CSV, Parquet, a spreadsheet, DuckDB or netCDF, with a data dictionary."""
    from experiments.export import compare, work_of
    from experiments.export import export as write
    from experiments.output_folder import Workplace, free
    from experiments.results import Results, load_tables

    notes: list[str] = []
    results = load_tables(folder)
    if isinstance(results, Results) and (now := results.status).done < now.runs:
        notes.append(f"the sweep is not finished: {now.done:,} of {counted(now.runs, 'run')}")
    target = out or free(folder / "export", lambda there: Workplace(there).check(work_of(results), compare))
    with spinner(f"Writing {to.value}"):
        files = write(results, to.value, target, notes=notes)
    for text in notes:
        note(f"note: {text}")
    data = {"files": [str(path) for path in files], "folder": str(target)}
    answer(lambda: data, lambda: "\n".join(data["files"]), where=files)


def _carry_out(
    go: Callable[[Executor, Any], Summary],
    folder: Path,
    kind: str,
    workers: int | None,
    memory: float | None,
    on: str | None,
) -> None:
    from experiments.errors import MachineError

    def going_on(kept: str = "") -> str:
        """Say what goes on, where there is a sweep to go on with."""
        from experiments.store import read_sweep

        return f"; {kept}`behaviours resume {folder}` goes on" if read_sweep(folder) is not None else ""

    try:
        with options.who(kind, workers, memory, on) as who, bar() as show:
            found = go(who, show)
    except MachineError as error:
        raise fail(error, beside=going_on()) from None
    except KeyboardInterrupt:
        msg = f"Stopped at once{going_on('stored runs are kept, and ')}."
        raise stopped(msg) from None
    options.tell(found.notes)
    if found.stopped:
        msg = f"Stopped. {found.done:,} of {counted(found.total, 'run')} are stored{going_on()}."
        raise stopped(msg)
    lines = [f"{counted(found.done, 'run')}, {found.failed:,} failed: {found.folder}"]
    if found.done == found.kept:
        lines.append("All of them were there already.")
    if found.failed:
        lines.append(f"Columns error and traceback say why; `behaviours resume {folder} --retry` runs them again.")
    data = {"done": found.done, "failed": found.failed, "kept": found.kept, "folder": str(found.folder)}
    answer(lambda: data, lambda: "\n".join(lines), where=found.folder)


def _part(text: str) -> tuple[int, int]:
    try:
        first, second = (int(number) for number in text.split("/"))
    except ValueError:
        first, second = 0, 0
    if not 1 <= first <= second:
        msg = f"--part: '{text}' is not a part; allowed: 1/3, 2/3, 3/3 and the like"
        raise fail(ClearError(msg))
    return first, second


def _say_estimate(found: Any, workers: int | None) -> None:
    from experiments.reporting.terminal import paragraph, time_words

    count = workers or default_workers()
    each = found.seconds / found.runs * min(found.runs, found.runs_a_chunk)
    took = f"{time_words(found.seconds)} of computing; about {time_words(found.seconds / count)}"
    parts = counted(found.chunks, "part")
    lines = [
        f"{counted(found.runs, 'run')}: {counted(found.points, 'point')}, "
        f"{counted(found.arms, 'scenario with a route', 'scenarios with a route')}, "
        f"{counted(found.replicates, 'seed')}",
        f"{took} with {counted(count, 'worker')}",
        f"{found.disk / MEGABYTE:,.1f} MB on disk, in {parts} of about {time_words(each)} each",
    ]
    if each > LONG_PART:
        better = max(1, round(found.runs / found.seconds))
        lines.append(f"A part is what a stop may cost: `runs_a_part = {better}` in the plan makes it about a second.")
    by = f"By {counted(found.sampled, 'run')} from all over the plan, timed here and not kept; {found.failed} failed."
    answer(lambda: found._asdict() | {"workers": count}, lambda: "\n".join([*lines, paragraph(by)]))


@contextmanager
def bar() -> Iterator[Callable[[Progress], None]]:
    """Show a sweep's progress: a bar with rate, failures and time left on a terminal; a line now and then in a pipe."""
    hear()
    began, last = time.monotonic(), [0.0]
    if not is_live():

        def tell(now: Progress) -> None:
            if time.monotonic() - last[0] > 30 or now.done == now.total:
                last[0] = time.monotonic()
                note(f"{now.done:,} of {counted(now.total, 'run')}, {_rest(now, began)}")

        yield tell
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    with Progress(
        BarColumn(), MofNCompleteColumn(), TextColumn("runs, {task.description}"), console=Console(stderr=True)
    ) as shown:
        task = shown.add_task("starting", total=None)
        yield lambda now: shown.update(task, completed=now.done, total=now.total, description=_rest(now, began))


def _rest(now: Progress, began: float) -> str:
    """Say failures, rate and time left."""
    from experiments.reporting.terminal import time_words

    rate = (now.done - now.kept) / max(1e-9, time.monotonic() - began)
    text = f"{now.failed:,} failed"
    if now.done > now.kept:
        text += f", {rate:,.0f} a second, {time_words((now.total - now.done) / rate)} left"
    return text
