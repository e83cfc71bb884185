"""Write what was found into a folder: tables, figures, report; the manifest with the hash of every file last."""

import os
import shutil
from dataclasses import asdict
from pathlib import Path
from typing import Any

from experiments.claims.answer import Answer
from experiments.claims.commands import command_of, precise_command
from experiments.claims.finding import Finding
from experiments.claims.plan import ClaimsPlan
from experiments.claims.run import RUNS
from experiments.claims.tables import claims_table, dictionary, points_table, structures_table
from experiments.claims.wording import sentence, verdict_words
from experiments.manifest import MANIFEST, read_manifest, write_manifest
from experiments.output_folder import usable
from experiments.provenance import provenance
from experiments.store import write_csv, write_json, write_parquet
from experiments.sweep_work import changes

NEW = "new.tmp"
KIND = "claims"
FILES = (
    "claims.csv", "claims.parquet", "claims.json", "structures.csv", "points.csv", "points.parquet", "dictionary.csv",
    "figures", "report.html",
)  # fmt: skip


def check_folder(out: Path | str, plan: ClaimsPlan | None = None) -> Path:
    """Return a folder's own path. Raises OutputError where other claims, by their plan, or other things are there."""

    def differs(folder: Path) -> list[str] | None:
        manifest = read_manifest(folder)
        if manifest is not None and manifest.get("kind") == KIND:
            return [] if plan is None else changes(_asked_of(manifest), _asked(plan))
        return [] if any((folder / RUNS).glob("defaults-*/sweep.json")) else None

    return usable(out, KIND, differs, leftovers=(RUNS, NEW))


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
        "kind": KIND,
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
    write_json(as_data(answer), folder / "claims.json")
    write_csv(structures_table(findings), folder / "structures.csv")
    write_csv(points, folder / "points.csv")
    write_parquet(points, folder / "points.parquet")
    write_csv(dictionary(answer), folder / "dictionary.csv")
    if not report:
        return
    from experiments.claims.figures import draw_figures
    from experiments.claims.report import report_page
    from experiments.figures.saving import save

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


def as_data(answer: Answer) -> dict[str, Any]:
    """Return findings as plain data, each with what is told of it."""
    return {"about": answer.about, "claims": [plain(finding) for finding in answer.findings]}


def names(answer: Answer) -> list[str]:
    """Return the names of the claims."""
    return [finding.name for finding in answer.findings]


def plain(finding: Finding) -> dict[str, Any]:
    """Return a finding as plain data, with what is told of it."""
    return asdict(finding) | {"verdict": verdict_words(finding), "sentence": sentence(finding)}
