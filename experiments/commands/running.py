"""`behaviours run`: one run of a scenario."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from experiments.commands import options
from experiments.commands.terminal import (
    compile_once,
    fail,
    failed,
    paragraph,
    table,
)

if TYPE_CHECKING:
    from experiments.run import Run

EXAMPLES = """\b
Examples:
  behaviours run gateshead
  behaviours run gateshead --route blended --seed 7 --months 60
  behaviours run generated --set initial_trust=0.4 --without evidence
  behaviours run --place ./my-town --route prototype-led --out results/my-town
"""
SHOWN = (
    "practice", "change", "perspective", "power", "participation", "reach", "gained", "trust", "partner_trust",
    "pressure", "rigidity", "failure_demand_share", "infrastructure", "evidence", "learning", "unmet_need",
    "take_off", "kept_after_exit",
)  # fmt: skip


def run(
    scenario: Annotated[
        str | None,
        typer.Argument(metavar="SCENARIO", help=options.SCENARIO_HELP, autocompletion=options.complete("scenarios")),
    ] = None,
    seed: Annotated[int, options.SEED] = 1_000_000,
    months: Annotated[int | None, options.MONTHS] = None,
    route: Annotated[
        str | None,
        typer.Option(
            metavar="NAME", help="A route instead of the scenario's.", autocompletion=options.complete("routes")
        ),
    ] = None,
    place: Annotated[
        str | None,
        typer.Option(
            metavar="PLACE", help="A place instead of the scenario's.", autocompletion=options.complete("places")
        ),
    ] = None,
    pressure: Annotated[
        str | None,
        typer.Option(
            metavar="NAME", help="A pressure instead of the scenario's.", autocompletion=options.complete("pressures")
        ),
    ] = None,
    settings: Annotated[list[str] | None, options.SET] = None,
    without: Annotated[list[str] | None, options.WITHOUT] = None,
    profile: Annotated[str | None, options.PROFILE] = None,
    out: Annotated[Path | None, options.OUT] = None,
    as_json: Annotated[bool, options.JSON] = False,
) -> None:
    """Run a scenario once: one seed is one story, not a finding."""
    from experiments.workplace import OutputError, Workplace
    from simulation.scenario import ProblemError

    notes: list[str] = []
    try:
        what = options.changed(
            options.loaded(scenario, place, notes), settings=settings, without=without, profile=profile, months=months,
            pressure=pressure, route=route, notes=notes,
        )  # fmt: skip
    except ProblemError as error:
        raise fail(str(error)) from None
    options.tell(notes)
    from experiments.run import run as run_once
    from experiments.run import work_of, write_run

    try:
        with Workplace(out) if out is not None else nullcontext() as workplace:
            if workplace is not None:
                workplace.begin(work_of(what, seed))
            compile_once()
            found = run_once(what, seed)
            if workplace is not None:
                workplace.publish(lambda folder: write_run(found, folder), found.manifest)
    except OutputError as error:
        raise failed(error) from None
    _say(found, workplace.out if workplace else None, as_json=as_json)


def _say(found: Run, out: Path | None, *, as_json: bool) -> None:
    if as_json:
        from experiments.commands.json_text import json_text

        print(json_text({"outcomes": found.outcomes, "manifest": found.manifest, "folder": str(out) if out else None}))
        return
    from experiments.provenance import CAVEAT
    from experiments.shown import level, shown

    what = found.scenario
    title = what.title or what.place.title or what.name
    print(f"{title}: {what.route.title or what.route.name}, {what.months} months, seed {found.seed}\n")
    at_start = found.months.row(0, named=True)
    rows = [
        [shown(name).title, level(name, at_start.get(name, float("nan"))) if name in at_start else "",
         level(name, found.outcomes[name]), shown(name).unit]
        for name in SHOWN
    ]  # fmt: skip
    print(table(["", "before", f"month {what.months}", "unit"], rows))
    print(f"\n{paragraph('One run is one story: compare routes with `behaviours compare`.')}\n{paragraph(CAVEAT)}")
    if out is not None:
        print(f"\nResults: {out}")
