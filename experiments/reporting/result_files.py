"""Every file of a finished map, analysis, fit or set of claims, written into its folder."""

import json
import os
import shutil
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

import polars as pl

from experiments.calibration.plausible_sets import PLAN, Fit, differences, work_of, write_plan
from experiments.claims import RUNS, Answer, ClaimFinding, ClaimsPlan
from experiments.export import summary, write_csv, write_json, write_parquet
from experiments.manifest import (
    MANIFEST,
    describe_route,
    describe_scenario,
    engine,
    faults,
    provenance,
    read_manifest,
    write_manifest,
)
from experiments.output_folder import LOCK, Workplace, usable, write_whole
from experiments.reporting.calibration import meaning, observation_table, panel_table
from experiments.reporting.claims import command_of, precise_command, sentence
from experiments.reporting.phrases import verdict_words, when
from experiments.reporting.route_map import axis_title, lines, pairs_words
from experiments.reporting.tables import claims_table, dictionary, points, points_table, structures_table, tables
from experiments.reporting.terminal import fit_account, numbers
from experiments.results import Results
from experiments.route_map import TABLE, MapPlan, RouteMap, rule_of
from experiments.sensitivity import data
from experiments.sensitivity.analysis import Analysis
from experiments.sensitivity.data import Question
from experiments.work import changes
from simulation.outcomes import shown
from simulation.parameters import BY_NAME
from simulation.run import outcomes, simulate
from simulation.scenario import Route, Scenario

ANALYSIS_KIND = "analysis"


def analysis_work(results: Results, question: Question, halves: int) -> dict[str, Any]:
    """Return what decides an analysis, as far as people tell analyses apart by it; its sweep may have gone on since."""
    return {
        "kind": ANALYSIS_KIND,
        "sweep": results.work.content_hash(),
        "question": data.plain(question),
        "halves": halves,
    }


def analysis_differences(held: dict[str, Any], work: dict[str, Any]) -> list[str]:
    """Say in what the analysis of a manifest differs from another."""
    sweep = held.get("sweep") or {}
    of = [] if sweep.get("hash") == work["sweep"] else [f"it is of another sweep ({sweep.get('title') or 'untitled'})"]
    keys = ("question", "halves")
    return of + changes({key: held.get(key) for key in keys}, {key: work[key] for key in keys})


def write_analysis(analysis: Analysis, folder: Path, *, report: bool = True) -> None:
    """Write the tables into a folder, and figures and report if asked. Raises OSError."""
    for name, table in tables(analysis).items():
        write_csv(table, folder / f"{name}.csv")
    write_parquet(points(analysis), folder / "points.parquet")
    if not report:
        return
    from experiments.reporting.figures.sensitivity import draw_figures
    from experiments.reporting.figures.sheet import save
    from experiments.reporting.sensitivity import report_page

    pictures = draw_figures(analysis)
    (folder / "figures").mkdir()
    for picture in pictures:
        save(picture, folder / "figures")
    (folder / "report.html").write_text(report_page(analysis, pictures), encoding="utf-8")


def analysis_data(analysis: Analysis) -> dict[str, Any]:
    """Return all tables and where they come from, as plain data; numbers are in the model's scale."""
    basis = analysis.basis
    return {
        "basis": {"runs": basis.runs, "done": basis.done, "failed": basis.failed, "running": basis.running},
        **{name: table.to_dicts() for name, table in tables(analysis).items()},
        "notes": list(analysis.notes),
        "manifest": analysis.manifest,
    }


# Write what was found into a folder: tables, figures, report; the manifest with the hash of every file last.


NEW = "new.tmp"
CLAIMS_KIND = "claims"
FILES = (
    "claims.csv", "claims.parquet", "claims.json", "structures.csv", "points.csv", "points.parquet", "dictionary.csv",
    "figures", "report.html",
)  # fmt: skip


def check_folder(out: Path | str, plan: ClaimsPlan | None = None) -> Path:
    """Return a folder's own path. Raises OutputError where other claims, by their plan, or other things are there."""

    def differs(folder: Path) -> list[str] | None:
        manifest = read_manifest(folder)
        if manifest is not None and manifest.get("kind") == CLAIMS_KIND:
            return [] if plan is None else changes(_asked_of(manifest), _asked(plan))
        return [] if any((folder / RUNS).glob("defaults-*/sweep.json")) else None

    return usable(out, CLAIMS_KIND, differs, leftovers=(RUNS, NEW))


