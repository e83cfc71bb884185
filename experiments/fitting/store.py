"""Write a fit as files that anything can open: plausible sets, tables, a plan to go on with, figures, a report."""

from collections.abc import Sequence
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Any

import polars as pl

from experiments.describing import describe_route, describe_scenario
from experiments.fitting.account import account, numbers
from experiments.fitting.fit import Fit
from experiments.fitting.fit_plan import work_of
from experiments.fitting.panels import observation_table, panel_table
from experiments.fitting.sweep_files import PLAN, write_plan
from experiments.fitting.wording import meaning
from experiments.provenance import provenance
from experiments.store import write_csv, write_json, write_parquet
from simulation.scenario import Route

FIT, ACCOUNT, REPORT = "fit.json", "account.txt", "report.html"


def write_fit(fit: Fit, folder: Path, manifest: dict[str, Any], *, report: bool = True) -> None:
    """Write every file of a fit into a folder, but for the manifest. Raises OSError."""
    sets = sets_table(fit)
    write_parquet(sets, folder / "sets.parquet")
    write_csv(sets, folder / "sets.csv")
    write_csv(told_table(fit), folder / "unknowns.csv")
    write_csv(populations_table(fit), folder / "populations.csv")
    write_csv(observation_table(fit), folder / "observations.csv")
    write_csv(panel_table(fit), folder / "predictions.csv")
    if fit.agreement.reproduces:
        write_plan(fit, folder)
    if report:
        _write_report(fit, folder, manifest)
    (folder / ACCOUNT).write_text(account(fit) + "\n", encoding="utf-8")
    write_json(numbers(fit) | {"plan": PLAN if fit.agreement.reproduces else None}, folder / FIT)


def _write_report(fit: Fit, folder: Path, manifest: dict[str, Any]) -> None:
    from experiments.figures.saving import save
    from experiments.fitting.figures import draw
    from experiments.fitting.report import report_page, source

    pictures = draw(fit, source(fit, manifest))
    (folder / "figures").mkdir()
    for picture in pictures:
        save(picture, folder / "figures")
    (folder / REPORT).write_text(report_page(fit, pictures, manifest), encoding="utf-8")


def manifest_of(fit: Fit, command: Sequence[str] | None = None) -> dict[str, Any]:
    """Return where a fit comes from: program and machine, what was fitted to what, on which seeds."""
    plan, scenario = fit.plan, fit.plan.scenario
    about = provenance(command=command)
    about["libraries"] = about["libraries"] | {"pyabc": version("pyabc"), "scikit-learn": version("scikit-learn")}
    return about | {
        "kind": "fit",
        "work": work_of(plan),
        "observations": {
            "file": Path(plan.targets.file).name, "hash": plan.targets.content_hash(),
            "number": len(plan.targets.observations), "scales": list(plan.targets.scales),
            "starts": plan.targets.starts, "months": list(plan.targets.months),
            "errors_assumed": plan.targets.assumed_errors,
        },
        "scenarios": {scenario.name: describe_scenario(scenario.changed(route=Route()))},
        "routes": {scenario.route.name: describe_route(scenario.route)},
        "first_seed": plan.first_seed,
        "runs": fit.simulations,
    }  # fmt: skip


def sets_table(fit: Fit) -> pl.DataFrame:
    """Return the plausible sets, the heaviest first: weight, distance, and every unknown on the model's scale."""
    last = fit.last
    columns = {"weight": last.weights, "distance": last.distances}
    columns |= {prior.name: last.values[:, k] for k, prior in enumerate(fit.plan.chosen.free)}
    return pl.DataFrame(columns).sort("weight", "distance", descending=[True, False])


def told_table(fit: Fit) -> pl.DataFrame:
    """Return every unknown before and after, with its verdict and what it is."""
    return pl.DataFrame([asdict(one) | {"meaning": meaning(one)} for one in fit.told])


def populations_table(fit: Fit) -> pl.DataFrame:
    """Return how the populations came nearer."""
    return pl.DataFrame(numbers(fit)["populations"])
