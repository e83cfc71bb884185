"""`behaviours claims`: every claim of the essay as an experiment, with a verdict by a rule fixed beforehand."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from experiments.cli import options
from experiments.cli.console import answer, compile_once, fail, report_line, spinner, stopped
from experiments.cli.job import going_on, note_command
from experiments.cli.options import App, listed
from experiments.errors import ClearError
from experiments.executors import HERE, Executor, WorkersError, kept_open
from simulation.text import counted

if TYPE_CHECKING:
    from experiments.claims import Answer, ClaimsPlan

commands = App(rank=40)


EXAMPLES = """\b
Examples:
  behaviours claims --list
  behaviours claims --dry-run
  behaviours claims --out results/claims
  behaviours claims route-in being-helpful
  behaviours claims --precision 0.2 --most 640

\b
Ctrl-C stores the runs at hand and stops; the same command goes on.
Illustrative, not predictive.
"""


@commands.command("claims", epilog=EXAMPLES)
def claims(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="NAME", help="Claims to run alone. Default: all of them.")
    ] = None,
    show: Annotated[bool, typer.Option("--list", help="Only list the claims.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say how many runs, and how long.")] = False,
    replicates: Annotated[
        int | None, typer.Option(min=2, metavar="N", help="Paired seeds at the defaults. [200]")
    ] = None,
    precision: Annotated[
        float | None,
        typer.Option(
            metavar="P",
            callback=options.finite,
            help="Grow those seeds until every interval is within ±P, in points of 10.",
        ),
    ] = None,
    most: Annotated[
        int | None, typer.Option(min=20, metavar="N", help="With --precision: seeds at most. [1280]")
    ] = None,
    points: Annotated[int | None, typer.Option(min=1, metavar="N", help="Points of parameter space. [240]")] = None,
    point_replicates: Annotated[int | None, typer.Option(min=2, metavar="N", help="Paired seeds a point. [6]")] = None,
    structure_replicates: Annotated[
        int | None, typer.Option(min=2, metavar="N", help="Paired seeds a structural alternative. [30]")
    ] = None,
    seed: Annotated[int | None, options.SEED] = None,
    workers: Annotated[int | None, options.WORKERS] = None,
    executor: Annotated[str, options.EXECUTOR] = HERE[0],
    memory: Annotated[float | None, options.MEMORY] = None,
    on: Annotated[str | None, options.ON] = None,
    report: Annotated[bool, typer.Option(help="Also draw figures and write report.html.")] = True,
    out: Annotated[Path | None, options.OUT] = None,
) -> None:
    """Put the essay's claims to the test: effect, share of parameter space, other structures, verdict."""
    from experiments.essay_claims import chosen
    from simulation.scenario import ProblemError

    try:
        wanted = chosen(listed(names))
    except ProblemError as error:
        raise fail(error) from None
    if show:
        answer(lambda: [_as_data(claim) for claim in wanted], lambda: _list(wanted))
        return
    given = {
        "seeds": replicates, "precision": _precision(precision, replicates, most), "most": most, "points": points,
        "point_seeds": point_replicates, "structure_seeds": structure_replicates, "first_seed": seed,
    }  # fmt: skip
    from experiments.claims import ClaimsPlan

    try:
        plan = ClaimsPlan(claims=wanted, **{name: value for name, value in given.items() if value is not None})  # type: ignore[arg-type]
    except ProblemError as error:
        raise fail(error) from None
    if dry_run:
        compile_once()
        _say_estimate(plan, workers)
        return
    with options.who(executor, workers, memory, on) as who:
        _carry_out(plan, out or _free(plan), who, report=report)


def _precision(precision: float | None, replicates: int | None, most: int | None) -> float | None:
    """Return the precision asked for in the model's scale, and refuse what does not go together."""
    if precision is None:
        if most is not None:
            msg = "--most: goes with --precision; --replicates sets a fixed number of seeds"
            raise fail(ClearError(msg))
        return None
    if not 0 < precision <= 10:
        msg = f"--precision: {precision:g} is no half-width on the scale of 0 to 10; allowed: above 0, such as 0.2"
        raise fail(ClearError(msg))
    if replicates is not None:
        msg = "--precision: decides the number of seeds itself, up to --most; leave out --replicates"
        raise fail(ClearError(msg))
    return precision / 10