def _asked(plan: ClaimsPlan) -> dict[str, Any]:
    """Return what decides a folder's claims; its runs are compared with their plans one by one."""
    asked = {name: getattr(plan, name) for name in ("structure_seeds", "points", "point_seeds", "first_seed")}
    looks = {"precision": plan.precision, "looks": list(plan.looks)} if plan.precision is not None else {}
    return {"claims": [claim.name for claim in plan.claims]} | asked | (looks or {"seeds": plan.seeds})


def _asked_of(manifest: dict[str, Any]) -> dict[str, Any]:
    about = manifest.get("about") or {}
    stopping = about.get("stopping")
    asked = {name: about.get(name) for name in ("structure_seeds", "points", "point_seeds", "first_seed")}
    looks = {"precision": stopping.get("precision"), "looks": stopping.get("planned")} if stopping else {}
    return {"claims": manifest.get("claims")} | asked | (looks or {"seeds": about.get("seeds")})


def write_answer(answer: Answer, out: Path, *, report: bool = True) -> dict[str, Any]:
    """Write everything and return the manifest. Raises OSError; a folder without a manifest is not whole."""
    about = answer.about
    every = about["claims"] == about["all_claims"]
    manifest = provenance(command=precise_command(about, () if every else names(answer)).split()) | {
        "kind": CLAIMS_KIND,
        "claims": names(answer),
        "replicates": about["seeds"],
        "seeds": {"first": about["first_seed"], "last": about["first_seed"] + about["seeds"] - 1},
        "about": about,
        "notes": list(answer.notes),
    }
    new = out / NEW
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir(parents=True)
    _write(answer, new, manifest, report=report)
    (out / MANIFEST).unlink(missing_ok=True)
    for name in FILES:
        _put_in_place(new / name, out / name)
    new.rmdir()
    write_manifest(out, manifest, foreign=[path.name for path in out.iterdir() if path.name not in FILES])
    return manifest


def _put_in_place(new: Path, old: Path) -> None:
    """Let a new file or folder stand where an old one did, or nothing where there is no new one."""
    if old.is_dir():
        shutil.rmtree(old)
    else:
        old.unlink(missing_ok=True)
    if new.exists():
        os.replace(new, old)


def _write(answer: Answer, folder: Path, manifest: dict[str, Any], *, report: bool) -> None:
    findings, about = answer.findings, answer.about
    claims = claims_table(findings, {name: command_of(about, [name]) for name in names(answer)})
    points = points_table(answer)
    write_csv(claims, folder / "claims.csv")
    write_parquet(claims, folder / "claims.parquet")
    write_json(answer_data(answer), folder / "claims.json")
    write_csv(structures_table(findings), folder / "structures.csv")
    write_csv(points, folder / "points.csv")
    write_parquet(points, folder / "points.parquet")
    write_csv(dictionary(answer), folder / "dictionary.csv")
    if not report:
        return
    from experiments.reporting.claims import report_page
    from experiments.reporting.figures.claims import draw_figures
    from experiments.reporting.figures.sheet import save

    pictures = draw_figures(findings, source_words(about, manifest))
    (folder / "figures").mkdir()
    for picture in pictures:
        save(picture, folder / "figures")
    (folder / "report.html").write_text(report_page(findings, about, manifest, pictures), encoding="utf-8")


def source_words(about: dict[str, Any], manifest: dict[str, Any]) -> str:
    """Return where a figure comes from, in a line."""
    first, last = manifest["seeds"]["first"], manifest["seeds"]["last"]
    commit = manifest.get("commit") or ""
    return (
        f"{about['seeds']} paired seeds {first}\u2013{last}, {about['points']} points with {about['point_seeds']} "
        f"seeds, behaviours {manifest['version']}" + (f" ({commit[:7]})" if commit else "")
    )


def answer_data(answer: Answer) -> dict[str, Any]:
    """Return findings as plain data, each with what is told of it."""
    return {"about": answer.about, "claims": [plain(finding) for finding in answer.findings]}


def names(answer: Answer) -> list[str]:
    """Return the names of the claims."""
    return [finding.name for finding in answer.findings]


def plain(finding: ClaimFinding) -> dict[str, Any]:
    """Return a finding as plain data, with what is told of it."""
    return asdict(finding) | {"verdict": verdict_words(finding), "sentence": sentence(finding)}


