"""`behaviours analyse`: what moves a sweep's outcomes, and where."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from experiments.cli import options
from experiments.cli.console import answer, report_line, spinner, stopped
from experiments.cli.options import App

if TYPE_CHECKING:
    from experiments.output_folder import Workplace
    from experiments.sensitivity.analysis import Analysis

commands = App(rank=80)


EXAMPLES = """\b
Examples:
  behaviours analyse results/sobol
  behaviours analyse results/mine --outcome trust
  behaviours analyse results/mine --above 3        where practice ends above 3 of 10
  behaviours analyse results/mine --ahead -0.2     where the second route is ahead by 0.2
  behaviours analyse results/mine --month 24 --out results/early
  behaviours analyse results/mine --pair blended opportunistic --out results/blended

\b
By the sweep's design: Sobol' indices, Morris screening, one thing at a time; regions and feature scores for the others
too. The sweep may still be running. Illustrative, not predictive.
"""


def _outcomes(incomplete: str) -> list[str]:
    from simulation.outcomes import RUN_COLUMNS

    return [name for name in RUN_COLUMNS if name.startswith(incomplete)]


@commands.command("analyse", epilog=EXAMPLES)
def analyse(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder of a sweep.")],
    outcome: Annotated[
        str, typer.Option(metavar="NAME", help="What is asked about.", autocompletion=_outcomes)
    ] = "practice",
    month: Annotated[
        int | None, typer.Option(min=0, metavar="N", help="The outcome at this month. Default: the last.")
    ] = None,
    above: Annotated[
        float | None,
        typer.Option(
            metavar="X",
            callback=options.finite,
            help="Seek where the outcome is above this, in the scale shown (0-10).",
        ),
    ] = None,
    below: Annotated[
        float | None, typer.Option(metavar="X", callback=options.finite, help="Seek where it is below this.")
    ] = None,
    ahead: Annotated[
        float | None,
        typer.Option(
            metavar="X",
            callback=options.finite,
            help="Seek where the first route is ahead by more than this; below 0: the second.",
        ),
    ] = None,
    pair: Annotated[
        tuple[str, str] | None,
        typer.Option(metavar="A B", help="Take the difference of these routes, A minus B. Default: the main two."),
    ] = None,
    halves: Annotated[
        int,
        typer.Option(min=0, max=100_000, metavar="N", help="How often a region is sought again on half the sample."),
    ] = 10,
    report: Annotated[bool, typer.Option(help="Also draw figures and write report.html.")] = True,
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Folder for the results. Default: DIR/analysis.")
    ] = None,
) -> None:
    """Say what moves a sweep's outcomes, and where: indices, screening, regions, with a report."""
    from experiments.output_folder import Workplace, free
    from experiments.reporting.result_files import ANALYSIS_KIND as KIND
    from experiments.reporting.result_files import analysis_differences as compare
    from experiments.reporting.result_files import analysis_work as work_of
    from experiments.results import load
    from experiments.sensitivity.analysis import analyse as ask
    from experiments.sensitivity.data import question_of

    try:
        results = load(folder)
        asked = question_of(
            results.work, outcome=outcome, month=month, above=above, below=below, ahead=ahead, pair=pair,
            outcomes=results.outcomes,
        )  # fmt: skip
        work = work_of(results, asked, halves)
        target = out or free(folder / KIND, lambda there: Workplace(there).check(work, compare))
        with Workplace(target) as workplace:
            workplace.begin(work, compare)
            with spinner("Analysing; a large sweep takes minutes"):
                found = ask(results, asked, halves=halves)
            with spinner("Writing tables, figures and the report" if report else "Writing tables"):
                _write(found, workplace, report=report)
    except KeyboardInterrupt:
        msg = "Stopped. Nothing was written; the sweep is as it was."
        raise stopped(msg) from None
    _say(found, target)


def _write(found: Analysis, workplace: Workplace, *, report: bool) -> None:
    from experiments.reporting.result_files import write_analysis

    workplace.publish(lambda folder: write_analysis(found, folder, report=report), found.manifest)


def _say(found: Analysis, out: Path) -> None:
    from experiments.reporting.result_files import analysis_data as as_data
    from experiments.reporting.terminal import analysis_account as account

    data, text = lambda: as_data(found) | {"folder": str(out)}, lambda: f"{account(found)}\n\n{report_line(out)}"
    answer(data, text, where=out)