def _as_data(claim: Any) -> dict[str, str]:
    return {name: getattr(claim, name) for name in ("name", "topic", "says", "quote", "compared")}


def _list(wanted: tuple[Any, ...]) -> str:
    """Return the claims by topic."""
    topics = dict.fromkeys(claim.topic for claim in wanted)
    return "\n\n".join("\n".join([topic, *(_entry(one) for one in wanted if one.topic == topic)]) for topic in topics)


def _entry(claim: Any) -> str:
    from experiments.reporting.terminal import paragraph

    says, compared = paragraph(f"{claim.says} “{claim.quote}”", "    "), paragraph(f"{claim.compared}.", "    ")
    return f"  {claim.name}\n{says}\n{compared}"


def _free(plan: ClaimsPlan) -> Path:
    """Return the default folder: all claims have one, and each choice of some; numbered where it holds other claims."""
    from experiments.essay_claims import CLAIMS
    from experiments.output_folder import free
    from experiments.reporting.result_files import check_folder

    every = len(plan.claims) == len(CLAIMS)
    name = "claims" if every else "-".join(["claims", *(claim.name for claim in plan.claims)])
    return free(Path("results") / name, lambda folder: check_folder(folder, plan))


def _say_estimate(plan: ClaimsPlan, workers: int | None) -> None:
    from experiments.claims import defaults, space, structures
    from experiments.executors import default_workers
    from experiments.plan import Plan
    from experiments.reporting.terminal import time_words
    from experiments.runner import estimate

    looks, blocks = [work for _, work in defaults(plan)], [work for _, work in space(plan)]
    stages = [("at the defaults", looks), ("under other structures", [structures(plan)[1]]), ("over the space", blocks)]
    total = seconds = 0.0
    lines, parts = [], []
    for name, works in stages:
        runs = sum(work.runs for work in works)
        found = estimate(Plan(works[0]))
        took = found.seconds * runs / works[0].runs
        total, seconds = total + runs, seconds + took
        parts.append({"stage": name, "runs": runs, "seconds": took})
        more = f" at most; {works[0].runs:,} at the first look" if works is looks and len(looks) > 1 else ""
        lines.append(f"{runs:8,} runs {name}{more}")
    count = workers or default_workers()
    lines += [
        f"{total:8,.0f} runs of {counted(len(plan.claims), 'claim')} in all",
        f"{time_words(seconds)} of computing; about {time_words(seconds / count)} with {counted(count, 'worker')}",
        "By a few runs of each kind, timed here and not kept.",
    ]
    data = {"runs": int(total), "seconds": seconds, "workers": count, "stages": parts}
    answer(lambda: data, lambda: "\n".join(lines))


def _carry_out(plan: ClaimsPlan, out: Path, executor: Executor, *, report: bool) -> None:
    from experiments.claims import RUNS, Stopped, carry_out, defaults, space, structures
    from experiments.cli.sweep import bar
    from experiments.output_folder import locked, unwritable
    from experiments.reporting.result_files import check_folder, write_answer

    folder = check_folder(out, plan)
    on = going_on(out)
    try:
        with locked(folder):
            check_folder(out, plan)  # another process may have begun just now
            stages = [*defaults(plan), structures(plan), *space(plan)]
            note_command(folder / RUNS, runs=None if plan.precision else sum(work.runs for _, work in stages))
            with bar() as tell, kept_open(executor) as who:
                found = carry_out(plan, folder, executor=who, progress=tell)
            with spinner("Writing tables, figures and the report" if report else "Writing tables"):
                write_answer(found, folder, report=report)
    except WorkersError as error:
        raise fail(error, beside=f"; finished runs are kept, and {on}") from None
    except Stopped as end:
        msg = f"Stopped. {end}; {on}."
        raise stopped(msg) from None
    except KeyboardInterrupt:
        msg = f"Stopped at once. Stored runs are kept; {on}."
        raise stopped(msg) from None
    except OSError as error:
        raise unwritable(out, error, f"finished runs are kept, and {on}") from None
    options.tell(found.notes)
    _say(found, out)


def _say(found: Answer, out: Path) -> None:
    from experiments.reporting.result_files import answer_data as as_data
    from experiments.reporting.terminal import claims_account as account

    def text() -> str:
        return f"{account(found.findings, found.about)}\n\n{report_line(out)}"

    answer(lambda: as_data(found) | {"folder": str(out)}, text, where=out)