# Write a fit as files that anything can open: plausible sets, tables, a plan to go on with, figures, a report.


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
        _write_fit_report(fit, folder, manifest)
    (folder / ACCOUNT).write_text(fit_account(fit) + "\n", encoding="utf-8")
    write_json(numbers(fit) | {"plan": PLAN if fit.agreement.reproduces else None}, folder / FIT)


def _write_fit_report(fit: Fit, folder: Path, manifest: dict[str, Any]) -> None:
    from experiments.reporting.calibration import report_page, source
    from experiments.reporting.figures.calibration import draw
    from experiments.reporting.figures.sheet import save

    pictures = draw(fit, source(fit, manifest))
    (folder / "figures").mkdir()
    for picture in pictures:
        save(picture, folder / "figures")
    (folder / REPORT).write_text(report_page(fit, pictures, manifest), encoding="utf-8")


def fit_manifest(fit: Fit, command: Sequence[str] | None = None) -> dict[str, Any]:
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


# Tell what an output folder holds: another fit, this one finished, or this one begun.


def fit_differences(held: dict[str, Any], work: dict[str, Any]) -> list[str]:
    """Say in what the fit of a manifest, or one that was begun, differs from another."""
    return differences(held.get("work") or held, work)


def finished(workplace: Workplace, *, report: bool) -> dict[str, Any] | None:
    """Return the numbers of a fit that is finished and whole, its report included if asked; else None."""
    out = workplace.out
    if read_manifest(out) is None or faults(out) or (report and not (out / REPORT).is_file()):
        return None
    found: dict[str, Any] = json.loads((out / FIT).read_text(encoding="utf-8"))
    return found


# Write a finished map: table, data dictionary, figures, report, and the manifest last.


CSV, DICTIONARY, LINES = "map.csv", "dictionary.csv", "break-even.json"


def write_map(found: RouteMap, folder: Path, *, report: bool = True, command: Sequence[str] | None = None) -> None:
    """Write every file of a map into its folder, each whole, the manifest last. Raises OSError."""
    write_whole(folder / TABLE, lambda path: write_parquet(found.cells, path))
    write_whole(folder / CSV, lambda path: write_csv(found.cells, path))
    write_whole(folder / DICTIONARY, lambda path: write_csv(data_dictionary(found.plan), path))
    write_whole(folder / LINES, lambda path: write_json(lines(found), path))
    manifest = map_manifest(found, command)
    if report:
        _write_map_report(RouteMap(found.plan, found.cells, found.contours, manifest), folder)
    write_manifest(folder, manifest, foreign=[LOCK])


def _write_map_report(found: RouteMap, folder: Path) -> None:
    from experiments.reporting.figures.route_map import draw_route_map as draw
    from experiments.reporting.figures.sheet import save
    from experiments.reporting.route_map import report_page

    pictures = draw(found)
    (folder / "figures").mkdir(exist_ok=True)
    for picture in pictures:
        save(picture, folder / "figures")
    page = report_page(found, pictures)
    write_whole(folder / "report.html", lambda path: path.write_text(page, encoding="utf-8"))


def map_manifest(found: RouteMap, command: Sequence[str] | None = None) -> dict[str, Any]:
    """Return where a map comes from: program and machine, what was mapped, by which rule, on which seeds."""
    plan, rule = found.plan, rule_of(found.plan)
    what = plan.arms[0].what
    most = found.pairs[1]
    return provenance(command=command) | {
        "kind": "map",
        "complete": found.finished,
        "plan": plan.content_hash(),
        "scenarios": {plan.arms[0].scenario: describe_scenario(what.changed(route=Route()))},
        "routes": {arm.route: describe_route(arm.what.route) for arm in plan.arms},
        "axes": {"x": plan.x.name, "y": plan.y.name},
        "outcome": plan.outcome,
        "read_at": when(plan),
        "rule": {
            "looks": list(plan.looks), "confidence_of_each_look": rule.confidence, "matters": rule.matters,
            "precision": rule.precision,
        },
        "seeds": {"first": plan.first_seed, "last": plan.first_seed + most - 1},
        "replicates": f"{pairs_words(found)} pairs a cell",
        "runs": found.runs,
        "failed": int(found.cells["failed"].sum()),
    }  # fmt: skip


