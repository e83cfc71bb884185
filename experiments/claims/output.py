"""Write what was found into a folder: tables, figures, report; the manifest with the hash of every file last."""

import os
import shutil
from dataclasses import asdict
from pathlib import Path
from typing import Any

from experiments.claims.answer import Answer
from experiments.claims.commands import command_of, precise_command
from experiments.claims.finding import Finding
from experiments.claims.run import RUNS
from experiments.claims.tables import claims_table, dictionary, points_table, structures_table
from experiments.claims.wording import sentence, verdict_words
from experiments.manifest import MANIFEST, read_manifest, write_manifest
from experiments.provenance import provenance
from experiments.store import write_csv, write_json, write_parquet
from experiments.sweep_files import LOCK, SweepError

NEW = "new.tmp"
KIND = "claims"
FILES = (
    "claims.csv", "claims.parquet", "claims.json", "structures.csv", "points.csv", "points.parquet", "dictionary.csv",
    "figures", "report.html",
)  # fmt: skip


def check_folder(out: Path) -> None:
    """Refuse a folder of other things. Raises SweepError."""
    if out.exists() and not out.is_dir():
        msg = f"--out: {out} is a file, and results are a folder"
        raise SweepError(msg)
    manifest = read_manifest(out)
    ours = manifest is not None and manifest.get("kind") == KIND
    begun = any((out / RUNS).glob("defaults-*/sweep.json"))
    held = {path.name for path in out.iterdir()} - {RUNS, LOCK, NEW} if out.is_dir() else set()
    if held and not ours and not begun:
        msg = f"--out: {out} holds other files, and no claims; name an empty or a new folder"
        raise SweepError(msg)


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
    write_manifest(out, manifest, foreign=[path for path in out.iterdir() if path.name not in FILES])
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