def data_dictionary(plan: MapPlan) -> pl.DataFrame:
    """Return column, unit and meaning of every column of the table."""
    how, (first, second) = shown(plan.outcome), plan.routes
    unit = {10: "0-1", 100: "share"}.get(int(how.factor), how.unit or "number")
    what = f"{how.title}, at {when(plan)}"
    rows = [(key, _unit(factor.name), axis_title(factor)) for key, factor in (("x", plan.x), ("y", plan.y))]
    rows += [
        ("difference", unit, f"{what}: mean paired difference, {first} minus {second}, on the same seeds"),
        (
            "low",
            unit,
            "lower end of the difference's interval, which holds at 95% however often the cell was looked at",
        ),
        ("high", unit, "upper end of the difference's interval"),
        ("half_width", unit, "half the interval's width"),
        ("replicates", "number", "pairs of runs, one with each route on the same seed"),
        ("verdict", "words", f"what the interval allows to be said; first is {first}, second is {second}"),
        ("stopped", "words", "why the cell got no more runs"),
    ]
    for side, route in (("first", first), ("second", second)):
        rows += [
            (f"{side}_median", unit, f"{what}, with {route}: the middle run"),
            (f"{side}_low", unit, f"with {route}: nine runs in ten end above this or below {side}_high, 5%"),
            (f"{side}_high", unit, f"with {route}: upper end of the band in which nine runs in ten end, 95%"),
            (f"{side}_mean", unit, f"with {route}: mean over runs"),
            (f"{side}_practice", "0-1", f"mean practice at {when(plan)} with {route}: the middle run"),
        ]
    rows.append(("failed", "number", "runs that failed; a cell with one has no difference"))
    return pl.DataFrame(rows, schema=["column", "unit", "meaning"], orient="row")


def _unit(name: str) -> str:
    return BY_NAME[name].unit if name in BY_NAME else "as in the scenario"


# Run a scenario once and keep what it showed: one seed is one story, not a finding.


@dataclass(frozen=True)
class Run:
    """What one run showed: outcomes at its end, and a table with a row a programme month (0: before the first)."""

    scenario: Scenario
    seed: int
    outcomes: dict[str, float]
    months: pl.DataFrame
    manifest: dict[str, Any] = field(default_factory=dict)


def run_once(scenario: Scenario, seed: int = 0, *, command: Sequence[str] | None = None) -> Run:
    """Run a scenario on a seed to its end. Raises ValueError for a negative seed.

    >>> found = run_once(Scenario(months=12), seed=1)
    >>> found.months.shape[0]
    13
    """
    trajectory = simulate(scenario, seed)
    described = {
        "scenarios": {scenario.name: describe_scenario(scenario)},
        "routes": {scenario.route.name: describe_route(scenario.route)},
    }
    manifest = provenance(command=command) | run_work(scenario, seed) | described
    return Run(scenario, seed, outcomes(trajectory), trajectory.to_polars(), manifest)


def run_work(scenario: Scenario, seed: int) -> dict[str, Any]:
    """Return what decides a run, as far as people tell runs apart by it."""
    return {
        "kind": "run",
        "model": engine(),
        "seeds": {"first": seed, "last": seed},
        "replicates": 1,
        "scenarios": {scenario.name: {"hash": scenario.content_hash(), "months": scenario.months}},
        "routes": {scenario.route.name: {"hash": scenario.route.content_hash()}},
    }


def write_run(found: Run, folder: Path) -> None:
    """Write a run's tables into a folder. Raises OSError."""
    keys = {"scenario": found.scenario.name, "route": found.scenario.route.name, "seed": found.seed}
    row = keys | {"under_pressure": found.scenario.pressure.name, "months": found.scenario.months}
    names = [pl.lit(value).alias(name) for name, value in keys.items()]
    write_parquet(pl.DataFrame([row | found.outcomes]), folder / "runs.parquet")
    write_parquet(found.months.select(*names, pl.all()), folder / "months.parquet")
    levels = [
        {"scenario": keys["scenario"], "route": keys["route"], "outcome": outcome}
        | dict.fromkeys(("median", "low", "high", "mean"), value)
        | {"replicates": 1}
        for outcome, value in found.outcomes.items()
    ]
    write_csv(summary(pl.DataFrame(levels)), folder / "summary.csv")
    content = found.scenario.model_dump(mode="json", by_alias=True)
    write_json({found.scenario.name: content}, folder / "scenarios.json")
